//! Values in filters.

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::Property;
use crate::model::Kind;

/// A value that a property is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Literal {
    /// Text, an id or the name of an enum member.
    Text(String),
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A point in time.
    Time(Timestamp),
    /// A day.
    Date(Date),
}

impl Literal {
    /// The literal in the form this property takes, or why the property refuses it.
    pub(super) fn shown<M>(&self, property: &Property<M>) -> Result<String, &'static str> {
        match (self, property.kind()) {
            (Self::Text(text), Kind::Text | Kind::Object) if property.filters().is_guid => {
                let id =
                    Uuid::try_parse(text).map_err(|_| "the property is a GUID, and the value is none")?;
                Ok(id.to_string())
            }
            (Self::Text(text), Kind::Text | Kind::Object) => Ok(quoted(text)),
            (Self::Flag(flag), Kind::Flag) => Ok(flag.to_string()),
            (Self::Number(number), Kind::Number) => Ok(number.to_string()),
            (Self::Time(time), Kind::Time) => Ok(time.to_string()),
            (Self::Date(day), Kind::Date) => Ok(day.to_string()),
            _ => Err("the value is of another type than the property"),
        }
    }
}

/// A text as an `OData` literal: in single quotes, with its own quotes doubled. Percent-encoding comes later.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Literal {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Uuid> for Literal {
    fn from(id: Uuid) -> Self {
        Self::Text(id.to_string())
    }
}

impl From<bool> for Literal {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i64> for Literal {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Timestamp> for Literal {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

impl From<Date> for Literal {
    fn from(day: Date) -> Self {
        Self::Date(day)
    }
}
