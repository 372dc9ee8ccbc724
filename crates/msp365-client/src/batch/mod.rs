//! Batches: rounds of twenty, in which each entry succeeds or fails on its own.

mod plan;
mod round;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use msp365_core::{
    Answers, Batch, Call, Replay, Reply, TransportError,
    batch::BATCH_LIMIT,
    retry::{self, Deadline, Doubt, Outcome, READ_ATTEMPTS, Verdict, Wait},
};

use crate::{
    Error, TenantClient,
    error::Trail,
    load::Target,
    meter::Event,
    pipeline::{Exchange, Settled},
};

/// Sends a batch and collects its answers.
pub(crate) async fn send(tenant: &TenantClient, batch: &Batch) -> Result<Answers<Error>, Error> {
    let service = batch.service()?;
    let mut run = Run::new(tenant, batch);
    while let Some(round) = run.next_round() {
        if let Err(error) = run.pause().await {
            run.abandon(error)?;
            break;
        }
        match run.send_round(service, &round).await {
            Ok(replies) => run.take(&round, replies).await,
            Err(error) if run.can_be_smaller(&round, &error) => {}
            Err(error) => {
                run.abandon(error)?;
                break;
            }
        }
    }
    Ok(run.into_answers())
}

/// The renewal of a refused token, and the claims it has to answer.
struct Renewal {
    claims: Option<String>,
}

/// A batch under way.
struct Run<'a> {
    tenant: &'a TenantClient,
    batch: &'a Batch,
    deadline: Deadline,
    answers: Vec<Option<Result<Reply, Error>>>,
    pending: BTreeSet<usize>,
    attempts: Vec<u32>,
    /// Whether the token that an entry was refused with has been renewed, or will be with the next round.
    is_renewed: bool,
    renewal: Option<Renewal>,
    /// Most entries in one round trip.
    largest: usize,
    /// The wait before entries are repeated, and how often the most repeated one was sent.
    wait: Option<(Wait, u32)>,
}

impl<'a> Run<'a> {
    fn new(tenant: &'a TenantClient, batch: &'a Batch) -> Self {
        let count = batch.len();
        Self {
            tenant,
            batch,
            deadline: tenant.call_deadline(),
            answers: (0..count).map(|_| None).collect(),
            pending: (0..count).collect(),
            attempts: vec![0; count],
            is_renewed: false,
            renewal: None,
            largest: BATCH_LIMIT,
            wait: None,
        }
    }

    fn fail_dependent(&mut self, index: usize) {
        let body = Bytes::from_static(
            br#"{"error":{"code":"FailedDependency","message":"the request it waited for failed"}}"#,
        );
        let reply = Reply::new(StatusCode::FAILED_DEPENDENCY, HeaderMap::new(), body);
        self.answer(index, Ok(reply));
    }

    fn answer(&mut self, index: usize, answer: Result<Reply, Error>) {
        self.pending.remove(&index);
        if let Some(slot) = self.answers.get_mut(index) {
            *slot = Some(answer);
        }
    }

    /// Waits as the last round asked, unless that would pass the deadline.
    async fn pause(&mut self) -> Result<(), Error> {
        let Some((wait, attempts)) = self.wait.take() else {
            return Ok(());
        };
        let shared = self.tenant.shared();
        let now = shared.clock.now();
        let span = wait.span(attempts, &shared.random);
        if self.deadline.allows(now, span) {
            shared.clock.sleep(span).await;
            return Ok(());
        }
        let trail = Box::new(Trail {
            attempts,
            ..Trail::unsent(round::OPERATION, self.tenant.id())
        });
        let retry_at = Some(Deadline::after(now, span).0);
        Err(match wait.hint {
            Some(_) => Error::Throttled {
                trail,
                retry_at,
                source: None,
            },
            None => Error::Deadline {
                trail,
                retry_at,
                source: None,
            },
        })
    }

    /// Answers everything that is left with the failure of the batch; if nothing was answered, returns that failure.
    fn abandon(&mut self, error: Error) -> Result<(), Error> {
        if self.answers.iter().all(Option::is_none) {
            return Err(error);
        }
        let source = Arc::new(error);
        for index in std::mem::take(&mut self.pending) {
            let operation = self
                .batch
                .entries()
                .get(index)
                .map_or(round::OPERATION, |entry| entry.call().operation());
            let source = Arc::clone(&source);
            self.answer(index, Err(Error::Batch { operation, source }));
        }
        Ok(())
    }

    /// Gives each entry of a round its answer, or its place in a later round.
    async fn take(&mut self, round: &[usize], mut replies: round::Replies) {
        let (batch, was_renewed) = (self.batch, self.is_renewed);
        for &index in round {
            let Some(entry) = batch.entries().get(index) else {
                continue;
            };
            if !self.pending.contains(&index) {
                // It was answered outside a batch.
                continue;
            }
            if self.is_behind_a_pending_one(entry.after()) {
                // Its predecessor is sent again, and so is this entry.
                continue;
            }
            match replies.remove(&index) {
                Some(reply) => self.judge(index, entry.call(), reply, was_renewed).await,
                None => self.unanswered(index, entry.call()).await,
            }
        }
    }

