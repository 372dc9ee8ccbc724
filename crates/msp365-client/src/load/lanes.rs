//! How much may be under way at the same time.

use std::{
    collections::HashMap,
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use msp365_core::{Audience, TenantId, retry::Deadline};
use tokio::sync::Notify;

use super::Target;

/// Most requests under way to one service of one tenant, and to one service of all: more would only fill queues.
const WIDEST: usize = 64;
const WIDEST_OF_ALL: usize = 1_024;
/// How long a narrowed lane stays so before it is widened by one.
const PATIENCE: Duration = Duration::from_mins(1);

/// Counts requests under way, by tenant and service, and by service alone.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    lanes: Mutex<HashMap<Key, Lane>>,
    freed: Notify,
}

type Key = (Option<TenantId>, Audience);

#[derive(Debug)]
struct Lane {
    width: usize,
    widest: usize,
    under_way: usize,
    /// When it may next be widened.
    next: Timestamp,
}

/// A place in the lanes, given back when dropped.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    lanes: &'a Lanes,
    keys: [Key; 2],
}

impl Lanes {
    /// Waits for a place. Each holder gives its place back within the time limit of an attempt.
    pub(crate) async fn enter(&self, target: Target) -> Place<'_> {
        let keys = keys(target);
        loop {
            let mut freed = pin!(self.freed.notified());
            freed.as_mut().enable();
            if self.try_enter(keys) {
                return Place { lanes: self, keys };
            }
            freed.await;
        }
    }

    fn try_enter(&self, keys: [Key; 2]) -> bool {
        let mut lanes = self.lanes();
        let has_room = keys
            .iter()
            .all(|key| lanes.get(key).is_none_or(|lane| lane.under_way < lane.width));
        if has_room {
            for key in keys {
                lanes.entry(key).or_insert_with(|| Lane::new(key)).under_way += 1;
            }
        }
        has_room
    }

    /// How many requests to this service of this tenant are under way.
    pub(crate) fn under_way(&self, target: Target) -> usize {
        let lanes = self.lanes();
        lanes
            .get(&(Some(target.tenant), target.audience))
            .map_or(0, |lane| lane.under_way)
    }

    /// Allows one fewer at a time than are under way, counting the refused one.
    pub(crate) fn narrow(&self, target: Target, now: Timestamp) {
        self.with((Some(target.tenant), target.audience), |lane| {
            lane.width = lane.width.min(lane.under_way).saturating_sub(1).max(1);
            lane.next = Deadline::after(now, PATIENCE).0;
        });
    }

    /// Allows one at a time in all tenants together, until one succeeds.
    pub(crate) fn probe(&self, audience: Audience, now: Timestamp) {
        self.with((None, audience), |lane| {
            lane.width = 1;
            lane.next = now;
        });
    }

    /// Allows more at a time after a success: the lane of all tenants doubles, that of one grows by one a minute.
    pub(crate) fn widen(&self, target: Target, now: Timestamp) {
        self.with((Some(target.tenant), target.audience), |lane| {
            if lane.width < lane.widest && lane.next <= now {
                lane.width += 1;
                lane.next = Deadline::after(now, PATIENCE).0;
            }
        });
        self.with((None, target.audience), |lane| {
            lane.width = lane.width.saturating_mul(2).min(lane.widest);
        });
        self.freed.notify_waiters();
    }

    fn with(&self, key: Key, change: impl FnOnce(&mut Lane)) {
        if let Some(lane) = self.lanes().get_mut(&key) {
            change(lane);
        }
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<Key, Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lane {
    const fn new(key: Key) -> Self {
        let widest = if key.0.is_some() { WIDEST } else { WIDEST_OF_ALL };
        Self {
            width: widest,
            widest,
            under_way: 0,
            next: Timestamp::UNIX_EPOCH,
        }
    }

    /// Whether it holds nothing worth remembering.
    const fn is_fresh(&self) -> bool {
        self.under_way == 0 && self.width == self.widest
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut lanes = self.lanes.lanes();
        for key in self.keys {
            if let Some(lane) = lanes.get_mut(&key) {
                lane.under_way = lane.under_way.saturating_sub(1);
                if lane.is_fresh() {
                    lanes.remove(&key);
                }
            }
        }
        drop(lanes);
        self.lanes.freed.notify_waiters();
    }
}

const fn keys(target: Target) -> [Key; 2] {
    [(Some(target.tenant), target.audience), (None, target.audience)]
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn target(tenant: u128) -> Target {
        Target {
            tenant: TenantId::new(uuid::Uuid::from_u128(tenant)),
            audience: Audience::Graph,
            resource: "rows",
            is_write: false,
        }
    }

    fn enter(lanes: &Lanes, tenant: u128) -> Option<Place<'_>> {
        lanes.enter(target(tenant)).now_or_never()
    }

    #[test]
    fn f031_a_narrowed_lane_takes_one_fewer_until_a_minute_went_well() {
        let lanes = Lanes::default();
        let mut held: Vec<_> = (0..3).filter_map(|_| enter(&lanes, 1)).collect();

        lanes.narrow(target(1), NOW);
        held.pop();

        assert!(enter(&lanes, 1).is_none());
        assert!(enter(&lanes, 2).is_some());
        lanes.widen(target(1), NOW);
        assert!(enter(&lanes, 1).is_none());
        lanes.widen(target(1), Deadline::after(NOW, PATIENCE).0);
        assert!(enter(&lanes, 1).is_some());
    }

    #[test]
    fn f028_after_a_refusal_of_the_application_one_probe_goes_before_all() {
        let lanes = Lanes::default();
        let probe = enter(&lanes, 1);
        lanes.probe(Audience::Graph, NOW);

        assert!(enter(&lanes, 2).is_none());
        lanes.widen(target(1), NOW);
        drop(probe);

        let (one, two) = (enter(&lanes, 2), enter(&lanes, 3));
        assert!(one.is_some() && two.is_some());
        assert!(enter(&lanes, 4).is_none());
    }

    #[test]
    fn a_lane_that_nobody_uses_is_forgotten() {
        let lanes = Lanes::default();

        drop(enter(&lanes, 1));

        assert!(lanes.lanes().is_empty());
    }
}
