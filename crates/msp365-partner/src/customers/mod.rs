//! The customers that Partner Center lists.
//!
//! Customers with GDAP alone may be missing here; see [`relationships`](crate::relationships).

mod paging;
#[cfg(test)]
mod tests;

use http::Method;
use msp365_core::{Page, Request, Service, open_enum, path};
use serde::{Deserialize, Deserializer, Serialize};

/// The contract that replies follow.
const CONTRACT: (&str, &str) = ("ms-contract-version", "v1");

/// All customers, in pages of at most `size`. The count of a page is no total.
///
/// Permission: Partner Center `user_impersonation`; the account must be in `AdminAgents`. No maximum of `size` is
/// documented; 500 is in use. The quota is 500 requests a minute for a partner.
pub fn list(size: u32) -> Request<Page<Customer>> {
    Request::new(
        Method::GET,
        "customers.list",
        Service::PartnerCenter,
        path!["customers"],
        paging::decode,
    )
    .query("size", size.to_string())
    .header("accept", "application/json")
    .header(CONTRACT.0, CONTRACT.1)
}

/// One customer with what the list leaves out.
///
/// Permission: Partner Center `user_impersonation`; the account must be in `AdminAgents`.
pub fn get(id: impl AsRef<str>) -> Request<Customer> {
    Request::get("customers.get", Service::PartnerCenter, path!["customers", id])
        .header("accept", "application/json")
        .header(CONTRACT.0, CONTRACT.1)
}

/// A customer as Partner Center describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Customer {
    /// The id that paths of Partner Center take.
    pub id: String,
    /// Tenant, domain and name.
    pub company_profile: Option<CompanyProfile>,
    /// What the partner is to the customer.
    pub relationship_to_partner: Option<PartnerRole>,
    /// Whether the old delegated administration is on; says nothing of GDAP. Absent in lists.
    pub allow_delegated_access: Option<bool>,
    /// Its domains; absent in lists.
    #[serde(default, deserialize_with = "list_or_null")]
    pub custom_domains: Vec<String>,
    /// The partner's id at another partner, where there is one between.
    pub associated_partner_id: Option<String>,
}

impl Customer {
    /// The tenant id: that of the company profile, or the customer id, which equals it in practice.
    pub fn tenant_id(&self) -> &str {
        let profile = self.company_profile.as_ref();
        profile
            .and_then(|profile| profile.tenant_id.as_deref())
            .unwrap_or(&self.id)
    }

    /// The company's name. Not unique.
    pub fn name(&self) -> Option<&str> {
        self.company_profile.as_ref()?.company_name.as_deref()
    }

    /// Usually the domain the tenant started with.
    pub fn domain(&self) -> Option<&str> {
        self.company_profile.as_ref()?.domain.as_deref()
    }
}

/// Tenant, domain and name of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CompanyProfile {
    /// The tenant id.
    pub tenant_id: Option<String>,
    /// Usually the domain the tenant started with.
    pub domain: Option<String>,
    /// The name. Not unique.
    pub company_name: Option<String>,
}

open_enum! {
    /// What a partner is to a customer.
    pub enum PartnerRole {
        None = "none",
        Reseller = "reseller",
        Advisor = "advisor",
        Syndication = "syndication",
        MicrosoftSupport = "microsoft_support",
    }
}

/// A list, empty where the service sends null.
pub(crate) fn list_or_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Option::<Vec<T>>::deserialize(deserializer).map(Option::unwrap_or_default)
}
