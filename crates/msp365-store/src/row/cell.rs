//! Values as databases hold them.

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date};

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

/// A type that columns can hold.
pub(crate) trait Column: Sized {
    const KIND: Kind;

    fn to_cell(&self) -> Cell<'_>;
    fn from_cell(cell: Cell<'_>) -> Option<Self>;
}

impl Column for String {
    const KIND: Kind = Kind::Text;

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

    fn to_cell(&self) -> Cell<'_> {
        Cell::Text(Cow::Owned(self.to_string()))
    }

    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        String::from_cell(cell)?.parse().ok()
    }
}

impl<T: Column> Column for Option<T> {
    const KIND: Kind = T::KIND;

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

/// A JSON array; an empty list takes no room.
impl<T> Column for Vec<T>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    const KIND: Kind = Kind::Text;

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
