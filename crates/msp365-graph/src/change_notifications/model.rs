//! Subscriptions and notifications as the service describes them.

use jiff::Timestamp;
use msp365_core::{model::Secret, open_enum};

msp365_core::model! {
    /// A subscription by which an application is notified of changes.
    pub struct Subscription {
        /// The id.
        id, ID = "id": String,
        /// What it is about.
        resource, RESOURCE = "resource": Option<String>,
        /// Kinds of change, separated by commas.
        change_type, CHANGE_TYPE = "changeType": Option<String>,
        /// Where notifications go.
        notification_url, NOTIFICATION_URL = "notificationUrl": Option<String>,
        /// Where notifications about the subscription itself go.
        lifecycle_notification_url, LIFECYCLE_NOTIFICATION_URL = "lifecycleNotificationUrl": Option<String>,
        /// When it ends.
        expiration_date_time, EXPIRATION_DATE_TIME = "expirationDateTime": Option<Timestamp>,
        /// The subscriber's own secret.
        client_state, CLIENT_STATE = "clientState": Option<Secret>,
        /// The application.
        application_id, APPLICATION_ID = "applicationId": Option<String>,
        /// Who made it.
        creator_id, CREATOR_ID = "creatorId": Option<String>,
        /// Whether notifications contain data.
        include_resource_data, INCLUDE_RESOURCE_DATA = "includeResourceData": Option<bool>,
        /// The newest TLS version that the address supports.
        latest_supported_tls_version, LATEST_SUPPORTED_TLS_VERSION = "latestSupportedTlsVersion": Option<String>,
    }
}

msp365_core::model! {
    /// What the service sends to a subscriber.
    pub struct Notifications {
        /// The notifications, perhaps for several tenants.
        value, VALUE = "value": Vec<Notification>,
        /// Tokens that prove the sender, if data are included.
        validation_tokens, VALIDATION_TOKENS = "validationTokens": Vec<String>,
    }
}

msp365_core::model! {
    /// One notification. Check that its secret is the subscription's, and that its tenant is the expected one.
    pub struct Notification {
        /// The subscription.
        subscription_id, SUBSCRIPTION_ID = "subscriptionId": Option<String>,
        /// The tenant.
        tenant_id, TENANT_ID = "tenantId": Option<String>,
        /// The subscriber's own secret.
        client_state, CLIENT_STATE = "clientState": Option<Secret>,
        /// What happened.
        change_type, CHANGE_TYPE = "changeType": Option<ChangeKind>,
        /// What it happened to, as a path.
        resource, RESOURCE = "resource": Option<String>,
        /// What it happened to.
        resource_data, RESOURCE_DATA = "resourceData": Option<ResourceData>,
        /// When the subscription ends.
        subscription_expiration_date_time, SUBSCRIPTION_EXPIRATION_DATE_TIME = "subscriptionExpirationDateTime": Option<Timestamp>,
        /// Present if it is about the subscription itself.
        lifecycle_event, LIFECYCLE_EVENT = "lifecycleEvent": Option<Lifecycle>,
    }
}

impl Notification {
    /// Whether it contains this secret, compared in a time that does not depend on the secret.
    pub fn is_genuine(&self, secret: &str) -> bool {
        let given = self.client_state.as_ref().map_or("", Secret::expose).as_bytes();
        let differs = given
            .iter()
            .zip(secret.as_bytes())
            .fold(0, |sum, (one, other)| sum | (one ^ other));
        !secret.is_empty() && given.len() == secret.len() && differs == 0
    }
}

msp365_core::model! {
    /// The object that a notification is about.
    pub struct ResourceData {
        /// The object id.
        id, ID = "id": Option<String>,
        /// What it is.
        object_type, OBJECT_TYPE = "@odata.type": Option<String>,
    }
}

open_enum! {
    /// What happened to an object.
    pub enum ChangeKind { Created = "created", Updated = "updated", Deleted = "deleted" }
}

open_enum! {
    /// What happened to a subscription.
    pub enum Lifecycle {
        Missed = "missed",
        Removed = "subscriptionRemoved",
        ReauthorizationRequired = "reauthorizationRequired",
    }
}
