//! How a database answers a question to a list.
//!
//! A small table is read whole. Of a large one, rows are reached through indexes, which are made when a sort or filter
//! first needs them, so that nobody pays for those that nobody uses. Where one of the conditions, or the tenants, leave
//! few rows, these are read and sorted. Else the index of the sort is walked, and rows that do not pass are left out,
//! until the page is full. What both databases have in common is here; each brings its words and its way of asking.

#![expect(
    clippy::future_not_send,
    reason = "a reader of SQLite never waits; where a server is waited for, the futures can be sent"
)]

mod drive;
mod reach;
mod short;
mod sql;
mod walk;

use crate::{
    Resource, Result,
    query::{Direction, Facts, Field, FieldKind, Find, Hit, Resolved, SortKey, ranks},
    row::{Cell, digest},
};
use drive::Way;
pub(crate) use drive::{cut, holds};
pub(crate) use sql::{Dialect, Given};
use sql::{Sql, Words};

/// From how many rows of a table on its lists are served by indexes.
const INDEXED: u32 = 20_000;
/// Rows that are read and sorted rather than walked to: a few milliseconds' worth.
const FEW: u16 = 6_000;
/// Tenants, or values of a column, whose rows are walked one by one, rather than those of all.
const WITHIN: usize = 16;
/// Indexes that each serve a pair of columns: what they find can be walked to without them, if slower.
pub(crate) const MOST_PAIRS: i64 = 24;
/// How the names of such indexes begin.
pub(crate) const PAIRS: &str = "find_pair_";
/// Characters of the name of an index, as PostgreSQL takes it.
const NAME_LENGTH: usize = 63;

/// When a database uses its indexes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    indexed: u32,
    few: u16,
}

impl Limits {
    pub(crate) const fn new(indexed: u32, few: u16) -> Self {
        Self { indexed, few }
    }

    pub(crate) fn few(self) -> usize {
        usize::from(self.few)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new(INDEXED, FEW)
    }
}

/// A database that can be asked.
pub(crate) trait Database {
    type Error: From<crate::Error>;

    fn dialect(&self) -> Dialect;
    fn limits(&self) -> Limits;
    /// The rows of a statement.
    async fn ask(&self, sql: &str, given: &[Given]) -> Result<Vec<Vec<Cell<'static>>>, Self::Error>;
    /// Whether the index can be used, once it was made if need be.
    async fn ensure(&self, index: &Index) -> Result<bool, Self::Error>;
}

/// An index that lists are served by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Index {
    pub(crate) resource: Resource,
    pub(crate) kind: IndexKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IndexKind {
    /// All rows by a column.
    Sorted(Field),
    /// The rows of each place by a column.
    SortedWithin(Place, Field),
    /// The rows of each tenant by key.
    Tenant,
    /// The runs of three characters of a column.
    Grams(Field),
    /// The single characters of a column, and its runs of two; PostgreSQL alone has it.
    Runs(Field),
}

/// What rows have in common that are walked by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Tenant,
    Value(Field),
    /// The values of two columns.
    Values(Field, Field),
}

impl Place {
    /// What it is called in the name of an index.
    fn name(self) -> String {
        match self {
            Self::Tenant => "tenant".to_owned(),
            Self::Value(field) => field.name.to_owned(),
            Self::Values(one, other) => format!("{}_and_{}", one.name, other.name),
        }
    }

    /// The expressions whose values make it.
    pub(super) fn keys(self) -> Vec<String> {
        match self {
            Self::Tenant => vec!["tenant".to_owned()],
            Self::Value(field) => vec![Words::key(field)],
            Self::Values(one, other) => vec![Words::key(one), Words::key(other)],
        }
    }
}

impl Index {
    pub(crate) fn name(&self) -> String {
        let table = self.resource.as_str();
        let start = if self.is_of_pair() { PAIRS } else { "find_" };
        let name = match self.kind {
            IndexKind::Sorted(field) => format!("{start}{table}_by_{}", field.name),
            IndexKind::SortedWithin(place, field) => {
                format!("{start}{table}_within_{}_by_{}", place.name(), field.name)
            }
            IndexKind::Tenant => format!("{start}{table}_in_tenant"),
            IndexKind::Grams(field) if field.kind == FieldKind::List => {
                format!("{start}{table}_lists_{}", field.name)
            }
            IndexKind::Grams(field) => format!("{start}{table}_has_{}", field.name),
            IndexKind::Runs(field) => format!("{start}{table}_short_{}", field.name),
        };
        if name.len() <= NAME_LENGTH {
            return name;
        }
        let digest = digest(&[Cell::Text(name.into())]).cast_unsigned();
        format!("{start}{table}_{digest:016x}")
    }

