//! Queries by the models' constants: what to select, filter, search and sort by.
//!
//! A [`Property`] comes from a model ([`model!`](crate::model!)) and knows which filters the service takes on it. A
//! [`Filter`] is built from properties and values; no value can break out of its literal. The request refuses, before
//! it is sent, what the service would refuse.
//!
//! ```
//! use msp365_core::query::{Filters, Need};
//!
//! msp365_core::model! {
//!     /// A person.
//!     pub struct Person {
//!         /// The object id.
//!         id, ID = "id": String,
//!         /// The name shown.
//!         name, NAME = "displayName": Option<String> [Filters::NONE.eq(Need::Plain).ne(Need::Advanced)],
//!     }
//! }
//!
//! let filter = Person::NAME.eq("O'Neil").or(Person::NAME.eq("Ada"));
//! assert_eq!(filter.as_str(), "displayName eq 'O''Neil' or displayName eq 'Ada'");
//! ```

mod filter;
mod literal;
mod property;
#[cfg(test)]
mod tests;

pub use filter::Filter;
pub use literal::Literal;
pub use property::{Filters, Need, Property};

/// Which way a listing is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A row type of a listing, itself or wrapped, on which filters of the model `M` may be used.
pub trait Lists<M> {}

impl<M> Lists<M> for crate::Page<M> {}

impl<M> Lists<M> for crate::Page<crate::Lenient<M>> {}
