//! Brings together what has the same key: keys are cut into small shares by their hashes and sorted there, on
//! all cores.

use rustc_hash::FxHasher;
use std::hash::Hasher;

use crate::parallel::{in_threads, threads};

/// With fewer records than this the work takes less time than starting a thread.
pub(super) const WORTH_A_THREAD: usize = 20_000;

/// Marks a place as one of theirs in a sorted list.
const THEIRS: u32 = 1 << 31;

/// So many records stand in a bucket, that sorting it stays within the nearest cache.
const IN_BUCKET: usize = 512;

/// More buckets than this cost more to fill than they save.
const MOST_BUCKETS: usize = 4_096;

/// Texts of so many bytes fit into a [`Key`].
const FITS: usize = 15;

/// The last byte of a key that is a hash.
const HASHED: u64 = 0xff << 56;

/// A text as a number. Two texts of at most 15 bytes, as nearly all names and serial numbers, have one key only
/// if they are the same, so that nobody has to fetch them; a longer one is a hash. The empty text is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Key {
    first: u64,
    rest: u64,
}

impl Key {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let length = bytes.len() as u64;
        if bytes.len() > FITS {
            let mut hasher = FxHasher::default();
            hasher.write(bytes);
            return Self {
                first: hasher.finish(),
                rest: HASHED | length & !HASHED,
            };
        }
        // Both halves are read as numbers; of a text of 8 bytes and more the second from its end.
        let halves = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>());
        let (first, rest) = if let (Some(first), Some(last)) = halves {
            let rest = u128::from(u64::from_le_bytes(*last)) >> (8 * (16 - bytes.len()));
            (
                u64::from_le_bytes(*first),
                u64::try_from(rest).unwrap_or_default(),
            )
        } else {
            let number = bytes.iter().rev();
            (number.fold(0, |number, byte| number << 8 | u64::from(*byte)), 0)
        };
        Self {
            first,
            rest: rest | length << 56,
        }
    }

    /// The key of a number that is not 0.
    pub(super) fn of_number(number: u128) -> Self {
        let half = |number: u128| u64::try_from(number & u128::from(u64::MAX)).unwrap_or_default();
        Self {
            first: half(number),
            rest: half(number >> 64),
        }
    }

    /// Whether it is of the empty text.
    pub(super) fn is_none(self) -> bool {
        self == Self::default()
    }

    /// The number of a group, of so many groups, which must be a power of two.
    pub(super) fn within(self, groups: usize) -> usize {
        let mixed = (self.first ^ self.rest.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::try_from(mixed >> 32).unwrap_or_default() & (groups - 1)
    }

    /// Whether the text has as many bytes as a host name that was cut, or more.
    pub(super) fn may_be_cut(self) -> bool {
        self.rest >> 56 >= FITS as u64
    }

    /// Whether equal keys mean equal texts.
    pub(super) fn is_exact(self) -> bool {
        self.rest & HASHED != HASHED
    }
}

/// A record of one side, by what it is brought together with others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keyed {
    pub(super) key: Key,
    /// Records of two scopes never come together.
    pub(super) scope: u32,
    pub(super) place: usize,
}

/// A record in a sorted list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// The first half of the key, mixed with all the rest in a way that can be undone: entries with equal
    /// `mixed`, `rest` and `scope` have equal keys.
    mixed: u64,
    rest: u64,
    scope: u32,
    code: u32,
}

impl Entry {
    fn new(keyed: Keyed, side: u32) -> Self {
        let Keyed { key, scope, place } = keyed;
        let around = (key.rest ^ u64::from(scope).wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .wrapping_mul(0xd6e8_feb8_6659_fd93)
            .rotate_left(32);
        Self {
            mixed: (key.first ^ around).wrapping_mul(0xff51_afd7_ed55_8ccd),
            rest: key.rest,
            scope,
            code: u32::try_from(place).unwrap_or(u32::MAX) & !THEIRS | side,
        }
    }

    fn has_same_key(&self, other: &Self) -> bool {
        (self.mixed, self.rest, self.scope) == (other.mixed, other.rest, other.scope)
    }

    fn is_exact(&self) -> bool {
        self.rest & HASHED != HASHED
    }

    fn bucket(&self, buckets: usize) -> usize {
        usize::try_from((self.mixed >> 32).wrapping_mul(buckets as u64) >> 32).unwrap_or_default()
    }
}

/// Records of both sides by their keys, in one share for each thread.
#[derive(Debug)]
pub(super) struct Sorted {
    shares: Vec<Vec<Entry>>,
}

impl Sorted {
    /// Sorts about `count` records of both sides.
    pub(super) fn of<O: Iterator<Item = Keyed>, T: Iterator<Item = Keyed>>(
        count: usize,
        ours: &(impl Fn() -> O + Sync),
        theirs: &(impl Fn() -> T + Sync),
    ) -> Self {
        let threads = threads(count, WORTH_A_THREAD);
        let in_share = (count / threads / IN_BUCKET).clamp(1, MOST_BUCKETS);
        let buckets = in_share * threads;
        let share = |number: usize| {
            let entries = || {
                let ours = ours().map(|keyed| Entry::new(keyed, 0));
                let all = ours.chain(theirs().map(|keyed| Entry::new(keyed, THEIRS)));
                all.filter_map(|entry| {
                    let bucket = entry.bucket(buckets).checked_sub(number * in_share)?;
                    (bucket < in_share).then_some((bucket, entry))
                })
            };
            in_buckets(in_share, entries)
        };
        Self {
            shares: in_threads(threads, share),
        }
    }