    /// Whether it serves one pair of columns, of which there are many: such indexes are limited in number.
    pub(crate) const fn is_of_pair(&self) -> bool {
        matches!(self.kind, IndexKind::SortedWithin(Place::Values(..), _))
    }

    /// What it is over; of runs of characters, the text.
    pub(crate) fn over(&self, dialect: Dialect) -> String {
        let words = Words::of(dialect, self.resource);
        match self.kind {
            IndexKind::Sorted(field) => format!("{}, {}, tenant", Words::key(field), words.id),
            IndexKind::SortedWithin(Place::Tenant, field) => {
                format!("tenant, {}, {}", Words::key(field), words.id)
            }
            IndexKind::SortedWithin(place, field) => {
                let (within, key) = (place.keys().join(", "), Words::key(field));
                format!("{within}, {key}, {}, tenant", words.id)
            }
            IndexKind::Tenant => format!("tenant, {}", words.id),
            IndexKind::Grams(field) | IndexKind::Runs(field) => Words::whole(field),
        }
    }
}

/// A question to one table.
struct Question<'q, D> {
    db: &'q D,
    words: Words,
    resolved: &'q Resolved<'q>,
    facts: &'q [Facts],
    /// Rows to be found: those of the page, those before it, and one more.
    wanted: usize,
}

/// The rows of a page, and whether there are more behind it.
pub(crate) async fn hits<D: Database>(
    db: &D,
    facts: &[Facts],
    find: &Find,
) -> Result<(Vec<Hit>, bool), D::Error> {
    let resolved = Resolved::of(find, facts)?;
    if resolved.tenants.as_ref().is_some_and(Vec::is_empty) {
        return Ok((Vec::new(), false));
    }
    let question = Question {
        db,
        words: Words::of(db.dialect(), find.resource),
        resolved: &resolved,
        facts,
        wanted: find.skip().saturating_add(find.size()).saturating_add(1),
    };
    let mut hits = question.answer().await?;
    let skipped = find.skip().min(hits.len());
    hits.drain(..skipped);
    let is_more = hits.len() > find.size();
    hits.truncate(find.size());
    Ok((hits, is_more))
}

/// How many rows there are on all pages, and whether that is all: no more than `most` are counted.
pub(crate) async fn count<D: Database>(
    db: &D,
    facts: &[Facts],
    find: &Find,
    most: u64,
) -> Result<(u64, bool), D::Error> {
    let resolved = Resolved::of(find, facts)?;
    if resolved.tenants.as_ref().is_some_and(Vec::is_empty) {
        return Ok((0, true));
    }
    let question = Question {
        db,
        words: Words::of(db.dialect(), find.resource),
        resolved: &resolved,
        facts,
        wanted: 0,
    };
    let found = question.count(most.saturating_add(1)).await?;
    Ok((found.min(most), found <= most))
}

