//! What the writer remembers of rows: the newest of each table, which `entries` does not name yet, and the keys of
//! tenants whose large pages are being stored.
//!
//! New rows come in no order of their keys. Entered one page at a time, they would have half the pages of `entries`
//! written again with every page of rows. So a new row is only appended to its table, and the writer remembers its key;
//! many are entered together, in the order of their keys. `settled` says up to which row of a table that was done.
//! What is remembered can be read again at any time, so it may be forgotten at any time.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, params};

use super::{Done, directory::decode, limit};
use crate::{
    Resource,
    row::{Cell, Row, any_rows, digest},
};

/// Keys that are remembered before all are entered and forgotten: about 15 megabytes.
const MOST: usize = 131_072;
/// A page of so many rows has all keys of its tenant read at once, which then costs less than asking for each.
const LARGE: usize = 128;

/// Where a row is, and what it was when it was last written.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) row: i64,
    pub(super) digest: i64,
}

/// The tails of all tables, as far as they were needed.
#[derive(Default)]
pub(super) struct Tails {
    /// Changes when another connection has written.
    version: Option<i64>,
    tails: BTreeMap<Resource, Tail>,
}

/// What is remembered of one table.
#[derive(Default)]
pub(super) struct Tail {
    /// The last row that `entries` names, or could.
    settled: i64,
    /// The last row that there is. A number is never given twice.
    last: i64,
    tenants: HashMap<i64, Keys>,
}

/// The keys of one tenant: at least those of its newest rows.
#[derive(Default)]
pub(super) struct Keys {
    rows: HashMap<Box<str>, Known>,
    extent: Extent,
}

/// Whether the keys of a tenant are all there are.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Extent {
    #[default]
    Newest,
    All,
    /// There are too many to read them all.
    TooMany,
}

impl Tails {
    /// Forgets what another connection may have changed.
    pub(super) fn follow(&mut self, connection: &Connection) -> Done<()> {
        let version = connection
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        if self.version != Some(version) {
            self.tails.clear();
            self.version = Some(version);
        }
        Ok(())
    }

    /// Forgets everything, because the transaction did not happen or has removed everything.
    pub(super) fn forget(&mut self) {
        self.tails.clear();
    }

    pub(super) fn of<R: Row>(&mut self, connection: &Connection) -> Done<&mut Tail> {
        use std::collections::btree_map::Entry;
        match self.tails.entry(R::RESOURCE) {
            Entry::Occupied(tail) => Ok(tail.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(Tail::load::<R>(connection)?)),
        }
    }

    /// Enters all new rows of a table.
    pub(super) fn settle<R: Row>(&mut self, connection: &Connection) -> Done<()> {
        self.of::<R>(connection)?.settle::<R>(connection)
    }

    /// Enters the new rows of every table that was used.
    pub(super) fn settle_all(&mut self, connection: &Connection) -> Done<()> {
        for (resource, tail) in &mut self.tails {
            any_rows!(*resource, type R => tail.settle::<R>(connection)?);
        }
        Ok(())
    }

    /// Enters all new rows and forgets all keys if they have become many.
    pub(super) fn settle_many(&mut self, connection: &Connection) -> Done<()> {
        if self.len() >= MOST {
            self.settle_all(connection)?;
            self.tails.values_mut().for_each(|tail| tail.tenants.clear());
        }
        Ok(())
    }

    /// Reads all keys of the tenant before a large page is stored, unless that is done or there are too many.
    pub(super) fn prepare<R: Row>(&mut self, connection: &Connection, tenant: i64, rows: usize) -> Done<()> {
        let room = MOST.saturating_sub(self.len());
        let keys = self.of::<R>(connection)?.tenants.entry(tenant).or_default();
        if rows >= LARGE && keys.extent == Extent::Newest {
            keys.read_all::<R>(connection, tenant, room)?;
        }
        Ok(())
    }

    fn len(&self) -> usize {
        let keys = self.tails.values().flat_map(|tail| tail.tenants.values());
        keys.map(|keys| keys.rows.len()).sum()
    }

    /// Forgets the keys of a tenant whose pass has ended or whose rows are gone; all rows are settled.
    pub(super) fn release_all(&mut self, tenant: i64) {
        for tail in self.tails.values_mut() {
            tail.tenants.remove(&tenant);
        }
    }

    /// Forgets the keys of a tenant, some of which were removed; the rows are settled.
    pub(super) fn release(&mut self, resource: Resource, tenant: i64) {
        if let Some(tail) = self.tails.get_mut(&resource) {
            tail.tenants.remove(&tenant);
        }
    }
}

