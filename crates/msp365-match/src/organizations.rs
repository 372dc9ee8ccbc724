//! Which of a tool's organizations is which tenant: the best evidence first; otherwise, suggestions by similarity.
//!
//! 1. The tenant's id, if the tool has stored it.
//! 2. A domain that the tenant has verified and the organization uses, if no other record on either side has it,
//!    and the names are similar or it is all the organization has. Domains in which anybody can have an address
//!    (`gmail.com`) are ignored.
//! 3. The folded name, if exactly one record on each side has it, no other domains or legal forms speak
//!    against it, and its letters are all of one script.
//!
//! A pair that meets one of these and has no rival is certain. With rivals it is ambiguous. Everything else is
//! suggested: devices and people that both have ([`Overlaps`]), some shared domain, the same name with a doubt, a
//! similar name.
//!
//! ```
//! use msp365_match::organizations::{Ours, Theirs, Thresholds, suggest};
//! use msp365_match::Verdict;
//!
//! let tenants = [
//!     Ours::new("t-1", "Contoso Ltd"),
//!     Ours::new("t-2", "Northwind Traders"),
//!     Ours::new("t-3", "Adventure Works").domain("adventure.example"),
//! ];
//! let companies = [
//!     Theirs::new("7", "CONTOSO Limited"),
//!     Theirs::new("8", "Nothwind Traders B.V."),
//!     Theirs::new("9", "AWC").domain("https://www.adventure.example"),
//! ];
//!
//! let pairs = suggest(&tenants, &companies, &Thresholds::default());
//!
//! assert!(pairs[0].is_certain());
//! assert_eq!(pairs[1].verdict, Verdict::Suggested);
//! assert_eq!(pairs[2].evidence[0].kind, "domain");
//! ```

use crate::pair::Pair;

mod book;
mod claim;
#[cfg(test)]
mod evidence;
mod index;
mod live;
mod overlap;
mod record;
mod rows;
#[cfg(test)]
mod tests;
mod verdict;

pub use live::Live;
pub use overlap::Overlaps;
pub use record::{Ours, Theirs};

use book::Book;

/// From which score names are suggested, and how many suggestions a person is shown.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Thresholds {
    /// The lowest [score](crate::score::names) of a suggestion by name alone.
    pub suggest: f64,
    /// The most suggestions for one tenant.
    pub most: usize,
}

impl Default for Thresholds {
    /// Suggestions from 0.6, at most five; `docs/matching.md` shows the effect of other values.
    fn default() -> Self {
        Self {
            suggest: 0.6,
            most: 5,
        }
    }
}

impl Thresholds {
    /// Suggests from this score.
    #[must_use]
    pub fn suggest_from(mut self, score: f64) -> Self {
        self.suggest = score;
        self
    }

    /// Suggests at most this many.
    #[must_use]
    pub fn at_most(mut self, suggestions: usize) -> Self {
        self.most = suggestions;
        self
    }
}

/// Finds the organization of each tenant.
///
/// Rows are sorted by tenant id, then score, then the organization's id; the order of the input does not matter. An
/// organization that is another tenant's certain partner is not suggested.
pub fn suggest(ours: &[Ours], theirs: &[Theirs], thresholds: &Thresholds) -> Vec<Pair> {
    suggest_with(ours, theirs, &Overlaps::default(), thresholds)
}

/// [`suggest`], using also what is known about devices and people that both sides have.
pub fn suggest_with(
    ours: &[Ours],
    theirs: &[Theirs],
    overlaps: &Overlaps,
    thresholds: &Thresholds,
) -> Vec<Pair> {
    let book = Book::of(in_order(ours), in_order(theirs), overlaps);
    rows::chunk(&book, thresholds, 0..book.ours.len())
}

/// By id, then everything else, so that the order of the input cannot matter.
fn in_order<T: Ord>(records: &[T]) -> impl Iterator<Item = &T> {
    let mut records: Vec<&T> = records.iter().collect();
    records.sort_unstable();
    records.into_iter()
}

/// The number of tenants worked on at a time when rows are streamed: enough to keep all cores busy.
const CHUNK: usize = 4_096;

/// Two lists that are too long to hold all their rows at once.
#[derive(Debug, Clone)]
pub struct Matcher {
    book: Book,
    thresholds: Thresholds,
}

impl Matcher {
    /// Takes both lists, and folds and indexes them.
    pub fn of(ours: Vec<Ours>, theirs: Vec<Theirs>, thresholds: &Thresholds) -> Self {
        let (mut ours, mut theirs) = (ours, theirs);
        ours.sort_unstable();
        theirs.sort_unstable();
        Self {
            book: Book::of(ours, theirs, &Overlaps::default()),
            thresholds: thresholds.clone(),
        }
    }

    /// The rows of [`suggest`], for a few thousand tenants at a time.
    pub fn chunks(&self) -> impl Iterator<Item = Vec<Pair>> {
        let count = self.book.ours.len();
        (0..count)
            .step_by(CHUNK)
            .map(move |start| rows::chunk(&self.book, &self.thresholds, start..(start + CHUNK).min(count)))
    }
}
