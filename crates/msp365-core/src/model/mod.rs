//! Models that forgive: [`model!`](crate::model!) declares one, and says what its properties are called and filtered by.
//!
//! A model reads what a service sends, whatever its form: keys are required, all else may be absent, null or of an odd
//! form. Nothing is lost by it. Members that a model does not know, and values that it cannot read, stay in `extra` as
//! they came, and are written back; so is which members were there at all.

mod declare;
mod field;
mod reader;
mod scalar;
mod secret;
mod split;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

pub use field::{Field, Kind, Member, nested};
pub use reader::{Model, object, value};
#[doc(hidden)]
pub use scalar::named;
pub use secret::Secret;
pub use split::Split;

/// Members that a model does not know, and values that did not fit, by their names.
pub type Extra = Map<String, Value>;

/// Which members of a model a reply held, those that were null too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Seen([u64; 2]);

impl Seen {
    /// Notes that the member at this place was there, and says whether that was noted before.
    #[inline]
    pub fn add(&mut self, place: u8) -> bool {
        let before = self.has(place);
        if let Some(word) = self.0.get_mut(usize::from(place / 64)) {
            *word |= 1 << (place % 64);
        }
        before
    }

    /// Whether the member at this place was there.
    #[inline]
    pub fn has(self, place: u8) -> bool {
        self.0
            .get(usize::from(place / 64))
            .is_some_and(|word| word & (1 << (place % 64)) != 0)
    }
}
