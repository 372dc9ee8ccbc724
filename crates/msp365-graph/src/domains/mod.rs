//! The domains of a tenant.

use msp365_core::{Page, Request, Service, path};
use serde::{Deserialize, Serialize};

use crate::wire;

/// All domains, those not verified too.
///
/// Permission: `Domain.Read.All`.
pub fn list() -> Request<Page<Domain>> {
    Request::list("domains.list", Service::Graph, path!["domains"]).select([
        "id",
        "isDefault",
        "isInitial",
        "isVerified",
        "authenticationType",
        "supportedServices",
    ])
}

/// A domain of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Domain {
    /// The domain itself, such as `contoso.example`.
    pub id: String,
    /// Whether new users get it.
    pub is_default: Option<bool>,
    /// Whether it is the one the tenant started with.
    pub is_initial: Option<bool>,
    /// Whether it was proven to belong to the tenant.
    pub is_verified: Option<bool>,
    /// `Managed` or `Federated`.
    pub authentication_type: Option<String>,
    /// What it is used for, such as `Email`.
    #[serde(default, deserialize_with = "wire::list")]
    pub supported_services: Vec<String>,
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn domains_are_asked_for_by_what_is_kept() {
        assert_snapshot!(shown(&list()), @"GET domains?$select=id,isDefault,isInitial,isVerified,authenticationType,supportedServices");
    }

    #[test]
    fn a_domain_is_its_own_key() {
        let body = r#"{"value":[{"id":"contoso.example","isDefault":true,"isInitial":false,"isVerified":true,
            "authenticationType":"Managed","supportedServices":["Email"],"isRoot":true}]}"#;

        let domains = read(&list(), body).unwrap().items;

        assert_eq!(domains[0].id, "contoso.example");
        assert_eq!(domains[0].supported_services, ["Email"]);
    }
}
