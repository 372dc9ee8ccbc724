//! What can go wrong when a request is sent.

use std::{error::Error as StdError, fmt, sync::Arc, time::Duration};

use jiff::Timestamp;
use msp365_core::{ErrorKind, ServiceError, TenantId, TokenError, TransportError};
use uuid::Uuid;

/// What was tried before something went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trail {
    /// The operation, `resource.verb`.
    pub operation: &'static str,
    /// The tenant.
    pub tenant: TenantId,
    /// How often the request was sent.
    pub attempts: u32,
    /// How long it took, including waits.
    pub elapsed: Duration,
    /// Our own id of the last attempt, which the service's support can look for.
    pub client_request_id: Option<Uuid>,
}

impl Trail {
    pub(crate) const fn unsent(operation: &'static str, tenant: TenantId) -> Self {
        Self {
            operation,
            tenant,
            attempts: 0,
            elapsed: Duration::ZERO,
            client_request_id: None,
        }
    }
}

impl fmt::Display for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` in tenant `{}`", self.operation, self.tenant)
    }
}

/// Why there is no usable answer to a request.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The builder was given no source of randomness.
    #[error("a client needs a source of randomness")]
    NoRandom,
    /// The builder was given a user agent that no header can hold.
    #[error("the user agent is not plain text")]
    UserAgent,
    /// The HTTP library could not be set up.
    #[error("the network cannot be used")]
    StartTransport(#[source] Box<dyn StdError + Send + Sync>),
    /// A text that should hold root certificates has none that can be read.
    #[error("the root certificate cannot be read")]
    RootCertificate(#[source] Option<Box<dyn StdError + Send + Sync>>),
    /// There is no token to send the request with.
    #[error("{trail} has no token")]
    Token {
        /// What was tried.
        trail: Box<Trail>,
        /// Why there is none.
        source: Box<TokenError>,
    },
    /// No answer came, and nothing was changed by asking.
    #[error("{trail} got no answer")]
    Transport {
        /// What was tried.
        trail: Box<Trail>,
        /// The last failure.
        source: Box<TransportError>,
    },
    /// The service refused, or its answer cannot be read.
    #[error("{trail} got no usable answer")]
    Answer {
        /// What was tried.
        trail: Box<Trail>,
        /// What the service said, or what is wrong with its answer.
        source: msp365_core::Error,
    },
    /// A request that cannot be sent, or a batch answer that cannot be read.
    #[error(transparent)]
    Core(#[from] msp365_core::Error),
    /// The service refuses due to load, and waiting longer would pass the deadline or the number of attempts.
    #[error("{trail} is refused for load")]
    Throttled {
        /// What was tried.
        trail: Box<Trail>,
        /// When the service takes requests again, if it said so.
        retry_at: Option<Timestamp>,
        /// What the service said, if it was asked.
        #[source]
        source: Option<Box<ServiceError>>,
    },
    /// The deadline passed, or would pass before the next attempt.
    #[error("{trail} ran out of time")]
    Deadline {
        /// What was tried.
        trail: Box<Trail>,
        /// When the next attempt would have been made.
        retry_at: Option<Timestamp>,
        /// How the last attempt ended.
        #[source]
        source: Option<Box<Self>>,
    },
    /// This resource of this tenant has failed so often that it is left alone for a while.
    #[error("{trail} has failed too often of late")]
    CircuitOpen {
        /// What was tried.
        trail: Box<Trail>,
        /// When it is tried again.
        retry_at: Timestamp,
    },
    /// A write was sent, its answer was lost, and nothing tells whether it happened.
    #[error("{trail} may or may not have happened")]
    OutcomeUnknown {
        /// What was tried.
        trail: Box<Trail>,
        /// How the last attempt ended.
        #[source]
        source: Option<Box<Self>>,
    },
    /// A check found that the write happened, but the value in its answer was lost.
    #[error("{trail} happened, but its answer was lost")]
    ValueLost {
        /// What was tried.
        trail: Box<Trail>,
    },
    /// The pages of a listing lead in a circle, or go on without rows.
    #[error("`{operation}` in tenant `{tenant}` pages in a circle")]
    PagingLoop {
        /// The operation.
        operation: &'static str,
        /// The tenant.
        tenant: TenantId,
    },
    /// A listing has more pages than is credible.
    #[error("`{operation}` in tenant `{tenant}` has more than {limit} pages")]
    TooManyPages {
        /// The operation.
        operation: &'static str,
        /// The tenant.
        tenant: TenantId,
        /// The limit.
        limit: u32,
    },
    /// A link or redirect that must not be followed.
    #[error("`{operation}` was given a link that is not followed: {reason}")]
    UnsafeLink {
        /// The operation.
        operation: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The round trip that was to carry this batch entry failed.
    #[error("`{operation}` was not answered, as its batch failed")]
    Batch {
        /// The operation.
        operation: &'static str,
        /// How the round trip ended.
        source: Arc<Self>,
    },
}

impl Error {
    /// What it means to a caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NoRandom | Self::UserAgent | Self::RootCertificate(_) => ErrorKind::Invalid,
            Self::StartTransport(_) => ErrorKind::Other,
            Self::Token { source, .. } => source.kind,
            Self::Transport { source, .. } => source.kind(),
            Self::Answer { source, .. } | Self::Core(source) => source.kind(),
            Self::Throttled { .. } => ErrorKind::Throttled,
            Self::Deadline { .. } => ErrorKind::Timeout,
            Self::CircuitOpen { .. } => ErrorKind::Unavailable,
            Self::OutcomeUnknown { .. } | Self::ValueLost { .. } => ErrorKind::OutcomeUnknown,
            Self::PagingLoop { .. } | Self::TooManyPages { .. } | Self::UnsafeLink { .. } => {
                ErrorKind::Decode
            }
            Self::Batch { source, .. } => source.kind(),
        }
    }

    /// Whether the answer was empty, cut short or not JSON, so that asking again may bring a whole one.
    pub(crate) fn is_garbled(&self) -> bool {
        matches!(self, Self::Answer { source, .. } if source.is_garbled())
    }

    /// What the service said, if it said anything.
    pub fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Answer { source, .. } | Self::Core(source) => source.service(),
            Self::Throttled { source, .. } => source.as_deref(),
            Self::Deadline { source, .. } | Self::OutcomeUnknown { source, .. } => source.as_ref()?.service(),
            Self::Batch { source, .. } => source.service(),
            _ => None,
        }
    }

    /// What failed, on one line: in the words of the service or the token error, if it was one of them; otherwise this
    /// error with its first cause.
    pub fn words(&self) -> String {
        if let Some(token) = self.token() {
            let words = format!("{} ({})", token.message, token.code);
            return match token.source.as_deref() {
                Some(cause) => format!("{words}: {}", in_words(cause)),
                None => words,
            };
        }
        self.service().map_or_else(|| in_words(self), ToString::to_string)
    }

    /// Why there is no token, if that is what went wrong.
    pub fn token(&self) -> Option<&TokenError> {
        match self {
            Self::Token { source, .. } => Some(source),
            Self::Deadline { source, .. } | Self::OutcomeUnknown { source, .. } => source.as_ref()?.token(),
            Self::Batch { source, .. } => source.token(),
            _ => None,
        }
    }

    /// What to do about it, if there is no token.
    pub fn remedy(&self) -> Option<&str> {
        self.token()
            .map(|error| error.remedy.as_str())
            .filter(|remedy| !remedy.is_empty())
    }

    /// When the request may be sent again, if that is known.
    pub fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::Throttled { retry_at, .. } | Self::Deadline { retry_at, .. } => *retry_at,
            Self::CircuitOpen { retry_at, .. } => Some(*retry_at),
            Self::Batch { source, .. } => source.retry_at(),
            _ => None,
        }
    }

    /// What was tried: tenant, operation, attempts, time and request id.
    pub fn trail(&self) -> Option<&Trail> {
        match self {
            Self::Token { trail, .. }
            | Self::Transport { trail, .. }
            | Self::Answer { trail, .. }
            | Self::Throttled { trail, .. }
            | Self::Deadline { trail, .. }
            | Self::CircuitOpen { trail, .. }
            | Self::OutcomeUnknown { trail, .. }
            | Self::ValueLost { trail } => Some(trail),
            Self::Batch { source, .. } => source.trail(),
            _ => None,
        }
    }
}

/// An error on one line: its own message, that of its immediate source, and that of the first cause.
pub fn in_words(error: &(dyn StdError + 'static)) -> String {
    let mut words = vec![error.to_string()];
    let mut last = None;
    let mut cause = error.source();
    while let Some(inner) = cause {
        last = Some(inner.to_string());
        if words.len() < 2 {
            words.extend(last.clone());
        }
        cause = inner.source();
    }
    words.extend(last.filter(|last| !words.contains(last)));
    words.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_small() {
        assert!(size_of::<Error>() <= 128, "{}", size_of::<Error>());
    }

    #[test]
    fn the_remedy_is_that_of_the_token() {
        let tenant = TenantId::new(Uuid::nil());
        let source = TokenError::new(
            ErrorKind::Consent,
            tenant,
            "AADSTS65001",
            "no consent in this tenant",
        )
        .remedy("consent again");

        let error = Error::Token {
            trail: Box::new(Trail::unsent("users.get", tenant)),
            source: Box::new(source),
        };

        assert_eq!(
            (error.kind(), error.remedy()),
            (ErrorKind::Consent, Some("consent again"))
        );
    }
}
