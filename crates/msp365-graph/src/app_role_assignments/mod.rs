//! Application roles that were granted: to people and groups by assignment, to applications as permissions.

use jiff::Timestamp;
use msp365_core::{
    Operation, Page, Request,
    operation::{DIRECTORY, Verb},
    path,
};
use serde_json::json;

use crate::filters;

pub(crate) static OPERATIONS: &[&Operation] = &[&OF_SERVICE_PRINCIPAL, &GRANTED_ON, &GRANT, &REVOKE];

/// The role that means access without any particular role.
pub const DEFAULT_ACCESS: &str = "00000000-0000-0000-0000-000000000000";

/// Rows on a page (seen 2026).
const PAGE: u32 = 999;

static OF_SERVICE_PRINCIPAL: Operation = Operation::pages(
    "app_role_assignments.of_service_principal",
    "servicePrincipals/{service principal}/appRoleAssignments",
    PAGE,
)
.permission(&["Application.Read.All"])
.options(DIRECTORY);
static GRANTED_ON: Operation = Operation::pages(
    "app_role_assignments.granted_on",
    "servicePrincipals/{resource}/appRoleAssignedTo",
    PAGE,
)
.permission(&["Application.Read.All"]);
static GRANT: Operation = Operation::new(
    Verb::Post,
    "app_role_assignments.grant",
    "servicePrincipals/{resource}/appRoleAssignedTo",
)
.permission(&["AppRoleAssignment.ReadWrite.All", "Application.Read.All"])
.note("one that is there already is refused");
static REVOKE: Operation = Operation::new(
    Verb::Delete,
    "app_role_assignments.revoke",
    "servicePrincipals/{resource}/appRoleAssignedTo/{assignment}",
)
.permission(&["AppRoleAssignment.ReadWrite.All"]);

/// What an application may do in its own right, by the object id of its service principal.
///
/// Permission: `Application.Read.All`. Pages of 999.
pub fn of_service_principal(service_principal: impl AsRef<str>) -> Request<Page<AppRoleAssignment>> {
    OF_SERVICE_PRINCIPAL
        .list(path![
            "servicePrincipals",
            service_principal,
            "appRoleAssignments"
        ])
        .top(PAGE)
}

/// Who has been granted roles of an application, by the object id of its service principal.
///
/// Permission: `Application.Read.All`. Pages of 999.
pub fn granted_on(resource: impl AsRef<str>) -> Request<Page<AppRoleAssignment>> {
    GRANTED_ON
        .list(path!["servicePrincipals", resource, "appRoleAssignedTo"])
        .top(PAGE)
}

/// Grants somebody a role of an application. The principal and the resource are given by their object ids in one
/// tenant, the role by the id that the resource's service principal lists for it.
///
/// Permission: `AppRoleAssignment.ReadWrite.All` and `Application.Read.All`.
pub fn grant(
    resource: impl AsRef<str>,
    principal: impl AsRef<str>,
    role: impl AsRef<str>,
) -> Request<AppRoleAssignment> {
    let resource = resource.as_ref();
    GRANT
        .one(path!["servicePrincipals", resource, "appRoleAssignedTo"])
        .json(json!({
            "principalId": principal.as_ref(),
            "resourceId": resource,
            "appRoleId": role.as_ref(),
        }))
}

/// Revokes a role of an application.
///
/// Permission: `AppRoleAssignment.ReadWrite.All`.
pub fn revoke(resource: impl AsRef<str>, assignment: impl AsRef<str>) -> Request<()> {
    REVOKE.command(path![
        "servicePrincipals",
        resource,
        "appRoleAssignedTo",
        assignment
    ])
}

msp365_core::model! {
    /// A role of an application that somebody was granted.
    pub struct AppRoleAssignment {
        /// The id.
        id, ID = "id": String,
        /// The role; [`DEFAULT_ACCESS`] if there is no particular one.
        app_role_id, APP_ROLE_ID = "appRoleId": Option<String>,
        /// The holder.
        principal_id, PRINCIPAL_ID = "principalId": Option<String>,
        /// The display name of the holder.
        principal_display_name, PRINCIPAL_DISPLAY_NAME = "principalDisplayName": Option<String>,
        /// `User`, `Group` or `ServicePrincipal`.
        principal_type, PRINCIPAL_TYPE = "principalType": Option<String>,
        /// The object id of the application's service principal.
        resource_id, RESOURCE_ID = "resourceId": Option<String> [filters::EQUAL_GUID],
        /// The display name of the application.
        resource_display_name, RESOURCE_DISPLAY_NAME = "resourceDisplayName": Option<String>,
        /// When it was granted.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// When it was deleted.
        deleted_date_time, DELETED_DATE_TIME = "deletedDateTime": Option<Timestamp>,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn roles_of_applications_are_read_given_and_taken() {
        assert_snapshot!(shown(&of_service_principal("sp")), @"GET servicePrincipals/sp/appRoleAssignments?$top=999");
        assert_snapshot!(shown(&granted_on("graph")), @"GET servicePrincipals/graph/appRoleAssignedTo?$top=999");
        assert_snapshot!(shown(&grant("graph", "sp", "role")), @r#"
        POST servicePrincipals/graph/appRoleAssignedTo
        content-type: application/json
        {"appRoleId":"role","principalId":"sp","resourceId":"graph"}
        "#);
        assert_snapshot!(shown(&revoke("graph", "a")), @"DELETE servicePrincipals/graph/appRoleAssignedTo/a");
    }

    #[test]
    fn the_resource_is_filtered_by_as_a_guid() {
        let request = of_service_principal("sp")
            .filter(AppRoleAssignment::RESOURCE_ID.eq("AA000000-0000-4000-8000-000000000001"));

        assert!(
            request
                .to_string()
                .ends_with("$filter=resourceId%20eq%20aa000000-0000-4000-8000-000000000001")
        );
    }

    #[test]
    fn an_assignment_names_both_sides() {
        let body = r#"{"value":[{"id":"a","appRoleId":"00000000-0000-0000-0000-000000000000","principalType":"User",
            "principalDisplayName":"Ada","resourceDisplayName":"Contoso Portal","createdDateTime":null}]}"#;

        let given = read(&of_service_principal("sp"), body).unwrap().items.remove(0);

        assert_eq!(given.app_role_id.as_deref(), Some(DEFAULT_ACCESS));
        assert_eq!(given.resource_display_name.as_deref(), Some("Contoso Portal"));
    }
}
