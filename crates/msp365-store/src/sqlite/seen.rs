//! Which rows a generation has seen: one record for each page of a pass instead of a mark in each row.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::Done;
use crate::{Resource, ranges::Ranges};

/// The rows that one page has seen.
#[derive(Default)]
pub(super) struct Seen(BTreeMap<Resource, Ranges>);

/// What a generation has seen of a table.
pub(super) enum Extent {
    /// A sweep has left only what was seen, and whatever came later was seen too.
    All,
    /// These rows.
    Some(Ranges),
}

impl Seen {
    pub(super) fn of(&mut self, resource: Resource) -> &mut Ranges {
        self.0.entry(resource).or_default()
    }

    /// Stores what the page has seen, unless a sweep of this generation is already done.
    pub(super) fn store(&self, connection: &Connection, tenant: i64, generation: i64) -> Done<()> {
        for (resource, ranges) in self.0.iter().filter(|(_, ranges)| !ranges.is_empty()) {
            connection
                .prepare_cached(
                    "INSERT INTO seen (tenant, resource, generation, page, rows)
                     SELECT ?1, ?2, ?3, coalesce(max(page), 0) + 1, ?4 FROM seen
                     WHERE tenant = ?1 AND resource = ?2 AND generation = ?3
                     HAVING coalesce(min(page), 1) > 0",
                )?
                .execute(params![tenant, resource.code(), generation, ranges.bytes()])?;
        }
        Ok(())
    }
}

impl Extent {
    pub(super) fn read(
        connection: &Connection,
        tenant: i64,
        resource: Resource,
        generation: i64,
    ) -> Done<Self> {
        let mut select = connection.prepare_cached(
            "SELECT page, rows FROM seen WHERE tenant = ?1 AND resource = ?2 AND generation >= ?3",
        )?;
        let mut found = select.query(params![tenant, resource.code(), generation])?;
        let mut ranges = Ranges::default();
        while let Some(row) = found.next()? {
            if row.get::<_, i64>(0)? == 0 {
                return Ok(Self::All);
            }
            ranges.read(row.get_ref(1)?.as_blob().unwrap_or_default());
        }
        ranges.settle();
        Ok(Self::Some(ranges))
    }

    /// Notes that a sweep has left only what this generation has seen, in place of the single pages.
    pub(super) fn store_all(
        connection: &Connection,
        tenant: i64,
        resource: Resource,
        generation: i64,
    ) -> Done<()> {
        let of = params![tenant, resource.code(), generation];
        connection
            .prepare_cached("DELETE FROM seen WHERE tenant = ?1 AND resource = ?2 AND generation <= ?3")?
            .execute(of)?;
        connection
            .prepare_cached("INSERT INTO seen (tenant, resource, generation, page) VALUES (?1, ?2, ?3, 0)")?
            .execute(of)?;
        Ok(())
    }
}
