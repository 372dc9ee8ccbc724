//! Customers with a GDAP relationship, and links to their portals. All requests go to the partner's own tenant.

use msp365_core::{
    Operation, Page, Request, path,
    query::{Filters, Need},
};

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST, &GET, &PORTALS];

/// Rows on a page; asking for more is refused.
const PAGE: u32 = 300;
const READ: &[&str] = &["DelegatedAdminRelationship.Read.All"];

static LIST: Operation = Operation::pages(
    "delegated_customers.list",
    "tenantRelationships/delegatedAdminCustomers",
    PAGE,
)
.permission(READ)
.options(&["$select", "$filter", "$orderby", "$count"])
.note("not in China");
static GET: Operation = Operation::read(
    "delegated_customers.get",
    "tenantRelationships/delegatedAdminCustomers/{customer}",
)
.permission(READ);
static PORTALS: Operation = Operation::whole(
    "delegated_customers.portals",
    "tenantRelationships/delegatedAdminCustomers/{customer}/serviceManagementDetails",
)
.permission(READ);

/// All customers that have, or had, a GDAP relationship.
///
/// Permission: `DelegatedAdminRelationship.Read.All`. Pages of 300; not in China.
pub fn list() -> Request<Page<DelegatedCustomer>> {
    LIST.list(path!["tenantRelationships", "delegatedAdminCustomers"])
        .top(PAGE)
}

/// One customer, by tenant id.
///
/// Permission: `DelegatedAdminRelationship.Read.All`. Not in China.
pub fn get(customer: impl AsRef<str>) -> Request<DelegatedCustomer> {
    GET.one(path!["tenantRelationships", "delegatedAdminCustomers", customer])
}

/// The portals in which a customer is managed, as Microsoft lists them.
///
/// Permission: `DelegatedAdminRelationship.Read.All`. Comes in one page; not in China.
pub fn portals(customer: impl AsRef<str>) -> Request<Page<ServiceManagement>> {
    PORTALS.list(path![
        "tenantRelationships",
        "delegatedAdminCustomers",
        customer,
        "serviceManagementDetails"
    ])
}

msp365_core::model! {
    /// A customer with a GDAP relationship.
    pub struct DelegatedCustomer {
        /// The id, which is the tenant id.
        id, ID = "id": String,
        /// The tenant id.
        tenant_id, TENANT_ID = "tenantId": Option<String> [Filters::NONE.eq(Need::Plain)],
        /// The display name.
        display_name, DISPLAY_NAME = "displayName": Option<String> [Filters::NONE.eq(Need::Plain).order(Need::Plain)],
    }
}

msp365_core::model! {
    /// A portal in which a customer is managed.
    pub struct ServiceManagement {
        /// The id.
        id, ID = "id": String,
        /// The service.
        service_name, SERVICE_NAME = "serviceName": Option<String>,
        /// The address.
        service_management_url, SERVICE_MANAGEMENT_URL = "serviceManagementUrl": Option<String>,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use msp365_core::query::Direction;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn customers_and_their_portals_are_asked_for() {
        assert_snapshot!(shown(&list()), @"GET tenantRelationships/delegatedAdminCustomers?$top=300");
        assert_snapshot!(shown(&list().order_by(DelegatedCustomer::DISPLAY_NAME, Direction::Ascending)), @"GET tenantRelationships/delegatedAdminCustomers?$top=300&$orderby=displayName");
        assert_snapshot!(shown(&get("c")), @"GET tenantRelationships/delegatedAdminCustomers/c");
        assert_snapshot!(shown(&portals("c")), @"GET tenantRelationships/delegatedAdminCustomers/c/serviceManagementDetails");
    }

    #[test]
    fn a_portal_has_an_address() {
        let body = r#"{"value":[{"id":"p","serviceName":"Exchange","serviceManagementUrl":"https://portal.example/x"}]}"#;

        let portal = read(&portals("c"), body).unwrap().items.remove(0);

        assert_eq!(
            portal.service_management_url.as_deref(),
            Some("https://portal.example/x")
        );
    }
}
