//! The routes over a world made by hand.

mod batches;
pub(crate) mod contract;
mod deltas;
mod listings;
mod refusals;
mod reports;
mod samples;
mod seeded;
pub(crate) mod world;
