//! Whether a listing that came to its end may remove the rows it did not show.
//!
//! A service that is in trouble now and then answers with an empty or a short list, and with a status of success.

use jiff::{SignedDuration, Timestamp};
use msp365_store::StreamState;

use crate::error::FEWER;

/// So many rows may be gone at once without a question, or a tenth of them if that is more.
const ROWS: u64 = 20;
/// How long after a listing in doubt another one counts as its confirmation.
const APART: SignedDuration = SignedDuration::from_mins(15);

/// Whether so many of the stored rows are missing that another listing has to confirm it.
pub(crate) fn is_doubtful(stored: u64, missing: u64) -> bool {
    missing > ROWS.max(stored / 10)
}

/// Whether a listing shows so few rows of those that the service itself counted that some of them are missing: more
/// than one in fifty.
pub(crate) fn is_short(counted: u64, shown: u64) -> bool {
    shown < counted - counted / 50
}

/// When the last listing was made, if it was in doubt.
pub(crate) fn doubted_at(state: &StreamState) -> Option<Timestamp> {
    let doubted = state
        .stale_because
        .as_deref()
        .is_some_and(|because| because.ends_with(FEWER));
    state.begun_at.filter(|_| doubted)
}

/// Whether a listing made now confirms one that was in doubt.
pub(crate) fn confirms(doubted_at: Option<Timestamp>, now: Timestamp) -> bool {
    doubted_at.is_some_and(|then| now.duration_since(then) >= APART)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f086_more_than_twenty_rows_and_more_than_a_tenth_are_a_doubt() {
        for (stored, missing, doubtful) in [
            (0, 0, false),
            (20, 20, false),
            (21, 21, true),
            (500, 50, false),
            (500, 51, true),
        ] {
            assert_eq!(is_doubtful(stored, missing), doubtful, "{missing} of {stored}");
        }
    }

    #[test]
    fn f083_a_listing_may_lack_one_in_fifty_of_what_was_counted() {
        for (counted, shown, short) in [
            (0, 0, false),
            (0, 40, false),
            (1, 0, true),
            (100, 98, false),
            (100, 97, true),
        ] {
            assert_eq!(is_short(counted, shown), short, "{shown} of {counted}");
        }
    }

    #[test]
    fn f086_a_second_listing_confirms_the_first_after_a_quarter_of_an_hour() {
        let now = Timestamp::constant(1_790_000_000, 0);

        assert!(confirms(Some(now - SignedDuration::from_mins(15)), now));
        assert!(!confirms(Some(now - SignedDuration::from_mins(14)), now));
        assert!(!confirms(None, now));
    }
}
