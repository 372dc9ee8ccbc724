//! The activity log: records that are added and never changed.

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::TenantId;
use serde::{Deserialize, Serialize};

use crate::Result;

/// Remembers what was done, in the order in which it was done. What links the records is the caller's own affair.
#[async_trait]
pub trait Journal: Send + Sync + 'static {
    /// The last record, or `None` where there is none.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn journal_head(&self) -> Result<Option<JournalRecord>>;

    /// Adds records behind the last one, all or none, on the disk before this returns.
    ///
    /// # Errors
    /// `Conflict` if the first is not the next in sequence, or not all follow each other; `Storage` if the database
    /// failed.
    async fn append_journal(&self, records: &[JournalRecord]) -> Result<()>;

    /// The records that pass the filter, in order.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn journal(&self, filter: &JournalFilter) -> Result<Vec<JournalRecord>>;
}

/// One record of the activity log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JournalRecord {
    /// Its number, from 1 on without gaps.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// In which tenant.
    pub tenant: Option<TenantId>,
    /// What, as a short word.
    pub action: String,
    /// To what, by its id.
    pub target: String,
    /// How it ended, as a short word.
    pub outcome: String,
    /// Further ids: of the plan, the step, the service's request. No secrets, no names.
    pub detail: serde_json::Value,
    /// The link of the record before.
    pub previous: String,
    /// The link of this record.
    pub mac: String,
}

impl JournalRecord {
    /// A record without links.
    pub fn new(sequence: i64, at: Timestamp, actor: impl Into<String>, action: impl Into<String>) -> Self {
        Self {
            sequence,
            at,
            actor: actor.into(),
            tenant: None,
            action: action.into(),
            target: String::new(),
            outcome: String::new(),
            detail: serde_json::Value::Null,
            previous: String::new(),
            mac: String::new(),
        }
    }
}

/// Which records are wanted; the default is the first of them all, up to its limit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JournalFilter {
    /// Those behind this number.
    pub after: i64,
    /// Those of this tenant.
    pub tenant: Option<TenantId>,
    /// Those of this person.
    pub actor: Option<String>,
    /// Those of this action.
    pub action: Option<String>,
    /// Those about this target.
    pub target: Option<String>,
    /// Those from this moment on.
    pub from: Option<Timestamp>,
    /// Those before this moment.
    pub until: Option<Timestamp>,
    /// At most so many.
    pub limit: usize,
}

impl Default for JournalFilter {
    fn default() -> Self {
        Self {
            after: 0,
            tenant: None,
            actor: None,
            action: None,
            target: None,
            from: None,
            until: None,
            limit: Self::PAGE,
        }
    }
}

impl JournalFilter {
    /// Records of one reading, where nothing else is said.
    pub const PAGE: usize = 1000;

    /// The first records.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only those behind this number.
    #[must_use]
    pub const fn after(mut self, sequence: i64) -> Self {
        self.after = sequence;
        self
    }

    /// Only those of this tenant.
    #[must_use]
    pub const fn tenant(mut self, tenant: TenantId) -> Self {
        self.tenant = Some(tenant);
        self
    }

    /// Only those about this target.
    #[must_use]
    pub fn target(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// Only those of this person.
    #[must_use]
    pub fn actor(mut self, actor: impl Into<String>) -> Self {
        self.actor = Some(actor.into());
        self
    }

    /// Whether this record passes, the limit aside.
    pub fn accepts(&self, record: &JournalRecord) -> bool {
        let is = |wanted: &Option<String>, own: &str| wanted.as_ref().is_none_or(|wanted| wanted == own);
        record.sequence > self.after
            && self.tenant.is_none_or(|tenant| record.tenant == Some(tenant))
            && is(&self.actor, &record.actor)
            && is(&self.action, &record.action)
            && is(&self.target, &record.target)
            && self.from.is_none_or(|from| record.at >= from)
            && self.until.is_none_or(|until| record.at < until)
    }
}
