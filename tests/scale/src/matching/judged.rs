//! What matching makes of labelled records.

use std::collections::{HashMap, HashSet};

use msp365_match::{Pair, Verdict};

/// How many were right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Judged {
    /// Pairs that matching is certain of.
    pub certain: usize,
    /// Those of them that are wrong.
    pub wrong: usize,
    /// Things that both sides have and whose records say so.
    pub decidable: usize,
    /// Those of them that have a certain, right pair.
    pub found: usize,
    /// Things that both sides have.
    pub both: usize,
    /// Those of them whose right pair is among the first five rows.
    pub in_five: usize,
}

impl Judged {
    /// The share of certain pairs that are right.
    pub fn precision(&self) -> f64 {
        share(self.certain - self.wrong, self.certain)
    }

    /// The share of decidable things that have a certain, right pair.
    pub fn recall(&self) -> f64 {
        share(self.found, self.decidable)
    }

    /// The share of things whose right pair is among the first five rows.
    pub fn recall_at_five(&self) -> f64 {
        share(self.in_five, self.both)
    }
}

/// A share of a whole, 1 of nothing.
pub fn share(part: usize, whole: usize) -> f64 {
    let real = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if whole == 0 { 1.0 } else { real(part) / real(whole) }
}

/// Which thing each record is, and which things both sides have.
#[derive(Debug, Clone, Copy)]
pub struct Truth<'a> {
    /// Things of our records.
    pub ours: &'a HashMap<String, usize>,
    /// Things of their records.
    pub theirs: &'a HashMap<String, usize>,
    /// Things that both sides have, and whether the records say which is which.
    pub both: &'a [(usize, bool)],
}

impl Truth<'_> {
    /// Whether a row names two records of one thing.
    pub fn is_right(&self, pair: &Pair) -> bool {
        let theirs = pair.theirs.as_ref().and_then(|id| self.theirs.get(id));
        theirs.is_some() && self.ours.get(&pair.ours) == theirs
    }

    /// The certain rows that are wrong.
    pub fn wrong<'p>(&self, pairs: &'p [Pair]) -> impl Iterator<Item = &'p Pair> {
        pairs
            .iter()
            .filter(|pair| pair.verdict == Verdict::Certain && !self.is_right(pair))
    }

    /// Our records of things that both sides have, without a right row among the first five.
    pub fn missed<'p>(&self, pairs: &'p [Pair]) -> impl Iterator<Item = &'p [Pair]> {
        let wanted: HashSet<usize> = self.both.iter().map(|(thing, _)| *thing).collect();
        pairs
            .chunk_by(|one, other| one.ours == other.ours)
            .filter(move |rows| {
                let thing = rows.first().and_then(|row| self.ours.get(&row.ours));
                thing.is_some_and(|thing| wanted.contains(thing))
                    && !rows.iter().take(5).any(|row| self.is_right(row))
            })
    }

    /// Counts.
    pub fn judge(&self, pairs: &[Pair]) -> Judged {
        let mut judged = Judged::default();
        let (mut found, mut in_five) = (HashSet::new(), HashSet::new());
        for rows in pairs.chunk_by(|one, other| one.ours == other.ours) {
            for (place, pair) in rows.iter().enumerate().filter(|(_, pair)| pair.theirs.is_some()) {
                let is_right = self.is_right(pair);
                if pair.verdict == Verdict::Certain {
                    judged.certain += 1;
                    judged.wrong += usize::from(!is_right);
                    if is_right {
                        found.insert(self.ours[&pair.ours]);
                    }
                }
                if is_right && place < 5 {
                    in_five.insert(self.ours[&pair.ours]);
                }
            }
        }
        judged.both = self.both.len();
        judged.in_five = self
            .both
            .iter()
            .filter(|(thing, _)| in_five.contains(thing))
            .count();
        let decidable = || self.both.iter().filter(|(_, is_decidable)| *is_decidable);
        judged.decidable = decidable().count();
        judged.found = decidable().filter(|(thing, _)| found.contains(thing)).count();
        judged
    }
}
