//! A transport that remembers what went through it, and loses answers when it is told to.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{Method, Request, header::AUTHORIZATION};
use msp365::core::{Reply, Transport, TransportError};
use serde_json::Value;

/// One request that was sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) method: Method,
    /// Path and query.
    pub(crate) target: String,
    /// The tenant that the access token was for.
    pub(crate) tenant: Option<String>,
}

impl Sent {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }
}

type Loses = Box<dyn Fn(&Sent) -> bool + Send>;

/// Sends through another transport.
pub(crate) struct Spy {
    inner: Arc<dyn Transport>,
    sent: Mutex<Vec<Sent>>,
    secrets: Mutex<Vec<String>>,
    loses: Mutex<Option<Loses>>,
    is_blind: AtomicBool,
}

impl Spy {
    pub(crate) fn new(inner: Arc<dyn Transport>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            sent: Mutex::default(),
            secrets: Mutex::default(),
            loses: Mutex::default(),
            is_blind: AtomicBool::new(false),
        })
    }

    /// What was sent since the last time this was asked.
    pub(crate) fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }

    /// Tokens, codes and secrets that went either way.
    pub(crate) fn secrets(&self) -> Vec<String> {
        self.secrets.lock().unwrap().clone()
    }

    /// Loses the requests that this fits, from now on.
    pub(crate) fn lose(&self, fits: impl Fn(&Sent) -> bool + Send + 'static) {
        *self.loses.lock().unwrap() = Some(Box::new(fits));
    }

    /// Loses nothing any more.
    pub(crate) fn mend(&self) {
        *self.loses.lock().unwrap() = None;
    }

    /// Looks into no answer any more, which is quicker.
    pub(crate) fn close_eyes(&self) {
        self.is_blind.store(true, Ordering::Relaxed);
    }

    fn remember(&self, reply: &Reply) {
        let Ok(Value::Object(body)) = serde_json::from_slice::<Value>(reply.text_bytes()) else {
            return;
        };
        let tokens = ["access_token", "refresh_token", "id_token"];
        self.secrets.lock().unwrap().extend(
            tokens
                .iter()
                .filter_map(|name| body.get(*name)?.as_str().map(str::to_owned)),
        );
    }

    fn remember_form(&self, request: &Request<Bytes>) {
        let text = String::from_utf8_lossy(request.body());
        if request.uri().path().ends_with("/token") {
            let fields = text.split('&').filter_map(|field| field.split_once('='));
            let names = ["code", "code_verifier", "client_secret", "refresh_token"];
            let found = fields.filter(|(name, _)| names.contains(name));
            self.secrets
                .lock()
                .unwrap()
                .extend(found.map(|(_, value)| value.to_owned()));
        }
    }
}

#[async_trait]
impl Transport for Spy {
    async fn send(&self, request: Request<Bytes>) -> Result<Reply, TransportError> {
        let sent = Sent {
            method: request.method().clone(),
            target: request.uri().path_and_query().unwrap().to_string(),
            tenant: tenant(&request),
        };
        let lost = self
            .loses
            .lock()
            .unwrap()
            .as_ref()
            .is_some_and(|loses| loses(&sent));
        self.sent.lock().unwrap().push(sent);
        self.remember_form(&request);
        if lost {
            let host = request.uri().host().unwrap().to_owned();
            return Err(TransportError::NotSent {
                host,
                source: "cut by the test".into(),
            });
        }
        let reply = self.inner.send(request).await?;
        if !self.is_blind.load(Ordering::Relaxed) {
            self.remember(&reply);
        }
        Ok(reply)
    }
}

/// The tenant of a request's access token.
fn tenant(request: &Request<Bytes>) -> Option<String> {
    let token = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let payload = token.strip_prefix("Bearer ")?.split('.').nth(1)?;
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    claims["tid"].as_str().map(str::to_owned)
}
