//! Patterns with `%` and `_`, and how text is folded.

use super::field::BETWEEN;

/// The text without letter case, as it is compared and sorted. The two small sigmas are one.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(folded).collect()
}

fn folded(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().map(|c| if c == 'ς' { 'σ' } else { c })
}

/// Names as the one text that is stored of them.
pub(crate) fn joined<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    names.join(BETWEEN)
}

/// A pattern made ready: folded, and with its wildcards told apart from text.
///
/// ```
/// use msp365_store::Pattern;
///
/// assert!(Pattern::new("lt-%").fits("LT-ADA-01") && !Pattern::new("lt-_").fits("LT-ADA-01"));
/// assert!(Pattern::new("ada").fits("LT-ADA-01") && Pattern::new(r"100\%").fits("100% of all"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Any,
    One,
    Char(char),
}

impl Pattern {
    /// Reads a pattern: `%` stands for any text, `_` for one character, `\` takes the meaning from the character after it.
    /// One without `%` and `_` may stand anywhere in the value. Letter case is ignored.
    pub fn new(text: &str) -> Self {
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
                '\\' => parts.extend(folded(chars.next().unwrap_or('\\')).map(Part::Char)),
                other => parts.extend(folded(other).map(Part::Char)),
            }
        }
        if !is_wild {
            parts.insert(0, Part::Any);
            parts.push(Part::Any);
        }
        Self { parts }
    }

    /// Whether the whole value fits. The time is at most the product of both lengths.
    pub fn fits(&self, value: &str) -> bool {
        let value: Vec<char> = value.chars().flat_map(folded).collect();
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

    /// What every value that fits begins with.
    pub(crate) fn prefix(&self) -> String {
        let literal = self.parts.iter().map_while(|part| match part {
            Part::Char(c) => Some(*c),
            Part::Any | Part::One => None,
        });
        literal.collect()
    }

    /// Some of the runs of three characters that every value that fits holds, spread over the pattern.
    pub(crate) fn grams(&self, most: usize) -> Vec<String> {
        let all: Vec<String> = self
            .parts
            .windows(3)
            .filter_map(|three| {
                let characters = three.iter().map(|part| match part {
                    Part::Char(c) if *c != '\0' => Some(*c),
                    _ => None,
                });
                characters.collect()
            })
            .collect();
        let step = all.len().div_ceil(most.max(1)).max(1);
        all.into_iter().step_by(step).collect()
    }

    /// Whether it is a text that may stand anywhere in a value.
    pub(crate) fn is_part(&self) -> bool {
        match self.parts.as_slice() {
            [Part::Any, text @ .., Part::Any] => {
                !text.is_empty() && text.iter().all(|part| matches!(part, Part::Char(_)))
            }
            _ => false,
        }
    }

    /// The longest of its runs of one or two characters that every value that fits holds.
    pub(crate) fn short_run(&self) -> Option<String> {
        let literal = |part: &Part| match part {
            Part::Char(c) if *c != '\0' => Some(*c),
            _ => None,
        };
        let two = self.parts.windows(2).find_map(|two| {
            let run: Option<String> = two.iter().map(literal).collect();
            run
        });
        two.or_else(|| self.parts.iter().find_map(literal).map(String::from))
    }

    /// The pattern as `LIKE` takes it, with `\` before what is meant literally.
    pub(crate) fn like(&self) -> String {
        let mut like = String::with_capacity(self.parts.len() + 2);
        for part in &self.parts {
            match part {
                Part::Any => like.push('%'),
                Part::One => like.push('_'),
                Part::Char(c) => {
                    if matches!(c, '%' | '_' | '\\') {
                        like.push('\\');
                    }
                    like.push(*c);
                }
            }
        }
        like
    }
}

/// The first text that comes after every text with this prefix, if there is one.
pub(crate) fn beyond(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let next = match u32::from(last) {
            0xd7ff => Some('\u{e000}'),
            code => char::from_u32(code + 1),
        };
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}
