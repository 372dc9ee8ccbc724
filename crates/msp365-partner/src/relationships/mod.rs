//! GDAP relationships of the partner, and the groups they give rights to.
//!
//! All of it is asked in the partner's own tenant.

mod model;
#[cfg(test)]
mod tests;

use msp365_core::{Page, Request, Service, path};

pub(crate) use model::is_microsoft_led;
pub use model::{
    AccessAssignment, AccessContainer, AccessDetails, AssignmentStatus, Relationship, RelationshipCustomer,
    RelationshipStatus, UnifiedRole,
};

/// Rows on a page; more are refused.
const PAGE: u32 = 300;

/// All relationships of all customers, whatever their status.
///
/// Permission: `DelegatedAdminRelationship.Read.All`. Pages of 300; not in China.
pub fn list() -> Request<Page<Relationship>> {
    // No `$select`: without `displayName`, Microsoft-led relationships could not be told apart.
    Request::list(
        "relationships.list",
        Service::Graph,
        path!["tenantRelationships", "delegatedAdminRelationships"],
    )
    .top(PAGE)
}

/// Which groups a relationship gives which roles to, those on their way out too.
///
/// Permission: `DelegatedAdminRelationship.Read.All`.
pub fn access_assignments(relationship: impl AsRef<str>) -> Request<Page<AccessAssignment>> {
    Request::list(
        "relationships.access_assignments",
        Service::Graph,
        path![
            "tenantRelationships",
            "delegatedAdminRelationships",
            relationship,
            "accessAssignments"
        ],
    )
}
