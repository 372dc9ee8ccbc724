//! What a tenant has bought.

use msp365_core::{Lenient, Operation, Page, Request, open_enum, path};

use crate::{licenses::ServicePlan, sku_names};

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST, &GET];

// The schema excludes `$select` here.
static LIST: Operation =
    Operation::whole("subscribed_skus.list", "subscribedSkus").permission(&["Organization.Read.All"]);
static GET: Operation = Operation::read("subscribed_skus.get", "subscribedSkus/{product}")
    .permission(&["Organization.Read.All"])
    .options(&[]);

/// All products of the tenant with their units.
///
/// Permission: `Organization.Read.All`. Comes in one page.
pub fn list() -> Request<Page<SubscribedSku>> {
    LIST.list(path!["subscribedSkus"])
}

/// As [`list`]; an unreadable product does not fail the page.
///
/// Permission: `Organization.Read.All`. Comes in one page.
pub fn list_lenient() -> Request<Page<Lenient<SubscribedSku>>> {
    LIST.list_lenient(path!["subscribedSkus"])
}

/// One product of the tenant, by tenant id and product id joined by `_`.
///
/// Permission: `Organization.Read.All`.
pub fn get(id: impl AsRef<str>) -> Request<SubscribedSku> {
    GET.one(path!["subscribedSkus", id])
}

msp365_core::model! {
    /// A product of a tenant and its units.
    pub struct SubscribedSku {
        /// Tenant id and product id, joined by `_`.
        id, ID = "id": String,
        /// The product.
        sku_id, SKU_ID = "skuId": Option<String>,
        /// The product's part number, such as `SPE_E3`.
        sku_part_number, SKU_PART_NUMBER = "skuPartNumber": Option<String>,
        /// Whether it is for users or for the company as a whole.
        applies_to, APPLIES_TO = "appliesTo": Option<AppliesTo>,
        /// Whether the purchase is active.
        capability_status, CAPABILITY_STATUS = "capabilityStatus": Option<CapabilityStatus>,
        /// Units assigned; may exceed what was bought.
        consumed_units, CONSUMED_UNITS = "consumedUnits": Option<i64>,
        /// Units bought, by state.
        prepaid_units, PREPAID_UNITS = "prepaidUnits": Option<PrepaidUnits>,
        /// The purchases it comes from.
        subscription_ids, SUBSCRIPTION_IDS = "subscriptionIds": Vec<String>,
        /// Its service plans.
        service_plans, SERVICE_PLANS = "servicePlans": Vec<ServicePlan>,
        /// The account that the purchases belong to.
        account_id, ACCOUNT_ID = "accountId": Option<String>,
        /// The name of that account.
        account_name, ACCOUNT_NAME = "accountName": Option<String>,
    }
}

impl SubscribedSku {
    /// The product's name; its part number if no name is known; otherwise its id.
    pub fn label(&self) -> &str {
        let (part, id) = (self.sku_part_number.as_deref(), self.sku_id.as_deref());
        id.and_then(sku_names::name)
            .or_else(|| part.and_then(sku_names::name))
            .or(part)
            .or(id)
            .unwrap_or(&self.id)
    }

    /// Whether its units can be assigned to users.
    pub fn is_for_users(&self) -> bool {
        self.applies_to != Some(AppliesTo::Company)
    }

    /// Units that can still be assigned; negative if more are in use than were bought. Units in their grace period
    /// count; suspended ones do not.
    pub fn available_units(&self) -> i64 {
        let bought = self.prepaid_units.as_ref();
        let count = |units: Option<i64>| units.unwrap_or_default();
        bought
            .map_or(0, |units| {
                count(units.enabled).saturating_add(count(units.warning))
            })
            .saturating_sub(count(self.consumed_units))
    }
}

msp365_core::model! {
    /// Units bought, by state.
    #[derive(Default)]
    pub struct PrepaidUnits {
        /// Active.
        enabled, ENABLED = "enabled": Option<i64>,
        /// Expired, in the grace period.
        warning, WARNING = "warning": Option<i64>,
        /// Suspended.
        suspended, SUSPENDED = "suspended": Option<i64>,
        /// Locked out.
        locked_out, LOCKED_OUT = "lockedOut": Option<i64>,
    }
}

open_enum! {
    /// What a product is assigned to.
    pub enum AppliesTo { User = "User", Company = "Company" }
}

open_enum! {
    /// Whether a purchase is active.
    pub enum CapabilityStatus {
        Enabled = "Enabled",
        Warning = "Warning",
        Suspended = "Suspended",
        Deleted = "Deleted",
        LockedOut = "LockedOut",
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    fn skus(body: &str) -> Vec<SubscribedSku> {
        read(&list(), body).unwrap().items
    }

    #[test]
    fn products_are_asked_for_whole() {
        assert_snapshot!(shown(&list()), @"GET subscribedSkus");
        assert_eq!(shown(&list_lenient()), shown(&list()));
        assert_snapshot!(shown(&get("t_s")), @"GET subscribedSkus/t_s");
    }

    #[test]
    fn units_in_grace_count_as_available() {
        let body = r#"{"value":[{"id":"t_s","skuId":"05E9A617-0261-4CEE-BB44-138D3EF5D965","skuPartNumber":"SPE_E3",
            "appliesTo":"User","capabilityStatus":"Warning","consumedUnits":7,
            "prepaidUnits":{"enabled":5,"warning":3,"suspended":9,"lockedOut":0},"subscriptionIds":null}]}"#;

        let skus = skus(body);

        assert_eq!(skus[0].available_units(), 1);
        assert_eq!(skus[0].label(), "Microsoft 365 E3");
        assert!(skus[0].is_for_users());
    }

    #[test]
    fn an_unknown_product_keeps_its_part_number() {
        let skus = skus(r#"{"value":[{"id":"t_s","skuPartNumber":"NEW_PRODUCT","appliesTo":"Device"}]}"#);

        assert_eq!(skus[0].label(), "NEW_PRODUCT");
        assert_eq!(skus[0].applies_to, Some(AppliesTo::Other("Device".into())));
        assert_eq!(skus[0].available_units(), 0);
    }
}
