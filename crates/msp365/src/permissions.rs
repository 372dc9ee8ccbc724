//! The permissions that msp365 asks for: those to read, those for further features, and no more.

use std::collections::BTreeSet;

use msp365_core::Endpoints;
use msp365_partner::privilege::{Feature, Privileges};

pub use msp365_sync::CUSTOMER_SCOPES;

/// What giving back the ownership of a group takes beyond what [`Feature::Groups`] needs.
const OWNERS: &str = "Group.ReadWrite.All";

/// The delegated permissions of Microsoft Graph needed in a customer's tenant: to read, and for these features. Ordered
/// by name.
///
/// ```
/// use msp365::{partner::privilege::Feature, permissions};
///
/// assert_eq!(permissions::customer_scopes([]), permissions::CUSTOMER_SCOPES);
/// assert!(permissions::customer_scopes(Feature::CHANGING_USERS).contains(&"User.ReadWrite.All"));
/// ```
pub fn customer_scopes(features: impl IntoIterator<Item = Feature>) -> Vec<&'static str> {
    let features: BTreeSet<_> = features.into_iter().collect();
    let mut scopes = BTreeSet::from(CUSTOMER_SCOPES);
    if features.contains(&Feature::Groups) {
        scopes.insert(OWNERS);
    }
    scopes.extend(Privileges::of(features).scopes);
    scopes.into_iter().collect()
}

/// What the partner's person consents to at sign-in: the customers' scopes, reading GDAP relationships, Partner Center,
/// and the sign-in itself. A token covers one service at a time; consent may cover several.
pub fn required(endpoints: &Endpoints, features: impl IntoIterator<Item = Feature>) -> Vec<String> {
    let graph = |scope: &str| format!("{}/{scope}", endpoints.graph_resource);
    let customers = customer_scopes(features);
    let mut scopes: Vec<_> = customers.into_iter().map(graph).collect();
    scopes.push(graph("DelegatedAdminRelationship.Read.All"));
    scopes.push(format!("{}/user_impersonation", endpoints.partner_resource));
    scopes.extend(["openid", "profile", "offline_access"].map(str::to_owned));
    scopes
}
