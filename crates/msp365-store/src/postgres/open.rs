//! Reaching the server, and bringing the schema up to date.

use std::str::FromStr;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::{Config, NoTls, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::Failure;
use crate::{Error, Result, open::hidden};

/// Connections at most: a page for each of the tenants that are read at a time, and some readers.
const CONNECTIONS: usize = 16;
/// How long a connection, or a free one, is waited for.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);
/// `msp3` in ASCII: whose lock it is.
const LOCK: i32 = 0x6d73_7033;

const MIGRATIONS: [&str; 4] = [
    include_str!("../../migrations/postgres/0001_start.sql"),
    include_str!("../../migrations/postgres/0002_plans.sql"),
    include_str!("../../migrations/postgres/0003_finding.sql"),
    include_str!("../../migrations/postgres/0005_plans.sql"),
];

pub(super) async fn open(url: &str) -> Result<Pool> {
    let mut config = Config::from_str(url).map_err(|_| Error::Address { url: hidden(url) })?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(PATIENCE);
    }
    config.application_name("msp365");
    let failed = |failure: Failure| opening(url, failure);
    let manager = manager(config).map_err(|source| Error::Open {
        path: hidden(url),
        source: source.into(),
    })?;
    let pool = Pool::builder(manager)
        .max_size(CONNECTIONS)
        .wait_timeout(Some(PATIENCE))
        .create_timeout(Some(PATIENCE))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|source| Error::Open {
            path: hidden(url),
            source: source.into(),
        })?;
    migrate(&pool, url).await.map_err(failed)?;
    Ok(pool)
}

fn manager(config: Config) -> std::result::Result<Manager, rustls::Error> {
    let recycling = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let is_plain = match config.get_ssl_mode() {
        SslMode::Disable => true,
        SslMode::Require => false,
        // What does not leave the machine needs no certificate.
        _ => is_near(&config),
    };
    if is_plain {
        return Ok(Manager::from_config(config, NoTls, recycling));
    }
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Ok(Manager::from_config(
        config,
        MakeRustlsConnect::new(tls),
        recycling,
    ))
}

/// Whether the server is on this machine.
fn is_near(config: &Config) -> bool {
    use tokio_postgres::config::Host;
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            let ip = name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
            ip || name == "localhost"
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

fn opening(url: &str, failure: Failure) -> Error {
    let path = hidden(url);
    match failure {
        Failure::Sql(source) => Error::Open {
            path,
            source: source.into(),
        },
        Failure::Pool(source) => Error::Open {
            path,
            source: source.into(),
        },
        Failure::Store(error) => error,
    }
}

/// One process at a time; the others find the work done.
async fn migrate(pool: &Pool, url: &str) -> super::Done<()> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    transaction
        .execute(
            "SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))",
            &[&LOCK],
        )
        .await?;
    let version = version(&transaction, url).await?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if version > known {
        return Err(Failure::Store(Error::Newer {
            path: hidden(url),
            found: version,
            known,
        }));
    }
    for (number, statements) in (1_i64..).zip(MIGRATIONS) {
        if version < number {
            transaction.batch_execute(statements).await?;
            transaction
                .execute("UPDATE msp365_schema SET version = $1", &[&number])
                .await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// The version of our schema; a schema that is empty is made ours.
async fn version(transaction: &deadpool_postgres::Transaction<'_>, url: &str) -> super::Done<i64> {
    let present = transaction
        .query_one(
            "SELECT count(*), count(*) FILTER (WHERE tablename = 'msp365_schema') FROM pg_tables
             WHERE schemaname = current_schema()",
            &[],
        )
        .await?;
    let (tables, ours): (i64, i64) = (present.try_get(0)?, present.try_get(1)?);
    if ours == 1 {
        let row = transaction
            .query_one("SELECT version FROM msp365_schema", &[])
            .await?;
        return Ok(row.try_get(0)?);
    }
    if tables > 0 {
        return Err(Failure::Store(Error::NotOurs { path: hidden(url) }));
    }
    transaction
        .batch_execute(
            "CREATE TABLE msp365_schema (version BIGINT NOT NULL); INSERT INTO msp365_schema VALUES (0)",
        )
        .await?;
    Ok(0)
}
