//! Who is to be told of which change.

use jiff::Timestamp;
use msp365_core::TenantId;
use serde_json::{Value, json};

use super::{
    access::text,
    model::{Json, Removed, World},
    register::{Effect, Journal},
};

/// Something to be told to an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) url: String,
    /// A `changeNotificationCollection`.
    pub(crate) body: Value,
}

/// What a subscriber is told of the subscription itself, at its `lifecycleNotificationUrl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LifecycleEvent {
    /// It has to be renewed, or said again that it is wanted.
    ReauthorizationRequired,
    /// It is over before its time.
    SubscriptionRemoved,
    /// Changes were not told, so that they have to be read.
    Missed,
}

impl LifecycleEvent {
    const fn name(self) -> &'static str {
        match self {
            Self::ReauthorizationRequired => "reauthorizationRequired",
            Self::SubscriptionRemoved => "subscriptionRemoved",
            Self::Missed => "missed",
        }
    }
}

/// Whether a subscription has not ended yet.
pub(crate) fn runs(subscription: &Json, now: Timestamp) -> bool {
    let ends = text(subscription, "expirationDateTime").and_then(|at| at.parse::<Timestamp>().ok());
    ends.is_some_and(|ends| now < ends)
}

/// The collection that a subscription is about, and the one object in it if it is about one alone.
pub(crate) fn topic(resource: &str) -> Option<(&'static str, Option<&str>)> {
    let mut parts = resource.trim_matches('/').split('/');
    let collection = match parts.next()?.to_ascii_lowercase().as_str() {
        "users" => "users",
        "groups" => "groups",
        _ => return None,
    };
    let id = parts.next();
    parts.next().is_none().then_some((collection, id))
}

/// Whether an address is on this machine, so that it can be told.
pub(crate) fn is_loopback(url: &str) -> bool {
    let host = url
        .strip_prefix("http://")
        .map(|rest| rest.split(['/', '?']).next().unwrap_or_default());
    let host = host.map(|host| host.rsplit_once(':').map_or(host, |(name, _)| name));
    matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"))
}

impl Journal {
    /// Whether an address is good: it answered, or it is not on this machine and cannot be asked.
    pub(crate) fn answers(&self, url: &str) -> bool {
        !is_loopback(url) || self.answering.contains(url)
    }
}

impl World {
    /// What is to be told of the changes since this was asked last.
    pub(crate) fn take_notices(&mut self, now: Timestamp) -> Vec<Notice> {
        let journal = &mut self.journal;
        let fresh = journal.effects.get(journal.told..).unwrap_or_default().to_vec();
        journal.told = journal.effects.len();
        let lifecycle = std::mem::take(&mut journal.lifecycle);
        let told = fresh.iter().flat_map(|effect| self.told(effect, now));
        told.chain(lifecycle).collect()
    }

    /// Lets something happen to all subscriptions that run in a tenant; answers how many there are.
    pub(crate) fn befall(&mut self, tenant: TenantId, event: LifecycleEvent, now: Timestamp) -> usize {
        let version = self.next_version();
        let Some(target) = self.tenant_mut(tenant) else {
            return 0;
        };
        let table = &mut target.register.subscriptions;
        let all: Vec<Json> = table.present().filter(|row| runs(row, now)).cloned().collect();
        let ids = all.iter().filter_map(|row| text(row, "id"));
        for id in ids.filter(|_| event == LifecycleEvent::SubscriptionRemoved) {
            table.remove(id, Removed::Deleted, version);
        }
        let notices = all.iter().filter_map(|row| {
            Some(Notice {
                url: text(row, "lifecycleNotificationUrl")?.to_owned(),
                body: json!({"value": [{
                    "lifecycleEvent": event.name(),
                    "subscriptionId": text(row, "id"),
                    "subscriptionExpirationDateTime": text(row, "expirationDateTime"),
                    "clientState": text(row, "clientState"),
                    "resource": text(row, "resource"),
                    "tenantId": tenant,
                }]}),
            })
        });
        self.journal.lifecycle.extend(notices);
        all.len()
    }

    fn told(&self, effect: &Effect, now: Timestamp) -> Vec<Notice> {
        let Some((collection, kind)) = change(effect.operation) else {
            return Vec::new();
        };
        let id = effect.target.split(' ').next().unwrap_or_default();
        let Some(tenant) = self.tenant(effect.tenant) else {
            return Vec::new();
        };
        let all = tenant
            .register
            .subscriptions
            .present()
            .filter(|row| runs(row, now));
        let wanted = all.filter(|row| {
            let about = text(row, "resource").and_then(topic);
            let kinds = text(row, "changeType").unwrap_or_default();
            about.is_some_and(|(of, one)| of == collection && one.is_none_or(|one| one == id))
                && kinds.split(',').any(|own| own.trim() == kind)
        });
        wanted
            .filter_map(|row| {
                Some(Notice {
                    url: text(row, "notificationUrl")?.to_owned(),
                    body: json!({"value": [notification(row, (collection, id), kind, effect)]}),
                })
            })
            .collect()
    }
}

/// Collection and kind of the change that an operation is.
fn change(operation: &str) -> Option<(&'static str, &'static str)> {
    let collection = match operation.split('.').next()? {
        "user" => "users",
        "group" => "groups",
        _ => return None,
    };
    let kind = match operation {
        "user.create" | "group.create" | "user.restore" | "group.restore" => "created",
        "user.delete" | "group.delete" | "user.purge" | "group.purge" => "deleted",
        _ => "updated",
    };
    Some((collection, kind))
}

fn notification(row: &Json, (collection, id): (&str, &str), kind: &str, effect: &Effect) -> Value {
    let (path, name) = match collection {
        "users" => (format!("Users/{id}"), "#Microsoft.Graph.User"),
        _ => (format!("Groups/{id}"), "#Microsoft.Graph.Group"),
    };
    json!({
        "subscriptionId": text(row, "id"),
        "subscriptionExpirationDateTime": text(row, "expirationDateTime"),
        "clientState": text(row, "clientState"),
        "changeType": kind,
        "resource": path,
        "tenantId": effect.tenant,
        "resourceData": {"@odata.type": name, "@odata.id": path, "id": id, "organizationId": effect.tenant},
    })
}
