//! Several programs on one vault.

use std::{sync::Mutex, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use msp365_core::{Clock, Reply, Transport, TransportError, manual::Answer};

use super::*;

/// A service that takes each refresh token once, and gives another with each answer.
#[derive(Default)]
struct Strict {
    state: Mutex<(u32, Vec<String>)>,
}

impl Strict {
    fn redeemed(&self) -> u32 {
        self.state.lock().unwrap().0
    }

    fn refused(&self) -> usize {
        let state = self.state.lock().unwrap();
        state.1.len() - state.0 as usize
    }
}

#[async_trait]
impl Transport for Strict {
    async fn send(&self, request: http::Request<Bytes>) -> Result<Reply, TransportError> {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        let form: HashMap<String, String> =
            url::form_urlencoded::parse(request.body()).into_owned().collect();
        let mut state = self.state.lock().unwrap();
        let given = form["refresh_token"].clone();
        let is_spent = state.1.contains(&given);
        state.1.push(given);
        let answer = if is_spent {
            refused(70_000)
        } else {
            state.0 += 1;
            let next = json!(format!("canary-refresh-{}", state.0));
            granted_with(&format!("canary-access-{}", state.0), &[("refresh_token", next)])
        };
        match answer {
            Answer::Reply(reply) => Ok(reply),
            _ => unreachable!("the answers here are replies"),
        }
    }
}

/// A clock that lets others work while somebody sleeps, and goes on by a tenth of that time.
struct Ticking(ManualClock);

#[async_trait]
impl Clock for Ticking {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }

    async fn sleep(&self, span: Duration) {
        self.0.advance(span / 10);
        tokio::task::yield_now().await;
    }
}

async fn workers(count: usize, service: &Arc<Strict>) -> (Vec<Arc<PartnerTokens>>, Arc<Ticking>) {
    let clock = Arc::new(Ticking(ManualClock::at(testing::noon())));
    let vault = testing::vault(&Arc::default());
    vault.save_connection(&testing::connection()).await.unwrap();
    let make = |_| {
        Arc::new(PartnerTokens::new(
            testing::exchange(service, &clock),
            testing::partner(),
            vault.clone(),
        ))
    };
    ((0..count).map(make).collect(), clock)
}

async fn all(workers: &[Arc<PartnerTokens>], wanted: &TokenRequest) -> Vec<String> {
    let tasks: Vec<_> = (0..64)
        .map(|number| {
            let (tokens, wanted) = (Arc::clone(&workers[number % workers.len()]), wanted.clone());
            tokio::spawn(async move { tokens.token(&wanted).await })
        })
        .collect();
    let mut got = Vec::new();
    for task in tasks {
        got.push(task.await.unwrap().unwrap().secret.expose_secret().to_owned());
    }
    got
}

#[tokio::test]
async fn f148_of_four_workers_one_asks_and_all_use_what_it_brought() {
    let service = Arc::new(Strict::default());
    let (workers, _) = workers(4, &service).await;
    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);

    for round in 1..=10 {
        let got = all(
            &workers,
            &if round == 1 {
                wanted.clone()
            } else {
                wanted.clone().fresh(None)
            },
        )
        .await;

        assert_eq!(got, vec![format!("canary-access-{round}"); 64]);
        assert_eq!((service.redeemed(), service.refused()), (round, 0));
    }
}

#[tokio::test]
async fn f148_tenants_of_a_service_that_takes_a_token_once_are_served_in_turn() {
    let service = Arc::new(Strict::default());
    let (workers, _) = workers(4, &service).await;
    let tenants: Vec<TenantId> = (0..16)
        .map(|number| {
            format!("44444444-0000-4000-8000-0000000000{number:02}")
                .parse()
                .unwrap()
        })
        .collect();
    let first = TokenRequest::new(testing::customer(), Audience::Graph);
    all(&workers, &first).await;

    let mut tasks = Vec::new();
    for (number, tenant) in tenants.iter().enumerate() {
        let (tokens, wanted) = (
            Arc::clone(&workers[number % 4]),
            TokenRequest::new(*tenant, Audience::Graph),
        );
        tasks.push(tokio::spawn(async move { tokens.token(&wanted).await.map(drop) }));
    }
    let mut failed = 0;
    for task in tasks {
        failed += usize::from(task.await.unwrap().is_err());
    }

    assert_eq!((failed, service.redeemed()), (0, 17));
}

#[tokio::test]
async fn f148_a_worker_that_died_on_its_turn_is_replaced() {
    let service = Arc::new(Strict::default());
    let (workers, clock) = workers(2, &service).await;
    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);
    // Dropped while the service thinks about it.
    let doomed = workers[0].token(&wanted);
    tokio::select! {
        biased;
        () = async { for _ in 0..5 { tokio::task::yield_now().await } } => {}
        _ = doomed => panic!("the service was quicker"),
    }
    assert_eq!(service.redeemed(), 0);
    let began = clock.now();

    workers[1].token(&wanted).await.unwrap();

    let span = clock.now().duration_since(began);
    assert!(span.as_secs() >= 29 && span.as_secs() <= 31, "{span}");
    assert_eq!(service.redeemed(), 1);
}

#[tokio::test]
async fn f151_a_worker_whose_clock_is_a_little_ahead_is_believed() {
    let service = Arc::new(Strict::default());
    let vault = testing::vault(&Arc::default());
    vault.save_connection(&testing::connection()).await.unwrap();
    let at = |seconds: i64| {
        let now = testing::noon() + jiff::SignedDuration::from_secs(seconds);
        let exchange = testing::exchange(&service, &Arc::new(Ticking(ManualClock::at(now))));
        PartnerTokens::new(exchange, testing::partner(), vault.clone())
    };
    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);

    for (seconds, redeemed) in [(8, 1), (0, 1), (-3, 2)] {
        at(seconds).token(&wanted).await.unwrap();
        assert_eq!(service.redeemed(), redeemed, "{seconds}");
    }
}

#[tokio::test]
async fn a_program_started_again_goes_on_with_the_token_of_the_last_one() {
    let service = Arc::new(Strict::default());
    let (workers, clock) = workers(2, &service).await;
    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);
    workers[0].token(&wanted).await.unwrap();

    workers[1].token(&wanted).await.unwrap();
    assert_eq!(service.redeemed(), 1);

    clock.0.advance(Duration::from_hours(2));
    workers[1].token(&wanted).await.unwrap();
    assert_eq!(service.redeemed(), 2);
}

#[tokio::test]
async fn f140_a_token_from_before_a_consent_is_dropped_for_all_workers() {
    let service = Arc::new(Strict::default());
    let (workers, _) = workers(2, &service).await;
    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);
    workers[0].token(&wanted).await.unwrap();

    workers[0].forget(testing::customer()).await;
    workers[1].token(&wanted).await.unwrap();

    assert_eq!(service.redeemed(), 2);
}
