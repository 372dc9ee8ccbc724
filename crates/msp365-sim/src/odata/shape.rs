//! What a resource has: its properties, what they hold, and which comparisons the service offers on them.

use serde_json::{Map, Value};

use super::Refused;

/// One type of the service.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// Rows of: what they hold, how often, and the names, apart by blanks.
    pub(crate) members: &'static [(Item, Occurs, &'static str)],
    /// The names whose value is never null: absent where a row has none.
    pub(crate) never_null: &'static str,
    pub(crate) navigations: &'static str,
    /// Which comparisons a path takes. One letter each for: `eq`, `ne` and `not`, order, `in`, `startswith`,
    /// `endswith`, `eq null`. `D` works plainly, `A` as an advanced query only, `-` not at all.
    pub(crate) support: &'static [(&'static str, &'static str)],
    /// The names that come without `$select`; `None`: whatever the row has.
    pub(crate) by_default: Option<&'static str>,
    /// The types a row may be of, where it says so with `@odata.type`.
    pub(crate) kinds: &'static [&'static Self],
}

/// How often a property occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occurs {
    One,
    Many,
}

/// What a property holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Item {
    Text,
    Flag,
    Instant,
    Number,
    Guid,
    /// One of the listed words.
    Word(&'static str),
    Complex(&'static Shape),
    /// A value whose inside no query reaches.
    Opaque,
}

impl Item {
    /// The name the service gives to it in messages.
    pub(crate) const fn edm(self) -> &'static str {
        match self {
            Self::Text => "Edm.String",
            Self::Flag => "Edm.Boolean",
            Self::Instant => "Edm.DateTimeOffset",
            Self::Number => "Edm.Int32",
            Self::Guid => "Edm.Guid",
            Self::Word(_) => "Edm.Enum",
            Self::Complex(_) | Self::Opaque => "Edm.ComplexType",
        }
    }
}

/// How a comparison must be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Plain,
    Advanced,
    Never,
}

/// The columns of [`Shape::support`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Equal,
    Negated,
    Ordered,
    Within,
    Starts,
    Ends,
    Null,
}

impl Shape {
    /// What the property of this name holds.
    pub(crate) fn member(&self, name: &str) -> Option<(Item, Occurs)> {
        self.members
            .iter()
            .find(|(_, _, names)| listed(names, name))
            .map(|(item, occurs, _)| (*item, *occurs))
            .or_else(|| self.kinds.iter().find_map(|kind| kind.member(name)))
    }

    /// The type of a row: the one it names, or this.
    pub(crate) fn kind_of<'a>(&'a self, row: &Map<String, Value>) -> &'a Self {
        let named = row
            .get("@odata.type")
            .and_then(Value::as_str)
            .and_then(|t| t.strip_prefix("#microsoft.graph."));
        self.kinds
            .iter()
            .find(|kind| Some(kind.name) == named)
            .copied()
            .unwrap_or(self)
    }

    /// What stands at the end of a path of properties.
    pub(crate) fn resolve(&self, path: &[String]) -> Result<(Item, Occurs), Refused> {
        let Some((first, rest)) = path.split_first() else {
            return Err(Refused::bad("Invalid filter clause: a property is missing."));
        };
        if rest.first().is_some_and(|next| next == "$count")
            && rest.len() == 1
            && (listed(self.navigations, first) || self.member(first).is_some_and(|(_, o)| o == Occurs::Many))
        {
            return Ok((Item::Number, Occurs::One));
        }
        let (item, occurs) = self
            .member(first)
            .ok_or_else(|| Refused::unknown_property(first, self.name))?;
        match (item, rest.is_empty()) {
            (_, true) => Ok((item, occurs)),
            (Item::Complex(inner), false) if occurs == Occurs::One => inner.resolve(rest),
            _ => Err(Refused::bad(format!(
                "Invalid filter clause: the property '{first}' of type '{}' has nothing below it.",
                item.edm()
            ))),
        }
    }

    /// How a comparison of this kind on this path must be asked for.
    pub(crate) fn level(&self, path: &str, column: Column) -> Level {
        let letters = self
            .support
            .iter()
            .find(|(paths, _)| listed(paths, path))
            .map(|(_, letters)| letters);
        match letters.and_then(|letters| letters.as_bytes().get(column as usize)) {
            Some(b'D') => Level::Plain,
            Some(b'A') => Level::Advanced,
            _ => Level::Never,
        }
    }
}

/// Whether a word is among words apart by blanks.
pub(crate) fn listed(words: &str, wanted: &str) -> bool {
    words.split_ascii_whitespace().any(|word| word == wanted)
}
