//! Which part of an index may hold what passes.

use super::{
    Index, Sql, all,
    drive::cut,
    sql::{Dialect, Words, absent_key, day_key},
};
use crate::query::{ABSENT, Field, FieldKind, Pattern, SortKey, Test, beyond, fold};

/// Runs of three characters that are looked for.
pub(super) const GRAMS: usize = 8;

/// Which part of an index may hold what passes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reach {
    /// All rows.
    Whole,
    Tenants(Vec<i64>),
    /// The tenants and keys that were named.
    Named(Vec<(i64, Vec<String>)>),
    Keys(Field, Vec<SortKey>),
    /// From one key on, before another.
    Range(Field, Option<SortKey>, Option<SortKey>),
    Grams(Field, String),
    /// Any of some runs of characters.
    Runs(Field, Vec<String>),
}

impl Reach {
    /// What a test says of sort keys, as far as that can be told without a look at the rows.
    pub(super) fn of(test: &Test) -> Option<Self> {
        match test {
            // The sort keys of a list begin with one of its texts alone.
            Test::OneOf(field, _) | Test::Like(field, _) | Test::Holds(field, _)
                if field.kind == FieldKind::List =>
            {
                None
            }
            Test::OneOf(field, values) => {
                let keys = values.iter().map(|value| SortKey::Text(cut(&fold(value))));
                Some(Self::Keys(*field, keys.collect()))
            }
            Test::Between(field, Some(from), Some(until)) if from.checked_add(1) == Some(*until) => {
                Some(Self::Keys(*field, vec![SortKey::Number(*from)]))
            }
            Test::Between(field, from, until) => Some(Self::Range(
                *field,
                Some(SortKey::Number(from.unwrap_or(ABSENT + 1))),
                until.map(SortKey::Number),
            )),
            Test::Days(field, from, until) => Some(Self::Range(
                *field,
                Some(SortKey::Text(day_key(*from))),
                until.map(|until| SortKey::Text(until.to_string())),
            )),
            Test::Absent(field) => Some(Self::Keys(*field, vec![absent_key(field.kind)])),
            Test::Like(field, pattern) if field.kind.is_text() => {
                let prefix = cut(&Pattern::new(pattern).prefix());
                let until = beyond(&prefix);
                (!prefix.is_empty())
                    .then(|| Self::Range(*field, Some(SortKey::Text(prefix)), until.map(SortKey::Text)))
            }
            Test::Like(..) | Test::Holds(..) | Test::State(..) | Test::Known(..) | Test::Unknown(..) => None,
        }
    }

    pub(super) fn condition(&self, words: &Words, sql: &mut Sql, index: Option<&Index>) -> Option<String> {
        Some(match self {
            Self::Whole => return None,
            Self::Tenants(tenants) => sql.integers("tenant", tenants),
            Self::Named(named) if named.is_empty() => "1 = 0".to_owned(),
            Self::Named(named) => {
                let each = named.iter().map(|(tenant, ids)| {
                    let tenant = sql.integer(*tenant);
                    format!("(tenant = {tenant} AND {})", sql.texts(words.id, ids.clone()))
                });
                format!("({})", each.collect::<Vec<_>>().join(" OR "))
            }
            Self::Keys(field, keys) => in_keys(&Words::key(*field), keys, sql),
            Self::Range(field, from, until) => {
                let key = Words::key(*field);
                let mut ends = Vec::new();
                if let Some(from) = from {
                    ends.push(format!("{key} >= {}", sql.key(from)));
                }
                if let Some(until) = until {
                    ends.push(format!("{key} < {}", sql.key(until)));
                }
                all(&ends)
            }
            Self::Grams(field, pattern) => match words.dialect() {
                Dialect::Postgres => Words::may_fit(*field, pattern, sql),
                Dialect::Sqlite => among(index, &of_all(pattern), sql),
            },
            Self::Runs(field, runs) => match words.dialect() {
                Dialect::Postgres => Words::has_runs(*field, runs, sql),
                Dialect::Sqlite => among(index, &of_any(runs), sql),
            },
        })
    }

    /// What is counted without a look at the rows, where the runs of characters are in a table of their own.
    pub(super) fn matches(&self, dialect: Dialect, index: &Index, sql: &mut Sql) -> Option<String> {
        match (self, dialect) {
            (Self::Grams(_, pattern), Dialect::Sqlite) => {
                Some(matching(&index.name(), &of_all(pattern), sql))
            }
            (Self::Runs(_, runs), Dialect::Sqlite) => Some(matching(&index.name(), &of_any(runs), sql)),
            _ => None,
        }
    }
}

/// The rows that a table of runs of three characters leads to.
fn among(index: Option<&Index>, wanted: &str, sql: &mut Sql) -> String {
    let name = index.map(Index::name).unwrap_or_default();
    format!("row IN (SELECT rowid FROM {})", matching(&name, wanted, sql))
}

fn matching(name: &str, wanted: &str, sql: &mut Sql) -> String {
    format!("{name} WHERE {name} MATCH {}", sql.text(wanted))
}

/// All runs of a pattern, as FTS5 is asked for them.
fn of_all(pattern: &str) -> String {
    quoted(&Pattern::new(pattern).grams(GRAMS)).join(" AND ")
}

fn of_any(runs: &[String]) -> String {
    quoted(runs).join(" OR ")
}

fn quoted(runs: &[String]) -> Vec<String> {
    let quoted = runs.iter().map(|run| format!("\"{}\"", run.replace('"', "\"\"")));
    quoted.collect()
}

fn in_keys(key: &str, keys: &[SortKey], sql: &mut Sql) -> String {
    let texts: Vec<String> = keys
        .iter()
        .filter_map(|key| match key {
            SortKey::Text(text) => Some(text.clone()),
            SortKey::Number(_) => None,
        })
        .collect();
    if texts.len() == keys.len() {
        return sql.texts(key, texts);
    }
    let numbers: Vec<i64> = keys
        .iter()
        .filter_map(|key| match key {
            SortKey::Number(number) => Some(*number),
            SortKey::Text(_) => None,
        })
        .collect();
    sql.integers(key, &numbers)
}
