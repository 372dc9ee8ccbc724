//! The customers that Partner Center lists.
//!
//! Customers with GDAP only may be missing here; see [`relationships`](crate::relationships).

pub(crate) mod paging;
#[cfg(test)]
mod tests;

use msp365_core::{Operation, Page, Request, Service, open_enum, operation::Verb, path};
use serde_json::json;

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST, &SEARCH, &GET];

/// The version of the contract that replies follow.
const CONTRACT: (&str, &str) = ("ms-contract-version", "v1");
/// The permission that all requests to Partner Center require.
pub(crate) const USER: &[&str] = &["user_impersonation"];

static LIST: Operation = Operation::new(Verb::Get, "customers.list", "customers")
    .at(Service::PartnerCenter)
    .permission(USER)
    .note("pages of 500 are in use; 500 requests a minute for a partner; the account is in AdminAgents");
static SEARCH: Operation = Operation::new(Verb::Get, "customers.search", "customers")
    .at(Service::PartnerCenter)
    .permission(USER)
    .note("beginnings alone; 500 requests a minute for a partner");
static GET: Operation = Operation::new(Verb::Get, "customers.get", "customers/{customer}")
    .at(Service::PartnerCenter)
    .permission(USER);

/// All customers, in pages of at most `size`. The count of a page is not a total.
///
/// Permission: Partner Center `user_impersonation`; the account must be in `AdminAgents`. No maximum of `size` is
/// documented; 500 is in use. The quota is 500 requests a minute for a partner.
pub fn list(size: u32) -> Request<Page<Customer>> {
    contracted(
        LIST.request(path!["customers"], paging::decode)
            .query("size", size.to_string()),
    )
}

/// The customers with a field that begins with this text, ignoring case, in pages of at most `size`.
///
/// Permission: Partner Center `user_impersonation`; the account must be in `AdminAgents`.
pub fn search(field: CustomerField, beginning: impl AsRef<str>, size: u32) -> Request<Page<Customer>> {
    let filter = json!({ "Field": field.as_str(), "Value": beginning.as_ref(), "Operator": "starts_with" });
    contracted(
        SEARCH
            .request(path!["customers"], paging::decode)
            .query("size", size.to_string())
            .query("filter", filter.to_string()),
    )
}

/// The field by which customers are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CustomerField {
    /// The name.
    CompanyName,
    /// The domain.
    Domain,
    /// The id of the reseller in between.
    IndirectReseller,
}

impl CustomerField {
    /// The field's name for the service.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CompanyName => "CompanyName",
            Self::Domain => "Domain",
            Self::IndirectReseller => "IndirectReseller",
        }
    }
}

/// One customer, including what lists omit.
///
/// Permission: Partner Center `user_impersonation`; the account must be in `AdminAgents`.
pub fn get(id: impl AsRef<str>) -> Request<Customer> {
    contracted(GET.one(path!["customers", id]))
}

/// The request with the headers that Partner Center requires.
pub(crate) fn contracted<T>(request: Request<T>) -> Request<T> {
    request
        .header("accept", "application/json")
        .header(CONTRACT.0, CONTRACT.1)
}

msp365_core::model! {
    /// A customer as Partner Center describes it.
    pub struct Customer {
        /// The id that paths of Partner Center take.
        id, ID = "id": String,
        /// The id in the commerce system.
        commerce_id, COMMERCE_ID = "commerceId": Option<String>,
        /// Tenant, domain and name.
        company_profile, COMPANY_PROFILE = "companyProfile": Option<CompanyProfile>,
        /// The partner's role for the customer.
        relationship_to_partner, RELATIONSHIP_TO_PARTNER = "relationshipToPartner": Option<PartnerRole>,
        /// Whether the old delegated administration is on; says nothing about GDAP. Absent in lists.
        allow_delegated_access, ALLOW_DELEGATED_ACCESS = "allowDelegatedAccess": Option<bool>,
        /// Its domains; absent in lists.
        custom_domains, CUSTOM_DOMAINS = "customDomains": Vec<String>,
        /// The partner's id at another partner, if there is one in between.
        associated_partner_id, ASSOCIATED_PARTNER_ID = "associatedPartnerId": Option<String>,
    }
}

impl Customer {
    /// The tenant id: that of the company profile, or else the customer id, which is the same in practice.
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

msp365_core::model! {
    /// Tenant, domain and name of a customer.
    pub struct CompanyProfile {
        /// The tenant id.
        tenant_id, TENANT_ID = "tenantId": Option<String>,
        /// Usually the domain the tenant started with.
        domain, DOMAIN = "domain": Option<String>,
        /// The name. Not unique.
        company_name, COMPANY_NAME = "companyName": Option<String>,
    }
}

open_enum! {
    /// A partner's role for a customer.
    pub enum PartnerRole {
        None = "none",
        Reseller = "reseller",
        Advisor = "advisor",
        Syndication = "syndication",
        MicrosoftSupport = "microsoft_support",
    }
}
