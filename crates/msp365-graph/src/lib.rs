//! Microsoft Graph as values: one module per resource, with its models and the functions that make its requests.
//!
//! A function here returns a [`Request`](msp365_core::Request): what to ask and how the reply decodes. Nothing is sent;
//! a client does that, or a test reads the value.
//!
//! ```
//! use msp365_graph::users;
//!
//! let ada = users::get("ada@contoso.example").select(["id", "displayName"]);
//!
//! assert_eq!(ada.to_string(), "GET users/ada%40contoso.example?$select=id,displayName");
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | [`organization`], [`domains`] | the profile of a tenant and its domains |
//! | [`users`] | people, the signed-in account, when they last signed in |
//! | [`groups`] | groups, their kinds, and changes with their members |
//! | [`directory_objects`] | members and memberships of mixed type |
//! | [`role_assignments`], [`role_definitions`], [`roles`] | who holds which directory role, and the names of the built-in ones |
//! | [`subscribed_skus`], [`sku_names`] | what a tenant has bought, and the names of the products |
//! | [`devices`], [`managed_devices`] | devices of the directory and of Intune |
//! | [`service_principals`], [`permission_grants`] | our application in a tenant and what it may do there |
//! | [`reports`] | usage reports and whether they hide names |
//! | [`wire`] | reading of values in an odd form |
//!
//! Models are forgiving: keys are required, anything else may be absent, null or new. It knows nothing of partner
//! relationships (see `msp365-partner`), and does not write.

pub mod devices;
pub mod directory_objects;
pub mod domains;
mod error;
pub mod groups;
pub mod managed_devices;
mod names;
mod odata;
pub mod organization;
pub mod permission_grants;
pub mod reports;
pub mod role_assignments;
pub mod role_definitions;
pub mod roles;
#[cfg(test)]
mod samples;
pub mod service_principals;
pub mod sku_names;
pub mod subscribed_skus;
#[cfg(test)]
mod testing;
pub mod users;
pub mod wire;

pub use error::Error;
