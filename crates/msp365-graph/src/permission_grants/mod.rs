//! What applications may do on behalf of people.

use msp365_core::{Page, Request, Service, path};
use serde::{Deserialize, Serialize};

use crate::odata::literal;

/// What an application, by the object id of its service principal, may do on behalf of everybody.
///
/// Permission: `Directory.Read.All`.
pub fn of_client(service_principal: impl AsRef<str>) -> Request<Page<PermissionGrant>> {
    let client = literal(service_principal.as_ref());
    Request::list(
        "permission_grants.of_client",
        Service::Graph,
        path!["oauth2PermissionGrants"],
    )
    .query(
        "$filter",
        format!("clientId eq {client} and consentType eq 'AllPrincipals'"),
    )
}

/// Scopes of one resource granted to one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PermissionGrant {
    /// The id of the grant.
    pub id: String,
    /// The object id of the application's service principal.
    pub client_id: Option<String>,
    /// `AllPrincipals` for everybody, `Principal` for one person.
    pub consent_type: Option<String>,
    /// The person, where it is for one.
    pub principal_id: Option<String>,
    /// The object id of the resource's service principal.
    pub resource_id: Option<String>,
    /// The scopes as one text, separated by spaces; see [`PermissionGrant::scopes`].
    pub scope: Option<String>,
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
    use crate::testing::{read, shown};

    #[test]
    fn grants_for_everybody_are_asked_for() {
        assert_snapshot!(shown(&of_client("5b000000-0000-4000-8000-000000000001")), @"GET oauth2PermissionGrants?$filter=clientId%20eq%20'5b000000-0000-4000-8000-000000000001'%20and%20consentType%20eq%20'AllPrincipals'");
    }

    #[test]
    fn a_quote_cannot_end_the_filter() {
        assert_snapshot!(shown(&of_client("x' or '1' eq '1")), @"GET oauth2PermissionGrants?$filter=clientId%20eq%20'x''%20or%20''1''%20eq%20''1'%20and%20consentType%20eq%20'AllPrincipals'");
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
