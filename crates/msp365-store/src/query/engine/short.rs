//! Patterns that hold no run of three characters: `zz`, `%q`.

use super::{
    Database, IndexKind, Question,
    drive::{Driver, Probed},
    reach::Reach,
    sql::Dialect,
};
use crate::{
    Result,
    query::{Field, beyond},
    row::Cell,
};

/// Runs of three characters that are looked for instead of what they begin with.
const TERMS: usize = 128;
/// Rows that tell whether a pattern fits many, and how many of them it then fits.
const SAMPLE: i64 = 2_000;
const COMMON: i64 = 20;

impl<D: Database> Question<'_, D> {
    /// Whether few rows hold a run of one or two characters that the pattern holds.
    pub(super) async fn short(&self, field: Field, run: String) -> Result<Probed, D::Error> {
        match self.db.dialect() {
            Dialect::Sqlite => self.by_terms(field, &run).await,
            Dialect::Postgres => {
                let reach = Reach::Runs(field, vec![run]);
                self.probed(IndexKind::Runs(field), reach).await
            }
        }
    }

    /// The runs of three characters that begin with it: two characters follow each text, so that its end is the
    /// beginning of such a run, too.
    async fn by_terms(&self, field: Field, run: &str) -> Result<Probed, D::Error> {
        let index = self.index(IndexKind::Grams(field));
        if !self.db.ensure(&index).await? {
            return Ok(Probed::Unavailable);
        }
        let mut sql = self.sql();
        let from = sql.text(run);
        let until = beyond(run).map(|until| format!(" AND term < {}", sql.text(until)));
        let text = format!(
            "SELECT term FROM {}_terms WHERE term >= {from}{} LIMIT {}",
            index.name(),
            until.unwrap_or_default(),
            TERMS + 1
        );
        let rows = self.db.ask(&text, &sql.given).await?;
        let terms: Vec<String> = rows.into_iter().filter_map(text_of).collect();
        if terms.is_empty() {
            return Ok(Probed::Few(Driver::nothing()));
        }
        if terms.len() > TERMS {
            return Ok(Probed::Unavailable);
        }
        let reach = Reach::Runs(field, terms);
        self.probed(IndexKind::Grams(field), reach).await
    }

    /// Whether the pattern fits so many of some rows that a walk soon fills its page. PostgreSQL alone is asked, which
    /// reads all that an index over parts of texts leads to before it shows the first.
    pub(super) async fn is_common(&self, field: Field, pattern: &str) -> Result<bool, D::Error> {
        if self.db.dialect() != Dialect::Postgres || pattern.is_empty() {
            return Ok(false);
        }
        let rows = self.last_row().await?.max(1);
        // In thousandths of a per cent.
        let part = (SAMPLE * 100_000 / rows).clamp(1, 100_000);
        let percent = format!("{}.{:03}", part / 1_000, part % 1_000);
        let mut sql = self.sql();
        let fits = self.words.fits(field, pattern, &mut sql);
        let (table, columns) = (self.words.table, field.columns().join(", "));
        let text = format!(
            "SELECT count(*) FROM (SELECT {columns} FROM {table} TABLESAMPLE SYSTEM ({percent}) REPEATABLE (1)) s WHERE {fits}"
        );
        Ok(self.number(&sql, &text).await? >= COMMON)
    }
}

fn text_of(row: Vec<Cell<'static>>) -> Option<String> {
    match row.into_iter().next() {
        Some(Cell::Text(text)) => Some(text.into_owned()),
        _ => None,
    }
}
