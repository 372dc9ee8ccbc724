//! What goes out in one attempt.

use std::time::Duration;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Request,
    header::{ACCEPT, AUTHORIZATION, USER_AGENT},
};
use msp365_core::{AccessToken, Body, Service, random};
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::Exchange;
use crate::Error;

const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const PARTNER_REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
const PARTNER_CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");
const PARTNER_CONTRACT: HeaderName = HeaderName::from_static("ms-contract-version");

/// How long an attempt may take at most: the time to the deadline. It travels in the extensions of the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AttemptLimit(pub(crate) Duration);

impl Exchange<'_> {
    /// The next attempt in the form in which it is sent.
    pub(super) fn attempt(&mut self, url: &str, token: &AccessToken) -> Result<Request<Bytes>, Error> {
        let id = random::uuid(&self.tenant.shared().random);
        let mut request = Request::new(self.body()?);
        *request.method_mut() = self.call.method().clone();
        *request.uri_mut() = url.parse().map_err(|_| Error::UnsafeLink {
            operation: self.call.operation(),
            reason: "it is no address",
        })?;
        *request.headers_mut() = self.headers(token, id)?;
        let now = self.tenant.shared().clock.now();
        let rest = Duration::try_from(self.deadline.0.duration_since(now)).unwrap_or_default();
        request.extensions_mut().insert(AttemptLimit(rest));
        if let Some(watch) = &self.watch {
            request.extensions_mut().insert(watch.clone());
        }
        self.attempts += 1;
        self.last_id = Some(id);
        self.tenant
            .count(self.call.operation(), crate::meter::Event::Request);
        Ok(request)
    }

    fn body(&self) -> Result<Bytes, Error> {
        match self.call.body() {
            Body::Empty => Ok(Bytes::new()),
            Body::Json(value) => serde_json::to_vec(value).map(Bytes::from).map_err(|source| {
                let operation = self.call.operation();
                let (at, source) = ("$".to_owned(), source.into());
                Error::Core(msp365_core::Error::Decode {
                    operation,
                    at,
                    source,
                })
            }),
        }
    }

    fn headers(&self, token: &AccessToken, id: Uuid) -> Result<HeaderMap, Error> {
        let mut headers = self.call.send_headers()?;
        headers
            .entry(ACCEPT)
            .or_insert(HeaderValue::from_static("application/json"));
        headers.insert(AUTHORIZATION, self.bearer(token)?);
        headers.insert(USER_AGENT, self.tenant.shared().user_agent.clone());
        headers.insert(CLIENT_REQUEST_ID, uuid_value(id));
        if self.call.service() == Service::PartnerCenter {
            let [request, correlation] = self.partner_ids;
            headers.insert(PARTNER_REQUEST_ID, uuid_value(request));
            headers.insert(PARTNER_CORRELATION_ID, uuid_value(correlation));
            headers.insert(PARTNER_CONTRACT, HeaderValue::from_static("v1"));
        }
        Ok(headers)
    }

    fn bearer(&self, token: &AccessToken) -> Result<HeaderValue, Error> {
        let text = format!("Bearer {}", token.secret.expose_secret());
        let mut value = HeaderValue::try_from(text).map_err(|_| msp365_core::Error::Header {
            operation: self.call.operation(),
            header: "authorization",
        })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// An id as a header; its text is always valid for one.
fn uuid_value(id: Uuid) -> HeaderValue {
    let mut text = Uuid::encode_buffer();
    HeaderValue::from_str(id.as_hyphenated().encode_lower(&mut text))
        .unwrap_or_else(|_| HeaderValue::from_static(""))
}