    /// Calls `decide` with the places of ours and of theirs that have one key, for each key, and answers
    /// what the calls left in their lists, a list for each thread. `text` tells keys apart that have one hash.
    pub(super) fn groups<'t, T: Send>(
        &self,
        wanted: Wanted,
        text: &(impl Fn(Party) -> &'t str + Sync),
        decide: &(impl Fn(&[usize], &[usize], &mut Vec<T>) + Sync),
    ) -> Vec<Vec<T>> {
        let share = |number: usize| {
            let entries = self.shares.get(number).map_or(&[][..], Vec::as_slice);
            let mut found = Vec::with_capacity(match wanted {
                Wanted::BothSides => entries.len() / 2,
                Wanted::Several => 0,
            });
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            let mut give = |run: &[Entry], found: &mut Vec<T>| {
                ours.clear();
                theirs.clear();
                for entry in run {
                    match Party::of(entry.code) {
                        Party::Ours(place) => ours.push(place),
                        Party::Theirs(place) => theirs.push(place),
                    }
                }
                decide(&ours, &theirs, found);
            };
            let text_of = |entry: &Entry| text(Party::of(entry.code));
            let runs = entries.chunk_by(Entry::has_same_key);
            for run in runs.filter(|run| wanted.takes(run)) {
                match run {
                    [first, rest @ ..]
                        if first.is_exact() || rest.iter().all(|entry| text_of(entry) == text_of(first)) =>
                    {
                        give(run, &mut found);
                    }
                    _ => {
                        let mut run = run.to_vec();
                        run.sort_by_key(text_of);
                        for same in run.chunk_by(|one, other| text_of(one) == text_of(other)) {
                            give(same, &mut found);
                        }
                    }
                }
            }
            found
        };
        in_threads(self.shares.len(), share)
    }
}

/// Entries with their buckets, sorted: counted first, then each written once to where its bucket stands.
fn in_buckets<I: Iterator<Item = (usize, Entry)>>(buckets: usize, entries: impl Fn() -> I) -> Vec<Entry> {
    let mut ends = vec![0_usize; buckets];
    for (bucket, _) in entries() {
        ends[bucket] += 1;
    }
    let mut count = 0;
    for end in &mut ends {
        count += std::mem::replace(end, count);
    }
    let mut sorted = vec![Entry::default(); count];
    for (bucket, entry) in entries() {
        sorted[ends[bucket]] = entry;
        ends[bucket] += 1;
    }
    let mut start = 0;
    for end in ends {
        sorted[start..end].sort_unstable();
        start = end;
    }
    sorted
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
    fn takes(self, run: &[Entry]) -> bool {
        let is_theirs = |entry: &Entry| entry.code & THEIRS != 0;
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
    fn of(code: u32) -> Self {
        if code & THEIRS == 0 {
            Self::Ours(code as usize)
        } else {
            Self::Theirs((code & !THEIRS) as usize)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyed(key: Key, place: usize) -> Keyed {
        Keyed { key, scope: 0, place }
    }

    #[test]
    fn keys_with_one_hash_stay_apart() {
        let texts = ["ada", "bo", "ada"];
        let one_hash = Key {
            first: 7,
            rest: HASHED,
        };
        let all = || (0..3).map(|place| keyed(one_hash, place));
        let one = || [keyed(one_hash, 1)].into_iter();

        let sorted = Sorted::of(4, &all, &one);
        let text = |party: Party| match party {
            Party::Ours(place) | Party::Theirs(place) => texts[place],
        };
        let keep = |ours: &[usize], theirs: &[usize], found: &mut Vec<_>| {
            found.push((ours.to_vec(), theirs.to_vec()));
        };
        let mut groups: Vec<_> = sorted.groups(Wanted::Several, &text, &keep).concat();
        groups.sort();

        assert_eq!(groups, [(vec![0, 2], vec![]), (vec![1], vec![1])]);
    }

    #[test]
    fn short_texts_have_one_key_only_if_they_are_the_same() {
        let texts = [
            "",
            "a",
            "a\0",
            "lt-ada-0",
            "lt-ada-01",
            "accounting-lapt",
            "accounting-laps",
        ];

        for one in texts {
            assert!(Key::of(one).is_exact());
            for other in texts {
                assert_eq!(Key::of(one) == Key::of(other), one == other, "{one} {other}");
            }
        }
        assert!(Key::of("").is_none() && !Key::of("accounting-laptop").is_exact());
    }

    #[test]
    fn all_that_share_a_key_and_a_scope_come_together_whatever_the_number() {
        let count = 50_000;
        let side = |scope: u32| {
            (0..count).map(move |place| Keyed {
                key: Key::of(&format!("pc-{}", place / 2)),
                scope,
                place,
            })
        };

        let sorted = Sorted::of(2 * count, &|| side(1).chain([keyed(Key::of("pc-1"), 9)]), &|| {
            side(1)
        });
        let text = |_: Party| "";
        let pairs = sorted.groups(Wanted::BothSides, &text, &|ours, theirs, found| {
            found.push((ours.to_vec(), theirs.to_vec()));
        });
        let pairs: Vec<(Vec<usize>, Vec<usize>)> = pairs.concat();

        assert_eq!(pairs.len(), count / 2);
        assert!(
            pairs
                .iter()
                .all(|(ours, theirs)| ours.len() == 2 && ours == theirs)
        );
    }
}
