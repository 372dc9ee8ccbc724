//! Counts of what was sent.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// Counts requests by operation. One meter can be shared by many tenants and threads.
#[derive(Debug, Default)]
pub struct Meter {
    operations: Mutex<BTreeMap<&'static str, Counts>>,
}

/// The counts of one operation, or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Counts {
    /// HTTP requests, including repetitions. A round trip of a batch counts as one, under `batch`.
    pub requests: u64,
    /// Answers that refused due to load; in a batch, per entry.
    pub throttled: u64,
    /// Repetitions; in a batch, per entry.
    pub retried: u64,
}

impl Meter {
    /// A meter that has counted nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The counts so far, by operation.
    pub fn snapshot(&self) -> BTreeMap<&'static str, Counts> {
        self.operations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The counts so far, over all operations.
    pub fn total(&self) -> Counts {
        self.snapshot()
            .values()
            .fold(Counts::default(), |sum, counts| Counts {
                requests: sum.requests + counts.requests,
                throttled: sum.throttled + counts.throttled,
                retried: sum.retried + counts.retried,
            })
    }

    pub(crate) fn count(&self, operation: &'static str, event: Event) {
        let mut operations = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = operations.entry(operation).or_default();
        match event {
            Event::Request => counts.requests += 1,
            Event::Throttled => counts.throttled += 1,
            Event::Retried => counts.retried += 1,
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event {
    Request,
    Throttled,
    Retried,
}
