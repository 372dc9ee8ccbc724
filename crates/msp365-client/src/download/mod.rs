//! Downloads from pre-authenticated links.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, header::USER_AGENT};
use msp365_core::{
    Replay, Reply, Service, ServiceError, TransportError,
    retry::{self, Deadline, Outcome, Sent, Verdict},
};
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::{Error, TenantClient, error::Trail, meter::Event, pipeline::AttemptLimit};

const OPERATION: &str = "download";

pub(crate) async fn get(tenant: &TenantClient, link: &SecretString) -> Result<Bytes, Error> {
    check(link.expose_secret(), &tenant.shared().endpoints.graph)?;
    let shared = tenant.shared();
    let deadline = tenant.call_deadline();
    let started = shared.clock.now();
    let mut attempt = 0;
    loop {
        attempt += 1;
        let rest = Duration::try_from(deadline.0.duration_since(shared.clock.now())).unwrap_or_default();
        let request = request(tenant, link, rest)?;
        tenant.count(OPERATION, Event::Request);
        let answer = shared.transport.send(request).await;
        let verdict = judge(attempt, &answer);
        let now = shared.clock.now();
        let trail = || {
            Box::new(Trail {
                attempts: attempt,
                elapsed: Duration::try_from(now.duration_since(started)).unwrap_or_default(),
                ..Trail::unsent(OPERATION, tenant.id())
            })
        };
        note(tenant, attempt, &answer);
        let Verdict::Again(wait) = verdict else {
            return body(answer, trail());
        };
        let span = wait.span(attempt, &shared.random);
        if !deadline.allows(now, span) {
            return Err(Error::Deadline {
                trail: trail(),
                retry_at: Some(Deadline::after(now, span).0),
                source: body(answer, trail()).err().map(Box::new),
            });
        }
        shared.clock.sleep(span).await;
        tenant.count(OPERATION, Event::Retried);
    }
}

fn judge(attempt: u32, answer: &Result<Reply, TransportError>) -> Verdict {
    let outcome = match answer {
        Ok(reply) => Outcome::Reply(reply),
        Err(TransportError::TooLarge { .. }) => return Verdict::GiveUp,
        Err(error) if error.is_not_sent() => Outcome::Failed(Sent::No),
        Err(_) => Outcome::Failed(Sent::Perhaps),
    };
    // There is no token that could be renewed.
    retry::judge(Replay::Safe, attempt, true, outcome)
}

fn note(tenant: &TenantClient, attempt: u32, answer: &Result<Reply, TransportError>) {
    let status = answer.as_ref().ok().map(|reply| reply.status.as_u16());
    tracing::debug!(operation = OPERATION, tenant = %tenant.id(), status, attempt, "request");
    if status == Some(429) {
        tenant.count(OPERATION, Event::Throttled);
    }
}

fn body(answer: Result<Reply, TransportError>, trail: Box<Trail>) -> Result<Bytes, Error> {
    match answer {
        Ok(reply) if reply.status.is_success() => Ok(reply.body),
        Ok(reply) if reply.status.is_redirection() => Err(unsafe_link("it leads on to another place")),
        Ok(reply) => {
            // The storage service repeats parts of the link in its error bodies.
            let bare = Reply::new(reply.status, HeaderMap::new(), "");
            let error = Box::new(ServiceError::from_reply(Service::Graph, &bare));
            let source = msp365_core::Error::Service {
                operation: OPERATION,
                error,
            };
            Err(Error::Answer { trail, source })
        }
        Err(source) => Err(Error::Transport {
            trail,
            source: Box::new(source),
        }),
    }
}

fn request(tenant: &TenantClient, link: &SecretString, rest: Duration) -> Result<Request<Bytes>, Error> {
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = link
        .expose_secret()
        .parse()
        .map_err(|_| unsafe_link("it is no address"))?;
    request
        .headers_mut()
        .insert(USER_AGENT, tenant.shared().user_agent.clone());
    request.extensions_mut().insert(AttemptLimit(rest));
    Ok(request)
}

/// Refuses links that are not https, hold user information, or lead into a private network. If the service itself is on
/// this machine, the link may be, too.
fn check(link: &str, graph: &str) -> Result<(), Error> {
    let at_home = Url::parse(graph).is_ok_and(|graph| is_loopback(graph.host().as_ref()));
    let link = Url::parse(link).map_err(|_| unsafe_link("it is no address"))?;
    if !link.username().is_empty() || link.password().is_some() {
        return Err(unsafe_link("it holds user information"));
    }
    if at_home && is_loopback(link.host().as_ref()) && matches!(link.scheme(), "http" | "https") {
        return Ok(());
    }
    if link.scheme() != "https" {
        return Err(unsafe_link("it is not https"));
    }
    match link.host() {
        Some(Host::Domain(name)) if !is_loopback(link.host().as_ref()) && name.contains('.') => Ok(()),
        _ => Err(unsafe_link("it names no public host")),
    }
}

fn is_loopback(host: Option<&Host<&str>>) -> bool {
    match host {
        Some(Host::Domain(name)) => *name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

const fn unsafe_link(reason: &'static str) -> Error {
    Error::UnsafeLink {
        operation: OPERATION,
        reason,
    }
}

#[cfg(test)]
mod tests;
