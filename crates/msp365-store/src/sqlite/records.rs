//! Matches, runs and facts in SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Failure, SqliteStore, json, limit, value};
use crate::{Error, MatchKind, MatchRow, MatchStore, Result, RunRecord, RunStart, RunStore, row::Column};

#[async_trait]
impl MatchStore for SqliteStore {
    async fn replace_matches(&self, kind: MatchKind, rows: &[MatchRow]) -> Result<()> {
        let rows = rows.to_vec();
        self.threads
            .write("store matches", move |connection| {
                connection.execute("DELETE FROM matches WHERE kind = ?1", [kind.as_str()])?;
                let mut insert = connection.prepare_cached(
                    "INSERT INTO matches (kind, tenant_id, ours, theirs, verdict, score, evidence)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?;
                for row in &rows {
                    insert.execute(params![
                        kind.as_str(),
                        row.tenant_id.map(|id| id.to_string()),
                        row.ours,
                        row.theirs,
                        row.verdict,
                        row.score,
                        row.evidence.to_string(),
                    ])?;
                }
                Ok(())
            })
            .await
    }

    async fn matches(&self, kind: MatchKind) -> Result<Vec<MatchRow>> {
        self.threads
            .read("read matches", move |connection| {
                let mut select = connection.prepare_cached(
                    "SELECT tenant_id, ours, theirs, verdict, score, evidence FROM matches
                     WHERE kind = ?1 ORDER BY row",
                )?;
                let mut rows = select.query([kind.as_str()])?;
                let mut found = Vec::new();
                while let Some(row) = rows.next()? {
                    let tenant: Option<String> = row.get(0)?;
                    let tenant_id = tenant.map(|id| id.parse()).transpose();
                    found.push(MatchRow {
                        tenant_id: tenant_id
                            .map_err(|_| Failure::Store(Error::Value { column: "tenant_id" }))?,
                        ours: row.get(1)?,
                        theirs: row.get(2)?,
                        verdict: row.get(3)?,
                        score: row.get(4)?,
                        evidence: json(&row.get::<_, String>(5)?, "evidence")?,
                    });
                }
                Ok(found)
            })
            .await
    }
}

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
