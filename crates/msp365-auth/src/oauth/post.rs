//! The `oauth2` crate over our transport, with a few more attempts where they may help.

use std::{pin::Pin, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use msp365_core::{random, retry::Wait};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};

use super::Refusal;
use crate::Exchange;

/// First step of the back-off after a fault.
const FAULT_BASE: Duration = Duration::from_millis(500);

/// Sends token requests. It owns what it sends with, as the crate wants a client of any lifetime. Answers other than 200 come back as refusals, so no body of an error reaches the crate.
pub(super) struct Post {
    pub(super) exchange: Exchange,
    pub(super) attempts: u32,
}

impl Post {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Box<Refusal>> {
        let request = self.prepare(request);
        let mut attempt = 1;
        loop {
            let refusal = match self.exchange.transport.send(request.clone()).await {
                Ok(reply) if reply.status == StatusCode::OK => {
                    return Ok(HttpResponse::new(reply.text_bytes().to_vec()));
                }
                Ok(reply) => Refusal::from_reply(&reply),
                Err(error) => Refusal::from_transport(error),
            };
            if !refusal.may_repeat || attempt >= self.attempts {
                return Err(Box::new(refusal));
            }
            let wait = Wait {
                hint: refusal.retry_after,
                base: FAULT_BASE,
            };
            let span = wait.span(attempt, &*self.exchange.random);
            self.exchange.clock.sleep(span).await;
            attempt += 1;
        }
    }

    fn prepare(&self, request: HttpRequest) -> http::Request<Bytes> {
        let (mut parts, body) = request.into_parts();
        let id = random::uuid(&*self.exchange.random).to_string();
        if let Ok(id) = HeaderValue::try_from(id) {
            parts.headers.insert("client-request-id", id);
        }
        http::Request::from_parts(parts, Bytes::from(body))
    }
}

impl<'c> AsyncHttpClient<'c> for Post {
    type Error = Box<Refusal>;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Box<Refusal>>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
