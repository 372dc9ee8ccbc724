//! Rows and streams in SQLite.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use msp365_core::TenantId;
use rusqlite::{Connection, params};

use super::{Done, Failure, SqliteStore, known, limit, number, page::Page, tenant_id, value};
use crate::{
    DirectoryReader, DirectoryStore, Error, OddRow, PageCommit, PageCounts, PassEnd, PassStart, Phase,
    Resource, Result, Rows, StreamState, UserPage, UserQuery,
    row::{Cell, Column, Row, any_rows},
};

#[async_trait]
impl DirectoryStore for SqliteStore {
    async fn stream(&self, tenant: &TenantId, resource: Resource) -> Result<StreamState> {
        let tenant = *tenant;
        self.threads
            .read("read a stream", move |connection| {
                stream(connection, &tenant, resource)
            })
            .await
    }

    async fn begin(&self, start: &PassStart) -> Result<StreamState> {
        let start = start.clone();
        self.threads
            .write("begin a pass", move |connection| {
                let row = fence(connection, &start.tenant, start.epoch)?;
                connection
                    .prepare_cached(
                        "INSERT INTO streams (tenant, resource, generation, phase, fingerprint, begun_at)
                         VALUES (?1, ?2, 1, ?3, ?4, ?5)
                         ON CONFLICT (tenant, resource) DO UPDATE SET generation = generation + 1,
                            phase = excluded.phase, fingerprint = excluded.fingerprint,
                            begun_at = excluded.begun_at, cursor = NULL",
                    )?
                    .execute(params![
                        row,
                        start.resource.code(),
                        Phase::Reading.as_str(),
                        start.fingerprint,
                        start.at.to_cell()
                    ])?;
                stream(connection, &start.tenant, start.resource)
            })
            .await
    }

    async fn commit(&self, page: PageCommit) -> Result<PageCounts> {
        self.threads
            .write("store a page", move |connection| commit(connection, &page))
            .await
    }

    async fn finish(&self, end: PassEnd) -> Result<u64> {
        self.threads
            .write("end a pass", move |connection| finish(connection, &end))
            .await
    }

    async fn stale(&self, tenant: &TenantId, resource: Resource, because: &str) -> Result<()> {
        let (tenant, because) = (*tenant, because.to_owned());
        self.threads
            .write("note why rows are stale", move |connection| {
                let (tenant, _) = known(connection, &tenant)?;
                connection
                    .prepare_cached(
                        "INSERT INTO streams (tenant, resource, generation, phase, stale_because)
                         VALUES (?1, ?2, 0, ?3, ?4)
                         ON CONFLICT (tenant, resource) DO UPDATE SET stale_because = excluded.stale_because",
                    )?
                    .execute(params![tenant, resource.code(), Phase::Idle.as_str(), because])?;
                Ok(())
            })
            .await
    }

    async fn purge(&self, tenant: &TenantId) -> Result<u64> {
        let tenant = *tenant;
        self.threads
            .write_durably("remove the rows of a tenant", move |connection| {
                let (tenant, _) = known(connection, &tenant)?;
                for resource in Resource::ALL {
                    let table = resource.as_str();
                    connection.execute(
                        &format!(
                            "DELETE FROM {table} WHERE row IN
                             (SELECT row FROM entries WHERE tenant = ?1 AND resource = ?2)"
                        ),
                        params![tenant, resource.code()],
                    )?;
                }
                connection.execute("DELETE FROM streams WHERE tenant = ?1", [tenant])?;
                connection.execute("DELETE FROM odd_rows WHERE tenant = ?1", [tenant])?;
                Ok(connection.execute("DELETE FROM entries WHERE tenant = ?1", [tenant])? as u64)
            })
            .await
    }
}

