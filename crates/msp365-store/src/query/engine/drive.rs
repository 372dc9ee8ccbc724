//! The condition that leaves the fewest rows, where one leaves few.

use msp365_core::TenantId;

use super::{
    Database, Index, IndexKind, Question, Sql, WITHIN, all,
    sql::{Dialect, Words, absent_key},
};
use crate::{
    Result,
    query::{ABSENT, BETWEEN, Field, FieldKind, Pattern, SortKey, Test, beyond, fold},
    row::Cell,
};

/// Characters of a text that a sort key holds.
pub(crate) const KEY_LENGTH: usize = 500;
/// Different values of a column that are looked at one by one.
const VALUES: usize = 512;
/// Runs of three characters that are looked for.
const GRAMS: usize = 8;

/// How rows are reached.
pub(super) struct Driver {
    pub(super) index: Option<Index>,
    reach: Reach,
}

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
}

/// How a question is answered.
pub(super) enum Way {
    /// Read what is reached, and sort it.
    Few(Driver),
    /// Walk the rows in order, within some tenants or values if that is told.
    Walk(Option<Within>),
}

/// Tenants, or values of a column, whose rows are walked one by one.
pub(super) struct Within {
    /// The column; none for tenants.
    pub(super) field: Option<Field>,
    pub(super) keys: Vec<SortKey>,
}

/// What came of trying to reach few rows.
enum Probed {
    Few(Driver),
    Many(Reach),
    Unavailable,
}

impl Driver {
    pub(super) const fn whole() -> Self {
        Self {
            index: None,
            reach: Reach::Whole,
        }
    }

    pub(super) fn condition(&self, words: &Words, sql: &mut Sql) -> Option<String> {
        self.reach.condition(words, sql, self.index.as_ref())
    }
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
                Dialect::Postgres => words.may_fit(*field, pattern, sql),
                Dialect::Sqlite => {
                    let name = index.map(Index::name).unwrap_or_default();
                    format!("row IN (SELECT rowid FROM {})", matching(&name, pattern, sql))
                }
            },
        })
    }

    /// What is counted without a look at the rows, where the runs of characters are in a table of their own.
    fn matches(&self, dialect: Dialect, index: &Index, sql: &mut Sql) -> Option<String> {
        match (self, dialect) {
            (Self::Grams(_, pattern), Dialect::Sqlite) => Some(matching(&index.name(), pattern, sql)),
            _ => None,
        }
    }
}

/// The rows of a table of runs of three characters that have those of a pattern.
fn matching(name: &str, pattern: &str, sql: &mut Sql) -> String {
    let grams = Pattern::new(pattern).grams(GRAMS);
    let wanted = grams
        .iter()
        .map(|gram| format!("\"{}\"", gram.replace('"', "\"\"")));
    let wanted = sql.text(wanted.collect::<Vec<_>>().join(" AND "));
    format!("{name} WHERE {name} MATCH {wanted}")
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

/// As much of a text as a sort key holds.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(KEY_LENGTH) {
        Some((end, _)) => text.get(..end).unwrap_or(text).to_owned(),
        None => text.to_owned(),
    }
}

