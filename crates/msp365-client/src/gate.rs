//! Remembers until when a service wants no requests.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use msp365_core::{Audience, TenantId, retry::Deadline};

/// The standing waits of each tenant and service. Versions of one service share a wait, as they share a quota.
#[derive(Debug, Default)]
pub(crate) struct Gates {
    closed: Mutex<HashMap<(TenantId, Audience), Timestamp>>,
}

impl Gates {
    /// Closes a gate for this long, or leaves it closed for longer.
    pub(crate) fn close(&self, tenant: TenantId, audience: Audience, now: Timestamp, span: Duration) {
        let until = Deadline::after(now, span).0;
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        closed.retain(|_, end| *end > now);
        let end = closed.entry((tenant, audience)).or_insert(until);
        *end = until.max(*end);
    }

    /// How long a gate stays closed; `None` where it is open.
    pub(crate) fn remaining(&self, tenant: TenantId, audience: Audience, now: Timestamp) -> Option<Duration> {
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        let until = *closed.get(&(tenant, audience))?;
        Duration::try_from(until.duration_since(now))
            .ok()
            .filter(|span| !span.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shorter_wait_does_not_open_a_gate_early() {
        let (gates, now) = (Gates::default(), Timestamp::UNIX_EPOCH);
        let tenant = TenantId::new(uuid::Uuid::nil());

        gates.close(tenant, Audience::Graph, now, Duration::from_secs(9));
        gates.close(tenant, Audience::Graph, now, Duration::from_secs(2));

        assert_eq!(
            gates.remaining(tenant, Audience::Graph, now),
            Some(Duration::from_secs(9))
        );
        assert_eq!(gates.remaining(tenant, Audience::PartnerCenter, now), None);
    }
}
