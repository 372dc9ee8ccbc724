//! Rows by their keys, those among them that `entries` does not name yet.

use msp365_core::TenantId;
use rusqlite::{Connection, ToSql, params};

use super::{Done, directory::decode, known, limit, seen::Extent, tail::unsettled};
use crate::{Rows, Unseen, row::Row};

/// The first rows of a tenant after a key.
pub(super) fn after<R: Row>(
    connection: &Connection,
    tenant: &TenantId,
    after: &str,
    most: usize,
) -> Done<Rows> {
    let named = params![tenant.to_string(), R::RESOURCE.code(), after, limit(most)];
    select::<R>(connection, "key > ?3", "LIMIT ?4", named)
}

/// The rows of these keys, which are a list in JSON.
pub(super) fn of<R: Row>(connection: &Connection, tenant: &TenantId, keys: &str) -> Done<Rows> {
    let named = params![tenant.to_string(), R::RESOURCE.code(), keys];
    select::<R>(connection, "key IN (SELECT value FROM json_each(?3))", "", named)
}

/// The groups that somebody is in directly.
pub(super) fn groups_of(connection: &Connection, tenant: &TenantId, member: &str) -> Done<Vec<String>> {
    let mut select = connection.prepare_cached(
        "SELECT group_id FROM memberships
         WHERE tenant = (SELECT row FROM tenants WHERE id = ?1) AND member_id = ?2 ORDER BY group_id",
    )?;
    let groups = select.query_map(params![tenant.to_string(), member], |row| row.get(0))?;
    Ok(groups.collect::<Result<_, _>>()?)
}

/// The rows of a tenant that a generation has not seen.
pub(super) fn unseen<R: Row>(connection: &Connection, tenant: &TenantId, generation: i64) -> Done<Unseen> {
    let (tenant, _) = known(connection, tenant)?;
    let Extent::Some(seen) = Extent::read(connection, tenant, R::RESOURCE, generation)? else {
        return Ok(Unseen::default());
    };
    let mut select = connection.prepare_cached(&format!(
        "SELECT row, key FROM entries WHERE tenant = ?1 AND resource = ?2
         UNION ALL SELECT row, key FROM ({}) WHERE tenant = ?1",
        unsettled::<R>(),
    ))?;
    let mut entries = select.query(params![tenant, R::RESOURCE.code()])?;
    let mut keys = Vec::new();
    while let Some(entry) = entries.next()? {
        if !seen.holds(entry.get(0)?) {
            keys.push(entry.get::<_, String>(1)?);
        }
    }
    keys.sort_unstable();
    Ok(Unseen::of(keys))
}

fn select<R: Row>(connection: &Connection, matching: &str, limit: &str, named: &[&dyn ToSql]) -> Done<Rows> {
    let mut select = connection.prepare_cached(&format!(
        "WITH tenant (of) AS (SELECT row FROM tenants WHERE id = ?1),
            found AS (
                SELECT key, row FROM entries
                WHERE tenant = (SELECT of FROM tenant) AND resource = ?2 AND {matching}
                UNION ALL
                SELECT key, row FROM ({})
                WHERE tenant = (SELECT of FROM tenant) AND {matching}
                ORDER BY key {limit})
         SELECT r.{} FROM found JOIN {} r ON r.row = found.row ORDER BY found.key",
        unsettled::<R>(),
        R::COLUMNS.join(", r."),
        R::RESOURCE.as_str(),
    ))?;
    let mut found = select.query(named)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(decode::<R>(row, 0)?);
    }
    Ok(R::into_rows(rows))
}
