//! Dice that fall the same way for the same seed.

/// Dice.
#[derive(Debug, Clone)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// Dice for a seed and a purpose.
    pub fn new(seed: u64, purpose: &str) -> Self {
        let state = purpose.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |state, byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { state }
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from(self.number() % bound).unwrap_or_default()
    }

    /// Whether something happens that happens so many times in a thousand.
    pub fn per_mille(&mut self, times: usize) -> bool {
        self.below(1_000) < times
    }

    /// One of these.
    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// One of the words that stand in a text with bars between.
    pub fn word<'a>(&mut self, words: &'a str) -> &'a str {
        let count = words.split('|').count();
        words.split('|').nth(self.below(count)).unwrap_or_default()
    }

    /// Letters and digits as serial numbers and default names have them.
    pub fn code(&mut self, length: usize) -> String {
        const SIGNS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
        (0..length)
            .map(|_| char::from(SIGNS[self.below(SIGNS.len())]))
            .collect()
    }
}
