//! Which of the partner's groups get which roles from a relationship.

use msp365_core::{Operation, Page, Path, Request, operation::Verb};
use serde_json::{Value, json};

use super::{AccessAssignment, PAGE, READ, WRITE, place};

pub(super) static OPERATIONS: &[&Operation] = &[&LIST, &ASSIGN, &CHANGE, &REMOVE];

static LIST: Operation = Operation::pages(
    "relationships.access_assignments",
    "tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments",
    PAGE,
)
.permission(READ)
.options(&["$select", "$filter"]);
static ASSIGN: Operation = Operation::new(
    Verb::Post,
    "relationships.assign",
    "tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments",
)
.permission(WRITE)
.note("of an active relationship; one assignment for each group; carried out later");
static CHANGE: Operation = Operation::new(
    Verb::Patch,
    "relationships.change_assignment",
    "tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments/{assignment}",
)
.permission(WRITE)
.once()
.note("`If-Match`; carried out later");
static REMOVE: Operation = Operation::new(
    Verb::Delete,
    "relationships.remove_assignment",
    "tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments/{assignment}",
)
.permission(WRITE)
.note("`If-Match`; carried out later");

/// Which groups get which roles from a relationship, including assignments that are being removed.
///
/// Permission: `DelegatedAdminRelationship.Read.All`.
pub fn access_assignments(relationship: impl AsRef<str>) -> Request<Page<AccessAssignment>> {
    LIST.list(assignments(relationship.as_ref()))
}

/// Gives one of the partner's groups these roles, which must be among those of the relationship. This happens in the
/// background: the assignment is pending at first.
///
/// It is sent once: after a lost answer, check whether the assignment exists.
///
/// Permission: `DelegatedAdminRelationship.ReadWrite.All`.
pub fn assign<S: AsRef<str>>(
    relationship: impl AsRef<str>,
    group: impl AsRef<str>,
    roles: impl IntoIterator<Item = S>,
) -> Request<AccessAssignment> {
    let request = ASSIGN.one(assignments(relationship.as_ref()));
    match details(roles) {
        Ok(details) => request.json(json!({
            "accessContainer": { "accessContainerId": group.as_ref(), "accessContainerType": "securityGroup" },
            "accessDetails": details,
        })),
        Err(reason) => request.refuse(reason),
    }
}

/// Replaces the roles of an assignment, naming its version. This happens in the background.
///
/// Permission: `DelegatedAdminRelationship.ReadWrite.All`.
pub fn change_assignment<S: AsRef<str>>(
    relationship: impl AsRef<str>,
    assignment: &AccessAssignment,
    roles: impl IntoIterator<Item = S>,
) -> Request<()> {
    let path = assignments(relationship.as_ref()).segment(&assignment.id);
    let request = versioned(CHANGE.command(path), assignment.etag.as_deref());
    match details(roles) {
        Ok(details) => request.json(json!({ "accessDetails": details })),
        Err(reason) => request.refuse(reason),
    }
}

/// Removes a relationship's roles from a group, naming the version of the assignment.
///
/// Permission: `DelegatedAdminRelationship.ReadWrite.All`.
pub fn remove_assignment(relationship: impl AsRef<str>, assignment: &AccessAssignment) -> Request<()> {
    let path = assignments(relationship.as_ref()).segment(&assignment.id);
    versioned(REMOVE.command(path), assignment.etag.as_deref())
}

fn assignments(relationship: &str) -> Path {
    place().segment(relationship).segment("accessAssignments")
}

/// Roles in the form that bodies take.
pub(super) fn details<S: AsRef<str>>(roles: impl IntoIterator<Item = S>) -> Result<Value, &'static str> {
    let roles: Vec<Value> = roles
        .into_iter()
        .map(|role| json!({ "roleDefinitionId": role.as_ref() }))
        .collect();
    if roles.is_empty() {
        Err("one or more roles have to be named")
    } else {
        Ok(json!({ "unifiedRoles": roles }))
    }
}

/// The request with the version it refers to; without one it is refused, as the service would.
pub(super) fn versioned<T>(request: Request<T>, etag: Option<&str>) -> Request<T> {
    match etag {
        Some(etag) => request.header("if-match", etag),
        None => request.refuse("a change names the version it is about; read the object first"),
    }
}
