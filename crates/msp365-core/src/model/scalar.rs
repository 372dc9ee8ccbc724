//! Reading of single values, including those in an odd form.

use std::{fmt, marker::PhantomData};

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::{Offset, TimeZone},
};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde_json::Value;

use super::{
    Kind,
    field::{Member, rest_of},
};

/// The zero of the directory's own clock, 1601-01-01, in seconds before 1970. Times up to it mean "never".
const ZERO: i64 = -11_644_473_600;

/// A value, and whether this is the form the service normally writes.
enum Form<T> {
    Usual(T),
    Odd(T),
}

/// How a scalar reads each kind of JSON value; `None` if it cannot.
trait Scalar {
    /// The resulting value.
    type Out;
    const EXPECTED: &'static str;
    /// Whether objects and lists are refused altogether, so that the whole row counts as odd.
    const IS_STRICT: bool = false;

    fn of_text(text: &str) -> Option<Form<Self::Out>>;

    fn of_flag(_: bool) -> Option<Form<Self::Out>> {
        None
    }

    fn of_number(_: i64) -> Option<Form<Self::Out>> {
        None
    }

    fn of_fraction(_: f64) -> Option<Form<Self::Out>> {
        None
    }
}

/// Reads straight into a slot, so that the value need not be moved; returns what has to be kept as it was read.
struct Reader<'a, S: Scalar>(&'a mut Option<S::Out>);

impl<S: Scalar> Reader<'_, S> {
    #[inline]
    fn put(self, found: Option<Form<S::Out>>, raw: impl Into<Value>) -> Option<Value> {
        match found {
            Some(Form::Usual(value)) => {
                *self.0 = Some(value);
                return None;
            }
            Some(Form::Odd(value)) => *self.0 = Some(value),
            None => *self.0 = None,
        }
        Some(raw.into())
    }
}

impl<'de, S: Scalar> Visitor<'de> for Reader<'_, S> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(S::EXPECTED)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.put(S::of_text(text), text))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(self.put(S::of_flag(flag), flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(self.put(S::of_number(number), number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(self.put(i64::try_from(number).ok().and_then(S::of_number), number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(self.put(S::of_fraction(number), number))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        *self.0 = None;
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        if S::IS_STRICT {
            return Err(serde::de::Error::invalid_type(serde::de::Unexpected::Seq, &self));
        }
        let raw = rest_of(items, Vec::new())?;
        Ok(self.put(None, raw))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        if S::IS_STRICT {
            return Err(serde::de::Error::invalid_type(serde::de::Unexpected::Map, &self));
        }
        let raw = Value::deserialize(MapAccessDeserializer::new(map))?;
        Ok(self.put(None, raw))
    }
}

impl Scalar for String {
    type Out = Self;
    const EXPECTED: &'static str = "a text";
    const IS_STRICT: bool = true;

    #[inline]
    fn of_text(text: &str) -> Option<Form<Self>> {
        Some(Form::Usual(text.to_owned()))
    }

    fn of_flag(flag: bool) -> Option<Form<Self>> {
        Some(Form::Odd(flag.to_string()))
    }

    fn of_number(number: i64) -> Option<Form<Self>> {
        Some(Form::Odd(number.to_string()))
    }

    fn of_fraction(number: f64) -> Option<Form<Self>> {
        Some(Form::Odd(number.to_string()))
    }
}

impl Scalar for bool {
    type Out = Self;
    const EXPECTED: &'static str = "true or false";

    fn of_text(text: &str) -> Option<Form<Self>> {
        let flag = match text.trim() {
            word if word.eq_ignore_ascii_case("true") => true,
            word if word.eq_ignore_ascii_case("false") => false,
            _ => return None,
        };
        Some(Form::Odd(flag))
    }

    fn of_flag(flag: bool) -> Option<Form<Self>> {
        Some(Form::Usual(flag))
    }

    fn of_number(number: i64) -> Option<Form<Self>> {
        match number {
            0 => Some(Form::Odd(false)),
            1 => Some(Form::Odd(true)),
            _ => None,
        }
    }
}

impl Scalar for i64 {
    type Out = Self;
    const EXPECTED: &'static str = "a whole number";

