//! Values as databases hold them.

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date};

use crate::query::{BETWEEN, FieldKind, joined};

/// One value of a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    Null,
    Integer(i64),
    Text(Cow<'a, str>),
}

/// What a column holds, where it is not null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Text,
}

/// Names in order, without repetition, none of them empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct Names(Vec<String>);

impl Names {
    /// Puts names in order. A semicolon in a name becomes a comma, as it stands between names.
    pub fn of<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        let mut names: Vec<String> = names
            .into_iter()
            .map(|name| name.into().trim().replace(';', ","))
            .filter(|name| !name.is_empty())
            .collect();
        names.sort_unstable();
        names.dedup();
        Self(names)
    }
}

impl std::ops::Deref for Names {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl From<Vec<String>> for Names {
    fn from(names: Vec<String>) -> Self {
        Self::of(names)
    }
}

impl From<Names> for Vec<String> {
    fn from(names: Names) -> Self {
        names.0
    }
}

/// A type that columns can hold.
pub(crate) trait Column: Sized {
    const KIND: Kind;
    /// What lists take it for.
    const FIELD: FieldKind;

    fn to_cell(&self) -> Cell<'_>;
    fn from_cell(cell: Cell<'_>) -> Option<Self>;
}

impl Column for String {
    const KIND: Kind = Kind::Text;
    const FIELD: FieldKind = FieldKind::Text;

    fn to_cell(&self) -> Cell<'_> {
        Cell::Text(Cow::Borrowed(self))
    }

    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Text(text) => Some(text.into_owned()),
            Cell::Null | Cell::Integer(_) => None,
        }
    }
}

impl Column for i64 {
    const KIND: Kind = Kind::Integer;
    const FIELD: FieldKind = FieldKind::Number;

    fn to_cell(&self) -> Cell<'_> {
        Cell::Integer(*self)
    }

    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Integer(number) => Some(number),
            Cell::Null | Cell::Text(_) => None,
        }
    }
}

impl Column for bool {
    const KIND: Kind = Kind::Integer;
    const FIELD: FieldKind = FieldKind::Truth;

    fn to_cell(&self) -> Cell<'_> {
        Cell::Integer(i64::from(*self))
    }

    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        i64::from_cell(cell).map(|number| number != 0)
    }
}

/// Integer microseconds since 1970.
impl Column for Timestamp {
    const KIND: Kind = Kind::Integer;
    const FIELD: FieldKind = FieldKind::Time;

    fn to_cell(&self) -> Cell<'_> {
        Cell::Integer(self.as_microsecond())
    }

    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        Self::from_microsecond(i64::from_cell(cell)?).ok()
    }
}

/// `2026-01-31`.
impl Column for Date {
    const KIND: Kind = Kind::Text;
    const FIELD: FieldKind = FieldKind::Day;

    fn to_cell(&self) -> Cell<'_> {
        Cell::Text(Cow::Owned(self.to_string()))
    }

    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        String::from_cell(cell)?.parse().ok()
    }
}

impl<T: Column> Column for Option<T> {
    const KIND: Kind = T::KIND;
    const FIELD: FieldKind = T::FIELD;

    fn to_cell(&self) -> Cell<'_> {
        self.as_ref().map_or(Cell::Null, Column::to_cell)
    }

    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            Cell::Integer(_) | Cell::Text(_) => T::from_cell(cell).map(Some),
        }
    }
}

/// Names in one text, so that lists can be sorted and searched by them; none takes no room.
impl Column for Names {
    const KIND: Kind = Kind::Text;
    const FIELD: FieldKind = FieldKind::Names;

    fn to_cell(&self) -> Cell<'_> {
        match self.0.as_slice() {
            [] => Cell::Null,
            [only] => Cell::Text(Cow::Borrowed(only)),
            several => Cell::Text(Cow::Owned(joined(several))),
        }
    }

    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Null => Some(Self::default()),
            Cell::Integer(_) => None,
            Cell::Text(text) => Some(Self(text.split(BETWEEN).map(str::to_owned).collect())),
        }
    }
}

/// What lists in columns are made of.
pub(crate) trait Listed: serde::Serialize + serde::de::DeserializeOwned {
    /// What lists take many of them for.
    const MANY: FieldKind;
}

impl Listed for String {
    const MANY: FieldKind = FieldKind::List;
}

impl Listed for super::UserLicense {
    const MANY: FieldKind = FieldKind::Text;
}

/// A JSON array; an empty list takes no room.
impl<T: Listed> Column for Vec<T> {
    const KIND: Kind = Kind::Text;
    const FIELD: FieldKind = T::MANY;

    fn to_cell(&self) -> Cell<'_> {
        if self.is_empty() {
            return Cell::Null;
        }
        // Lists of texts and of plain structs always serialise.
        serde_json::to_string(self).map_or(Cell::Null, |json| Cell::Text(Cow::Owned(json)))
    }

    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Null => Some(Self::new()),
            Cell::Integer(_) => None,
            Cell::Text(json) => serde_json::from_str(&json).ok(),
        }
    }
}
