//! Directory rows by generation, with the cursor of each stream in the same transaction.

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::TenantId;
use serde::{Deserialize, Serialize};

use crate::{Phase, Resource, Result, Rows, StreamState};

/// Takes the pages of passes.
///
/// A stream is one kind of resource of one tenant, read page by page. Each reading from the start is a generation; rows
/// that a complete generation did not see are swept by [`finish`](Self::finish).
#[async_trait]
pub trait DirectoryStore: Send + Sync + 'static {
    /// How far a stream is.
    ///
    /// # Errors
    /// `NotFound` if the tenant is unknown; `Storage` if the database failed.
    async fn stream(&self, tenant: &TenantId, resource: Resource) -> Result<StreamState>;

    /// Starts a new generation of a stream: phase `Reading`, no cursor. The rows of older ones stay.
    ///
    /// # Errors
    /// `Conflict` if the epoch has moved; `NotFound` if the tenant is unknown; `Storage` if the database failed.
    async fn begin(&self, start: &PassStart) -> Result<StreamState>;

    /// Stores a page: rows, removals and the cursor of the next page, all or nothing. A row that did not change is only
    /// marked as seen, so storing a page twice changes nothing. Pages that follow each other may be stored as one, with
    /// the last cursor.
    ///
    /// # Errors
    /// `Conflict` if the epoch or the generation has moved; `NotFound` if the tenant is unknown; `Storage` if the
    /// database failed.
    async fn commit(&self, page: PageCommit) -> Result<PageCounts>;

    /// Which rows of a table a generation has not seen so far: those that ending it with a sweep would remove.
    ///
    /// # Errors
    /// `NotFound` if the tenant is unknown; `Storage` if the database failed.
    async fn unseen(&self, tenant: &TenantId, table: Resource, generation: i64) -> Result<Unseen>;

    /// Ends a pass: sweeps what this generation did not see, keeps the cursor for the next pass, and notes how fresh
    /// the rows are. Answers how many rows were swept.
    ///
    /// # Errors
    /// `Conflict` if the epoch or the generation has moved; `NotFound` if the tenant is unknown; `Storage` if the
    /// database failed.
    async fn finish(&self, end: PassEnd) -> Result<u64>;

    /// Notes why the rows of a stream are no longer kept fresh; the next finished pass clears it.
    ///
    /// # Errors
    /// `NotFound` if the tenant is unknown; `Storage` if the database failed.
    async fn stale(&self, tenant: &TenantId, resource: Resource, because: &str) -> Result<()>;

    /// Removes all rows and streams of a tenant; the tenant itself stays. Answers how many rows were removed.
    ///
    /// # Errors
    /// `NotFound` if the tenant is unknown; `Storage` if the database failed.
    async fn purge(&self, tenant: &TenantId) -> Result<u64>;

    /// Notes that a technician has looked at a user; the last five are remembered.
    ///
    /// # Errors
    /// `NotFound` if the tenant is unknown; `Storage` if the database failed.
    async fn viewed(&self, technician: &str, tenant: &TenantId, user: &str, at: Timestamp) -> Result<()>;
}

/// A pass from the start, to be begun.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PassStart {
    /// The tenant.
    pub tenant: TenantId,
    /// The epoch the pass works in.
    pub epoch: i64,
    /// The stream.
    pub resource: Resource,
    /// The question asked, so that another question starts over.
    pub fingerprint: String,
    /// When it begins: rows read later are at least as fresh.
    pub at: Timestamp,
}

impl PassStart {
    /// A pass over this stream.
    pub fn new(
        tenant: TenantId,
        epoch: i64,
        resource: Resource,
        fingerprint: impl Into<String>,
        at: Timestamp,
    ) -> Self {
        Self {
            tenant,
            epoch,
            resource,
            fingerprint: fingerprint.into(),
            at,
        }
    }
}

/// What one page brings.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct PageCommit {
    /// The tenant.
    pub tenant: TenantId,
    /// The epoch the pass began in.
    pub epoch: i64,
    /// The stream.
    pub resource: Resource,
    /// The generation the pass reads.
    pub generation: i64,
    /// The rows, in the order of the page; of one key the last one stays.
    pub rows: Vec<Rows>,
    /// What the page says is gone; applied after the rows.
    pub removed: Vec<Removal>,
    /// What could not be decoded.
    pub odd: Vec<OddRow>,
    /// Where to go on after this page.
    pub cursor: Option<String>,
    /// Where the stream is after this page.
    pub phase: Phase,
}

