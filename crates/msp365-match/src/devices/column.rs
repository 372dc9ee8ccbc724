//! Text of a million records in one allocation.

/// Texts one behind the other; a text is known by its place.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    text: String,
    ends: Vec<usize>,
}

impl Column {
    /// Adds what `write` appends, and answers it.
    pub(super) fn push_with(&mut self, write: impl FnOnce(&mut String)) -> &str {
        let start = self.text.len();
        write(&mut self.text);
        self.ends.push(self.text.len());
        self.text.get(start..).unwrap_or_default()
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// The text at a place; empty where there is none.
    pub(super) fn get(&self, place: usize) -> &str {
        let start = match place.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or_default(),
            None => 0,
        };
        let end = self.ends.get(place).copied().unwrap_or(start);
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_at_its_place_and_none_beyond() {
        let mut column = Column::default();
        column.push("ada");
        column.push("");
        assert_eq!(column.push_with(|text| text.push_str("bo")), "bo");

        assert_eq!((column.get(0), column.get(1), column.get(2)), ("ada", "", "bo"));
        assert_eq!((column.get(9), column.len()), ("", 3));
    }
}
