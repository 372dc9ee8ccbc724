//! Who has an address, or a word in their name: packed, because most have one holder and there are millions.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Holders by the hash of what they have. Two things with the same hash share their holders, so callers compare the
/// texts.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Sorted by hash, then number.
    entries: Vec<(u64, u32)>,
}

impl Index {
    /// From pairs of a hash and a holder.
    pub(super) fn of(entries: impl Iterator<Item = (u64, u32)>) -> Self {
        let mut entries: Vec<(u64, u32)> = entries.collect();
        entries.sort_unstable();
        entries.dedup();
        Self { entries }
    }

    /// Everyone who has something with this hash.
    pub(super) fn holders(&self, hash: u64) -> impl ExactSizeIterator<Item = u32> {
        let start = self.entries.partition_point(|(known, _)| *known < hash);
        let rest = self.entries.get(start..).unwrap_or_default();
        let end = rest.partition_point(|(known, _)| *known == hash);
        rest.iter().take(end).map(|(_, holder)| *holder)
    }
}

/// The hash of an address.
pub(super) fn address(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// The hash of a word in names within one home.
pub(super) fn word(home: &str, text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(home.as_bytes());
    hasher.write_u8(0xff);
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_holders_are_found_and_each_once() {
        let index = Index::of([(7, 3), (9, 1), (7, 2), (7, 3)].into_iter());

        assert_eq!(index.holders(7).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(index.holders(8).len(), 0);
    }
}
