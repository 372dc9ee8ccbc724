//! `$select`: which properties an answer holds.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    Refused, Shape,
    shape::{Occurs, listed},
};
use crate::world::packed::{Outline, Packed, Unset, write_json};

/// The properties that are answered.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    shape: &'static Shape,
    named: Option<Vec<String>>,
    /// What to put into rows of the shape itself, worked out once for all rows; `None`: whatever they have.
    plan: Option<Outline>,
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
        Some(self.plain()?.names())
    }

    /// What is told of a row, if that does not depend on its type and is not everything.
    fn plain(&self) -> Option<&Outline> {
        self.plan.as_ref().filter(|_| self.shape.kinds.is_empty())
    }

    /// Writes what the answer holds of a row.
    pub(super) fn write(&self, row: &Packed, out: &mut Vec<u8>) {
        match self.plain() {
            Some(outline) => row.write(outline, out),
            None => write_json(&self.cut(Cow::Owned(row.to_json())), out),
        }
    }

    /// The row with the selected properties, its id and its annotations. What is selected and unset is null.
    pub(crate) fn project(&self, row: &Map<String, Value>) -> Map<String, Value> {
        self.cut(Cow::Borrowed(row))
    }

    /// As [`Self::project`], of a row that nobody else needs where it is owned.
    pub(super) fn cut(&self, row: Cow<'_, Map<String, Value>>) -> Map<String, Value> {
        let shape = self.shape.kind_of(&row);
        if std::ptr::eq(shape, self.shape) {
            return told(row, self.plan.as_ref());
        }
        told(row, plan(shape, self.named.as_deref()).as_ref())
    }
}

/// What rows of a shape are answered with; `None`: whatever they have.
fn plan(shape: &Shape, named: Option<&[String]>) -> Option<Outline> {
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
    Some(Outline::new(known))
}

fn told(row: Cow<'_, Map<String, Value>>, plan: Option<&Outline>) -> Map<String, Value> {
    match plan {
        Some(outline) => outline.cut(row),
        None => row.into_owned(),
    }
}
