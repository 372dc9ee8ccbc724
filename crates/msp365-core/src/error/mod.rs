//! Error kinds shared by all crates, the errors of this one, and the error bodies of the services.

mod service;

pub use service::ServiceError;

/// What a failure means to a caller. Every error of msp365 has one of these kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The caller asked for something malformed: fix the call.
    Invalid,
    /// There is no such object.
    NotFound,
    /// It already exists, or was changed meanwhile.
    Conflict,
    /// There is no valid credential or consent of a person: sign in again.
    SignIn,
    /// The application lacks a permission in this tenant.
    Consent,
    /// There is no usable GDAP relationship, group or role.
    Relationship,
    /// Signed in and consented, but still refused.
    Denied,
    /// The tenant's plan lacks the feature.
    Unlicensed,
    /// Refused because of too many requests, after all retries.
    Throttled,
    /// The service cannot be reached or is failing, after all retries.
    Unavailable,
    /// The time limit passed.
    Timeout,
    /// A write may or may not have happened: look before repeating it.
    OutcomeUnknown,
    /// The reply has an unexpected or unsafe shape.
    Decode,
    /// The database failed.
    Storage,
    /// Anything else: see the error's source.
    Other,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::Invalid,
        Self::NotFound,
        Self::Conflict,
        Self::SignIn,
        Self::Consent,
        Self::Relationship,
        Self::Denied,
        Self::Unlicensed,
        Self::Throttled,
        Self::Unavailable,
        Self::Timeout,
        Self::OutcomeUnknown,
        Self::Decode,
        Self::Storage,
        Self::Other,
    ];

    /// The kind as written in documents: `not_found`, `sign_in`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::SignIn => "sign_in",
            Self::Consent => "consent",
            Self::Relationship => "relationship",
            Self::Denied => "denied",
            Self::Unlicensed => "unlicensed",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::Decode => "decode",
            Self::Storage => "storage",
            Self::Other => "other",
        }
    }
}

/// What can be wrong with a request or a reply, before any network is involved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A path segment that no URL can hold.
    #[error("`{operation}` cannot address `{segment}`: an id is neither empty nor made of dots")]
    Address {
        /// The operation.
        operation: &'static str,
        /// The segment.
        segment: String,
    },
    /// A header value with control characters.
    #[error("`{operation}` cannot send the header `{header}`: its value is not plain text")]
    Header {
        /// The operation.
        operation: &'static str,
        /// The name of the header.
        header: &'static str,
    },
    /// A request that the service would refuse.
    #[error("`{operation}` cannot be sent: {reason}")]
    Refused {
        /// The operation.
        operation: &'static str,
        /// Why not.
        reason: std::borrow::Cow<'static, str>,
    },
    /// A cursor that leads away from the service it came from.
    #[error("`{operation}` was given a page link to another place; it was not followed")]
    ForeignCursor {
        /// The operation.
        operation: &'static str,
    },
    /// A stored text that is not a cursor.
    #[error("the stored page cursor cannot be read")]
    Cursor,
    /// The service refused.
    #[error("`{operation}` was refused: {error}")]
    Service {
        /// The operation.
        operation: &'static str,
        /// What the service said.
        error: Box<ServiceError>,
    },
    /// A reply that does not have the expected shape.
    #[error("reply of `{operation}` has an unexpected shape at `{at}`")]
    Decode {
        /// The operation.
        operation: &'static str,
        /// The JSON path of the first thing that does not fit.
        at: String,
        /// What the decoder says about it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A batch that cannot be sent as one.
    #[error("`{operation}` cannot go into this batch: {reason}")]
    Batch {
        /// The operation.
        operation: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// A batch answer that lacks an entry that was asked for.
    #[error("the batch answer lacks `{operation}`")]
    Unanswered {
        /// The operation.
        operation: &'static str,
    },
}

impl Error {
    /// What it means to a caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Address { .. } | Self::Header { .. } | Self::Refused { .. } | Self::Batch { .. } => {
                ErrorKind::Invalid
            }
            Self::ForeignCursor { .. } | Self::Cursor | Self::Decode { .. } => ErrorKind::Decode,
            Self::Unanswered { .. } => ErrorKind::OutcomeUnknown,
            Self::Service { error, .. } => error.kind(),
        }
    }

    /// Whether the reply's body was empty, cut short or not JSON, so that asking again may bring a whole one.
    pub fn is_garbled(&self) -> bool {
        let Self::Decode { source, .. } = self else {
            return false;
        };
        source
            .downcast_ref::<serde_json::Error>()
            .is_some_and(|problem| problem.is_eof() || problem.is_syntax())
    }

    /// What the service said, if the service refused.
    pub fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Service { error, .. } => Some(error),
            _ => None,
        }
    }
}
