//! Joins records by key: each side is split by hash into small buckets, which are sorted; the buckets of both sides are
//! then read in parallel, on all cores.

use std::cmp::Ordering;

use super::key::Key;
use crate::parallel::{at_once, in_threads, threads};

/// With fewer records than this, the work takes less time than starting a thread.
pub(super) const WORTH_A_THREAD: usize = 20_000;

/// Records of one side in a bucket: few enough to be sorted within the nearest cache.
const IN_BUCKET: usize = 256;

/// More buckets than this take longer to fill than they save.
const MOST_BUCKETS: usize = 4_096;

/// A record of one side, with the key by which it is joined.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keyed {
    pub(super) key: Key,
    /// Records of different scopes are never joined.
    pub(super) scope: u32,
    pub(super) place: usize,
}

/// A record in a sorted list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// The first half of the key, mixed reversibly with the rest: entries with equal `mixed`, `rest` and `scope` have
    /// equal keys.
    mixed: u64,
    rest: u64,
    scope: u32,
    place: u32,
}

impl Entry {
    fn new(keyed: Keyed) -> Self {
        let Keyed { key, scope, place } = keyed;
        let (first, rest) = key.halves();
        let around = (rest ^ u64::from(scope).wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .wrapping_mul(0xd6e8_feb8_6659_fd93)
            .rotate_left(32);
        Self {
            mixed: (first ^ around).wrapping_mul(0xff51_afd7_ed55_8ccd),
            rest,
            scope,
            place: u32::try_from(place).unwrap_or(u32::MAX),
        }
    }

    fn key(&self) -> (u64, u64, u32) {
        (self.mixed, self.rest, self.scope)
    }

    fn bucket(&self, buckets: usize) -> usize {
        usize::try_from((self.mixed >> 32).wrapping_mul(buckets as u64) >> 32).unwrap_or_default()
    }
}

/// The records of one side in sorted buckets.
#[derive(Debug)]
struct Buckets {
    entries: Vec<Entry>,
    ends: Vec<usize>,
}

impl Buckets {
    /// Counts first, then writes each entry directly to the place of its bucket.
    fn fill(buckets: usize, count: usize, keyed: impl Fn(usize) -> Option<Keyed>) -> Self {
        let entries = || (0..count).filter_map(|number| Some(Entry::new(keyed(number)?)));
        let mut ends = vec![0_usize; buckets];
        for entry in entries() {
            ends[entry.bucket(buckets)] += 1;
        }
        let mut all = 0;
        for end in &mut ends {
            all += std::mem::replace(end, all);
        }
        let mut filled = vec![Entry::default(); all];
        for entry in entries() {
            let end = &mut ends[entry.bucket(buckets)];
            filled[*end] = entry;
            *end += 1;
        }
        let mut start = 0;
        for end in &ends {
            filled[start..*end].sort_unstable();
            start = *end;
        }
        Self {
            entries: filled,
            ends,
        }
    }

    fn bucket(&self, number: usize) -> &[Entry] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.entries[start..self.ends[number]]
    }
}

/// Records of both sides by their keys.
#[derive(Debug)]
pub(super) struct Sorted {
    ours: Buckets,
    theirs: Buckets,
}

impl Sorted {
    /// Sorts what `ours` and `theirs` return for the numbers below these counts.
    pub(super) fn of(
        counts: (usize, usize),
        ours: &(impl Fn(usize) -> Option<Keyed> + Sync),
        theirs: &(impl Fn(usize) -> Option<Keyed> + Sync),
    ) -> Self {
        let count = counts.0 + counts.1;
        let buckets = (count / IN_BUCKET / 2).clamp(1, MOST_BUCKETS);
        let (ours, theirs) = at_once(
            threads(count, WORTH_A_THREAD) > 1,
            || Buckets::fill(buckets, counts.0, ours),
            || Buckets::fill(buckets, counts.1, theirs),
        );
        Self { ours, theirs }
    }

