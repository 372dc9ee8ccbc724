//! Rows into their tables: put, remove, sweep.

use rusqlite::{CachedStatement, Connection, OptionalExtension, params, params_from_iter};

use super::{
    Done,
    seen::{Extent, Seen},
    signed_in::{self, Put, SignedIn},
    tail::{Keys, Known, Tails},
};
use crate::{
    MembershipRow, OddRow, PageCounts, Removal, Resource,
    ranges::Ranges,
    row::{Cell, Packed, PackedRow, Row, any_rows, join},
};

const FIND: &str = "SELECT row, digest FROM entries WHERE tenant = ?1 AND resource = ?2 AND key = ?3";
const MARK: &str = "UPDATE entries SET digest = ?4 WHERE tenant = ?1 AND resource = ?2 AND key = ?3";

/// One page of one tenant's pass, inside a transaction.
pub(super) struct Page<'c> {
    pub(super) connection: &'c Connection,
    pub(super) tails: &'c mut Tails,
    pub(super) tenant: i64,
    pub(super) generation: i64,
    pub(super) seen: Seen,
}

impl Page<'_> {
    /// Stores rows. What did not change is only noted as seen.
    pub(super) fn put<R: Row>(&mut self, rows: &Packed, counts: &mut PageCounts) -> Done<()> {
        self.tails
            .prepare::<R>(self.connection, self.tenant, rows.len())?;
        let mut table = Table::open::<R>(self)?;
        let mut signed_in = SignedIn::of(table.connection, R::RESOURCE, table.tenant)?;
        for row in rows.rows() {
            let done = table.put(&row, counts)?;
            signed_in.note(&row, done);
        }
        drop(table);
        if signed_in.needs_users() {
            self.settle(Resource::Users)?;
        }
        signed_in.store(self.connection, self.tenant)?;
        self.tails.settle_many(self.connection)
    }

    pub(super) fn remove(&mut self, removal: &Removal) -> Done<u64> {
        match removal {
            Removal::Row { resource, id } => {
                let dropped = self.drop_row(*resource, id)?;
                if resource.joins_groups() {
                    self.leave(id)?;
                }
                Ok(dropped)
            }
            Removal::Membership { group_id, member_id } => {
                self.drop_row(Resource::Memberships, &join([group_id, member_id]))
            }
        }
    }

    /// Removes the rows of a resource that this generation did not see.
    pub(super) fn sweep(&mut self, resource: Resource) -> Done<u64> {
        let Extent::Some(seen) = Extent::read(self.connection, self.tenant, resource, self.generation)?
        else {
            return Ok(0);
        };
        self.settle(resource)?;
        let mut old = Vec::new();
        let mut select = self
            .connection
            .prepare_cached("SELECT row, key FROM entries WHERE tenant = ?1 AND resource = ?2")?;
        let mut entries = select.query(params![self.tenant, resource.code()])?;
        while let Some(entry) = entries.next()? {
            if !seen.holds(entry.get(0)?) {
                old.push(entry.get::<_, String>(1)?);
            }
        }
        drop(entries);
        let swept = old
            .iter()
            .try_fold(0, |swept, key| Done::Ok(swept + self.drop_row(resource, key)?))?;
        self.tails.release(resource, self.tenant);
        Extent::store_all(self.connection, self.tenant, resource, self.generation)?;
        Ok(swept)
    }

    fn settle(&mut self, resource: Resource) -> Done<()> {
        any_rows!(resource, type R => self.tails.settle::<R>(self.connection))
    }

    fn drop_row(&mut self, resource: Resource, key: &str) -> Done<u64> {
        let mut dropped = self.drop_entries(resource, key, None)?;
        if resource == Resource::Groups {
            // `0` is the character after `/`: every key of a member of this group lies between the two.
            let (from, to) = (join([key, ""]), format!("{key}0"));
            dropped += self.drop_entries(Resource::Memberships, &from, Some(&to))?;
        }
        Ok(dropped)
    }

    /// Removes the memberships of an object that is gone.
    fn leave(&mut self, member: &str) -> Done<()> {
        self.settle(Resource::Memberships)?;
        self.tails.release(Resource::Memberships, self.tenant);
        let own = "FROM memberships WHERE tenant = ?1 AND member_id = ?2";
        self.connection
            .prepare_cached(&format!(
                "DELETE FROM entries WHERE tenant = ?1 AND resource = ?3
                 AND key IN (SELECT {} {own})",
                MembershipRow::KEY
            ))?
            .execute(params![self.tenant, member, Resource::Memberships.code()])?;
        self.connection
            .prepare_cached(&format!("DELETE {own}"))?
            .execute(params![self.tenant, member])?;
        Ok(())
    }

    /// Removes the row of a key, or those from one key up to another.
    fn drop_entries(&mut self, resource: Resource, from: &str, to: Option<&str>) -> Done<u64> {
        self.settle(resource)?;
        self.tails.release(resource, self.tenant);
        let matching = match to {
            None => "key = ?3 AND ?4 IS NULL",
            Some(_) => "key >= ?3 AND key < ?4",
        };
        let among = format!("FROM entries WHERE tenant = ?1 AND resource = ?2 AND {matching}");
        let table = resource.as_str();
        if resource == Resource::SignIns {
            self.settle(Resource::Users)?;
            signed_in::forget(self.connection, self.tenant, from)?;
        }
        let bounds = params![self.tenant, resource.code(), from, to];
        self.connection
            .prepare_cached(&format!("DELETE FROM {table} WHERE row IN (SELECT row {among})"))?
            .execute(bounds)?;
        let dropped = self
            .connection
            .prepare_cached(&format!("DELETE {among}"))?
            .execute(bounds)?;
        Ok(dropped as u64)
    }

    /// Keeps what could not be decoded, once; a row of its id counts as seen.
    pub(super) fn set_aside(&mut self, stream: Resource, odd: &OddRow) -> Done<()> {
        let resource = odd.resource.code();
        if let Some(id) = &odd.id
            && let Some(known) = any_rows!(odd.resource, type R => Table::open::<R>(self)?.find(id)?)
        {
            self.seen.of(odd.resource).add(known.row);
        }
        self.connection
            .prepare_cached(
                "DELETE FROM odd_rows WHERE tenant = ?1 AND resource = ?2
                 AND (id = ?3 OR (id IS NULL AND ?3 IS NULL AND raw = ?4))",
            )?
            .execute(params![self.tenant, resource, odd.id, odd.raw])?;
        self.connection
            .prepare_cached(
                "INSERT INTO odd_rows (tenant, stream, generation, resource, id, raw, problem)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                self.tenant,
                stream.code(),
                self.generation,
                resource,
                odd.id,
                odd.raw,
                odd.problem
            ])?;
        Ok(())
    }

    /// Forgets odd rows that this page brought in good order.
    pub(super) fn take_back<R: Row>(&self, rows: &Packed) -> Done<()> {
        let mut select = self.connection.prepare_cached(
            "SELECT row, id FROM odd_rows WHERE tenant = ?1 AND resource = ?2 AND id IS NOT NULL",
        )?;
        let odd: Vec<(i64, String)> = select
            .query_map(params![self.tenant, R::RESOURCE.code()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        for (at, id) in odd {
            if rows.rows().any(|row| row.key == id) {
                self.connection
                    .prepare_cached("DELETE FROM odd_rows WHERE row = ?1")?
                    .execute([at])?;
            }
        }
        Ok(())
    }
}

/// The table of one resource with its statements.
struct Table<'p> {
    connection: &'p Connection,
    tenant: i64,
    resource: Resource,
    keys: &'p mut Keys,
    settled: i64,
    last: &'p mut i64,
    seen: &'p mut Ranges,
    find: CachedStatement<'p>,
    insert: CachedStatement<'p>,
    read: CachedStatement<'p>,
    columns: &'static [&'static str],
}

