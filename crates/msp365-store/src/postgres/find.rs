//! Lists in PostgreSQL.

use std::collections::HashMap;

use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::{
    Row as SqlRow,
    types::{ToSql, Type},
};

use super::{Done, Failure, PostgresStore, moment, query, query_one, rows::decode, tenant_id, text};
use crate::{
    Error, Names, Resource, RowPage, Source, TenantStatus, UserPage, UserRow,
    query::{
        Facts, Find, Hit, Read,
        engine::{self, Database, Dialect, Given, Index, IndexKind, Limits, MOST_PAIRS, PAIRS},
    },
    row::{Cell, Column, Row},
};

/// `find` in ASCII: whose lock it is.
const LOCK: i32 = 0x6669_6e64;
/// The shape of a statement says how it is meant: indexes are walked in their order, and what is few is sorted.
const AS_MEANT: &str = "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL jit = off;
    SET LOCAL max_parallel_workers_per_gather = 0";

/// The single characters of a text and its runs of two.
const SHORT_RUNS: &str = "CREATE OR REPLACE FUNCTION short_runs(text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT array(SELECT unnest(ARRAY[substr($1, i, 1), substr($1, i, 2)]) FROM generate_series(1, length($1)) i) $$";

pub(super) async fn users(store: &PostgresStore, find: &Find) -> Done<UserPage> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    let facts = facts(&transaction).await?;
    let (hits, is_more) = hits(store, &transaction, &facts, find).await?;
    let read = rows_at::<UserRow, _>(
        &transaction,
        &hits,
        "roles, last_sign_in_at, last_successful_sign_in_at, ",
        |row| {
            let roles = row.try_get::<_, Option<String>>(2)?;
            let cell = roles.map_or(Cell::Null, |roles| Cell::Text(text::owned(roles).into()));
            Ok(Read {
                tenant: row.try_get(1)?,
                roles: Names::from_cell(cell).unwrap_or_default(),
                sign_ins: (
                    moment(row, 3, "last_sign_in_at")?,
                    moment(row, 4, "last_successful_sign_in_at")?,
                ),
                user: decode(row, 5)?,
            })
        },
    )
    .await?;
    Ok(UserPage::of(find, &facts, (&hits, is_more), read))
}

pub(super) async fn list<R: Row>(store: &PostgresStore, find: &Find) -> Done<RowPage> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    let facts = facts(&transaction).await?;
    let (hits, is_more) = hits(store, &transaction, &facts, find).await?;
    let rows = rows_at::<R, _>(&transaction, &hits, "", |row| {
        Ok((row.try_get(1)?, decode::<R>(row, 2)?))
    })
    .await?;
    Ok(RowPage::of(find, &facts, (&hits, is_more), rows))
}

pub(super) async fn count(store: &PostgresStore, find: &Find, most: u64) -> Done<(u64, bool)> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    let facts = facts(&transaction).await?;
    let asked = Asked {
        store,
        transaction: &transaction,
    };
    engine::count(&asked, &facts, find, most).await
}

async fn hits(
    store: &PostgresStore,
    transaction: &Transaction<'_>,
    facts: &[Facts],
    find: &Find,
) -> Done<(Vec<Hit>, bool)> {
    transaction.batch_execute(AS_MEANT).await?;
    engine::hits(&Asked { store, transaction }, facts, find).await
}

/// What lists know of tenants.
async fn facts(on: &impl GenericClient) -> Done<Vec<Facts>> {
    let mut facts: Vec<Facts> = Vec::new();
    for row in query(
        on,
        "SELECT row, id, name, status, reason, selected FROM tenants ORDER BY row",
        &[],
    )
    .await?
    {
        facts.push(Facts {
            number: row.try_get(0)?,
            id: tenant_id(&row.try_get::<_, String>(1)?)?,
            name: text::owned(row.try_get(2)?),
            status: TenantStatus::named(&row.try_get::<_, String>(3)?)
                .ok_or(Failure::Store(Error::Value { column: "status" }))?,
            reason: row.try_get::<_, Option<String>>(4)?.map(text::owned),
            selected: row.try_get(5)?,
            streams: Vec::new(),
        });
    }
    let sql = "SELECT tenant, resource, fresh_as_of, stale_because FROM streams ORDER BY tenant, resource";
    for row in query(on, sql, &[]).await? {
        let number: i64 = row.try_get(0)?;
        let place = facts.binary_search_by_key(&number, |facts| facts.number);
        let resource = Resource::stored(row.try_get(1)?);
        if let Some(of) = place.ok().and_then(|at| facts.get_mut(at)) {
            of.streams.push(Source {
                tenant_id: of.id,
                resource: resource.ok_or(Failure::Store(Error::Value { column: "resource" }))?,
                fresh_as_of: moment(&row, 2, "fresh_as_of")?,
                stale_because: row.try_get::<_, Option<String>>(3)?.map(text::owned),
            });
        }
    }
    Ok(facts)
}