impl Tail {
    /// What the table holds; new rows that another process or a refused page has left are entered at once.
    fn load<R: Row>(connection: &Connection) -> Done<Self> {
        let settled: i64 = connection
            .prepare_cached("SELECT coalesce(max(row), 0) FROM settled WHERE resource = ?1")?
            .query_row([R::RESOURCE.code()], |row| row.get(0))?;
        let mut tail = Self {
            settled,
            last: settled,
            tenants: HashMap::new(),
        };
        let mut select = connection.prepare_cached(&format!(
            "SELECT row, tenant, {} FROM {} WHERE row > ?1 ORDER BY row",
            R::COLUMNS.join(", "),
            R::RESOURCE.as_str(),
        ))?;
        let mut found = select.query([settled])?;
        while let Some(row) = found.next()? {
            let cells: Vec<Cell<'_>> = (2..)
                .zip(R::COLUMNS)
                .map(|(at, column)| Cell::stored(row.get_ref(at)?, column))
                .collect::<Done<_>>()?;
            tail.last = row.get(0)?;
            let known = Known {
                row: tail.last,
                digest: digest(&cells),
            };
            let key = decode::<R>(row, 2)?.key().into_owned();
            tail.tenants.entry(row.get(1)?).or_default().remember(&key, known);
        }
        tail.settle::<R>(connection)?;
        tail.tenants.clear();
        Ok(tail)
    }

    /// The keys of a tenant, the last row that is settled, and the last there is.
    pub(super) fn open(&mut self, tenant: i64) -> (&mut Keys, i64, &mut i64) {
        let keys = self.tenants.entry(tenant).or_default();
        (keys, self.settled, &mut self.last)
    }

    fn settle<R: Row>(&mut self, connection: &Connection) -> Done<()> {
        if self.settled == self.last {
            return Ok(());
        }
        let mut new = Vec::new();
        for (tenant, keys) in &self.tenants {
            let newest = keys.rows.iter().filter(|(_, known)| known.row > self.settled);
            new.extend(newest.map(|(key, known)| (*tenant, &**key, *known)));
        }
        new.sort_unstable_by_key(|(tenant, key, _)| (*tenant, *key));
        let resource = R::RESOURCE.code();
        let mut enter = connection.prepare_cached(
            "INSERT INTO entries (tenant, resource, key, row, digest) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for (tenant, key, known) in new {
            enter.execute(params![tenant, resource, key, known.row, known.digest])?;
        }
        connection
            .prepare_cached(
                "INSERT INTO settled (resource, row) VALUES (?1, ?2)
                 ON CONFLICT (resource) DO UPDATE SET row = excluded.row",
            )?
            .execute([resource, self.last])?;
        self.settled = self.last;
        Ok(())
    }
}

impl Keys {
    fn read_all<R: Row>(&mut self, connection: &Connection, tenant: i64, room: usize) -> Done<()> {
        let mut select = connection.prepare_cached(
            "SELECT key, row, digest FROM entries WHERE tenant = ?1 AND resource = ?2 LIMIT ?3",
        )?;
        let most = limit(room.saturating_add(1));
        let mut found = select.query(params![tenant, R::RESOURCE.code(), most])?;
        let mut all: HashMap<Box<str>, Known> = HashMap::new();
        while let Some(row) = found.next()? {
            let known = Known {
                row: row.get(1)?,
                digest: row.get(2)?,
            };
            all.insert(row.get::<_, Box<str>>(0)?, known);
        }
        if all.len() > room {
            self.extent = Extent::TooMany;
            return Ok(());
        }
        self.extent = Extent::All;
        all.extend(self.rows.drain());
        self.rows = all;
        Ok(())
    }

    pub(super) fn get(&self, key: &str) -> Option<Known> {
        self.rows.get(key).copied()
    }

    /// Whether a key that is not remembered may still be in `entries`.
    pub(super) fn may_be_more(&self) -> bool {
        self.extent != Extent::All
    }

    /// Remembers where a new row is, or what a remembered one is now.
    pub(super) fn remember(&mut self, key: &str, known: Known) {
        match self.rows.get_mut(key) {
            Some(old) => *old = known,
            None => {
                self.rows.insert(key.into(), known);
            }
        }
    }
}

/// The rows of a table that `entries` does not name: tenant, key and row.
pub(super) fn unsettled<R: Row>() -> String {
    format!(
        "SELECT tenant, {} AS key, row FROM {}
         WHERE row > (SELECT coalesce(max(row), 0) FROM settled WHERE resource = {})",
        R::KEY,
        R::RESOURCE.as_str(),
        R::RESOURCE.code(),
    )
}
