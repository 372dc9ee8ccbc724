//! What a list shows of a row in one column, in one of four states or more, and as text.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;

use super::{BETWEEN, Field, FieldKind, LastSignIn, State, UserColumn, UserPage, UserView};
use crate::{
    Error, Result,
    row::{Cell, Row},
};

/// What is known of a row in one column. Blank is never ambiguous.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "value")]
#[non_exhaustive]
pub enum Value {
    /// A text.
    Text(String),
    /// Names in order.
    Names(Vec<String>),
    /// Yes or no.
    Truth(bool),
    /// A whole number.
    Number(i64),
    /// A moment.
    Date(Timestamp),
    /// A day, which is the same in every zone.
    Day(Date),
    /// It was read, and there is none.
    None,
    /// It was read, and never happened.
    Never,
    /// It was not yet read to the end.
    Unknown,
    /// The tenant's plan does not show it.
    NotLicensed,
}

/// How moments are shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Times {
    zone: TimeZone,
    format: Option<String>,
    now: Timestamp,
}

impl Times {
    /// How long ago, from this moment: `3 days ago`.
    pub const fn ages(now: Timestamp) -> Self {
        Self {
            zone: TimeZone::UTC,
            format: None,
            now,
        }
    }

    /// Dates in a time zone of this IANA name, in a format of `strftime`: `%Y-%m-%d %H:%M`.
    ///
    /// # Errors
    /// `Invalid` if there is no such zone, or the format cannot be used.
    pub fn dates(zone: &str, format: &str) -> Result<Self> {
        let unknown = |_| Error::Zone {
            zone: zone.to_owned(),
        };
        let zone = TimeZone::get(zone).map_err(unknown)?;
        let moment = Timestamp::UNIX_EPOCH.to_zoned(zone.clone());
        if format.is_empty() || jiff::fmt::strtime::format(format, &moment).is_err() {
            return Err(Error::TimeFormat {
                format: format.to_owned(),
            });
        }
        Ok(Self {
            zone,
            format: Some(format.to_owned()),
            now: Timestamp::UNIX_EPOCH,
        })
    }

    /// The same zone, with ages from this moment in place of dates.
    pub(crate) fn in_ages(self, now: Timestamp) -> Self {
        Self {
            format: None,
            now,
            ..self
        }
    }

    /// The zone whose days are meant.
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// A moment as text.
    pub fn show(&self, at: Timestamp) -> String {
        match &self.format {
            None => age(at, self.now),
            Some(format) => at.to_zoned(self.zone.clone()).strftime(format).to_string(),
        }
    }
}

impl Default for Times {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            format: Some("%Y-%m-%dT%H:%M:%SZ".to_owned()),
            now: Timestamp::UNIX_EPOCH,
        }
    }
}

/// How long ago a moment was, in the largest unit that it fills.
fn age(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(at.as_second());
    if seconds < 0 {
        return format!("in {}", span(seconds.saturating_neg()));
    }
    if seconds < 60 {
        return "just now".to_owned();
    }
    format!("{} ago", span(seconds))
}

fn span(seconds: i64) -> String {
    const UNITS: [(&str, i64); 6] = [
        ("year", 31_557_600),
        ("month", 2_629_800),
        ("day", 86_400),
        ("hour", 3_600),
        ("minute", 60),
        ("second", 1),
    ];
    let fitting = UNITS.iter().find(|(_, length)| seconds >= *length);
    let (unit, length) = fitting.copied().unwrap_or(("second", 1));
    let many = seconds / length;
    format!("{many} {unit}{}", if many == 1 { "" } else { "s" })
}

