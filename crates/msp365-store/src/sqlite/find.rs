//! Lists in SQLite: the readers ask, the writer makes indexes.

use std::{
    collections::HashMap,
    pin::pin,
    task::{Context, Poll, Waker},
};

use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::{Done, Failure, SqliteStore, directory::decode, number, tenant_id, value};
use crate::{
    Error, Names, Result, RowPage, Source, TenantStatus, UserPage, UserRow,
    query::{
        Facts, Find, Hit, Read,
        engine::{self, Database, Dialect, Given, Index, IndexKind, Limits, MOST_PAIRS, PAIRS},
    },
    row::{Cell, Row},
};

/// What is found of a question, or what it needs first.
enum Found<T> {
    This(T),
    Needs(Index),
}

impl SqliteStore {
    /// Answers a question, once the indexes are there that it needs.
    pub(super) async fn found<T, F>(&self, doing: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&Connection, Limits) -> Done<T> + Send + Sync + Clone + 'static,
    {
        let limits = self.limits;
        loop {
            let work = work.clone();
            let answer = self
                .threads
                .read(doing, move |connection| match work(connection, limits) {
                    Ok(found) => Ok(Found::This(found)),
                    Err(Failure::Missing(index)) => Ok(Found::Needs(*index)),
                    Err(failure) => Err(failure),
                })
                .await?;
            match answer {
                Found::This(found) => return Ok(found),
                Found::Needs(index) => {
                    self.threads
                        .write("make an index", move |connection| make(connection, &index))
                        .await?;
                }
            }
        }
    }
}

pub(super) fn users(connection: &Connection, limits: Limits, find: &Find) -> Done<UserPage> {
    let facts = facts(connection)?;
    let (hits, is_more) = hits(connection, limits, &facts, find)?;
    let read = rows_at::<UserRow, _>(
        connection,
        &hits,
        "roles, last_sign_in_at, last_successful_sign_in_at, ",
        |row| {
            Ok(Read {
                tenant: row.get(1)?,
                roles: value::<Names>(row, 2, "roles")?,
                sign_ins: (
                    value(row, 3, "last_sign_in_at")?,
                    value(row, 4, "last_successful_sign_in_at")?,
                ),
                user: decode(row, 5)?,
            })
        },
    )?;
    Ok(UserPage::of(find, &facts, (&hits, is_more), read))
}

pub(super) fn list<R: Row>(connection: &Connection, limits: Limits, find: &Find) -> Done<RowPage> {
    let facts = facts(connection)?;
    let (hits, is_more) = hits(connection, limits, &facts, find)?;
    let rows = rows_at::<R, _>(connection, &hits, "", |row| {
        Ok((row.get(1)?, decode::<R>(row, 2)?))
    })?;
    Ok(RowPage::of(find, &facts, (&hits, is_more), rows))
}

pub(super) fn count(connection: &Connection, limits: Limits, find: &Find, most: u64) -> Done<(u64, bool)> {
    let facts = facts(connection)?;
    at_once(engine::count(&Asked { connection, limits }, &facts, find, most))
}

fn hits(connection: &Connection, limits: Limits, facts: &[Facts], find: &Find) -> Done<(Vec<Hit>, bool)> {
    at_once(engine::hits(&Asked { connection, limits }, facts, find))
}

/// What lists know of tenants.
fn facts(connection: &Connection) -> Done<Vec<Facts>> {
    let mut select = connection
        .prepare_cached("SELECT row, id, name, status, reason, selected FROM tenants ORDER BY row")?;
    let mut found = select.query([])?;
    let mut facts: Vec<Facts> = Vec::new();
    while let Some(row) = found.next()? {
        facts.push(Facts {
            number: row.get(0)?,
            id: tenant_id(row, 1)?,
            name: row.get(2)?,
            status: TenantStatus::named(&row.get::<_, String>(3)?)
                .ok_or(Failure::Store(Error::Value { column: "status" }))?,
            reason: row.get(4)?,
            selected: row.get(5)?,
            streams: Vec::new(),
        });
    }
    let mut select = connection.prepare_cached(
        "SELECT tenant, resource, fresh_as_of, stale_because FROM streams ORDER BY tenant, resource",
    )?;
    let mut found = select.query([])?;
    while let Some(row) = found.next()? {
        let number: i64 = row.get(0)?;
        let place = facts.binary_search_by_key(&number, |facts| facts.number);
        if let Some(of) = place.ok().and_then(|at| facts.get_mut(at)) {
            of.streams.push(Source {
                tenant_id: of.id,
                resource: super::directory::resource(row.get(1)?)?,
                fresh_as_of: value(row, 2, "fresh_as_of")?,
                stale_because: row.get(3)?,
            });
        }
    }
    Ok(facts)
}

