//! Randomness from one seed.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

use crate::seams::Random;

/// Repeatable randomness: the same seed gives the same bytes. For tests, simulations and jitter, never for secrets.
///
/// The generator is `SplitMix64`; threads that share one value draw from one sequence.
#[derive(Debug)]
pub struct SeededRandom {
    state: AtomicU64,
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl SeededRandom {
    /// The sequence for a seed.
    pub const fn new(seed: u64) -> Self {
        Self {
            state: AtomicU64::new(seed),
        }
    }

    /// An independent sequence for one purpose: draws for one purpose do not affect those for another.
    pub fn for_purpose(seed: u64, purpose: &str) -> Self {
        let mixed = purpose.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self::new(mix(mixed))
    }

    /// The next 64 bits.
    pub fn next_u64(&self) -> u64 {
        mix(self.state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP))
    }
}

const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(word.get(..chunk.len()).unwrap_or_default());
        }
    }
}

/// 64 random bits from any source.
pub fn u64_from(random: &dyn Random) -> u64 {
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// A number in `0..bound`; 0 if the bound is 0.
pub fn below(random: &dyn Random, bound: u64) -> u64 {
    let wide = u128::from(u64_from(random)) * u128::from(bound);
    u64::try_from(wide >> 64).unwrap_or_default()
}

/// A random (version 4) UUID.
pub fn uuid(random: &dyn Random) -> Uuid {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_sequence() {
        let (one, two) = (SeededRandom::new(7), SeededRandom::new(7));

        assert_eq!([one.next_u64(), one.next_u64()], [two.next_u64(), two.next_u64()]);
    }

    #[test]
    fn purposes_of_one_seed_differ() {
        let names = SeededRandom::for_purpose(7, "names");
        let jitter = SeededRandom::for_purpose(7, "jitter");

        assert_ne!(names.next_u64(), jitter.next_u64());
    }

    #[test]
    fn a_bounded_number_stays_below_its_bound() {
        let random = SeededRandom::new(1);

        assert!((0..1_000).all(|_| below(&random, 3) < 3));
        assert_eq!(below(&random, 0), 0);
    }
}
