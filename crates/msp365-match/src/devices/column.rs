//! A value for each record, which stores nothing after the last unusual value.

#[derive(Debug, Clone)]
pub(super) struct Column<T> {
    values: Vec<T>,
    /// The value that most records have.
    usual: T,
}

impl<T: Copy + PartialEq> Column<T> {
    pub(super) const fn new(usual: T) -> Self {
        Self {
            values: Vec::new(),
            usual,
        }
    }

    /// Sets the value of the record that was added last.
    pub(super) fn put(&mut self, place: usize, value: T) {
        if value != self.usual {
            self.values.resize(place, self.usual);
            self.values.push(value);
        }
    }

    pub(super) fn get(&self, place: usize) -> T {
        self.values.get(place).copied().unwrap_or(self.usual)
    }

    /// The number of stored values: up to and including the last unusual one.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_nobody_fills_takes_no_room() {
        let mut column = Column::new(7);
        (0..3).for_each(|place| column.put(place, 7));
        assert_eq!((column.len(), column.get(1), column.get(99)), (0, 7, 7));

        column.put(3, 8);
        column.put(4, 7);
        assert_eq!(
            (column.len(), column.get(2), column.get(3), column.get(4)),
            (4, 7, 8, 7)
        );
    }
}
