//! How much speaks for a pair, as a number that is the same from either side.

use super::book::{Bearers, Book, By};
use super::verdict::Doubt;
use crate::pair::shared;
use crate::score;

/// What a domain alone is worth that both have, and what it gains with the likeness of the names.
const DOMAIN: (f64, f64) = (0.7, 0.25);

/// What a majority of devices and people is worth, and what it gains with its share.
const OVERLAP: (f64, f64) = (0.75, 0.2);

/// What is left of the score of a name that several have, where something speaks against the pair.
const DOUBTED: f64 = 0.9;

/// What a domain is worth that both have and nobody else, if the names bear it out. It may be a subsidiary, and is a
/// little less than the name.
const OWN_DOMAIN: f64 = 0.98;

/// The most that a suggestion is worth.
const SUGGESTED: f64 = 0.95;

/// One of two sides, with the place of a record there.
#[derive(Debug, Clone, Copy)]
enum End {
    Ours(u32),
    Theirs(u32),
}

impl Book {
    /// How much speaks for a pair. It looks at the two, and at the rivals on both sides, in the same way from either
    /// side; which of them is looked for does not matter.
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
        // Beside a claim, or those of the very name, likeness is worth less than any of them.
        let least = self.least(End::Ours(ours)).min(self.least(End::Theirs(theirs)));
        self.likeness(ours, theirs) * least
    }

    /// How much speaks for a pair by whatever little there is, rivals left aside.
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

    /// Whether the two might be linked, seen from one side or the other. A domain that both have and nobody else is
    /// one, if it is all that either has, or the names bear it out.
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

    /// Those on the other side that a record might be linked with, by place.
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

    /// What a claim is worth that has no rival.
    fn strength(&self, ours: u32, theirs: u32) -> f64 {
        if self.support(ours, theirs).same_name {
            1.0
        } else if self.is_alike(ours, theirs) {
            OWN_DOMAIN
        } else {
            self.likeness(ours, theirs)
        }
    }

    /// The least that a claim or a namesake of a record is worth; 1 if it has none.
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

/// How many bear it on the side where more do.
fn most(bearers: &Bearers) -> usize {
    bearers.ours.as_slice().len().max(bearers.theirs.as_slice().len())
}
