//! The directory roles a tenant knows, its own ones too.

use msp365_core::{Page, Request, Service, path};
use serde::{Deserialize, Serialize};

/// All roles, built-in and custom.
///
/// Permission: `RoleManagement.Read.Directory`.
pub fn list() -> Request<Page<RoleDefinition>> {
    Request::list(
        "role_definitions.list",
        Service::Graph,
        path!["roleManagement", "directory", "roleDefinitions"],
    )
    .select([
        "id",
        "displayName",
        "description",
        "isBuiltIn",
        "isEnabled",
        "templateId",
    ])
}

/// A directory role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RoleDefinition {
    /// The id; of built-in roles equal to the template id.
    pub id: String,
    /// The name shown.
    pub display_name: Option<String>,
    /// What it allows.
    pub description: Option<String>,
    /// Whether it exists in every tenant.
    pub is_built_in: Option<bool>,
    /// Whether it can be assigned.
    pub is_enabled: Option<bool>,
    /// The id that is the same in every tenant.
    pub template_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn roles_are_asked_for_by_what_is_kept() {
        assert_snapshot!(shown(&list()), @"GET roleManagement/directory/roleDefinitions?$select=id,displayName,description,isBuiltIn,isEnabled,templateId");
    }

    #[test]
    fn a_custom_role_is_told_from_a_built_in_one() {
        let body = r#"{"value":[{"id":"c0000000-0000-4000-8000-000000000001","displayName":"Help desk of Contoso",
            "isBuiltIn":false,"isEnabled":true,"rolePermissions":[{"allowedResourceActions":[]}]}]}"#;

        let roles = read(&list(), body).unwrap().items;

        assert_eq!(roles[0].is_built_in, Some(false));
        assert_eq!(roles[0].template_id, None);
    }
}
