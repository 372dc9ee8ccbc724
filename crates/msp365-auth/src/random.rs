//! The operating system's randomness.

use aws_lc_rs::rand;
use msp365_core::Random;

/// Randomness of the operating system, fit for secrets.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        if rand::fill(bytes).is_err() {
            // Going on would mean secrets that can be guessed, and the trait cannot return an error.
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        let (mut one, mut two) = ([0; 32], [0; 32]);

        SystemRandom.fill(&mut one);
        SystemRandom.fill(&mut two);

        assert_ne!(one, two);
    }
}
