//! What Partner Center keeps for itself: which customers left, what was done, and who called.

use std::collections::{BTreeSet, VecDeque};

use jiff::Timestamp;
use msp365_core::TenantId;

use super::model::World;

/// So many calls are kept, the latest.
const CALLS: usize = 10_000;

/// What Partner Center keeps for itself.
#[derive(Debug, Default)]
pub(crate) struct Commerce {
    /// Customers whose reseller relationship was removed.
    left: BTreeSet<TenantId>,
    pub(crate) records: Vec<Record>,
    pub(crate) calls: VecDeque<Call>,
}

/// Something that the partner did to a customer.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) at: Timestamp,
    pub(crate) customer: TenantId,
    /// Object id of who did it; none for an app by itself.
    pub(crate) user: Option<String>,
    pub(crate) app: String,
    /// Resource and operation in the words of audit records.
    pub(crate) kind: (&'static str, &'static str),
    /// The resource as it was sent, without secrets.
    pub(crate) value: String,
}

/// A call with a person behind it.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) at: Timestamp,
    pub(crate) request: String,
    pub(crate) correlation: String,
    pub(crate) operation: String,
    pub(crate) user: String,
    pub(crate) app: String,
    /// Whether a second factor was behind it.
    pub(crate) is_compliant: bool,
}

impl Commerce {
    /// Keeps a call in place of the oldest.
    pub(crate) fn note(&mut self, call: Call) {
        if self.calls.len() >= CALLS {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }
}

impl World {
    /// Whether there is a commerce relationship with a customer.
    pub(crate) fn is_reseller_of(&self, customer: TenantId) -> bool {
        !self.journal.commerce.left.contains(&customer)
    }

    /// Removes the commerce relationship with a customer.
    pub(crate) fn stop_reselling(&mut self, customer: TenantId) {
        self.journal.commerce.left.insert(customer);
    }
}
