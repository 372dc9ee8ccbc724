//! What a customer can assign, as Partner Center counts it. For customers with GDAP, Graph returns the same.

use msp365_core::{Operation, Page, Request, Service, open_enum, operation::Verb, path};

use crate::customers::{USER, contracted, paging};

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST];

static LIST: Operation = Operation::new(
    Verb::Get,
    "partner_skus.list",
    "customers/{customer}/subscribedskus",
)
.at(Service::PartnerCenter)
.delegated(USER)
.note("all at once");

/// All of a customer's products with their units; by default those whose licences the directory manages.
///
/// Permission: Partner Center `user_impersonation`; the account must be in `AdminAgents`. Delegated tokens only.
pub fn list(customer: impl AsRef<str>, groups: &[LicenseGroup]) -> Request<Page<SubscribedSku>> {
    let request = LIST.request(path!["customers", customer, "subscribedskus"], paging::decode);
    contracted(groups.iter().fold(request, |request, group| {
        request.query("licenseGroupIds", group.as_str())
    }))
}

open_enum! {
    /// Which system manages the licences of a product.
    pub enum LicenseGroup { Directory = "Group1", Minecraft = "Group2" }
}

msp365_core::model! {
    /// A product of a customer and its units.
    pub struct SubscribedSku {
        /// The product.
        product_sku, PRODUCT_SKU = "productSku": Option<ProductSku>,
        /// Units that can still be assigned.
        available_units, AVAILABLE_UNITS = "availableUnits": Option<i64>,
        /// Active units.
        active_units, ACTIVE_UNITS = "activeUnits": Option<i64>,
        /// Units assigned.
        consumed_units, CONSUMED_UNITS = "consumedUnits": Option<i64>,
        /// Units suspended.
        suspended_units, SUSPENDED_UNITS = "suspendedUnits": Option<i64>,
        /// Units that are active or in their grace period.
        total_units, TOTAL_UNITS = "totalUnits": Option<i64>,
        /// Units in their grace period.
        warning_units, WARNING_UNITS = "warningUnits": Option<i64>,
        /// Whether the purchase is active.
        capability_status, CAPABILITY_STATUS = "capabilityStatus": Option<String>,
        /// Its service plans.
        service_plans, SERVICE_PLANS = "servicePlans": Vec<ProductPlan>,
    }
}

msp365_core::model! {
    /// A product.
    pub struct ProductSku {
        /// The id.
        id, ID = "id": Option<String>,
        /// The name.
        name, NAME = "name": Option<String>,
        /// The part number.
        sku_part_number, SKU_PART_NUMBER = "skuPartNumber": Option<String>,
        /// `User` or `Tenant`.
        target_type, TARGET_TYPE = "targetType": Option<String>,
        /// Which system manages its licences.
        license_group_id, LICENSE_GROUP_ID = "licenseGroupId": Option<String>,
    }
}

msp365_core::model! {
    /// A service plan of a product.
    pub struct ProductPlan {
        /// The id.
        id, ID = "id": Option<String>,
        /// The display name.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// The service.
        service_name, SERVICE_NAME = "serviceName": Option<String>,
        /// Its status.
        capability_status, CAPABILITY_STATUS = "capabilityStatus": Option<String>,
        /// `User` or `Tenant`.
        target_type, TARGET_TYPE = "targetType": Option<String>,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn products_are_asked_for_by_the_system_that_manages_them() {
        assert_snapshot!(shown(&list("c", &[LicenseGroup::Directory, LicenseGroup::Minecraft])), @r"
        GET customers/c/subscribedskus?licenseGroupIds=Group1&licenseGroupIds=Group2
        accept: application/json
        ms-contract-version: v1
        ");
    }

    #[test]
    fn a_product_is_read() {
        let body = r#"{"totalCount":1,"items":[{"availableUnits":3,"consumedUnits":2,"totalUnits":5,
            "productSku":{"id":"p","name":"Microsoft 365 E3","skuPartNumber":"SPE_E3","targetType":"User"},
            "servicePlans":[{"id":"x","serviceName":"exchange"}]}]}"#;

        let sku = read(&list("c", &[]), body).unwrap().items.remove(0);

        assert_eq!((sku.available_units, sku.service_plans.len()), (Some(3), 1));
        assert_eq!(sku.product_sku.unwrap().name.as_deref(), Some("Microsoft 365 E3"));
    }
}
