//! What a tenant has bought.

use msp365_core::{Lenient, Page, Request, Service, open_enum, path};
use serde::{Deserialize, Serialize};

use crate::{sku_names, wire};

/// All products of the tenant with their units.
///
/// Permission: `Organization.Read.All`. Comes in one page.
pub fn list() -> Request<Page<SubscribedSku>> {
    // The schema rules out `$select` here.
    Request::list("subscribed_skus.list", Service::Graph, path!["subscribedSkus"])
}

/// As [`list`]; a product that cannot be read costs only itself.
///
/// Permission: `Organization.Read.All`. Comes in one page.
pub fn list_lenient() -> Request<Page<Lenient<SubscribedSku>>> {
    Request::list_lenient("subscribed_skus.list", Service::Graph, path!["subscribedSkus"])
}

/// A product of a tenant and its units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SubscribedSku {
    /// Tenant id and product id, joined by `_`.
    pub id: String,
    /// The product.
    pub sku_id: Option<String>,
    /// The product's part number, such as `SPE_E3`.
    pub sku_part_number: Option<String>,
    /// Whether it is for users or for the company as a whole.
    pub applies_to: Option<AppliesTo>,
    /// Whether the purchase is in force.
    pub capability_status: Option<CapabilityStatus>,
    /// Units assigned; may exceed what was bought.
    #[serde(default, deserialize_with = "wire::number")]
    pub consumed_units: Option<i64>,
    /// Units bought, by state.
    pub prepaid_units: Option<PrepaidUnits>,
    /// The purchases it consists of.
    #[serde(default, deserialize_with = "wire::list")]
    pub subscription_ids: Vec<String>,
}

impl SubscribedSku {
    /// The product's name, or its part number where no name is known, or its id.
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

    /// Units that can still be assigned; negative where more are in use than were bought. Units in their grace period
    /// count, suspended ones do not.
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

/// Units bought, by state.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PrepaidUnits {
    /// In force.
    #[serde(default, deserialize_with = "wire::number")]
    pub enabled: Option<i64>,
    /// Expired, in the grace period.
    #[serde(default, deserialize_with = "wire::number")]
    pub warning: Option<i64>,
    /// Suspended.
    #[serde(default, deserialize_with = "wire::number")]
    pub suspended: Option<i64>,
    /// Locked out.
    #[serde(default, deserialize_with = "wire::number")]
    pub locked_out: Option<i64>,
}

open_enum! {
    /// What a product is assigned to.
    pub enum AppliesTo { User = "User", Company = "Company" }
}

open_enum! {
    /// Whether a purchase is in force.
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
