//! Matching of one tenant or organization at a time against all known ones.

use super::book::{Book, By, Entry};
use super::index::Scratch;
use super::{Ours, Overlaps, Theirs, Thresholds, in_order, rows};
use crate::pair::Pair;

/// Both sides, by everything that they can be found by, so that one more can be matched at once.
///
/// ```
/// use msp365_match::organizations::{Live, Ours, Theirs, Thresholds};
///
/// let companies = [Theirs::new("7", "Contoso Limited"), Theirs::new("8", "Fabrikam")];
/// let mut live = Live::of(&[], &companies, &Thresholds::default());
///
/// let rows = live.add_ours(&Ours::new("t-1", "CONTOSO Ltd."));
/// assert!(rows[0].is_certain());
/// ```
#[derive(Debug, Clone)]
pub struct Live {
    book: Book,
    thresholds: Thresholds,
    scratch: Scratch,
}

impl Live {
    /// These tenants and organizations.
    pub fn of(ours: &[Ours], theirs: &[Theirs], thresholds: &Thresholds) -> Self {
        let book = Book::of(in_order(ours), in_order(theirs), &Overlaps::default());
        Self {
            scratch: book.index.scratch(),
            thresholds: thresholds.clone(),
            book,
        }
    }

    /// Adds a tenant, and returns its rows.
    pub fn add_ours(&mut self, tenant: &Ours) -> Vec<Pair> {
        let place = self.book.add_ours(Entry::of_ours(tenant));
        rows::of(&self.book, place, &self.thresholds, &mut self.scratch)
    }

    /// Adds an organization, and returns the rows of the tenants that share a name, a domain or a recorded id with it.
    pub fn add_theirs(&mut self, organization: &Theirs) -> Vec<Pair> {
        let place = self.book.add_theirs(Entry::of_theirs(organization));
        let entry = self.book.their(place);
        let domains = entry
            .domains
            .iter()
            .filter_map(|domain| self.book.bearers(By::Domain, domain));
        let tenant = entry
            .tenant
            .as_ref()
            .and_then(|tenant| self.book.bearers(By::Tenant, tenant));
        let bearers = domains
            .chain(self.book.bearers(By::Name, &entry.name))
            .chain(tenant);
        let mut near: Vec<u32> = bearers
            .flat_map(|bearers| bearers.ours.as_slice().iter().copied())
            .collect();
        near.sort_unstable();
        near.dedup();
        let mut pairs = Vec::new();
        for ours in near {
            pairs.append(&mut rows::of(
                &self.book,
                ours,
                &self.thresholds,
                &mut self.scratch,
            ));
        }
        pairs
    }
}