    fn is_behind_a_pending_one(&self, before: Option<usize>) -> bool {
        before.is_some_and(|before| self.pending.contains(&before))
    }

    async fn judge(&mut self, index: usize, call: &Call, reply: Reply, was_renewed: bool) {
        let attempts = self.attempts.get(index).copied().unwrap_or_default();
        self.heed(call, &reply);
        match retry::judge(call.replay(), attempts, was_renewed, Outcome::Reply(&reply)) {
            Verdict::Accept | Verdict::GiveUp => self.answer(index, Ok(reply)),
            Verdict::Again(_) if !self.tenant.shared().load.budgets.spend(self.target(call)) => {
                self.answer(index, Ok(reply));
            }
            Verdict::Again(wait) => self.again(call, wait, attempts),
            Verdict::Renew { claims } => {
                self.is_renewed = true;
                let known = self.renewal.take().and_then(|renewal| renewal.claims);
                let claims = claims.or(known);
                self.renewal = Some(Renewal { claims });
                self.tenant.count(call.operation(), Event::Retried);
            }
            Verdict::Settle(doubt) => self.settle(index, call, doubt, Some(reply)).await,
        }
    }

    /// An entry without an answer: a read is sent again; for a write, the outcome is in doubt.
    async fn unanswered(&mut self, index: usize, call: &Call) {
        let attempts = self.attempts.get(index).copied().unwrap_or_default();
        if call.replay() != Replay::Safe {
            return self.settle(index, call, Doubt::Lost, None).await;
        }
        if attempts < READ_ATTEMPTS {
            let fault = Wait {
                hint: None,
                base: std::time::Duration::from_millis(500),
            };
            return self.again(call, fault, attempts);
        }
        let source = Box::new(TransportError::MaybeSent {
            host: self.host(call),
            source: "the batch answer lacks the entry".into(),
        });
        let trail = Box::new(self.trail(call, attempts));
        self.answer(index, Err(Error::Transport { trail, source }));
    }

    async fn settle(&mut self, index: usize, call: &Call, doubt: Doubt, reply: Option<Reply>) {
        let attempts = self.attempts.get(index).copied().unwrap_or_default();
        let settled = Exchange::new(self.tenant, call)
            .by(self.deadline)
            .find_out(doubt)
            .await;
        let trail = Box::new(self.trail(call, attempts));
        match (settled, reply) {
            (Settled::Happened, _) => self.answer(index, Err(Error::ValueLost { trail })),
            (Settled::Again(wait), _) if attempts < retry::WRITE_ATTEMPTS => self.again(call, wait, attempts),
            (Settled::Again(_), Some(reply)) => self.answer(index, Ok(reply)),
            (Settled::Again(_) | Settled::Unknown, reply) => {
                let source = reply.map(|reply| {
                    let operation = call.operation();
                    let error = msp365_core::ServiceError::from_reply(call.service(), &reply);
                    let error = Box::new(error);
                    Box::new(Error::Core(msp365_core::Error::Service { operation, error }))
                });
                self.answer(index, Err(Error::OutcomeUnknown { trail, source }));
            }
        }
    }

    fn again(&mut self, call: &Call, wait: Wait, attempts: u32) {
        self.tenant.count(call.operation(), Event::Retried);
        let (known, most) = self.wait.unwrap_or((wait, attempts));
        let longest = Wait {
            hint: known.hint.max(wait.hint),
            base: known.base.max(wait.base),
        };
        self.wait = Some((longest, most.max(attempts)));
    }

    fn heed(&self, call: &Call, reply: &Reply) {
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            self.tenant.count(call.operation(), Event::Throttled);
            if let Some(hint) = retry::retry_after(reply) {
                let shared = self.tenant.shared();
                let (scope, now) = (retry::throttle_scope(reply), shared.clock.now());
                shared.load.gates.close(self.target(call), scope, now, hint);
            }
        }
    }

    fn target(&self, call: &Call) -> Target {
        Target::of(self.tenant.id(), call)
    }

    fn host(&self, call: &Call) -> String {
        let base = self.tenant.shared().endpoints.base(call.service());
        url::Url::parse(&base)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or(base)
    }

    fn trail(&self, call: &Call, attempts: u32) -> Trail {
        Trail {
            attempts,
            ..Trail::unsent(call.operation(), self.tenant.id())
        }
    }

    fn into_answers(self) -> Answers<Error> {
        let unanswered = |index: usize| {
            let operation = self
                .batch
                .entries()
                .get(index)
                .map_or(round::OPERATION, |entry| entry.call().operation());
            Error::Core(msp365_core::Error::Unanswered { operation })
        };
        let answers = self.answers.into_iter().enumerate();
        Answers::new(
            answers
                .map(|(index, answer)| answer.unwrap_or_else(|| Err(unanswered(index))))
                .collect(),
        )
    }
}
