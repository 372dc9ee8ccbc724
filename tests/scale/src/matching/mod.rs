//! Labelled records for matching: what a provider's tool and its customers' tenants hold of the same things.

pub mod companies;
pub mod curve;
pub mod judged;
pub mod machines;
pub mod noise;
pub mod words;
