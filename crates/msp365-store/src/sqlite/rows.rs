//! Rows by their keys, those among them that `entries` does not name yet.

use msp365_core::TenantId;
use rusqlite::{Connection, ToSql, params};

use super::{Done, directory::decode, limit, tail::unsettled};
use crate::{Rows, row::Row};

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
