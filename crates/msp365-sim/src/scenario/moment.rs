//! Moments of a story, as people write them.

use std::{str::FromStr, time::Duration};

use jiff::Timestamp;

use crate::Error;

/// A moment of the cloud's time: so long after its start, or on a date.
///
/// | written | means |
/// |---|---|
/// | `day 3`, `day3`, `hour 2`, `week 1` | three days, two hours, a week after the start |
/// | `5d`, `2h`, `1d12h`, `90m`, `30s` | so long after the start |
/// | `2026-10-05T08:00:00Z` | that moment |
///
/// ```
/// use msp365_sim::Moment;
///
/// assert_eq!("day 3".parse::<Moment>()?, "72h".parse()?);
/// assert!("soon".parse::<Moment>().is_err());
/// # Ok::<(), msp365_sim::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// So long after the cloud's start.
    After(Duration),
    /// On a date.
    At(Timestamp),
}

impl Moment {
    /// The moment, for a cloud that starts then.
    pub(crate) fn of(self, start: Timestamp) -> Timestamp {
        match self {
            Self::After(span) => start.checked_add(span).unwrap_or(Timestamp::MAX),
            Self::At(moment) => moment,
        }
    }
}

impl FromStr for Moment {
    type Err = Error;

    /// # Errors
    /// `Invalid` if the text is no moment.
    fn from_str(text: &str) -> Result<Self, Error> {
        let moment = text.trim().parse::<Timestamp>().map(Self::At).ok();
        let after = || span(text).map(Self::After);
        moment.or_else(after).ok_or_else(|| Error::Moment {
            given: text.to_owned(),
        })
    }
}

/// A length of time: `3d`, `1d12h`, `day 3`.
pub(super) fn span(text: &str) -> Option<Duration> {
    let text = text.trim();
    for word in ["week", "day", "hour", "minute"] {
        if let Some(number) = text.strip_prefix(word) {
            return number.trim().parse().ok().and_then(|number| unit(word, number));
        }
    }
    let mut left = text;
    let mut sum = Duration::ZERO;
    while !left.is_empty() {
        let digits = left.find(|sign: char| !sign.is_ascii_digit())?;
        let (number, rest) = left.split_at_checked(digits)?;
        let letters = rest
            .find(|sign: char| sign.is_ascii_digit())
            .unwrap_or(rest.len());
        let (name, rest) = rest.split_at_checked(letters)?;
        sum = sum.checked_add(unit(name.trim(), number.parse().ok()?)?)?;
        left = rest;
    }
    (!text.is_empty()).then_some(sum)
}

fn unit(name: &str, number: u64) -> Option<Duration> {
    let seconds: u64 = match name {
        "s" => 1,
        "m" | "min" | "minute" => 60,
        "h" | "hour" => 3_600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" => 604_800,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_in_every_way_they_are_written() {
        for (text, seconds) in [
            ("day 3", 259_200),
            ("day3", 259_200),
            ("3d", 259_200),
            ("1d12h", 129_600),
            ("hour 2", 7_200),
            ("90m", 5_400),
            ("0s", 0),
        ] {
            assert_eq!(span(text), Some(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn what_is_no_span_is_none() {
        for text in ["", "3", "d", "-1d", "three days", "1y", "99999999999999999999d"] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
