//! Remembers until when a service wants no requests, or fewer.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use msp365_core::{
    Audience, TenantId,
    retry::{Deadline, Reach, Scope, Share},
};

use super::Target;

/// The period over which a limit is counted (Graph, throttling limits of the identity service).
const WINDOW: Duration = Duration::from_secs(10);
/// The fraction of a limit at which the service starts to warn.
const WARNED: f64 = 0.8;

/// The current waits of each tenant and service; those without a tenant apply to the application in all tenants.
#[derive(Debug, Default)]
pub(crate) struct Gates {
    closed: Mutex<HashMap<Key, Timestamp>>,
}

type Key = (Option<TenantId>, Audience, Share);

impl Gates {
    /// Closes the gate for what a refusal covers for this long, or leaves it closed for longer.
    pub(crate) fn close(&self, target: Target, scope: Scope, now: Timestamp, span: Duration) {
        let until = Deadline::after(now, span).0;
        let tenant = match scope.reach {
            Reach::Tenant => Some(target.tenant),
            Reach::Application => None,
        };
        let mut closed = self.closed();
        closed.retain(|_, end| *end > now);
        let end = closed
            .entry((tenant, target.audience, scope.share))
            .or_insert(until);
        *end = until.max(*end);
    }

    /// Holds back requests near a limit: the higher the load, the longer, up to one window of the limit.
    pub(crate) fn slow(&self, target: Target, load: f64, now: Timestamp) {
        let scope = Scope {
            reach: Reach::Tenant,
            share: Share::All,
        };
        self.close(
            target,
            scope,
            now,
            WINDOW.mul_f64((load - WARNED).clamp(0.0, 1.0)),
        );
    }

    /// How long a request has to wait; `None` if it need not.
    pub(crate) fn remaining(&self, target: Target, now: Timestamp) -> Option<Duration> {
        let closed = self.closed();
        let own = if target.is_write {
            Share::Writes
        } else {
            Share::Reads
        };
        let until = [Some(target.tenant), None]
            .into_iter()
            .flat_map(|tenant| [(tenant, Share::All), (tenant, own)])
            .filter_map(|(tenant, share)| closed.get(&(tenant, target.audience, share)))
            .max()?;
        Duration::try_from(until.duration_since(now))
            .ok()
            .filter(|span| !span.is_zero())
    }

    fn closed(&self) -> MutexGuard<'_, HashMap<Key, Timestamp>> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn target(tenant: u128, is_write: bool) -> Target {
        Target {
            tenant: TenantId::new(uuid::Uuid::from_u128(tenant)),
            audience: Audience::Graph,
            resource: "rows",
            is_write,
        }
    }

    fn closed(reach: Reach, share: Share) -> Gates {
        let gates = Gates::default();
        gates.close(
            target(1, false),
            Scope { reach, share },
            NOW,
            Duration::from_secs(9),
        );
        gates
    }

    #[test]
    fn a_shorter_wait_does_not_open_a_gate_early() {
        let gates = closed(Reach::Tenant, Share::All);

        gates.close(target(1, true), Scope::WHOLE_TENANT, NOW, Duration::from_secs(2));

        assert_eq!(
            gates.remaining(target(1, false), NOW),
            Some(Duration::from_secs(9))
        );
        let elsewhere = Target {
            audience: Audience::PartnerCenter,
            ..target(1, false)
        };
        assert_eq!(gates.remaining(elsewhere, NOW), None);
    }

    #[test]
    fn f027_a_wait_for_writes_lets_reads_go_on() {
        let gates = closed(Reach::Tenant, Share::Writes);

        assert!(gates.remaining(target(1, true), NOW).is_some());
        assert_eq!(gates.remaining(target(1, false), NOW), None);
        assert_eq!(gates.remaining(target(2, true), NOW), None);
    }

    #[test]
    fn f028_a_wait_of_the_application_holds_back_every_tenant() {
        let gates = closed(Reach::Application, Share::All);

        assert!(gates.remaining(target(2, false), NOW).is_some());
    }

    #[test]
    fn f029_the_nearer_the_limit_the_longer_the_pause() {
        let pause = |load| {
            let gates = Gates::default();
            gates.slow(target(1, false), load, NOW);
            gates.remaining(target(1, false), NOW).unwrap_or_default()
        };

        assert!(pause(0.85) < pause(1.0) && pause(1.0) < pause(1.8));
        assert_eq!(pause(9.0), WINDOW);
    }
}
