//! Rows by their keys in PostgreSQL.

use msp365_core::TenantId;
use tokio_postgres::Row as SqlRow;

use super::{Done, Failure, PostgresStore, known, limit, query, seen::Extent, text};
use crate::{
    Error, Resource, Rows, Unseen,
    row::{Cell, Kind, Row},
};

/// The first rows of a tenant after a key.
pub(super) async fn after<R: Row>(
    store: &PostgresStore,
    tenant: &TenantId,
    after: &str,
    most: usize,
) -> Done<Rows> {
    let sql = format!(
        "SELECT {} FROM {} WHERE tenant = (SELECT row FROM tenants WHERE id = $1) AND key > $2
         ORDER BY key LIMIT $3",
        R::COLUMNS.join(", "),
        R::RESOURCE.as_str(),
    );
    let (client, after) = (store.client().await?, text::stored(after));
    let found = query(&client, &sql, &[&tenant.to_string(), &after, &limit(most)]).await?;
    let rows: Done<Vec<R>> = found.iter().map(|row| decode(row, 0)).collect();
    Ok(R::into_rows(rows?))
}

/// The rows of these keys.
pub(super) async fn of<R: Row>(store: &PostgresStore, tenant: &TenantId, keys: &[String]) -> Done<Rows> {
    let sql = format!(
        "SELECT {} FROM {} WHERE tenant = (SELECT row FROM tenants WHERE id = $1) AND key = ANY($2) ORDER BY key",
        R::COLUMNS.join(", "),
        R::RESOURCE.as_str(),
    );
    let keys: Vec<_> = keys.iter().map(|key| text::stored(key).into_owned()).collect();
    let found = query(&store.client().await?, &sql, &[&tenant.to_string(), &keys]).await?;
    let rows: Done<Vec<R>> = found.iter().map(|row| decode(row, 0)).collect();
    Ok(R::into_rows(rows?))
}

/// The groups that somebody is in directly.
pub(super) async fn groups_of(store: &PostgresStore, tenant: &TenantId, member: &str) -> Done<Vec<String>> {
    let sql = "SELECT group_id FROM memberships
        WHERE tenant = (SELECT row FROM tenants WHERE id = $1) AND member_id = $2 ORDER BY group_id";
    let member = text::stored(member);
    let found = query(&store.client().await?, sql, &[&tenant.to_string(), &member]).await?;
    let id = |row: &SqlRow| Ok(text::owned(row.try_get(0)?));
    found.iter().map(id).collect()
}

/// The rows of a table that a generation has not seen.
pub(super) async fn unseen(
    store: &PostgresStore,
    tenant: &TenantId,
    table: Resource,
    generation: i64,
) -> Done<Unseen> {
    let client = store.client().await?;
    let (tenant, _) = known(&client, tenant).await?;
    let Extent::Some(seen) = Extent::read(&client, tenant, table, generation).await? else {
        return Ok(Unseen::default());
    };
    let sql = format!("SELECT row, key FROM {} WHERE tenant = $1", table.as_str());
    let mut keys = Vec::new();
    for row in query(&client, &sql, &[&tenant]).await? {
        if !seen.holds(row.try_get(0)?) {
            keys.push(text::owned(row.try_get(1)?));
        }
    }
    keys.sort_unstable();
    Ok(Unseen::of(keys))
}

/// A row of ours out of the columns from this place on.
pub(super) fn decode<R: Row>(row: &SqlRow, from: usize) -> Done<R> {
    let cells: Vec<Cell<'_>> = (from..)
        .zip(R::KINDS)
        .map(|(at, kind)| {
            Ok(match kind {
                Kind::Integer => row
                    .try_get::<_, Option<i64>>(at)?
                    .map_or(Cell::Null, Cell::Integer),
                Kind::Text => row
                    .try_get::<_, Option<&str>>(at)?
                    .map_or(Cell::Null, |kept| Cell::Text(text::read(kept))),
            })
        })
        .collect::<Done<_>>()?;
    R::from_cells(&mut cells.into_iter()).map_err(|column| Failure::Store(Error::Value { column }))
}
