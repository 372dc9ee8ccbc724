//! Applications as represented in one tenant ("enterprise applications").

use jiff::Timestamp;
use msp365_core::{
    Operation, Page, Request,
    operation::{DIRECTORY, Verb},
    path,
    query::Property,
};
use serde_json::json;

use crate::{
    applications::{AppRole, KeyCredential, PasswordCredential},
    filters,
};

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST, &BY_APP_ID, &PERMISSIONS_OF, &CREATE, &DELETE];

/// What [`by_app_id`] and [`list`] request.
const PROPERTIES: [Property<ServicePrincipal>; 4] = [
    ServicePrincipal::ID,
    ServicePrincipal::APP_ID,
    ServicePrincipal::DISPLAY_NAME,
    ServicePrincipal::ACCOUNT_ENABLED,
];

/// Rows on a page (seen 2026).
const PAGE: u32 = 999;

static LIST: Operation = Operation::pages("service_principals.list", "servicePrincipals", PAGE)
    .permission(&["Application.Read.All"])
    .options(DIRECTORY);
static BY_APP_ID: Operation =
    Operation::read("service_principals.by_app_id", "servicePrincipals(appId={id})")
        .permission(&["Application.Read.All"]);
static PERMISSIONS_OF: Operation = Operation::read(
    "service_principals.permissions_of",
    "servicePrincipals(appId={id})",
)
.permission(&["Application.Read.All"]);
static CREATE: Operation = Operation::new(Verb::Post, "service_principals.create", "servicePrincipals")
    .permission(&["Application.ReadWrite.All"])
    .note("one that is there already is refused");
static DELETE: Operation = Operation::new(
    Verb::Delete,
    "service_principals.delete",
    "servicePrincipals/{service principal}",
)
.permission(&["Application.ReadWrite.All"])
.note("takes its consent with it; can be restored for 30 days");

/// All applications of the tenant.
///
/// Permission: `Application.Read.All`. Pages of 999.
pub fn list() -> Request<Page<ServicePrincipal>> {
    LIST.list(path!["servicePrincipals"]).select(PROPERTIES).top(PAGE)
}

/// The application with this client id, as represented in the tenant; `NotFound` if it was never consented to.
///
/// Permission: `Application.Read.All`.
pub fn by_app_id(app_id: impl AsRef<str>) -> Request<ServicePrincipal> {
    BY_APP_ID
        .one(path!["servicePrincipals"].key("appId", app_id))
        .select(PROPERTIES)
}

/// The roles and scopes that the application with this client id offers, such as those of Microsoft Graph.
///
/// Permission: `Application.Read.All`.
pub fn permissions_of(app_id: impl AsRef<str>) -> Request<ServicePrincipal> {
    PERMISSIONS_OF
        .one(path!["servicePrincipals"].key("appId", app_id))
        .select([
            ServicePrincipal::ID,
            ServicePrincipal::APP_ID,
            ServicePrincipal::APP_ROLES,
            ServicePrincipal::OAUTH2_PERMISSION_SCOPES,
        ])
}

/// Adds the application with this client id to the tenant, without any consent.
///
/// It is sent once: after a lost answer, check whether it exists.
///
/// Permission: `Application.ReadWrite.All`. Under GDAP the role Cloud Application Administrator.
pub fn create(app_id: impl AsRef<str>) -> Request<ServicePrincipal> {
    CREATE
        .one(path!["servicePrincipals"])
        .json(json!({ "appId": app_id.as_ref() }))
}

/// Removes an application from the tenant, with its consent.
///
/// Permission: `Application.ReadWrite.All`. Under GDAP the role Cloud Application Administrator.
pub fn delete(service_principal: impl AsRef<str>) -> Request<()> {
    DELETE.command(path!["servicePrincipals", service_principal])
}

