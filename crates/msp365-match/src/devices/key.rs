//! Texts as numbers of one length.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

/// Texts of up to this many bytes fit into a [`Key`].
const FITS: usize = 15;

/// The last byte of a key that holds a hash.
const HASHED: u64 = 0xff << 56;

/// Different in each process, so that nobody can construct two names with the same hash.
static HASHERS: LazyLock<[RandomState; 2]> = LazyLock::new(Default::default);

/// A text as a number: two texts have the same key only if they are the same.
///
/// A text of at most 15 bytes, like nearly all names and serial numbers, is stored as it is. A longer one is stored as
/// 112 bits of a keyed hash; the probability that any two of a thousand million texts collide is one in 10^15. The
/// empty text has no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Key {
    first: u64,
    /// For a short text, the rest of it and, in the last byte, its length; for a long one, more of the hash and, in the
    /// first byte, the length up to 255.
    rest: u64,
}

impl Key {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let length = bytes.len() as u64;
        if bytes.len() > FITS {
            let [one, other] = &*HASHERS;
            return Self {
                first: one.hash_one(bytes),
                rest: HASHED | other.hash_one(bytes) << 8 | length.min(0xff),
            };
        }
        // Both halves are read as numbers; for a text of at least 8 bytes, the second one is read from its end.
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

    /// The key of a number other than 0.
    pub(super) fn of_number(number: u128) -> Self {
        let half = |number: u128| u64::try_from(number & u128::from(u64::MAX)).unwrap_or_default();
        Self {
            first: half(number),
            rest: half(number >> 64),
        }
    }

    /// Whether it is the key of the empty text.
    pub(super) fn is_none(self) -> bool {
        self == Self::default()
    }

    /// The length of the text in bytes, up to 255.
    pub(super) fn length(self) -> usize {
        let length = if self.is_whole() {
            self.rest >> 56
        } else {
            self.rest & 0xff
        };
        usize::try_from(length).unwrap_or_default()
    }

    /// The text, if the key holds it.
    pub(super) fn text(self, room: &mut [u8; 16]) -> Option<&str> {
        let (first, rest) = room.split_at_mut(8);
        first.copy_from_slice(&self.first.to_le_bytes());
        rest.copy_from_slice(&self.rest.to_le_bytes());
        let length = self.is_whole().then(|| self.length())?;
        std::str::from_utf8(room.get(..length)?).ok()
    }

    /// Both halves.
    pub(super) fn halves(self) -> (u64, u64) {
        (self.first, self.rest)
    }

    /// The number of the group it falls into, out of this many groups, which must be a power of two.
    pub(super) fn within(self, groups: usize) -> usize {
        let mixed = (self.first ^ self.rest.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::try_from(mixed >> 32).unwrap_or_default() & (groups - 1)
    }

    fn is_whole(self) -> bool {
        self.rest & HASHED != HASHED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 9] = [
        "",
        "a",
        "a\0",
        "lt-ada-0",
        "lt-ada-01",
        "accounting-lapt",
        "accounting-laps",
        "accounting-laptop-ada",
        "accounting-laptop-bob",
    ];

    #[test]
    fn texts_have_one_key_only_if_they_are_the_same() {
        for one in TEXTS {
            for other in TEXTS {
                assert_eq!(Key::of(one) == Key::of(other), one == other, "{one} {other}");
            }
        }
        assert!(Key::of("").is_none() && !Key::of("a").is_none());
    }

    #[test]
    fn a_short_text_can_be_read_from_its_key_and_of_a_long_one_the_length() {
        for text in TEXTS {
            let mut room = [0; 16];
            let key = Key::of(text);
            assert_eq!(key.length(), text.len());
            assert_eq!(key.text(&mut room), (text.len() <= FITS).then_some(text));
        }
        assert_eq!(Key::of(&"x".repeat(70_000)).length(), 255);
    }
}
