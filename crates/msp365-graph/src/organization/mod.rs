//! The profile of a tenant.

use http::Method;
use jiff::Timestamp;
use msp365_core::{Error, Request, Service, path, request::decode_json};
use serde::{Deserialize, Serialize};

use crate::wire;

const OPERATION: &str = "organization.get";

/// The tenant the token is for.
///
/// Permission: `Organization.Read.All`. With `User.Read` alone, only id, name and domains are filled.
pub fn get() -> Request<Organization> {
    Request::new(
        Method::GET,
        OPERATION,
        Service::Graph,
        path!["organization"],
        |call, reply| {
            let one: Collection = decode_json(call, reply)?;
            one.value.into_iter().next().ok_or_else(|| Error::Decode {
                operation: OPERATION,
                at: "value".to_owned(),
                source: "the list of organizations is empty".into(),
            })
        },
    )
    .select([
        "id",
        "displayName",
        "tenantType",
        "partnerTenantType",
        "countryLetterCode",
        "preferredLanguage",
        "onPremisesSyncEnabled",
        "createdDateTime",
        "verifiedDomains",
    ])
}

/// The service lists the one organization of a tenant.
#[derive(Deserialize)]
struct Collection {
    value: Vec<Organization>,
}

/// A tenant as it describes itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Organization {
    /// The tenant id.
    pub id: String,
    /// The name shown. It may change.
    pub display_name: Option<String>,
    /// `AAD`, `AAD B2C` or `CIAM`.
    pub tenant_type: Option<String>,
    /// Set in the tenants of partners.
    pub partner_tenant_type: Option<String>,
    /// Two-letter country.
    pub country_letter_code: Option<String>,
    /// Two-letter language.
    pub preferred_language: Option<String>,
    /// Absent: never synced from on-premises. False: formerly.
    pub on_premises_sync_enabled: Option<bool>,
    /// When it was created.
    #[serde(default, deserialize_with = "wire::time")]
    pub created_date_time: Option<Timestamp>,
    /// Its verified domains.
    #[serde(default, deserialize_with = "wire::list")]
    pub verified_domains: Vec<VerifiedDomain>,
}

impl Organization {
    /// The domain that new users get.
    pub fn default_domain(&self) -> Option<&str> {
        self.domain(|domain| domain.is_default == Some(true))
    }

    /// The domain it started with, `*.onmicrosoft.com`.
    pub fn initial_domain(&self) -> Option<&str> {
        self.domain(|domain| domain.is_initial == Some(true))
    }

    fn domain(&self, is: impl Fn(&VerifiedDomain) -> bool) -> Option<&str> {
        let found = self.verified_domains.iter().find(|domain| is(domain))?;
        found.name.as_deref()
    }
}

/// A domain that was proven to belong to the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VerifiedDomain {
    /// The domain.
    pub name: Option<String>,
    /// Whether new users get it.
    pub is_default: Option<bool>,
    /// Whether it is the one the tenant started with.
    pub is_initial: Option<bool>,
    /// `Managed` or `Federated`.
    #[serde(rename = "type")]
    pub domain_type: Option<String>,
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn the_profile_is_asked_for_by_what_is_kept() {
        assert_snapshot!(shown(&get()), @"GET organization?$select=id,displayName,tenantType,partnerTenantType,countryLetterCode,preferredLanguage,onPremisesSyncEnabled,createdDateTime,verifiedDomains");
    }

    #[test]
    fn default_and_initial_domain_are_told_apart() {
        let body = r#"{"value":[{"id":"0a000000-0000-4000-8000-000000000001","displayName":"Contoso",
            "createdDateTime":"2015-04-01T08:00:00Z","onPremisesSyncEnabled":null,"later":{"a":1},"verifiedDomains":[
            {"name":"contoso.onmicrosoft.example","isInitial":true,"isDefault":false,"type":"Managed"},
            {"name":"contoso.example","isInitial":false,"isDefault":true,"capabilities":"Email"}]}]}"#;

        let contoso = read(&get(), body).unwrap();

        assert_eq!(contoso.default_domain(), Some("contoso.example"));
        assert_eq!(contoso.initial_domain(), Some("contoso.onmicrosoft.example"));
        assert_eq!(contoso.on_premises_sync_enabled, None);
    }

    #[test]
    fn no_organization_is_no_answer() {
        assert!(matches!(
            read(&get(), r#"{"value":[]}"#),
            Err(Error::Decode { .. })
        ));
    }
}
