//! Leaves alone whatever keeps failing, and tries it again from time to time.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use msp365_core::{Audience, TenantId, retry::Deadline};

use super::Target;

/// Failures in a row that open a circuit.
const IN_A_ROW: usize = 5;
/// How many of the last attempts count, and for how long; if half of them failed, the circuit opens, too.
const LOOKED_AT: usize = 20;
const WINDOW: Duration = Duration::from_mins(1);
/// How long a circuit stays open at first, and at most.
const REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_mins(15);

/// How attempts at each resource of a tenant went. Refusals due to load do not count: they have waits of their own.
#[derive(Debug, Default)]
pub(crate) struct Circuits {
    circuits: Mutex<HashMap<Key, Circuit>>,
}

type Key = (TenantId, Audience, &'static str);

#[derive(Debug, Default)]
struct Circuit {
    /// When the last attempts ended, and whether they failed.
    last: VecDeque<(Timestamp, Ended)>,
    open: Option<Open>,
}

/// A circuit that lets nothing through until a certain time, and then one probe.
#[derive(Debug)]
struct Open {
    until: Timestamp,
    rest: Duration,
}

/// How an attempt ended, as a sign of the service's health.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Well,
    Failed,
}

impl Circuits {
    /// Whether an attempt may go out; if not, when one may. The one that passes an open circuit is the probe: no other
    /// may pass until it ends, or the same rest has passed again.
    pub(crate) fn admit(&self, target: Target, now: Timestamp) -> Result<(), Timestamp> {
        let mut circuits = self.circuits.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(open) = circuits
            .get_mut(&key(target))
            .and_then(|circuit| circuit.open.as_mut())
        else {
            return Ok(());
        };
        if now < open.until {
            return Err(open.until);
        }
        open.until = Deadline::after(now, open.rest).0;
        Ok(())
    }

    /// Whether an attempt would be held back now.
    pub(crate) fn is_open(&self, target: Target, now: Timestamp) -> bool {
        let circuits = self.circuits.lock().unwrap_or_else(PoisonError::into_inner);
        circuits
            .get(&key(target))
            .and_then(|circuit| circuit.open.as_ref())
            .is_some_and(|open| now < open.until)
    }

    /// Records how an attempt ended.
    pub(crate) fn note(&self, target: Target, ended: Ended, now: Timestamp) {
        let mut circuits = self.circuits.lock().unwrap_or_else(PoisonError::into_inner);
        if ended == Ended::Well && !circuits.contains_key(&key(target)) {
            // Most resources never fail: nothing is kept for them.
            return;
        }
        let circuit = circuits.entry(key(target)).or_default();
        circuit.note(ended, now);
        if circuit.last.iter().all(|(_, ended)| *ended == Ended::Well) {
            circuits.remove(&key(target));
        }
    }
}

impl Circuit {
    fn note(&mut self, ended: Ended, now: Timestamp) {
        match (&mut self.open, ended) {
            (Some(_), Ended::Well) => *self = Self::default(),
            (Some(open), Ended::Failed) => {
                open.rest = (open.rest * 2).min(LONGEST_REST);
                open.until = Deadline::after(now, open.rest).0;
            }
            (None, _) => self.count(ended, now),
        }
    }

    fn count(&mut self, ended: Ended, now: Timestamp) {
        self.last.push_back((now, ended));
        while self.last.len() > LOOKED_AT
            || self
                .last
                .front()
                .is_some_and(|(at, _)| Deadline::after(*at, WINDOW).0 < now)
        {
            self.last.pop_front();
        }
        let failed = |entry: &&(Timestamp, Ended)| entry.1 == Ended::Failed;
        let in_a_row = self.last.iter().rev().take_while(failed).count();
        let of_last = self.last.iter().filter(failed).count();
        if in_a_row >= IN_A_ROW || (self.last.len() == LOOKED_AT && of_last * 2 >= LOOKED_AT) {
            self.open = Some(Open {
                until: Deadline::after(now, REST).0,
                rest: REST,
            });
        }
    }
}

const fn key(target: Target) -> Key {
    (target.tenant, target.audience, target.resource)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn target(resource: &'static str) -> Target {
        Target {
            tenant: TenantId::new(uuid::Uuid::nil()),
            audience: Audience::Graph,
            resource,
            is_write: false,
        }
    }

    fn at(seconds: u64) -> Timestamp {
        Deadline::after(NOW, Duration::from_secs(seconds)).0
    }

    fn opened() -> Circuits {
        let circuits = Circuits::default();
        for _ in 0..IN_A_ROW {
            circuits.note(target("users"), Ended::Failed, NOW);
        }
        circuits
    }

    #[test]
    fn f037_five_failures_in_a_row_open_the_circuit_of_that_resource_alone() {
        let circuits = opened();

        assert_eq!(circuits.admit(target("users"), NOW), Err(at(30)));
        assert_eq!(circuits.admit(target("groups"), NOW), Ok(()));
    }

    #[test]
    fn f037_one_probe_goes_through_and_a_failing_one_doubles_the_rest() {
        let circuits = opened();

        assert_eq!(circuits.admit(target("users"), at(30)), Ok(()));
        assert!(circuits.admit(target("users"), at(31)).is_err());
        circuits.note(target("users"), Ended::Failed, at(32));

        assert_eq!(circuits.admit(target("users"), at(33)), Err(at(92)));
    }

    #[test]
    fn f038_a_probe_that_goes_well_closes_the_circuit() {
        let circuits = opened();
        circuits.admit(target("users"), at(30)).unwrap();

        circuits.note(target("users"), Ended::Well, at(31));

        assert_eq!(circuits.admit(target("users"), at(31)), Ok(()));
        assert!(circuits.circuits.lock().unwrap().is_empty());
    }

    #[test]
    fn f037_half_of_twenty_failing_opens_it_and_older_failures_are_forgotten() {
        let circuits = Circuits::default();
        for number in 0..19 {
            let ended = if number % 2 == 0 {
                Ended::Failed
            } else {
                Ended::Well
            };
            circuits.note(target("users"), ended, at(number));
        }
        assert_eq!(circuits.admit(target("users"), at(19)), Ok(()));

        circuits.note(target("users"), Ended::Failed, at(19));
        assert!(circuits.admit(target("users"), at(19)).is_err());

        let slow = Circuits::default();
        for number in 0..40 {
            slow.note(target("users"), Ended::Failed, at(number * 61));
        }
        assert_eq!(slow.admit(target("users"), at(40 * 61)), Ok(()));
    }

    #[test]
    fn a_resource_that_never_rests_longer_than_a_quarter_of_an_hour() {
        let circuits = opened();
        let mut now = 30;
        for _ in 0..20 {
            let rest = circuits.admit(target("users"), at(now)).err();
            assert_eq!(rest, None);
            circuits.note(target("users"), Ended::Failed, at(now));
            let until = circuits.admit(target("users"), at(now)).unwrap_err();
            now = u64::try_from(until.as_second()).unwrap();
        }

        let before = circuits.admit(target("users"), at(now - 1)).unwrap_err();
        assert!(before.duration_since(at(now - 1)).as_secs() <= 900);
    }
}
