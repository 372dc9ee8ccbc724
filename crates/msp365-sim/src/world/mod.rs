//! The world: tenants with people, devices and history, from one seed.

pub(crate) mod access;
pub(crate) mod apps;
pub(crate) mod build;
pub(crate) mod certificate;
pub(crate) mod chance;
pub(crate) mod change;
pub(crate) mod commerce;
mod consent;
mod cultures;
mod draft;
pub(crate) mod due;
pub(crate) mod gdap;
mod grants;
pub(crate) mod groups;
pub(crate) mod holdings;
mod licences;
mod machines;
pub(crate) mod model;
mod names;
pub(crate) mod notices;
pub(crate) mod packed;
mod people;
mod products;
mod provider;
pub(crate) mod ranks;
pub(crate) mod register;
pub(crate) mod registration;
mod relationships;
pub(crate) mod roles;

pub(crate) use model::*;
