//! The tenant list: what the partner's listing said, and how each tenant stands with us.

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::TenantId;
use serde::{Deserialize, Serialize};

use crate::{Result, TenantFilter};

/// What becomes of the activity log when everything else is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFate {
    /// It stays, with its sealed key ([`AUDIT_KEY`](msp365_core::AUDIT_KEY)) and what opens that
    /// ([`VAULT_SALT`](msp365_core::VAULT_SALT)): it is the record of who changed what.
    #[default]
    Keep,
    /// It is removed like all else.
    Remove,
}

/// Remembers tenants and how they stand.
#[async_trait]
pub trait TenantStore: Send + Sync + 'static {
    /// Takes over what a listing says: name, domains, kind, where it was seen and when. A tenant that is present keeps
    /// its selection, state and epoch.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn upsert_tenants(&self, listed: &[TenantRecord]) -> Result<()>;

    /// The tenants that pass the filter, by name, then id.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn tenants(&self, filter: &TenantFilter) -> Result<Vec<TenantRecord>>;

    /// One tenant, or `None`.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn tenant(&self, id: &TenantId) -> Result<Option<TenantRecord>>;

    /// Marks tenants as to be synced, or not. All or none are marked.
    ///
    /// # Errors
    /// `NotFound` if one is unknown; `Storage` if the database failed.
    async fn set_selected(&self, ids: &[TenantId], selected: bool) -> Result<()>;

    /// Replaces the state of a tenant.
    ///
    /// # Errors
    /// `NotFound` if it is unknown; `Storage` if the database failed.
    async fn set_state(&self, id: &TenantId, state: &TenantState) -> Result<()>;

    /// Raises the tenant's epoch and answers the new one. From then on no pass of an older epoch can write.
    ///
    /// # Errors
    /// `NotFound` if it is unknown; `Storage` if the database failed.
    async fn new_epoch(&self, id: &TenantId) -> Result<i64>;

    /// Removes everything: tenants, rows, matches, runs, plans, sealed records and metadata, and the activity log as is
    /// said. What was removed is not left behind in a file of SQLite either.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn wipe(&self, log: LogFate) -> Result<()>;
}

/// A tenant as the store knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TenantRecord {
    /// Its id.
    pub id: TenantId,
    /// Its name in the listing.
    pub name: String,
    /// The domain new users get.
    pub default_domain: Option<String>,
    /// The `onmicrosoft` domain it was made with.
    pub initial_domain: Option<String>,
    /// The partner itself, one of its customers, or a tenant that is connected directly.
    pub kind: TenantKind,
    /// Whether Partner Center lists it.
    pub in_partner_center: bool,
    /// Whether a GDAP relationship names it.
    pub in_gdap: bool,
    /// Whether it is marked to be synced.
    pub selected: bool,
    /// How it stands.
    pub status: TenantStatus,
    /// Why it stands so, as a short word.
    pub reason: Option<String>,
    /// What a person can do about it.
    pub remedy: Option<String>,
    /// The findings of the readiness check, as a JSON array.
    pub findings: serde_json::Value,
    /// Counts the times its passes were fenced off.
    pub epoch: i64,
    /// When a listing last named it.
    pub listed_at: Option<Timestamp>,
    /// When a run last read all of it.
    pub synced_at: Option<Timestamp>,
}

impl TenantRecord {
    /// A customer that nothing else is known of.
    pub fn new(id: TenantId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            default_domain: None,
            initial_domain: None,
            kind: TenantKind::Customer,
            in_partner_center: false,
            in_gdap: false,
            selected: false,
            status: TenantStatus::Deactivated,
            reason: None,
            remedy: None,
            findings: no_findings(),
            epoch: 0,
            listed_at: None,
            synced_at: None,
        }
    }
}

impl TenantRecord {
    /// What tenants are ordered by: name without regard to letter case, then id.
    pub(crate) fn order(&self) -> (String, TenantId) {
        (self.name.to_lowercase(), self.id)
    }
}

pub(crate) const fn no_findings() -> serde_json::Value {
    serde_json::Value::Array(Vec::new())
}

/// Whose tenant it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TenantKind {
    /// The partner's own.
    Primary,
    /// A customer's.
    Customer,
    /// One that is reached directly, by an app of its own that it granted its permissions.
    Direct,
}

impl TenantKind {
    /// The kind as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Customer => "customer",
            Self::Direct => "direct",
        }
    }

    pub(crate) fn stored(text: &str) -> Option<Self> {
        [Self::Primary, Self::Customer, Self::Direct]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// How a tenant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TenantStatus {
    /// Listed, and not synced by choice.
    Deactivated,
    /// Chosen, and not yet read.
    Pending,
    /// A run is reading it.
    Syncing,
    /// Everything was read.
    Synced,
    /// Some of it could not be read; the rest is fresh.
    Degraded,
    /// Nothing can be read until a person acts.
    Blocked,
    /// Its rows are being removed.
    Unsyncing,
    /// A complete listing no longer names it; its rows are kept.
    Detached,
}

impl TenantStatus {
    /// Every status.
    pub const ALL: [Self; 8] = [
        Self::Deactivated,
        Self::Pending,
        Self::Syncing,
        Self::Synced,
        Self::Degraded,
        Self::Blocked,
        Self::Unsyncing,
        Self::Detached,
    ];

    /// The status as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deactivated => "deactivated",
            Self::Pending => "pending",
            Self::Syncing => "syncing",
            Self::Synced => "synced",
            Self::Degraded => "degraded",
            Self::Blocked => "blocked",
            Self::Unsyncing => "unsyncing",
            Self::Detached => "detached",
        }
    }

    /// The status of this name, or `None`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// How a tenant stands, to be stored as one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TenantState {
    /// How it stands.
    pub status: TenantStatus,
    /// Why, as a short word.
    pub reason: Option<String>,
    /// What a person can do about it.
    pub remedy: Option<String>,
    /// The findings of the readiness check, as a JSON array.
    pub findings: serde_json::Value,
    /// When a run read all of it; `None` keeps the time that is stored.
    pub synced_at: Option<Timestamp>,
    /// The epoch that whoever says so works in: refused if it has moved. `None` says it in any.
    pub epoch: Option<i64>,
}

impl TenantState {
    /// A state without reason, remedy or findings.
    pub const fn new(status: TenantStatus) -> Self {
        Self {
            status,
            reason: None,
            remedy: None,
            findings: no_findings(),
            synced_at: None,
            epoch: None,
        }
    }

    /// Says it for this epoch alone.
    #[must_use]
    pub const fn in_epoch(mut self, epoch: i64) -> Self {
        self.epoch = Some(epoch);
        self
    }

    /// Says why.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Keeps the findings.
    #[must_use]
    pub fn findings(mut self, findings: serde_json::Value) -> Self {
        self.findings = findings;
        self
    }

    /// Says when everything was read.
    #[must_use]
    pub const fn synced_at(mut self, at: Timestamp) -> Self {
        self.synced_at = Some(at);
        self
    }
}
