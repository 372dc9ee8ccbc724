//! Who holds which directory role.

use msp365_core::{
    Lenient, Operation, Page, Path, Request,
    operation::Verb,
    path,
    query::{Filter, Property},
};
use serde_json::json;

use crate::{directory_objects::DirectoryObject, filters};

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST, &EXPANDED, &CREATE, &DELETE];

/// The scope that is the whole tenant.
pub const TENANT: &str = "/";
/// How a scope names an administrative unit, before its id.
const UNITS: &str = "/administrativeUnits/";

/// What [`list`] requests for each assignment.
const PROPERTIES: [Property<RoleAssignment>; 4] = [
    RoleAssignment::ID,
    RoleAssignment::PRINCIPAL_ID,
    RoleAssignment::ROLE_DEFINITION_ID,
    RoleAssignment::DIRECTORY_SCOPE_ID,
];
/// Rows on a page (seen 2026).
const PAGE: u32 = 999;

static LIST: Operation = Operation::pages(
    "role_assignments.list",
    "roleManagement/directory/roleAssignments",
    PAGE,
)
.permission(&["RoleManagement.Read.Directory"])
.options(&["$select", "$filter", "$expand"]);
static EXPANDED: Operation = Operation::pages(
    "role_assignments.with_principals",
    "roleManagement/directory/roleAssignments",
    PAGE,
)
.permission(&["RoleManagement.Read.Directory"])
.options(&["$select", "$filter", "$expand"])
.note("`$expand` of one relation");
static CREATE: Operation = Operation::new(
    Verb::Post,
    "role_assignments.create",
    "roleManagement/directory/roleAssignments",
)
.permission(&["RoleManagement.ReadWrite.Directory"])
.note("one that is there already is refused; groups must be made for roles");
static DELETE: Operation = Operation::new(
    Verb::Delete,
    "role_assignments.delete",
    "roleManagement/directory/roleAssignments/{assignment}",
)
.permission(&["RoleManagement.ReadWrite.Directory"]);

/// All active assignments, including those activated for a limited time.
///
/// Permission: `RoleManagement.Read.Directory`. Pages of 999 (seen 2026).
pub fn list() -> Request<Page<RoleAssignment>> {
    LIST.list(place()).select(PROPERTIES).top(PAGE)
}

/// The same listing; an unreadable record does not fail the page.
///
/// Permission: `RoleManagement.Read.Directory`. Pages of 999 (seen 2026).
pub fn list_lenient() -> Request<Page<Lenient<RoleAssignment>>> {
    LIST.list_lenient(place()).select(PROPERTIES).top(PAGE)
}

/// The assignments that meet a condition, each with its holder. Under GDAP the holder is one of the partner's groups.
///
/// Permission: `RoleManagement.Read.Directory`. Pages of 999 (seen 2026).
pub fn with_principals(filter: Filter<RoleAssignment>) -> Request<Page<RoleAssignment>> {
    EXPANDED
        .list(place())
        .filter(filter)
        .query("$expand", "principal")
        .top(PAGE)
}

/// Assigns a role to a user, group or service principal. Its scope is [`TENANT`], an administrative unit
/// (`/administrativeUnits/…`) or one object (`/…`). If the assignment exists, this is refused.
///
/// It is sent once: after a lost answer, check whether it exists.
///
/// Permission: `RoleManagement.ReadWrite.Directory`. Under GDAP the role Privileged Role Administrator.
pub fn create(
    role_definition: impl AsRef<str>,
    principal: impl AsRef<str>,
    scope: impl AsRef<str>,
) -> Request<RoleAssignment> {
    let request = CREATE.one(place()).json(json!({
        "@odata.type": "#microsoft.graph.unifiedRoleAssignment",
        "roleDefinitionId": role_definition.as_ref(),
        "principalId": principal.as_ref(),
        "directoryScopeId": scope.as_ref(),
    }));
    if scope.as_ref().starts_with('/') {
        request
    } else {
        request.refuse("a scope begins with `/`")
    }
}

