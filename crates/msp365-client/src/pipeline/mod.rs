//! The life of a request: token, pace, send, judge; and again, until there is an answer.

mod attempt;
mod pace;
mod settle;
#[cfg(test)]
mod tests;

use std::{error::Error as StdError, io, time::Duration};

use jiff::Timestamp;
use msp365_core::{
    Call, Reply, Request, ServiceError, TokenRequest, TransportError, random,
    request::Replay,
    retry::{self, Deadline, Outcome, Sent, Verdict, Wait},
    seams::BodyWatch,
};
use uuid::Uuid;

pub(crate) use attempt::AttemptLimit;
pub(crate) use settle::Settled;

use crate::{Error, TenantClient, error::Trail, load::Target, meter::Event};

/// One call with all its attempts.
pub(crate) struct Exchange<'a> {
    tenant: &'a TenantClient,
    call: &'a Call,
    watch: Option<BodyWatch>,
    deadline: Deadline,
    started: Timestamp,
    attempts: u32,
    /// Attempts that were refused only because too many others were under way.
    deferred: u32,
    /// Answers that belonged to other requests.
    strays: u32,
    renewal: Renewal,
    /// Whether an attempt at a write may have been carried out without our knowing.
    is_doubtful: bool,
    last_id: Option<Uuid>,
    partner_ids: [Uuid; 2],
}

/// Whether a refused token has been renewed. This happens once.
enum Renewal {
    Open,
    Due { claims: Option<String> },
    Done,
}

/// How a call ended.
pub(crate) struct Done {
    pub(crate) ending: Ending,
    pub(crate) trail: Trail,
}

pub(crate) enum Ending {
    /// The service answered.
    Reply(Reply),
    /// The answer was lost, but the call's check found that it happened.
    Happened,
}

/// The result of one attempt.
type Attempted = Result<Reply, TransportError>;

impl<'a> Exchange<'a> {
    pub(crate) fn new(tenant: &'a TenantClient, call: &'a Call) -> Self {
        let shared = tenant.shared();
        Self {
            tenant,
            call,
            watch: None,
            deadline: tenant.call_deadline(),
            started: shared.clock.now(),
            attempts: 0,
            deferred: 0,
            strays: 0,
            renewal: Renewal::Open,
            is_doubtful: false,
            last_id: None,
            partner_ids: [random::uuid(&shared.random), random::uuid(&shared.random)],
        }
    }

    /// Shows the growing body of each answer to this watch.
    pub(crate) fn watched(mut self, watch: BodyWatch) -> Self {
        self.watch = Some(watch);
        self
    }

    /// Sets the deadline of a larger piece of work.
    pub(crate) const fn by(mut self, deadline: Deadline) -> Self {
        self.deadline = deadline;
        self
    }

    /// Starts with a token newer than the refused one.
    pub(crate) fn renewed(mut self, claims: Option<String>) -> Self {
        self.renewal = Renewal::Due { claims };
        self
    }

    pub(crate) async fn run(mut self) -> Result<Done, Error> {
        let url = self.call.url(&self.tenant.shared().endpoints)?;
        loop {
            let (token, place) = self.clearance().await?;
            let request = self.attempt(&url, &token)?;
            let answer = self.tenant.shared().transport.send(request).await;
            let answer = self.own(answer);
            self.note(&answer);
            drop(place);
            if let Some(ending) = self.judge(answer).await? {
                let trail = self.trail();
                return Ok(Done { ending, trail });
            }
            self.tenant.count(self.call.operation(), Event::Retried);
        }
    }

    async fn token(&mut self) -> Result<msp365_core::AccessToken, Error> {
        let mut wanted = TokenRequest::new(self.tenant.id(), self.call.service().audience());
        if let Renewal::Due { claims } = &mut self.renewal {
            wanted = wanted.fresh(claims.take());
            self.renewal = Renewal::Done;
        }
        let token = self.tenant.shared().tokens.token(&wanted).await;
        token.map_err(|source| {
            let trail = Box::new(self.trail());
            let source = Box::new(source);
            self.failed(Error::Token { trail, source })
        })
    }

    /// Obeys the verdict on an attempt: how the call ended, or `None` to send again.
    async fn judge(&mut self, answer: Attempted) -> Result<Option<Ending>, Error> {
        let repeat = self.call.replay();
        let is_renewed = !matches!(self.renewal, Renewal::Open);
        let outcome = match &answer {
            Ok(reply) => Outcome::Reply(reply),
            Err(error) if error.is_not_sent() => Outcome::Failed(Sent::No),
            Err(_) => Outcome::Failed(Sent::Perhaps),
        };
        let mut verdict = retry::judge(repeat, self.attempts - self.deferred, is_renewed, outcome);
        if let Err(error) = &answer
            && (is_final(error, repeat) || self.strays > 1)
        {
            verdict = Verdict::GiveUp;
        }
        if matches!(verdict, Verdict::Again(_)) && !self.may_repeat() {
            verdict = Verdict::GiveUp;
        }
        self.is_doubtful |= repeat != Replay::Safe && matches!(outcome, Outcome::Failed(Sent::Perhaps));
        match verdict {
            Verdict::Accept | Verdict::GiveUp => self.end(answer).map(Some),
            Verdict::Again(wait) => self.wait(wait, answer).await.map(|()| None),
            Verdict::Renew { claims } => {
                self.renewal = Renewal::Due { claims };
                Ok(None)
            }
            Verdict::Settle(doubt) => self.settle(doubt, answer).await,
        }
    }

