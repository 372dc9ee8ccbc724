//! The texts of a million records in one allocation.

/// The texts of records, with those of one record side by side: looking at one brings the others into the cache.
#[derive(Debug, Clone)]
pub(crate) struct Texts<const PARTS: usize> {
    text: String,
    spans: Vec<Span<PARTS>>,
}

/// Where a record's texts are: each ends this many bytes after the start.
#[derive(Debug, Clone, Copy)]
struct Span<const PARTS: usize> {
    start: usize,
    ends: [u32; PARTS],
}

impl<const PARTS: usize> Texts<PARTS> {
    /// Adds a record, whose parts `write` appends in order.
    pub(crate) fn push(&mut self, mut write: impl FnMut(usize, &mut String)) {
        let start = self.text.len();
        let ends = std::array::from_fn(|part| {
            write(part, &mut self.text);
            u32::try_from(self.text.len() - start).unwrap_or(u32::MAX)
        });
        self.spans.push(Span { start, ends });
    }

    /// A part of the record at this place; empty if there is none.
    pub(crate) fn get(&self, place: usize, part: usize) -> &str {
        let Some(span) = self.spans.get(place) else {
            return "";
        };
        let end = |part: usize| {
            span.ends
                .get(part)
                .map_or(span.start, |end| span.start + *end as usize)
        };
        let from = part.checked_sub(1).map_or(span.start, end);
        self.text.get(from..end(part)).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }
}

impl<const PARTS: usize> Default for Texts<PARTS> {
    fn default() -> Self {
        Self {
            text: String::new(),
            spans: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_at_its_place_and_none_beyond() {
        let mut texts = Texts::<3>::default();
        for id in ["ada", "bo"] {
            texts.push(|part, text| text.push_str([id, "", "cleo"][part]));
        }

        assert_eq!((texts.get(1, 0), texts.get(0, 2)), ("bo", "cleo"));
        assert_eq!(
            (texts.get(1, 1), texts.get(9, 0), texts.get(0, 7), texts.len()),
            ("", "", "", 2)
        );
    }
}
