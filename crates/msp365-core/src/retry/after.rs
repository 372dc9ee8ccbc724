//! How long a service asks its callers to wait.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};

use crate::Reply;

/// Longest wait that is taken seriously.
const CEILING: f64 = 86_400.0;
/// Shortest wait after a hint of zero.
const FLOOR: Duration = Duration::from_secs(1);

/// What the reply asks for in `Retry-After`, `retry-after-ms` or `x-ms-retry-after-ms`; the longest if there are
/// several.
///
/// Seconds may have decimals or be given as a list; a date counts from the reply's own `Date`, so that a wrong local
/// clock does no harm. Zero becomes one second; a negative or unreadable value is ignored. At most 24 hours.
pub fn retry_after(reply: &Reply) -> Option<Duration> {
    let values = |name: &'static str| {
        reply
            .headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .map(str::trim)
    };
    let seconds = values("retry-after").flat_map(|value| {
        date(value, reply).map_or_else(
            || value.split(',').filter_map(number).collect(),
            |wait| vec![wait],
        )
    });
    let millis = ["retry-after-ms", "x-ms-retry-after-ms"]
        .into_iter()
        .flat_map(values)
        .filter_map(number);
    seconds
        .chain(millis.map(|value| value / 1_000.0))
        .reduce(f64::max)
        .map(|wait| Duration::from_secs_f64(wait.clamp(0.0, CEILING)).max(FLOOR))
}

fn number(text: &str) -> Option<f64> {
    text.trim()
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite() && *value >= 0.0)
}

fn date(text: &str, reply: &Reply) -> Option<f64> {
    let until = http_date(text)?;
    let now = http_date(reply.header("date")?)?;
    Some(until.duration_since(now).as_secs_f64().max(0.0))
}

fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}
