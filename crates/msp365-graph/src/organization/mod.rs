//! The profile of a tenant.

use jiff::Timestamp;
use msp365_core::{Error, Operation, Request, open_enum, path, request::decode_json};
use serde::Deserialize;

use crate::licenses::AssignedPlan;

pub(crate) static OPERATIONS: &[&Operation] = &[&GET];

static GET: Operation =
    Operation::read("organization.get", "organization").permission(&["Organization.Read.All"]);

/// The tenant that the token is for.
///
/// Permission: `Organization.Read.All`. With `User.Read` alone, only id, name and domains are filled.
pub fn get() -> Request<Organization> {
    GET.request(path!["organization"], |call, reply| {
        let one: Collection = decode_json(call, reply)?;
        one.value.into_iter().next().ok_or_else(|| Error::Decode {
            operation: GET.name,
            at: "value".to_owned(),
            source: "the list of organizations is empty".into(),
        })
    })
    .select([
        Organization::ID,
        Organization::DISPLAY_NAME,
        Organization::TENANT_TYPE,
        Organization::PARTNER_TENANT_TYPE,
        Organization::COUNTRY_LETTER_CODE,
        Organization::PREFERRED_LANGUAGE,
        Organization::ON_PREMISES_SYNC_ENABLED,
        Organization::CREATED_DATE_TIME,
        Organization::VERIFIED_DOMAINS,
    ])
}

/// The service returns a tenant's one organization as a list.
#[derive(Deserialize)]
struct Collection {
    value: Vec<Organization>,
}

msp365_core::model! {
    /// A tenant as it describes itself.
    pub struct Organization {
        /// The tenant id.
        id, ID = "id": String,
        /// The display name. It may change.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// `AAD`, `AAD B2C` or `CIAM`.
        tenant_type, TENANT_TYPE = "tenantType": Option<String>,
        /// Set in partners' tenants.
        partner_tenant_type, PARTNER_TENANT_TYPE = "partnerTenantType": Option<String>,
        /// Street.
        street, STREET = "street": Option<String>,
        /// City.
        city, CITY = "city": Option<String>,
        /// State or province.
        state, STATE = "state": Option<String>,
        /// Postal code.
        postal_code, POSTAL_CODE = "postalCode": Option<String>,
        /// Country or region, by name.
        country, COUNTRY = "country": Option<String>,
        /// Two-letter country code.
        country_letter_code, COUNTRY_LETTER_CODE = "countryLetterCode": Option<String>,
        /// Two-letter country code that new users get as their usage location.
        default_usage_location, DEFAULT_USAGE_LOCATION = "defaultUsageLocation": Option<String>,
        /// Two-letter language code.
        preferred_language, PREFERRED_LANGUAGE = "preferredLanguage": Option<String>,
        /// Phone numbers.
        business_phones, BUSINESS_PHONES = "businessPhones": Vec<String>,
        /// The recipients of technical notifications.
        technical_notification_mails, TECHNICAL_NOTIFICATION_MAILS = "technicalNotificationMails": Vec<String>,
        /// What manages mobile devices.
        mobile_device_management_authority, MOBILE_DEVICE_MANAGEMENT_AUTHORITY = "mobileDeviceManagementAuthority": Option<MdmAuthority>,
        /// Absent: never synced from on-premises. False: formerly.
        on_premises_sync_enabled, ON_PREMISES_SYNC_ENABLED = "onPremisesSyncEnabled": Option<bool>,
        /// When it was last synced from on-premises.
        on_premises_last_sync_date_time, ON_PREMISES_LAST_SYNC_DATE_TIME = "onPremisesLastSyncDateTime": Option<Timestamp>,
        /// When it was created.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// Its verified domains.
        verified_domains, VERIFIED_DOMAINS = "verifiedDomains": Vec<VerifiedDomain>,
        /// The service plans it has.
        assigned_plans, ASSIGNED_PLANS = "assignedPlans": Vec<AssignedPlan>,
    }
}

impl Organization {
    /// The default domain for new users.
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

msp365_core::model! {
    /// A domain that has been proven to belong to the tenant.
    pub struct VerifiedDomain {
        /// The domain.
        name, NAME = "name": Option<String>,
        /// Whether it is the default for new users.
        is_default, IS_DEFAULT = "isDefault": Option<bool>,
        /// Whether it is the one the tenant started with.
        is_initial, IS_INITIAL = "isInitial": Option<bool>,
        /// `Managed` or `Federated`.
        domain_type, DOMAIN_TYPE = "type": Option<String>,
        /// What it is used for, separated by commas.
        capabilities, CAPABILITIES = "capabilities": Option<String>,
    }
}

open_enum! {
    /// What manages the mobile devices of a tenant.
    pub enum MdmAuthority { Unknown = "unknown", Intune = "intune", Sccm = "sccm", Office365 = "office365" }
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
