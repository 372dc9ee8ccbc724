//! Who holds which directory role.

use msp365_core::{Lenient, Page, Request, Service, path};
use serde::{Deserialize, Serialize};

/// All assignments in force, those activated for a while too.
///
/// Permission: `RoleManagement.Read.Directory`. Pages of 999 (seen 2026).
pub fn list() -> Request<Page<RoleAssignment>> {
    Request::list(
        "role_assignments.list",
        Service::Graph,
        path!["roleManagement", "directory", "roleAssignments"],
    )
    .select(["id", "principalId", "roleDefinitionId", "directoryScopeId"])
    .top(999)
}

/// The same listing; a record that cannot be read costs only itself.
///
/// Permission: as [`list`].
pub fn list_lenient() -> Request<Page<Lenient<RoleAssignment>>> {
    Request::list_lenient(
        "role_assignments.list",
        Service::Graph,
        path!["roleManagement", "directory", "roleAssignments"],
    )
    .select(["id", "principalId", "roleDefinitionId", "directoryScopeId"])
    .top(999)
}

/// A role, who holds it, and where it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RoleAssignment {
    /// The id of the assignment.
    pub id: String,
    /// The user, group or service principal that holds the role.
    pub principal_id: Option<String>,
    /// The role; of built-in ones the same in every tenant.
    pub role_definition_id: Option<String>,
    /// `/` for the whole tenant, `/administrativeUnits/…`, or one object.
    pub directory_scope_id: Option<String>,
}

impl RoleAssignment {
    /// Whether the role counts in the whole tenant.
    pub fn is_tenant_wide(&self) -> bool {
        self.directory_scope_id.as_deref() == Some("/")
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn assignments_are_asked_for_by_what_is_kept() {
        assert_snapshot!(shown(&list()), @"GET roleManagement/directory/roleAssignments?$select=id,principalId,roleDefinitionId,directoryScopeId&$top=999");
        assert_eq!(shown(&list_lenient()), shown(&list()));
    }

    #[test]
    fn a_role_in_an_administrative_unit_is_not_tenant_wide() {
        let body = r#"{"value":[
            {"id":"a","principalId":"ada","roleDefinitionId":"r","directoryScopeId":"/","resourceScope":"/"},
            {"id":"b","principalId":"bo","roleDefinitionId":"r","directoryScopeId":"/administrativeUnits/u"}]}"#;

        let roles = read(&list(), body).unwrap().items;

        assert!(roles[0].is_tenant_wide());
        assert!(!roles[1].is_tenant_wide());
    }
}
