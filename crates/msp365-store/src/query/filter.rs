//! One condition on rows, as a line of text.

use std::fmt;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use super::{Field, FieldKind, UserColumn};
use crate::{Error, Resource, Result};

/// One condition on users, written as a line of text and read again from it.
///
/// | written | holds where |
/// |---|---|
/// | `department=Sales`, `user_type=Guest\|Member` | the value is the text, or one of several, in any letter case; nothing after `=` means no value. `\` takes the meaning from a `\|` or `\` after it |
/// | `roles=Helpdesk Administrator\|Global Reader` | one of the roles (or licences, by product name) is one of these |
/// | `business_phones=+31 20 5`, `proxy_addresses~ada@%` | the same of any one of the phones or addresses, with `SMTP:` or without |
/// | `name_or_address~%@contoso.com` | the name as shown, the sign-in name, or any one address fits |
/// | `display_name~ada%` | the value fits a pattern: `%` is any text, `_` one character, `\` takes their meaning; without `%` and `_` it may stand anywhere |
/// | `account_enabled=false` | yes, no, or with nothing after `=` neither |
/// | `last_sign_in>90d`, `last_sign_in<7d` | longer ago than that, or since then: hours, days or weeks (`12h`, `90d`, `2w`) |
/// | `created_at=2026-01-01..2026-01-31` | in a range of days, both included, or of moments, without the last; either end may be left out |
/// | `roles=`, `last_password_change_at=` | it was read, and there is none |
/// | `last_sign_in=never`, `roles=unknown`, `=not_licensed` | there is no value, and this is why: of all columns but those of one text |
///
/// ```
/// use msp365_store::UserFilter;
///
/// let now = "2026-03-01T00:00:00Z".parse()?;
/// UserFilter::parse("last_sign_in>90d", now)?;
/// UserFilter::parse("user_type=Guest|Member", now)?;
/// assert_eq!(UserFilter::parse("name~ada%", now)?.to_string(), "name~ada%");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct UserFilter {
    text: String,
    pub(crate) test: Test,
}

/// What has to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    /// The same text as one of these, in any letter case; an empty text means no value.
    OneOf(Field, Vec<String>),
    /// One of the names or texts is one of these, in any letter case; an empty text means none.
    Holds(Field, Vec<String>),
    Like(Field, String),
    /// A number from one on, and before another.
    Between(Field, Option<i64>, Option<i64>),
    /// A day from one on, and before another.
    Days(Field, Option<Date>, Option<Date>),
    Absent(Field),
    /// There is no value, for this reason.
    State(Field, State),
    /// There is a value, or it was read that there is none; in these tenants nothing absent is known.
    Known(Field, Vec<i64>),
    /// What is absent was not read; in these tenants nothing was.
    Unknown(Field, Vec<i64>),
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Never,
    Unknown,
    NotLicensed,
}

impl UserFilter {
    /// The relative ranges that lists offer for moments.
    pub const RANGES: [&'static str; 7] = ["24h", "7d", "14d", "30d", "60d", "90d", "180d"];

    /// Reads a condition; days are those of UTC.
    ///
    /// # Errors
    /// `Invalid` if the text is no condition or names no column.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self> {
        Self::parse_in(text, now, &TimeZone::UTC)
    }

    /// The same with the days of a time zone.
    ///
    /// # Errors
    /// As of [`parse`](Self::parse).
    pub fn parse_in(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Self> {
        Ok(Self {
            test: read(text, (now, zone), UserColumn::filtered)?,
            text: text.to_owned(),
        })
    }

    /// Those whose name as shown, sign-in name or any address fits a pattern.
    pub fn any_name(pattern: &str) -> Self {
        Self {
            text: format!("{}~{pattern}", Field::ANY_NAME.name),
            test: Test::Like(Field::ANY_NAME, pattern.to_owned()),
        }
    }
}

impl fmt::Display for UserFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The test that a line means, at a moment and with the days of a time zone; `field` is what it may name.
pub(crate) fn read(
    text: &str,
    (now, zone): (Timestamp, &TimeZone),
    field: impl Fn(&str) -> Result<Field>,
) -> Result<Test> {
    Reading { text, now, zone }.read(field)
}

/// A line that is being read.
struct Reading<'a> {
    text: &'a str,
    now: Timestamp,
    zone: &'a TimeZone,
}

