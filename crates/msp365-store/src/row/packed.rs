//! Rows made ready for a database: all their text in one piece, each with its key and digest.
//!
//! Whoever brings a page packs it, so that the one thread that writes has only to bind and step.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::{Cell, Row};
use crate::Resource;

/// The rows of one page, of one resource.
pub(crate) struct Packed {
    pub(crate) resource: Resource,
    text: String,
    /// Of each row its key, then its columns.
    slots: Vec<Slot>,
    digests: Vec<i64>,
    width: usize,
}

/// One value; a text is a range of the page's text.
#[derive(Clone, Copy)]
enum Slot {
    Null,
    Integer(i64),
    Text(usize, usize),
}

/// One row of a page.
pub(crate) struct PackedRow<'p> {
    pub(crate) key: &'p str,
    pub(crate) digest: i64,
    page: &'p Packed,
    columns: &'p [Slot],
}

impl Packed {
    pub(crate) fn of<R: Row>(rows: &[R]) -> Self {
        let width = R::COLUMNS.len() + 1;
        let mut page = Self {
            resource: R::RESOURCE,
            text: String::new(),
            slots: Vec::with_capacity(rows.len() * width),
            digests: Vec::with_capacity(rows.len()),
            width,
        };
        let mut cells = Vec::with_capacity(width);
        for row in rows {
            cells.clear();
            row.cells(&mut cells);
            page.digests.push(digest(&cells));
            let key = page.keep(&row.key());
            page.slots.push(key);
            for cell in &cells {
                let slot = match cell {
                    Cell::Null => Slot::Null,
                    Cell::Integer(number) => Slot::Integer(*number),
                    Cell::Text(text) => page.keep(text),
                };
                page.slots.push(slot);
            }
        }
        page
    }

    pub(crate) fn len(&self) -> usize {
        self.digests.len()
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = PackedRow<'_>> {
        let slots = self.slots.chunks_exact(self.width);
        slots.zip(&self.digests).filter_map(|(slots, digest)| {
            let (key, columns) = slots.split_first()?;
            Some(PackedRow {
                key: self.text(*key),
                digest: *digest,
                page: self,
                columns,
            })
        })
    }

    fn keep(&mut self, text: &str) -> Slot {
        let from = self.text.len();
        self.text.push_str(text);
        Slot::Text(from, self.text.len())
    }

    fn text(&self, slot: Slot) -> &str {
        match slot {
            Slot::Text(from, to) => self.text.get(from..to).unwrap_or_default(),
            Slot::Null | Slot::Integer(_) => "",
        }
    }
}

impl<'p> PackedRow<'p> {
    /// The values in the order of the columns.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell<'p>> {
        let page = self.page;
        self.columns.iter().map(move |slot| match *slot {
            Slot::Null => Cell::Null,
            Slot::Integer(number) => Cell::Integer(number),
            Slot::Text(..) => Cell::Text(page.text(*slot).into()),
        })
    }
}

/// A digest of values and their places, which tells whether a row changed. It is stored; were it another in a later
/// version or on another machine, every row would look changed once.
pub(crate) fn digest(cells: &[Cell<'_>]) -> i64 {
    let mut hasher = FxHasher::default();
    for cell in cells {
        match cell {
            Cell::Null => hasher.write_u64(1),
            Cell::Integer(number) => {
                hasher.write_u64(2);
                hasher.write_i64(*number);
            }
            Cell::Text(text) => {
                hasher.write_u64(3 + text.len() as u64);
                hasher.write(text.as_bytes());
            }
        }
    }
    hasher.finish().cast_signed()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::{MembershipRow, UserRow};

    fn text(text: &str) -> Cell<'_> {
        Cell::Text(Cow::Borrowed(text))
    }

    #[test]
    fn packed_rows_are_what_they_were() {
        let mut ada = UserRow::new("1");
        ada.display_name = Some("Zoë".to_owned());
        ada.account_enabled = Some(true);
        ada.business_phones = vec!["+1 555 0100".to_owned()];
        let rows = [ada, UserRow::new("2")];

        let packed = Packed::of(&rows);

        let again: Vec<_> = packed
            .rows()
            .map(|row| UserRow::from_cells(&mut row.cells()).unwrap())
            .collect();
        assert_eq!(again, rows);
    }

    #[test]
    fn the_key_of_a_membership_names_group_and_member() {
        let packed = Packed::of(&[MembershipRow::new("g", "ada")]);

        assert_eq!(packed.rows().next().unwrap().key, "g/ada");
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn the_digest_of_a_row_never_changes() {
        let cells = [
            text("ada@contoso.example"),
            Cell::Integer(-1),
            Cell::Null,
            text(""),
        ];

        assert_eq!(digest(&cells), -3_427_021_304_081_823_344);
    }

    #[test]
    fn a_value_in_another_place_is_another_row() {
        let (one, two) = ([text("ab"), text("c")], [text("a"), text("bc")]);

        assert_ne!(digest(&one), digest(&two));
        assert_ne!(digest(&[Cell::Null, text("")]), digest(&[text(""), Cell::Null]));
        assert_ne!(digest(&[text("a")]), digest(&[text("a\0")]));
    }
}
