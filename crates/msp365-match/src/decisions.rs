//! What people said of pairs. No pass overwrites it, and a file of it can be read, reviewed and changed.
//!
//! ```
//! use msp365_match::decisions::{Decision, Ends, Said, Standing, review};
//! use msp365_match::organizations::{Ours, Theirs, Thresholds, suggest};
//!
//! let tenants = [Ours::new("t-1", "Northwind Traders")];
//! let companies = [Theirs::new("8", "Nothwind Traders")];
//! let found = suggest(&tenants, &companies, &Thresholds::default());
//!
//! let accepted = Decision::new("organizations", "t-1", Said::Linked).theirs("8").by("Bo");
//! let ends = Ends::of(["t-1"], ["8"]);
//! let rows = review(found, &[], &[accepted], &ends);
//!
//! assert_eq!(rows[0].standing, Standing::Decided);
//! assert!(rows[0].pair.is_certain());
//! ```

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

mod file;
mod review;
#[cfg(test)]
mod tests;

pub use file::{BadLine, read, write};
pub use review::{Review, review};

use crate::pair::Pair;

/// What a person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Said {
    /// These two are one: a suggestion accepted, or another partner chosen.
    Linked,
    /// Theirs was made for ours, after a warning where something like it was there.
    Created,
    /// These two are not one, whatever is found.
    Refused,
    /// Ours needs no partner, and no longer counts as unmatched.
    Ignored,
}

impl Said {
    /// The word in files and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::Created => "created",
            Self::Refused => "refused",
            Self::Ignored => "ignored",
        }
    }

    /// The meaning of such a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Linked, Self::Created, Self::Refused, Self::Ignored]
            .into_iter()
            .find(|said| said.as_str() == word)
    }
}

/// One decision. For a record of ours there is one that links or ignores it, and one for each partner refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Decision {
    /// What is matched: `organizations`, `devices` or `contacts`.
    pub kind: String,
    /// Our record.
    pub ours: String,
    /// Theirs; `None` where ours is ignored.
    pub theirs: Option<String>,
    /// What was said.
    pub said: Said,
    /// Who said it.
    pub by: String,
    /// When, as text.
    pub at: String,
    /// Why, or what the two were called then.
    pub note: String,
}

impl Decision {
    /// Something said of a record of ours.
    pub fn new(kind: impl Into<String>, ours: impl Into<String>, said: Said) -> Self {
        Self {
            kind: kind.into(),
            ours: ours.into(),
            theirs: None,
            said,
            by: String::new(),
            at: String::new(),
            note: String::new(),
        }
    }

    /// And of this record of theirs.
    #[must_use]
    pub fn theirs(mut self, theirs: impl Into<String>) -> Self {
        self.theirs = Some(theirs.into());
        self
    }

    /// Said by this person.
    #[must_use]
    pub fn by(mut self, person: impl Into<String>) -> Self {
        self.by = person.into();
        self
    }

    /// Said at this time.
    #[must_use]
    pub fn at(mut self, time: impl Into<String>) -> Self {
        self.at = time.into();
        self
    }

    /// With this remark.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Whether the two decisions cannot stand side by side: the later one replaces the earlier.
    pub fn replaces(&self, other: &Self) -> bool {
        if self.kind != other.kind || self.ours != other.ours {
            return false;
        }
        match (self.said, other.said) {
            (Said::Refused, Said::Refused) => self.theirs == other.theirs,
            (Said::Refused, Said::Linked | Said::Created) | (Said::Linked | Said::Created, Said::Refused) => {
                self.theirs == other.theirs
            }
            (Said::Refused, Said::Ignored) | (Said::Ignored, Said::Refused) => false,
            _ => true,
        }
    }
}

/// The ids that both sides have at present.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ends {
    ours: FxHashSet<String>,
    theirs: FxHashSet<String>,
}

impl Ends {
    /// These ids.
    pub fn of<O, T>(ours: O, theirs: T) -> Self
    where
        O: IntoIterator<Item: Into<String>>,
        T: IntoIterator<Item: Into<String>>,
    {
        Self {
            ours: ours.into_iter().map(Into::into).collect(),
            theirs: theirs.into_iter().map(Into::into).collect(),
        }
    }
}

/// How a row came about, and whether somebody has to look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Standing {
    /// Linked by the pass alone.
    Automatic,
    /// Linked by a person.
    Decided,
    /// Linked by an earlier pass; this one would not have linked it, but both ends are still there.
    Held,
    /// Linked, and this pass finds another partner certain: somebody should look, and nothing is changed.
    Recheck,
    /// No partner wanted.
    Ignored,
    /// It was linked, and one of the ends is gone.
    Broken,
    /// Not linked: suggested, ambiguous, or nothing found.
    Open,
}

impl Standing {
    /// The word in tables and databases.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Decided => "decided",
            Self::Held => "held",
            Self::Recheck => "recheck",
            Self::Ignored => "ignored",
            Self::Broken => "broken",
            Self::Open => "open",
        }
    }
}

/// A row with its standing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Reviewed {
    /// The row.
    pub pair: Pair,
    /// How it came about.
    pub standing: Standing,
}

impl Reviewed {
    /// Whether it counts as unmatched: a person still has to find a partner, or say that none is wanted.
    pub fn is_unmatched(&self) -> bool {
        matches!(self.standing, Standing::Open | Standing::Broken)
    }
}
