//! Keeps a listing from going on for ever.

use std::{
    collections::{HashSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use msp365_core::{Cursor, TenantId};

use crate::Error;

/// Cursors remembered, as digests. A longer circle ends at the bound of pages.
const REMEMBERED: usize = 4_096;
/// Empty pages in a row after which the rest is taken to be empty, too.
const EMPTY_PAGES: u32 = 1_000;
/// Pages of one listing: with pages of 999 rows, 200 million rows.
const PAGES: u32 = 200_000;

/// What a listing has gone through so far.
#[derive(Debug, Default)]
pub(super) struct Guard {
    order: VecDeque<u64>,
    seen: HashSet<u64>,
    pages: u32,
    empty: u32,
}

impl Guard {
    pub(super) fn new(from: Option<&Cursor>) -> Self {
        let mut guard = Self::default();
        if let Some(cursor) = from {
            guard.remember(digest(cursor));
        }
        guard
    }

    /// Counts a page that came.
    pub(super) const fn count(&mut self, is_empty: bool) {
        self.pages += 1;
        self.empty = if is_empty { self.empty + 1 } else { 0 };
    }

    /// Whether this cursor was followed before.
    pub(super) fn has_seen(&self, cursor: &Cursor) -> bool {
        self.seen.contains(&digest(cursor))
    }

    /// Whether the page that is arriving may be the last that is believed.
    pub(super) const fn is_spent(&self) -> bool {
        self.pages + 1 >= PAGES || self.empty + 1 >= EMPTY_PAGES
    }

    /// Lets a cursor be followed, once.
    pub(super) fn admit(
        &mut self,
        cursor: &Cursor,
        operation: &'static str,
        tenant: TenantId,
    ) -> Result<(), Error> {
        if self.pages >= PAGES {
            return Err(Error::TooManyPages {
                operation,
                tenant,
                limit: PAGES,
            });
        }
        if self.empty >= EMPTY_PAGES || self.has_seen(cursor) {
            return Err(Error::PagingLoop { operation, tenant });
        }
        self.remember(digest(cursor));
        Ok(())
    }

    fn remember(&mut self, digest: u64) {
        if self.order.len() >= REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        self.order.push_back(digest);
        self.seen.insert(digest);
    }
}

fn digest(cursor: &Cursor) -> u64 {
    let mut hasher = DefaultHasher::new();
    cursor.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admit(guard: &mut Guard, number: u32) -> Result<(), Error> {
        let cursor = Cursor::link(format!("https://graph.microsoft.com/v1.0/users?{number}"));
        guard.admit(&cursor, "users.list", TenantId::new(uuid::Uuid::nil()))
    }

    #[test]
    fn f074_a_listing_without_end_is_ended() {
        let mut guard = Guard::default();
        let mut number = 0;

        let error = loop {
            guard.count(false);
            number += 1;
            if let Err(error) = admit(&mut guard, number) {
                break error;
            }
        };

        assert!(matches!(error, Error::TooManyPages { limit: 200_000, .. }));
        assert_eq!((number, guard.seen.len()), (PAGES, REMEMBERED));
    }

    #[test]
    fn a_thousand_empty_pages_in_a_row_are_a_circle() {
        let mut guard = Guard::default();
        for number in 1..EMPTY_PAGES {
            guard.count(true);
            admit(&mut guard, number).unwrap();
        }

        guard.count(true);

        assert!(matches!(
            admit(&mut guard, EMPTY_PAGES),
            Err(Error::PagingLoop { .. })
        ));
    }
}
