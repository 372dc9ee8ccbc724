//! Partner Center and GDAP as values, and the rules that say whether a customer is ready.
//!
//! Functions of [`customers`], [`relationships`] and [`consents`] return requests and send nothing. Put what was read
//! into [`Facts`](readiness::Facts), and pass these to [`readiness::assess`], a pure function: it returns findings with
//! remedies.
//!
//! ```
//! use msp365_partner::readiness::{Facts, FindingId, Rules, assess};
//!
//! let mut facts = Facts::default();
//! facts.in_partner_center = Some(true);
//!
//! let verdict = assess(&facts, &Rules::default(), "2026-03-01T00:00:00Z".parse()?);
//!
//! assert!(!verdict.is_ready());
//! assert_eq!(verdict.first_error().map(|finding| finding.id), Some(FindingId::B2));
//! # Ok::<(), jiff::Error>(())
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | [`customers`] | the customers that Partner Center lists |
//! | [`subscriptions`], [`subscribed_skus`] | what a customer buys through the partner, and which of it can be assigned |
//! | [`delegated_customers`] | the customers with GDAP, and links to their portals |
//! | [`relationships`] | GDAP relationships, requests on them, and the groups they give roles to |
//! | [`consents`] | consent to our application in a customer's tenant |
//! | [`error_codes`] | what the numbers of Partner Center's errors mean |
//! | [`roles`] | the directory roles that matter here |
//! | [`readiness`] | facts in, findings out |
//! | [`privilege`] | what a host does, and the least privilege for it |
//!
//! [`operations`] lists, for every request, what it needs and what the service allows.
//!
//! This crate knows nothing of what is inside a customer's tenant (see `msp365-graph`), nor how to get tokens.

pub mod consents;
pub mod customers;
pub mod delegated_customers;
pub mod error_codes;
pub mod privilege;
pub mod readiness;
pub mod relationships;
pub mod roles;
#[cfg(test)]
mod samples;
pub mod subscribed_skus;
pub mod subscriptions;
#[cfg(test)]
mod testing;

use msp365_core::Operation;

/// What the services require and allow, for every request of this crate.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    let flat = [
        customers::OPERATIONS,
        subscriptions::OPERATIONS,
        subscribed_skus::OPERATIONS,
        consents::OPERATIONS,
        delegated_customers::OPERATIONS,
    ];
    relationships::OPERATIONS
        .iter()
        .copied()
        .chain(flat)
        .flatten()
        .copied()
}