impl PageCommit {
    /// An empty page after which the stream goes on reading, without a cursor yet.
    pub const fn new(tenant: TenantId, epoch: i64, resource: Resource, generation: i64) -> Self {
        Self {
            tenant,
            epoch,
            resource,
            generation,
            rows: Vec::new(),
            removed: Vec::new(),
            odd: Vec::new(),
            cursor: None,
            phase: Phase::Reading,
        }
    }

    /// Adds rows.
    pub fn rows(mut self, rows: impl Into<Rows>) -> Self {
        self.rows.push(rows.into());
        self
    }

    /// Adds a removal.
    pub fn removed(mut self, removal: Removal) -> Self {
        self.removed.push(removal);
        self
    }

    /// Adds what could not be decoded.
    pub fn odd(mut self, odd: OddRow) -> Self {
        self.odd.push(odd);
        self
    }

    /// Says where to go on.
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }

    /// Says where the stream is after this page.
    pub const fn phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }
}

/// Something that a page says is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Removal {
    /// A row of this id. Removing a group removes its memberships too, and so does removing a user, a group or a device
    /// that is a member; the latter are not counted, as the stream of groups may have removed them before. What is swept
    /// leaves no groups, as it may come again.
    Row {
        /// What it was.
        resource: Resource,
        /// Its id.
        id: String,
    },
    /// A member of a group.
    Membership {
        /// The group.
        group_id: String,
        /// The one who left.
        member_id: String,
    },
}

/// A row of a page that could not be decoded. Its id counts as seen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OddRow {
    /// What it should have been.
    pub resource: Resource,
    /// Its id, if that much could be read.
    pub id: Option<String>,
    /// The raw row.
    pub raw: String,
    /// What is wrong with it.
    pub problem: String,
}

impl OddRow {
    /// A raw row and what is wrong with it.
    pub fn new(resource: Resource, id: Option<String>, raw: String, problem: String) -> Self {
        Self {
            resource,
            id,
            raw,
            problem,
        }
    }
}

/// What a page changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PageCounts {
    /// Rows that are new.
    pub added: u64,
    /// Rows that differ from before.
    pub changed: u64,
    /// Rows that are as before.
    pub unchanged: u64,
    /// Rows that were removed.
    pub removed: u64,
}

impl std::ops::AddAssign for PageCounts {
    fn add_assign(&mut self, other: Self) {
        self.added += other.added;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.removed += other.removed;
    }
}

/// Rows that a generation has not seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Unseen {
    /// How many there are.
    pub rows: u64,
    /// The [keys](Rows::last_key) of the first 200, in order.
    pub keys: Vec<String>,
}

impl Unseen {
    /// Those rows whose keys these are, which come in order.
    pub(crate) fn of(keys: Vec<String>) -> Self {
        let rows = keys.len() as u64;
        let keys = keys.into_iter().take(200).collect();
        Self { rows, keys }
    }
}

/// How a pass ends.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct PassEnd {
    /// The tenant.
    pub tenant: TenantId,
    /// The epoch the pass began in.
    pub epoch: i64,
    /// The stream.
    pub resource: Resource,
    /// The generation the pass has read.
    pub generation: i64,
    /// The resources whose rows of older generations are removed.
    pub sweep: Vec<Resource>,
    /// The cursor that asks for later changes; with it the stream is `Tracking`, else `Idle`.
    pub cursor: Option<String>,
    /// The moment that the rows show.
    pub fresh_as_of: Timestamp,
}

impl PassEnd {
    /// The end of a pass that sweeps nothing and keeps no cursor.
    pub const fn new(
        tenant: TenantId,
        epoch: i64,
        resource: Resource,
        generation: i64,
        fresh_as_of: Timestamp,
    ) -> Self {
        Self {
            tenant,
            epoch,
            resource,
            generation,
            sweep: Vec::new(),
            cursor: None,
            fresh_as_of,
        }
    }

    /// Sweeps this resource.
    pub fn sweep(mut self, resource: Resource) -> Self {
        self.sweep.push(resource);
        self
    }

    /// Keeps the cursor for later changes.
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }
}