impl Reading<'_> {
    fn wrong(&self, reason: &'static str) -> Error {
        Error::Filter {
            filter: self.text.to_owned(),
            reason,
        }
    }

    fn read(&self, field: impl Fn(&str) -> Result<Field>) -> Result<Test> {
        let (at, sign) = self
            .text
            .char_indices()
            .find(|(_, sign)| matches!(sign, '=' | '<' | '>' | '~'))
            .ok_or_else(|| {
                self.wrong("write `column=value`, `column~pattern`, `column>90d` or `column<7d`")
            })?;
        let field = field(self.text.get(..at).unwrap_or_default())?;
        let value = self.text.get(at + 1..).unwrap_or_default();
        if let Some(state) = unread(field, value.trim()).filter(|_| sign == '=') {
            return Ok(Test::State(field, state));
        }
        match (field.kind, sign) {
            (FieldKind::Text | FieldKind::Names | FieldKind::List | FieldKind::Day, '~') => {
                Ok(Test::Like(field, value.to_owned()))
            }
            (FieldKind::Text, '=') => Ok(Test::OneOf(field, values(value))),
            (FieldKind::Names, '=') => Ok(names(field, value)),
            (FieldKind::List, '=') => self.list(field, value),
            (FieldKind::Time, _) => self.time(field, sign, value.trim()),
            (FieldKind::Day, _) => self.day(field, sign, value.trim()),
            (FieldKind::Truth, '=') => self.truth(field, value.trim()),
            (FieldKind::Number, _) => self.number(field, sign, value.trim()),
            (_, '~') => Err(self.wrong("only texts have patterns")),
            _ => Err(self.wrong("only times and numbers can be compared by `<` and `>`")),
        }
    }

    fn list(&self, field: Field, value: &str) -> Result<Test> {
        let values = values(value);
        if !values.iter().all(String::is_empty) {
            return Ok(Test::Holds(field, values));
        }
        if field == Field::ANY_NAME {
            return Err(self.wrong("everybody has a name: give one, or an address"));
        }
        Ok(Test::Absent(field))
    }

    fn truth(&self, field: Field, value: &str) -> Result<Test> {
        match value.to_ascii_lowercase().as_str() {
            "true" => Ok(Test::Between(field, Some(1), Some(2))),
            "false" => Ok(Test::Between(field, Some(0), Some(1))),
            "" => Ok(Test::Absent(field)),
            _ => Err(self.wrong("the value is `true` or `false`")),
        }
    }

    fn number(&self, field: Field, sign: char, value: &str) -> Result<Test> {
        if value.is_empty() && sign == '=' {
            return Ok(Test::Absent(field));
        }
        let number: i64 = value
            .parse()
            .map_err(|_| self.wrong("the value is a whole number"))?;
        match sign {
            '>' => Ok(Test::Between(field, Some(number.saturating_add(1)), None)),
            '<' => Ok(Test::Between(field, None, Some(number))),
            '=' => Ok(Test::Between(field, Some(number), Some(number.saturating_add(1)))),
            _ => Err(self.wrong("only texts have patterns")),
        }
    }

    fn time(&self, field: Field, sign: char, value: &str) -> Result<Test> {
        if sign == '~' {
            return Err(self.wrong("only texts have patterns"));
        }
        if sign == '=' {
            return self.time_equal(field, value);
        }
        let moment = self.before(value)?.as_microsecond();
        Ok(if sign == '>' {
            Test::Between(field, None, Some(moment))
        } else {
            Test::Between(field, Some(moment), None)
        })
    }

    /// The moment that an age reaches back to.
    fn before(&self, value: &str) -> Result<Timestamp> {
        let moment = age(value).and_then(|age| self.now.checked_sub(age).ok());
        moment.ok_or_else(|| self.wrong("an age is a number of hours, days or weeks: `12h`, `90d`, `2w`"))
    }

    fn day(&self, field: Field, sign: char, value: &str) -> Result<Test> {
        let day = || Ok::<_, Error>(self.before(value)?.to_zoned(self.zone.clone()).date());
        match (sign, value, value.split_once("..")) {
            ('=', _, Some((from, last))) => Ok(Test::Days(
                field,
                self.one_day(from, false)?,
                self.one_day(last, true)?,
            )),
            ('=', "", _) => Ok(Test::Absent(field)),
            ('=', "never", _) if field.is_event() => Ok(Test::State(field, State::Never)),
            ('=', day, _) => Ok(Test::Days(
                field,
                self.one_day(day, false)?,
                self.one_day(day, true)?,
            )),
            ('>', ..) => Ok(Test::Days(field, None, Some(day()?))),
            _ => Ok(Test::Days(field, Some(day()?), None)),
        }
    }

    /// One end of a range of days: the day after it where it is the later end.
    fn one_day(&self, text: &str, is_last: bool) -> Result<Option<Date>> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = || self.wrong("a day is written `2026-01-31`, a range of days `2026-01-01..2026-01-31`");
        let day: Date = text.parse().map_err(|_| wrong())?;
        if is_last {
            return day.tomorrow().map(Some).map_err(|_| wrong());
        }
        Ok(Some(day))
    }

    fn time_equal(&self, field: Field, value: &str) -> Result<Test> {
        if let Some((from, until)) = value.split_once("..") {
            let from = self.end(from, false)?;
            let until = self.end(until, true)?;
            return Ok(Test::Between(field, from, until));
        }
        let is_sign_in = field.stream == Some(Resource::SignIns);
        match value {
            "" => Ok(Test::Absent(field)),
            "never" if field.is_event() => Ok(Test::State(field, State::Never)),
            _ if is_sign_in => Err(self.wrong(
                "a last sign-in is `never`, `unknown`, `not_licensed`, an age, or a range `2026-01-01..2026-01-31`",
            )),
            _ => Err(self.wrong(
                "a time is compared by age, `>90d` or `<7d`, or by range, `=2026-01-01..2026-01-31`",
            )),
        }
    }

    /// One end of a range: a moment, or a day with its last moment where it is the later end.
    fn end(&self, text: &str, is_last: bool) -> Result<Option<i64>> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Ok(Some(moment.as_microsecond()));
        }
        let wrong =
            || self.wrong("an end of a range is a day, `2026-01-31`, or a moment, `2026-01-31T08:00:00Z`");
        let mut day: Date = text.parse().map_err(|_| wrong())?;
        if is_last {
            day = day.tomorrow().map_err(|_| wrong())?;
        }
        let start = day.to_zoned(self.zone.clone()).map_err(|_| wrong())?;
        Ok(Some(start.timestamp().as_microsecond()))
    }
}

fn names(field: Field, value: &str) -> Test {
    let values = values(value);
    if values.iter().all(String::is_empty) {
        Test::OneOf(field, values)
    } else {
        Test::Holds(field, values)
    }
}

/// The values between bars.
fn values(text: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let plain = match (character, characters.peek()) {
            ('|', _) => {
                values.push(String::new());
                continue;
            }
            ('\\', Some('|' | '\\')) => characters.next().unwrap_or(character),
            _ => character,
        };
        if let Some(last) = values.last_mut() {
            last.push(plain);
        }
    }
    values.iter().map(|value| value.trim().to_owned()).collect()
}

/// Why a value of this field was not read, if that is asked for. Texts may be these words.
fn unread(field: Field, value: &str) -> Option<State> {
    let may_be = field.stream.is_some() && field.kind != FieldKind::Text;
    match value {
        "unknown" if may_be => Some(State::Unknown),
        super::NOT_LICENSED if may_be => Some(State::NotLicensed),
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
