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
}

impl MatchKind {
    /// The kind as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organizations => "organizations",
            Self::Devices => "devices",
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
        }
    }
}
