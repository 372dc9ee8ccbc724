//! The application's own credential: whether it ends soon.

use jiff::Timestamp;

use super::{
    Facts, Finding, FindingId, Severity, Stop,
    relationship::{DAY, day},
};

/// Days before the end at which it is said.
const WARNING: i64 = 30;

/// Says that the certificate ends within 30 days; one that has ended is an error. Nothing, where its end is not known.
pub(super) fn check(facts: &Facts, now: Timestamp) -> Result<Option<Finding>, Stop> {
    let Some(end) = facts.credential_ends_at else {
        return Ok(None);
    };
    let tell = |what: &str| {
        Finding::new(
            FindingId::A9,
            format!("the application's certificate {what} on {}", day(end)),
            "upload a new certificate to the application and connect again with it",
        )
    };
    let left = end.as_second() - now.as_second();
    if left <= 0 {
        return Err(Box::new(tell("ended")));
    }
    let is_near = left <= WARNING * DAY;
    Ok(is_near.then(|| {
        tell("ends")
            .of(Severity::Warning)
            .breaking("nothing until then; after it no token is given")
    }))
}
