//! A store in PostgreSQL, for many processes at once.

mod beside;
mod directory;
mod find;
mod journal;
mod matches;
mod open;
mod page;
mod plans;
mod records;
mod rows;
mod seen;
mod tenants;
mod text;
mod vault;

use std::fmt;

use deadpool_postgres::{GenericClient, Object, Pool, PoolError};
use msp365_core::TenantId;
use tokio_postgres::{Row as SqlRow, types::ToSql};

use crate::{Error, Result, query::engine::Limits, row::Column};

/// Remembers in one schema of a PostgreSQL database, 12 or newer.
///
/// Many processes may work on one schema: what belongs together is one transaction, a page holds the lock of its stream,
/// and a tenant's epoch cannot move while a page of it is stored. What a call has stored is on the server's disk when it
/// returns, as far as the server's `synchronous_commit` says so.
///
/// Dropping a future of this store rolls its transaction back.
pub struct PostgresStore {
    pool: Pool,
    limits: Limits,
}

impl PostgresStore {
    /// Connects to the database that an address names (`postgres://USER:PASSWORD@HOST/DATABASE`), and brings the schema
    /// up to date: the first of the search path, which may be given as `?options=-csearch_path%3DNAME`. A
    /// server elsewhere that offers TLS has to show a certificate that this machine trusts; with `?sslmode=require` every
    /// server has to.
    ///
    /// # Errors
    /// `Invalid` if the address cannot be read; `Storage` if the server is not reached, the schema holds something else,
    /// or was written by a newer version. It is left as it was.
    pub async fn open(url: &str) -> Result<Self> {
        Ok(Self {
            pool: open::open(url).await?,
            limits: Limits::default(),
        })
    }

    /// Serves lists of tables with so many rows by indexes, which are made when a filter or sort first needs them, and
    /// sorts what at most so many rows are left of; 20,000 and 6,000 unless told otherwise.
    #[must_use]
    pub const fn indexed_from(mut self, rows: u32, few: u16) -> Self {
        self.limits = Limits::new(rows, few);
        self
    }

    async fn client(&self) -> Done<Object> {
        Ok(self.pool.get().await?)
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresStore")
    }
}

/// What a statement or the rule around it can end in.
#[derive(Debug)]
enum Failure {
    Sql(tokio_postgres::Error),
    Pool(PoolError),
    Store(Error),
}

/// Makes an error of a failure while something was done.
fn during(doing: &'static str) -> impl Fn(Failure) -> Error {
    move |failure| match failure {
        Failure::Sql(source) => Error::Statement {
            doing,
            source: source.into(),
        },
        Failure::Pool(source) => Error::Statement {
            doing,
            source: source.into(),
        },
        Failure::Store(error) => error,
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<PoolError> for Failure {
    fn from(error: PoolError) -> Self {
        Self::Pool(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

type Done<T> = std::result::Result<T, Failure>;
type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// Runs a prepared statement. Answers how many rows it changed.
async fn execute(on: &impl GenericClient, sql: &str, parameters: Parameters<'_>) -> Done<u64> {
    let statement = on.prepare_cached(sql).await?;
    Ok(on.execute(&statement, parameters).await?)
}

/// The rows of a prepared statement.
async fn query(on: &impl GenericClient, sql: &str, parameters: Parameters<'_>) -> Done<Vec<SqlRow>> {
    let statement = on.prepare_cached(sql).await?;
    Ok(on.query(&statement, parameters).await?)
}

/// The row of a prepared statement, if there is one.
async fn query_one(on: &impl GenericClient, sql: &str, parameters: Parameters<'_>) -> Done<Option<SqlRow>> {
    let statement = on.prepare_cached(sql).await?;
    Ok(on.query_opt(&statement, parameters).await?)
}

/// The number and epoch of a tenant.
async fn known(on: &impl GenericClient, tenant: &TenantId) -> Done<(i64, i64)> {
    let row = query_one(
        on,
        "SELECT row, epoch FROM tenants WHERE id = $1",
        &[&tenant.to_string()],
    )
    .await?;
    numbered(row, tenant)
}

/// The same, of a tenant whose epoch stays until the transaction ends.
async fn held(on: &impl GenericClient, tenant: &TenantId) -> Done<(i64, i64)> {
    let sql = "SELECT row, epoch FROM tenants WHERE id = $1 FOR SHARE";
    let row = query_one(on, sql, &[&tenant.to_string()]).await?;
    numbered(row, tenant)
}

fn numbered(row: Option<SqlRow>, tenant: &TenantId) -> Done<(i64, i64)> {
    let row = row.ok_or(Failure::Store(Error::UnknownTenant { tenant: *tenant }))?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

fn overtaken_unless(is_current: bool, tenant: &TenantId) -> Done<()> {
    if is_current {
        Ok(())
    } else {
        Err(Failure::Store(Error::Fenced { tenant: *tenant }))
    }
}

/// A moment as it is stored, or none.
fn moment<T: Column>(row: &SqlRow, at: usize, column: &'static str) -> Done<Option<T>> {
    let number: Option<i64> = row.try_get(at)?;
    number
        .map(|number| T::from_cell(crate::row::Cell::Integer(number)))
        .map_or(Ok(None), |read| {
            read.map(Some).ok_or(Failure::Store(Error::Value { column }))
        })
}

/// A moment as a parameter.
fn stored(moment: Option<jiff::Timestamp>) -> Option<i64> {
    moment.map(jiff::Timestamp::as_microsecond)
}

fn tenant_id(text: &str) -> Done<TenantId> {
    text.parse()
        .map_err(|_| Failure::Store(Error::Value { column: "tenant" }))
}

fn json(text: &str, column: &'static str) -> Done<serde_json::Value> {
    serde_json::from_str(&text::read(text)).map_err(|_| Failure::Store(Error::Value { column }))
}

/// How many rows, as it is counted outside databases.
fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// How many rows, as databases take it.
fn limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