    /// Calls `decide` with the places of ours and of theirs for each key that both sides have, and returns what the
    /// calls put into their lists, one list per thread.
    pub(super) fn shared<T: Send>(
        &self,
        decide: &(impl Fn(&[usize], &[usize], &mut Vec<T>) + Sync),
    ) -> Vec<Vec<T>> {
        self.in_shares(|bucket, found| {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            let (mut our_rest, mut their_rest) = (self.ours.bucket(bucket), self.theirs.bucket(bucket));
            while let (Some(one), Some(other)) = (our_rest.first(), their_rest.first()) {
                match one.key().cmp(&other.key()) {
                    Ordering::Less => our_rest = &our_rest[1..],
                    Ordering::Greater => their_rest = &their_rest[1..],
                    Ordering::Equal => {
                        let key = one.key();
                        our_rest = take(our_rest, key, &mut ours);
                        their_rest = take(their_rest, key, &mut theirs);
                        decide(&ours, &theirs, found);
                    }
                }
            }
        })
    }

    /// Calls `decide` with the places of each key that several records of ours have, then likewise for theirs, and
    /// returns what the calls put into their lists.
    pub(super) fn repeated<T: Send>(&self, decide: &(impl Fn(Group<'_>, &mut Vec<T>) + Sync)) -> Vec<Vec<T>> {
        self.in_shares(|bucket, found| {
            let mut places = Vec::new();
            let mut each = |entries: &[Entry], decide: &mut dyn FnMut(&[usize])| {
                for run in entries.chunk_by(|one, other| one.key() == other.key()) {
                    if let [first, _, ..] = run {
                        take(run, first.key(), &mut places);
                        decide(&places);
                    }
                }
            };
            each(self.ours.bucket(bucket), &mut |places| {
                decide(Group::Ours(places), found);
            });
            each(self.theirs.bucket(bucket), &mut |places| {
                decide(Group::Theirs(places), found);
            });
        })
    }

    fn in_shares<T: Send>(&self, work: impl Fn(usize, &mut Vec<T>) + Sync) -> Vec<Vec<T>> {
        let buckets = self.ours.ends.len();
        let threads = threads(
            self.ours.entries.len() + self.theirs.entries.len(),
            WORTH_A_THREAD,
        );
        let share = buckets.div_ceil(threads);
        in_threads(threads, |number| {
            let mut found = Vec::new();
            for bucket in (number * share)..((number + 1) * share).min(buckets) {
                work(bucket, &mut found);
            }
            found
        })
    }
}

/// Records of one side that have one key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Group<'a> {
    Ours(&'a [usize]),
    Theirs(&'a [usize]),
}

/// Collects the places of the first entries, which have this key, and returns the entries behind them.
fn take<'a>(entries: &'a [Entry], key: (u64, u64, u32), places: &mut Vec<usize>) -> &'a [Entry] {
    places.clear();
    let same = entries.iter().take_while(|entry| entry.key() == key);
    places.extend(same.map(|entry| entry.place as usize));
    entries.get(places.len()..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(scope: u32) -> impl Fn(usize) -> Option<Keyed> {
        move |place| {
            Some(Keyed {
                key: Key::of(&format!("pc-{}", place / 2)),
                scope,
                place,
            })
        }
    }

    #[test]
    fn all_that_share_a_key_and_a_scope_come_together_whatever_the_number() {
        let count = 50_000;
        let sorted = Sorted::of(
            (count + 1, count),
            &|place| side(1)(place.min(count - 1)),
            &side(1),
        );

        let mut pairs = sorted
            .shared(&|ours, theirs, found| found.push((ours.to_vec(), theirs.to_vec())))
            .concat();
        pairs.sort();

        assert_eq!(pairs.len(), count / 2);
        let (odd, even) = pairs.split_last().unwrap();
        assert!(
            even.iter()
                .all(|(ours, theirs)| ours.len() == 2 && ours == theirs)
        );
        assert_eq!((odd.0.len(), odd.1.len()), (3, 2));
        let apart = Sorted::of((count, count), &side(1), &side(2));
        assert!(apart.shared(&|_, _, found| found.push(())).concat().is_empty());
    }

    #[test]
    fn what_several_of_one_side_have_is_told_for_each_side() {
        let sorted = Sorted::of((3, 2), &side(0), &side(0));

        let mut groups = sorted
            .repeated(&|group, found| {
                found.push(match group {
                    Group::Ours(places) => ("ours", places.to_vec()),
                    Group::Theirs(places) => ("theirs", places.to_vec()),
                });
            })
            .concat();
        groups.sort();

        assert_eq!(groups, [("ours", vec![0, 1]), ("theirs", vec![0, 1])]);
    }
}
