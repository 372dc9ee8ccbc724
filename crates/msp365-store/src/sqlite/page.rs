//! Rows into their tables: put, remove, sweep.

use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use super::Done;
use crate::{
    OddRow, PageCounts, Removal, Resource,
    row::{Cell, Row, digest, join},
};

/// One pass of one tenant, inside a transaction.
pub(super) struct Page<'c> {
    pub(super) connection: &'c Connection,
    pub(super) tenant: i64,
    pub(super) generation: i64,
}

const FIND: &str = "SELECT row, digest FROM entries WHERE tenant = ?1 AND resource = ?2 AND key = ?3";
const ENTER: &str = "INSERT INTO entries (tenant, resource, key, digest, generation, row)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
const MARK: &str = "UPDATE entries SET digest = ?4, generation = ?5
    WHERE tenant = ?1 AND resource = ?2 AND key = ?3";
const SEE: &str = "UPDATE entries SET generation = ?5
    WHERE tenant = ?1 AND resource = ?2 AND key = ?3 AND digest = ?4";

/// What became of a row. Rows of a page tend to share it, so the next row is first tried as the last one was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Added,
    Changed,
    Unchanged,
}

impl Page<'_> {
    /// Stores rows. What did not change is only marked as seen, in the narrow table.
    pub(super) fn put<R: Row>(&self, rows: &[R], counts: &mut PageCounts) -> Done<()> {
        let mut table = Table::open::<R>(self)?;
        let mut cells = Vec::with_capacity(R::COLUMNS.len());
        let mut last = Fate::Changed;
        for row in rows {
            cells.clear();
            row.cells(&mut cells);
            last = table.put(&row.key(), &cells, last)?;
            match last {
                Fate::Added => counts.added += 1,
                Fate::Changed => counts.changed += 1,
                Fate::Unchanged => counts.unchanged += 1,
            }
        }
        Ok(())
    }

    pub(super) fn remove(&self, removal: &Removal) -> Done<u64> {
        match removal {
            Removal::Row { resource, id } => self.drop_row(*resource, id),
            Removal::Membership { group_id, member_id } => {
                self.drop_row(Resource::Memberships, &join([group_id, member_id]))
            }
        }
    }

    /// Removes the rows of a resource that this generation did not see.
    pub(super) fn sweep(&self, resource: Resource) -> Done<u64> {
        let mut select = self.connection.prepare_cached(
            "SELECT key FROM entries WHERE tenant = ?1 AND resource = ?2 AND generation < ?3",
        )?;
        let old: Vec<String> = select
            .query_map(params![self.tenant, resource.code(), self.generation], |row| {
                row.get(0)
            })?
            .collect::<Result<_, _>>()?;
        old.iter()
            .try_fold(0, |swept, key| Ok(swept + self.drop_row(resource, key)?))
    }

    fn drop_row(&self, resource: Resource, key: &str) -> Done<u64> {
        let mut dropped = self.drop_entries(resource, key, None)?;
        if resource == Resource::Groups {
            // `0` is the character after `/`: every key of a member of this group lies between the two.
            let (from, to) = (join([key, ""]), format!("{key}0"));
            dropped += self.drop_entries(Resource::Memberships, &from, Some(&to))?;
        }
        Ok(dropped)
    }

    /// Removes the row of a key, or those from one key up to another.
    fn drop_entries(&self, resource: Resource, from: &str, to: Option<&str>) -> Done<u64> {
        let matching = match to {
            None => "key = ?3 AND ?4 IS NULL",
            Some(_) => "key >= ?3 AND key < ?4",
        };
        let among = format!("FROM entries WHERE tenant = ?1 AND resource = ?2 AND {matching}");
        let table = resource.as_str();
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
    pub(super) fn set_aside(&self, stream: Resource, odd: &OddRow) -> Done<()> {
        let resource = odd.resource.code();
        if let Some(id) = &odd.id {
            self.connection
                .prepare_cached(
                    "UPDATE entries SET generation = ?4 WHERE tenant = ?1 AND resource = ?2 AND key = ?3",
                )?
                .execute(params![self.tenant, resource, id, self.generation])?;
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
    pub(super) fn take_back<R: Row>(&self, rows: &[R]) -> Done<()> {
        let mut select = self.connection.prepare_cached(
            "SELECT row, id FROM odd_rows WHERE tenant = ?1 AND resource = ?2 AND id IS NOT NULL",
        )?;
        let odd: Vec<(i64, String)> = select
            .query_map(params![self.tenant, R::RESOURCE.code()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        for (at, id) in odd {
            if rows.iter().any(|row| row.key() == id) {
                self.connection
                    .prepare_cached("DELETE FROM odd_rows WHERE row = ?1")?
                    .execute([at])?;
            }
        }
        Ok(())
    }
}

/// The table of one resource with its statements.
struct Table<'c> {
    page: &'c Page<'c>,
    resource: i64,
    /// The number of the next new row.
    next: i64,
    find: CachedStatement<'c>,
    enter: CachedStatement<'c>,
    mark: CachedStatement<'c>,
    see: CachedStatement<'c>,
    insert: CachedStatement<'c>,
    update: CachedStatement<'c>,
}

impl<'c> Table<'c> {
    fn open<R: Row>(page: &'c Page<'c>) -> Done<Self> {
        let table = R::RESOURCE.as_str();
        let next = format!("SELECT coalesce(max(row), 0) + 1 FROM {table}");
        let prepare = |sql: &str| page.connection.prepare_cached(sql);
        Ok(Self {
            page,
            resource: R::RESOURCE.code(),
            next: prepare(&next)?.query_row([], |row| row.get(0))?,
            find: prepare(FIND)?,
            enter: prepare(ENTER)?,
            mark: prepare(MARK)?,
            see: prepare(SEE)?,
            insert: prepare(&insert_of::<R>())?,
            update: prepare(&update_of::<R>())?,
        })
    }

    fn put(&mut self, key: &str, cells: &[Cell<'_>], guess: Fate) -> Done<Fate> {
        let (tenant, generation) = (self.page.tenant, self.page.generation);
        let new = digest(cells);
        if guess == Fate::Added && self.add(key, new, cells)? {
            return Ok(Fate::Added);
        }
        let entry = params![tenant, self.resource, key, new, generation];
        if guess == Fate::Unchanged && self.see.execute(entry)? == 1 {
            return Ok(Fate::Unchanged);
        }
        let found: Option<(i64, i64)> = self
            .find
            .query_row(params![tenant, self.resource, key], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        match found {
            None => {
                self.add(key, new, cells)?;
                Ok(Fate::Added)
            }
            Some((_, old)) if old == new => {
                self.see.execute(entry)?;
                Ok(Fate::Unchanged)
            }
            Some((row, _)) => {
                self.mark.execute(entry)?;
                bind(&mut self.update, &[row], cells)?;
                Ok(Fate::Changed)
            }
        }
    }

    /// Adds a row unless its key is there already.
    fn add(&mut self, key: &str, digest: i64, cells: &[Cell<'_>]) -> Done<bool> {
        let (tenant, generation) = (self.page.tenant, self.page.generation);
        let entry = params![tenant, self.resource, key, digest, generation, self.next];
        if self.enter.execute(entry)? == 0 {
            return Ok(false);
        }
        bind(&mut self.insert, &[self.next, tenant], cells)?;
        self.next += 1;
        Ok(true)
    }
}

/// The leading numbers, then the columns.
fn bind(statement: &mut CachedStatement<'_>, leading: &[i64], cells: &[Cell<'_>]) -> Done<()> {
    for (at, number) in (1..).zip(leading) {
        statement.raw_bind_parameter(at, number)?;
    }
    for (at, cell) in (leading.len() + 1..).zip(cells) {
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

fn update_of<R: Row>() -> String {
    let columns: Vec<String> = (2..)
        .zip(R::COLUMNS)
        .map(|(at, column)| format!("{column} = ?{at}"))
        .collect();
    format!(
        "UPDATE {} SET {} WHERE row = ?1",
        R::RESOURCE.as_str(),
        columns.join(", ")
    )
}
