//! A store in one SQLite file.

mod count;
mod directory;
mod find;
mod functions;
mod journal;
mod matches;
mod open;
mod page;
mod pass;
mod plans;
mod records;
mod roles;
mod rows;
mod seen;
mod signed_in;
mod tail;
mod tenants;
#[cfg(test)]
mod tests;
mod threads;
mod vault;
mod viewed;

use std::{fmt, path::Path};

use msp365_core::TenantId;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow};
use threads::Threads;

use crate::{
    Error, Result,
    query::engine::{Index, Limits},
    row::{Cell, Column},
};

/// Remembers in one SQLite file, through a write-ahead log.
///
/// One thread of its own writes, in large transactions; two read, so a reader never waits for a writer. Other processes
/// may open the same file; a writer waits up to ten seconds for its turn. Tokens are on the disk when storing them
/// returns; rows outlive the process at once, and a power cut may cost the last transactions, never part of one.
///
/// Dropping a future of this store does not cut its transaction: it happens as a whole or not at all.
pub struct SqliteStore {
    threads: Threads,
    limits: Limits,
}

impl SqliteStore {
    /// Opens the file, or makes it in a folder that exists, and brings its schema up to date.
    ///
    /// # Errors
    /// `Storage` if the folder is absent, the file cannot be written, is not an msp365 database, is damaged or was
    /// written by a newer version. The file is left as it was.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let opened = tokio::task::spawn_blocking(move || open::open(&path));
        let connections = opened.await.map_err(|_| Error::Closed)??;
        Ok(Self {
            threads: Threads::start(connections)?,
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
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SqliteStore")
    }
}

/// What a statement or the rule around it can end in.
#[derive(Debug)]
enum Failure {
    Sql(rusqlite::Error),
    Store(Error),
    /// A question needs an index that is not there.
    Missing(Box<Index>),
}

impl Failure {
    fn while_doing(self, doing: &'static str) -> Error {
        match self {
            Self::Sql(source) => Error::Statement {
                doing,
                source: source.into(),
            },
            Self::Store(error) => error,
            // It is made, and the question is asked again, before this could be seen.
            Self::Missing(_) => Error::Closed,
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

type Done<T> = std::result::Result<T, Failure>;

/// The number and epoch of a tenant.
fn known(connection: &Connection, tenant: &TenantId) -> Done<(i64, i64)> {
    connection
        .prepare_cached("SELECT row, epoch FROM tenants WHERE id = ?1")?
        .query_row([tenant.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or(Failure::Store(Error::UnknownTenant { tenant: *tenant }))
}

/// A column of ours out of a row of the database.
fn value<T: Column>(row: &SqlRow<'_>, at: usize, column: &'static str) -> Done<T> {
    T::from_cell(Cell::stored(row.get_ref(at)?, column)?).ok_or(Failure::Store(Error::Value { column }))
}

fn tenant_id(row: &SqlRow<'_>, at: usize) -> Done<TenantId> {
    let id: String = row.get(at)?;
    id.parse()
        .map_err(|_| Failure::Store(Error::Value { column: "tenant" }))
}

fn json(text: &str, column: &'static str) -> Done<serde_json::Value> {
    serde_json::from_str(text).map_err(|_| Failure::Store(Error::Value { column }))
}

/// How many rows, as it is counted outside databases.
fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// How many rows, as databases take it.
fn limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl<'a> Cell<'a> {
    fn stored(value: rusqlite::types::ValueRef<'a>, column: &'static str) -> Done<Self> {
        use rusqlite::types::ValueRef;
        match value {
            ValueRef::Null => Ok(Self::Null),
            ValueRef::Integer(number) => Ok(Self::Integer(number)),
            ValueRef::Text(text) => std::str::from_utf8(text)
                .map(|text| Self::Text(text.into()))
                .map_err(|_| Failure::Store(Error::Value { column })),
            ValueRef::Real(_) | ValueRef::Blob(_) => Err(Failure::Store(Error::Value { column })),
        }
    }
}

impl rusqlite::ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, Value, ValueRef};
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Value::Null),
            Self::Integer(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}