impl<D: Database> Question<'_, D> {
    fn find(&self) -> &Find {
        self.resolved.find
    }

    fn sql(&self) -> Sql {
        Sql::new(self.db.dialect())
    }

    async fn number(&self, sql: &Sql, text: &str) -> Result<i64, D::Error> {
        let rows = self.db.ask(text, &sql.given).await?;
        Ok(match rows.first().and_then(|row| row.first()) {
            Some(Cell::Integer(number)) => *number,
            _ => 0,
        })
    }

    async fn is_large(&self) -> Result<bool, D::Error> {
        Ok(self.last_row().await? >= i64::from(self.db.limits().indexed))
    }

    /// The number of the row that came last: about as many as there are, or more.
    async fn last_row(&self) -> Result<i64, D::Error> {
        let text = format!("SELECT max(row) FROM {}", self.words.table);
        self.number(&self.sql(), &text).await
    }

    async fn answer(&self) -> Result<Vec<Hit>, D::Error> {
        if !self.is_large().await? {
            return self.sorted(&drive::Driver::whole()).await;
        }
        match self.way().await? {
            Way::Few(driver) => self.sorted(&driver).await,
            Way::Walk(within) => self.walk(within.as_ref()).await,
        }
    }

    /// All that a driver reaches, sorted.
    async fn sorted(&self, driver: &drive::Driver) -> Result<Vec<Hit>, D::Error> {
        let find = self.find();
        let mut sql = self.sql();
        let hint = self.hint(driver.index.as_ref());
        let mut wheres: Vec<String> = driver.condition(&self.words, &mut sql).into_iter().collect();
        wheres.extend(self.residual(&mut sql));
        let (key, words) = (Words::sort_key(find.sort), &self.words);
        let found = format!(
            "WITH few AS MATERIALIZED (SELECT {key} AS k, {} AS i, tenant AS t, row AS r FROM {}{hint} WHERE {})
             SELECT k, i, t, r FROM few",
            words.id,
            words.table,
            all(&wheres),
        );
        if find.is_by_tenant() {
            return Ok(self.by_tenant(self.ask(&sql, &found).await?));
        }
        let beyond = self.beyond_mark(&mut sql);
        let limit = sql.integer(i64::try_from(self.wanted).unwrap_or(i64::MAX));
        let order = self.order(&["k", "i", "t"]);
        self.ask(
            &sql,
            &format!("{found} WHERE {beyond} ORDER BY {order} LIMIT {limit}"),
        )
        .await
    }

    /// The order of tenants, which no column holds.
    fn by_tenant(&self, mut hits: Vec<Hit>) -> Vec<Hit> {
        let ranks = ranks(self.facts, self.find().sort, Direction::Ascending);
        let place = |tenant: i64| ranks.get(&tenant).copied().unwrap_or_default();
        if let Some((mark, tenant)) = &self.resolved.begin {
            let mark = (&place(*tenant), mark.id.as_str(), *tenant);
            hits.retain(|hit| {
                self.resolved
                    .is_beyond((&place(hit.tenant), hit.id.as_str(), hit.tenant), mark)
            });
        }
        hits.sort_unstable_by(|one, other| {
            (place(one.tenant), &one.id).cmp(&(place(other.tenant), &other.id))
        });
        if self.find().direction == Direction::Descending {
            hits.reverse();
        }
        hits.truncate(self.wanted);
        hits
    }

    async fn count(&self, most: u64) -> Result<u64, D::Error> {
        let is_plain = self.resolved.tests.is_empty() && self.find().only.is_none();
        let driver = if is_plain || !self.is_large().await? {
            drive::Driver::whole()
        } else {
            match self.way().await? {
                Way::Few(driver) => driver,
                Way::Walk(_) => drive::Driver::whole(),
            }
        };
        let mut sql = self.sql();
        let hint = match &driver.index {
            Some(index) => self.hint(Some(index)),
            None => String::new(),
        };
        let mut wheres: Vec<String> = driver.condition(&self.words, &mut sql).into_iter().collect();
        wheres.extend(self.residual(&mut sql));
        let limit = sql.integer(i64::try_from(most).unwrap_or(i64::MAX));
        let text = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {}{hint} WHERE {} LIMIT {limit}) p",
            self.words.table,
            all(&wheres)
        );
        Ok(u64::try_from(self.number(&sql, &text).await?).unwrap_or_default())
    }

    async fn ask(&self, sql: &Sql, text: &str) -> Result<Vec<Hit>, D::Error> {
        let rows = self.db.ask(text, &sql.given).await?;
        let hits = rows.into_iter().map(|row| hit(row, self.find().sort.kind));
        Ok(hits.collect::<Result<_>>()?)
    }
}

/// Conditions that must all hold.
fn all(wheres: &[String]) -> String {
    if wheres.is_empty() {
        "1 = 1".to_owned()
    } else {
        wheres.join(" AND ")
    }
}

fn hit(row: Vec<Cell<'static>>, kind: FieldKind) -> Result<Hit> {
    let wrong = crate::Error::Value { column: "sort key" };
    let mut cells = row.into_iter();
    let key = match (cells.next(), kind.is_text()) {
        (Some(Cell::Text(text)), true) => SortKey::Text(text.into_owned()),
        (Some(Cell::Integer(number)), false) => SortKey::Number(number),
        _ => return Err(wrong),
    };
    match (cells.next(), cells.next(), cells.next()) {
        (Some(Cell::Text(id)), Some(Cell::Integer(tenant)), Some(Cell::Integer(row))) => Ok(Hit {
            key,
            id: id.into_owned(),
            tenant,
            row,
        }),
        _ => Err(wrong),
    }
}
