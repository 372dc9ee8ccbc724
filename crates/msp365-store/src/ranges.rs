//! Row numbers as ranges, so that what a page has seen is one short record.

/// Row numbers as ranges: a page that comes in the order it first came is one range.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Ranges(Vec<(i64, i64)>);

impl Ranges {
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn add(&mut self, row: i64) {
        match self.0.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(row) => *last = row,
            _ => self.0.push((row, row)),
        }
    }

    /// Whether the row is in one of the ranges, once they are settled.
    pub(crate) fn holds(&self, row: i64) -> bool {
        let before = self.0.partition_point(|(first, _)| *first <= row);
        let nearest = before.checked_sub(1).and_then(|at| self.0.get(at));
        nearest.is_some_and(|(_, last)| row <= *last)
    }

    /// Orders and joins the ranges.
    pub(crate) fn settle(&mut self) {
        self.0.sort_unstable();
        self.0.dedup_by(|later, earlier| {
            let touches = later.0 <= earlier.1.saturating_add(1);
            if touches {
                earlier.1 = earlier.1.max(later.1);
            }
            touches
        });
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let ends = self.0.iter().flat_map(|(first, last)| [first, last]);
        ends.flat_map(|end| end.to_le_bytes()).collect()
    }

    pub(crate) fn read(&mut self, bytes: &[u8]) {
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
