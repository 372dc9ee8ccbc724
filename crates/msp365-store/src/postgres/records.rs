//! Runs and facts in PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Done, Failure, PostgresStore, during, execute, json, limit, moment, query, query_one, text};
use crate::{Error, Result, RunRecord, RunStart, RunStore};

#[async_trait]
impl RunStore for PostgresStore {
    async fn start_run(&self, start: &RunStart) -> Result<i64> {
        begin(self, start).await.map_err(during("note a run"))
    }

    async fn finish_run(&self, id: i64, at: Timestamp, report: &serde_json::Value) -> Result<()> {
        end(self, id, at, report)
            .await
            .map_err(during("note how a run ended"))
    }

    async fn runs(&self, most: usize) -> Result<Vec<RunRecord>> {
        runs(self, most).await.map_err(during("read runs"))
    }

    async fn meta(&self, name: &str) -> Result<Option<String>> {
        meta(self, name).await.map_err(during("read a fact"))
    }

    async fn set_meta(&self, name: &str, value: &str) -> Result<()> {
        set_meta(self, name, value).await.map_err(during("store a fact"))
    }
}

async fn begin(store: &PostgresStore, start: &RunStart) -> Done<i64> {
    let sql = "INSERT INTO runs (kind, started_at) VALUES ($1, $2) RETURNING id";
    let (client, at) = (store.client().await?, start.at.as_microsecond());
    let row = query_one(&client, sql, &[&start.kind, &at]).await?;
    let row = row.ok_or(Failure::Store(Error::Value { column: "id" }))?;
    Ok(row.try_get(0)?)
}

async fn end(store: &PostgresStore, id: i64, at: Timestamp, report: &serde_json::Value) -> Done<()> {
    let (client, report) = (store.client().await?, report.to_string());
    let sql = "UPDATE runs SET finished_at = $2, report = $3 WHERE id = $1";
    let noted = execute(&client, sql, &[&id, &at.as_microsecond(), &text::stored(&report)]).await?;
    if noted == 0 {
        return Err(Failure::Store(Error::UnknownRun { run: id }));
    }
    Ok(())
}

async fn runs(store: &PostgresStore, most: usize) -> Done<Vec<RunRecord>> {
    let sql = "SELECT id, kind, started_at, finished_at, report FROM runs ORDER BY id DESC LIMIT $1";
    let rows = query(&store.client().await?, sql, &[&limit(most)]).await?;
    rows.iter()
        .map(|row| {
            let report: Option<String> = row.try_get(4)?;
            let odd = Failure::Store(Error::Value { column: "started_at" });
            Ok(RunRecord {
                id: row.try_get(0)?,
                kind: row.try_get(1)?,
                started_at: moment(row, 2, "started_at")?.ok_or(odd)?,
                finished_at: moment(row, 3, "finished_at")?,
                report: report.map(|report| json(&report, "report")).transpose()?,
            })
        })
        .collect()
}

async fn meta(store: &PostgresStore, name: &str) -> Done<Option<String>> {
    let client = store.client().await?;
    let row = query_one(
        &client,
        "SELECT value FROM meta WHERE name = $1",
        &[&text::stored(name)],
    )
    .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.map(text::owned))
}

async fn set_meta(store: &PostgresStore, name: &str, value: &str) -> Done<()> {
    let sql = "INSERT INTO meta (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    let client = store.client().await?;
    let (name, value) = (text::stored(name), text::stored(value));
    execute(&client, sql, &[&name, &value]).await.map(drop)
}
