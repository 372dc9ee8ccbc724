//! The activity log in SQLite.

use async_trait::async_trait;
use rusqlite::{Row as SqlRow, params};

use super::{Done, Failure, SqliteStore, json, limit, value};
use crate::{Error, Journal, JournalFilter, JournalRecord, Result, memory::follows, row::Column};

const SELECT: &str =
    "SELECT sequence, at, actor, tenant, action, target, outcome, detail, previous, mac FROM journal";

#[async_trait]
impl Journal for SqliteStore {
    async fn journal_head(&self) -> Result<Option<JournalRecord>> {
        self.threads
            .read("read the last record", |connection| {
                let mut select =
                    connection.prepare_cached(&format!("{SELECT} ORDER BY sequence DESC LIMIT 1"))?;
                let mut rows = select.query([])?;
                rows.next()?.map(record).transpose()
            })
            .await
    }

    async fn append_journal(&self, records: &[JournalRecord]) -> Result<()> {
        let records = records.to_vec();
        self.threads
            .write_durably("add to the activity log", move |connection, _| {
                let last: i64 = connection
                    .prepare_cached("SELECT coalesce(max(sequence), 0) FROM journal")?
                    .query_row([], |row| row.get(0))?;
                follows(last, &records)?;
                let mut insert = connection.prepare_cached(
                    "INSERT INTO journal (sequence, at, actor, tenant, action, target, outcome, detail, previous, mac)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                )?;
                for record in &records {
                    insert.execute(params![
                        record.sequence,
                        record.at.to_cell(),
                        record.actor,
                        record.tenant.map(|tenant| tenant.to_string()),
                        record.action,
                        record.target,
                        record.outcome,
                        record.detail.to_string(),
                        record.previous,
                        record.mac,
                    ])?;
                }
                Ok(())
            })
            .await
    }

    async fn journal(&self, filter: &JournalFilter) -> Result<Vec<JournalRecord>> {
        let filter = filter.clone();
        self.threads
            .read("read the activity log", move |connection| {
                let mut select = connection.prepare_cached(&format!(
                    "{SELECT} WHERE sequence > ?1 AND (?2 IS NULL OR tenant = ?2) AND (?3 IS NULL OR actor = ?3)
                     AND (?4 IS NULL OR action = ?4) AND (?5 IS NULL OR target = ?5) AND (?6 IS NULL OR at >= ?6)
                     AND (?7 IS NULL OR at < ?7) ORDER BY sequence LIMIT ?8"
                ))?;
                let mut rows = select.query(params![
                    filter.after,
                    filter.tenant.map(|tenant| tenant.to_string()),
                    filter.actor,
                    filter.action,
                    filter.target,
                    filter.from.to_cell(),
                    filter.until.to_cell(),
                    limit(filter.limit),
                ])?;
                let mut found = Vec::new();
                while let Some(row) = rows.next()? {
                    found.push(record(row)?);
                }
                Ok(found)
            })
            .await
    }
}

fn record(row: &SqlRow<'_>) -> Done<JournalRecord> {
    let tenant: Option<String> = row.get(3)?;
    let tenant = tenant
        .map(|text| text.parse().map_err(|_| odd("tenant")))
        .transpose()?;
    Ok(JournalRecord {
        sequence: row.get(0)?,
        at: value(row, 1, "at")?,
        actor: row.get(2)?,
        tenant,
        action: row.get(4)?,
        target: row.get(5)?,
        outcome: row.get(6)?,
        detail: json(&row.get::<_, String>(7)?, "detail")?,
        previous: row.get(8)?,
        mac: row.get(9)?,
    })
}

const fn odd(column: &'static str) -> Failure {
    Failure::Store(Error::Value { column })
}
