//! What can go wrong around the simulated cloud; refusals of the cloud itself are answers.

use std::{net::SocketAddr, path::PathBuf};

use msp365_core::{ErrorKind, TransportError};

/// Why the simulated cloud could not be started or walked through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The certificates of HTTPS cannot be made.
    #[error("cannot make certificates")]
    Certificates {
        /// What the crypto library says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The root certificate cannot be written to its file.
    #[error("cannot write the root certificate `{}`", path.display())]
    WriteRoot {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The server ended with an error.
    #[error("the simulated cloud stopped serving")]
    Serve {
        /// What went wrong.
        #[source]
        source: std::io::Error,
    },
    /// The task that serves was ended from outside.
    #[error("the simulated cloud was ended")]
    Ended {
        /// How it ended.
        #[source]
        source: tokio::task::JoinError,
    },
    /// A sign-in page could not be asked for.
    #[error("cannot open the sign-in page")]
    OpenPage {
        /// What went wrong.
        #[source]
        source: TransportError,
    },
    /// An address on the way through sign-in is none.
    #[error("`{given}` is not an address of a sign-in page")]
    Address {
        /// The address, without its query.
        given: String,
    },
    /// A sign-in page refuses.
    #[error("sign-in was refused: {text}")]
    Refused {
        /// What the page says.
        text: String,
    },
    /// There is no script of this id.
    #[error("there is no fault `{given}`; known are {}", known.join(", "))]
    UnknownFault {
        /// What was asked for.
        given: String,
        /// The ids there are.
        known: Vec<&'static str>,
    },
    /// There were more pages than a sign-in has.
    #[error("sign-in did not come to an end")]
    Endless,
}

impl Error {
    /// What it means to a caller.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Listen { .. } | Self::Serve { .. } | Self::Ended { .. } => ErrorKind::Unavailable,
            Self::Certificates { .. } | Self::WriteRoot { .. } => ErrorKind::Other,
            Self::OpenPage { source } => source.kind(),
            Self::Address { .. } | Self::UnknownFault { .. } => ErrorKind::Invalid,
            Self::Refused { .. } | Self::Endless => ErrorKind::SignIn,
        }
    }
}
