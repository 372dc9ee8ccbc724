//! The partner's GDAP relationships, and the groups they give rights to.
//!
//! All requests go to the partner's own tenant.

mod assignments;
mod model;
#[cfg(test)]
mod tests;
mod write;

use msp365_core::{Operation, Page, Path, Request, operation::Verb, path};

pub use assignments::{access_assignments, assign, change_assignment, remove_assignment};
pub(crate) use model::is_microsoft_led;
pub use model::{
    AccessAssignment, AccessContainer, AccessDetails, AssignmentStatus, OperationStatus, OperationType,
    Relationship, RelationshipCustomer, RelationshipOperation, RelationshipRequest, RelationshipStatus,
    RequestAction, RequestStatus, UnifiedRole,
};
pub use write::{
    AutoExtend, NewRelationship, RelationshipEdit, create, delete, request, requests, send_to_customer,
    terminate, update,
};

pub(crate) static OPERATIONS: &[&[&Operation]] = &[
    &[&LIST, &GET, &OPERATIONS_OF, &OPERATION],
    assignments::OPERATIONS,
    write::OPERATIONS,
];

/// Rows on a page; asking for more is refused.
const PAGE: u32 = 300;
const READ: &[&str] = &["DelegatedAdminRelationship.Read.All"];
const WRITE: &[&str] = &["DelegatedAdminRelationship.ReadWrite.All"];
/// Values added after the first release are returned only to clients that ask for them.
const NEWER_VALUES: (&str, &str) = ("prefer", "include-unknown-enum-members");

static LIST: Operation = Operation::pages(
    "relationships.list",
    "tenantRelationships/delegatedAdminRelationships",
    PAGE,
)
.permission(READ)
.options(&["$select", "$filter", "$orderby", "$count"])
.note(
    "not in China; the application alone needs Microsoft's service principal for it in the partner's tenant",
);
static GET: Operation = Operation::read(
    "relationships.get",
    "tenantRelationships/delegatedAdminRelationships/{relationship}",
)
.permission(READ);
static OPERATIONS_OF: Operation = Operation::pages(
    "relationships.operations",
    "tenantRelationships/delegatedAdminRelationships/{relationship}/operations",
    PAGE,
)
.permission(READ)
.note("`Prefer: include-unknown-enum-members`");
static OPERATION: Operation = Operation::new(
    Verb::Get,
    "relationships.operation",
    "tenantRelationships/delegatedAdminRelationships/{relationship}/operations/{operation}",
)
.permission(READ)
.note("`Prefer: include-unknown-enum-members`");

/// All relationships of all customers, whatever their status. Filter by [`Relationship::STATUS`] or
/// [`Relationship::TENANT`] to get some of them.
///
/// Permission: `DelegatedAdminRelationship.Read.All`. Pages of 300; not in China.
pub fn list() -> Request<Page<Relationship>> {
    // No `$select`: without `displayName`, Microsoft-led relationships could not be told apart.
    LIST.list(place()).top(PAGE)
}

/// One relationship, with its version, which a change has to name.
///
/// Permission: `DelegatedAdminRelationship.Read.All`. Not in China.
pub fn get(relationship: impl AsRef<str>) -> Request<Relationship> {
    GET.one(place().segment(relationship))
}

/// A relationship's changes that are carried out in the background.
///
/// Permission: `DelegatedAdminRelationship.Read.All`. Pages of 300.
pub fn operations(relationship: impl AsRef<str>) -> Request<Page<RelationshipOperation>> {
    OPERATIONS_OF
        .list(place().segment(relationship).segment("operations"))
        .top(PAGE)
        .header(NEWER_VALUES.0, NEWER_VALUES.1)
}

/// One background change.
///
/// Permission: `DelegatedAdminRelationship.Read.All`.
pub fn operation(
    relationship: impl AsRef<str>,
    operation: impl AsRef<str>,
) -> Request<RelationshipOperation> {
    OPERATION
        .one(
            place()
                .segment(relationship)
                .segment("operations")
                .segment(operation),
        )
        .header(NEWER_VALUES.0, NEWER_VALUES.1)
}

fn place() -> Path {
    path!["tenantRelationships", "delegatedAdminRelationships"]
}