impl Value {
    /// Which state it is in, as it is written: `text`, `names`, `truth`, `number`, `date`, `day`, `none`,
    /// `never`, `unknown` or `not_licensed`.
    pub const fn state(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Names(_) => "names",
            Self::Truth(_) => "truth",
            Self::Number(_) => "number",
            Self::Date(_) => "date",
            Self::Day(_) => "day",
            Self::None => "none",
            Self::Never => "never",
            Self::Unknown => "unknown",
            Self::NotLicensed => "not_licensed",
        }
    }

    /// The value as a person reads it; absent values are empty, and the other states are words.
    pub fn show(&self, times: &Times) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Names(names) => super::joined(names),
            Self::Truth(truth) => truth.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Date(at) => times.show(*at),
            Self::Day(day) => day.to_string(),
            Self::None => String::new(),
            Self::Never => "never".to_owned(),
            Self::Unknown => "unknown".to_owned(),
            Self::NotLicensed => "not licensed".to_owned(),
        }
    }

    /// Why there is nothing in a field, by what that means of its source; `None` where that was never begun.
    pub(crate) fn absent(without: Option<State>, field: Field) -> Self {
        match without {
            Some(State::NotLicensed) => Self::NotLicensed,
            Some(State::Never) if field.is_event() => Self::Never,
            Some(State::Never) => Self::None,
            Some(State::Unknown) | None => Self::Unknown,
        }
    }
}

impl UserPage {
    /// What a user of this page has in a column. What is absent is unknown where its stream was never read to the end, or
    /// not since the user was made.
    pub fn value(&self, user: &UserView, column: UserColumn) -> Value {
        let value = user.stored(column);
        if value != Value::None {
            return value;
        }
        let source = self.source(&user.tenant_id, column);
        Value::absent(
            source.map(|source| source.without(user.user.created_at)),
            column.field(),
        )
    }
}

impl UserView {
    fn stored(&self, column: UserColumn) -> Value {
        match column {
            UserColumn::Tenant => Value::Text(self.tenant_name.clone()),
            UserColumn::TenantId => Value::Text(self.tenant_id.to_string()),
            UserColumn::Roles => names(&self.roles),
            UserColumn::Licenses => names(&self.user.products),
            UserColumn::LastSignIn => signed_in(self.last_sign_in),
            UserColumn::LastSuccessfulSignIn => signed_in(self.last_successful_sign_in),
            other => held(&self.user, other.field()),
        }
    }
}

/// What a row holds in a field that is one of its columns; of what it lacks, that there is none.
pub(crate) fn held<R: Row>(row: &R, field: Field) -> Value {
    let mut cells = Vec::with_capacity(R::COLUMNS.len());
    row.cells(&mut cells);
    let mut named = R::COLUMNS.iter().zip(cells);
    let cell = named.find(|(name, _)| **name == field.sql).map(|(_, cell)| cell);
    shown(cell.unwrap_or(Cell::Null), field)
}

/// What a cell holds as a value of a field.
pub(crate) fn shown(cell: Cell<'_>, field: Field) -> Value {
    let text = match cell {
        Cell::Null => return Value::None,
        Cell::Integer(number) => return counted(number, field.kind),
        Cell::Text(text) if text.is_empty() => return Value::None,
        Cell::Text(text) => text,
    };
    match field.kind {
        FieldKind::Day => text
            .parse()
            .map_or_else(|_| Value::Text(text.into_owned()), Value::Day),
        FieldKind::List => names(&serde_json::from_str::<Vec<String>>(&text).unwrap_or_default()),
        FieldKind::Names => Value::Names(text.split(BETWEEN).map(str::to_owned).collect()),
        _ => Value::Text(text.into_owned()),
    }
}

fn counted(number: i64, kind: FieldKind) -> Value {
    match kind {
        FieldKind::Truth => Value::Truth(number != 0),
        FieldKind::Time => Timestamp::from_microsecond(number).map_or(Value::None, Value::Date),
        _ => Value::Number(number),
    }
}

const fn signed_in(last: LastSignIn) -> Value {
    match last {
        LastSignIn::Date(at) => Value::Date(at),
        LastSignIn::Never => Value::Never,
        LastSignIn::NotLicensed => Value::NotLicensed,
        LastSignIn::Unknown => Value::Unknown,
    }
}

fn names(names: &[String]) -> Value {
    if names.is_empty() {
        Value::None
    } else {
        Value::Names(names.to_vec())
    }
}
