//! How much speaks for a pair, as a number that is the same from either side.

use super::book::{Bearers, Book, By};
use super::verdict::Doubt;
use crate::pair::shared;
use crate::score;

/// The score of a shared domain alone, and what similar names add to it.
const DOMAIN: (f64, f64) = (0.7, 0.25);

/// The score of a majority of devices and people, and what the size of the majority adds to it.
const OVERLAP: (f64, f64) = (0.75, 0.2);

/// The factor for the score of a name that several have, if something speaks against the pair.
const DOUBTED: f64 = 0.9;

/// The score of a domain that only these two have, if the names support it. It may be a subsidiary's, so it is a little
/// lower than that of the name.
const OWN_DOMAIN: f64 = 0.98;

/// The highest score of a suggestion.
const SUGGESTED: f64 = 0.95;

/// One of the two sides, with the place of a record there.
#[derive(Debug, Clone, Copy)]
enum End {
    Ours(u32),
    Theirs(u32),
}

impl Book {
    /// How much speaks for a pair. The two, and the rivals on both sides, are treated alike, so it does not matter
    /// which side is being matched.
    pub(super) fn score(&self, ours: u32, theirs: u32) -> f64 {
        let support = self.support(ours, theirs);
        if support.by_tenant {
            let bearers = self.bearers(By::Tenant, &self.our(ours).id.to_lowercase());
            return shared(1.0, bearers.map_or(1, most));
        }
        if self.is_claim(ours, theirs) {
            let count = |end: End| self.claims(end).len();
            let rivals = count(End::Ours(ours)).max(count(End::Theirs(theirs)));
            return shared(self.strength(ours, theirs), rivals);
        }
        if support.same_name && !support.only_name {
            let share = self.doubt(ours, theirs).map_or(1.0, |_| DOUBTED);
            let bearers = self.bearers(By::Name, &self.our(ours).name);
            return shared(share, bearers.map_or(1, most));
        }
        // Next to a claim, or to others with the same name, similarity scores less than any of these.
        let least = self.least(End::Ours(ours)).min(self.least(End::Theirs(theirs)));
        self.likeness(ours, theirs) * least
    }

    /// How much speaks for a pair by weaker evidence, ignoring rivals.
    pub(super) fn likeness(&self, ours: u32, theirs: u32) -> f64 {
        let (one, other) = (self.our(ours), self.their(theirs));
        let names = || score::names(one.look(), other.look());
        let mut best = match self.doubt(ours, theirs).filter(|_| one.name == other.name) {
            _ if one.name.is_empty() || other.name.is_empty() => 0.0,
            Some(Doubt::OtherForm) => SUGGESTED,
            Some(Doubt::OtherDomains) => 0.85,
            Some(Doubt::Deceptive) | None => names().min(SUGGESTED),
        };
        if self.support(ours, theirs).domains > 0 {
            best = best.max(DOMAIN.0 + DOMAIN.1 * names());
        }
        if let Some(share) = self.overlaps.majority(&one.id, &other.id) {
            best = best.max(OVERLAP.0 + OVERLAP.1 * share);
        }
        best
    }

    /// Whether the two might be linked, as seen from one side or the other. That includes a domain that only these two
    /// have, if it is all that either has, or if the names support it.
    fn is_claim(&self, ours: u32, theirs: u32) -> bool {
        if self.is_of_another_tenant(ours, theirs) {
            return false;
        }
        let support = self.support(ours, theirs);
        if support.own_domains > 0 {
            let fewest = self.our(ours).domains.len().min(self.their(theirs).domains.len());
            return support.same_name || support.domains == fewest || self.is_alike(ours, theirs);
        }
        support.only_name && self.doubt(ours, theirs).is_none()
    }

    /// The records on the other side that this one might be linked with, by place.
    fn claims(&self, end: End) -> Vec<u32> {
        let mut found = match end {
            End::Ours(ours) => self.peers(self.our(ours), |pair| pair.1),
            End::Theirs(theirs) => self.peers(self.their(theirs), |pair| pair.0),
        };
        found.retain(|other| match end {
            End::Ours(ours) => self.is_claim(ours, *other),
            End::Theirs(theirs) => self.is_claim(*other, theirs),
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The score of a claim without rivals.
    fn strength(&self, ours: u32, theirs: u32) -> f64 {
        if self.support(ours, theirs).same_name {
            1.0
        } else if self.is_alike(ours, theirs) {
            OWN_DOMAIN
        } else {
            self.likeness(ours, theirs)
        }
    }

    /// The lowest score of a record's claims and namesakes; 1 if it has none.
    fn least(&self, end: End) -> f64 {
        let name = match end {
            End::Ours(ours) => &self.our(ours).name,
            End::Theirs(theirs) => &self.their(theirs).name,
        };
        let namesakes = self.bearers(By::Name, name).filter(|bearers| {
            let is_alone = bearers.ours.as_slice().is_empty() || bearers.theirs.as_slice().is_empty();
            !is_alone && bearers.pair().is_none()
        });
        let by_name = namesakes.map_or(1.0, |bearers| shared(DOUBTED, most(bearers)));
        let claims = self.claims(end).into_iter().map(|other| match end {
            End::Ours(ours) => self.score(ours, other),
            End::Theirs(theirs) => self.score(other, theirs),
        });
        claims.fold(by_name, f64::min)
    }
}

/// How many records have it, on the side where there are more.
fn most(bearers: &Bearers) -> usize {
    bearers.ours.as_slice().len().max(bearers.theirs.as_slice().len())
}
