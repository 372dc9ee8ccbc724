//! The condition that leaves the fewest rows, where one leaves few.

use msp365_core::TenantId;

use super::{
    Database, Index, IndexKind, Place, Question, Sql, WITHIN, all,
    reach::{GRAMS, Reach},
    sql::Words,
};
use crate::{
    Result,
    query::{BETWEEN, Field, FieldKind, Pattern, SortKey, Test, fold},
    row::Cell,
};

/// Characters of a text that a sort key holds.
pub(crate) const KEY_LENGTH: usize = 500;
/// Different values of a column that are looked at one by one.
const VALUES: usize = 512;
/// How rows are reached.
pub(super) struct Driver {
    pub(super) index: Option<Index>,
    reach: Reach,
}

/// How a question is answered.
pub(super) enum Way {
    /// Read what is reached, and sort it.
    Few(Driver),
    /// Walk the rows in order, within some tenants or values if that is told.
    Walk(Option<Within>),
}

/// Tenants, or values of one or two columns, whose rows are walked one by one.
#[derive(Clone)]
pub(super) struct Within {
    pub(super) place: Place,
    /// For each, a key of each of the place's expressions.
    pub(super) keys: Vec<Vec<SortKey>>,
}

impl Within {
    /// The rows that two columns' values have in common.
    fn both(&self, other: &Self) -> Option<Self> {
        let (Place::Value(one), Place::Value(two)) = (self.place, other.place) else {
            return None;
        };
        let pairs = self.keys.iter().flat_map(|own| {
            let both = move |of: &Vec<SortKey>| [own.as_slice(), of.as_slice()].concat();
            other.keys.iter().map(both)
        });
        let keys: Vec<_> = pairs.collect();
        (one != two && keys.len() <= WITHIN).then_some(Self {
            place: Place::Values(one, two),
            keys,
        })
    }
}

/// What came of trying to reach few rows.
pub(super) enum Probed {
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

    /// What no row passes.
    pub(super) const fn nothing() -> Self {
        Self {
            index: None,
            reach: Reach::Named(Vec::new()),
        }
    }

    pub(super) fn condition(&self, words: &Words, sql: &mut Sql) -> Option<String> {
        self.reach.condition(words, sql, self.index.as_ref())
    }
}

/// As much of a text as a sort key holds.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(KEY_LENGTH) {
        Some((end, _)) => text.get(..end).unwrap_or(text).to_owned(),
        None => text.to_owned(),
    }
}

impl<D: Database> Question<'_, D> {
    pub(super) fn index(&self, kind: IndexKind) -> Index {
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
        let mut within: Option<Within> = None;
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
                Probed::Many(reach) => {
                    let own = self.within(reach);
                    within = self.narrower(within, own).await?;
                }
                Probed::Unavailable => {}
            }
        }
        Ok(Way::Walk(within))
    }

    /// What both have in common, where that can be walked; else the first.
    async fn narrower(&self, one: Option<Within>, other: Option<Within>) -> Result<Option<Within>, D::Error> {
        let (Some(one), Some(other)) = (&one, &other) else {
            return Ok(one.or(other));
        };
        if let Some(both) = one.both(other) {
            let index = self.index(IndexKind::SortedWithin(both.place, self.find().sort));
            if !self.find().is_by_tenant() && self.db.ensure(&index).await? {
                return Ok(Some(both));
            }
        }
        Ok(Some(one.clone()))
    }

    /// What can be walked value by value: some tenants, or some values of another column than the sorted one.
    fn within(&self, reach: Reach) -> Option<Within> {
        let (place, mut keys): (_, Vec<SortKey>) = match reach {
            Reach::Tenants(tenants) => (Place::Tenant, tenants.into_iter().map(SortKey::Number).collect()),
            Reach::Keys(field, keys) if field != self.find().sort => (Place::Value(field), keys),
            _ => return None,
        };
        keys.sort_unstable();
        keys.dedup();
        let keys: Vec<_> = keys.into_iter().map(|key| vec![key]).collect();
        (keys.len() <= WITHIN).then_some(Within { place, keys })
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
    pub(super) async fn probed(&self, kind: IndexKind, reach: Reach) -> Result<Probed, D::Error> {
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
        if self.is_common(field, &pattern).await? {
            return Ok(Probed::Unavailable);
        }
        let parts = Pattern::new(&pattern);
        if parts.grams(GRAMS).is_empty() {
            return match parts.short_run() {
                Some(run) => self.short(field, run).await,
                None => Ok(Probed::Unavailable),
            };
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