msp365_core::model! {
    /// An application in a tenant.
    pub struct ServicePrincipal {
        /// The object id, different in each tenant.
        id, ID = "id": String [filters::ID],
        /// The client id, the same in all tenants.
        app_id, APP_ID = "appId": Option<String> [filters::ID],
        /// The display name.
        display_name, DISPLAY_NAME = "displayName": Option<String> [filters::DISPLAY_NAME],
        /// The display name in its home tenant.
        app_display_name, APP_DISPLAY_NAME = "appDisplayName": Option<String>,
        /// The tenant that registered it.
        app_owner_organization_id, APP_OWNER_ORGANIZATION_ID = "appOwnerOrganizationId": Option<String> [filters::GUIDS],
        /// Whether users may sign in to it.
        account_enabled, ACCOUNT_ENABLED = "accountEnabled": Option<bool> [filters::FLAG_IN],
        /// Whether only assigned people can use it.
        app_role_assignment_required, APP_ROLE_ASSIGNMENT_REQUIRED = "appRoleAssignmentRequired": Option<bool>,
        /// `Application`, `ManagedIdentity`, `Legacy` or `SocialIdp`.
        service_principal_type, SERVICE_PRINCIPAL_TYPE = "servicePrincipalType": Option<String> [filters::ONE_OF],
        /// Whose accounts may sign in.
        sign_in_audience, SIGN_IN_AUDIENCE = "signInAudience": Option<String>,
        /// Its names.
        service_principal_names, SERVICE_PRINCIPAL_NAMES = "servicePrincipalNames": Vec<String> [filters::LIST],
        /// Tags.
        tags, TAGS = "tags": Vec<String> [filters::LIST],
        /// Its front page.
        homepage, HOMEPAGE = "homepage": Option<String>,
        /// Where sign-ins may lead back to.
        reply_urls, REPLY_URLS = "replyUrls": Vec<String>,
        /// The roles it offers.
        app_roles, APP_ROLES = "appRoles": Vec<AppRole>,
        /// The scopes it offers.
        oauth2_permission_scopes, OAUTH2_PERMISSION_SCOPES = "oauth2PermissionScopes": Vec<PermissionScope>,
        /// Client secrets in this tenant.
        password_credentials, PASSWORD_CREDENTIALS = "passwordCredentials": Vec<PasswordCredential>,
        /// Certificates in this tenant.
        key_credentials, KEY_CREDENTIALS = "keyCredentials": Vec<KeyCredential>,
        /// Set if Microsoft disabled it.
        disabled_by_microsoft_status, DISABLED_BY_MICROSOFT_STATUS = "disabledByMicrosoftStatus": Option<String>,
        /// Whether it is disabled.
        is_disabled, IS_DISABLED = "isDisabled": Option<bool>,
        /// When it was deleted.
        deleted_date_time, DELETED_DATE_TIME = "deletedDateTime": Option<Timestamp>,
    }
}

impl ServicePrincipal {
    /// The id of the application role with this name, such as `User.Read.All`.
    pub fn role(&self, name: &str) -> Option<&str> {
        let role = self
            .app_roles
            .iter()
            .find(|role| role.value.as_deref() == Some(name))?;
        role.id.as_deref()
    }
}

msp365_core::model! {
    /// A scope that an application offers.
    pub struct PermissionScope {
        /// The id.
        id, ID = "id": Option<String>,
        /// The name in tokens, such as `User.Read`.
        value, VALUE = "value": Option<String>,
        /// `User` if people may consent, `Admin` if administrators have to.
        scope_type, SCOPE_TYPE = "type": Option<String>,
        /// Whether it can be granted.
        is_enabled, IS_ENABLED = "isEnabled": Option<bool>,
        /// The name that administrators see.
        admin_consent_display_name, ADMIN_CONSENT_DISPLAY_NAME = "adminConsentDisplayName": Option<String>,
        /// The description that administrators see.
        admin_consent_description, ADMIN_CONSENT_DESCRIPTION = "adminConsentDescription": Option<String>,
        /// The name that people see.
        user_consent_display_name, USER_CONSENT_DISPLAY_NAME = "userConsentDisplayName": Option<String>,
        /// The description that people see.
        user_consent_description, USER_CONSENT_DESCRIPTION = "userConsentDescription": Option<String>,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{read, segments, shown};

    #[test]
    fn an_application_is_asked_for_by_its_client_id() {
        assert_snapshot!(shown(&by_app_id("aa000000-0000-4000-8000-000000000001")), @"GET servicePrincipals(appId='aa000000-0000-4000-8000-000000000001')?$select=id,appId,displayName,accountEnabled");
        assert_snapshot!(shown(&permissions_of("aa")), @"GET servicePrincipals(appId='aa')?$select=id,appId,appRoles,oauth2PermissionScopes");
        assert_snapshot!(shown(&list()), @"GET servicePrincipals?$select=id,appId,displayName,accountEnabled&$top=999");
    }

    #[test]
    fn an_application_is_put_into_a_tenant_and_taken_out() {
        assert_snapshot!(shown(&create("aa")), @r#"
        POST servicePrincipals
        content-type: application/json
        {"appId":"aa"}
        "#);
        assert_snapshot!(shown(&delete("5b")), @"DELETE servicePrincipals/5b");
    }

    #[test]
    fn its_object_id_differs_from_its_client_id() {
        let body = r#"{"@odata.context":"c","id":"5b000000-0000-4000-8000-000000000001",
            "appId":"aa000000-0000-4000-8000-000000000001","displayName":"Connector","accountEnabled":true,
            "appRoles":[{"id":"r","value":"User.Read.All"}]}"#;

        let app = read(&by_app_id("aa000000-0000-4000-8000-000000000001"), body).unwrap();

        assert_eq!(app.id, "5b000000-0000-4000-8000-000000000001");
        assert_eq!(
            (app.role("User.Read.All"), app.role("Mail.Read")),
            (Some("r"), None)
        );
    }

    proptest! {
        #[test]
        fn no_client_id_leaves_its_segment(id in "\\PC*") {
            prop_assert_eq!(segments(&by_app_id(&id)).map(|path| path.len()), Some(1));
        }
    }
}
