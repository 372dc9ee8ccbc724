//! Four programs with sixty-four tasks each renew the tokens of one sign-in, whose refresh tokens count once.
//!
//! The programs are this very test, started with [`ORDERS`].

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    io::{BufRead, Write},
    path::Path,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use msp365::{
    Endpoints, Msp365,
    auth::{App, Exchange, PartnerTokens, StaticKeyRing, SystemRandom, TokenVault, VaultKey},
    client::{HttpTransport, SystemClock},
    core::{Audience, Clock, TokenRequest, TokenSource},
    sim::{self, Server, Sim},
    store,
};
use msp365_stores::Schema;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

/// Where a program finds what it is to do.
pub(crate) const ORDERS: &str = "MSP365_TEST_ORDERS";
const PROGRAMS: usize = 4;
const TASKS: usize = 64;
/// How many services the tasks of a round want tokens for, round by round.
const ROUNDS: [usize; 8] = [1, 1, 1, 1, 2, 2, 2, 2];
const SERVICES: [Audience; 2] = [Audience::Graph, Audience::PartnerCenter];

fn ring() -> Arc<StaticKeyRing> {
    Arc::new(StaticKeyRing::new(VaultKey::from_bytes("test", [7; 32])))
}

/// The time of the system, and the hours that passed between the rounds.
struct Later(AtomicI64);

#[async_trait]
impl Clock for Later {
    fn now(&self) -> Timestamp {
        SystemClock.now() + SignedDuration::from_hours(self.0.load(Ordering::SeqCst))
    }

    async fn sleep(&self, span: Duration) {
        SystemClock.sleep(span).await;
    }
}

/// Opens the database, connects, and lets four programs renew.
async fn renewals(url: &str) {
    let server = Sim::seeded(7)
        .customers(1)
        .users_each(3)
        .real_time()
        .start()
        .await
        .unwrap();
    let kept = store::open(url).await.unwrap();
    let msp = Msp365::builder(sim::app(&server))
        .cloud(server.endpoints())
        .store(kept, ring())
        .build()
        .unwrap();
    let pages = HttpTransport::new().unwrap();
    let partner = server.partner_tenant();
    let consent = msp.begin_connect(partner, &server.app().redirect_uri).unwrap();
    let callback = sim::sign_in::walk(&pages, consent.url()).await.unwrap();
    msp.connect(consent, &sim::callback_query(&callback))
        .await
        .unwrap();
    let strict = server.faults().script("F148").unwrap().install();
    let orders = json!({
        "db": url, "endpoints": server.endpoints(), "partner": partner,
        "client_id": server.app().client_id, "client_secret": server.app().client_secret.expose_secret(),
    });
    let mut programs: Vec<_> = (0..PROGRAMS).map(|_| Program::start(&orders)).collect();

    let mut redeemed = redemptions(&server);
    for (round, services) in ROUNDS.into_iter().enumerate() {
        for program in &mut programs {
            program.tell(services).await;
        }
        let mut brought = BTreeSet::new();
        for program in &mut programs {
            brought.extend(program.answer().await);
        }
        // One redemption for each service, and its token with every task of every program.
        assert_eq!(brought.len(), services, "round {round}: {brought:?}");
        assert_eq!(redemptions(&server) - redeemed, services, "round {round}");
        redeemed = redemptions(&server);
    }
    for program in programs {
        program.end().await;
    }

    assert_eq!(strict.hits(), 0, "a refresh token was redeemed twice");
    // The grant is not lost: the stored refresh token is good still.
    msp.tenants().refresh().await.unwrap();
}

/// Token questions that were answered by a refresh token so far.
fn redemptions(server: &Server) -> usize {
    server.requests_by(|_, address| address.contains("/oauth2/v2.0/token"))
}

struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Program {
    fn start(orders: &Value) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .env(ORDERS, orders.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    async fn tell(&mut self, services: usize) {
        let line = format!("{services}\n");
        self.child
            .stdin
            .as_mut()
            .unwrap()
            .write_all(line.as_bytes())
            .await
            .unwrap();
    }

    /// The digests of the tokens that its tasks got.
    async fn answer(&mut self) -> Vec<u64> {
        while let Some(line) = self.lines.next_line().await.unwrap() {
            if let Some(found) = line.strip_prefix("brought ") {
                return serde_json::from_str(found).unwrap();
            }
        }
        panic!("a program ended early");
    }

    async fn end(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().await.unwrap().success());
    }
}

/// One of the programs: for each line it reads, a day passes, and all its tasks want a token at once.
#[expect(
    clippy::future_not_send,
    reason = "the thread that reads the lines waits for it"
)]
pub(crate) async fn worker() {
    let orders: Value = serde_json::from_str(&std::env::var(ORDERS).unwrap()).unwrap();
    let text = |name: &str| orders[name].as_str().unwrap();
    let endpoints: Endpoints = serde_json::from_value(orders["endpoints"].clone()).unwrap();
    let kept = store::open(text("db")).await.unwrap();
    let clock = Arc::new(Later(AtomicI64::new(0)));
    let exchange = Exchange::new(
        App::new(text("client_id"), text("client_secret").into()),
        endpoints,
        Arc::new(HttpTransport::new().unwrap()),
        Arc::clone(&clock) as Arc<dyn Clock>,
        Arc::new(SystemRandom),
    );
    let partner = text("partner").parse().unwrap();
    let vault = TokenVault::new(kept, ring(), Arc::new(SystemRandom));
    let tokens = Arc::new(PartnerTokens::new(exchange, partner, vault).single_use());
    for line in std::io::stdin().lock().lines() {
        let services: usize = line.unwrap().parse().unwrap();
        // All tokens of the last round have ended.
        clock.0.fetch_add(30, Ordering::SeqCst);
        let tasks: Vec<_> = (0..TASKS)
            .map(|number| {
                let wanted = TokenRequest::new(partner, SERVICES[number % services]);
                let tokens = Arc::clone(&tokens);
                tokio::spawn(async move { tokens.token(&wanted).await.unwrap() })
            })
            .collect();
        let mut brought = BTreeSet::new();
        for task in tasks {
            let mut digest = DefaultHasher::new();
            task.await.unwrap().secret.expose_secret().hash(&mut digest);
            brought.insert(digest.finish());
        }
        let line = format!("brought {}\n", json!(brought));
        std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
    }
}

fn sqlite(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("workers.db").display())
}

pub(crate) async fn on_sqlite() {
    let folder = msp365_stores::folder();

    renewals(&sqlite(folder.path())).await;
}

pub(crate) async fn on_postgres(schema: &Schema) {
    renewals(&schema.url()).await;
}
