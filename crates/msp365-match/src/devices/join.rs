//! Brings together what has the same key: keys are sorted by their hashes, on all cores, each its share.

use crate::parallel::{in_threads, threads};

/// With fewer records than this the work takes less time than starting a thread.
pub(super) const WORTH_A_THREAD: usize = 20_000;

/// Marks a place as one of theirs in a sorted list.
const THEIRS: usize = 1 << (usize::BITS - 1);

/// Records of both sides by the hashes of their keys, in one share for each thread.
#[derive(Debug)]
pub(super) struct Sorted {
    shares: Vec<Vec<(u64, usize)>>,
}

/// Of one side, the places that take part, with the hashes of their keys.
pub(super) trait Keys: Sync {
    /// Calls `take` with each.
    fn each(&self, take: &mut dyn FnMut(u64, usize));
}

impl<F: Fn(&mut dyn FnMut(u64, usize)) + Sync> Keys for F {
    fn each(&self, take: &mut dyn FnMut(u64, usize)) {
        self(take);
    }
}

impl Sorted {
    /// Sorts `count` records of both sides.
    pub(super) fn of(count: usize, ours: &dyn Keys, theirs: &dyn Keys) -> Self {
        let threads = threads(count, WORTH_A_THREAD);
        let share = |number: usize| {
            let mine = |hash: u64| share_of(hash, threads) == number;
            let mut entries: Vec<(u64, usize)> = Vec::with_capacity(count / threads + count / 64);
            ours.each(&mut |hash, place| {
                if mine(hash) {
                    entries.push((hash, place));
                }
            });
            theirs.each(&mut |hash, place| {
                if mine(hash) {
                    entries.push((hash, place | THEIRS));
                }
            });
            entries.sort_unstable();
            entries
        };
        Self {
            shares: in_threads(threads, share),
        }
    }

    /// Calls `decide` with the places of ours and of theirs that have one key, for each key, and answers
    /// what the calls left in their lists. `text` tells keys apart that have one hash.
    pub(super) fn groups<K: Ord, T: Send>(
        &self,
        wanted: Wanted,
        text: &(impl Fn(Party) -> K + Sync),
        decide: &(impl Fn(&[usize], &[usize], &mut Vec<T>) + Sync),
    ) -> Vec<T> {
        let share = |number: usize| {
            let entries = self.shares.get(number).map_or(&[][..], Vec::as_slice);
            let mut found = Vec::with_capacity(match wanted {
                Wanted::BothSides => entries.len() / 2,
                Wanted::Several => 0,
            });
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            let runs = entries.chunk_by(|one, other| one.0 == other.0);
            for run in runs.filter(|run| wanted.takes(run)) {
                let mut give = |members: &mut dyn Iterator<Item = usize>| {
                    ours.clear();
                    theirs.clear();
                    for code in members {
                        match Party::of(code) {
                            Party::Ours(place) => ours.push(place),
                            Party::Theirs(place) => theirs.push(place),
                        }
                    }
                    decide(&ours, &theirs, &mut found);
                };
                let text_of = |entry: &(u64, usize)| text(Party::of(entry.1));
                match run {
                    [] | [_] => give(&mut run.iter().map(|entry| entry.1)),
                    [first, rest @ ..] if rest.iter().all(|entry| text_of(entry) == text_of(first)) => {
                        give(&mut run.iter().map(|entry| entry.1));
                    }
                    _ => {
                        let mut run = run.to_vec();
                        run.sort_by_key(text_of);
                        for same in run.chunk_by(|one, other| text_of(one) == text_of(other)) {
                            give(&mut same.iter().map(|entry| entry.1));
                        }
                    }
                }
            }
            found
        };
        let mut parts = in_threads(self.shares.len(), share).into_iter();
        let mut all = parts.next().unwrap_or_default();
        parts.for_each(|mut part| all.append(&mut part));
        all
    }
}

/// Which keys are looked at. The others cost nothing, not even a look at their texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Those that records of both sides have.
    BothSides,
    /// Those that several records of one side have.
    Several,
}

impl Wanted {
    /// Ours stand before theirs in a run.
    fn takes(self, run: &[(u64, usize)]) -> bool {
        let is_theirs = |entry: &(u64, usize)| entry.1 & THEIRS != 0;
        let has_both = match run {
            [first, .., last] => !is_theirs(first) && is_theirs(last),
            _ => false,
        };
        match self {
            Self::BothSides => has_both,
            Self::Several => run.len() > 2 || run.len() == 2 && !has_both,
        }
    }
}

/// A record of either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Party {
    Ours(usize),
    Theirs(usize),
}

impl Party {
    fn of(code: usize) -> Self {
        if code & THEIRS == 0 {
            Self::Ours(code)
        } else {
            Self::Theirs(code & !THEIRS)
        }
    }
}

/// The thread that a hash belongs to, by its upper bits.
fn share_of(hash: u64, threads: usize) -> usize {
    usize::try_from((hash >> 32).wrapping_mul(threads as u64) >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_with_one_hash_stay_apart() {
        let texts = ["ada", "bo", "ada"];
        let all = |take: &mut dyn FnMut(u64, usize)| (0..3).for_each(|place| take(7, place));
        let one = |take: &mut dyn FnMut(u64, usize)| take(7, 1);

        let sorted = Sorted::of(4, &all, &one);
        let text = |party: Party| match party {
            Party::Ours(place) | Party::Theirs(place) => texts[place],
        };
        let keep = |ours: &[usize], theirs: &[usize], found: &mut Vec<_>| {
            found.push((ours.to_vec(), theirs.to_vec()));
        };
        let mut groups = sorted.groups(Wanted::Several, &text, &keep);
        groups.sort();

        assert_eq!(groups, [(vec![0, 2], vec![]), (vec![1], vec![1])]);
    }

    #[test]
    fn every_hash_has_a_thread() {
        for hash in [0, 1, u64::MAX, u64::MAX / 2, u64::MAX / 3] {
            assert!(share_of(hash, 3) < 3);
        }
    }
}
