//! How one member of a JSON object becomes one field of a model.

use std::{fmt, marker::PhantomData};

use serde::{
    Serialize,
    de::{
        self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor,
        value::MapAccessDeserializer,
    },
    ser::SerializeMap,
};
use serde_json::Value;

/// What a value is, for filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Text, ids and names of an enum.
    Text,
    /// True or false.
    Flag,
    /// A whole number.
    Number,
    /// A point in time.
    Time,
    /// A day.
    Date,
    /// An object of its own.
    Object,
}

/// What was found where a value should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit<T> {
    /// The value.
    Fits(T),
    /// The value, read from an odd form.
    Bent(T, Value),
    /// Null.
    Nothing,
    /// Something else.
    Odd(Value),
}

/// A value that may stand in a member: text, number, time, an enum, a nested model.
pub trait Member: Sized {
    /// What it is.
    const KIND: Kind;

    /// Reads one.
    ///
    /// # Errors
    /// If the JSON is broken, or an object stands where a text should be.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fit<Self>, D::Error>;
}

/// A field of a model: a key, an optional value, or a list. Its default is what it is where the member is absent.
pub trait Field: Default {
    /// What its values are.
    const KIND: Kind;
    /// Whether no model is without it.
    const IS_KEY: bool = false;

    /// Reads it; what does not fit comes back.
    ///
    /// # Errors
    /// As of [`Member::read`].
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<Option<Value>, D::Error>;

    /// Writes it, and null or an empty list only where that was `seen`.
    ///
    /// # Errors
    /// Those of the serializer.
    fn write<M: SerializeMap>(&self, name: &'static str, seen: bool, map: &mut M) -> Result<(), M::Error>;
}

impl Field for String {
    const KIND: Kind = Kind::Text;
    const IS_KEY: bool = true;

    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<Option<Value>, D::Error> {
        let (value, raw) = match <Self as Member>::read(deserializer)? {
            Fit::Fits(value) => (value, None),
            Fit::Bent(value, raw) => (value, Some(raw)),
            Fit::Nothing | Fit::Odd(_) => return Err(de::Error::custom("a key is null")),
        };
        *self = value;
        Ok(raw)
    }

    fn write<M: SerializeMap>(&self, name: &'static str, _: bool, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry(name, self)
    }
}

impl<T: Member + Serialize> Field for Option<T> {
    const KIND: Kind = T::KIND;

    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<Option<Value>, D::Error> {
        let (value, raw) = match T::read(deserializer)? {
            Fit::Fits(value) => (Some(value), None),
            Fit::Bent(value, raw) => (Some(value), Some(raw)),
            Fit::Nothing => (None, None),
            Fit::Odd(raw) => (None, Some(raw)),
        };
        *self = value;
        Ok(raw)
    }

    fn write<M: SerializeMap>(&self, name: &'static str, seen: bool, map: &mut M) -> Result<(), M::Error> {
        match self {
            Some(value) => map.serialize_entry(name, value),
            None if seen => map.serialize_entry(name, &()),
            None => Ok(()),
        }
    }
}

impl<T: Member + Serialize> Field for Vec<T> {
    const KIND: Kind = T::KIND;

    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<Option<Value>, D::Error> {
        let (list, raw) = deserializer.deserialize_any(ListVisitor(PhantomData))?;
        *self = list;
        Ok(raw)
    }

    fn write<M: SerializeMap>(&self, name: &'static str, seen: bool, map: &mut M) -> Result<(), M::Error> {
        if seen || !self.is_empty() {
            map.serialize_entry(name, self)?;
        }
        Ok(())
    }
}

/// Reads an object into a nested model; what is no object is odd.
///
/// # Errors
/// If the JSON is broken or the object lacks its key.
pub fn nested<'de, D, T>(deserializer: D) -> Result<Fit<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(NestedVisitor(PhantomData))
}

struct NestedVisitor<T>(PhantomData<fn() -> T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for NestedVisitor<T> {
    type Value = Fit<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Fit::Fits)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Fit::Nothing)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Fit::Odd(flag.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Fit::Odd(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Fit::Odd(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Fit::Odd(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Fit::Odd(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        rest_of(items, Vec::new()).map(Fit::Odd)
    }
}

struct ListVisitor<T>(PhantomData<fn() -> T>);

impl<T> ListVisitor<T> {
    fn odd(raw: impl Into<Value>) -> (Vec<T>, Option<Value>) {
        (Vec::new(), Some(raw.into()))
    }
}

impl<'de, T: Member + Serialize> Visitor<'de> for ListVisitor<T> {
    type Value = (Vec<T>, Option<Value>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::with_capacity(items.size_hint().unwrap_or_default().min(4096));
        // Kept only from the first element on that does not fit.
        let mut raw: Option<Vec<Value>> = None;
        while let Some(item) = items.next_element_seed(Item::<T>(PhantomData))? {
            let (value, odd) = match item {
                Fit::Fits(value) => (Some(value), None),
                Fit::Bent(value, odd) => (Some(value), Some(odd)),
                Fit::Nothing => (None, Some(Value::Null)),
                Fit::Odd(odd) => (None, Some(odd)),
            };
            if odd.is_some() && raw.is_none() {
                raw = Some(as_values(&list)?);
            }
            if let Some(raw) = &mut raw {
                raw.push(match (odd, &value) {
                    (Some(odd), _) => odd,
                    (None, Some(value)) => serde_json::to_value(value).map_err(de::Error::custom)?,
                    (None, None) => Value::Null,
                });
            }
            list.extend(value);
        }
        Ok((list, raw.map(Value::Array)))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Self::odd(Value::Null))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Self::odd(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Self::odd(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Self::odd(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Self::odd(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Self::odd(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(Self::odd)
    }
}

struct Item<T>(PhantomData<fn() -> T>);

impl<'de, T: Member> DeserializeSeed<'de> for Item<T> {
    type Value = Fit<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fit<T>, D::Error> {
        T::read(deserializer)
    }
}

fn as_values<T: Serialize, E: de::Error>(list: &[T]) -> Result<Vec<Value>, E> {
    list.iter()
        .map(|item| serde_json::to_value(item).map_err(E::custom))
        .collect()
}

/// The elements of a list that are left, behind those given.
pub(super) fn rest_of<'de, A: SeqAccess<'de>>(
    mut items: A,
    mut before: Vec<Value>,
) -> Result<Value, A::Error> {
    while let Some(item) = items.next_element()? {
        before.push(item);
    }
    Ok(Value::Array(before))
}