impl<'p> Table<'p> {
    fn open<R: Row>(page: &'p mut Page<'_>) -> Done<Self> {
        let connection = page.connection;
        let (keys, settled, last) = page.tails.of::<R>(connection)?.open(page.tenant);
        Ok(Self {
            connection,
            tenant: page.tenant,
            resource: R::RESOURCE,
            keys,
            settled,
            last,
            seen: page.seen.of(R::RESOURCE),
            find: connection.prepare_cached(FIND)?,
            insert: connection.prepare_cached(&insert_of::<R>())?,
            read: connection.prepare_cached(&read_of::<R>())?,
            columns: R::COLUMNS,
        })
    }

    fn put(&mut self, new: &PackedRow<'_>, counts: &mut PageCounts) -> Done<Put> {
        let (row, done) = match self.find(new.key)? {
            None => {
                *self.last += 1;
                let (row, digest) = (*self.last, new.digest);
                self.keys.remember(new.key, Known { row, digest });
                bind(&mut self.insert, &[row, self.tenant], new)?;
                counts.added += 1;
                (row, Put::Added(row))
            }
            Some(old) if old.digest == new.digest => {
                counts.unchanged += 1;
                (old.row, Put::Unchanged)
            }
            Some(old) => {
                self.mark(new, old.row)?;
                self.change(old.row, new)?;
                counts.changed += 1;
                (old.row, Put::Changed)
            }
        };
        self.seen.add(row);
        Ok(done)
    }

