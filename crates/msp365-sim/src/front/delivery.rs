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
    /// There never was a connection, for this reason.
    NotSent(&'static str),
    /// The connection ends before the first byte of the answer.
    Lost,
    /// The connection ends after so many bytes of the body.
    Cut(Reply, usize, Length),
    /// Nothing comes, for so long.
    Silent(Duration),
    /// So many bytes of the body come, then nothing for so long.
    Stalled(Reply, usize, Duration),
    /// Blanks come, one a second, so many.
    Drip(Reply, u64),
    /// An answer of so many bytes.
    Vast(Reply, usize),
    /// `GOAWAY` over HTTP/2, an end of the connection otherwise.
    Gone(Seen),
    /// `RST_STREAM` of this code over HTTP/2, an end of the connection otherwise.
    Reset(u32, Seen),
    /// Nothing comes over the whole connection, for so long.
    BlackHole(Duration),
    /// These bytes come, and the connection ends.
    Garbage(&'static [u8]),
    /// An interim answer of this status comes, then the answer.
    Interim(u16, Reply),
    /// The answer arrives, and the connection ends before the next request.
    ClosedIdle(Reply),
}

/// Whether an answer says how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    Promised,
    Open,
}

/// Whether the service may have looked at the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    No,
    Perhaps,
}

/// What a transport says of a connection that faults broke.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Broken(&'static str);

impl Delivery {
    /// The answer, or as much of it as there is.
    pub(crate) const fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Whole(reply)
            | Self::Cut(reply, ..)
            | Self::Stalled(reply, ..)
            | Self::Drip(reply, _)
            | Self::Vast(reply, _)
            | Self::Interim(_, reply)
            | Self::ClosedIdle(reply) => Some(reply),
            Self::NotSent(_)
            | Self::Lost
            | Self::Silent(_)
            | Self::Gone(_)
            | Self::Reset(..)
            | Self::BlackHole(_)
            | Self::Garbage(_) => None,
        }
    }

    /// How long it takes until the client knows.
    pub(crate) const fn takes(&self) -> Option<Duration> {
        match self {
            Self::Silent(span) | Self::Stalled(_, _, span) | Self::BlackHole(span) => Some(*span),
            Self::Drip(_, seconds) => Some(Duration::from_secs(*seconds)),
            _ => None,
        }
    }

    /// As a transport reports it.
    pub(crate) fn into_result(self, host: &str) -> Result<Reply, TransportError> {
        let host = host.to_owned();
        let not_sent = |host, why| {
            Err(TransportError::NotSent {
                host,
                source: Box::new(Broken(why)),
            })
        };
        let maybe_sent = |host, why| {
            Err(TransportError::MaybeSent {
                host,
                source: Box::new(Broken(why)),
            })
        };
        match self {
            Self::Whole(reply) | Self::Interim(_, reply) | Self::ClosedIdle(reply) => Ok(reply),
            Self::NotSent(why) => not_sent(host, why),
            Self::Lost => maybe_sent(host, "connection reset before the answer"),
            Self::Cut(..) => maybe_sent(host, "connection closed before the end of the body"),
            Self::Garbage(_) => maybe_sent(host, "the answer is not HTTP"),
            Self::Gone(Seen::No) | Self::Reset(_, Seen::No) => not_sent(host, "the service did not begin"),
            Self::Gone(Seen::Perhaps) => maybe_sent(host, "the service goes away"),
            Self::Reset(_, Seen::Perhaps) => maybe_sent(host, "the stream was reset"),
            Self::Silent(_) | Self::Stalled(..) | Self::Drip(..) | Self::BlackHole(_) => {
                Err(TransportError::TimedOut { host })
            }
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
