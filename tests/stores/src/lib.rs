//! What the tests of stores share.
#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "it is part of tests: it fails by panicking"
)]

use std::{
    fmt::Write as _,
    fs,
    path::PathBuf,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use libtest_mimic::Trial;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, Config, NoTls, config::Host};

const SERVER: &str = "postgres://postgres@127.0.0.1:5432/test";
/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// A test in a new schema of its own, which is removed at its end. Where no server answers, it is reported as ignored
/// with the reason; whether one does is asked when the tests are run, never when they are built.
pub fn on_postgres(name: &str, test: impl AsyncFnOnce(&Schema) + Send + 'static) -> Trial {
    let run = async move || {
        let schema = Schema::new().await;
        test(&schema).await;
        if let Some(folder) = recorded() {
            fs::write(folder.join(format!("{}.db", schema.name)), schema.dump().await).unwrap();
        }
        schema.drop_it().await;
    };
    with_server(name, run)
}

/// A test that makes its schemas itself, reported as ignored like one of [`on_postgres`].
pub fn with_server(name: &str, test: impl AsyncFnOnce() + Send + 'static) -> Trial {
    unless(missing(), plain(name, test))
}

/// A test that is reported as ignored where something is missing: what, in words.
pub fn unless(missing: Option<String>, trial: Trial) -> Trial {
    match missing {
        None => trial,
        Some(why) => trial.with_kind(why).with_ignored_flag(true),
    }
}

/// A test that needs nothing of the machine.
pub fn plain(name: &str, test: impl AsyncFnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        runtime().block_on(test());
        Ok(())
    })
}

/// What tests and the programs they start run on.
pub fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// Why there is no server, if there is none.
pub fn missing() -> Option<String> {
    static ANSWER: OnceLock<Option<String>> = OnceLock::new();
    let ask = || {
        let answer = runtime().block_on(async { connect(&server()).await.map(drop) });
        answer.err().map(|_| format!("no PostgreSQL at {}", place()))
    };
    ANSWER.get_or_init(ask).clone()
}

fn server() -> String {
    std::env::var("MSP365_TEST_POSTGRES").unwrap_or_else(|_| SERVER.to_owned())
}

/// Hosts and ports alone: the address may hold a password.
fn place() -> String {
    let config: Config = server().parse().unwrap_or_default();
    let mut place = String::new();
    for (at, host) in config.get_hosts().iter().enumerate() {
        let name = match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        };
        let port = config.get_ports().get(at).or(config.get_ports().first());
        let _ = write!(place, "{name}:{}", port.unwrap_or(&5432));
    }
    place
}

async fn connect(server: &str) -> Result<Client, tokio_postgres::Error> {
    let mut config: Config = server.parse()?;
    config.connect_timeout(PATIENCE);
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Where the suite is recorded, if it is.
pub fn recorded() -> Option<PathBuf> {
    std::env::var_os("MSP365_RECORD_DIR").map(PathBuf::from)
}

/// A folder for a database. Where the suite is recorded it is kept, so that it can be searched for secrets.
pub fn folder() -> TempDir {
    let made = match recorded() {
        Some(place) => tempfile::Builder::new()
            .prefix("kept-")
            .disable_cleanup(true)
            .tempdir_in(place),
        None => tempfile::tempdir(),
    };
    made.unwrap()
}

/// A schema of its own for one test, on the server of `MSP365_TEST_POSTGRES` or the one on this machine.
#[derive(Debug)]
pub struct Schema {
    server: String,
    name: String,
}

impl Schema {
    /// Makes it; [`drop_it`](Self::drop_it) removes it.
    pub async fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let schema = Self {
            server: server(),
            name: format!("msp365_{}_{number}", std::process::id()),
        };
        schema
            .run(&format!("CREATE SCHEMA {}", schema.name))
            .await
            .unwrap();
        schema
    }

    /// Its address, for a store.
    pub fn url(&self) -> String {
        format!("{}?options=-csearch_path%3D{}", self.server, self.name)
    }

    /// Runs statements in it.
    ///
    /// # Errors
    /// What the server has against them.
    pub async fn run(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        connect(&self.server)
            .await?
            .batch_execute(&format!("SET search_path = {}; {sql}", self.name))
            .await
    }

    /// All rows as text, in which bytes are hexadecimal: what is searched for secrets where the suite is recorded.
    async fn dump(&self) -> String {
        let client = connect(&self.server).await.unwrap();
        let tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = $1";
        let mut all = String::new();
        for table in client.query(tables, &[&self.name]).await.unwrap() {
            let name: String = table.get(0);
            let rows = format!("SELECT row_to_json(t)::text FROM {}.{name} t", self.name);
            for row in client.query(&rows, &[]).await.unwrap() {
                let row: String = row.get(0);
                let _ = writeln!(all, "{name} {row}");
            }
        }
        all
    }

    /// Removes it with all that is in it.
    pub async fn drop_it(self) {
        self.run(&format!("DROP SCHEMA {} CASCADE", self.name))
            .await
            .unwrap();
    }
}
