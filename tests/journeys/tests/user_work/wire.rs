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
    mishap: Option<(usize, Mishap)>,
    answers: Vec<String>,
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

    /// The writes that were sent since the last time, as method and path.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().writes)
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
        state.writes.push(format!("{} {path}", request.method()));
        let (_, mishap) = state.mishap.filter(|(at, _)| *at == number)?;
        state.mishap = None;
        Some(mishap)
    }

    async fn die(&self) -> ! {
        self.died.notify_one();
        std::future::pending().await
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
        let reply = self.inner.send(request).await?;
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
        let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
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
