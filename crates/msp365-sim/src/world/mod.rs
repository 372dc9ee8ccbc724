//! The world: tenants with people, devices and history, from one seed.

pub(crate) mod access;
pub(crate) mod apps;
pub(crate) mod build;
pub(crate) mod chance;
pub(crate) mod change;
mod consent;
mod cultures;
mod draft;
pub(crate) mod due;
pub(crate) mod gdap;
pub(crate) mod groups;
pub(crate) mod holdings;
mod licences;
mod machines;
pub(crate) mod model;
mod names;
pub(crate) mod packed;
mod people;
mod products;
mod provider;
pub(crate) mod ranks;
pub(crate) mod register;
mod relationships;
pub(crate) mod roles;

pub(crate) use model::*;
