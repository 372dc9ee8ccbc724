//! What is held back, and why: waits that services asked for, requests under way, budgets for repetitions, and
//! circuits.

pub(crate) mod budget;
pub(crate) mod circuit;
pub(crate) mod gate;
pub(crate) mod lanes;

use msp365_core::{Audience, Call, Replay, TenantId};

/// The limits that all requests of a client share.
#[derive(Debug, Default)]
pub(crate) struct Load {
    pub(crate) gates: gate::Gates,
    pub(crate) lanes: lanes::Lanes,
    pub(crate) budgets: budget::Budgets,
    pub(crate) circuits: circuit::Circuits,
}

/// Where a request goes, as far as load is concerned. Versions of a service count as one, because they share a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub(crate) tenant: TenantId,
    pub(crate) audience: Audience,
    /// The resource that the operation is named after.
    pub(crate) resource: &'static str,
    pub(crate) is_write: bool,
}

impl Target {
    pub(crate) fn of(tenant: TenantId, call: &Call) -> Self {
        let operation = call.operation();
        Self {
            tenant,
            audience: call.service().audience(),
            resource: operation
                .split_once('.')
                .map_or(operation, |(resource, _)| resource),
            is_write: call.replay() != Replay::Safe,
        }
    }

    /// The service of this tenant.
    pub(crate) const fn service(self) -> (TenantId, Audience) {
        (self.tenant, self.audience)
    }
}
