//! Reading of single values, also those in an odd form.

use std::{fmt, marker::PhantomData};

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde_json::Value;

use super::{
    Kind,
    field::{Fit, Member, rest_of},
};

/// The zero of the directory's own clock, 1601-01-01, in seconds before 1970. Times up to it mean "never".
const ZERO: i64 = -11_644_473_600;

/// What a scalar makes of each kind of JSON value; `None` where it cannot be read.
trait Scalar: Sized {
    const EXPECTED: &'static str;
    /// Whether objects and lists are no value at all, so that the row around them is odd.
    const IS_STRICT: bool = false;

    fn of_text(text: &str) -> Option<Fit<Self>>;

    fn of_flag(_: bool) -> Option<Self> {
        None
    }

    /// Whether the number is in its natural form.
    fn of_number(_: i64) -> Option<Fit<Self>> {
        None
    }

    fn of_fraction(_: f64) -> Option<Self> {
        None
    }
}

struct Reader<T>(PhantomData<fn() -> T>);

fn read<'de, D: Deserializer<'de>, T: Scalar>(deserializer: D) -> Result<Fit<T>, D::Error> {
    deserializer.deserialize_any(Reader(PhantomData))
}

fn bent<T>(value: Option<T>, raw: Value) -> Fit<T> {
    match value {
        Some(value) => Fit::Bent(value, raw),
        None => Fit::Odd(raw),
    }
}

impl<'de, T: Scalar> Visitor<'de> for Reader<T> {
    type Value = Fit<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(T::of_text(text).unwrap_or_else(|| Fit::Odd(text.into())))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(match T::of_flag(flag) {
            Some(value) if T::EXPECTED == FLAG => Fit::Fits(value),
            value => bent(value, flag.into()),
        })
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(T::of_number(number).unwrap_or_else(|| Fit::Odd(number.into())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        let fit = i64::try_from(number).ok().and_then(T::of_number);
        Ok(fit.unwrap_or_else(|| Fit::Odd(number.into())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(bent(T::of_fraction(number), number.into()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Fit::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        if T::IS_STRICT {
            return Err(serde::de::Error::invalid_type(serde::de::Unexpected::Seq, &self));
        }
        rest_of(items, Vec::new()).map(Fit::Odd)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        if T::IS_STRICT {
            return Err(serde::de::Error::invalid_type(serde::de::Unexpected::Map, &self));
        }
        Value::deserialize(MapAccessDeserializer::new(map)).map(Fit::Odd)
    }
}

const FLAG: &str = "true or false";

impl Scalar for String {
    const EXPECTED: &'static str = "a text";
    const IS_STRICT: bool = true;

    #[inline]
    fn of_text(text: &str) -> Option<Fit<Self>> {
        Some(Fit::Fits(text.to_owned()))
    }

    fn of_flag(flag: bool) -> Option<Self> {
        Some(flag.to_string())
    }

    fn of_number(number: i64) -> Option<Fit<Self>> {
        Some(Fit::Bent(number.to_string(), number.into()))
    }

    fn of_fraction(number: f64) -> Option<Self> {
        Some(number.to_string())
    }
}

impl Scalar for bool {
    const EXPECTED: &'static str = FLAG;

    fn of_text(text: &str) -> Option<Fit<Self>> {
        let flag = match text.trim() {
            word if word.eq_ignore_ascii_case("true") => true,
            word if word.eq_ignore_ascii_case("false") => false,
            _ => return None,
        };
        Some(Fit::Bent(flag, text.into()))
    }

    fn of_flag(flag: bool) -> Option<Self> {
        Some(flag)
    }

    fn of_number(number: i64) -> Option<Fit<Self>> {
        match number {
            0 => Some(Fit::Bent(false, number.into())),
            1 => Some(Fit::Bent(true, number.into())),
            _ => None,
        }
    }
}

impl Scalar for i64 {
    const EXPECTED: &'static str = "a whole number";

    fn of_text(text: &str) -> Option<Fit<Self>> {
        let trimmed = text.trim();
        let number = trimmed
            .parse()
            .ok()
            .or_else(|| Self::of_fraction(trimmed.parse().ok()?))?;
        Some(Fit::Bent(number, text.into()))
    }

    fn of_number(number: i64) -> Option<Fit<Self>> {
        Some(Fit::Fits(number))
    }

    fn of_fraction(number: f64) -> Option<Self> {
        // By way of text, as it cannot lose: what is not whole or too large does not parse.
        number.to_string().parse().ok()
    }
}

impl Scalar for Timestamp {
    const EXPECTED: &'static str = "a time";

    fn of_text(text: &str) -> Option<Fit<Self>> {
        let known = |time: &Self| time.as_second() > ZERO;
        if let Ok(time) = text.parse() {
            return known(&time).then_some(Fit::Fits(time));
        }
        // Partner Center puts blanks into times (docs of 2021), and a time without a zone is UTC.
        let compact: String = text.split_whitespace().collect();
        let time = compact.parse().ok().or_else(|| {
            let civil: DateTime = text.trim().parse().ok()?;
            Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
        })?;
        known(&time).then(|| Fit::Bent(time, text.into()))
    }
}

impl Scalar for Date {
    const EXPECTED: &'static str = "a day";

    fn of_text(text: &str) -> Option<Fit<Self>> {
        let day: Self = text.parse().ok()?;
        Some(if day.to_string() == text {
            Fit::Fits(day)
        } else {
            Fit::Bent(day, text.into())
        })
    }
}

macro_rules! members {
    ($($type:ty = $kind:ident),+) => {
        $(impl Member for $type {
            const KIND: Kind = Kind::$kind;

            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fit<Self>, D::Error> {
                read(deserializer)
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

/// Any JSON fits where a model leaves a value as it is.
impl Member for Value {
    const KIND: Kind = Kind::Object;

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fit<Self>, D::Error> {
        Ok(match Self::deserialize(deserializer)? {
            Self::Null => Fit::Nothing,
            value => Fit::Fits(value),
        })
    }
}

/// Reads an enum by its name; anything that is no text is odd.
///
/// # Errors
/// If the JSON is broken.
pub fn named<'de, D, T>(deserializer: D) -> Result<Fit<T>, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> From<&'a str>,
{
    deserializer
        .deserialize_any(Reader::<Name<T>>(PhantomData))
        .map(|fit| match fit {
            Fit::Fits(Name(value)) => Fit::Fits(value),
            Fit::Bent(Name(value), raw) => Fit::Bent(value, raw),
            Fit::Nothing => Fit::Nothing,
            Fit::Odd(raw) => Fit::Odd(raw),
        })
}

struct Name<T>(T);

impl<T: for<'a> From<&'a str>> Scalar for Name<T> {
    const EXPECTED: &'static str = "a name";

    fn of_text(text: &str) -> Option<Fit<Self>> {
        Some(Fit::Fits(Self(T::from(text))))
    }
}
