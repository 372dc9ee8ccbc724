//! Pairs of our records and the tool's, as the last matching found them.

use async_trait::async_trait;
use msp365_core::TenantId;
use serde::{Deserialize, Serialize};

use crate::Result;

/// Remembers what the last matching found.
#[async_trait]
pub trait MatchStore: Send + Sync + 'static {
    /// Replaces all pairs of a kind by these, in one transaction.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn replace_matches(&self, kind: MatchKind, rows: &[MatchRow]) -> Result<()>;

    /// All pairs of a kind, in the order they were given.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn matches(&self, kind: MatchKind) -> Result<Vec<MatchRow>>;

    /// The pairs of some of our records in a tenant, in the order they were given.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn matches_of(&self, kind: MatchKind, tenant: &TenantId, ours: &[String]) -> Result<Vec<MatchRow>>;

    /// The pairs with one of the tool's records, in the order they were given.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn matches_to(&self, kind: MatchKind, theirs: &str) -> Result<Vec<MatchRow>>;

    /// Forgets some decisions and remembers others, in one transaction. One on the same two records is replaced.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn decide(&self, forgotten: &[DecisionRow], remembered: &[DecisionRow]) -> Result<()>;

    /// All decisions of a kind, by the id of our record, then theirs.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn decisions(&self, kind: MatchKind) -> Result<Vec<DecisionRow>>;
}

/// What was matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MatchKind {
    /// Tenants with the tool's organizations.
    Organizations,
    /// Devices with the tool's assets.
    Devices,
    /// Users with the tool's contacts.
    Contacts,
}

impl MatchKind {
    /// The kind as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organizations => "organizations",
            Self::Devices => "devices",
            Self::Contacts => "contacts",
        }
    }
}

/// One pair, or one of ours without a partner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MatchRow {
    /// The tenant ours belongs to.
    pub tenant_id: Option<TenantId>,
    /// The id of our record.
    pub ours: String,
    /// The id of the tool's record.
    pub theirs: Option<String>,
    /// What the matching says of the pair: `certain`, `suggested`, `ambiguous` or `none`.
    pub verdict: String,
    /// How alike they are, 0 to 1.
    pub score: f64,
    /// What speaks for the pair.
    pub evidence: serde_json::Value,
    /// How it came about: `automatic`, `decided`, `held`, `recheck`, `ignored`, `broken` or `open`.
    pub standing: String,
}

impl MatchRow {
    /// One of ours without a partner.
    pub fn new(tenant_id: Option<TenantId>, ours: impl Into<String>) -> Self {
        Self {
            tenant_id,
            ours: ours.into(),
            theirs: None,
            verdict: "none".to_owned(),
            score: 0.0,
            evidence: serde_json::Value::Null,
            standing: "open".to_owned(),
        }
    }
}

/// What a person said of one of ours, or of a pair. No matching changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DecisionRow {
    /// What was matched.
    pub kind: MatchKind,
    /// The id of our record.
    pub ours: String,
    /// The id of the tool's record.
    pub theirs: Option<String>,
    /// `linked`, `created`, `refused` or `ignored`.
    pub said: String,
    /// Who said it.
    pub by: String,
    /// When, as text.
    pub at: String,
    /// A remark.
    pub note: String,
}

impl DecisionRow {
    /// Something said of one of ours.
    pub fn new(kind: MatchKind, ours: impl Into<String>, said: impl Into<String>) -> Self {
        Self {
            kind,
            ours: ours.into(),
            theirs: None,
            said: said.into(),
            by: String::new(),
            at: String::new(),
            note: String::new(),
        }
    }
}