    fn of_text(text: &str) -> Option<Form<Self>> {
        let trimmed = text.trim();
        match trimmed.parse() {
            Ok(number) => Some(Form::Odd(number)),
            Err(_) => Self::of_fraction(trimmed.parse().ok()?),
        }
    }

    fn of_number(number: i64) -> Option<Form<Self>> {
        Some(Form::Usual(number))
    }

    fn of_fraction(number: f64) -> Option<Form<Self>> {
        // Parsed as text, which loses nothing: a number that is too large or not whole does not parse.
        number.to_string().parse().ok().map(Form::Odd)
    }
}

/// A time in the commonest form, `2026-01-02T03:04:05Z`. A general parser does much more work.
fn whole_second(text: &str) -> Option<Timestamp> {
    let &[
        y0,
        y1,
        y2,
        y3,
        b'-',
        mo0,
        mo1,
        b'-',
        d0,
        d1,
        b'T',
        h0,
        h1,
        b':',
        m0,
        m1,
        b':',
        s0,
        s1,
        b'Z',
    ] = text.as_bytes()
    else {
        return None;
    };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i16::from(byte - b'0'));
    let pair = |tens, ones| i8::try_from(digit(tens)? * 10 + digit(ones)?).ok();
    let year = i16::from(pair(y0, y1)?) * 100 + i16::from(pair(y2, y3)?);
    let (month, day) = (pair(mo0, mo1)?, pair(d0, d1)?);
    let (hour, minute, second) = (pair(h0, h1)?, pair(m0, m1)?, pair(s0, s1)?);
    let civil = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    Offset::UTC.to_timestamp(civil).ok()
}

impl Scalar for Timestamp {
    type Out = Self;
    const EXPECTED: &'static str = "a time";

    fn of_text(text: &str) -> Option<Form<Self>> {
        let known = |time: &Self| time.as_second() > ZERO;
        if let Some(time) = whole_second(text).or_else(|| text.parse().ok()) {
            return known(&time).then_some(Form::Usual(time));
        }
        // Partner Center puts blanks into times (docs of 2021). A time without a zone is UTC.
        let compact: String = text.split_whitespace().collect();
        let time = compact.parse().ok().or_else(|| {
            let civil: DateTime = text.trim().parse().ok()?;
            Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
        })?;
        known(&time).then_some(Form::Odd(time))
    }
}

impl Scalar for Date {
    type Out = Self;
    const EXPECTED: &'static str = "a day";

    fn of_text(text: &str) -> Option<Form<Self>> {
        let day: Self = text.parse().ok()?;
        Some(if day.to_string() == text {
            Form::Usual(day)
        } else {
            Form::Odd(day)
        })
    }
}

macro_rules! members {
    ($($type:ty = $kind:ident),+) => {
        $(impl Member for $type {
            const KIND: Kind = Kind::$kind;

            #[inline]
            fn read<'de, D: Deserializer<'de>>(
                slot: &mut Option<Self>,
                deserializer: D,
            ) -> Result<Option<Value>, D::Error> {
                deserializer.deserialize_any(Reader::<Self>(slot))
            }
        })+
    };
}

members!(
    String = Text,
    bool = Flag,
    i64 = Number,
    Timestamp = Time,
    Date = Date
);

/// Any JSON fits a field that keeps values as they are.
impl Member for Value {
    const KIND: Kind = Kind::Object;

    fn read<'de, D: Deserializer<'de>>(
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<Option<Value>, D::Error> {
        *slot = Some(Self::deserialize(deserializer)?).filter(|value| !value.is_null());
        Ok(None)
    }
}

/// Reads an enum by name; anything but text counts as odd.
///
/// # Errors
/// If the JSON is broken.
pub fn named<'de, D, T>(slot: &mut Option<T>, deserializer: D) -> Result<Option<Value>, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> From<&'a str>,
{
    deserializer.deserialize_any(Reader::<Name<T>>(slot))
}

struct Name<T>(PhantomData<T>);

impl<T: for<'a> From<&'a str>> Scalar for Name<T> {
    type Out = T;
    const EXPECTED: &'static str = "a name";

    fn of_text(text: &str) -> Option<Form<T>> {
        Some(Form::Usual(T::from(text)))
    }
}
