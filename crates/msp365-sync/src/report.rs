//! What a run did, and how far it has come, as values.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use msp365_core::TenantId;
use msp365_store::{Resource, TenantRecord, TenantStatus};
use serde::Serialize;

/// What one run did to all tenants it was given.
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct RunReport {
    /// One report per tenant, by name.
    pub tenants: Vec<TenantReport>,
    /// Requests sent, each attempt counted, those to Partner Center and the partner tenant included.
    pub requests: u64,
    /// Answers with status 429.
    pub throttled: u64,
    /// How long it took, in milliseconds of the clock in use.
    pub elapsed_ms: u64,
}

impl RunReport {
    /// Whether nothing was added, changed or removed in any tenant, and every pass came to its end.
    pub fn is_unchanged(&self) -> bool {
        self.tenants
            .iter()
            .flat_map(|tenant| tenant.resources.values())
            .all(ResourceReport::is_unchanged)
    }

    /// How many tenants ended in this status.
    pub fn count(&self, status: TenantStatus) -> usize {
        self.tenants
            .iter()
            .filter(|tenant| tenant.status == status)
            .count()
    }
}

/// What one run did to one tenant.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct TenantReport {
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// Its status after the run.
    pub status: TenantStatus,
    /// Why it is blocked or degraded.
    pub reason: Option<String>,
    /// What to do about it.
    pub remedy: Option<String>,
    /// What was done to each resource.
    pub resources: BTreeMap<Resource, ResourceReport>,
    /// Requests sent for this tenant.
    pub requests: u64,
    /// Answers with status 429.
    pub throttled: u64,
    /// How long it took, in milliseconds of the clock in use.
    pub elapsed_ms: u64,
}

impl TenantReport {
    pub(crate) fn new(record: &TenantRecord) -> Self {
        Self {
            tenant: record.id,
            name: record.name.clone(),
            status: record.status,
            reason: None,
            remedy: None,
            resources: BTreeMap::new(),
            requests: 0,
            throttled: 0,
            elapsed_ms: 0,
        }
    }
}

/// What one pass did to one resource of one tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ResourceReport {
    /// Rows stored after the pass.
    pub rows: u64,
    /// Rows that are new.
    pub added: u64,
    /// Rows that differ from before.
    pub changed: u64,
    /// Rows that are gone.
    pub removed: u64,
    /// Records that could not be read and were set aside.
    pub odd: u64,
    /// Requests sent.
    pub requests: u64,
    /// Answers with status 429.
    #[serde(skip)]
    pub throttled: u64,
    /// The moment at which the rows were certainly true.
    pub fresh_as_of: Option<Timestamp>,
    /// Why the rows are older than this run.
    pub stale_because: Option<String>,
}

impl ResourceReport {
    /// Whether the pass found everything as it was.
    pub const fn is_unchanged(&self) -> bool {
        self.added == 0 && self.changed == 0 && self.removed == 0
    }
}

/// One step of a run, told as it happens.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Progress {
    /// The customers of the partner are known.
    Listed {
        /// How many there are, the partner's own tenant not counted.
        customers: usize,
    },
    /// A customer was checked.
    Checked {
        /// The tenant.
        tenant: TenantId,
        /// Whether it is ready to be synced.
        ready: bool,
    },
    /// Rows of a tenant were stored.
    Stored {
        /// The tenant.
        tenant: TenantId,
        /// What they are.
        resource: Resource,
        /// How many rows the page held.
        rows: usize,
    },
    /// A tenant is done.
    Done {
        /// What was done to it.
        report: Box<TenantReport>,
    },
}

/// Whoever wants to see the progress of a run. Called from many tasks; it must be quick.
pub type Observer = Arc<dyn Fn(&Progress) + Send + Sync>;

/// An observer that looks away.
pub fn unobserved() -> Observer {
    Arc::new(|_| {})
}
