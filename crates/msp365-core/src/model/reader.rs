//! How an object becomes a model: one loop for all models, and one function per type of field.

use std::{fmt, marker::PhantomData};

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::{Extra, Field, Seen};

/// What [`model!`](crate::model!) declares about a model.
pub trait Model: Sized {
    /// The name of the type.
    const NAME: &'static str;
    /// The names of the members, in the order of the fields.
    const MEMBERS: &'static [&'static str];

    /// The model before anything was read. It has no key yet, so only the reader may use it.
    fn blank() -> Self;

    /// The place of the field for the member of this name.
    fn place(member: &str) -> Option<u8>;

    /// Reads the object's next value into the field at this place; returns a value that does not fit.
    ///
    /// # Errors
    /// As of [`Member::read`](super::Member::read).
    fn fill<'de, A: MapAccess<'de>>(&mut self, place: u8, object: &mut A) -> Result<Option<Value>, A::Error>;

    /// The first key that was absent.
    fn missing(&self) -> Option<&'static str>;

    /// What was read besides the fields.
    fn beside(&mut self) -> (&mut Seen, &mut Extra);
}

/// Reads a model.
///
/// # Errors
/// If the JSON is broken, or a key is absent or null.
pub fn object<'de, D: Deserializer<'de>, T: Model>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ModelVisitor(PhantomData))
}

/// Reads the next value of an object into a field.
///
/// This is a function per type of field, not per field: inlined, the code that reads one large model outgrows the
/// processor's instruction cache and takes twice as long.
///
/// # Errors
/// As of [`Member::read`](super::Member::read).
#[inline(never)]
pub fn value<'de, F: Field, A: MapAccess<'de>>(
    field: &mut F,
    object: &mut A,
) -> Result<Option<Value>, A::Error> {
    object.next_value_seed(Into(field))
}

struct Into<'a, F>(&'a mut F);

impl<'de, F: Field> DeserializeSeed<'de> for Into<'_, F> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        self.0.read(deserializer)
    }
}

struct ModelVisitor<T>(PhantomData<fn() -> T>);

impl<'de, T: Model> Visitor<'de> for ModelVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object that is a {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<T, A::Error> {
        let mut model = T::blank();
        while let Some(key) = object.next_key_seed(KeySeed::<T>(PhantomData))? {
            let (name, raw) = match key {
                Key::Known(place) => {
                    let (seen, extra) = model.beside();
                    let name = T::MEMBERS.get(usize::from(place)).copied().unwrap_or_default();
                    // If a member appears twice, the last one counts.
                    if seen.add(place) {
                        extra.remove(name);
                    }
                    match model.fill(place, &mut object)? {
                        None => continue,
                        Some(raw) => (name.to_owned(), raw),
                    }
                }
                Key::Other(name) => (name, object.next_value()?),
            };
            model.beside().1.insert(name, raw);
        }
        match model.missing() {
            None => Ok(model),
            Some(name) => Err(de::Error::missing_field(name)),
        }
    }
}

enum Key {
    Known(u8),
    Other(String),
}

struct KeySeed<T>(PhantomData<fn() -> T>);

impl<'de, T: Model> DeserializeSeed<'de> for KeySeed<T> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T: Model> Visitor<'_> for KeySeed<T> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        Ok(T::place(name).map_or_else(|| Key::Other(name.to_owned()), Key::Known))
    }
}
