//! Rows into their tables, many at a time: put, remove, sweep.

use std::collections::HashMap;

use deadpool_postgres::Transaction;
use tokio_postgres::types::ToSql;

use super::{
    Done,
    beside::{forget_sign_ins, has_sign_ins, refresh_sign_ins},
    execute, query, query_one,
    seen::{Extent, Seen},
    text,
};
use crate::{
    OddRow, PageCounts, Removal, Resource,
    row::{Cell, Kind, Row, digest, join},
};

/// Rows that one statement writes: so many that the way to the server does not count, and its memory neither.
const AT_ONCE: usize = 2_000;

/// One page of one tenant's pass, inside a transaction.
pub(super) struct Page<'t> {
    pub(super) on: &'t Transaction<'t>,
    pub(super) tenant: i64,
    pub(super) generation: i64,
    pub(super) seen: Seen,
}

/// What is to become of one key.
struct Change<'r, R> {
    key: String,
    row: &'r R,
    digest: i64,
    /// The number and digest of the row that is stored.
    stored: Option<(i64, i64)>,
}

impl Page<'_> {
    /// Stores rows. What did not change is only noted as seen.
    pub(super) async fn put<R: Row>(&mut self, rows: &[R], counts: &mut PageCounts) -> Done<()> {
        for some in rows.chunks(AT_ONCE) {
            let changes = self.changes(some, counts).await?;
            let numbers = self.insert(&changes).await?;
            self.update(&changes).await?;
            self.signed_in(&changes).await?;
            let seen = self.seen.of(R::RESOURCE);
            for change in &changes {
                let stored = change.stored.map(|(row, _)| row);
                if let Some(row) = stored.or_else(|| numbers.get(&change.key).copied()) {
                    seen.add(row);
                }
            }
        }
        Ok(())
    }

    /// Brings the last sign-in of users up to date that have new sign-ins, or are new themselves.
    async fn signed_in<R: Row>(&self, changes: &[Change<'_, R>]) -> Done<()> {
        let is_sign_ins = R::RESOURCE == Resource::SignIns;
        if !is_sign_ins && (R::RESOURCE != Resource::Users || !has_sign_ins(self.on, self.tenant).await?) {
            return Ok(());
        }
        let may_differ = |change: &&Change<'_, R>| match change.stored {
            None => true,
            Some((_, digest)) => is_sign_ins && digest != change.digest,
        };
        let users: Vec<String> = changes
            .iter()
            .filter(may_differ)
            .map(|change| change.key.clone())
            .collect();
        refresh_sign_ins(self.on, self.tenant, &users).await
    }

    /// What each key becomes: of one that comes twice, the last row.
    async fn changes<'r, R: Row>(&self, rows: &'r [R], counts: &mut PageCounts) -> Done<Vec<Change<'r, R>>> {
        let keys: Vec<String> = rows
            .iter()
            .map(|row| text::stored(&row.key()).into_owned())
            .collect();
        let known = self.known(R::RESOURCE, &keys).await?;
        let mut places: HashMap<&str, usize> = HashMap::with_capacity(keys.len());
        let mut changes: Vec<Change<'r, R>> = Vec::with_capacity(keys.len());
        let mut cells = Vec::new();
        for (key, row) in keys.iter().zip(rows) {
            cells.clear();
            row.cells(&mut cells);
            let digest = digest(&cells);
            let place = places.get(key.as_str()).and_then(|place| changes.get_mut(*place));
            let before = match &place {
                Some(change) => Some(change.digest),
                None => known.get(key).map(|(_, digest)| *digest),
            };
            match before {
                None => counts.added += 1,
                Some(before) if before == digest => counts.unchanged += 1,
                Some(_) => counts.changed += 1,
            }
            if let Some(change) = place {
                (change.row, change.digest) = (row, digest);
                continue;
            }
            places.insert(key, changes.len());
            changes.push(Change {
                key: key.clone(),
                row,
                digest,
                stored: known.get(key).copied(),
            });
        }
        Ok(changes)
    }

    /// The numbers and digests of the keys that are stored.
    async fn known(&self, resource: Resource, keys: &[String]) -> Done<HashMap<String, (i64, i64)>> {
        let sql = format!(
            "SELECT key, row, digest FROM {} WHERE tenant = $1 AND key = ANY($2)",
            resource.as_str()
        );
        let rows = query(self.on, &sql, &[&self.tenant, &keys]).await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?))))
            .collect()
    }

    /// Adds the rows that are new. Answers their numbers.
    async fn insert<R: Row>(&self, changes: &[Change<'_, R>]) -> Done<HashMap<String, i64>> {
        let new: Vec<_> = changes.iter().filter(|change| change.stored.is_none()).collect();
        if new.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = format!(
            "INSERT INTO {} (tenant, key, digest, {}) SELECT $1::bigint, * FROM unnest($2::text[], $3::bigint[], {})
             RETURNING key, row",
            R::RESOURCE.as_str(),
            R::COLUMNS.join(", "),
            arrays::<R>(4),
        );
        let keys: Vec<&str> = new.iter().map(|change| change.key.as_str()).collect();
        let digests: Vec<i64> = new.iter().map(|change| change.digest).collect();
        let columns = columns(new.iter().map(|change| change.row));
        let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&self.tenant, &keys, &digests];
        parameters.extend(columns.iter().map(Values::parameter));
        let rows = query(self.on, &sql, &parameters).await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect()
    }

    /// Replaces the rows that differ from what is stored.
    async fn update<R: Row>(&self, changes: &[Change<'_, R>]) -> Done<()> {
        let differs =
            |change: &&Change<'_, R>| change.stored.is_some_and(|(_, digest)| digest != change.digest);
        let differing: Vec<_> = changes.iter().filter(differs).collect();
        if differing.is_empty() {
            return Ok(());
        }
        let set: Vec<String> = R::COLUMNS
            .iter()
            .map(|column| format!("{column} = n.{column}"))
            .collect();
        let sql = format!(
            "UPDATE {} AS old SET digest = n.digest, {}
             FROM unnest($2::bigint[], $3::bigint[], {}) AS n (row, digest, {})
             WHERE old.tenant = $1 AND old.row = n.row",
            R::RESOURCE.as_str(),
            set.join(", "),
            arrays::<R>(4),
            R::COLUMNS.join(", "),
        );
        let numbers: Vec<i64> = differing
            .iter()
            .filter_map(|change| change.stored)
            .map(|(row, _)| row)
            .collect();
        let digests: Vec<i64> = differing.iter().map(|change| change.digest).collect();
        let columns = columns(differing.iter().map(|change| change.row));
        let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&self.tenant, &numbers, &digests];
        parameters.extend(columns.iter().map(Values::parameter));
        execute(self.on, &sql, &parameters).await.map(drop)
    }

    pub(super) async fn remove(&self, removal: &Removal) -> Done<u64> {
        match removal {
            Removal::Row { resource, id } => {
                let id = text::stored(id).into_owned();
                let dropped = self.drop_rows(*resource, std::slice::from_ref(&id)).await?;
                if resource.joins_groups() {
                    let sql = "DELETE FROM memberships WHERE tenant = $1 AND member_id = $2";
                    execute(self.on, sql, &[&self.tenant, &id]).await?;
                }
                Ok(dropped)
            }
            Removal::Membership { group_id, member_id } => {
                let key = join([group_id, member_id]);
                self.drop_rows(Resource::Memberships, &[text::stored(&key).into_owned()])
                    .await
            }
        }
    }

    /// Removes the rows of a resource that this generation did not see.
    pub(super) async fn sweep(&self, resource: Resource) -> Done<u64> {
        let extent = Extent::read(self.on, self.tenant, resource, self.generation).await?;
        let Extent::Some(seen) = extent else {
            return Ok(0);
        };
        let sql = format!("SELECT row, key FROM {} WHERE tenant = $1", resource.as_str());
        let mut old: Vec<String> = Vec::new();
        for row in query(self.on, &sql, &[&self.tenant]).await? {
            if !seen.holds(row.try_get(0)?) {
                old.push(row.try_get(1)?);
            }
        }
        let mut swept = 0;
        for some in old.chunks(AT_ONCE) {
            swept += self.drop_rows(resource, some).await?;
        }
        Extent::store_all(self.on, self.tenant, resource, self.generation).await?;
        Ok(swept)
    }

    /// Removes the rows of these keys; with groups go their memberships.
    async fn drop_rows(&self, resource: Resource, keys: &[String]) -> Done<u64> {
        if resource == Resource::SignIns {
            forget_sign_ins(self.on, self.tenant, keys).await?;
        }
        let sql = format!(
            "DELETE FROM {} WHERE tenant = $1 AND key = ANY($2)",
            resource.as_str()
        );
        let mut dropped = execute(self.on, &sql, &[&self.tenant, &keys]).await?;
        if resource == Resource::Groups {
            for key in keys {
                // `0` is the character after `/`: every key of a member of this group lies between the two.
                let (from, to) = (format!("{key}/"), format!("{key}0"));
                let sql = "DELETE FROM memberships WHERE tenant = $1 AND key >= $2 AND key < $3";
                dropped += execute(self.on, sql, &[&self.tenant, &from, &to]).await?;
            }
        }
        Ok(dropped)
    }

    /// Keeps what could not be decoded, once; a row of its id counts as seen.
    pub(super) async fn set_aside(&mut self, stream: Resource, odd: &OddRow) -> Done<()> {
        let resource = odd.resource.code();
        let id = text::perhaps(odd.id.as_deref());
        if let Some(id) = &id {
            let sql = format!(
                "SELECT row FROM {} WHERE tenant = $1 AND key = $2",
                odd.resource.as_str()
            );
            if let Some(row) = query_one(self.on, &sql, &[&self.tenant, id]).await? {
                self.seen.of(odd.resource).add(row.try_get(0)?);
            }
        }
        let (raw, problem) = (text::stored(&odd.raw), text::stored(&odd.problem));
        execute(
            self.on,
            "DELETE FROM odd_rows WHERE tenant = $1 AND resource = $2
             AND (id = $3 OR (id IS NULL AND $3 IS NULL AND raw = $4))",
            &[&self.tenant, &resource, &id, &raw],
        )
        .await?;
        execute(
            self.on,
            "INSERT INTO odd_rows (tenant, stream, generation, resource, id, raw, problem)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[
                &self.tenant,
                &stream.code(),
                &self.generation,
                &resource,
                &id,
                &raw,
                &problem,
            ],
        )
        .await
        .map(drop)
    }

    /// Forgets odd rows that this page brought in good order.
    pub(super) async fn take_back<R: Row>(&self, rows: &[R]) -> Done<()> {
        let sql = "SELECT 1 FROM odd_rows WHERE tenant = $1 AND resource = $2 LIMIT 1";
        let resource = R::RESOURCE.code();
        if query_one(self.on, sql, &[&self.tenant, &resource])
            .await?
            .is_none()
        {
            return Ok(());
        }
        let keys: Vec<String> = rows
            .iter()
            .map(|row| text::stored(&row.key()).into_owned())
            .collect();
        let sql = "DELETE FROM odd_rows WHERE tenant = $1 AND resource = $2 AND id = ANY($3)";
        execute(self.on, sql, &[&self.tenant, &resource, &keys])
            .await
            .map(drop)
    }
}

