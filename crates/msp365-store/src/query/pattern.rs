//! Patterns with `%` and `_`.

/// A pattern made ready: folded, and with its wildcards told apart from text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Any,
    One,
    Char(char),
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Self {
        let mut parts = Vec::with_capacity(text.len() + 2);
        let mut chars = text.chars();
        let mut is_wild = false;
        while let Some(next) = chars.next() {
            match next {
                '%' => {
                    is_wild = true;
                    parts.push(Part::Any);
                }
                '_' => {
                    is_wild = true;
                    parts.push(Part::One);
                }
                '\\' => parts.extend(fold(chars.next().unwrap_or('\\')).map(Part::Char)),
                other => parts.extend(fold(other).map(Part::Char)),
            }
        }
        if !is_wild {
            parts.insert(0, Part::Any);
            parts.push(Part::Any);
        }
        Self { parts }
    }

    /// Whether the whole value fits. The time is at most the product of both lengths.
    pub(crate) fn fits(&self, value: &str) -> bool {
        let value: Vec<char> = value.chars().flat_map(fold).collect();
        let (mut at, mut part) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        while at < value.len() {
            match (self.parts.get(part), value.get(at)) {
                (Some(Part::Any), _) => {
                    retry = Some((part, at));
                    part += 1;
                }
                (Some(Part::One), _) => (at, part) = (at + 1, part + 1),
                (Some(Part::Char(wanted)), Some(found)) if wanted == found => (at, part) = (at + 1, part + 1),
                _ => {
                    let Some((any, from)) = retry else { return false };
                    retry = Some((any, from + 1));
                    (at, part) = (from + 1, any + 1);
                }
            }
        }
        self.parts.iter().skip(part).all(|part| *part == Part::Any)
    }
}

fn fold(c: char) -> std::char::ToLowercase {
    c.to_lowercase()
}
