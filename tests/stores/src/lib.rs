//! What the tests of stores share.
#![allow(
    clippy::missing_panics_doc,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "it is part of tests: it fails by panicking, and says why it does nothing"
)]

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use tokio_postgres::NoTls;

const SERVER: &str = "postgres://postgres@127.0.0.1:5432/test";

/// A schema of its own for one test, on the server of `MSP365_TEST_POSTGRES` or the one on this machine.
#[derive(Debug)]
pub struct Schema {
    server: String,
    name: String,
}

impl Schema {
    /// A new one, or `None` where no server answers, with a line that says so.
    pub async fn new() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("MSP365_TEST_POSTGRES").unwrap_or_else(|_| SERVER.to_owned());
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("msp365_{}_{number}", std::process::id());
        let schema = Self { server, name };
        if let Err(error) = schema.run(&format!("CREATE SCHEMA {}", schema.name)).await {
            eprintln!("skipped: no PostgreSQL at {} ({error})", schema.server);
            return None;
        }
        Some(schema)
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
        let mut config: tokio_postgres::Config = self.server.parse()?;
        config.connect_timeout(Duration::from_secs(3));
        let (client, connection) = config.connect(NoTls).await?;
        let running = tokio::spawn(connection);
        let done = client
            .batch_execute(&format!("SET search_path = {}; {sql}", self.name))
            .await;
        drop(client);
        let _ = running.await;
        done
    }

    /// Removes it.
    pub async fn drop_it(self) {
        self.run(&format!("DROP SCHEMA {} CASCADE", self.name))
            .await
            .unwrap();
    }
}
