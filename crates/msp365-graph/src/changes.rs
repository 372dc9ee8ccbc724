//! What delta queries add to rows: that an object is gone, and related objects that came and went.

use std::{fmt, marker::PhantomData};

use msp365_core::{
    Page, Request,
    model::{Field, Split},
    open_enum,
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, MapAccess, Visitor, value::MapAccessDeserializer},
};

use crate::directory_objects::ObjectType;

/// Most ids of one filter (docs of 2026).
const IDS: usize = 50;

msp365_core::model! {
    /// That something is gone, and how.
    pub struct Removed {
        /// How it went.
        reason, REASON = "reason": Option<RemovedReason>,
    }
}

open_enum! {
    /// How an object went: deleted but restorable, or for good.
    pub enum RemovedReason { Changed = "changed", Deleted = "deleted" }
}

msp365_core::model! {
    /// A related object that came or went.
    pub struct MemberChange {
        /// Its object id.
        id, ID = "id": String,
        /// What it is.
        object_type, OBJECT_TYPE = "@odata.type": Option<ObjectType>,
        /// Present where it is no longer related, or gone itself.
        removed, REMOVED = "@removed": Option<Removed>,
    }
}

/// A row with what a delta query adds to it.
pub(crate) struct Changed<T> {
    pub(crate) row: T,
    pub(crate) removed: Option<Removed>,
    pub(crate) related: Vec<MemberChange>,
}

/// Reads a row with the changes of one relation, whose member is called `relation`.
pub(crate) fn read<'de, D, T>(deserializer: D, relation: &'static str) -> Result<Changed<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_map(Reader {
        relation,
        row: PhantomData,
    })
}

struct Reader<T> {
    relation: &'static str,
    row: PhantomData<fn() -> T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
    type Value = Changed<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of a delta query")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let (mut removed, mut related) = (None, Vec::new());
        let split = Split::new(map, |name: &str, map: &mut A| {
            if name == "@removed" {
                removed = map.next_value_seed(Plain(PhantomData))?;
            } else if name == self.relation {
                related = map.next_value_seed(Plain(PhantomData))?;
            } else {
                return Ok(false);
            }
            Ok(true)
        });
        let row = T::deserialize(MapAccessDeserializer::new(split))?;
        Ok(Changed {
            row,
            removed,
            related,
        })
    }
}

/// A field of which only what fits is kept.
struct Plain<F>(PhantomData<fn() -> F>);

impl<'de, F: Field> DeserializeSeed<'de> for Plain<F> {
    type Value = F;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<F, D::Error> {
        let mut field = F::default();
        field.read(deserializer)?;
        Ok(field)
    }
}

/// A delta query of these objects alone, at most fifty.
pub(crate) fn of_ids<T, S: AsRef<str>>(
    request: Request<Page<T>>,
    ids: impl IntoIterator<Item = S>,
) -> Request<Page<T>> {
    let parts: Vec<String> = ids
        .into_iter()
        .map(|id| format!("id eq '{}'", id.as_ref().replace('\'', "''")))
        .collect();
    if parts.is_empty() || parts.len() > IDS {
        return request.refuse("a delta query is of one to fifty objects, or of all");
    }
    request.query("$filter", parts.join(" or "))
}

/// A delta query that gives no rows, only the cursor from which changes from now on are read.
pub(crate) fn from_now<T>(request: Request<Page<T>>) -> Request<Page<T>> {
    request.query("$deltatoken", "latest")
}
