//! The domains of a tenant.

use msp365_core::{Operation, Page, Request, path};

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST, &GET];

static LIST: Operation = Operation::pages("domains.list", "domains", 999).permission(&["Domain.Read.All"]);
static GET: Operation = Operation::read("domains.get", "domains/{domain}").permission(&["Domain.Read.All"]);

/// All domains, including unverified ones.
///
/// Permission: `Domain.Read.All`. Pages of 999 (seen 2026).
pub fn list() -> Request<Page<Domain>> {
    LIST.list(path!["domains"]).select([
        Domain::ID,
        Domain::IS_DEFAULT,
        Domain::IS_INITIAL,
        Domain::IS_VERIFIED,
        Domain::AUTHENTICATION_TYPE,
        Domain::SUPPORTED_SERVICES,
    ])
}

/// One domain by its name.
///
/// Permission: `Domain.Read.All`.
pub fn get(domain: impl AsRef<str>) -> Request<Domain> {
    GET.one(path!["domains", domain])
}

msp365_core::model! {
    /// A domain of a tenant.
    pub struct Domain {
        /// The domain itself, such as `contoso.example`.
        id, ID = "id": String,
        /// Whether it is the default for new users.
        is_default, IS_DEFAULT = "isDefault": Option<bool>,
        /// Whether it is the one the tenant started with.
        is_initial, IS_INITIAL = "isInitial": Option<bool>,
        /// Whether it has been proven to belong to the tenant.
        is_verified, IS_VERIFIED = "isVerified": Option<bool>,
        /// Whether it is not a subdomain of another one.
        is_root, IS_ROOT = "isRoot": Option<bool>,
        /// Whether its records are managed by the tenant.
        is_admin_managed, IS_ADMIN_MANAGED = "isAdminManaged": Option<bool>,
        /// `Managed` or `Federated`.
        authentication_type, AUTHENTICATION_TYPE = "authenticationType": Option<String>,
        /// Set as long as it cannot be used.
        availability_status, AVAILABILITY_STATUS = "availabilityStatus": Option<String>,
        /// What it is used for, such as `Email`.
        supported_services, SUPPORTED_SERVICES = "supportedServices": Vec<String>,
        /// How many days before a password expires people are notified.
        password_notification_window_in_days, PASSWORD_NOTIFICATION_WINDOW_IN_DAYS = "passwordNotificationWindowInDays": Option<i64>,
        /// How many days a password is valid.
        password_validity_period_in_days, PASSWORD_VALIDITY_PERIOD_IN_DAYS = "passwordValidityPeriodInDays": Option<i64>,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn domains_are_asked_for_by_what_is_kept() {
        assert_snapshot!(shown(&list()), @"GET domains?$select=id,isDefault,isInitial,isVerified,authenticationType,supportedServices");
        assert_snapshot!(shown(&get("contoso.example")), @"GET domains/contoso.example");
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
