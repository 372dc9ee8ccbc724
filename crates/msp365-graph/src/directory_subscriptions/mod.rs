//! What a tenant has bought, purchase by purchase, with the dates on which each is renewed or ends.
//!
//! Not to be confused with [`change_notifications`](crate::change_notifications), which the service also calls
//! subscriptions.

use jiff::Timestamp;
use msp365_core::{Operation, Page, Request, path};

use crate::{licenses::ServicePlan, sku_names, subscribed_skus::CapabilityStatus};

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST, &GET, &BY_COMMERCE_ID];

static LIST: Operation = Operation::whole("directory_subscriptions.list", "directory/subscriptions")
    .permission(&["Organization.Read.All"])
    .options(&["$select", "$filter"]);
static GET: Operation = Operation::read(
    "directory_subscriptions.get",
    "directory/subscriptions/{subscription}",
)
.permission(&["Organization.Read.All"]);
static BY_COMMERCE_ID: Operation = Operation::read(
    "directory_subscriptions.by_commerce_id",
    "directory/subscriptions(commerceSubscriptionId={id})",
)
.permission(&["Organization.Read.All"]);

/// All purchases. The purchases of one product are in
/// [`SubscribedSku::subscription_ids`](crate::subscribed_skus::SubscribedSku).
///
/// Permission: `Organization.Read.All`. Comes in one page.
pub fn list() -> Request<Page<CompanySubscription>> {
    LIST.list(path!["directory", "subscriptions"])
}

/// One purchase.
///
/// Permission: `Organization.Read.All`.
pub fn get(subscription: impl AsRef<str>) -> Request<CompanySubscription> {
    GET.one(path!["directory", "subscriptions", subscription])
}

/// One purchase, by its id in the commerce system.
///
/// Permission: `Organization.Read.All`.
pub fn by_commerce_id(id: impl AsRef<str>) -> Request<CompanySubscription> {
    BY_COMMERCE_ID.one(path!["directory", "subscriptions"].key("commerceSubscriptionId", id))
}

msp365_core::model! {
    /// A purchase of a tenant.
    pub struct CompanySubscription {
        /// The id.
        id, ID = "id": String,
        /// The id in the commerce system.
        commerce_subscription_id, COMMERCE_SUBSCRIPTION_ID = "commerceSubscriptionId": Option<String>,
        /// The product.
        sku_id, SKU_ID = "skuId": Option<String>,
        /// The product's part number.
        sku_part_number, SKU_PART_NUMBER = "skuPartNumber": Option<String>,
        /// Whether it is active.
        status, STATUS = "status": Option<CapabilityStatus>,
        /// Whether it is a trial.
        is_trial, IS_TRIAL = "isTrial": Option<bool>,
        /// Units.
        total_licenses, TOTAL_LICENSES = "totalLicenses": Option<i64>,
        /// When it is renewed, ends or reaches its next stage.
        next_lifecycle_date_time, NEXT_LIFECYCLE_DATE_TIME = "nextLifecycleDateTime": Option<Timestamp>,
        /// When it was bought.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// Who owns it.
        owner_id, OWNER_ID = "ownerId": Option<String>,
        /// The type of the owner.
        owner_type, OWNER_TYPE = "ownerType": Option<String>,
        /// The partner that sold it.
        owner_tenant_id, OWNER_TENANT_ID = "ownerTenantId": Option<String>,
        /// Its service plans.
        service_status, SERVICE_STATUS = "serviceStatus": Vec<ServicePlan>,
    }
}

impl CompanySubscription {
    /// The product's name; its part number if no name is known; otherwise its id.
    pub fn label(&self) -> &str {
        let (part, id) = (self.sku_part_number.as_deref(), self.sku_id.as_deref());
        id.and_then(sku_names::name)
            .or_else(|| part.and_then(sku_names::name))
            .or(part)
            .or(id)
            .unwrap_or(&self.id)
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn purchases_are_asked_for() {
        assert_snapshot!(shown(&list()), @"GET directory/subscriptions");
        assert_snapshot!(shown(&get("s")), @"GET directory/subscriptions/s");
        assert_snapshot!(shown(&by_commerce_id("c")), @"GET directory/subscriptions(commerceSubscriptionId='c')");
    }

    #[test]
    fn a_purchase_tells_when_it_is_renewed() {
        let body = r#"{"value":[{"id":"s","skuPartNumber":"SPE_E3","status":"Warning","isTrial":false,"totalLicenses":5,
            "nextLifecycleDateTime":"2026-06-01T00:00:00Z"}]}"#;

        let bought = read(&list(), body).unwrap().items.remove(0);

        assert_eq!(
            (bought.label(), bought.status.clone()),
            ("Microsoft 365 E3", Some(CapabilityStatus::Warning))
        );
        assert!(bought.next_lifecycle_date_time.is_some());
    }
}
