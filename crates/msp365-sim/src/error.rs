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
    /// No answer can show this fault.
    #[error("no answer shows the fault `{id}`: {reason}")]
    FaultBeyond {
        /// Its id.
        id: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// A plan of faults cannot be read.
    #[error("cannot read the fault `{entry}`: {problem}")]
    FaultPlan {
        /// The part of the plan, between its commas.
        entry: String,
        /// What is wrong with it.
        problem: PlanProblem,
    },
    /// A text is no moment of a story.
    #[error("`{given}` is no moment: `day 3`, `36h` or a date with time and offset is wanted")]
    Moment {
        /// What was given.
        given: String,
    },
    /// There were more pages than a sign-in has.
    #[error("sign-in did not come to an end")]
    Endless,
}

/// What is wrong with a part of a plan of faults.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanProblem {
    /// There is nothing between two commas.
    #[error("there is nothing")]
    Nothing,
    /// What follows `@` is no share.
    #[error("`{given}` is no share of requests such as `5%` or `0.5%`, from 0.1% to 100%")]
    Rate {
        /// What follows it.
        given: String,
    },
    /// There is no such limit.
    #[error("`{given}` is none of {}", known.join(", "))]
    Key {
        /// What was given.
        given: String,
        /// The limits there are.
        known: &'static [&'static str],
    },
    /// A limit is given twice.
    #[error("`{key}` is given twice, or beside what it contradicts")]
    Twice {
        /// The limit.
        key: String,
    },
    /// The value of a limit cannot be read.
    #[error("`{given}` is no {wanted}, as `{key}` needs")]
    Value {
        /// The limit.
        key: String,
        /// The value.
        given: String,
        /// What it should be.
        wanted: &'static str,
    },
}

impl Error {
    /// What it means to a caller.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Listen { .. } | Self::Serve { .. } | Self::Ended { .. } => ErrorKind::Unavailable,
            Self::Certificates { .. } | Self::WriteRoot { .. } => ErrorKind::Other,
            Self::OpenPage { source } => source.kind(),
            Self::Address { .. }
            | Self::UnknownFault { .. }
            | Self::Moment { .. }
            | Self::FaultBeyond { .. }
            | Self::FaultPlan { .. } => ErrorKind::Invalid,
            Self::Refused { .. } | Self::Endless => ErrorKind::SignIn,
        }
    }
}
