//! What is wished for: each wish makes a plan out of facts, or says why not.

mod access;
mod create;
mod edit;
mod groups;
mod licences;
mod machines;
mod offboard;
mod owners;
mod rehire;
mod remains;
mod roles;
mod secrets;

pub use access::Access;
pub use create::{Create, Template, check_together, from_csv};
pub use edit::Edit;
pub use groups::{ForRoles, Groups};
pub use licences::Licenses;
pub use machines::Devices;
pub use offboard::Offboard;
pub use owners::LastOwner;
pub use rehire::{Restore, Snapshot, rehire};
pub use roles::Roles;
pub use secrets::{AccessPass, ResetMethods, ResetPassword};
