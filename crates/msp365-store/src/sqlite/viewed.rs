//! Users that technicians have viewed last.

use msp365_core::TenantId;
use rusqlite::{Connection, params};

use super::{Done, known, limit, tenant_id};
use crate::{query::RECENT, row::Column};

pub(super) fn note(
    connection: &Connection,
    technician: &str,
    tenant: &TenantId,
    user: &str,
    at: jiff::Timestamp,
) -> Done<()> {
    known(connection, tenant)?;
    connection
        .prepare_cached(
            "INSERT INTO viewed_users (technician, tenant, id, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (technician, tenant, id) DO UPDATE SET at = excluded.at",
        )?
        .execute(params![technician, tenant.to_string(), user, at.to_cell()])?;
    connection
        .prepare_cached(
            "DELETE FROM viewed_users WHERE technician = ?1 AND (tenant, id) NOT IN
             (SELECT tenant, id FROM viewed_users WHERE technician = ?1 ORDER BY at DESC, tenant, id LIMIT ?2)",
        )?
        .execute(params![technician, limit(RECENT)])?;
    Ok(())
}

/// The users, the last one first.
pub(super) fn recent(connection: &Connection, technician: &str) -> Done<Vec<(TenantId, String)>> {
    let mut select = connection.prepare_cached(
        "SELECT tenant, id FROM viewed_users WHERE technician = ?1 ORDER BY at DESC, tenant, id",
    )?;
    let mut found = select.query([technician])?;
    let mut recent = Vec::new();
    while let Some(row) = found.next()? {
        recent.push((tenant_id(row, 0)?, row.get(1)?));
    }
    Ok(recent)
}
