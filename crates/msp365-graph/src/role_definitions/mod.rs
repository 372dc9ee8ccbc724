//! The directory roles of a tenant, including custom ones.

use msp365_core::{Operation, Page, Request, path};

use crate::filters;

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST, &GET];

static LIST: Operation = Operation::pages(
    "role_definitions.list",
    "roleManagement/directory/roleDefinitions",
    999,
)
.permission(&["RoleManagement.Read.Directory"])
.options(&["$select", "$filter", "$expand"]);
static GET: Operation = Operation::read(
    "role_definitions.get",
    "roleManagement/directory/roleDefinitions/{role}",
)
.permission(&["RoleManagement.Read.Directory"]);

/// All roles, built-in and custom.
///
/// Permission: `RoleManagement.Read.Directory`.
pub fn list() -> Request<Page<RoleDefinition>> {
    LIST.list(path!["roleManagement", "directory", "roleDefinitions"])
        .select([
            RoleDefinition::ID,
            RoleDefinition::DISPLAY_NAME,
            RoleDefinition::DESCRIPTION,
            RoleDefinition::IS_BUILT_IN,
            RoleDefinition::IS_ENABLED,
            RoleDefinition::TEMPLATE_ID,
        ])
}

/// One role, with what it allows.
///
/// Permission: `RoleManagement.Read.Directory`.
pub fn get(role: impl AsRef<str>) -> Request<RoleDefinition> {
    GET.one(path!["roleManagement", "directory", "roleDefinitions", role])
}

msp365_core::model! {
    /// A directory role.
    pub struct RoleDefinition {
        /// The id; for built-in roles equal to the template id.
        id, ID = "id": String,
        /// The display name.
        display_name, DISPLAY_NAME = "displayName": Option<String> [filters::EQUAL],
        /// What it allows.
        description, DESCRIPTION = "description": Option<String>,
        /// Whether it exists in every tenant.
        is_built_in, IS_BUILT_IN = "isBuiltIn": Option<bool> [filters::EQUAL],
        /// Whether it can be assigned.
        is_enabled, IS_ENABLED = "isEnabled": Option<bool>,
        /// The id that is the same in every tenant.
        template_id, TEMPLATE_ID = "templateId": Option<String>,
        /// Its version.
        version, VERSION = "version": Option<String>,
        /// What it allows, in detail.
        role_permissions, ROLE_PERMISSIONS = "rolePermissions": Vec<RolePermission>,
    }
}

msp365_core::model! {
    /// Actions that a role allows.
    pub struct RolePermission {
        /// The actions.
        allowed_resource_actions, ALLOWED_RESOURCE_ACTIONS = "allowedResourceActions": Vec<String>,
        /// Actions that are excluded from the allowed ones.
        excluded_resource_actions, EXCLUDED_RESOURCE_ACTIONS = "excludedResourceActions": Vec<String>,
        /// The condition under which they are allowed.
        condition, CONDITION = "condition": Option<String>,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn roles_are_asked_for_by_what_is_kept() {
        assert_snapshot!(shown(&list()), @"GET roleManagement/directory/roleDefinitions?$select=id,displayName,description,isBuiltIn,isEnabled,templateId");
        assert_snapshot!(shown(&get("r")), @"GET roleManagement/directory/roleDefinitions/r");
    }

    #[test]
    fn a_custom_role_is_told_from_a_built_in_one() {
        let body = r#"{"value":[{"id":"c0000000-0000-4000-8000-000000000001","displayName":"Help desk of Contoso",
            "isBuiltIn":false,"isEnabled":true,"rolePermissions":[{"allowedResourceActions":["a"]}]}]}"#;

        let roles = read(&list(), body).unwrap().items;

        assert_eq!(roles[0].is_built_in, Some(false));
        assert_eq!(roles[0].template_id, None);
        assert_eq!(roles[0].role_permissions[0].allowed_resource_actions, ["a"]);
    }
}
