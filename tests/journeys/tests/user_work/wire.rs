//! A transport that loses answers, or dies, at the write it is told; and tokens of the app-only app.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request};
use msp365::{
    TenantId,
    core::{
        AccessToken, Clock, ErrorKind, Reply, TokenError, TokenRequest, TokenSource, Transport,
        TransportError,
    },
    sim::Cloud,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// What happens at a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// The service never saw it, and nobody can know.
    LostBefore,
    /// The service did it, and the answer is lost.
    LostAfter,
    /// The program dies before the service sees it.
    CrashBefore,
    /// The program dies after the service did it.
    CrashAfter,
}

impl Mishap {
    pub(crate) const ALL: [Self; 4] = [
        Self::LostBefore,
        Self::LostAfter,
        Self::CrashBefore,
        Self::CrashAfter,
    ];

    pub(crate) const fn is_crash(self) -> bool {
        matches!(self, Self::CrashBefore | Self::CrashAfter)
    }
}

#[derive(Default)]
struct State {
    writes: Vec<String>,
    sent: Vec<String>,
    mishap: Option<(usize, Mishap)>,
    answers: Vec<String>,
    is_stale: bool,
    denied: Option<&'static str>,
}

/// Sends through the simulated cloud.
pub(crate) struct Wire {
    inner: Arc<dyn Transport>,
    state: Mutex<State>,
    pub(crate) died: Notify,
}

impl Wire {
    pub(crate) fn new(inner: Arc<dyn Transport>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            state: Mutex::default(),
            died: Notify::new(),
        })
    }

    /// Has a mishap at write number `at`, counted from 0 and from now on.
    pub(crate) fn mishap(&self, at: usize, mishap: Mishap) {
        let mut state = self.state.lock().unwrap();
        state.writes.clear();
        state.mishap = Some((at, mishap));
    }

    /// Until the second write from now on, reads of members are of a time before anybody was one.
    pub(crate) fn stale(&self) {
        let mut state = self.state.lock().unwrap();
        state.writes.clear();
        state.is_stale = true;
    }

    fn is_stale(&self, request: &Request<Bytes>) -> bool {
        let fits = request.method() == Method::GET && request.uri().path().ends_with("/members");
        fits && self.state.lock().unwrap().is_stale
    }

    /// Whatever is asked in batches with these words in its address is refused from now on.
    pub(crate) fn deny(&self, words: &'static str) {
        self.state.lock().unwrap().denied = Some(words);
    }

    /// The ids, within a batch, of the requests that are refused.
    fn denied_of(&self, request: &Request<Bytes>) -> Vec<Value> {
        let denied = self.state.lock().unwrap().denied;
        let Some(words) = denied.filter(|_| request.uri().path().ends_with("$batch")) else {
            return Vec::new();
        };
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let entries = body["requests"].as_array().unwrap().iter();
        let fitting = entries.filter(|entry| entry["url"].as_str().unwrap().contains(words));
        fitting.map(|entry| entry["id"].clone()).collect()
    }

    /// The writes that were sent since the last time, as method and path.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().writes)
    }

    /// All bodies of writes.
    pub(crate) fn sent(&self) -> Vec<String> {
        self.state.lock().unwrap().sent.clone()
    }

    /// All bodies that came back.
    pub(crate) fn answers(&self) -> Vec<String> {
        self.state.lock().unwrap().answers.clone()
    }

    fn meets(&self, request: &Request<Bytes>) -> Option<Mishap> {
        let is_graph = request.uri().host() == Some("graph.microsoft.com");
        let path = request.uri().path();
        if !is_graph || request.method() == Method::GET || path.ends_with("$batch") {
            return None;
        }
        let mut state = self.state.lock().unwrap();
        let number = state.writes.len();
        state.is_stale &= number == 0;
        state.writes.push(format!("{} {path}", request.method()));
        let body = String::from_utf8_lossy(request.body()).into_owned();
        state.sent.push(body);
        let (_, mishap) = state.mishap.filter(|(at, _)| *at == number)?;
        state.mishap = None;
        Some(mishap)
    }

    async fn die(&self) -> ! {
        self.died.notify_one();
        std::future::pending().await
    }
}

fn change(reply: &mut Reply, change: impl FnOnce(&mut Value)) {
    let mut body: Value = serde_json::from_slice(reply.text_bytes()).unwrap();
    change(&mut body);
    reply.body = body.to_string().into();
}

fn deny(body: &mut Value, ids: &[Value]) {
    for entry in body["responses"].as_array_mut().unwrap() {
        if ids.contains(&entry["id"]) {
            entry["status"] = json!(403);
            entry["body"] = json!({"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges"}});
        }
    }
}

fn lost() -> TransportError {
    TransportError::MaybeSent {
        host: "graph.microsoft.com".to_owned(),
        source: "lost by the test".into(),
    }
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request<Bytes>) -> Result<Reply, TransportError> {
        let mishap = self.meets(&request);
        match mishap {
            Some(Mishap::LostBefore) => return Err(lost()),
            Some(Mishap::CrashBefore) => self.die().await,
            _ => {}
        }
        let is_stale = self.is_stale(&request);
        let denied = self.denied_of(&request);
        let mut reply = self.inner.send(request).await?;
        if is_stale {
            change(&mut reply, |body| {
                (body["value"], body["@odata.count"]) = (json!([]), json!(0));
            });
        }
        if !denied.is_empty() {
            change(&mut reply, |body| deny(body, &denied));
        }
        let body = String::from_utf8_lossy(reply.text_bytes()).into_owned();
        self.state.lock().unwrap().answers.push(body);
        match mishap {
            Some(Mishap::LostAfter) => Err(lost()),
            Some(Mishap::CrashAfter) => self.die().await,
            _ => Ok(reply),
        }
    }
}

/// Tokens of the app-only app, one per tenant.
pub(crate) struct AppTokens {
    cloud: Cloud,
    clock: Arc<dyn Clock>,
    kept: Mutex<HashMap<TenantId, AccessToken>>,
}

impl AppTokens {
    pub(crate) fn new(cloud: &Cloud) -> Self {
        Self {
            cloud: cloud.clone(),
            clock: cloud.clock(),
            kept: Mutex::default(),
        }
    }
}

#[async_trait]
impl TokenSource for AppTokens {
    async fn token(&self, wanted: &TokenRequest) -> Result<AccessToken, TokenError> {
        let kept = self.kept.lock().unwrap().get(&wanted.tenant).cloned();
        if let Some(kept) = kept.filter(|kept| kept.expires_at > self.clock.now()) {
            return Ok(kept);
        }
        let app = self.cloud.app_only();
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &app.client_id)
            .append_pair("client_secret", app.client_secret.expose_secret())
            .append_pair("scope", "https://graph.microsoft.com/.default")
            .finish();
        let tenant = wanted.tenant;
        let request = Request::post(format!(
            "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
        ));
        let reply = self
            .cloud
            .transport()
            .send(request.body(Bytes::from(form)).unwrap())
            .await
            .unwrap();
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        let Some(text) = body["access_token"].as_str() else {
            return Err(TokenError::new(
                ErrorKind::SignIn,
                tenant,
                "none",
                &body.to_string(),
            ));
        };
        let end = self.clock.now() + jiff::SignedDuration::from_mins(30);
        let token = AccessToken::new(SecretString::from(text), end, tenant, wanted.audience);
        self.kept.lock().unwrap().insert(tenant, token.clone());
        Ok(token)
    }
}