/// The rows that were found, in the same order.
fn rows_at<R: Row, T>(
    connection: &Connection,
    hits: &[Hit],
    before: &str,
    read: impl Fn(&rusqlite::Row<'_>) -> Done<T>,
) -> Done<Vec<T>> {
    let numbers: Vec<i64> = hits.iter().map(|hit| hit.row).collect();
    let mut select = connection.prepare_cached(&format!(
        "SELECT row, tenant, {before}{} FROM {} WHERE row IN (SELECT value FROM json_each(?1))",
        R::COLUMNS.join(", "),
        R::RESOURCE.as_str(),
    ))?;
    let mut found = select.query([serde_json::Value::from(numbers).to_string()])?;
    let mut rows = HashMap::with_capacity(hits.len());
    while let Some(row) = found.next()? {
        rows.insert(row.get::<_, i64>(0)?, read(row)?);
    }
    Ok(hits.iter().filter_map(|hit| rows.remove(&hit.row)).collect())
}

/// A database that a reader asks.
struct Asked<'c> {
    connection: &'c Connection,
    limits: Limits,
}

#[expect(clippy::future_not_send, reason = "it never waits")]
impl Database for Asked<'_> {
    type Error = Failure;

    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    async fn ask(&self, sql: &str, given: &[Given]) -> Done<Vec<Vec<Cell<'static>>>> {
        let mut select = self.connection.prepare_cached(sql)?;
        let width = select.column_count();
        let mut found = select.query(params_from_iter(given.iter().map(cell)))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let cells = (0..width).map(|at| Ok(owned(Cell::stored(row.get_ref(at)?, "sort key")?)));
            rows.push(cells.collect::<Done<_>>()?);
        }
        Ok(rows)
    }

    async fn ensure(&self, index: &Index) -> Done<bool> {
        let found = self
            .connection
            .prepare_cached("SELECT 1 FROM sqlite_schema WHERE name = ?1")?
            .query_row([index.name()], |_| Ok(()))
            .optional()?;
        if found.is_some() {
            return Ok(true);
        }
        if index.is_of_pair() {
            let pairs: i64 = self
                .connection
                .prepare_cached("SELECT count(*) FROM sqlite_schema WHERE substr(name, 1, length(?1)) = ?1")?
                .query_row([PAIRS], |row| row.get(0))?;
            if pairs >= MOST_PAIRS {
                return Ok(false);
            }
        }
        Err(Failure::Missing(Box::new(*index)))
    }
}

fn owned(cell: Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Null => Cell::Null,
        Cell::Integer(number) => Cell::Integer(number),
        Cell::Text(text) => Cell::Text(text.into_owned().into()),
    }
}

fn cell(given: &Given) -> Cell<'_> {
    match given {
        Given::Integer(number) => Cell::Integer(*number),
        Given::Text(text) => Cell::Text(text.as_str().into()),
        Given::Integers(numbers) => {
            Cell::Text(serde_json::Value::from(numbers.as_slice()).to_string().into())
        }
        Given::Texts(texts) => Cell::Text(serde_json::Value::from(texts.as_slice()).to_string().into()),
    }
}

/// The answer of what never waits.
fn at_once<T>(answer: impl Future<Output = Done<T>>) -> Done<T> {
    match pin!(answer).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => Err(Failure::Store(Error::Closed)),
    }
}

/// Makes an index; where another process was first, there is nothing to do.
fn make(connection: &Connection, index: &Index) -> Done<()> {
    let (name, table, over) = (index.name(), index.resource.as_str(), index.over(Dialect::Sqlite));
    let IndexKind::Grams(field) = index.kind else {
        connection.execute_batch(&format!("CREATE INDEX IF NOT EXISTS {name} ON {table} ({over})"))?;
        return Ok(());
    };
    let exists: i64 = connection.query_row(
        "SELECT count(*) FROM sqlite_schema WHERE name = ?1",
        [&name],
        |row| row.get(0),
    )?;
    if number(exists) > 0 {
        return Ok(());
    }
    let columns = field.columns().join(", ");
    // Two characters that stand in no pattern end each text, so that each of its own begins a run of three.
    let text = format!("{over} || char(2) || char(2)");
    let add = format!("INSERT INTO {name} (rowid, text) SELECT row, {text} FROM {table} WHERE row = new.row");
    // It keeps no text of its own, and no places: what it finds is looked at again.
    connection.execute_batch(&format!(
        "CREATE VIRTUAL TABLE {name} USING fts5 (text, content='', contentless_delete=1, detail=none,
            tokenize='trigram case_sensitive 1');
         CREATE VIRTUAL TABLE {name}_terms USING fts5vocab ({name}, row);
         INSERT INTO {name} (rowid, text) SELECT row, {text} FROM {table};
         CREATE TRIGGER {name}_added AFTER INSERT ON {table} BEGIN {add}; END;
         CREATE TRIGGER {name}_changed AFTER UPDATE OF {columns} ON {table}
            BEGIN DELETE FROM {name} WHERE rowid = old.row; {add}; END;
         CREATE TRIGGER {name}_removed AFTER DELETE ON {table}
            BEGIN DELETE FROM {name} WHERE rowid = old.row; END;"
    ))?;
    Ok(())
}

/// Removes the indexes that may keep parts of what they once held.
pub(super) fn forget(connection: &Connection) -> Done<()> {
    let mut select = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE find\\_%' ESCAPE '\\'",
    )?;
    let names: Vec<String> = select
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for name in names {
        for what in ["added", "changed", "removed"] {
            connection.execute_batch(&format!("DROP TRIGGER IF EXISTS {name}_{what}"))?;
        }
        connection.execute_batch(&format!("DROP TABLE {name}"))?;
    }
    Ok(())
}
