//! The application's own credential: whether it expires soon.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Facts, Finding, FindingId, Rules, Severity, Stop,
    relationship::{DAY, day},
};

/// What the application proves its identity with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CredentialKind {
    /// A certificate, which states its own end.
    #[default]
    Certificate,
    /// A client secret, whose end only the app registration states.
    Secret,
    /// Nothing: it is a public client.
    Nothing,
}

impl CredentialKind {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Secret => (
                "client secret",
                "make a new client secret in the app registration and connect again with it; the old one may stay \
                 until it ends",
            ),
            _ => (
                "certificate",
                "upload a new certificate to the application and connect again with it",
            ),
        }
    }
}

/// Reports a credential that expires within the warning days of the rules; one that has expired is an error. Nothing if
/// its end is not known.
pub(super) fn check(facts: &Facts, rules: &Rules, now: Timestamp) -> Result<Option<Finding>, Stop> {
    let Some(end) = facts.credential_ends_at else {
        return Ok(None);
    };
    let (name, remedy) = facts.credential.words();
    let tell = |what: &str| {
        let evidence = format!("the application's {name} {what} on {}", day(end));
        Finding::new(FindingId::A9, evidence, remedy)
    };
    let left = end.as_second() - now.as_second();
    if left <= 0 {
        return Err(Box::new(tell("ended")));
    }
    let is_near = rules
        .warning_days
        .iter()
        .any(|days| left <= i64::from(*days) * DAY);
    Ok(is_near.then(|| {
        tell("ends")
            .of(Severity::Warning)
            .breaking("nothing until then; after it no token is given")
    }))
}
