//! Pages and ends of passes in SQLite.

use std::sync::mpsc;

use msp365_core::TenantId;
use rusqlite::{Connection, params};

use super::{
    Done, Failure,
    directory::{fence, overtaken_unless},
    find, known,
    page::Page,
    plans, roles,
    seen::Seen,
    tail::Tails,
};
use crate::{
    Error, PageCommit, PageCounts, PassEnd, Phase, Resource,
    row::{Column, Packed, any_rows},
};

/// The rows of a page, which are packed while others of it are stored.
pub(super) struct Arriving {
    pub(super) packed: mpsc::Receiver<Packed>,
    /// Rows that are still to come. A page that ends before must not be stored.
    pub(super) expected: usize,
}

impl Arriving {
    fn next(&mut self) -> Done<Option<Packed>> {
        if self.expected == 0 {
            return Ok(None);
        }
        let packed = self.packed.recv().map_err(|_| Failure::Store(Error::Closed))?;
        self.expected = self.expected.saturating_sub(packed.len());
        Ok(Some(packed))
    }
}

pub(super) fn commit(
    connection: &Connection,
    tails: &mut Tails,
    page: &PageCommit,
    mut arriving: Arriving,
) -> Done<PageCounts> {
    let tenant = fence(connection, &page.tenant, page.epoch)?;
    let mut into = Page {
        connection,
        tails,
        tenant,
        generation: page.generation,
        seen: Seen::default(),
    };
    let mut counts = PageCounts::default();
    while let Some(rows) = arriving.next()? {
        any_rows!(rows.resource, type R => {
            into.take_back::<R>(&rows)?;
            into.put::<R>(&rows, &mut counts)?;
        });
    }
    for removal in &page.removed {
        counts.removed += into.remove(removal)?;
    }
    for odd in &page.odd {
        into.set_aside(page.resource, odd)?;
    }
    into.seen.store(connection, tenant, page.generation)?;
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

pub(super) fn finish(connection: &Connection, tails: &mut Tails, end: &PassEnd) -> Done<u64> {
    let tenant = fence(connection, &end.tenant, end.epoch)?;
    tails.settle_all(connection)?;
    tails.release_all(tenant);
    let mut pass = Page {
        connection,
        tails,
        tenant,
        generation: end.generation,
        seen: Seen::default(),
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
    let swept = end
        .sweep
        .iter()
        .try_fold(0, |swept, resource| Done::Ok(swept + pass.sweep(*resource)?))?;
    if end.resource.changes_roles() {
        roles::refresh(connection, tails, tenant)?;
    }
    Ok(swept)
}

pub(super) fn purge(connection: &Connection, tails: &mut Tails, tenant: &TenantId) -> Done<u64> {
    connection.execute("DELETE FROM viewed_users WHERE tenant = ?1", [tenant.to_string()])?;
    plans::forget(connection, tenant)?;
    find::forget(connection)?;
    let (tenant, _) = known(connection, tenant)?;
    for resource in Resource::ALL {
        any_rows!(resource, type R => tails.settle::<R>(connection)?);
        let table = resource.as_str();
        connection.execute(
            &format!(
                "DELETE FROM {table} WHERE row IN
                 (SELECT row FROM entries WHERE tenant = ?1 AND resource = ?2)"
            ),
            params![tenant, resource.code()],
        )?;
    }
    tails.release_all(tenant);
    for table in ["streams", "seen", "odd_rows"] {
        connection.execute(&format!("DELETE FROM {table} WHERE tenant = ?1"), [tenant])?;
    }
    Ok(connection.execute("DELETE FROM entries WHERE tenant = ?1", [tenant])? as u64)
}
