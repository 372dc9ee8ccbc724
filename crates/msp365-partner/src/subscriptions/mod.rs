//! What a customer buys through the partner: offers, quantities, terms and renewals.

use jiff::Timestamp;
use msp365_core::{Operation, Page, Request, Service, open_enum, operation::Verb, path};

use crate::customers::{USER, contracted, paging};

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST, &GET];

static LIST: Operation = Operation::new(
    Verb::Get,
    "subscriptions.list",
    "customers/{customer}/subscriptions",
)
.at(Service::PartnerCenter)
.permission(USER)
.note("all at once; 500 requests a minute for a partner");
static GET: Operation = Operation::new(
    Verb::Get,
    "subscriptions.get",
    "customers/{customer}/subscriptions/{subscription}",
)
.at(Service::PartnerCenter)
.permission(USER);

/// All of a customer's subscriptions, including deleted ones.
///
/// Permission: Partner Center `user_impersonation`; the account must be in `AdminAgents`.
pub fn list(customer: impl AsRef<str>) -> Request<Page<Subscription>> {
    contracted(LIST.request(path!["customers", customer, "subscriptions"], paging::decode))
}

/// One subscription of a customer.
///
/// Permission: Partner Center `user_impersonation`; the account must be in `AdminAgents`.
pub fn get(customer: impl AsRef<str>, subscription: impl AsRef<str>) -> Request<Subscription> {
    contracted(GET.one(path!["customers", customer, "subscriptions", subscription]))
}

msp365_core::model! {
    /// A subscription of a customer.
    pub struct Subscription {
        /// The id.
        id, ID = "id": String,
        /// The offer.
        offer_id, OFFER_ID = "offerId": Option<String>,
        /// The offer's name.
        offer_name, OFFER_NAME = "offerName": Option<String>,
        /// The name the partner gave it.
        friendly_name, FRIENDLY_NAME = "friendlyName": Option<String>,
        /// The entitlement.
        entitlement_id, ENTITLEMENT_ID = "entitlementId": Option<String>,
        /// The subscription that it is an add-on to.
        parent_subscription_id, PARENT_SUBSCRIPTION_ID = "parentSubscriptionId": Option<String>,
        /// The order by which it was bought.
        order_id, ORDER_ID = "orderId": Option<String>,
        /// The partner it was bought from.
        partner_id, PARTNER_ID = "partnerId": Option<String>,
        /// Who publishes it.
        publisher_name, PUBLISHER_NAME = "publisherName": Option<String>,
        /// Units.
        quantity, QUANTITY = "quantity": Option<i64>,
        /// What a unit is.
        unit_type, UNIT_TYPE = "unitType": Option<String>,
        /// Its status.
        status, STATUS = "status": Option<SubscriptionStatus>,
        /// Why it is suspended.
        suspension_reasons, SUSPENSION_REASONS = "suspensionReasons": Vec<String>,
        /// Whether it is renewed automatically at its end.
        auto_renew_enabled, AUTO_RENEW_ENABLED = "autoRenewEnabled": Option<bool>,
        /// Whether it is a trial.
        is_trial, IS_TRIAL = "isTrial": Option<bool>,
        /// Whether it is Microsoft's own.
        is_microsoft_product, IS_MICROSOFT_PRODUCT = "isMicrosoftProduct": Option<bool>,
        /// Whether add-ons can be bought for it.
        has_purchasable_addons, HAS_PURCHASABLE_ADDONS = "hasPurchasableAddons": Option<bool>,
        /// `none`, `usage` or `license`.
        billing_type, BILLING_TYPE = "billingType": Option<String>,
        /// How often it is billed.
        billing_cycle, BILLING_CYCLE = "billingCycle": Option<String>,
        /// `subscription`, `productKey` or `redemptionCode`.
        contract_type, CONTRACT_TYPE = "contractType": Option<String>,
        /// Its term, ISO 8601.
        term_duration, TERM_DURATION = "termDuration": Option<String>,
        /// The length of its next term, ISO 8601.
        renewal_term_duration, RENEWAL_TERM_DURATION = "renewalTermDuration": Option<String>,
        /// When it was bought.
        creation_date, CREATION_DATE = "creationDate": Option<Timestamp>,
        /// When it takes effect.
        effective_start_date, EFFECTIVE_START_DATE = "effectiveStartDate": Option<Timestamp>,
        /// When its commitment ends; far in the future if it cannot be renewed automatically.
        commitment_end_date, COMMITMENT_END_DATE = "commitmentEndDate": Option<Timestamp>,
    }
}

open_enum! {
    /// The status of a subscription.
    pub enum SubscriptionStatus {
        None = "none",
        Active = "active",
        Pending = "pending",
        Suspended = "suspended",
        Deleted = "deleted",
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn subscriptions_are_asked_for_by_customer() {
        assert_snapshot!(shown(&list("c")), @r"
        GET customers/c/subscriptions
        accept: application/json
        ms-contract-version: v1
        ");
        assert!(shown(&get("c", "s")).starts_with("GET customers/c/subscriptions/s"));
    }

    #[test]
    fn a_subscription_is_read_with_a_time_full_of_blanks() {
        let body = r#"{"totalCount":1,"items":[{"id":"s","offerName":"Microsoft 365 E3","quantity":"5","status":"active",
            "creationDate":"2015-11-25T06: 41: 12Z","commitmentEndDate":"9999-12-14T00:00:00Z","autoRenewEnabled":true,
            "attributes":{"etag":"x","objectType":"Subscription"}}]}"#;

        let bought = read(&list("c"), body).unwrap().items.remove(0);

        assert_eq!(
            (bought.quantity, bought.status.clone()),
            (Some(5), Some(SubscriptionStatus::Active))
        );
        assert_eq!(
            bought.creation_date,
            Some("2015-11-25T06:41:12Z".parse().unwrap())
        );
        assert_eq!(bought.extra["attributes"]["etag"], "x");
    }
}
