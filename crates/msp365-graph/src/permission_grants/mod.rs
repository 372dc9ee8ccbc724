//! What applications may do on behalf of people.

use msp365_core::{Operation, Page, Request, operation::Verb, path};
use serde_json::json;

use crate::filters;

pub(crate) static OPERATIONS: &[&Operation] = &[&OF_CLIENT, &CREATE, &UPDATE, &DELETE];

/// Longest list of scopes, in characters.
const SCOPES: usize = 3850;

static OF_CLIENT: Operation = Operation::pages("permission_grants.of_client", "oauth2PermissionGrants", 999)
    .permission(&["Directory.Read.All"])
    .options(&["$select", "$filter"]);
static CREATE: Operation = Operation::new(Verb::Post, "permission_grants.create", "oauth2PermissionGrants")
    .permission(&["DelegatedPermissionGrant.ReadWrite.All"])
    .note("one grant for each application and resource; 3,850 characters of scopes");
static UPDATE: Operation = Operation::new(
    Verb::Patch,
    "permission_grants.update",
    "oauth2PermissionGrants/{grant}",
)
.permission(&["DelegatedPermissionGrant.ReadWrite.All"])
.note("replaces the scopes; 3,850 characters of them");
static DELETE: Operation = Operation::new(
    Verb::Delete,
    "permission_grants.delete",
    "oauth2PermissionGrants/{grant}",
)
.permission(&["DelegatedPermissionGrant.ReadWrite.All"]);

/// What an application, given by the object id of its service principal, may do on behalf of everybody.
///
/// Permission: `Directory.Read.All`.
pub fn of_client(service_principal: impl AsRef<str>) -> Request<Page<PermissionGrant>> {
    let everybody = PermissionGrant::CONSENT_TYPE.eq("AllPrincipals");
    OF_CLIENT.list(path!["oauth2PermissionGrants"]).filter(
        PermissionGrant::CLIENT_ID
            .eq(service_principal.as_ref())
            .and(everybody),
    )
}

/// Lets an application use scopes of a resource on behalf of everybody; both are given by the object ids of their
/// service principals.
///
/// It is sent once: after a lost answer, check whether it exists.
///
/// Permission: `DelegatedPermissionGrant.ReadWrite.All`.
pub fn create<S: AsRef<str>>(
    client: impl AsRef<str>,
    resource: impl AsRef<str>,
    scopes: impl IntoIterator<Item = S>,
) -> Request<PermissionGrant> {
    let scope = joined(scopes);
    let request = CREATE.one(path!["oauth2PermissionGrants"]);
    match fits(&scope) {
        Some(reason) => request.refuse(reason),
        None => request.json(json!({
            "clientId": client.as_ref(),
            "consentType": "AllPrincipals",
            "principalId": null,
            "resourceId": resource.as_ref(),
            "scope": scope,
        })),
    }
}

/// Replaces the scopes of a grant.
///
/// Permission: `DelegatedPermissionGrant.ReadWrite.All`.
pub fn update<S: AsRef<str>>(grant: impl AsRef<str>, scopes: impl IntoIterator<Item = S>) -> Request<()> {
    let scope = joined(scopes);
    let request = UPDATE.command(path!["oauth2PermissionGrants", grant]);
    match fits(&scope) {
        Some(reason) => request.refuse(reason),
        None => request.json(json!({ "scope": scope })),
    }
}

/// Revokes a grant.
///
/// Permission: `DelegatedPermissionGrant.ReadWrite.All`.
pub fn delete(grant: impl AsRef<str>) -> Request<()> {
    DELETE.command(path!["oauth2PermissionGrants", grant])
}

fn joined<S: AsRef<str>>(scopes: impl IntoIterator<Item = S>) -> String {
    let names: Vec<String> = scopes.into_iter().map(|name| name.as_ref().to_owned()).collect();
    names.join(" ")
}

fn fits(scope: &str) -> Option<&'static str> {
    (scope.trim().is_empty() || scope.chars().count() > SCOPES)
        .then_some("a grant has scopes of 1 to 3,850 characters")
}

msp365_core::model! {
    /// Scopes of one resource granted to one application.
    pub struct PermissionGrant {
        /// The id of the grant.
        id, ID = "id": String,
        /// The object id of the application's service principal.
        client_id, CLIENT_ID = "clientId": Option<String> [filters::EQUAL],
        /// `AllPrincipals` for everybody, `Principal` for one person.
        consent_type, CONSENT_TYPE = "consentType": Option<String> [filters::EQUAL],
        /// The person, if it is for only one.
        principal_id, PRINCIPAL_ID = "principalId": Option<String> [filters::EQUAL],
        /// The object id of the resource's service principal.
        resource_id, RESOURCE_ID = "resourceId": Option<String> [filters::EQUAL],
        /// The scopes as one text, separated by spaces; see [`PermissionGrant::scopes`].
        scope, SCOPE = "scope": Option<String>,
    }
}

impl PermissionGrant {
    /// The scopes one by one.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.as_deref().unwrap_or_default().split_whitespace()
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, refused, shown};

    #[test]
    fn grants_for_everybody_are_asked_for() {
        assert_snapshot!(shown(&of_client("5b000000-0000-4000-8000-000000000001")), @"GET oauth2PermissionGrants?$filter=clientId%20eq%20'5b000000-0000-4000-8000-000000000001'%20and%20consentType%20eq%20'AllPrincipals'");
    }

    #[test]
    fn a_quote_cannot_end_the_filter() {
        assert_snapshot!(shown(&of_client("x' or '1' eq '1")), @"GET oauth2PermissionGrants?$filter=clientId%20eq%20'x''%20or%20''1''%20eq%20''1'%20and%20consentType%20eq%20'AllPrincipals'");
    }

    #[test]
    fn scopes_are_granted_changed_and_taken_back() {
        assert_snapshot!(shown(&create("c", "r", ["User.Read.All", "Group.Read.All"])), @r#"
        POST oauth2PermissionGrants
        content-type: application/json
        {"clientId":"c","consentType":"AllPrincipals","principalId":null,"resourceId":"r","scope":"User.Read.All Group.Read.All"}
        "#);
        assert_snapshot!(shown(&update("g", ["User.Read"])), @r#"
        PATCH oauth2PermissionGrants/g
        content-type: application/json
        {"scope":"User.Read"}
        "#);
        assert_snapshot!(shown(&delete("g")), @"DELETE oauth2PermissionGrants/g");
        assert!(refused(&create("c", "r", [""])));
        assert!(refused(&update("g", ["x".repeat(3851)])));
    }

    #[test]
    fn scopes_are_one_text_with_stray_spaces() {
        let body = r#"{"value":[{"id":"g","clientId":"c","consentType":"AllPrincipals","principalId":null,
            "resourceId":"r","scope":" User.Read.All  Group.Read.All"}]}"#;

        let grants = read(&of_client("c"), body).unwrap().items;

        assert_eq!(
            grants[0].scopes().collect::<Vec<_>>(),
            ["User.Read.All", "Group.Read.All"]
        );
    }
}
