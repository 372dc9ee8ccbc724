//! How a connection ends, if it is not with the whole answer.

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It never was.
    NotSent,
    /// It never was: the certificate is not to be trusted, for this reason.
    Untrusted(&'static str),
    /// The service never saw the request, and no answer comes.
    Lose,
    /// The service did its work, and no answer comes.
    ApplyAndLose,
    /// The body ends after `size` bytes, short of the length that was promised.
    Truncate,
    /// The body ends after `size` bytes, and nothing said how long it would be.
    TruncateOpen,
    /// So many seconds pass without an answer; the service never saw the request.
    Silent(u64),
    /// The body stops after `size` bytes, for so many seconds.
    Stall(u64),
    /// One blank a second comes, for `size` seconds.
    Drip,
    /// The answer has `size` mebibytes.
    Vast,
    /// `GOAWAY`: the service has not begun with the request.
    GoneBefore,
    /// `GOAWAY`: the service has seen the request, and did its work.
    GoneAfter,
    /// `GOAWAY`: the service has seen the request, and did nothing.
    GoneDuring,
    /// `RST_STREAM`, with this code, before the service began.
    ResetBefore(u32),
    /// `RST_STREAM`, with this code, after the service did its work.
    ResetAfter(u32),
    /// Neither bytes nor an end come for `size` seconds, on the whole connection.
    BlackHole,
    /// These bytes come instead of the answer.
    Garbage(&'static [u8]),
    /// An interim answer of this status comes before the answer.
    Interim(u16),
    /// The answer comes; the connection is closed without a word before the next request over it.
    ClosedIdle,
}

/// `REFUSED_STREAM` of HTTP/2.
pub(crate) const REFUSED_STREAM: u32 = 7;
/// `INTERNAL_ERROR` of HTTP/2.
pub(crate) const INTERNAL_ERROR: u32 = 2;
/// `CANCEL` of HTTP/2.
pub(crate) const CANCEL: u32 = 8;

impl Fate {
    /// Whether the service gets to see the request.
    pub(crate) const fn serves(self) -> bool {
        match self {
            Self::NotSent
            | Self::Untrusted(_)
            | Self::Lose
            | Self::Silent(_)
            | Self::GoneBefore
            | Self::GoneDuring
            | Self::ResetBefore(_)
            | Self::BlackHole => false,
            Self::ApplyAndLose
            | Self::Truncate
            | Self::TruncateOpen
            | Self::Stall(_)
            | Self::Drip
            | Self::Vast
            | Self::GoneAfter
            | Self::ResetAfter(_)
            | Self::Garbage(_)
            | Self::Interim(_)
            | Self::ClosedIdle => true,
        }
    }
}
