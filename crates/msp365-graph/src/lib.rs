//! Microsoft Graph as values: one module per resource, with its models and the functions that make its requests.
//!
//! A function here returns a [`Request`](msp365_core::Request): what to ask and how to decode the reply. It sends
//! nothing; a client does that, or a test inspects the value.
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
//! | [`organization`], [`domains`], [`tenant_information`] | the profile of a tenant, its domains, and the names of other tenants |
//! | [`users`] | people: reading, creating, changing, managers, groups, when they last signed in |
//! | [`licenses`] | what people and groups hold, and changing it |
//! | [`authentication_methods`] | second factors, passwords, temporary passes and their policy |
//! | [`groups`], [`teams`] | groups, their kinds and members, and the teams attached to them |
//! | [`directory_objects`] | objects of mixed type, and deleted objects |
//! | [`role_assignments`], [`role_definitions`], [`role_schedules`], [`directory_roles`] | who holds or may activate which directory role |
//! | [`subscribed_skus`], [`directory_subscriptions`] | what a tenant has bought, by product and by purchase |
//! | [`devices`], [`managed_devices`] | devices of the directory and of Intune |
//! | [`sign_ins`], [`directory_audits`] | who signed in, and who changed what |
//! | [`reports`] | usage reports as typed rows, and whether they hide names |
//! | [`applications`], [`service_principals`], [`permission_grants`], [`app_role_assignments`] | applications, their secrets, and what they may do |
//! | [`contracts`] | the customers of a reseller |
//! | [`change_notifications`] | subscribing to changes |
//! | [`roles`], [`sku_names`], [`sign_in_errors`], [`portals`] | names, numbers and addresses that no API gives |
//!
//! Each request is made from an [`Operation`]: its permissions, the plan it needs, page sizes and query options as
//! data. [`operations`] lists them all. What the service would refuse is refused before it is sent, with kind
//! `Invalid`.
//!
//! Models are lenient: keys are required, anything else may be absent, null or new, and what a model does not know is
//! kept. Writes are requests as well; the caller decides what to write. This crate knows nothing of partner
//! relationships (see `msp365-partner`).

pub mod app_role_assignments;
pub mod applications;
pub mod authentication_methods;
pub mod change_notifications;
mod changes;
pub mod contracts;
pub mod devices;
pub mod directory_audits;
pub mod directory_objects;
pub mod directory_roles;
pub mod directory_subscriptions;
#[cfg(test)]
mod documented;
pub mod domains;
mod error;
mod filters;
pub mod groups;
pub mod licenses;
pub mod managed_devices;
mod names;
pub mod organization;
pub mod permission_grants;
pub mod portals;
mod reference;
pub mod reports;
pub mod role_assignments;
pub mod role_definitions;
pub mod role_schedules;
pub mod roles;
#[cfg(test)]
mod samples;
pub mod service_principals;
pub mod sign_in_errors;
pub mod sign_ins;
pub mod sku_names;
pub mod subscribed_skus;
pub mod teams;
pub mod tenant_information;
#[cfg(test)]
mod testing;
pub mod users;

pub use error::Error;
use msp365_core::Operation;

/// What the service requires and allows, for every request of this crate.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    let nested = [
        users::OPERATIONS,
        groups::OPERATIONS,
        authentication_methods::OPERATIONS,
    ];
    let flat = [
        organization::OPERATIONS,
        domains::OPERATIONS,
        tenant_information::OPERATIONS,
        licenses::OPERATIONS,
        directory_objects::OPERATIONS,
        role_assignments::OPERATIONS,
        role_definitions::OPERATIONS,
        role_schedules::OPERATIONS,
        directory_roles::OPERATIONS,
        subscribed_skus::OPERATIONS,
        directory_subscriptions::OPERATIONS,
        devices::OPERATIONS,
        managed_devices::OPERATIONS,
        sign_ins::OPERATIONS,
        directory_audits::OPERATIONS,
        reports::OPERATIONS,
        applications::OPERATIONS,
        service_principals::OPERATIONS,
        permission_grants::OPERATIONS,
        app_role_assignments::OPERATIONS,
        contracts::OPERATIONS,
        change_notifications::OPERATIONS,
    ];
    nested
        .into_iter()
        .flatten()
        .copied()
        .chain(flat)
        .flatten()
        .copied()
}
