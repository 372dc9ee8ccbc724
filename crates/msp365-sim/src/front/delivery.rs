//! What reaches a client in the end: an answer, a part of one, or none.

use std::time::Duration;

use bytes::Bytes;
use msp365_core::{Reply, TransportError};

/// The most that clients of this project take; an answer beyond it is only told, not made, in process.
pub(crate) const LARGEST_ANSWER: usize = 64 << 20;

/// How an exchange ends.
#[derive(Debug, Clone)]
pub(crate) enum Delivery {
    /// The answer arrives.
    Whole(Reply),
    /// There never was a connection.
    NotSent,
    /// The connection ends before the first byte of the answer.
    Lost,
    /// The connection ends after so many bytes of the body.
    Cut(Reply, usize),
    /// Nothing comes, for so long.
    Silent(Duration),
    /// An answer of so many bytes.
    Vast(Reply, usize),
}

/// What a transport says of a connection that faults broke.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Broken(&'static str);

impl Delivery {
    /// As a transport reports it.
    pub(crate) fn into_result(self, host: &str) -> Result<Reply, TransportError> {
        let host = host.to_owned();
        match self {
            Self::Whole(reply) => Ok(reply),
            Self::NotSent => Err(TransportError::NotSent {
                host,
                source: Box::new(Broken("connection refused")),
            }),
            Self::Lost => Err(TransportError::MaybeSent {
                host,
                source: Box::new(Broken("connection reset before the answer")),
            }),
            Self::Cut(..) => Err(TransportError::MaybeSent {
                host,
                source: Box::new(Broken("connection closed before the end of the body")),
            }),
            Self::Silent(_) => Err(TransportError::TimedOut { host }),
            Self::Vast(..) => Err(TransportError::TooLarge {
                host,
                limit: LARGEST_ANSWER,
            }),
        }
    }
}

/// A JSON text of so many bytes that says next to nothing.
pub(crate) fn vast(size: usize) -> Bytes {
    let mut text = b"{\"value\":[".to_vec();
    text.resize(size.saturating_sub(2), b' ');
    text.extend_from_slice(b"]}");
    Bytes::from(text)
}
