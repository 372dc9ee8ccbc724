//! What can go wrong around plans. How their steps went is no error but an [`Outcome`](crate::Outcome).

use jiff::Timestamp;
use msp365_core::ErrorKind;
use uuid::Uuid;

use crate::{Exported, Refused, SecretError, activity::Broken};

/// Why a plan could not be stored, run or recorded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The wish was refused.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The facts could not be read.
    #[error(transparent)]
    Client(#[from] msp365_client::Error),
    /// The database failed, or somebody else works on the plan.
    #[error(transparent)]
    Store(#[from] msp365_store::Error),
    /// A secret could not be sealed to the key that was given.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The plan is of another tenant than the client.
    #[error("the plan is of another tenant than it was to be run in")]
    OtherTenant,
    /// The plan waits for somebody to approve it.
    #[error("plan `{plan}` was not approved yet")]
    NotApproved {
        /// The plan.
        plan: Uuid,
    },
    /// Somebody said no.
    #[error("plan `{plan}` was refused: {reason}")]
    Disapproved {
        /// The plan.
        plan: Uuid,
        /// Why.
        reason: String,
    },
    /// The plan is not to run yet.
    #[error("plan `{plan}` is not to run before {at}")]
    TooEarly {
        /// The plan.
        plan: Uuid,
        /// When it may.
        at: Timestamp,
    },
    /// The plan is older than plans may be.
    #[error("plan `{plan}` has expired at {at}: make it anew from fresh facts")]
    Expired {
        /// The plan.
        plan: Uuid,
        /// When it did.
        at: Timestamp,
    },
    /// The plan was done or cancelled before.
    #[error("plan `{plan}` is not to run again")]
    Over {
        /// The plan.
        plan: Uuid,
    },
    /// What is stored is no plan that this version knows.
    #[error("the stored plan `{plan}` cannot be read")]
    Stored {
        /// The plan.
        plan: Uuid,
        /// What does not fit.
        #[source]
        source: serde_json::Error,
    },
    /// The store does not know the plan.
    #[error("plan `{plan}` is not in the store")]
    Unknown {
        /// The plan.
        plan: Uuid,
    },
    /// A file could not be written.
    #[error("the list could not be written")]
    Written(#[from] std::io::Error),
    /// The list was written to its end, of which the activity log could not be told.
    #[error("the list of {} rows was written, and the activity log could not be told", done.rows)]
    Unrecorded {
        /// What was written.
        done: Box<Exported>,
        /// Why the log could not be told.
        #[source]
        source: msp365_store::Error,
    },
    /// Somebody has changed the activity log.
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl Error {
    /// What it means to a caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Refused(refused) => refused.kind(),
            Self::Client(error) => error.kind(),
            Self::Store(error) => error.kind(),
            Self::Secret(_) | Self::OtherTenant => ErrorKind::Invalid,
            Self::NotApproved { .. } | Self::Disapproved { .. } => ErrorKind::Denied,
            Self::TooEarly { .. } | Self::Expired { .. } | Self::Over { .. } => ErrorKind::Conflict,
            Self::Stored { .. } | Self::Broken(_) | Self::Written(_) | Self::Unrecorded { .. } => {
                ErrorKind::Storage
            }
            Self::Unknown { .. } => ErrorKind::NotFound,
        }
    }
}
