//! How a member of a JSON object becomes a field of a model.

use std::fmt;

use serde::{
    Serialize,
    de::{
        self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor,
        value::MapAccessDeserializer,
    },
    ser::SerializeMap,
};
use serde_json::Value;

/// The type of a value, as filters see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Text, ids and the names of enum members.
    Text,
    /// True or false.
    Flag,
    /// A whole number.
    Number,
    /// A point in time.
    Time,
    /// A day.
    Date,
    /// A nested object.
    Object,
}

/// A value that a member may hold: text, number, time, an enum, a nested model.
pub trait Member: Sized {
    /// The type of value.
    const KIND: Kind;

    /// Reads a value into the slot, which is empty afterwards if there was null or nothing of that type.
    ///
    /// A value that does not fit, or was read from an odd form, is returned as it came.
    ///
    /// # Errors
    /// If the JSON is broken, or an object stands where a text should be.
    fn read<'de, D: Deserializer<'de>>(
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<Option<Value>, D::Error>;
}

/// A field of a model: a key, an optional value, or a list. Its default is its value where the member is absent.
pub trait Field: Default {
    /// The type of its values.
    const KIND: Kind;
    /// Whether every model must have it.
    const IS_KEY: bool = false;

    /// Reads the field; returns a value that does not fit.
    ///
    /// # Errors
    /// As of [`Member::read`].
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<Option<Value>, D::Error>;

    /// Writes the field; null or an empty list only if that was `seen`.
    ///
    /// # Errors
    /// Those of the serializer.
    fn write<M: SerializeMap>(&self, name: &'static str, seen: bool, map: &mut M) -> Result<(), M::Error>;
}

impl Field for String {
    const KIND: Kind = Kind::Text;
    const IS_KEY: bool = true;

    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<Option<Value>, D::Error> {
        let mut slot = None;
        let raw = <Self as Member>::read(&mut slot, deserializer)?;
        *self = slot.ok_or_else(|| de::Error::custom("a key is null"))?;
        Ok(raw)
    }

    fn write<M: SerializeMap>(&self, name: &'static str, _: bool, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry(name, self)
    }
}

impl<T: Member + Serialize> Field for Option<T> {
    const KIND: Kind = T::KIND;

    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<Option<Value>, D::Error> {
        T::read(self, deserializer)
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
        self.clear();
        deserializer.deserialize_any(ListVisitor(self))
    }

    fn write<M: SerializeMap>(&self, name: &'static str, seen: bool, map: &mut M) -> Result<(), M::Error> {
        if seen || !self.is_empty() {
            map.serialize_entry(name, self)?;
        }
        Ok(())
    }
}

/// Reads an object into a nested model; anything else counts as odd.
///
/// # Errors
/// If the JSON is broken or the object lacks its key.
pub fn nested<'de, D, T>(slot: &mut Option<T>, deserializer: D) -> Result<Option<Value>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    *slot = None;
    deserializer.deserialize_any(NestedVisitor(slot))
}

/// How a visitor treats everything but the form it looks for: it keeps the value; null counts as nothing.
macro_rules! keep_scalars {
    () => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::NULL)
        }

        fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
            Ok(Some(flag.into()))
        }

        fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
            Ok(Some(number.into()))
        }

        fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
            Ok(Some(number.into()))
        }

        fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
            Ok(Some(number.into()))
        }

        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(text.into()))
        }
    };
}

struct NestedVisitor<'a, T>(&'a mut Option<T>);

impl<T> NestedVisitor<'_, T> {
    const NULL: Option<Value> = None;
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for NestedVisitor<'_, T> {
    type Value = Option<Value>;

    keep_scalars!();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        *self.0 = Some(T::deserialize(MapAccessDeserializer::new(map))?);
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        rest_of(items, Vec::new()).map(Some)
    }
}

struct ListVisitor<'a, T>(&'a mut Vec<T>);

impl<T> ListVisitor<'_, T> {
    const NULL: Option<Value> = Some(Value::Null);
}

impl<'de, T: Member + Serialize> Visitor<'de> for ListVisitor<'_, T> {
    type Value = Option<Value>;

    keep_scalars!();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let list = self.0;
        list.reserve(items.size_hint().unwrap_or_default().min(4096));
        // Kept only from the first element that does not fit.
        let mut raw: Option<Vec<Value>> = None;
        let mut slot = None;
        while let Some(odd) = items.next_element_seed(Item(&mut slot))? {
            let odd = odd.or_else(|| slot.is_none().then_some(Value::Null));
            if odd.is_some() && raw.is_none() {
                raw = Some(as_values(list)?);
            }
            if let Some(raw) = &mut raw {
                raw.push(match odd {
                    Some(odd) => odd,
                    None => serde_json::to_value(&slot).map_err(de::Error::custom)?,
                });
            }
            list.extend(slot.take());
        }
        Ok(raw.map(Value::Array))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }
}

struct Item<'a, T>(&'a mut Option<T>);

impl<'de, T: Member> DeserializeSeed<'de> for Item<'_, T> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        T::read(self.0, deserializer)
    }
}

fn as_values<T: Serialize, E: de::Error>(list: &[T]) -> Result<Vec<Value>, E> {
    list.iter()
        .map(|item| serde_json::to_value(item).map_err(E::custom))
        .collect()
}

/// The remaining elements of a list, appended to those given.
pub(super) fn rest_of<'de, A: SeqAccess<'de>>(
    mut items: A,
    mut before: Vec<Value>,
) -> Result<Value, A::Error> {
    while let Some(item) = items.next_element()? {
        before.push(item);
    }
    Ok(Value::Array(before))
}
