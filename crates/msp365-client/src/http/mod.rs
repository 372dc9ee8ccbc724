//! The real network.

#[cfg(test)]
mod tests;

use std::{error::Error as StdError, time::Duration};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use msp365_core::{Reply, Transport, TransportError, seams::BodyWatch};

use crate::{Error, pipeline::AttemptLimit};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long one attempt may take, from connecting to the last byte of the answer.
const ATTEMPT: Duration = Duration::from_mins(1);
/// Largest answer after decompression. The largest pages of users are below 2 `MiB`.
const BODY: usize = 64 << 20;
/// Largest headers of an answer.
const HEADERS: usize = 64 << 10;
/// How often an HTTP/2 connection in use is asked whether it is still alive, and how long it may take to say so.
const ALIVE: Duration = Duration::from_secs(15);

/// Sends over the network by HTTP/1.1 or HTTP/2, with TLS 1.2 or newer. Follows no redirects, repeats nothing, ignores
/// proxies set in the environment, and reads gzip.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
    attempt: Duration,
    body: usize,
}

impl HttpTransport {
    /// A transport with connections of its own.
    ///
    /// # Errors
    /// `Other` if the TLS library or its root certificates cannot be used.
    pub fn new() -> Result<Self, Error> {
        Self::build(reqwest::Client::builder())
    }

    /// As [`Self::new`], but also trusts the root certificates in this PEM text: those of a simulated cloud, or of a
    /// proxy that inspects traffic.
    ///
    /// # Errors
    /// As for [`Self::new`]; `Invalid` if the text holds no certificate.
    pub fn trusting(pem: &str) -> Result<Self, Error> {
        let unread = |source: Option<reqwest::Error>| Error::RootCertificate(source.map(Into::into));
        let roots =
            reqwest::Certificate::from_pem_bundle(pem.as_bytes()).map_err(|source| unread(Some(source)))?;
        if roots.is_empty() {
            return Err(unread(None));
        }
        Self::build(reqwest::Client::builder().tls_certs_merge(roots))
    }

    fn build(client: reqwest::ClientBuilder) -> Result<Self, Error> {
        Self::build_with(client, ALIVE)
    }

    fn build_with(client: reqwest::ClientBuilder, alive: Duration) -> Result<Self, Error> {
        let client = client
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT)
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .http2_keep_alive_interval(alive)
            .http2_keep_alive_timeout(alive)
            .build()
            .map_err(|source| Error::StartTransport(source.into()))?;
        Ok(Self {
            client,
            attempt: ATTEMPT,
            body: BODY,
        })
    }

    /// Limits how long one attempt may take; 60 seconds by default.
    #[must_use]
    pub const fn attempt_limit(mut self, limit: Duration) -> Self {
        self.attempt = limit;
        self
    }

    /// Limits the size of an answer after decompression; 64 `MiB` by default.
    #[must_use]
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.body = bytes;
        self
    }

    async fn read(
        &self,
        host: &str,
        mut response: reqwest::Response,
        watch: Option<BodyWatch>,
    ) -> Result<Bytes, TransportError> {
        let too_large = || TransportError::TooLarge {
            host: host.to_owned(),
            limit: self.body,
        };
        let announced = response
            .content_length()
            .and_then(|bytes| usize::try_from(bytes).ok())
            .unwrap_or_default();
        if announced > self.body {
            return Err(too_large());
        }
        let mut body = BytesMut::with_capacity(announced);
        let mut watch = watch.filter(|_| response.status() == StatusCode::OK);
        while let Some(chunk) = response.chunk().await.map_err(|error| failure(host, error))? {
            if chunk.len() > self.body - body.len() {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
            if watch.as_ref().is_some_and(|watch| (watch.0)(&body)) {
                watch = None;
            }
        }
        Ok(body.freeze())
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: http::Request<Bytes>) -> Result<Reply, TransportError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let watch = request.extensions().get::<BodyWatch>().cloned();
        let rest = request.extensions().get::<AttemptLimit>().map(|limit| limit.0);
        let mut request = reqwest::Request::try_from(request).map_err(|error| failure(&host, error))?;
        *request.timeout_mut() = Some(rest.map_or(self.attempt, |rest| rest.min(self.attempt)));
        let mut response = self
            .client
            .execute(request)
            .await
            .map_err(|error| failure(&host, error))?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let size: usize = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        if size > HEADERS {
            return Err(TransportError::TooLarge { host, limit: HEADERS });
        }
        let body = self.read(&host, response, watch).await?;
        Ok(Reply::new(status, headers, body))
    }
}

/// What a failure of the HTTP library means. Its address is left out, because it may hold a secret.
fn failure(host: &str, error: reqwest::Error) -> TransportError {
    let host = host.to_owned();
    let error = error.without_url();
    if error.is_connect() || error.is_builder() || is_unprocessed(&error) {
        let source = error.into();
        TransportError::NotSent { host, source }
    } else if error.is_timeout() {
        TransportError::TimedOut { host }
    } else {
        let source = error.into();
        TransportError::MaybeSent { host, source }
    }
}

/// Whether an HTTP/2 server said that it did not process the request: it refused the stream, or went away before it.
fn is_unprocessed(error: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<h2::Error>() {
            let is_refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
            let is_gone = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
            return error.is_remote() && (is_refused || is_gone);
        }
        cause = error.source();
    }
    false
}
