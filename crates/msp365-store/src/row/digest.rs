//! A digest that tells whether a row changed.

use super::Cell;

const FOLD: u64 = 0x9e37_79b9_7f4a_7c15;
const SEED: u64 = 0x2d35_8dcc_aa6c_78a5;

/// A digest of values and their places. It is stored, so it must stay the same on every machine and in every version;
/// a change of it only makes every row look changed once.
pub(crate) fn digest(cells: &[Cell<'_>]) -> i64 {
    let folded = cells.iter().fold(SEED, |hash, cell| match cell {
        Cell::Null => fold(hash, 1),
        Cell::Integer(number) => fold(fold(hash, 2), number.cast_unsigned()),
        Cell::Text(text) => {
            let mut hash = fold(fold(hash, 3), text.len() as u64);
            let (words, rest) = text.as_bytes().as_chunks();
            for word in words {
                hash = fold(hash, u64::from_le_bytes(*word));
            }
            let mut last = [0; 8];
            last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            fold(hash, u64::from_le_bytes(last))
        }
    });
    end(folded).cast_signed()
}

/// One round; no two words lead from one hash to the same hash.
const fn fold(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(26) ^ word).wrapping_mul(FOLD)
}

/// Lets every bit reach every other.
const fn end(hash: u64) -> u64 {
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(SEED);
    mixed ^ (mixed >> 29)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn text(text: &str) -> Cell<'_> {
        Cell::Text(Cow::Borrowed(text))
    }

    #[test]
    fn the_digest_of_a_row_never_changes() {
        let cells = [
            text("ada@contoso.example"),
            Cell::Integer(-1),
            Cell::Null,
            text(""),
        ];

        assert_eq!(digest(&cells), 4_559_365_588_165_852_281);
    }

    #[test]
    fn a_value_in_another_place_is_another_row() {
        let (one, two) = ([text("ab"), text("c")], [text("a"), text("bc")]);

        assert_ne!(digest(&one), digest(&two));
        assert_ne!(digest(&[Cell::Null, text("")]), digest(&[text(""), Cell::Null]));
        assert_ne!(digest(&[text("a")]), digest(&[text("a\0")]));
    }
}
