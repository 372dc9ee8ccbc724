//! `$search`: quoted clauses of a property and words, joined with `AND` and `OR`.

use serde_json::{Map, Value};

use super::{
    Refused, Shape,
    shape::{Item, Occurs},
};

/// Groups of clauses: a row fits if all clauses of one group do.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    groups: Vec<Vec<Clause>>,
}

#[derive(Debug, Clone)]
struct Clause {
    property: String,
    words: Vec<String>,
}

impl Search {
    /// Reads `$search`.
    ///
    /// # Errors
    /// A refusal if a clause is not quoted or names no text property.
    pub(crate) fn parse(text: &str, shape: &'static Shape) -> Result<Self, Refused> {
        let mut groups = vec![Vec::new()];
        let mut rest = text.trim();
        loop {
            let (clause, after) = quoted(rest).ok_or_else(|| syntax(text))?;
            let (property, words) = clause.split_once(':').ok_or_else(|| syntax(text))?;
            if !matches!(shape.member(property), Some((Item::Text, Occurs::One))) {
                return Err(Refused::unknown_property(property, shape.name));
            }
            if let Some(group) = groups.last_mut() {
                group.push(Clause {
                    property: property.to_owned(),
                    words: split(words),
                });
            }
            rest = after.trim_start();
            if rest.is_empty() {
                return Ok(Self { groups });
            } else if let Some(next) = rest.strip_prefix("AND ") {
                rest = next.trim_start();
            } else if let Some(next) = rest.strip_prefix("OR ") {
                groups.push(Vec::new());
                rest = next.trim_start();
            } else {
                return Err(syntax(text));
            }
        }
    }

    /// The properties it looks at.
    pub(crate) fn properties(&self) -> impl Iterator<Item = &str> {
        let clauses = self.groups.iter().flatten();
        clauses.map(|clause| clause.property.as_str())
    }

    /// Whether every word of a group begins a word of its property.
    pub(crate) fn matches(&self, row: &Map<String, Value>) -> bool {
        self.groups.iter().any(|group| {
            group.iter().all(|clause| {
                let held = row
                    .get(&clause.property)
                    .and_then(Value::as_str)
                    .map(split)
                    .unwrap_or_default();
                clause
                    .words
                    .iter()
                    .all(|word| held.iter().any(|own| own.starts_with(word.as_str())))
            })
        })
    }
}

fn syntax(text: &str) -> Refused {
    Refused::bad(format!(
        "Syntax error in $search: '{text}': clauses are written \"property:value\"."
    ))
}

fn split(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// A text between double quotes, `\` before a quote making it a letter, and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut clause = String::new();
    let mut letters = inner.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((clause, inner.get(at + 1..)?)),
            '\\' => clause.push(letters.next()?.1),
            _ => clause.push(letter),
        }
    }
    None
}
