//! Notifications of changes from the service: subscribing to them, and reading them.
//!
//! A notification says that something changed, not what; a delta query tells. So a timer serves as well, and
//! notifications only make the query run sooner.

mod model;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};
use msp365_core::{Operation, Page, Request, operation::Verb, path};
use serde::Serialize;
use serde_json::json;

pub use model::{ChangeKind, Lifecycle, Notification, Notifications, ResourceData, Subscription};

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST, &GET, &CREATE, &RENEW, &REAUTHORIZE, &DELETE];

/// The longest subscription to users or groups: 29 days.
pub const LONGEST: SignedDuration = SignedDuration::from_mins(41_760);
/// The service extends shorter subscriptions to this length.
pub const SHORTEST: SignedDuration = SignedDuration::from_mins(45);

/// Longest client state, in characters.
const STATE: usize = 128;
const READ: &[&str] = &["User.Read.All"];

static LIST: Operation = Operation::pages("change_notifications.list", "subscriptions", 999)
    .permission(READ)
    .options(&[]);
static GET: Operation = Operation::read("change_notifications.get", "subscriptions/{subscription}")
    .permission(READ)
    .options(&[]);
static CREATE: Operation = Operation::new(Verb::Post, "change_notifications.create", "subscriptions")
    .permission(READ)
    .note("45 minutes to 29 days; 100 for an application and tenant; groups need `Group.Read.All`");
static RENEW: Operation = Operation::new(
    Verb::Patch,
    "change_notifications.renew",
    "subscriptions/{subscription}",
)
.permission(READ);
static REAUTHORIZE: Operation = Operation::new(
    Verb::Post,
    "change_notifications.reauthorize",
    "subscriptions/{subscription}/reauthorize",
)
.permission(READ)
.same();
static DELETE: Operation = Operation::new(
    Verb::Delete,
    "change_notifications.delete",
    "subscriptions/{subscription}",
)
.permission(READ);

/// The subscriptions of this application in the tenant.
///
/// Permission: `User.Read.All`, or what the resource takes.
pub fn list() -> Request<Page<Subscription>> {
    LIST.list(path!["subscriptions"])
}

/// One subscription.
///
/// Permission: `User.Read.All`, or what the resource takes.
pub fn get(subscription: impl AsRef<str>) -> Request<Subscription> {
    GET.one(path!["subscriptions", subscription])
}

/// Subscribes to changes. Before the service replies, it asks both addresses to answer with status 200 and, as plain
/// text, the `validationToken` from its query.
///
/// It is sent once: after a lost answer, check whether it exists.
///
/// Permission: `User.Read.All` for users, `Group.Read.All` for groups.
pub fn create(wish: &NewSubscription) -> Request<Subscription> {
    let request = CREATE.one(path!["subscriptions"]).json_of(wish);
    let is_https = |url: &str| url.starts_with("https://");
    let addresses = [
        Some(&wish.notification_url),
        wish.lifecycle_notification_url.as_ref(),
    ];
    if !addresses.into_iter().flatten().all(|url| is_https(url)) {
        request.refuse("notifications go to https addresses alone")
    } else if wish
        .client_state
        .as_ref()
        .is_some_and(|state| state.chars().count() > STATE)
    {
        request.refuse("the secret of a subscription has at most 128 characters")
    } else if wish.resource.is_empty() || wish.resource.starts_with('/') || wish.resource.contains("://") {
        request.refuse("a resource is a path below the version, such as `users`")
    } else {
        request
    }
}

/// Renews a subscription until this time.
///
/// Permission: `User.Read.All`, or what the resource takes.
pub fn renew(subscription: impl AsRef<str>, until: Timestamp) -> Request<Subscription> {
    RENEW
        .one(path!["subscriptions", subscription])
        .json(json!({ "expirationDateTime": until.to_string() }))
}

/// Proves again that the application may subscribe, when a notification asks for that.
///
/// Permission: `User.Read.All`, or what the resource takes.
pub fn reauthorize(subscription: impl AsRef<str>) -> Request<()> {
    REAUTHORIZE.command(path!["subscriptions", subscription, "reauthorize"])
}

/// Ends a subscription.
///
/// Permission: `User.Read.All`, or what the resource takes.
pub fn delete(subscription: impl AsRef<str>) -> Request<()> {
    DELETE.command(path!["subscriptions", subscription])
}

/// Which changes to report, where, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewSubscription {
    /// Kinds of change, separated by commas. For users and groups, new ones count as updated.
    pub change_type: String,
    /// The resource: `users`, `groups`, `users/{id}`, `groups/{id}/members`.
    pub resource: String,
    /// Where notifications go.
    pub notification_url: String,
    /// Where notifications about the subscription itself go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifecycle_notification_url: Option<String>,
    /// When it ends.
    pub expiration_date_time: Timestamp,
    /// A secret included in each notification, which shows that it is genuine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_state: Option<String>,
}

impl NewSubscription {
    /// A subscription to all changes of a resource.
    pub fn to(resource: impl Into<String>, notification_url: impl Into<String>, until: Timestamp) -> Self {
        Self {
            change_type: "updated,deleted".to_owned(),
            resource: resource.into(),
            notification_url: notification_url.into(),
            lifecycle_notification_url: None,
            expiration_date_time: until,
            client_state: None,
        }
    }
}
