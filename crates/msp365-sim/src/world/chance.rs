//! Draws for making a world, each purpose from its own sequence.

use msp365_core::{SeededRandom, random};

/// A sequence of draws that belongs to one purpose.
#[derive(Debug)]
pub(crate) struct Dice(SeededRandom);

impl Dice {
    /// The sequence of a purpose, such as `customer 3 people`.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        Self(SeededRandom::for_purpose(seed, purpose))
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&self, low: u64, high: u64) -> u64 {
        low + random::below(&self.0, high.saturating_sub(low).saturating_add(1))
    }

    /// A number of days in `low..=high`.
    pub(crate) fn days(&self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or_default();
        low.saturating_add(i64::try_from(self.between(0, span)).unwrap_or_default())
    }

    /// True this many times in a hundred.
    pub(crate) fn chance(&self, percent: u64) -> bool {
        random::below(&self.0, 100) < percent
    }

    /// A position in a list of this length.
    pub(crate) fn index(&self, length: usize) -> usize {
        let bound = u64::try_from(length).unwrap_or(u64::MAX);
        usize::try_from(random::below(&self.0, bound)).unwrap_or_default()
    }

    /// One of a list; the list's default element where it is empty.
    pub(crate) fn pick<T: Copy + Default>(&self, list: &[T]) -> T {
        list.get(self.index(list.len())).copied().unwrap_or_default()
    }

    /// An id.
    pub(crate) fn id(&self) -> String {
        random::uuid(&self.0).to_string()
    }

    /// Upper-case letters and digits, as in a serial number.
    pub(crate) fn code(&self, length: usize) -> String {
        const SIGNS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
        (0..length).map(|_| char::from(self.pick(SIGNS))).collect()
    }
}
