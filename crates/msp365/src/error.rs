//! What can go wrong, in any part.

use msp365_actions::explain::{Link, LinkId};
use msp365_core::{
    ErrorKind, TokenError,
    catalogue::{self, Entry, Family},
};

/// The error of any call of the facade.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Connecting, or the sealed connection.
    #[error(transparent)]
    Auth(#[from] msp365_auth::Error),
    /// A request.
    #[error(transparent)]
    Client(#[from] msp365_client::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] msp365_store::Error),
    /// A listing, a check or a pass.
    #[error(transparent)]
    Sync(#[from] msp365_sync::Error),
    /// A plan: refused, stored, run or recorded.
    #[error(transparent)]
    Actions(#[from] msp365_actions::Error),
    /// The activity log of a store that outlives the program needs a key of its own.
    #[error("no key was given to chain the activity log with")]
    NoAuditKey,
    /// Something was done, and the activity log could not be written.
    #[error("it was done, and the activity log does not tell of it")]
    Unrecorded {
        /// Why not.
        source: msp365_store::Error,
    },
    /// A technician asked for what is the host's alone.
    #[error("this is the host's own: a technician's plans and records are asked for by tenant")]
    HostOnly,
    /// The host connected for reading only, and a plan was to be run.
    #[error("users are not changed here: it was connected to read alone")]
    ReadOnly,
    /// A plan would be refused, as the explanation says: nothing was sent.
    #[error("{}", .0.evidence)]
    WouldBeRefused(Box<Link>),
    /// Nothing was connected yet.
    #[error("not connected to a partner tenant")]
    NotConnected,
    /// A store that outlives the program needs a key to seal what it keeps.
    #[error("no vault key was given to seal the connection with")]
    NoKeys,
    /// The person who signed in proved no second factor, so Partner Center would refuse every call.
    #[error("the sign-in of `{account}` did not satisfy multi-factor authentication")]
    NoSecondFactor {
        /// The name of the account.
        account: String,
    },
    /// A stored fact that cannot be read.
    #[error("what the database says of `{name}` cannot be read")]
    Meta {
        /// Its name.
        name: &'static str,
    },
    /// The simulated cloud.
    #[cfg(feature = "sim")]
    #[error(transparent)]
    Sim(#[from] msp365_sim::Error),
}

impl Error {
    /// What it means to a caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Auth(error) => error.kind(),
            Self::Client(error) => error.kind(),
            Self::Store(error) => error.kind(),
            Self::Sync(error) => error.kind(),
            Self::Actions(error) => error.kind(),
            Self::ReadOnly => ErrorKind::Consent,
            Self::HostOnly => ErrorKind::Denied,
            Self::WouldBeRefused(link) => kind_of(link.id),
            Self::NotConnected | Self::NoSecondFactor { .. } => ErrorKind::SignIn,
            Self::NoKeys | Self::NoAuditKey | Self::Meta { .. } | Self::Unrecorded { .. } => {
                ErrorKind::Storage
            }
            #[cfg(feature = "sim")]
            Self::Sim(error) => error.kind(),
        }
    }

    /// The code the service gave, such as `AADSTS65001` or `Authorization_RequestDenied`.
    pub fn code(&self) -> Option<String> {
        let service = self
            .request()
            .and_then(msp365_client::Error::service)
            .map(|error| error.code.clone());
        service.or_else(|| self.token().map(|error| error.code.clone()))
    }

    /// What to do about it, if known.
    pub fn remedy(&self) -> Option<String> {
        match self {
            Self::NotConnected => Some("connect to the partner tenant first".to_owned()),
            Self::NoKeys => {
                Some("make one with `openssl rand -hex 32` and give it as the vault key".to_owned())
            }
            Self::Actions(msp365_actions::Error::Refused(refused)) => Some(refused.remedy.clone()),
            Self::ReadOnly => Some(
                "turn on changing users (`Builder::changing_users`, on the command line `msp365 connect --write`), \
                 sign in anew, and enrol the customers again"
                    .to_owned(),
            ),
            Self::WouldBeRefused(link) => link.remedy.clone(),
            Self::NoAuditKey => {
                Some("make one with `openssl rand -hex 32` and give it to the builder".to_owned())
            }
            Self::NoSecondFactor { .. } => Some(
                "require Microsoft's own multi-factor authentication for this account, then connect again"
                    .to_owned(),
            ),
            _ => self
                .token()
                .map(|error| error.remedy.clone())
                .filter(|remedy| !remedy.is_empty())
                .or_else(|| Some(self.entry()?.remedy.to_owned())),
        }
    }

    /// The catalogue's entry: by the service's code, otherwise by the kind. `None` for an error whose own message says
    /// everything, such as a malformed call, and for one without a kind.
    pub fn entry(&self) -> Option<&'static Entry> {
        let of_service = || catalogue::of_service(self.request()?.service()?);
        let of_token = || catalogue::find(Family::SignIn, &self.token()?.code);
        of_service()
            .or_else(of_token)
            .or_else(|| catalogue::of_kind(self.kind()).filter(|entry| !speaks_for_itself(entry.kind)))
    }

    /// What failed, with what it follows from, on one line.
    pub fn words(&self) -> String {
        match self {
            Self::Client(error) => error.words(),
            Self::Sync(error) => error.words(),
            _ => msp365_client::in_words(self),
        }
    }

    /// The service's id of the exchange, which its support asks for.
    pub fn request_id(&self) -> Option<String> {
        self.request()?.service()?.request_id.clone()
    }

    fn request(&self) -> Option<&msp365_client::Error> {
        match self {
            Self::Client(error) => Some(error),
            Self::Sync(error) => error.request(),
            _ => None,
        }
    }

    fn token(&self) -> Option<&TokenError> {
        match self {
            Self::Auth(error) => error.token(),
            _ => self.request()?.token(),
        }
    }
}

/// What a broken link of an explanation means to a caller.
const fn kind_of(link: LinkId) -> ErrorKind {
    match link {
        LinkId::SignIn => ErrorKind::SignIn,
        LinkId::Consent => ErrorKind::Consent,
        LinkId::Relationship => ErrorKind::Relationship,
        LinkId::Target => ErrorKind::NotFound,
        _ => ErrorKind::Denied,
    }
}

const fn speaks_for_itself(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Invalid | ErrorKind::NotFound | ErrorKind::Storage | ErrorKind::Other
    )
}
