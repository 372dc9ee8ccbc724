//! What the tests of this crate share: tokens, a client over a script, and a server of few lines.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::{
    AccessToken, Endpoints, Freshness, Request, SeededRandom, Service, TenantId, TokenError, TokenRequest,
    TokenSource, Transport,
    manual::{Answer, ManualClock, ScriptedTransport},
    path,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{Client, HttpTransport, TenantClient};

pub(crate) fn contoso() -> TenantId {
    "11111111-2222-3333-4444-555555555555".parse().unwrap()
}

pub(crate) fn fabrikam() -> TenantId {
    "66666666-2222-3333-4444-555555555555".parse().unwrap()
}

/// Gives `token-0`, and the next number whenever a fresh one is asked for.
#[derive(Default)]
pub(crate) struct Tokens {
    asked: Mutex<Vec<TokenRequest>>,
}

impl Tokens {
    /// The requests for fresh tokens so far.
    pub(crate) fn renewals(&self) -> Vec<TokenRequest> {
        let asked = self.asked.lock().unwrap();
        asked
            .iter()
            .filter(|wanted| wanted.freshness == Freshness::Fresh)
            .cloned()
            .collect()
    }

    /// All requests so far.
    pub(crate) fn asked(&self) -> Vec<TokenRequest> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl TokenSource for Tokens {
    async fn token(&self, wanted: &TokenRequest) -> Result<AccessToken, TokenError> {
        self.asked.lock().unwrap().push(wanted.clone());
        let secret = format!("token-{}", self.renewals().len());
        Ok(AccessToken::new(
            secret.into(),
            Timestamp::MAX,
            wanted.tenant,
            wanted.audience,
        ))
    }
}

/// A client over a script, with its surroundings.
pub(crate) struct Bench {
    pub(crate) script: Arc<ScriptedTransport>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) client: Client,
}

impl Bench {
    pub(crate) fn new(script: impl IntoIterator<Item = Answer>) -> Self {
        Self::seeded(7, script)
    }

    pub(crate) fn seeded(seed: u64, script: impl IntoIterator<Item = Answer>) -> Self {
        let script = Arc::new(ScriptedTransport::new(script));
        let clock = Arc::new(ManualClock::at("2026-11-22T12:00:00Z".parse().unwrap()));
        let tokens = Arc::new(Tokens::default());
        let client = Client::builder(
            Endpoints::public(),
            Arc::<Tokens>::clone(&tokens) as Arc<dyn TokenSource>,
        )
        .transport(Arc::<ScriptedTransport>::clone(&script) as Arc<dyn Transport>)
        .clock(Arc::<ManualClock>::clone(&clock) as Arc<dyn msp365_core::Clock>)
        .random(Arc::new(SeededRandom::new(seed)))
        .build()
        .unwrap();
        Self {
            script,
            clock,
            tokens,
            client,
        }
    }

    pub(crate) fn tenant(&self) -> TenantClient {
        self.client.tenant(contoso())
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.script.asked()
    }

    /// All time slept so far.
    pub(crate) fn slept(&self) -> Duration {
        self.clock.slept().into_iter().sum()
    }
}

/// A client of one tenant over real sockets; its waits do not take time.
pub(crate) fn over_sockets(base: &str) -> TenantClient {
    let transport = HttpTransport::new()
        .unwrap()
        .attempt_limit(Duration::from_secs(5));
    Client::builder(Endpoints::custom(base, base, base), Arc::new(Tokens::default()))
        .transport(Arc::new(transport))
        .clock(Arc::new(ManualClock::at("2026-11-22T12:00:00Z".parse().unwrap())))
        .random(Arc::new(SeededRandom::new(7)))
        .build()
        .unwrap()
        .tenant(contoso())
}

pub(crate) async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    (listener, base)
}

/// Reads a request with its body; empty text where the connection ended.
pub(crate) async fn read(socket: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = socket.read(&mut buffer).await.unwrap_or(0);
        text.extend_from_slice(&buffer[..count]);
        let seen = String::from_utf8_lossy(&text).into_owned();
        let Some((head, body)) = seen.split_once("\r\n\r\n") else {
            if count == 0 {
                return seen;
            }
            continue;
        };
        let length = head.lines().find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")?
                .parse()
                .ok()
        });
        if count == 0 || body.len() >= length.unwrap_or(0) {
            return seen;
        }
    }
}

pub(crate) async fn write(socket: &mut TcpStream, text: &str) {
    socket.write_all(text.as_bytes()).await.unwrap();
    socket.flush().await.unwrap();
}

/// A whole answer with this JSON.
pub(crate) fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

#[derive(Debug, PartialEq, serde::Deserialize)]
pub(crate) struct Row {
    pub(crate) id: String,
}

pub(crate) fn row() -> Request<Row> {
    Request::get("rows.get", Service::Graph, path!["rows", "1"])
}

pub(crate) fn rows() -> Request<msp365_core::Page<Row>> {
    Request::list("rows.list", Service::Graph, path!["rows"])
}

pub(crate) fn create() -> Request<Row> {
    Request::post("rows.create", Service::Graph, path!["rows"]).json(serde_json::json!({ "name": "Ada" }))
}

pub(crate) fn ada() -> Answer {
    Answer::text(200, &[], r#"{"id":"ada"}"#)
}

pub(crate) fn status(status: u16) -> Answer {
    Answer::text(status, &[], "")
}

pub(crate) fn busy(seconds: &str) -> Answer {
    Answer::text(429, &[("retry-after", seconds)], "")
}
