//! Which organization of a tool is which tenant: by exact folded name, else by likeness as a suggestion.
//!
//! ```
//! use msp365_match::organizations::{Ours, Theirs, Thresholds, suggest};
//! use msp365_match::Verdict;
//!
//! let tenants = [Ours::new("t-1", "Contoso Ltd"), Ours::new("t-2", "Northwind Traders")];
//! let companies = [Theirs::new("7", "CONTOSO Limited"), Theirs::new("8", "Nothwind Traders B.V.")];
//!
//! let pairs = suggest(&tenants, &companies, &Thresholds::default());
//!
//! assert!(pairs[0].is_certain());
//! assert_eq!(pairs[1].verdict, Verdict::Suggested);
//! ```

use rustc_hash::FxHashMap;

use crate::pair::{MOST_CANDIDATES, Pair, Verdict, by_score, shared};
use crate::score;
use crate::text::fold_name;

mod index;
#[cfg(test)]
mod tests;

use index::Index;

/// A tenant of Microsoft 365.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Ours {
    /// The tenant's id.
    pub id: String,
    /// Its display name.
    pub name: String,
}

impl Ours {
    /// The tenant with this id, called this.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
        }
    }
}

/// An organization of the tool.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Theirs {
    /// The tool's id of it.
    pub id: String,
    /// The name it has in the tool.
    pub name: String,
}

impl Theirs {
    /// The organization with this id, called this.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
        }
    }
}

/// From where on names count as alike, and how many suggestions a person is shown.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Thresholds {
    /// The least [score](score::names) of a suggestion.
    pub suggest: f64,
    /// The most suggestions for one tenant.
    pub most: usize,
}

impl Default for Thresholds {
    /// Suggestions from 0.75 on, at most five.
    fn default() -> Self {
        Self {
            suggest: 0.75,
            most: 5,
        }
    }
}

impl Thresholds {
    /// Suggests from this score on.
    #[must_use]
    pub fn suggest_from(mut self, score: f64) -> Self {
        self.suggest = score;
        self
    }

    /// Suggests at most so many.
    #[must_use]
    pub fn at_most(mut self, suggestions: usize) -> Self {
        self.most = suggestions;
        self
    }
}

/// Finds the organization of each tenant.
///
/// A folded name that exactly one record on each side has is certain. One that several have is ambiguous: a
/// row per candidate, none of them chosen. A tenant whose name nobody has gets suggestions by likeness, from
/// the organizations that are nobody's certain partner. The rows stand by tenant id, then score, then the
/// organization's id; the order of the input does not matter.
pub fn suggest(ours: &[Ours], theirs: &[Theirs], thresholds: &Thresholds) -> Vec<Pair> {
    let (ours, theirs) = (in_order(ours), in_order(theirs));
    let our_names: Vec<String> = ours.iter().map(|tenant| fold_name(&tenant.name)).collect();
    let theirs: Vec<Named<'_>> = theirs
        .into_iter()
        .map(|organization| Named {
            organization,
            name: fold_name(&organization.name),
        })
        .collect();
    let bearers = bearers(&our_names, &theirs);
    let has_bearers = |name: &str| {
        bearers
            .get(name)
            .is_some_and(|bearers| !bearers.theirs.is_empty())
    };
    let is_free = |named: &&Named<'_>| {
        bearers
            .get(named.name.as_str())
            .is_none_or(|bearers| !bearers.are_a_pair())
    };
    let free: Vec<&Named<'_>> = if our_names.iter().all(|name| has_bearers(name)) {
        Vec::new()
    } else {
        theirs.iter().filter(is_free).collect()
    };
    let mut index = Index::of(free.iter().map(|named| named.name.as_str()));

    let mut pairs = Vec::with_capacity(ours.len());
    for (tenant, name) in ours.iter().zip(&our_names) {
        let mut rows = match bearers.get(name.as_str()) {
            _ if name.is_empty() => Vec::new(),
            Some(bearers) if !bearers.theirs.is_empty() => same_name(tenant, name, bearers),
            _ => similar_names(
                tenant,
                name,
                index.likely(name).into_iter().filter_map(|place| free.get(place)),
                thresholds,
            ),
        };
        if rows.is_empty() {
            rows.push(unmatched(tenant, name));
        }
        rows.sort_unstable_by(by_score);
        pairs.append(&mut rows);
    }
    pairs
}

/// An organization with its folded name.
#[derive(Debug)]
struct Named<'a> {
    organization: &'a Theirs,
    name: String,
}

/// Who has one folded name.
#[derive(Debug, Default)]
struct Bearers<'a> {
    ours: usize,
    theirs: Vec<&'a Theirs>,
}

impl Bearers<'_> {
    fn are_a_pair(&self) -> bool {
        self.ours == 1 && self.theirs.len() == 1
    }
}

fn bearers<'a>(our_names: &'a [String], theirs: &'a [Named<'a>]) -> FxHashMap<&'a str, Bearers<'a>> {
    let mut bearers: FxHashMap<&str, Bearers<'_>> = FxHashMap::default();
    for name in our_names.iter().filter(|name| !name.is_empty()) {
        bearers.entry(name).or_default().ours += 1;
    }
    for named in theirs {
        if let Some(bearers) = bearers.get_mut(named.name.as_str()) {
            bearers.theirs.push(named.organization);
        }
    }
    bearers
}

/// One certain row, or one for each of those among whom a person must choose.
fn same_name(tenant: &Ours, name: &str, bearers: &Bearers<'_>) -> Vec<Pair> {
    let rivals = bearers.ours.max(bearers.theirs.len());
    let verdict = if bearers.are_a_pair() {
        Verdict::Certain
    } else {
        Verdict::Ambiguous
    };
    let row = |organization: &&Theirs| {
        let pair = Pair::new(&tenant.id, &organization.id, verdict, shared(1.0, rivals))
            .because("name", format!("both are called `{name}`"));
        if rivals == 1 {
            return pair;
        }
        let (ours, theirs) = (bearers.ours, bearers.theirs.len());
        pair.because(
            "same_name_elsewhere",
            format!("{ours} of ours and {theirs} of theirs have that name"),
        )
    };
    bearers.theirs.iter().take(MOST_CANDIDATES).map(row).collect()
}

/// Rows for the organizations whose names are most like the tenant's.
fn similar_names<'a>(
    tenant: &Ours,
    name: &str,
    likely: impl Iterator<Item = &'a &'a Named<'a>>,
    thresholds: &Thresholds,
) -> Vec<Pair> {
    let mut rows: Vec<Pair> = likely
        .map(|named| (named, score::names(name, &named.name)))
        .filter(|(_, score)| *score >= thresholds.suggest)
        .map(|(named, score)| {
            Pair::new(&tenant.id, &named.organization.id, Verdict::Suggested, score).because(
                "similar_name",
                format!("`{name}` is like `{}`: {:.0} of 100", named.name, score * 100.0),
            )
        })
        .collect();
    rows.sort_unstable_by(by_score);
    rows.truncate(thresholds.most);
    rows
}

fn unmatched(tenant: &Ours, name: &str) -> Pair {
    let alone = Pair::alone(&tenant.id);
    if name.is_empty() {
        return alone.because("no_name", "the tenant has no name to go by");
    }
    alone.because(
        "no_candidate",
        format!("no free organization is called `{name}`, or much like it"),
    )
}

/// By id, then name, so that the order of the input cannot matter.
fn in_order<T: Ord>(records: &[T]) -> Vec<&T> {
    let mut records: Vec<&T> = records.iter().collect();
    records.sort_unstable();
    records
}
