//! Customers as the partner's own tenant lists them for resellers. Requests go to the partner's tenant.

use msp365_core::{Operation, Page, Request, open_enum, path};

use crate::filters;

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST];

/// Rows on a page.
const PAGE: u32 = 999;

static LIST: Operation = Operation::pages("contracts.list", "contracts", PAGE)
    .permission(&["Directory.Read.All"])
    .options(&["$select", "$filter"])
    .note("names are those of the day the contract was made");

/// All contracts. Names and domains in them are copies that are never refreshed.
///
/// Permission: `Directory.Read.All`. Pages of 999.
pub fn list() -> Request<Page<Contract>> {
    LIST.list(path!["contracts"]).top(PAGE)
}

msp365_core::model! {
    /// A contract: a tenant buys from this partner.
    pub struct Contract {
        /// The id.
        id, ID = "id": String,
        /// The tenant id of the customer.
        customer_id, CUSTOMER_ID = "customerId": Option<String> [filters::EQUAL_GUID],
        /// The customer's name at the time.
        display_name, DISPLAY_NAME = "displayName": Option<String> [filters::EQUAL],
        /// The customer's domain at the time.
        default_domain_name, DEFAULT_DOMAIN_NAME = "defaultDomainName": Option<String> [filters::EQUAL],
        /// Its type.
        contract_type, CONTRACT_TYPE = "contractType": Option<ContractType>,
        /// When it was deleted.
        deleted_date_time, DELETED_DATE_TIME = "deletedDateTime": Option<jiff::Timestamp>,
    }
}

open_enum! {
    /// The type of a contract.
    pub enum ContractType {
        Syndication = "SyndicationPartner",
        Breadth = "BreadthPartner",
        Reseller = "ResellerPartner",
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn contracts_are_listed_and_found_by_customer() {
        assert_snapshot!(shown(&list()), @"GET contracts?$top=999");
        let of_one = list().filter(Contract::CUSTOMER_ID.eq("0A000000-0000-4000-8000-000000000001"));
        assert_snapshot!(shown(&of_one), @"GET contracts?$top=999&$filter=customerId%20eq%200a000000-0000-4000-8000-000000000001");
    }

    #[test]
    fn a_contract_names_its_customer() {
        let body = r#"{"value":[{"id":"c","customerId":"t","contractType":"ResellerPartner","displayName":"Contoso"}]}"#;

        let contract = read(&list(), body).unwrap().items.remove(0);

        assert_eq!(
            (contract.customer_id.as_deref(), contract.contract_type),
            (Some("t"), Some(ContractType::Reseller))
        );
    }
}
