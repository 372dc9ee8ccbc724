//! Which members of an object are told.

use std::borrow::Cow;

use serde_json::Value;

use super::words::ADDED;
use crate::world::Json;

/// The members of an object that are told. What a service adds of its own, as `@odata.type`, always is.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    /// In the order of the names.
    members: Vec<(String, Unset)>,
}

/// What stands for a member that an object has not, or that is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unset {
    Null,
    EmptyList,
    Absent,
    /// Nothing for what it has not, null for what is null.
    AsIs,
}

impl Outline {
    /// These members, and the id.
    pub(crate) fn new(members: impl IntoIterator<Item = (String, Unset)>) -> Self {
        let mut members: Vec<_> = members.into_iter().collect();
        if !members.iter().any(|(name, _)| name == "id") {
            members.push(("id".to_owned(), Unset::AsIs));
        }
        members.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        members.dedup_by(|(left, _), (right, _)| left == right);
        Self { members }
    }

    /// The members by their names, and in their order.
    pub(super) fn members(&self) -> &[(String, Unset)] {
        &self.members
    }

    /// The names of all members.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_str())
    }

    fn tells(&self, name: &str) -> bool {
        let place = self.members.binary_search_by(|(own, _)| own.as_str().cmp(name));
        place.is_ok() || name.starts_with(ADDED)
    }

    /// What is told of an object.
    pub(crate) fn cut(&self, object: Cow<'_, Json>) -> Json {
        let mut told: Json = match object {
            Cow::Borrowed(object) => {
                let told = object.iter().filter(|(name, _)| self.tells(name));
                told.map(|(name, value)| (name.clone(), value.clone())).collect()
            }
            Cow::Owned(mut object) => {
                object.retain(|name, _| self.tells(name));
                object
            }
        };
        for (name, unset) in &self.members {
            if told.get(name).is_some_and(|value| !value.is_null()) {
                continue;
            }
            match unset {
                Unset::Null => told.insert(name.clone(), Value::Null),
                Unset::EmptyList => told.insert(name.clone(), Value::Array(Vec::new())),
                Unset::Absent => told.remove(name),
                Unset::AsIs => None,
            };
        }
        told
    }
}
