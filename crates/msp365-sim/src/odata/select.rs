//! `$select`: which properties an answer holds.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    Refused, Shape,
    shape::{Occurs, listed},
};

/// The properties that are answered.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    shape: &'static Shape,
    named: Option<Vec<String>>,
    /// What to put into rows of the shape itself, worked out once for all rows; `None`: whatever they have.
    plan: Option<Vec<(String, Unset)>>,
}

/// What stands for a property that a row has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unset {
    Null,
    EmptyList,
    Absent,
}

impl Selection {
    /// Reads `$select`; `None` stands for a request without it.
    ///
    /// # Errors
    /// A refusal if a name is not a property of the shape.
    pub(crate) fn parse(text: Option<&str>, shape: &'static Shape) -> Result<Self, Refused> {
        let Some(text) = text else {
            return Ok(Self {
                shape,
                named: None,
                plan: plan(shape, None),
            });
        };
        let mut named: Vec<String> = Vec::new();
        for name in text.split(',').map(str::trim) {
            if name.is_empty() {
                return Err(Refused::bad(
                    "Parsing OData Select and Expand failed: a name is missing.",
                ));
            }
            if shape.member(name).is_none() && !listed(shape.navigations, name) {
                let known = name.split_once('/').map_or(name, |(first, _)| first);
                return Err(Refused::unknown_property(known, shape.name));
            }
            if !named.iter().any(|known| known == name) {
                named.push(name.to_owned());
            }
        }
        let plan = plan(shape, Some(&named));
        Ok(Self {
            shape,
            named: Some(named),
            plan,
        })
    }

    /// The type the names belong to.
    pub(crate) const fn shape(&self) -> &'static Shape {
        self.shape
    }

    /// The names as asked for; `None` without `$select`.
    pub(crate) fn named(&self) -> Option<&[String]> {
        self.named.as_deref()
    }

    pub(crate) fn includes(&self, property: &str) -> bool {
        self.named
            .as_ref()
            .is_some_and(|named| named.iter().any(|name| name == property))
    }

    /// The members of a row that the answer holds; `None`: all of them, or other ones by the row's type.
    pub(super) fn needs(&self) -> Option<impl Iterator<Item = &str>> {
        let plan = self.plan.as_ref().filter(|_| self.shape.kinds.is_empty())?;
        Some(plan.iter().map(|(name, _)| name.as_str()).chain(["id"]))
    }

    /// The row with the selected properties, its id and its annotations. What is selected and unset is null.
    pub(crate) fn project(&self, row: &Map<String, Value>) -> Map<String, Value> {
        self.cut(Cow::Borrowed(row))
    }

    /// As [`Self::project`], of a row that nobody else needs where it is owned.
    pub(super) fn cut(&self, row: Cow<'_, Map<String, Value>>) -> Map<String, Value> {
        let shape = self.shape.kind_of(&row);
        if std::ptr::eq(shape, self.shape) {
            return fill(row, self.plan.as_deref());
        }
        fill(row, plan(shape, self.named.as_deref()).as_deref())
    }
}

/// What rows of a shape are answered with; `None`: whatever they have.
fn plan(shape: &Shape, named: Option<&[String]>) -> Option<Vec<(String, Unset)>> {
    let wanted: Vec<&str> = match (named, shape.by_default) {
        (Some(named), _) => named.iter().map(String::as_str).collect(),
        (None, Some(usual)) => usual.split_ascii_whitespace().collect(),
        (None, None) => return None,
    };
    let known = wanted.into_iter().filter_map(|name| {
        let unset = match shape.member(name)? {
            (_, Occurs::Many) => Unset::EmptyList,
            _ if listed(shape.never_null, name) || name == "signInActivity" => Unset::Absent,
            _ => Unset::Null,
        };
        Some((name.to_owned(), unset))
    });
    Some(known.collect())
}

fn fill(row: Cow<'_, Map<String, Value>>, plan: Option<&[(String, Unset)]>) -> Map<String, Value> {
    let Some(plan) = plan else {
        return row.into_owned();
    };
    let has_id = plan.iter().any(|(name, _)| name == "id");
    let is_kept = |name: &str| {
        (name == "id" && !has_id)
            || name.starts_with("@odata.")
            || plan.iter().any(|(planned, _)| planned == name)
    };
    let mut out = match row {
        Cow::Borrowed(row) => {
            let kept = row.iter().filter(|(name, _)| is_kept(name));
            kept.map(|(name, value)| (name.clone(), value.clone())).collect()
        }
        Cow::Owned(row) => row,
    };
    let mut expected = usize::from(!has_id);
    for (name, unset) in plan {
        let value = match (out.get(name), unset) {
            (Some(value), _) if !value.is_null() => None,
            (_, Unset::EmptyList) => Some(Value::Array(Vec::new())),
            (_, Unset::Null) => Some(Value::Null),
            (_, Unset::Absent) => {
                out.remove(name);
                continue;
            }
        };
        expected += 1;
        if let Some(value) = value {
            out.insert(name.clone(), value);
        }
    }
    // An owned row may hold what was needed to filter alone.
    if out.len() > expected {
        out.retain(|name, _| is_kept(name));
    }
    out
}
