//! Directory roles as the tenant has activated them, and who holds them.
//!
//! [`role_assignments`](crate::role_assignments) shows more: roles held by groups, roles in parts of the tenant, and
//! custom roles.

use msp365_core::{Endpoints, Operation, Page, Request, operation::Verb, path};
use serde_json::json;

use crate::{directory_objects::DirectoryObject, filters, reference};

pub(crate) static OPERATIONS: &[&Operation] = &[
    &LIST,
    &TEMPLATES,
    &ACTIVATE,
    &MEMBERS,
    &MEMBERS_BY_TEMPLATE,
    &ADD,
    &REMOVE,
];

static LIST: Operation = Operation::whole("directory_roles.list", "directoryRoles")
    .permission(&["RoleManagement.Read.Directory"])
    .options(&["$select", "$filter", "$expand"])
    .note("activated roles alone");
static TEMPLATES: Operation = Operation::whole("directory_roles.templates", "directoryRoleTemplates")
    .permission(&["RoleManagement.Read.Directory"])
    .options(&["$select"]);
static ACTIVATE: Operation = Operation::new(Verb::Post, "directory_roles.activate", "directoryRoles")
    .permission(&["RoleManagement.ReadWrite.Directory"])
    .note("one that is active already is refused");
static MEMBERS: Operation = Operation::whole("directory_roles.members", "directoryRoles/{role}/members")
    .permission(&["RoleManagement.Read.Directory"])
    .options(&["$select"]);
static MEMBERS_BY_TEMPLATE: Operation = Operation::whole(
    "directory_roles.members_by_template",
    "directoryRoles(roleTemplateId={id})/members",
)
.permission(&["RoleManagement.Read.Directory"])
.options(&["$select"]);
static ADD: Operation = Operation::new(
    Verb::Post,
    "directory_roles.add_member",
    "directoryRoles/{role}/members/$ref",
)
.permission(&["RoleManagement.ReadWrite.Directory"]);
static REMOVE: Operation = Operation::new(
    Verb::Delete,
    "directory_roles.remove_member",
    "directoryRoles/{role}/members/{member}/$ref",
)
.permission(&["RoleManagement.ReadWrite.Directory"]);

/// The roles that the tenant has activated.
///
/// Permission: `RoleManagement.Read.Directory`. Comes in one page.
pub fn list() -> Request<Page<DirectoryRole>> {
    LIST.list(path!["directoryRoles"])
}

/// All roles that could be activated.
///
/// Permission: `RoleManagement.Read.Directory`. Comes in one page.
pub fn templates() -> Request<Page<RoleTemplate>> {
    TEMPLATES.list(path!["directoryRoleTemplates"])
}

/// Activates a role by its template; a role that is already active is refused.
///
/// Permission: `RoleManagement.ReadWrite.Directory`.
pub fn activate(template: impl AsRef<str>) -> Request<DirectoryRole> {
    ACTIVATE
        .one(path!["directoryRoles"])
        .json(json!({ "roleTemplateId": template.as_ref() }))
}

/// Who holds an activated role in the whole tenant, by the role's id in that tenant.
///
/// Permission: `RoleManagement.Read.Directory`. Comes in one page.
pub fn members(role: impl AsRef<str>) -> Request<Page<DirectoryObject>> {
    MEMBERS.list(path!["directoryRoles", role, "members"])
}

/// Who holds a role in the whole tenant, by its template; `NotFound` if it is not activated.
///
/// Permission: `RoleManagement.Read.Directory`. Comes in one page.
pub fn members_by_template(template: impl AsRef<str>) -> Request<Page<DirectoryObject>> {
    MEMBERS_BY_TEMPLATE.list(
        path!["directoryRoles"]
            .key("roleTemplateId", template)
            .segment("members"),
    )
}

/// Gives an activated role to somebody.
///
/// Permission: `RoleManagement.ReadWrite.Directory`. Under GDAP the role Privileged Role Administrator.
pub fn add_member(endpoints: &Endpoints, role: impl AsRef<str>, member: impl AsRef<str>) -> Request<()> {
    reference::relating(
        ADD.command(path!["directoryRoles", role, "members", "$ref"]),
        reference::to_object(endpoints, member.as_ref()),
    )
}

/// Takes an activated role from somebody.
///
/// Permission: `RoleManagement.ReadWrite.Directory`. Under GDAP the role Privileged Role Administrator.
pub fn remove_member(role: impl AsRef<str>, member: impl AsRef<str>) -> Request<()> {
    REMOVE.command(path!["directoryRoles", role, "members", member, "$ref"])
}

msp365_core::model! {
    /// An activated role.
    pub struct DirectoryRole {
        /// The object id, different in each tenant.
        id, ID = "id": String,
        /// The display name.
        display_name, DISPLAY_NAME = "displayName": Option<String> [filters::EQUAL],
        /// What it allows.
        description, DESCRIPTION = "description": Option<String>,
        /// The template id, the same in every tenant.
        role_template_id, ROLE_TEMPLATE_ID = "roleTemplateId": Option<String> [filters::EQUAL],
        /// When it was deleted.
        deleted_date_time, DELETED_DATE_TIME = "deletedDateTime": Option<jiff::Timestamp>,
    }
}

msp365_core::model! {
    /// A role that a tenant may activate.
    pub struct RoleTemplate {
        /// The id, the same in every tenant.
        id, ID = "id": String,
        /// The display name.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// What it allows.
        description, DESCRIPTION = "description": Option<String>,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn activated_roles_and_their_holders_are_read() {
        assert_snapshot!(shown(&list()), @"GET directoryRoles");
        assert_snapshot!(shown(&templates()), @"GET directoryRoleTemplates");
        assert_snapshot!(shown(&members("r")), @"GET directoryRoles/r/members");
        assert_snapshot!(shown(&members_by_template("62e90394-69f5-4237-9190-012177145e10")), @"GET directoryRoles(roleTemplateId='62e90394-69f5-4237-9190-012177145e10')/members");
    }

    #[test]
    fn a_role_is_activated_and_given() {
        assert_snapshot!(shown(&activate("t")), @r#"
        POST directoryRoles
        content-type: application/json
        {"roleTemplateId":"t"}
        "#);
        assert_snapshot!(shown(&add_member(&Endpoints::public(), "r", "ada")), @r#"
        POST directoryRoles/r/members/$ref
        content-type: application/json
        {"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/ada"}
        "#);
        assert_snapshot!(shown(&remove_member("r", "ada")), @"DELETE directoryRoles/r/members/ada/$ref");
    }

    #[test]
    fn a_role_names_its_template() {
        let role = read(
            &list(),
            r#"{"value":[{"id":"r","displayName":"X","roleTemplateId":"t"}]}"#,
        )
        .unwrap();

        assert_eq!(role.items[0].role_template_id.as_deref(), Some("t"));
    }
}