    /// Writes what differs, so that no index of what is the same is touched.
    fn change(&mut self, row: i64, new: &PackedRow<'_>) -> Done<()> {
        let mut values = vec![Cell::Integer(row)];
        let mut set = Vec::new();
        let mut found = self.read.query([row])?;
        let Some(old) = found.next()? else { return Ok(()) };
        for (at, (column, cell)) in self.columns.iter().zip(new.cells()).enumerate() {
            if Cell::stored(old.get_ref(at)?, column)? != cell {
                values.push(cell);
                set.push(format!("{column} = ?{}", values.len()));
            }
        }
        drop(found);
        if set.is_empty() {
            return Ok(());
        }
        let (table, set) = (self.resource.as_str(), set.join(", "));
        self.connection
            .prepare_cached(&format!("UPDATE {table} SET {set} WHERE row = ?1"))?
            .execute(params_from_iter(values))?;
        Ok(())
    }

    fn find(&mut self, key: &str) -> Done<Option<Known>> {
        let remembered = self.keys.get(key);
        if remembered.is_some() || !self.keys.may_be_more() {
            return Ok(remembered);
        }
        let entry = params![self.tenant, self.resource.code(), key];
        let known = |row: &rusqlite::Row<'_>| {
            Ok(Known {
                row: row.get(0)?,
                digest: row.get(1)?,
            })
        };
        Ok(self.find.query_row(entry, known).optional()?)
    }

    /// Notes the new digest wherever the row is known.
    fn mark(&mut self, new: &PackedRow<'_>, row: i64) -> Done<()> {
        let digest = new.digest;
        if self.keys.get(new.key).is_some() {
            self.keys.remember(new.key, Known { row, digest });
        }
        if row > self.settled {
            return Ok(());
        }
        self.connection.prepare_cached(MARK)?.execute(params![
            self.tenant,
            self.resource.code(),
            new.key,
            digest
        ])?;
        Ok(())
    }
}

/// The leading numbers, then the columns.
fn bind(statement: &mut CachedStatement<'_>, leading: &[i64], row: &PackedRow<'_>) -> Done<()> {
    for (at, number) in (1..).zip(leading) {
        statement.raw_bind_parameter(at, number)?;
    }
    for (at, cell) in (leading.len() + 1..).zip(row.cells()) {
        statement.raw_bind_parameter(at, cell)?;
    }
    statement.raw_execute()?;
    Ok(())
}

fn insert_of<R: Row>() -> String {
    let table = R::RESOURCE.as_str();
    let columns = R::COLUMNS.join(", ");
    let places = vec!["?"; R::COLUMNS.len() + 2].join(", ");
    format!("INSERT INTO {table} (row, tenant, {columns}) VALUES ({places})")
}

fn read_of<R: Row>() -> String {
    format!(
        "SELECT {} FROM {} WHERE row = ?1",
        R::COLUMNS.join(", "),
        R::RESOURCE.as_str()
    )
}
