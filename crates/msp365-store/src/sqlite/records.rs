//! Runs and facts in SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Failure, SqliteStore, json, limit, value};
use crate::{Error, Result, RunRecord, RunStart, RunStore, row::Column};

#[async_trait]
impl RunStore for SqliteStore {
    async fn start_run(&self, start: &RunStart) -> Result<i64> {
        let start = start.clone();
        self.threads
            .write("note a run", move |connection| {
                connection
                    .prepare_cached("INSERT INTO runs (kind, started_at) VALUES (?1, ?2)")?
                    .execute(params![start.kind, start.at.to_cell()])?;
                Ok(connection.last_insert_rowid())
            })
            .await
    }

    async fn finish_run(&self, id: i64, at: Timestamp, report: &serde_json::Value) -> Result<()> {
        let report = report.to_string();
        self.threads
            .write("note how a run ended", move |connection| {
                let noted = connection
                    .prepare_cached("UPDATE runs SET finished_at = ?2, report = ?3 WHERE id = ?1")?
                    .execute(params![id, at.to_cell(), report])?;
                if noted == 0 {
                    return Err(Failure::Store(Error::UnknownRun { run: id }));
                }
                Ok(())
            })
            .await
    }

    async fn runs(&self, most: usize) -> Result<Vec<RunRecord>> {
        self.threads
            .read("read runs", move |connection| {
                let mut select = connection.prepare_cached(
                    "SELECT id, kind, started_at, finished_at, report FROM runs ORDER BY id DESC LIMIT ?1",
                )?;
                let mut rows = select.query([limit(most)])?;
                let mut runs = Vec::new();
                while let Some(row) = rows.next()? {
                    let report: Option<String> = row.get(4)?;
                    runs.push(RunRecord {
                        id: row.get(0)?,
                        kind: row.get(1)?,
                        started_at: value(row, 2, "started_at")?,
                        finished_at: value(row, 3, "finished_at")?,
                        report: report.map(|report| json(&report, "report")).transpose()?,
                    });
                }
                Ok(runs)
            })
            .await
    }

    async fn meta(&self, name: &str) -> Result<Option<String>> {
        let name = name.to_owned();
        self.threads
            .read("read a fact", move |connection| {
                let mut select = connection.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
                Ok(select.query_row([name], |row| row.get(0)).optional()?)
            })
            .await
    }

    async fn set_meta(&self, name: &str, value: &str) -> Result<()> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.threads
            .write("store a fact", move |connection| {
                connection
                    .prepare_cached(
                        "INSERT INTO meta (name, value) VALUES (?1, ?2)
                         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    )?
                    .execute([name, value])?;
                Ok(())
            })
            .await
    }
}
