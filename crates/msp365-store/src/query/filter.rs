//! One condition on users.

use jiff::{SignedDuration, Timestamp};

use super::{ColumnKind, UserColumn};
use crate::{Error, Result};

/// One condition on users, written as `COLUMN=VALUE`, `COLUMN>AGE` or `COLUMN<AGE`.
///
/// ```
/// use msp365_store::UserFilter;
///
/// let now = "2026-03-01T00:00:00Z".parse()?;
/// UserFilter::parse("last_sign_in>90d", now)?;
/// UserFilter::parse("account_enabled=false", now)?;
/// UserFilter::parse("department=Sales", now)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct UserFilter {
    pub(crate) test: Test,
}

/// What has to hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// The same text in any letter case; an empty text means no value.
    Text(UserColumn, String),
    Truth(UserColumn, bool),
    Before(UserColumn, Timestamp),
    Since(UserColumn, Timestamp),
    SignIn(SignInState),
    Like(UserColumn, String),
}

/// A state of the last sign-in other than a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInState {
    Never,
    Unknown,
    NotLicensed,
}

impl UserFilter {
    /// Reads a condition.
    ///
    /// - `last_sign_in>90d`: longer ago than 90 days before `now`; `<` for since then. Ages are whole hours, days or
    ///   weeks (`12h`, `90d`, `2w`). Users without a date pass neither.
    /// - `last_sign_in=never`, `=unknown` or `=not_licensed`: those without a date.
    /// - `account_enabled=false`: yes or no.
    /// - `department=Sales`: the text in any letter case; nothing after `=` means no value.
    ///
    /// # Errors
    /// `Invalid` if the text is no condition or names no column.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self> {
        let wrong = |reason| Error::Filter {
            filter: text.to_owned(),
            reason,
        };
        let (at, sign) = text
            .char_indices()
            .find(|(_, sign)| matches!(sign, '=' | '<' | '>'))
            .ok_or_else(|| wrong("write `column=value`, `column>90d` or `column<7d`"))?;
        let column = UserColumn::parse(text.get(..at).unwrap_or_default())?;
        let value = text.get(at + 1..).unwrap_or_default().trim();
        let wanted = match (column.kind(), sign) {
            (ColumnKind::Time, '=') if column == UserColumn::LastSignIn => {
                Test::SignIn(state(value).ok_or_else(|| {
                    wrong("a last sign-in is `never`, `unknown`, `not_licensed`, or an age")
                })?)
            }
            (ColumnKind::Time, '<' | '>') => {
                let moment = age(value)
                    .and_then(|age| now.checked_sub(age).ok())
                    .ok_or_else(|| wrong("an age is a number of hours, days or weeks: `12h`, `90d`, `2w`"))?;
                if sign == '>' {
                    Test::Before(column, moment)
                } else {
                    Test::Since(column, moment)
                }
            }
            (ColumnKind::Time, _) => return Err(wrong("a time is compared by age: `>90d` or `<7d`")),
            (ColumnKind::Truth, '=') => Test::Truth(
                column,
                value
                    .to_ascii_lowercase()
                    .parse()
                    .map_err(|_| wrong("the value is `true` or `false`"))?,
            ),
            (ColumnKind::Text, '=') => Test::Text(column, value.to_owned()),
            (ColumnKind::Truth | ColumnKind::Text, _) => {
                return Err(wrong("only times can be compared by `<` and `>`"));
            }
        };
        Ok(Self { test: wanted })
    }
}

fn state(value: &str) -> Option<SignInState> {
    match value {
        "never" => Some(SignInState::Never),
        "unknown" => Some(SignInState::Unknown),
        super::NOT_LICENSED => Some(SignInState::NotLicensed),
        _ => None,
    }
}

fn age(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().next_back()?;
    let number: i64 = text
        .strip_suffix(unit)?
        .parse()
        .ok()
        .filter(|number| *number >= 0)?;
    let hours = match unit {
        'h' => 1,
        'd' => 24,
        'w' => 7 * 24,
        _ => return None,
    };
    let seconds = number.checked_mul(hours)?.checked_mul(3600)?;
    Some(SignedDuration::from_secs(seconds))
}
