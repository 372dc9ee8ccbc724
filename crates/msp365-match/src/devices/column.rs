//! The texts of a million records in one allocation.

/// The texts that each record has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Id,
    Host,
    Serial,
    User,
}

/// How many parts there are.
const PARTS: usize = 4;

/// The texts of records, those of one record side by side: looking at one brings the others into the cache.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    text: String,
    spans: Vec<Span>,
}

/// Where the texts of a record stand: each ends so many bytes behind the start.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    start: usize,
    ends: [u32; PARTS],
}

impl Texts {
    /// Adds a record, whose parts `write` appends in their order.
    pub(super) fn push(&mut self, mut write: impl FnMut(Part, &mut String)) {
        let start = self.text.len();
        let ends = [Part::Id, Part::Host, Part::Serial, Part::User].map(|part| {
            write(part, &mut self.text);
            u32::try_from(self.text.len() - start).unwrap_or(u32::MAX)
        });
        self.spans.push(Span { start, ends });
    }

    /// A part of the record at a place; empty where there is none.
    pub(super) fn get(&self, place: usize, part: Part) -> &str {
        let Some(span) = self.spans.get(place) else {
            return "";
        };
        let [id, host, serial, user] = span.ends;
        let (from, to) = match part {
            Part::Id => (0, id),
            Part::Host => (id, host),
            Part::Serial => (host, serial),
            Part::User => (serial, user),
        };
        let at = |end: u32| span.start + end as usize;
        self.text.get(at(from)..at(to)).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_at_its_place_and_none_beyond() {
        let mut texts = Texts::default();
        for id in ["ada", "bo"] {
            texts.push(|part, text| match part {
                Part::Id => text.push_str(id),
                Part::User => text.push_str("cleo"),
                Part::Host | Part::Serial => {}
            });
        }

        assert_eq!((texts.get(1, Part::Id), texts.get(0, Part::User)), ("bo", "cleo"));
        assert_eq!(
            (texts.get(1, Part::Host), texts.get(9, Part::Id), texts.len()),
            ("", "", 2)
        );
    }
}
