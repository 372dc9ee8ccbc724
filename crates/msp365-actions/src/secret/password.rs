//! Making passwords.

use msp365_core::{Random, random};
use secrecy::{SecretString, zeroize::Zeroizing};

/// Letters that are not taken for others: neither `I`, `l` and `1` nor `O` and `0`.
const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const LOWER: &[u8] = b"abcdefghijkmnopqrstuvwxyz";
const DIGITS: &[u8] = b"23456789";
const MARKS: &[u8] = b"!#%+-=?@_";
/// What a password has at least and at most.
const LENGTHS: std::ops::RangeInclusive<usize> = 12..=128;
/// Tries before a password that happens to hold a name is taken as it is.
const TRIES: u32 = 16;

/// What passwords are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PasswordRules {
    /// Characters: 12 to 128; other numbers are taken as the nearest of these.
    pub length: usize,
}

impl Default for PasswordRules {
    fn default() -> Self {
        Self { length: 20 }
    }
}

impl PasswordRules {
    /// So many characters.
    pub const fn of_length(length: usize) -> Self {
        Self { length }
    }
}

/// A password with letters of both cases, digits and marks, that holds none of the names.
pub(super) fn make(rules: PasswordRules, random: &dyn Random, names: &[&str]) -> SecretString {
    let length = rules.length.clamp(*LENGTHS.start(), *LENGTHS.end());
    let mut text = draw(length, random);
    for _ in 0..TRIES {
        let lower = Zeroizing::new(text.to_lowercase());
        let holds = |name: &&str| name.len() > 2 && lower.contains(&name.to_lowercase());
        if !names.iter().any(holds) {
            break;
        }
        text = draw(length, random);
    }
    SecretString::from(text.as_str())
}

fn draw(length: usize, random: &dyn Random) -> Zeroizing<String> {
    let kinds = [UPPER, LOWER, DIGITS, MARKS];
    let all = Zeroizing::new(kinds.concat());
    let mut letters = Zeroizing::new(Vec::with_capacity(length));
    // One of each kind, the rest of any; then the order is drawn too.
    for place in 0..length {
        let from = kinds.get(place).copied().unwrap_or(&all);
        letters.push(pick(from, random));
    }
    for place in (1..letters.len()).rev() {
        let bound = u64::try_from(place + 1).unwrap_or(1);
        letters.swap(place, usize::try_from(random::below(random, bound)).unwrap_or(0));
    }
    Zeroizing::new(letters.iter().map(|letter| char::from(*letter)).collect())
}

fn pick(from: &[u8], random: &dyn Random) -> u8 {
    let bound = u64::try_from(from.len()).unwrap_or(1);
    let place = usize::try_from(random::below(random, bound)).unwrap_or(0);
    from.get(place).copied().unwrap_or(b'x')
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use msp365_core::SeededRandom;
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_password_has_letters_digits_and_marks() {
        let random = SeededRandom::new(7);
        let mut seen = HashSet::new();

        for _ in 0..2_000 {
            let made = make(PasswordRules::default(), &random, &[]);
            let text = made.expose_secret();
            let has = |kind: &[u8]| text.bytes().any(|letter| kind.contains(&letter));
            assert!(has(UPPER) && has(LOWER) && has(DIGITS) && has(MARKS), "{text}");
            assert_eq!(text.chars().count(), 20);
            assert!(seen.insert(text.to_owned()));
        }
    }

    #[test]
    fn a_password_holds_no_name() {
        /// Draws the same name over and over, then something else.
        struct Stubborn(std::sync::atomic::AtomicU64);
        impl Random for Stubborn {
            fn fill(&self, bytes: &mut [u8]) {
                let draws = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let value = if draws < 40 {
                    0
                } else {
                    draws.wrapping_mul(0x9e37_79b9_7f4a_7c15)
                };
                bytes.copy_from_slice(&value.to_le_bytes());
            }
        }
        let made = make(PasswordRules::of_length(12), &Stubborn(0.into()), &["AAA", "ada"]);

        assert!(!made.expose_secret().to_lowercase().contains("aaa"));
    }

    #[test]
    fn lengths_are_kept_within_bounds() {
        let random = SeededRandom::new(1);
        let length = |wanted| {
            make(PasswordRules::of_length(wanted), &random, &[])
                .expose_secret()
                .len()
        };

        assert_eq!((length(1), length(64), length(9_999)), (12, 64, 128));
    }
}
