//! Which rows a generation has seen: one record for each page of a pass instead of a mark in each row.

use std::collections::BTreeMap;

use deadpool_postgres::GenericClient;

use super::{Done, execute, query};
use crate::{Resource, ranges::Ranges};

const NOTE: &str = "INSERT INTO seen (tenant, resource, generation, page, rows)
    SELECT $1::bigint, $2::bigint, $3::bigint, coalesce(max(page), 0) + 1, $4::bytea FROM seen
    WHERE tenant = $1 AND resource = $2 AND generation = $3
    HAVING coalesce(min(page), 1) > 0";

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
    pub(super) async fn store(&self, on: &impl GenericClient, tenant: i64, generation: i64) -> Done<()> {
        for (resource, ranges) in self.0.iter().filter(|(_, ranges)| !ranges.is_empty()) {
            execute(
                on,
                NOTE,
                &[&tenant, &resource.code(), &generation, &ranges.bytes()],
            )
            .await?;
        }
        Ok(())
    }
}

impl Extent {
    pub(super) async fn read(
        on: &impl GenericClient,
        tenant: i64,
        resource: Resource,
        generation: i64,
    ) -> Done<Self> {
        let sql = "SELECT page, rows FROM seen WHERE tenant = $1 AND resource = $2 AND generation >= $3";
        let mut ranges = Ranges::default();
        for row in query(on, sql, &[&tenant, &resource.code(), &generation]).await? {
            if row.try_get::<_, i64>(0)? == 0 {
                return Ok(Self::All);
            }
            ranges.read(row.try_get::<_, Option<&[u8]>>(1)?.unwrap_or_default());
        }
        ranges.settle();
        Ok(Self::Some(ranges))
    }

    /// Notes that a sweep has left only what this generation has seen, in place of the single pages.
    pub(super) async fn store_all(
        on: &impl GenericClient,
        tenant: i64,
        resource: Resource,
        generation: i64,
    ) -> Done<()> {
        let delete = "DELETE FROM seen WHERE tenant = $1 AND resource = $2 AND generation <= $3";
        execute(on, delete, &[&tenant, &resource.code(), &generation]).await?;
        let insert = "INSERT INTO seen (tenant, resource, generation, page) VALUES ($1, $2, $3, 0)";
        execute(on, insert, &[&tenant, &resource.code(), &generation]).await?;
        Ok(())
    }
}
