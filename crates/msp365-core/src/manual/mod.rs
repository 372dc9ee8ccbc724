//! A clock moved by hand and a transport that follows a script, for tests.

mod transport;

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::Clock;

pub use transport::{Answer, ScriptedTransport};

/// A clock that stands still until it is moved. Sleeping moves it: the sleeper wakes at once, at the later time.
#[derive(Debug)]
pub struct ManualClock {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    now: Timestamp,
    slept: Vec<Duration>,
}

impl ManualClock {
    /// A clock set to this moment.
    pub const fn at(now: Timestamp) -> Self {
        Self {
            state: Mutex::new(State {
                now,
                slept: Vec::new(),
            }),
        }
    }

    /// Moves the clock forward.
    pub fn advance(&self, span: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.now = later(state.now, span);
    }

    /// How long each sleep was, in order.
    pub fn slept(&self) -> Vec<Duration> {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .slept
            .clone()
    }
}

fn later(now: Timestamp, span: Duration) -> Timestamp {
    SignedDuration::try_from(span)
        .ok()
        .and_then(|span| now.checked_add(span).ok())
        .unwrap_or(Timestamp::MAX)
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).now
    }

    async fn sleep(&self, span: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.now = later(state.now, span);
        state.slept.push(span);
    }
}