/// The values of one column, as one parameter.
enum Values {
    Integers(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
}

impl Values {
    fn parameter(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Integers(values) => values,
            Self::Texts(values) => values,
        }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        match self {
            Self::Integers(values) => values.push(match cell {
                Cell::Integer(number) => Some(*number),
                Cell::Null | Cell::Text(_) => None,
            }),
            Self::Texts(values) => values.push(match cell {
                Cell::Text(text) => Some(text::stored(text).into_owned()),
                Cell::Null | Cell::Integer(_) => None,
            }),
        }
    }
}

/// The values of rows, column by column.
fn columns<'r, R: Row>(rows: impl Iterator<Item = &'r R>) -> Vec<Values> {
    let mut columns: Vec<_> = R::KINDS
        .iter()
        .map(|kind| match kind {
            Kind::Integer => Values::Integers(Vec::new()),
            Kind::Text => Values::Texts(Vec::new()),
        })
        .collect();
    for row in rows {
        let mut cells = Vec::with_capacity(columns.len());
        row.cells(&mut cells);
        for (column, cell) in columns.iter_mut().zip(&cells) {
            column.push(cell);
        }
    }
    columns
}

/// The parameters that hold columns, from this number on.
fn arrays<R: Row>(from: usize) -> String {
    let arrays: Vec<String> = (from..)
        .zip(R::KINDS)
        .map(|(number, kind)| match kind {
            Kind::Integer => format!("${number}::bigint[]"),
            Kind::Text => format!("${number}::text[]"),
        })
        .collect();
    arrays.join(", ")
}
