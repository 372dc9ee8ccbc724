//! The time of the simulated cloud.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use msp365_core::Clock;

/// How time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// From the world's present on, as fast as real time.
    Running,
    /// From the world's present on, only when it is moved; whoever sleeps moves it.
    Manual,
    /// The system's time.
    Real,
}

/// A clock that may run, stand, or show the system's time. Any of them can be moved forward.
#[derive(Debug)]
pub(crate) struct SimClock {
    pace: Pace,
    start: Timestamp,
    began: Instant,
    moved: Mutex<Duration>,
}

impl SimClock {
    /// A clock that shows `start`, or the system's time.
    #[expect(
        clippy::disallowed_methods,
        reason = "the simulated cloud has its own time, and this is its source"
    )]
    pub(crate) fn new(pace: Pace, start: Timestamp) -> Self {
        let start = match pace {
            Pace::Running | Pace::Manual => start,
            Pace::Real => Timestamp::now(),
        };
        Self {
            pace,
            start,
            began: Instant::now(),
            moved: Mutex::new(Duration::ZERO),
        }
    }

    /// The moment it began at.
    pub(crate) const fn start(&self) -> Timestamp {
        self.start
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&self, span: Duration) {
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        *moved = moved.saturating_add(span);
    }
}

#[async_trait]
impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        let moved = *self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = match self.pace {
            Pace::Manual => moved,
            Pace::Running | Pace::Real => self.began.elapsed().saturating_add(moved),
        };
        SignedDuration::try_from(passed)
            .ok()
            .and_then(|span| self.start.checked_add(span).ok())
            .unwrap_or(Timestamp::MAX)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that everything else sleeps by"
    )]
    async fn sleep(&self, span: Duration) {
        match self.pace {
            Pace::Manual => self.advance(span),
            Pace::Running | Pace::Real => tokio::time::sleep(span).await,
        }
    }
}
