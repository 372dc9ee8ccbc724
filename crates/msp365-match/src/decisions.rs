//! What people decided about pairs. No pass overwrites it, and it can be kept in a file to be read, reviewed and
//! changed.
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

/// What a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Said {
    /// The two are the same: a suggestion was accepted, or another partner chosen.
    Linked,
    /// Theirs was created for ours; if something similar existed, after a warning.
    Created,
    /// The two are not the same, whatever is found.
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

    /// Reads such a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Linked, Self::Created, Self::Refused, Self::Ignored]
            .into_iter()
            .find(|said| said.as_str() == word)
    }
}

/// One decision. A record of ours has at most one that links or ignores it, and one for each refused partner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Decision {
    /// What is matched: `organizations`, `devices` or `contacts`.
    pub kind: String,
    /// Our record.
    pub ours: String,
    /// Their record; `None` if ours is ignored.
    pub theirs: Option<String>,
    /// What was decided.
    pub said: Said,
    /// Who decided it.
    pub by: String,
    /// When, as text.
    pub at: String,
    /// Why, or the names of the two at the time.
    pub note: String,
}

impl Decision {
    /// A decision about a record of ours.
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

    /// The record of theirs that it is about.
    #[must_use]
    pub fn theirs(mut self, theirs: impl Into<String>) -> Self {
        self.theirs = Some(theirs.into());
        self
    }

    /// Made by this person.
    #[must_use]
    pub fn by(mut self, person: impl Into<String>) -> Self {
        self.by = person.into();
        self
    }

    /// Made at this time.
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

    /// Whether the two decisions contradict each other, so that the later one replaces the earlier.
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

/// The ids that exist on both sides at present.
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
    /// Linked by an earlier pass; this one would not have linked it, but both ends still exist.
    Held,
    /// Linked, but this pass is certain of another partner: somebody should look; nothing is changed.
    Recheck,
    /// A person decided that it needs no partner.
    Ignored,
    /// It was linked, and one of the ends no longer exists.
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
    /// Whether it counts as unmatched: a person still has to find a partner, or say that none is needed.
    pub fn is_unmatched(&self) -> bool {
        matches!(self.standing, Standing::Open | Standing::Broken)
    }
}