#[async_trait]
impl DirectoryReader for SqliteStore {
    async fn count(&self, tenants: &[TenantId], resource: Resource) -> Result<u64> {
        let tenants = tenants.to_vec();
        self.threads
            .read("count rows", move |connection| {
                if tenants.is_empty() {
                    let mut count =
                        connection.prepare_cached("SELECT count(*) FROM entries WHERE resource = ?1")?;
                    return Ok(number(count.query_row([resource.code()], |row| row.get(0))?));
                }
                let mut count = connection.prepare_cached(
                    "SELECT count(*) FROM entries WHERE resource = ?2
                     AND tenant = (SELECT row FROM tenants WHERE id = ?1)",
                )?;
                let distinct: BTreeSet<_> = tenants.iter().collect();
                distinct.iter().try_fold(0, |sum, tenant| {
                    let of_tenant =
                        count.query_row(params![tenant.to_string(), resource.code()], |row| row.get(0))?;
                    Ok(sum + number(of_tenant))
                })
            })
            .await
    }

    async fn counts(&self) -> Result<Vec<(TenantId, Resource, u64)>> {
        self.threads
            .read("count rows", |connection| {
                let mut select = connection.prepare_cached(
                    "SELECT t.id, e.resource, count(*) FROM entries e JOIN tenants t ON t.row = e.tenant
                     GROUP BY e.tenant, e.resource",
                )?;
                let mut rows = select.query([])?;
                let mut counts = BTreeMap::new();
                while let Some(row) = rows.next()? {
                    let resource = resource(row.get(1)?)?;
                    counts.insert((tenant_id(row, 0)?, resource), number(row.get(2)?));
                }
                let flat = counts
                    .into_iter()
                    .map(|((tenant, resource), count)| (tenant, resource, count));
                Ok(flat.collect())
            })
            .await
    }

    async fn rows(
        &self,
        tenant: &TenantId,
        resource: Resource,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Rows> {
        let (tenant, after) = (*tenant, after.unwrap_or_default().to_owned());
        self.threads
            .read("read rows", move |connection| {
                any_rows!(resource, type R => rows::<R>(connection, &tenant, &after, limit))
            })
            .await
    }

    async fn odd_rows(&self, tenant: &TenantId) -> Result<Vec<OddRow>> {
        let tenant = tenant.to_string();
        self.threads
            .read("read odd rows", move |connection| {
                let mut select = connection.prepare_cached(
                    "SELECT resource, id, raw, problem FROM odd_rows
                     WHERE tenant = (SELECT row FROM tenants WHERE id = ?1) ORDER BY row",
                )?;
                let mut rows = select.query([tenant])?;
                let mut odd = Vec::new();
                while let Some(row) = rows.next()? {
                    odd.push(OddRow::new(
                        resource(row.get(0)?)?,
                        row.get(1)?,
                        row.get(2)?,
                        row.get(3)?,
                    ));
                }
                Ok(odd)
            })
            .await
    }

    async fn users(&self, query: &UserQuery) -> Result<UserPage> {
        let query = query.clone();
        self.threads
            .read("list users", move |connection| {
                super::users::users(connection, &query)
            })
            .await
    }
}

fn commit(connection: &Connection, page: &PageCommit) -> Done<PageCounts> {
    let tenant = fence(connection, &page.tenant, page.epoch)?;
    let into = Page {
        connection,
        tenant,
        generation: page.generation,
    };
    let mut counts = PageCounts::default();
    for rows in &page.rows {
        any_rows!(rows, rows => {
            into.take_back(rows)?;
            into.put(rows, &mut counts)?;
        });
    }
    for removal in &page.removed {
        counts.removed += into.remove(removal)?;
    }
    for odd in &page.odd {
        into.set_aside(page.resource, odd)?;
    }
    let moved = connection
        .prepare_cached(
            "UPDATE streams SET cursor = ?4, phase = ?5
             WHERE tenant = ?1 AND resource = ?2 AND generation = ?3",
        )?
        .execute(params![
            tenant,
            page.resource.code(),
            page.generation,
            page.cursor,
            page.phase.as_str()
        ])?;
    overtaken_unless(moved == 1, &page.tenant)?;
    Ok(counts)
}

fn finish(connection: &Connection, end: &PassEnd) -> Done<u64> {
    let tenant = fence(connection, &end.tenant, end.epoch)?;
    let pass = Page {
        connection,
        tenant,
        generation: end.generation,
    };
    let phase = if end.cursor.is_some() {
        Phase::Tracking
    } else {
        Phase::Idle
    };
    let moved = connection
        .prepare_cached(
            "UPDATE streams SET cursor = ?4, phase = ?5, fresh_as_of = ?6, stale_because = NULL
             WHERE tenant = ?1 AND resource = ?2 AND generation = ?3",
        )?
        .execute(params![
            tenant,
            end.resource.code(),
            end.generation,
            end.cursor,
            phase.as_str(),
            end.fresh_as_of.to_cell()
        ])?;
    overtaken_unless(moved == 1, &end.tenant)?;
    connection
        .prepare_cached("DELETE FROM odd_rows WHERE tenant = ?1 AND stream = ?2 AND generation < ?3")?
        .execute(params![tenant, end.resource.code(), end.generation])?;
    end.sweep
        .iter()
        .try_fold(0, |swept, resource| Ok(swept + pass.sweep(*resource)?))
}

fn rows<R: Row>(connection: &Connection, tenant: &TenantId, after: &str, most: usize) -> Done<Rows> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT r.{} FROM entries e JOIN {} r ON r.row = e.row
         WHERE e.tenant = (SELECT row FROM tenants WHERE id = ?1) AND e.resource = ?2 AND e.key > ?3
         ORDER BY e.key LIMIT ?4",
        R::COLUMNS.join(", r."),
        R::RESOURCE.as_str(),
    ))?;
    let mut found = select.query(params![
        tenant.to_string(),
        R::RESOURCE.code(),
        after,
        limit(most)
    ])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(decode::<R>(row, 0)?);
    }
    Ok(R::into_rows(rows))
}

