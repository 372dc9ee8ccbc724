//! Reading of values that the service sends in an odd form; for `#[serde(deserialize_with = "…")]`.

use std::fmt;

use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// The zero of the directory's own clock, 1601-01-01, in seconds before 1970. Times up to it mean "never".
const ZERO: i64 = -11_644_473_600;

/// A time. `None` stands for an absent one, for the values that mean "never" or "no limit" (years 1, 1601 and 9999),
/// and for anything that is no time: an odd date must not cost the row.
///
/// # Errors
/// Only if the JSON itself is broken.
pub fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    deserializer.deserialize_any(Odd(parse_time, |_| None))
}

/// A whole number, also one written as text; `None` for anything else.
///
/// # Errors
/// Only if the JSON itself is broken.
pub fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    deserializer.deserialize_any(Odd(|text| text.trim().parse().ok(), Some))
}

/// A list, empty where the service sends null.
///
/// # Errors
/// If an element does not fit.
pub fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Option::<Vec<T>>::deserialize(deserializer).map(Option::unwrap_or_default)
}

fn parse_time(text: &str) -> Option<Timestamp> {
    let time: Timestamp = text.parse().ok()?;
    (time.as_second() > ZERO).then_some(time)
}

/// Reads any JSON value by what it makes of a text and of a whole number.
struct Odd<T>(fn(&str) -> Option<T>, fn(i64) -> Option<T>);

impl<'de, T> Visitor<'de> for Odd<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok((self.0)(text))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok((self.1)(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(number).ok().and_then(self.1))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        #[serde(default, deserialize_with = "time")]
        at: Option<Timestamp>,
        #[serde(default, deserialize_with = "number")]
        size: Option<i64>,
        #[serde(default, deserialize_with = "list")]
        names: Vec<String>,
    }

    fn read(json: &str) -> Row {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn never_and_no_limit_are_no_times() {
        for text in [
            "0001-01-01T00:00:00Z",
            "1601-01-01T00:00:00Z",
            "9999-12-31T23:59:59.9999999Z",
            "",
            "soon",
        ] {
            assert_eq!(read(&format!(r#"{{"at":"{text}"}}"#)).at, None, "{text}");
        }
    }

    #[test]
    fn a_time_is_read_with_seven_fractional_digits() {
        let row = read(r#"{"at":"2026-03-01T10:00:00.1234567Z"}"#);

        assert_eq!(row.at, Some("2026-03-01T10:00:00.1234567Z".parse().unwrap()));
    }

    #[test]
    fn values_of_another_type_do_not_cost_the_row() {
        for odd in ["null", "true", "1.5", "{\"a\":[1]}", "[[1],2]"] {
            let row = read(&format!(r#"{{"at":{odd},"size":{odd},"names":null}}"#));

            assert_eq!((row.at, row.size, row.names), (None, None, Vec::new()), "{odd}");
        }
    }

    #[test]
    fn a_number_may_be_written_as_text() {
        assert_eq!(read(r#"{"size":"12"}"#).size, Some(12));
        assert_eq!(read(r#"{"size":-3}"#).size, Some(-3));
        assert_eq!(read(r#"{"size":18446744073709551615}"#).size, None);
    }
}
