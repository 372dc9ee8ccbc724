//! The world: tenants with people, devices and history, from one seed.

pub(crate) mod access;
pub(crate) mod apps;
pub(crate) mod build;
pub(crate) mod certificate;
pub(crate) mod chance;
pub(crate) mod change;
pub(crate) mod commerce;
mod consent;
pub(crate) mod cultures;
pub(crate) mod draft;
pub(crate) mod due;
pub(crate) mod gdap;
mod grants;
pub(crate) mod groups;
pub(crate) mod holdings;
pub(crate) mod licences;
pub(crate) mod machines;
pub(crate) mod model;
mod names;
pub(crate) mod notices;
pub(crate) mod packed;
mod people;
pub(crate) mod plan;
pub(crate) mod products;
mod provider;
pub(crate) mod ranks;
pub(crate) mod register;
pub(crate) mod registration;
mod relationships;
mod replicas;
pub(crate) mod roles;
pub(crate) mod sign_ins;
pub(crate) mod units;

pub use model::Trouble;
pub(crate) use model::*;
