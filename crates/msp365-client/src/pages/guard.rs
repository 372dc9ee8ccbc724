//! Keeps a listing from going on for ever.

use std::{
    collections::{HashSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use msp365_core::{Cursor, TenantId};
use rustc_hash::FxHasher;

use crate::Error;

/// How many cursors are remembered, as digests. A longer circle ends at the limit of pages.
const REMEMBERED: usize = 4_096;
/// Empty pages in a row after which the rest is taken to be empty, too.
const EMPTY_PAGES: u32 = 1_000;
/// Pages in a row that are the same except for their links, after which no different one is expected.
const ALIKE: u32 = 3;
/// Most pages of one listing: with pages of 999 rows, 200 million rows.
const PAGES: u32 = 200_000;

/// How far a listing has got.
#[derive(Debug, Default)]
pub(super) struct Guard {
    order: VecDeque<u64>,
    seen: HashSet<u64>,
    pages: u32,
    empty: u32,
    /// A digest of the last page without its link, and how many pages in a row were the same.
    last: u64,
    alike: u32,
}

impl Guard {
    pub(super) fn new(from: Option<&Cursor>) -> Self {
        let mut guard = Self::default();
        if let Some(cursor) = from {
            guard.remember(digest(cursor));
        }
        guard
    }

    /// Counts a page that arrived, with these rows in this body.
    pub(super) fn count<T>(&mut self, rows: &[T], body: &[u8]) {
        self.pages += 1;
        self.empty = if rows.is_empty() { self.empty + 1 } else { 0 };
        let held = content(body);
        self.alike = if held == self.last && !rows.is_empty() {
            self.alike + 1
        } else {
            1
        };
        self.last = held;
    }

    /// Whether this cursor was followed before.
    pub(super) fn has_seen(&self, cursor: &Cursor) -> bool {
        self.seen.contains(&digest(cursor))
    }

    /// Whether the page that is arriving may be the last one allowed.
    pub(super) const fn is_spent(&self) -> bool {
        self.pages + 1 >= PAGES || self.empty + 1 >= EMPTY_PAGES || self.alike + 1 >= ALIKE
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
        if self.empty >= EMPTY_PAGES || self.alike >= ALIKE || self.has_seen(cursor) {
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

/// A digest of a body without the link to the next page.
fn content(body: &[u8]) -> u64 {
    const NAME: &[u8] = b"\"@odata.nextLink\"";
    let mut hasher = FxHasher::default();
    let start = body.windows(NAME.len()).position(|part| part == NAME);
    let (head, link) = body.split_at(start.unwrap_or(body.len()));
    hasher.write(head);
    let value = link.get(NAME.len()..).unwrap_or_default();
    // The value ends at the second quote behind the name: a link contains no unescaped quote, and an escaped one only
    // makes two pages differ.
    let mut quotes = value.iter().enumerate().filter(|(_, byte)| **byte == b'"');
    if let Some((end, _)) = quotes.nth(1) {
        hasher.write(value.get(end..).unwrap_or_default());
    }
    hasher.finish()
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
            number += 1;
            guard.count(&[number], number.to_string().as_bytes());
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
            guard.count::<u32>(&[], b"");
            admit(&mut guard, number).unwrap();
        }

        guard.count::<u32>(&[], b"");

        assert!(matches!(
            admit(&mut guard, EMPTY_PAGES),
            Err(Error::PagingLoop { .. })
        ));
    }
}
