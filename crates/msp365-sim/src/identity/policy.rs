//! Conditions of access per tenant, and what happened that recalls access tokens before they expire.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use msp365_core::TenantId;

/// What a tenant asks of those who sign in to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AccessPolicy {
    /// Nothing: the account alone will do.
    Open,
    /// A second factor. This is how all tenants start.
    #[default]
    SecondFactor,
    /// A second factor, and signing in again after so long.
    SignInFrequency(Duration),
    /// Nobody gets a token.
    Block,
}

/// Policies, and events that recall access tokens.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    policies: BTreeMap<TenantId, AccessPolicy>,
    /// Counts events, for moments alone do not tell what came first.
    count: u64,
    accounts: BTreeMap<String, Event>,
    tenants: BTreeMap<TenantId, Event>,
}

/// Something that recalls the tokens issued before it.
#[derive(Debug, Clone, Copy)]
struct Event {
    number: u64,
    at: Timestamp,
}

impl Watch {
    /// What a tenant asks for.
    pub(crate) fn policy(&self, tenant: TenantId) -> AccessPolicy {
        self.policies.get(&tenant).copied().unwrap_or_default()
    }

    /// Changes what a tenant asks for.
    pub(crate) fn set_policy(&mut self, tenant: TenantId, policy: AccessPolicy, now: Timestamp) {
        self.policies.insert(tenant, policy);
        let event = self.event(now);
        self.tenants.insert(tenant, event);
    }

    /// Notes that the tokens of an account are recalled.
    pub(crate) fn account(&mut self, oid: &str, now: Timestamp) {
        let event = self.event(now);
        self.accounts.insert(oid.to_owned(), event);
    }

    /// The number of the last event, which goes into new tokens.
    pub(crate) const fn mark(&self) -> u64 {
        self.count
    }

    /// Since when the tokens of an account in a tenant are recalled that were issued at a mark; `None` if they are
    /// not.
    pub(crate) fn recalled(&self, tenant: TenantId, oid: &str, mark: u64) -> Option<Timestamp> {
        let events = [self.accounts.get(oid), self.tenants.get(&tenant)];
        let after = events.into_iter().flatten().filter(|event| event.number > mark);
        after.map(|event| event.at).max()
    }

    const fn event(&mut self, at: Timestamp) -> Event {
        self.count += 1;
        Event {
            number: self.count,
            at,
        }
    }
}
