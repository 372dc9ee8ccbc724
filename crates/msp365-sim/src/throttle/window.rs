//! A sliding window: what was used in the last so many seconds.

use std::{collections::VecDeque, time::Duration};

use jiff::{SignedDuration, Timestamp};

/// What was used, and when.
#[derive(Debug, Default)]
pub(super) struct Window {
    uses: VecDeque<(Timestamp, u64)>,
    sum: u64,
}

impl Window {
    /// Adds a use, and answers what is used with it.
    pub(super) fn add(&mut self, now: Timestamp, span: Duration, cost: u64) -> u64 {
        while let Some((at, old)) = self.uses.front().copied()
            && end(at, span) <= now
        {
            self.uses.pop_front();
            self.sum = self.sum.saturating_sub(old);
        }
        match self.uses.back_mut() {
            Some((at, last)) if *at == now => *last = last.saturating_add(cost),
            _ => self.uses.push_back((now, cost)),
        }
        self.sum = self.sum.saturating_add(cost);
        self.sum
    }

    /// Whole seconds until no more than `room` is used, if nothing is added until then.
    pub(super) fn wait(&self, now: Timestamp, span: Duration, room: u64) -> u64 {
        let mut left = self.sum;
        let mut free = now;
        for (at, used) in &self.uses {
            if left <= room {
                break;
            }
            left = left.saturating_sub(*used);
            free = end(*at, span);
        }
        let millis = free.duration_since(now).as_millis();
        u64::try_from(millis).unwrap_or_default().div_ceil(1_000).max(1)
    }
}

fn end(at: Timestamp, span: Duration) -> Timestamp {
    SignedDuration::try_from(span)
        .ok()
        .and_then(|span| at.checked_add(span).ok())
        .unwrap_or(Timestamp::MAX)
}
