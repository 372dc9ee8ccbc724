//! Which groups of the partner's a relationship gives which roles to.

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

/// Which groups a relationship gives which roles to, those on their way out too.
///
/// Permission: `DelegatedAdminRelationship.Read.All`.
pub fn access_assignments(relationship: impl AsRef<str>) -> Request<Page<AccessAssignment>> {
    LIST.list(assignments(relationship.as_ref()))
}

/// Gives a group of the partner's these roles, a part of those of the relationship. It is carried out later: the
/// assignment is pending first.
///
/// It is sent once: after a lost answer, look whether it is there.
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

/// Replaces the roles of an assignment, whose version it names. It is carried out later.
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

/// Takes the roles of a relationship from a group, naming the version of the assignment.
///
/// Permission: `DelegatedAdminRelationship.ReadWrite.All`.
pub fn remove_assignment(relationship: impl AsRef<str>, assignment: &AccessAssignment) -> Request<()> {
    let path = assignments(relationship.as_ref()).segment(&assignment.id);
    versioned(REMOVE.command(path), assignment.etag.as_deref())
}

fn assignments(relationship: &str) -> Path {
    place().segment(relationship).segment("accessAssignments")
}

/// Roles as bodies name them.
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

/// The request, naming the version it is about; without one it is refused, as the service would.
pub(super) fn versioned<T>(request: Request<T>, etag: Option<&str>) -> Request<T> {
    match etag {
        Some(etag) => request.header("if-match", etag),
        None => request.refuse("a change names the version it is about; read the object first"),
    }
}
