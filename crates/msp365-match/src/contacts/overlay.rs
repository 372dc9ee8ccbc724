//! Microsoft's facts beside the tool's, without overwriting anything.

use std::collections::BTreeMap;

use super::{Contact, Person};

/// Which of Microsoft's fields corresponds to which of the tool's. It is data: it can be shown and changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    fields: BTreeMap<String, String>,
}

/// Microsoft's fields, and their usual names in tools.
const USUAL: &[(&str, &str)] = &[
    ("city", "city"),
    ("companyName", "company"),
    ("department", "department"),
    ("displayName", "name"),
    ("givenName", "first_name"),
    ("jobTitle", "title"),
    ("mail", "email"),
    ("mobilePhone", "mobile"),
    ("officeLocation", "location"),
    ("surname", "last_name"),
];

impl Default for Mapping {
    /// The usual names.
    fn default() -> Self {
        let fields = USUAL
            .iter()
            .map(|(ours, theirs)| ((*ours).to_owned(), (*theirs).to_owned()));
        Self {
            fields: fields.collect(),
        }
    }
}

impl Mapping {
    /// Maps one of Microsoft's fields to this one of the tool, replacing any earlier mapping.
    #[must_use]
    pub fn map(mut self, ours: impl Into<String>, theirs: impl Into<String>) -> Self {
        self.fields.insert(ours.into(), theirs.into());
        self
    }

    /// Leaves a field of Microsoft out.
    #[must_use]
    pub fn without(mut self, ours: &str) -> Self {
        self.fields.remove(ours);
        self
    }

    /// Microsoft's fields and the tool's, by name.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .map(|(ours, theirs)| (ours.as_str(), theirs.as_str()))
    }
}

/// How the two values of a field compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// Both have the same value, ignoring case and blanks.
    Same,
    /// Both have a value, and they differ.
    Differs,
    /// Only Microsoft has a value.
    OursOnly,
    /// Only the tool has a value.
    TheirsOnly,
}

/// One field of two records.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compared {
    /// The tool's name of the field.
    pub field: String,
    /// Microsoft's value.
    pub ours: Option<String>,
    /// The tool's value.
    pub theirs: Option<String>,
    /// How the two compare.
    pub difference: Difference,
}

/// Compares two records field by field, sorted by the tool's names. A field that neither fills is left out.
pub fn compare(person: &Person, contact: &Contact, mapping: &Mapping) -> Vec<Compared> {
    let mut rows: Vec<Compared> = mapping
        .fields()
        .filter_map(|(ours, theirs)| {
            let one = known(person.fields.get(ours))
                .or_else(|| (ours == "displayName").then(|| person.name.clone()));
            let other = known(contact.fields.get(theirs))
                .or_else(|| (theirs == "name").then(|| contact.name.clone()));
            let difference = match (&one, &other) {
                (Some(one), Some(other)) if is_same(one, other) => Difference::Same,
                (Some(_), Some(_)) => Difference::Differs,
                (Some(_), None) => Difference::OursOnly,
                (None, Some(_)) => Difference::TheirsOnly,
                (None, None) => return None,
            };
            Some(Compared {
                field: theirs.to_owned(),
                ours: one,
                theirs: other,
                difference,
            })
        })
        .collect();
    rows.sort_by(|one, other| one.field.cmp(&other.field));
    rows
}

/// What is shown for a contact, and where it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Overlay {
    /// The contact's own values, unchanged.
    pub own: BTreeMap<String, String>,
    /// Microsoft's values for fields that the contact leaves empty.
    pub added: BTreeMap<String, String>,
    /// Microsoft's values where they differ; the contact's own value stays.
    pub otherwise: BTreeMap<String, String>,
}

/// A contact with Microsoft's facts laid over it. The contact itself does not change.
///
/// ```
/// use msp365_match::contacts::{Contact, Mapping, Person, overlay};
///
/// let ada = Person::new("u-1", "Ada Example").field("jobTitle", "Chief").field("city", "Leeds");
/// let contact = Contact::new("7", "Ada Example").field("title", "Boss");
///
/// let shown = overlay(&ada, &contact, &Mapping::default());
///
/// assert_eq!(shown.own["title"], "Boss");
/// assert_eq!(shown.otherwise["title"], "Chief");
/// assert_eq!(shown.added["city"], "Leeds");
/// ```
pub fn overlay(person: &Person, contact: &Contact, mapping: &Mapping) -> Overlay {
    let mut overlay = Overlay {
        own: contact.fields.clone(),
        ..Overlay::default()
    };
    for row in compare(person, contact, mapping) {
        match (row.difference, row.ours) {
            (Difference::OursOnly, Some(value)) => {
                overlay.added.insert(row.field, value);
            }
            (Difference::Differs, Some(value)) => {
                overlay.otherwise.insert(row.field, value);
            }
            _ => {}
        }
    }
    overlay
}

fn known(value: Option<&String>) -> Option<String> {
    value.filter(|value| !value.trim().is_empty()).cloned()
}

fn is_same(one: &str, other: &str) -> bool {
    let words = |text: &str| {
        text.to_lowercase()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    one == other || words(one) == words(other)
}
