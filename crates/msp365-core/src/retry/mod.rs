//! What to do after each reply or failure, and how long to wait.
//!
//! [`judge`] is one pure function, which the client's loop obeys.

mod after;
mod load;

use std::time::Duration;

pub use after::retry_after;
use base64::{
    Engine,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use jiff::Timestamp;
pub use load::{Reach, Scope, Share, is_about_concurrency, throttle_load, throttle_scope};

use crate::{Random, Replay, Reply, Service, ServiceError, random};

/// Attempts at a read, including the first.
pub const READ_ATTEMPTS: u32 = 5;
/// Attempts at a write, including the first.
pub const WRITE_ATTEMPTS: u32 = 3;
/// Longest wait due to back-off alone.
const BACKOFF_CAP: Duration = Duration::from_secs(30);
/// Most that is added to a wait the service asked for.
const JITTER_CAP: Duration = Duration::from_secs(5);

/// How one attempt ended.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'a> {
    /// The service answered.
    Reply(&'a Reply),
    /// No answer came.
    Failed(Sent),
}

/// Whether a request without an answer reached the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Certainly not.
    No,
    /// Perhaps.
    Perhaps,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Hand the reply to the caller, whether success or error.
    Accept,
    /// Send again after waiting.
    Again(Wait),
    /// Get a new token, answering these claims if there are any, and send once more.
    Renew {
        /// The claims of the challenge, as JSON.
        claims: Option<String>,
    },
    /// It is unknown whether the write happened: find out before doing anything else.
    Settle(Doubt),
    /// Give the failure to the caller.
    GiveUp,
}

/// Why it is unknown whether a write happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The service refused due to load, which normally means that it did nothing.
    Refused(Wait),
    /// The answer was lost, or was a failure of the service itself.
    Lost,
}

/// How long to wait before the next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// What the service asked for.
    pub hint: Option<Duration>,
    /// First step of the back-off.
    pub base: Duration,
}

impl Wait {
    const fn fault() -> Self {
        Self {
            hint: None,
            base: Duration::from_millis(500),
        }
    }

    const fn throttle(hint: Option<Duration>) -> Self {
        Self {
            hint,
            base: Duration::from_secs(1),
        }
    }

    /// The wait before attempt `attempt + 1`: the service's hint or the back-off, whichever is longer, plus up to a
    /// tenth. Never shorter than the hint.
    pub fn span(&self, attempt: u32, random: &dyn Random) -> Duration {
        let ceiling = self
            .base
            .saturating_mul(1 << attempt.saturating_sub(1).min(16))
            .min(BACKOFF_CAP);
        let wait = self.hint.unwrap_or_default().max(part(ceiling, random));
        wait.saturating_add(part((wait / 10).min(JITTER_CAP), random))
    }
}

/// A random part of a span.
fn part(span: Duration, random: &dyn Random) -> Duration {
    let nanos = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
    Duration::from_nanos(random::below(random, nanos.saturating_add(1)))
}

/// Decides what to do after attempt number `attempt` (from 1). `renewed` says whether a new token was already fetched.
pub fn judge(replay: Replay, attempt: u32, renewed: bool, outcome: Outcome<'_>) -> Verdict {
    let attempts = if replay == Replay::Safe {
        READ_ATTEMPTS
    } else {
        WRITE_ATTEMPTS
    };
    let verdict = match outcome {
        Outcome::Failed(Sent::No) => Verdict::Again(Wait::fault()),
        Outcome::Failed(Sent::Perhaps) => lost(replay),
        Outcome::Reply(answer) => match answer.status.as_u16() {
            401 if !renewed => {
                return Verdict::Renew {
                    claims: claims_challenge(answer),
                };
            }
            421 => Verdict::Again(Wait::fault()),
            429 => throttled(replay, answer),
            503 if answer.headers.contains_key(http::header::RETRY_AFTER) && replay != Replay::Once => {
                throttled(replay, answer)
            }
            408 | 500 | 502 | 503 | 504 | 509 => lost(replay),
            // Another operation on the object is under way: what may be repeated is repeated once that is over.
            409 | 423 if replay == Replay::Same && is_momentary(answer) => Verdict::Again(Wait::fault()),
            _ => return Verdict::Accept,
        },
    };
    match (&verdict, outcome) {
        (Verdict::Again(_), Outcome::Reply(_)) if attempt >= attempts => Verdict::Accept,
        (Verdict::Again(_), Outcome::Failed(_)) if attempt >= attempts => Verdict::GiveUp,
        _ => verdict,
    }
}

/// Whether a conflict will pass by itself: a lock, or an operation that runs at the same time.
fn is_momentary(answer: &Reply) -> bool {
    let error = ServiceError::from_reply(Service::Graph, answer);
    answer.status == http::StatusCode::LOCKED
        || error
            .codes
            .iter()
            .any(|code| code == "Conflict" || code.contains("oncurren"))
}

const fn lost(replay: Replay) -> Verdict {
    match replay {
        Replay::Safe | Replay::Same => Verdict::Again(Wait::fault()),
        Replay::Once => Verdict::Settle(Doubt::Lost),
    }
}

fn throttled(replay: Replay, answer: &Reply) -> Verdict {
    let wait = Wait::throttle(retry_after(answer));
    match replay {
        Replay::Safe | Replay::Same => Verdict::Again(wait),
        Replay::Once => Verdict::Settle(Doubt::Refused(wait)),
    }
}

/// The time by which an operation must have ended, including queueing, tokens, attempts and waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(pub Timestamp);

impl Deadline {
    /// This long from now.
    pub fn after(now: Timestamp, span: Duration) -> Self {
        let span = jiff::SignedDuration::try_from(span).unwrap_or(jiff::SignedDuration::MAX);
        Self(now.checked_add(span).unwrap_or(Timestamp::MAX))
    }

    /// Whether a wait that begins now ends in time.
    pub fn allows(&self, now: Timestamp, wait: Duration) -> bool {
        Self::after(now, wait) <= *self
    }
}

/// The claims of a challenge in `WWW-Authenticate`, decoded to JSON.
pub fn claims_challenge(reply: &Reply) -> Option<String> {
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    reply
        .headers
        .get_all(http::header::WWW_AUTHENTICATE)
        .iter()
        .find_map(|value| {
            let text = value.to_str().ok()?;
            if !text.contains("insufficient_claims") {
                return None;
            }
            let claims = text
                .split_once("claims=\"")?
                .1
                .split_once('"')?
                .0
                .replace('+', "-")
                .replace('/', "_");
            let url_safe = GeneralPurpose::new(&base64::alphabet::URL_SAFE, lenient);
            let bytes = url_safe.decode(&claims).ok()?;
            String::from_utf8(bytes)
                .ok()
                .filter(|json| serde_json::from_str::<serde_json::Value>(json).is_ok())
        })
}

#[cfg(test)]
mod tests;
