//! How many rows there are.

use std::collections::BTreeMap;

use msp365_core::TenantId;
use rusqlite::{Connection, params};

use super::{Done, directory::resource, number, tail::unsettled, tenant_id};
use crate::{Resource, row::any_rows};

/// How many rows there are, of one tenant or of all.
pub(super) fn counted(connection: &Connection, resource: Resource, tenant: Option<&TenantId>) -> Done<u64> {
    let of = match tenant {
        None => "?1 IS NULL",
        Some(_) => "tenant = (SELECT row FROM tenants WHERE id = ?1)",
    };
    let unsettled = any_rows!(resource, type R => unsettled::<R>());
    let mut count = connection.prepare_cached(&format!(
        "SELECT (SELECT count(*) FROM entries WHERE resource = ?2 AND {of})
            + (SELECT count(*) FROM ({unsettled}) WHERE {of})"
    ))?;
    let tenant = tenant.map(ToString::to_string);
    Ok(number(
        count.query_row(params![tenant, resource.code()], |row| row.get(0))?,
    ))
}

/// How many rows there are of each tenant and resource that has any.
pub(super) fn all(connection: &Connection) -> Done<Vec<(TenantId, Resource, u64)>> {
    let mut counts = BTreeMap::new();
    let mut add = |rows: &str| -> Done<()> {
        let mut select = connection.prepare_cached(&format!(
            "SELECT t.id, r.resource, r.count FROM ({rows}) r JOIN tenants t ON t.row = r.tenant"
        ))?;
        let mut found = select.query([])?;
        while let Some(row) = found.next()? {
            let of = (tenant_id(row, 0)?, resource(row.get(1)?)?);
            *counts.entry(of).or_default() += number(row.get(2)?);
        }
        Ok(())
    };
    add("SELECT tenant, resource, count(*) AS count FROM entries GROUP BY tenant, resource")?;
    for resource in Resource::ALL {
        let unsettled = any_rows!(resource, type R => unsettled::<R>());
        let code = resource.code();
        add(&format!(
            "SELECT tenant, {code} AS resource, count(*) AS count FROM ({unsettled}) GROUP BY tenant"
        ))?;
    }
    let flat = counts
        .into_iter()
        .map(|((tenant, resource), count)| (tenant, resource, count));
    Ok(flat.collect())
}
