//! What delta queries add to rows: that an object was removed, and related objects that were added or removed.

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

/// Most ids in one filter (docs of 2026).
const IDS: usize = 50;

msp365_core::model! {
    /// That something was removed, and how.
    pub struct Removed {
        /// How it was removed.
        reason, REASON = "reason": Option<RemovedReason>,
    }
}

open_enum! {
    /// How an object was removed: deleted but restorable, or for good.
    pub enum RemovedReason { Changed = "changed", Deleted = "deleted" }
}

msp365_core::model! {
    /// A related object that was added or removed.
    pub struct MemberChange {
        /// Its object id.
        id, ID = "id": String,
        /// What it is.
        object_type, OBJECT_TYPE = "@odata.type": Option<ObjectType>,
        /// Present if it is no longer related, or was itself removed.
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

/// A field that keeps only what fits.
struct Plain<F>(PhantomData<fn() -> F>);

impl<'de, F: Field> DeserializeSeed<'de> for Plain<F> {
    type Value = F;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<F, D::Error> {
        let mut field = F::default();
        field.read(deserializer)?;
        Ok(field)
    }
}

/// A delta query for these objects only, at most fifty.
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

/// A delta query that returns no rows, only the cursor from which later changes are read.
pub(crate) fn from_now<T>(request: Request<Page<T>>) -> Request<Page<T>> {
    request.query("$deltatoken", "latest")
}
