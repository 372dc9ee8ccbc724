//! Lenient models: [`model!`](crate::model!) declares one, with the names and filters of its properties.
//!
//! A model reads whatever a service sends: keys are required; everything else may be absent, null or of an odd form.
//! Nothing is lost: members the model does not know and values it cannot read stay in `extra` as they came, and are
//! written back. A model also keeps, and writes back, which members were present at all.

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

/// Members that the model does not know, and values that did not fit, by name.
pub type Extra = Map<String, Value>;

/// Which members of a model a reply held, including those that were null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Seen([u64; 2]);

impl Seen {
    /// Records that the member at this place was present; returns whether it had been recorded before.
    #[inline]
    pub fn add(&mut self, place: u8) -> bool {
        let before = self.has(place);
        if let Some(word) = self.0.get_mut(usize::from(place / 64)) {
            *word |= 1 << (place % 64);
        }
        before
    }

    /// Whether the member at this place was present.
    #[inline]
    pub fn has(self, place: u8) -> bool {
        self.0
            .get(usize::from(place / 64))
            .is_some_and(|word| word & (1 << (place % 64)) != 0)
    }
}
