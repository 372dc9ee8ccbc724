//! Many tasks and workers at once.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use msp365_core::{
    Audience, Clock, Reply, TokenError, TokenRequest, TokenSource, Transport, TransportError,
    manual::{Answer, ScriptedTransport},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{granted, granted_with, refused};
use crate::{
    PartnerTokens, TokenVault,
    testing::{self, CLIENT, MemoryVault},
    vault::Slot,
};

/// A service that takes its time, and lets others store something meanwhile.
struct Slow {
    answers: ScriptedTransport,
    meanwhile: Mutex<Option<(TokenVault, SecretString)>>,
}

#[async_trait]
impl Transport for Slow {
    async fn send(&self, request: http::Request<Bytes>) -> Result<Reply, TransportError> {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some((vault, next)) = meanwhile {
            let slot = Slot::new("https://login.microsoftonline.com", testing::partner(), CLIENT);
            let stored = vault.load(&slot).await.unwrap().unwrap();
            vault.rotate(&slot, &stored, next).await.unwrap();
        }
        self.answers.send(request).await
    }
}

async fn slow(
    script: Vec<Answer>,
    meanwhile: Option<&str>,
) -> (Arc<Slow>, Arc<PartnerTokens>, Arc<MemoryVault>) {
    let kept: Arc<MemoryVault> = Arc::default();
    let vault = testing::vault(&kept);
    vault.save_connection(&testing::connection()).await.unwrap();
    let service = Arc::new(Slow {
        answers: ScriptedTransport::new(script),
        meanwhile: Mutex::new(meanwhile.map(|next| (vault.clone(), next.into()))),
    });
    let exchange = testing::exchange(&service, &testing::clock());
    let tokens = PartnerTokens::new(exchange, testing::partner(), vault);
    (service, Arc::new(tokens), kept)
}

async fn all_at_once(tokens: &Arc<PartnerTokens>, wanted: &TokenRequest) -> Vec<String> {
    let mut tasks = Vec::new();
    for _ in 0..64 {
        let (tokens, wanted) = (Arc::clone(tokens), wanted.clone());
        tasks.push(tokio::spawn(async move { tokens.token(&wanted).await.unwrap() }));
    }
    let mut got = Vec::new();
    for task in tasks {
        got.push(task.await.unwrap().secret.expose_secret().to_owned());
    }
    got
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f148_sixty_four_tasks_make_one_redemption() {
    let (service, tokens, _) = slow(vec![granted("a"), granted("b")], None).await;
    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);

    let got = all_at_once(&tokens, &wanted).await;

    assert_eq!(
        (got, service.answers.asked().len()),
        (vec!["a".to_owned(); 64], 1)
    );
}

#[tokio::test]
async fn f148_tasks_that_were_refused_the_same_token_share_the_next() {
    let (service, tokens, _) = slow(vec![granted("a"), granted("b"), granted("c")], None).await;
    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);
    tokens.token(&wanted).await.unwrap();

    let got = all_at_once(&tokens, &wanted.fresh(None)).await;

    assert_eq!(
        (got, service.answers.asked().len()),
        (vec!["b".to_owned(); 64], 2)
    );
}

#[tokio::test]
async fn f148_the_refresh_token_of_the_faster_worker_stays() {
    let answer = granted_with("a", &[("refresh_token", json!("canary-slower"))]);
    let (_, tokens, kept) = slow(vec![answer], Some("canary-faster")).await;

    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);
    tokens.token(&wanted).await.unwrap();

    let stored = testing::vault(&kept)
        .load_connection("https://login.microsoftonline.com", testing::partner(), CLIENT)
        .await;
    assert_eq!(
        stored.unwrap().unwrap().refresh_token.expose_secret(),
        "canary-faster"
    );
}

#[tokio::test]
async fn f148_a_refresh_token_that_another_worker_used_up_is_read_again() {
    let (service, tokens, _) = slow(vec![refused(70_000), granted("a")], Some("canary-newer")).await;

    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);
    let token = tokens.token(&wanted).await.unwrap();

    assert_eq!(token.secret.expose_secret(), "a");
    let body = service.answers.body(1).unwrap();
    assert!(body.windows(12).any(|part| part == b"canary-newer"));
}

/// A clock during whose waits another worker stores the next refresh token, as often as this says.
struct Worker {
    vault: TokenVault,
    turns: AtomicU32,
}

impl Worker {
    async fn store(&self, next: &str) {
        let slot = Slot::new("https://login.microsoftonline.com", testing::partner(), CLIENT);
        let stored = self.vault.load(&slot).await.unwrap().unwrap();
        self.vault.rotate(&slot, &stored, next.into()).await.unwrap();
    }
}

#[async_trait]
impl Clock for Worker {
    fn now(&self) -> Timestamp {
        testing::noon()
    }

    async fn sleep(&self, _span: Duration) {
        let left = self.turns.load(Ordering::SeqCst);
        if left > 0 {
            self.turns.store(left - 1, Ordering::SeqCst);
            self.store(&format!("canary-turn-{left}")).await;
        }
    }
}

async fn beside_a_worker(
    turns: u32,
    script: Vec<Answer>,
) -> (Result<String, TokenError>, Arc<ScriptedTransport>) {
    let vault = testing::vault(&Arc::default());
    vault.save_connection(&testing::connection()).await.unwrap();
    let transport = Arc::new(ScriptedTransport::new(script));
    let clock = Arc::new(Worker {
        vault: vault.clone(),
        turns: AtomicU32::new(turns),
    });
    let tokens = PartnerTokens::new(testing::exchange(&transport, &clock), testing::partner(), vault);
    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);
    let first = tokens.token(&wanted).await;
    let got = match first {
        // Whatever else happened, the sign-in is not given up: the next tenant asks.
        Err(error) if error.code == "overtaken" => {
            let other = TokenRequest::new(testing::other_customer(), Audience::Graph);
            tokens.token(&other).await
        }
        first => first,
    };
    (
        got.map(|token| token.secret.expose_secret().to_owned()),
        transport,
    )
}

#[tokio::test]
async fn f148_a_spent_refresh_token_is_given_time_to_be_replaced() {
    let (got, transport) = beside_a_worker(1, vec![refused(70_000), granted("a")]).await;

    assert_eq!(got.unwrap(), "a");
    assert!(
        transport
            .body(1)
            .unwrap()
            .windows(13)
            .any(|part| part == b"canary-turn-1")
    );
}

#[tokio::test]
async fn f148_a_worker_that_is_always_late_does_not_give_the_sign_in_up() {
    let script = vec![refused(70_000), refused(70_000), refused(70_000), granted("b")];

    let (got, transport) = beside_a_worker(3, script).await;

    assert_eq!((got.unwrap().as_str(), transport.asked().len()), ("b", 4));
}

#[tokio::test]
async fn f135_a_refresh_token_that_nobody_replaced_is_dead() {
    let (got, transport) = beside_a_worker(0, vec![refused(70_000)]).await;

    assert_eq!(
        (got.unwrap_err().code.as_str(), transport.asked().len()),
        ("AADSTS70000", 1)
    );
}
