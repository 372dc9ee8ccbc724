//! The permissions that the main job needs, and no more.

use msp365_core::Endpoints;

pub use msp365_sync::CUSTOMER_SCOPES;

/// What the person of the partner consents to at sign-in: the customers' scopes, reading GDAP relationships, Partner
/// Center, and the sign-in itself. A token is asked for one service at a time; consent may name several.
pub fn required(endpoints: &Endpoints) -> Vec<String> {
    let graph = |scope: &str| format!("{}/{scope}", endpoints.graph_resource);
    let mut scopes: Vec<_> = CUSTOMER_SCOPES.iter().map(|scope| graph(scope)).collect();
    scopes.push(graph("DelegatedAdminRelationship.Read.All"));
    scopes.push(format!("{}/user_impersonation", endpoints.partner_resource));
    scopes.extend(["openid", "profile", "offline_access"].map(str::to_owned));
    scopes
}
