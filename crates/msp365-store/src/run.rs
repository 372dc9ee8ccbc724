//! Runs with their reports, and small facts by name.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Result;

/// Remembers runs, and small facts about the database itself.
#[async_trait]
pub trait RunStore: Send + Sync + 'static {
    /// Notes that a run begins and answers its id.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn start_run(&self, start: &RunStart) -> Result<i64>;

    /// Notes how a run ended.
    ///
    /// # Errors
    /// `NotFound` if there is no such run; `Storage` if the database failed.
    async fn finish_run(&self, id: i64, at: Timestamp, report: &serde_json::Value) -> Result<()>;

    /// The last runs, newest first.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn runs(&self, limit: usize) -> Result<Vec<RunRecord>>;

    /// The fact of this name, or `None`.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn meta(&self, name: &str) -> Result<Option<String>>;

    /// Stores a fact in place of an earlier one.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn set_meta(&self, name: &str, value: &str) -> Result<()>;
}

/// A run that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunStart {
    /// What runs, as a short word such as `sync`.
    pub kind: String,
    /// When it began.
    pub at: Timestamp,
}

impl RunStart {
    /// A run of this kind that begins at this moment.
    pub fn new(kind: impl Into<String>, at: Timestamp) -> Self {
        Self {
            kind: kind.into(),
            at,
        }
    }
}

/// A run as the store knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunRecord {
    /// Counts the runs.
    pub id: i64,
    /// What ran.
    pub kind: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; `None` while it runs, or if it was cut off.
    pub finished_at: Option<Timestamp>,
    /// What it did.
    pub report: Option<serde_json::Value>,
}
