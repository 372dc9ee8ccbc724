//! Before an attempt: whether it may go out. After it: what it says about the service's load and health.

use std::time::Duration;

use http::StatusCode;
use msp365_core::{
    AccessToken, Reply, TransportError,
    retry::{self, Deadline, Reach, Scope, Wait},
};
use uuid::Uuid;

use super::{Attempted, Exchange};
use crate::{
    Error,
    load::{circuit::Ended, lanes::Place},
    meter::Event,
};

/// How often a call may give way to others under way before that counts as an attempt.
const DEFERRALS: u32 = 16;

impl<'a> Exchange<'a> {
    /// A token, and a place among the requests under way, once nothing holds back the next attempt.
    pub(super) async fn clearance(&mut self) -> Result<(AccessToken, Place<'a>), Error> {
        loop {
            let token = self.token().await?;
            if self.pace().await? {
                continue;
            }
            let load = &self.tenant.shared().load;
            let place = load.lanes.enter(self.target()).await;
            if self.remaining().is_none() {
                self.admit()?;
                return Ok((token, place));
            }
        }
    }

    /// Waits until the service takes requests again; `false` if it already does.
    async fn pace(&self) -> Result<bool, Error> {
        let shared = self.tenant.shared();
        let now = shared.clock.now();
        if self.deadline.0 <= now {
            let trail = Box::new(self.trail());
            return Err(self.failed(Error::Deadline {
                trail,
                retry_at: None,
                source: None,
            }));
        }
        let Some(rest) = self.remaining() else {
            return Ok(false);
        };
        let wait = Wait {
            hint: Some(rest),
            base: Duration::ZERO,
        };
        let span = wait.span(1, &shared.random);
        if !self.deadline.allows(now, span) {
            return Err(self.failed(self.throttled(Deadline::after(now, rest).0, None)));
        }
        shared.clock.sleep(span).await;
        Ok(true)
    }

    fn remaining(&self) -> Option<Duration> {
        let shared = self.tenant.shared();
        shared.load.gates.remaining(self.target(), shared.clock.now())
    }

    fn admit(&self) -> Result<(), Error> {
        let shared = self.tenant.shared();
        let admitted = shared.load.circuits.admit(self.target(), shared.clock.now());
        admitted.map_err(|retry_at| {
            self.failed(Error::CircuitOpen {
                trail: Box::new(self.trail()),
                retry_at,
            })
        })
    }

    /// Whether a repetition is paid for, and its target is not left alone by a circuit.
    pub(super) fn may_repeat(&self) -> bool {
        let shared = self.tenant.shared();
        let (target, now) = (self.target(), shared.clock.now());
        !shared.load.circuits.is_open(target, now) && shared.load.budgets.spend(target)
    }

    /// Refuses the answer to another request: a broken cache on the way may mix up even tenants.
    pub(super) fn own(&mut self, answer: Attempted) -> Attempted {
        let reply = answer?;
        let echoed = reply
            .header("client-request-id")
            .and_then(|text| text.trim().parse::<Uuid>().ok());
        if echoed.is_none() || echoed == self.last_id {
            return Ok(reply);
        }
        self.strays += 1;
        Err(TransportError::Foreign { host: self.host() })
    }

    fn host(&self) -> String {
        let base = self.tenant.shared().endpoints.base(self.call.service());
        url::Url::parse(&base)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or(base)
    }

    /// Counts and logs an attempt, and acts on what it tells.
    pub(super) fn note(&mut self, answer: &Attempted) {
        let operation = self.call.operation();
        let tenant = self.tenant.id();
        match answer {
            Ok(reply) => {
                let status = reply.status.as_u16();
                tracing::debug!(operation, %tenant, status, attempt = self.attempts, "request");
                self.heed(reply);
            }
            Err(error) => {
                tracing::debug!(operation, %tenant, %error, attempt = self.attempts, "request");
                self.book(Ended::Failed);
            }
        }
    }

    fn heed(&mut self, reply: &Reply) {
        let shared = self.tenant.shared();
        let (target, now) = (self.target(), shared.clock.now());
        let hint = retry::retry_after(reply);
        match (reply.status, hint) {
            (StatusCode::TOO_MANY_REQUESTS, _) => {
                self.tenant.count(self.call.operation(), Event::Throttled);
                if retry::is_about_concurrency(reply) && shared.load.lanes.under_way(target) > 1 {
                    shared.load.lanes.narrow(target, now);
                    self.deferred = (self.deferred + 1).min(DEFERRALS);
                }
            }
            (StatusCode::SERVICE_UNAVAILABLE, Some(_)) => {}
            (status, _) if status.is_server_error() => return self.book(Ended::Failed),
            _ => {
                shared.load.lanes.widen(target, now);
                shared.load.budgets.earn(target);
                if let Some(load) = retry::throttle_load(reply) {
                    shared.load.gates.slow(target, load, now);
                }
                return self.book(Ended::Well);
            }
        }
        if let Some(hint) = hint {
            let scope = retry::throttle_scope(reply);
            shared.load.gates.close(target, scope, now, hint);
            if let Scope {
                reach: Reach::Application,
                ..
            } = scope
            {
                shared.load.lanes.probe(target.audience, now);
            }
        }
    }

    fn book(&self, ended: Ended) {
        let shared = self.tenant.shared();
        shared
            .load
            .circuits
            .note(self.target(), ended, shared.clock.now());
    }
}
