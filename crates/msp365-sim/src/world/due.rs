//! What is under way: changes of the world whose moment is still to come.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use msp365_core::TenantId;

use super::model::World;

/// A change that waits for its moment. What met another status meanwhile comes to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Due {
    /// A relationship goes from one status to the next.
    Relationship {
        id: String,
        from: &'static str,
        to: &'static str,
    },
    /// A request about a relationship goes on.
    Request {
        relationship: String,
        id: String,
        to: &'static str,
    },
    /// An access assignment goes from one status to the next.
    Assignment {
        relationship: String,
        id: String,
        from: &'static str,
        to: &'static str,
    },
    /// A long-running operation goes on; once it has succeeded, its change is made.
    Operation {
        relationship: String,
        id: String,
        to: &'static str,
    },
    /// A consent reaches the tenant it was given for.
    Consent {
        tenant: TenantId,
        resource: String,
        scopes: Vec<String>,
    },
}

/// Changes by their moment, and by the order in which they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    waiting: BTreeMap<(Timestamp, u64), Due>,
    taken: u64,
    /// How long a consent takes to reach the tenant it was given for.
    pub(crate) consent_takes: SignedDuration,
    /// How long a change takes at most until reads see it.
    pub(crate) replication_takes: SignedDuration,
}

impl Agenda {
    /// Notes a change for its moment.
    pub(crate) fn note(&mut self, at: Timestamp, due: Due) {
        self.taken += 1;
        self.waiting.insert((at, self.taken), due);
    }

    /// The next change whose moment has come.
    fn next(&mut self, now: Timestamp) -> Option<(Timestamp, Due)> {
        let first = self.waiting.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((at, _), due) = first.remove_entry();
        Some((at, due))
    }

    /// Whether something of this kind is still to come.
    pub(crate) fn has(&self, fits: impl Fn(&Due) -> bool) -> bool {
        self.waiting.values().any(fits)
    }
}

impl World {
    /// Makes all changes whose moment has come, each as of its own moment.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        while let Some((at, due)) = self.journal.agenda.next(now) {
            match due {
                Due::Relationship { id, from, to } => self.turn(&id, (from, to), at),
                Due::Request { relationship, id, to } => self.proceed(&relationship, &id, to, at),
                Due::Assignment {
                    relationship,
                    id,
                    from,
                    to,
                } => self.turn_assignment((&relationship, &id), (from, to), at),
                Due::Operation { relationship, id, to } => self.operate(&relationship, &id, to, at),
                Due::Consent {
                    tenant,
                    resource,
                    scopes,
                } => {
                    self.grant_consent(tenant, &resource, &scopes);
                }
            }
        }
    }
}
