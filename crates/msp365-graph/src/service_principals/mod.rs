//! Applications as they stand in one tenant ("enterprise applications").

use msp365_core::{Request, Service, path};
use serde::{Deserialize, Serialize};

/// The application with this client id, as it stands in the tenant; `NotFound` where it was never consented to.
///
/// Permission: `Application.Read.All`.
pub fn by_app_id(app_id: impl AsRef<str>) -> Request<ServicePrincipal> {
    Request::get(
        "service_principals.by_app_id",
        Service::Graph,
        path!["servicePrincipals"].key("appId", app_id),
    )
    .select(["id", "appId", "displayName", "accountEnabled"])
}

/// An application in a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServicePrincipal {
    /// The object id, another one in each tenant.
    pub id: String,
    /// The client id, the same in all tenants.
    pub app_id: Option<String>,
    /// The name shown.
    pub display_name: Option<String>,
    /// Whether signing in to it is allowed.
    pub account_enabled: Option<bool>,
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
    }

    #[test]
    fn its_object_id_differs_from_its_client_id() {
        let body = r#"{"@odata.context":"c","id":"5b000000-0000-4000-8000-000000000001",
            "appId":"aa000000-0000-4000-8000-000000000001","displayName":"Connector","accountEnabled":true}"#;

        let app = read(&by_app_id("aa000000-0000-4000-8000-000000000001"), body).unwrap();

        assert_eq!(app.id, "5b000000-0000-4000-8000-000000000001");
    }

    proptest! {
        #[test]
        fn no_client_id_leaves_its_segment(id in "\\PC*") {
            prop_assert_eq!(segments(&by_app_id(&id)).map(|path| path.len()), Some(1));
        }
    }
}