impl<D: Database> Question<'_, D> {
    fn index(&self, kind: IndexKind) -> Index {
        Index {
            resource: self.find().resource,
            kind,
        }
    }

    /// How to answer: by reading few rows, if one condition leaves few, else by a walk.
    pub(super) async fn way(&self) -> Result<Way, D::Error> {
        if let Some(reach) = self.named() {
            let index = self.index(IndexKind::Tenant);
            self.db.ensure(&index).await?;
            let index = Some(index);
            return Ok(Way::Few(Driver { index, reach }));
        }
        let mut within = None;
        if let Some(tenants) = &self.resolved.tenants {
            match self
                .probed(IndexKind::Tenant, Reach::Tenants(tenants.clone()))
                .await?
            {
                Probed::Few(driver) => return Ok(Way::Few(driver)),
                Probed::Many(reach) => within = self.within(reach),
                Probed::Unavailable => {}
            }
        }
        for test in &self.resolved.tests {
            let probed = match Reach::of(test) {
                Some(reach @ (Reach::Keys(field, _) | Reach::Range(field, ..))) => {
                    self.probed(IndexKind::Sorted(field), reach).await?
                }
                _ => self.searched(test).await?,
            };
            match probed {
                Probed::Few(driver) => return Ok(Way::Few(driver)),
                Probed::Many(reach) => within = within.or(self.within(reach)),
                Probed::Unavailable => {}
            }
        }
        Ok(Way::Walk(within))
    }

    /// What can be walked value by value: some tenants, or some values of another column than the sorted one.
    fn within(&self, reach: Reach) -> Option<Within> {
        let (field, mut keys): (_, Vec<SortKey>) = match reach {
            Reach::Tenants(tenants) => (None, tenants.into_iter().map(SortKey::Number).collect()),
            Reach::Keys(field, keys) if field != self.find().sort => (Some(field), keys),
            _ => return None,
        };
        keys.sort_unstable();
        keys.dedup();
        (keys.len() <= WITHIN).then_some(Within { field, keys })
    }

    /// The rows that were named, if any were.
    pub(super) fn named(&self) -> Option<Reach> {
        Some(self.by_tenant_number(self.find().only.as_ref()?))
    }

    /// Tenants and keys by the tenants' numbers.
    pub(super) fn by_tenant_number(&self, rows: &[(TenantId, String)]) -> Reach {
        let mut named: Vec<(i64, Vec<String>)> = Vec::new();
        for facts in self.facts {
            let own = rows.iter().filter(|(tenant, _)| *tenant == facts.id);
            let keys: Vec<String> = own.map(|(_, key)| key.clone()).collect();
            if !keys.is_empty() {
                named.push((facts.number, keys));
            }
        }
        Reach::Named(named)
    }

    /// Whether few rows are reached.
    async fn probed(&self, kind: IndexKind, reach: Reach) -> Result<Probed, D::Error> {
        let index = self.index(kind);
        if !self.db.ensure(&index).await? {
            return Ok(Probed::Unavailable);
        }
        let few = self.db.limits().few();
        let mut sql = self.sql();
        let from = if let Some(matches) = reach.matches(self.db.dialect(), &index, &mut sql) {
            matches
        } else {
            let condition = reach.condition(&self.words, &mut sql, Some(&index));
            let condition = condition.unwrap_or_else(|| all(&[]));
            format!(
                "{}{} WHERE {condition}",
                self.words.table,
                self.hint(Some(&index))
            )
        };
        let limit = sql.integer(i64::try_from(few.saturating_add(1)).unwrap_or(i64::MAX));
        let text = format!("SELECT count(*) FROM (SELECT 1 FROM {from} LIMIT {limit}) p");
        let found = usize::try_from(self.number(&sql, &text).await?).unwrap_or(usize::MAX);
        if found > few {
            return Ok(Probed::Many(reach));
        }
        let index = Some(index);
        Ok(Probed::Few(Driver { index, reach }))
    }

    /// For what may stand anywhere in a text: the values of the column where they are not many, else its runs of three
    /// characters.
    async fn searched(&self, test: &Test) -> Result<Probed, D::Error> {
        let (field, pattern) = match test {
            Test::Like(field, pattern) if field.kind.is_text() => (*field, pattern.clone()),
            Test::Holds(field, values) => (*field, one_name(values)),
            _ => return Ok(Probed::Unavailable),
        };
        if field.kind != FieldKind::List
            && let Some(values) = self.values(field).await?
        {
            let passing = values.into_iter().filter(|value| may_pass(test, value));
            let reach = Reach::Keys(field, passing.map(SortKey::Text).collect());
            return self.probed(IndexKind::Sorted(field), reach).await;
        }
        if Pattern::new(&pattern).grams(GRAMS).is_empty() {
            return Ok(Probed::Unavailable);
        }
        self.probed(IndexKind::Grams(field), Reach::Grams(field, pattern))
            .await
    }

    /// The different sort keys of a column, unless there are many.
    async fn values(&self, field: Field) -> Result<Option<Vec<String>>, D::Error> {
        let index = self.index(IndexKind::Sorted(field));
        if !self.db.ensure(&index).await? {
            return Ok(None);
        }
        let (key, table, hint) = (Words::key(field), self.words.table, self.hint(Some(&index)));
        let text = format!(
            "WITH RECURSIVE v (k) AS (
                SELECT (SELECT {key} FROM {table}{hint} WHERE {key} >= '' ORDER BY {key} LIMIT 1)
                UNION ALL
                SELECT (SELECT {key} FROM {table}{hint} WHERE {key} > v.k ORDER BY {key} LIMIT 1)
                FROM v WHERE v.k IS NOT NULL)
             SELECT k FROM v WHERE k IS NOT NULL LIMIT {}",
            VALUES + 1
        );
        let rows = self.db.ask(&text, &[]).await?;
        let values = rows.into_iter().filter_map(|row| match row.into_iter().next() {
            Some(Cell::Text(text)) => Some(text.into_owned()),
            _ => None,
        });
        let values: Vec<String> = values.collect();
        Ok((values.len() <= VALUES).then_some(values))
    }
}

/// A pattern that a list with the only name fits; with several names there is none.
fn one_name(values: &[String]) -> String {
    match values {
        [only] => {
            let plain = only.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
            format!("%{plain}%")
        }
        _ => String::new(),
    }
}

/// Whether a row with this sort key may pass: one that was cut may.
fn may_pass(test: &Test, key: &str) -> bool {
    if key.chars().count() >= KEY_LENGTH {
        return true;
    }
    match test {
        Test::Like(_, pattern) => !key.is_empty() && Pattern::new(pattern).fits(key),
        Test::Holds(_, values) => {
            holds(key, values, BETWEEN) || (key.is_empty() && values.iter().any(String::is_empty))
        }
        _ => true,
    }
}

/// Whether one of the names in a folded text, with this between them, is one of these.
pub(crate) fn holds(folded: &str, values: &[String], between: &str) -> bool {
    let list = format!("{between}{folded}{between}");
    let mut values = values.iter().filter(|value| !value.is_empty());
    values.any(|value| list.contains(&format!("{between}{}{between}", fold(value))))
}