/// The rows that were found, in the same order.
async fn rows_at<R: Row, T>(
    on: &impl GenericClient,
    hits: &[Hit],
    before: &str,
    read: impl Fn(&SqlRow) -> Done<T>,
) -> Done<Vec<T>> {
    let numbers: Vec<i64> = hits.iter().map(|hit| hit.row).collect();
    let sql = format!(
        "SELECT row, tenant, {before}{} FROM {} WHERE row = ANY($1)",
        R::COLUMNS.join(", "),
        R::RESOURCE.as_str(),
    );
    let mut rows = HashMap::with_capacity(hits.len());
    for row in query(on, &sql, &[&numbers]).await? {
        rows.insert(row.try_get::<_, i64>(0)?, read(&row)?);
    }
    Ok(hits.iter().filter_map(|hit| rows.remove(&hit.row)).collect())
}

/// A database that is asked in one transaction.
struct Asked<'t> {
    store: &'t PostgresStore,
    transaction: &'t Transaction<'t>,
}

impl Database for Asked<'_> {
    type Error = Failure;

    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn limits(&self) -> Limits {
        self.store.limits
    }

    async fn ask(&self, sql: &str, given: &[Given]) -> Done<Vec<Vec<Cell<'static>>>> {
        let given: Vec<(Box<dyn ToSql + Send + Sync>, Type)> = given.iter().map(parameter).collect();
        let typed: Vec<(&(dyn ToSql + Sync), Type)> = given
            .iter()
            .map(|(value, kind)| (&**value as &(dyn ToSql + Sync), kind.clone()))
            .collect();
        let rows = self.transaction.query_typed(sql, &typed).await?;
        rows.iter().map(cells).collect()
    }

    async fn ensure(&self, index: &Index) -> Done<bool> {
        let name = index.name();
        let there = "SELECT 1 FROM pg_indexes WHERE schemaname = current_schema() AND indexname = $1";
        if query_one(self.transaction, there, &[&name]).await?.is_some() {
            return Ok(true);
        }
        if index.is_of_pair() {
            let pairs = "SELECT count(*) FROM pg_indexes WHERE schemaname = current_schema()
                AND starts_with(indexname, $1)";
            let row = query_one(self.transaction, pairs, &[&PAIRS]).await?;
            if row.map(|row| row.try_get::<_, i64>(0)).transpose()? >= Some(MOST_PAIRS) {
                return Ok(false);
            }
        }
        make(self.store, index).await
    }
}

fn parameter(given: &Given) -> (Box<dyn ToSql + Send + Sync>, Type) {
    let stored = |text: &String| text::stored(text).into_owned();
    match given {
        Given::Integer(number) => (Box::new(*number), Type::INT8),
        Given::Text(text) => (Box::new(stored(text)), Type::TEXT),
        Given::Integers(numbers) => (Box::new(numbers.clone()), Type::INT8_ARRAY),
        Given::Texts(texts) => {
            let texts: Vec<String> = texts.iter().map(stored).collect();
            (Box::new(texts), Type::TEXT_ARRAY)
        }
    }
}

fn cells(row: &SqlRow) -> Done<Vec<Cell<'static>>> {
    let cell = |(at, column): (usize, &tokio_postgres::Column)| {
        Ok(match *column.type_() {
            Type::TEXT => row
                .try_get::<_, Option<String>>(at)?
                .map_or(Cell::Null, |text| Cell::Text(text::owned(text).into())),
            _ => row
                .try_get::<_, Option<i64>>(at)?
                .map_or(Cell::Null, Cell::Integer),
        })
    };
    row.columns().iter().enumerate().map(cell).collect()
}

/// Makes an index, one process at a time. Answers whether it can be used: runs of characters need `pg_trgm`, which may
/// be neither there nor to be had.
async fn make(store: &PostgresStore, index: &Index) -> Done<bool> {
    let (name, table, over) = (
        index.name(),
        index.resource.as_str(),
        index.over(Dialect::Postgres),
    );
    let mut client = store.client().await?;
    let sql = match index.kind {
        IndexKind::Grams(_) => {
            let Some(schema) = trigrams(&client).await? else {
                return Ok(false);
            };
            format!("CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin (({over}) {schema}.gin_trgm_ops)")
        }
        IndexKind::Runs(_) => {
            format!(
                "{SHORT_RUNS}; CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin (short_runs({over}))"
            )
        }
        _ => format!("CREATE INDEX IF NOT EXISTS {name} ON {table} ({over})"),
    };
    let transaction = client.transaction().await?;
    transaction
        .execute(
            "SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))",
            &[&LOCK],
        )
        .await?;
    transaction
        .batch_execute(&format!(
            "SET LOCAL maintenance_work_mem = '256MB'; {sql}; ANALYZE {table}"
        ))
        .await?;
    transaction.commit().await?;
    Ok(true)
}

/// The schema of the extension `pg_trgm`, which is added where that is allowed.
async fn trigrams(on: &impl GenericClient) -> Done<Option<String>> {
    let sql =
        "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname = 'pg_trgm'";
    if query_one(on, sql, &[]).await?.is_none() {
        // Whoever may not, or was not first, finds out below.
        let _ = on
            .batch_execute("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public")
            .await;
    }
    let row = query_one(on, sql, &[]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}
