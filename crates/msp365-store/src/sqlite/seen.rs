//! Which rows a generation has seen: one record for each page of a pass instead of a mark in each row.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::Done;
use crate::Resource;

/// Row numbers as ranges: a page that comes in the order it first came is one range.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ranges(Vec<(i64, i64)>);

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
        for (resource, ranges) in self.0.iter().filter(|(_, ranges)| !ranges.0.is_empty()) {
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

impl Ranges {
    pub(super) fn add(&mut self, row: i64) {
        match self.0.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(row) => *last = row,
            _ => self.0.push((row, row)),
        }
    }

    /// Whether the row is in one of the ranges, once they are settled.
    pub(super) fn holds(&self, row: i64) -> bool {
        let before = self.0.partition_point(|(first, _)| *first <= row);
        let nearest = before.checked_sub(1).and_then(|at| self.0.get(at));
        nearest.is_some_and(|(_, last)| row <= *last)
    }

    /// Orders and joins the ranges.
    fn settle(&mut self) {
        self.0.sort_unstable();
        self.0.dedup_by(|later, earlier| {
            let touches = later.0 <= earlier.1.saturating_add(1);
            if touches {
                earlier.1 = earlier.1.max(later.1);
            }
            touches
        });
    }

    fn bytes(&self) -> Vec<u8> {
        let ends = self.0.iter().flat_map(|(first, last)| [first, last]);
        ends.flat_map(|end| end.to_le_bytes()).collect()
    }

    fn read(&mut self, bytes: &[u8]) {
        let (ends, _) = bytes.as_chunks();
        let (pairs, _) = ends.as_chunks();
        let number = |end: &[u8; 8]| i64::from_le_bytes(*end);
        self.0
            .extend(pairs.iter().map(|[first, last]| (number(first), number(last))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(rows: &[i64]) -> Ranges {
        let mut ranges = Ranges::default();
        for row in rows {
            ranges.add(*row);
        }
        ranges
    }

    #[test]
    fn rows_in_sequence_are_one_range() {
        assert_eq!(ranges(&[4, 5, 6, 9, 7, 8]), Ranges(vec![(4, 6), (9, 9), (7, 8)]));
    }

    #[test]
    fn stored_ranges_come_back() {
        let mut again = Ranges::default();

        again.read(&ranges(&[4, 5, 9, i64::MAX]).bytes());

        assert_eq!(again, ranges(&[4, 5, 9, i64::MAX]));
    }

    #[test]
    fn settled_ranges_hold_what_was_added_and_no_more() {
        let mut ranges = ranges(&[9, 2, 3, 4, 3, 5, 4]);
        ranges.settle();

        assert_eq!(ranges, Ranges(vec![(2, 5), (9, 9)]));
        let held: Vec<_> = (0..12).filter(|row| ranges.holds(*row)).collect();
        assert_eq!(held, [2, 3, 4, 5, 9]);
    }
}
