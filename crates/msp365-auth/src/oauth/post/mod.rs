//! The `oauth2` crate over our transport: each attempt proves anew who is asking, and a few more attempts are made
//! where they may help.

use std::{pin::Pin, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use msp365_core::{Reply, random, retry::Wait};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use secrecy::{ExposeSecret, zeroize::Zeroizing};
use url::form_urlencoded;

use super::Refusal;
use crate::{Credential, Error, Exchange};

/// First step of the back-off after a fault.
const FAULT_BASE: Duration = Duration::from_millis(500);
/// What the service calls an assertion.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Refusals of an assertion that is not valid at this time.
const UNTIMELY: [&str; 2] = ["AADSTS700024", "AADSTS500133"];
/// Refusals of a credential that the service may not know yet.
const UNKNOWN_YET: [&str; 2] = ["AADSTS700027", "AADSTS7000215"];

/// Sends token requests. It owns its parts, because the crate wants a client with any lifetime. Replies other than 200
/// come back as refusals, so no error body reaches the crate.
pub(super) struct Post {
    pub(super) exchange: Exchange,
    pub(super) attempts: u32,
}

/// What changes from attempt to attempt.
struct Attempt {
    number: u32,
    /// Which of the app's credentials proves it.
    credential: usize,
    /// How far the service's clock is ahead of ours, once the service complained.
    ahead: Option<SignedDuration>,
}

impl Post {
    pub(super) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Box<Refusal>> {
        let mut attempt = Attempt {
            number: 1,
            credential: 0,
            ahead: None,
        };
        loop {
            let proven = self.proven(&request, &attempt).map_err(Refusal::from)?;
            let refusal = match self.exchange.transport.send(proven).await {
                Ok(reply) if reply.status == StatusCode::OK => {
                    return Ok(HttpResponse::new(reply.text_bytes().to_vec()));
                }
                Ok(reply) => {
                    let refusal = Refusal::from_reply(&reply);
                    if self.attempts > 1 && self.may_prove_otherwise(&mut attempt, &refusal, &reply) {
                        continue;
                    }
                    refusal
                }
                Err(error) => Refusal::from_transport(error),
            };
            if !refusal.may_repeat || attempt.number >= self.attempts {
                return Err(Box::new(refusal));
            }
            let wait = Wait {
                hint: refusal.retry_after,
                base: FAULT_BASE,
            };
            let span = wait.span(attempt.number, &*self.exchange.random);
            self.exchange.clock.sleep(span).await;
            attempt.number += 1;
        }
    }

    /// Whether another proof may work: one dated by the service's clock, or made with the previous credential.
    fn may_prove_otherwise(&self, attempt: &mut Attempt, refusal: &Refusal, reply: &Reply) -> bool {
        if UNTIMELY.contains(&&*refusal.code) && attempt.ahead.is_none() {
            attempt.ahead = served_at(reply).map(|then| then.duration_since(self.exchange.clock.now()));
            return attempt.ahead.is_some();
        }
        let is_kept = self
            .exchange
            .app
            .credentials()
            .nth(attempt.credential + 1)
            .is_some();
        if UNKNOWN_YET.contains(&&*refusal.code) && is_kept {
            attempt.credential += 1;
            return true;
        }
        false
    }

    /// The request with its own id, and the proof of who is asking at the end of its form.
    fn proven(&self, request: &HttpRequest, attempt: &Attempt) -> Result<http::Request<Bytes>, Error> {
        let exchange = &self.exchange;
        let (mut parts, form) = request.clone().into_parts();
        let id = random::uuid(&*exchange.random).to_string();
        if let Ok(id) = HeaderValue::try_from(id) {
            parts.headers.insert("client-request-id", id);
        }
        let mut form = Zeroizing::new(String::from_utf8(form).unwrap_or_default());
        let mut more = |name: &str, value: &str| {
            let pair = Zeroizing::new(
                form_urlencoded::Serializer::new(String::new())
                    .append_pair(name, value)
                    .finish(),
            );
            form.push('&');
            form.push_str(&pair);
        };
        match exchange.app.credentials().nth(attempt.credential) {
            Some(Credential::Secret(secret)) => more("client_secret", secret.expose_secret()),
            Some(Credential::Certificate(certificate)) => {
                let now = exchange.clock.now();
                let now = attempt
                    .ahead
                    .and_then(|ahead| now.checked_add(ahead).ok())
                    .unwrap_or(now);
                let endpoint = parts.uri.to_string();
                let made =
                    certificate.assertion(exchange.app.client_id(), &endpoint, now, &*exchange.random)?;
                more("client_assertion_type", ASSERTION_TYPE);
                more("client_assertion", made.expose_secret());
            }
            Some(Credential::Public) | None => {}
        }
        Ok(http::Request::from_parts(
            parts,
            Bytes::copy_from_slice(form.as_bytes()),
        ))
    }
}

/// The time on the service's clock.
fn served_at(reply: &Reply) -> Option<Timestamp> {
    let text = reply.header("date")?;
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

impl<'c> AsyncHttpClient<'c> for Post {
    type Error = Box<Refusal>;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Box<Refusal>>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

#[cfg(test)]
mod tests;