/// Removes a role assignment by its id.
///
/// Permission: `RoleManagement.ReadWrite.Directory`. Under GDAP the role Privileged Role Administrator.
pub fn delete(assignment: impl AsRef<str>) -> Request<()> {
    DELETE.command(place().segment(assignment))
}

fn place() -> Path {
    path!["roleManagement", "directory", "roleAssignments"]
}

msp365_core::model! {
    /// A role, who holds it, and its scope.
    pub struct RoleAssignment {
        /// The id of the assignment.
        id, ID = "id": String,
        /// The user, group or service principal that holds the role.
        principal_id, PRINCIPAL_ID = "principalId": Option<String> [filters::EQUAL],
        /// The role; a built-in one has the same id in every tenant.
        role_definition_id, ROLE_DEFINITION_ID = "roleDefinitionId": Option<String> [filters::ONE_OF],
        /// `/` for the whole tenant, `/administrativeUnits/…`, or one object.
        directory_scope_id, DIRECTORY_SCOPE_ID = "directoryScopeId": Option<String> [filters::ONE_OF],
        /// The scope within an application.
        app_scope_id, APP_SCOPE_ID = "appScopeId": Option<String>,
        /// The tenant of the holder.
        principal_organization_id, PRINCIPAL_ORGANIZATION_ID = "principalOrganizationId": Option<String>,
        /// The holder, if that was expanded.
        principal, PRINCIPAL = "principal": Option<DirectoryObject>,
    }
}

impl RoleAssignment {
    /// Whether the role applies to the whole tenant.
    pub fn is_tenant_wide(&self) -> bool {
        self.directory_scope_id.as_deref() == Some(TENANT)
    }

    /// The object id of the administrative unit over whose members alone the role counts.
    pub fn unit(&self) -> Option<&str> {
        self.directory_scope_id.as_deref()?.strip_prefix(UNITS)
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, refused, shown};

    #[test]
    fn assignments_are_asked_for_by_what_is_kept() {
        assert_snapshot!(shown(&list()), @"GET roleManagement/directory/roleAssignments?$select=id,principalId,roleDefinitionId,directoryScopeId&$top=999");
        assert_eq!(shown(&list_lenient()), shown(&list()));
    }

    #[test]
    fn holders_of_a_role_are_asked_for() {
        let request = with_principals(RoleAssignment::ROLE_DEFINITION_ID.eq("r"));

        assert_snapshot!(shown(&request), @"GET roleManagement/directory/roleAssignments?$filter=roleDefinitionId%20eq%20'r'&$expand=principal&$top=999");
    }

    #[test]
    fn a_role_is_given_and_taken() {
        assert_snapshot!(shown(&create("r", "ada", TENANT)), @r##"
        POST roleManagement/directory/roleAssignments
        content-type: application/json
        {"@odata.type":"#microsoft.graph.unifiedRoleAssignment","directoryScopeId":"/","principalId":"ada","roleDefinitionId":"r"}
        "##);
        assert_snapshot!(shown(&delete("a")), @"DELETE roleManagement/directory/roleAssignments/a");
        assert!(refused(&create("r", "ada", "tenant")));
    }

    #[test]
    fn a_role_in_an_administrative_unit_is_not_tenant_wide() {
        let body = r#"{"value":[
            {"id":"a","principalId":"ada","roleDefinitionId":"r","directoryScopeId":"/","resourceScope":"/"},
            {"id":"b","principalId":"bo","roleDefinitionId":"r","directoryScopeId":"/administrativeUnits/u"}]}"#;

        let roles = read(&list(), body).unwrap().items;

        assert!(roles[0].is_tenant_wide());
        assert!(!roles[1].is_tenant_wide());
        assert_eq!((roles[0].unit(), roles[1].unit()), (None, Some("u")));
    }
}
