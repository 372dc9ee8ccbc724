//! Rows and streams in SQLite.

use std::{collections::BTreeSet, sync::mpsc};

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::TenantId;
use rusqlite::{Connection, params};

use super::{
    Done, Failure, SqliteStore, count, find, known,
    pass::{Arriving, commit, finish, purge},
    rows,
    tail::Tails,
    value, viewed,
};
use crate::{
    DirectoryReader, DirectoryStore, Error, OddRow, PageCommit, PageCounts, PassEnd, PassStart, Phase,
    Resource, Result, RowPage, RowQuery, Rows, StreamState, Unseen, UserPage, UserQuery, UserView,
    row::{Cell, Column, Packed, Row, any_rows},
};

/// Rows that are packed at a time.
const PACK: usize = 256;

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

    async fn commit(&self, mut page: PageCommit) -> Result<PageCounts> {
        let rows = std::mem::take(&mut page.rows);
        let expected = rows.iter().map(Rows::len).sum();
        let (packed, arriving) = mpsc::channel();
        let work = move |connection: &Connection, tails: &mut Tails| {
            commit(
                connection,
                tails,
                &page,
                Arriving {
                    packed: arriving,
                    expected,
                },
            )
        };
        // Packed while the writer, if it is free, stores what is packed already.
        let pack = move || {
            for rows in rows {
                any_rows!(rows, rows => for rows in rows.chunks(PACK) {
                    // A writer that has gone is noticed by its answer.
                    let _ = packed.send(Packed::of(rows));
                });
            }
        };
        self.threads.write_rows_while("store a page", work, pack).await
    }

    async fn unseen(&self, tenant: &TenantId, table: Resource, generation: i64) -> Result<Unseen> {
        let tenant = *tenant;
        self.threads
            .read("compare rows with a pass", move |connection| {
                any_rows!(table, type R => rows::unseen::<R>(connection, &tenant, generation))
            })
            .await
    }

    async fn finish(&self, end: PassEnd) -> Result<u64> {
        self.threads
            .write_rows("end a pass", move |connection, tails| {
                finish(connection, tails, &end)
            })
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
        let purged = self
            .threads
            .write_durably("remove the rows of a tenant", move |connection, tails| {
                purge(connection, tails, &tenant)
            })
            .await?;
        self.threads.empty_log("empty the log").await?;
        Ok(purged)
    }

    async fn viewed(&self, technician: &str, tenant: &TenantId, user: &str, at: Timestamp) -> Result<()> {
        let (technician, tenant, user) = (technician.to_owned(), *tenant, user.to_owned());
        self.threads
            .write("note who was viewed", move |connection| {
                viewed::note(connection, &technician, &tenant, &user, at)
            })
            .await
    }
}

#[async_trait]
impl DirectoryReader for SqliteStore {
    async fn count(&self, tenants: &[TenantId], resource: Resource) -> Result<u64> {
        let tenants: BTreeSet<_> = tenants.iter().copied().collect();
        self.threads
            .read("count rows", move |connection| {
                if tenants.is_empty() {
                    return count::counted(connection, resource, None);
                }
                tenants.iter().try_fold(0, |sum, tenant| {
                    Ok(sum + count::counted(connection, resource, Some(tenant))?)
                })
            })
            .await
    }

    async fn counts(&self) -> Result<Vec<(TenantId, Resource, u64)>> {
        self.threads.read("count rows", count::all).await
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
                any_rows!(resource, type R => rows::after::<R>(connection, &tenant, &after, limit))
            })
            .await
    }

    async fn rows_of(&self, tenant: &TenantId, resource: Resource, keys: &[String]) -> Result<Rows> {
        let (tenant, keys) = (*tenant, serde_json::Value::from(keys).to_string());
        self.threads
            .read(
                "find rows",
                move |connection| any_rows!(resource, type R => rows::of::<R>(connection, &tenant, &keys)),
            )
            .await
    }

    async fn groups_of(&self, tenant: &TenantId, member: &str) -> Result<Vec<String>> {
        let (tenant, member) = (*tenant, member.to_owned());
        self.threads
            .read("find groups", move |connection| {
                rows::groups_of(connection, &tenant, &member)
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

    async fn user_page(&self, query: &UserQuery) -> Result<UserPage> {
        let find = query.find.clone();
        self.found("list users", move |connection, limits| {
            find::users(connection, limits, &find)
        })
        .await
    }

    async fn user_count(&self, query: &UserQuery, most: u64) -> Result<(u64, bool)> {
        let find = query.find.clone();
        self.found("count users", move |connection, limits| {
            find::count(connection, limits, &find, most)
        })
        .await
    }

    async fn row_page(&self, query: &RowQuery) -> Result<RowPage> {
        let find = query.find.clone();
        self.found(
            "list rows",
            move |connection, limits| any_rows!(find.resource, type R => find::list::<R>(connection, limits, &find)),
        )
        .await
    }

    async fn row_count(&self, query: &RowQuery, most: u64) -> Result<(u64, bool)> {
        let find = query.find.clone();
        self.found("count rows", move |connection, limits| {
            find::count(connection, limits, &find, most)
        })
        .await
    }

    async fn recently_viewed(&self, technician: &str) -> Result<Vec<UserView>> {
        let technician = technician.to_owned();
        let named = self
            .threads
            .read("read who was viewed", move |connection| {
                viewed::recent(connection, &technician)
            })
            .await?;
        let page = self.user_page(&UserQuery::all().only(named.clone())).await?;
        Ok(page.in_order(&named))
    }
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
pub(super) fn fence(connection: &Connection, tenant: &TenantId, epoch: i64) -> Done<i64> {
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

pub(super) fn resource(code: i64) -> Done<Resource> {
    Resource::stored(code).ok_or(Failure::Store(Error::Value { column: "resource" }))
}