/// A row of ours out of the columns from this place on.
pub(super) fn decode<R: Row>(row: &rusqlite::Row<'_>, from: usize) -> Done<R> {
    let cells: Vec<Cell<'_>> = (from..)
        .zip(R::COLUMNS)
        .map(|(at, column)| Cell::stored(row.get_ref(at)?, column))
        .collect::<Done<_>>()?;
    R::from_cells(&mut cells.into_iter()).map_err(|column| Failure::Store(Error::Value { column }))
}

fn stream(connection: &Connection, tenant: &TenantId, of: Resource) -> Done<StreamState> {
    let (row, epoch) = known(connection, tenant)?;
    let mut select = connection.prepare_cached(
        "SELECT generation, phase, cursor, fingerprint, fresh_as_of, stale_because, begun_at FROM streams
         WHERE tenant = ?1 AND resource = ?2",
    )?;
    let mut rows = select.query(params![row, of.code()])?;
    let Some(row) = rows.next()? else {
        return Ok(StreamState {
            epoch,
            ..StreamState::default()
        });
    };
    let phase: String = row.get(1)?;
    Ok(StreamState {
        epoch,
        generation: row.get(0)?,
        phase: Phase::stored(&phase).ok_or(Failure::Store(Error::Value { column: "phase" }))?,
        cursor: row.get(2)?,
        fingerprint: row.get(3)?,
        fresh_as_of: value(row, 4, "fresh_as_of")?,
        stale_because: row.get(5)?,
        begun_at: value(row, 6, "begun_at")?,
    })
}

/// The number of the tenant, unless its epoch has moved.
fn fence(connection: &Connection, tenant: &TenantId, epoch: i64) -> Done<i64> {
    let (row, now) = known(connection, tenant)?;
    overtaken_unless(now == epoch, tenant)?;
    Ok(row)
}

pub(super) fn overtaken_unless(is_current: bool, tenant: &TenantId) -> Done<()> {
    if is_current {
        Ok(())
    } else {
        Err(Failure::Store(Error::Fenced { tenant: *tenant }))
    }
}

fn resource(code: i64) -> Done<Resource> {
    Resource::stored(code).ok_or(Failure::Store(Error::Value { column: "resource" }))
}