    fn end(&self, answer: Attempted) -> Result<Ending, Error> {
        match answer {
            Ok(reply) if reply.status.as_u16() == 429 => Err(self.error_of(Ok(reply))),
            Ok(reply) => self.unredirected(reply).map(Ending::Reply),
            Err(error) => Err(self.failed(self.error_of(Err(error)))),
        }
    }

    /// A redirect is no answer to a write, and its body is not a value. Where it is the answer, only its header is.
    fn unredirected(&self, mut reply: Reply) -> Result<Reply, Error> {
        if reply.status.is_redirection() {
            if self.call.method() != http::Method::GET {
                return Err(Error::UnsafeLink {
                    operation: self.call.operation(),
                    reason: "a request that is no read was redirected",
                });
            }
            reply.body = bytes::Bytes::new();
        }
        Ok(reply)
    }

    /// Waits before the next attempt, unless that would pass the deadline.
    async fn wait(&self, wait: Wait, answer: Attempted) -> Result<(), Error> {
        let shared = self.tenant.shared();
        let now = shared.clock.now();
        let span = wait.span(self.attempts, &shared.random);
        if self.deadline.allows(now, span) {
            shared.clock.sleep(span).await;
            return Ok(());
        }
        let error = match self.error_of(answer) {
            throttled @ Error::Throttled { .. } => throttled,
            other => Error::Deadline {
                trail: Box::new(self.trail()),
                retry_at: Some(Deadline::after(now, span).0),
                source: Some(Box::new(other)),
            },
        };
        Err(self.failed(error))
    }

    /// The result of an attempt as an error.
    fn error_of(&self, answer: Attempted) -> Error {
        let trail = Box::new(self.trail());
        match answer {
            Ok(reply) => {
                let error = Box::new(ServiceError::from_reply(self.call.service(), &reply));
                if reply.status.as_u16() == 429 {
                    let now = self.tenant.shared().clock.now();
                    let retry_at = retry::retry_after(&reply).map(|span| Deadline::after(now, span).0);
                    return Error::Throttled {
                        trail,
                        retry_at,
                        source: Some(error),
                    };
                }
                let operation = self.call.operation();
                let source = msp365_core::Error::Service { operation, error };
                Error::Answer { trail, source }
            }
            Err(source) => Error::Transport {
                trail,
                source: Box::new(source),
            },
        }
    }

    fn target(&self) -> Target {
        Target::of(self.tenant.id(), self.call)
    }

    fn throttled(&self, retry_at: Timestamp, source: Option<Box<ServiceError>>) -> Error {
        Error::Throttled {
            trail: Box::new(self.trail()),
            retry_at: Some(retry_at),
            source,
        }
    }

    /// The error with which the call ends without an answer: if the answer to a write was lost, that its outcome is
    /// unknown.
    fn failed(&self, error: Error) -> Error {
        if self.is_doubtful {
            self.unknown(Some(Box::new(error)))
        } else {
            error
        }
    }

    fn unknown(&self, source: Option<Box<Error>>) -> Error {
        Error::OutcomeUnknown {
            trail: Box::new(self.trail()),
            source,
        }
    }

    fn trail(&self) -> Trail {
        let spent = self.tenant.shared().clock.now().duration_since(self.started);
        Trail {
            attempts: self.attempts,
            elapsed: Duration::try_from(spent).unwrap_or_default(),
            client_request_id: self.last_id,
            ..Trail::unsent(self.call.operation(), self.tenant.id())
        }
    }
}

/// Whether sending again would give the same: the answer is too large, or the peer's TLS cannot be trusted, which shows
/// as malformed data beneath a failure to connect.
fn is_final(error: &TransportError, repeat: Replay) -> bool {
    match error {
        TransportError::TooLarge { .. } => repeat != Replay::Once,
        TransportError::NotSent { source, .. } => {
            let mut cause: Option<&(dyn StdError + 'static)> = Some(source.as_ref());
            while let Some(error) = cause {
                let io = error.downcast_ref::<io::Error>();
                if io.is_some_and(|io| io.kind() == io::ErrorKind::InvalidData) {
                    return true;
                }
                // An `io::Error` leaves the error it wraps out of its chain.
                cause = io
                    .and_then(io::Error::get_ref)
                    .map(|inner| inner as &(dyn StdError + 'static))
                    .or_else(|| error.source());
            }
            false
        }
        _ => false,
    }
}

impl Done {
    /// The body of the answer; empty if it was lost.
    pub(crate) fn body(&self) -> bytes::Bytes {
        match &self.ending {
            Ending::Reply(reply) => reply.body.clone(),
            Ending::Happened => bytes::Bytes::new(),
        }
    }

    /// Whether the service reported success.
    pub(crate) fn is_success(&self) -> bool {
        matches!(&self.ending, Ending::Reply(reply) if reply.status.is_success())
    }

    /// The value of the answer.
    pub(crate) fn decode<T>(self, request: &Request<T>) -> Result<T, Error> {
        let trail = Box::new(self.trail);
        match self.ending {
            Ending::Reply(reply) => request
                .decode(&reply)
                .map_err(|source| Error::Answer { trail, source }),
            Ending::Happened => {
                let nothing = Reply::new(http::StatusCode::NO_CONTENT, http::HeaderMap::new(), "");
                request.decode(&nothing).map_err(|_| Error::ValueLost { trail })
            }
        }
    }
}
