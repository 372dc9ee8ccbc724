//! The permissions that the main job needs, those that changing users takes beside them, and no more.

use std::collections::BTreeSet;

use msp365_core::Endpoints;
use msp365_partner::privilege::{Feature, Privileges};

pub use msp365_sync::CUSTOMER_SCOPES;

/// What giving back the ownership of a group takes beyond what [`Feature::CHANGING_USERS`] needs.
const OWNERS: &str = "Group.ReadWrite.All";

/// The delegated permissions of Microsoft Graph that are needed in a customer's tenant: to read alone, or to change users
/// too. Ordered by name.
///
/// ```
/// use msp365::permissions;
///
/// assert_eq!(permissions::customer_scopes(false), permissions::CUSTOMER_SCOPES);
/// assert!(permissions::customer_scopes(true).contains(&"User.ReadWrite.All"));
/// ```
pub fn customer_scopes(changing_users: bool) -> Vec<&'static str> {
    let mut scopes = BTreeSet::from(CUSTOMER_SCOPES);
    if changing_users {
        scopes.extend(Privileges::of(Feature::CHANGING_USERS).scopes);
        scopes.insert(OWNERS);
    }
    scopes.into_iter().collect()
}

/// What the person of the partner consents to at sign-in: the customers' scopes, reading GDAP relationships, Partner
/// Center, and the sign-in itself. A token is asked for one service at a time; consent may name several.
pub fn required(endpoints: &Endpoints, changing_users: bool) -> Vec<String> {
    let graph = |scope: &str| format!("{}/{scope}", endpoints.graph_resource);
    let customers = customer_scopes(changing_users);
    let mut scopes: Vec<_> = customers.into_iter().map(graph).collect();
    scopes.push(graph("DelegatedAdminRelationship.Read.All"));
    scopes.push(format!("{}/user_impersonation", endpoints.partner_resource));
    scopes.extend(["openid", "profile", "offline_access"].map(str::to_owned));
    scopes
}
