//! Matches and decisions in SQLite.

use async_trait::async_trait;
use msp365_core::TenantId;
use rusqlite::{Connection, ToSql, params};

use super::{Done, Failure, SqliteStore, json};
use crate::{DecisionRow, Error, MatchKind, MatchRow, MatchStore, Result};

#[async_trait]
impl MatchStore for SqliteStore {
    async fn replace_matches(&self, kind: MatchKind, rows: &[MatchRow]) -> Result<()> {
        let rows = rows.to_vec();
        self.threads
            .write("store matches", move |connection| {
                connection.execute("DELETE FROM matches WHERE kind = ?1", [kind.as_str()])?;
                let mut insert = connection.prepare_cached(
                    "INSERT INTO matches (kind, tenant_id, ours, theirs, verdict, score, evidence, standing)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
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
                        row.standing,
                    ])?;
                }
                Ok(())
            })
            .await
    }

    async fn matches(&self, kind: MatchKind) -> Result<Vec<MatchRow>> {
        self.threads
            .read("read matches", move |connection| {
                matches(connection, "kind = ?1", params![kind.as_str()])
            })
            .await
    }

    async fn matches_of(&self, kind: MatchKind, tenant: &TenantId, ours: &[String]) -> Result<Vec<MatchRow>> {
        let tenant = tenant.to_string();
        let ours = serde_json::Value::from(ours).to_string();
        self.threads
            .read("read matches", move |connection| {
                let of = "kind = ?1 AND tenant_id = ?2 AND ours IN (SELECT value FROM json_each(?3))";
                matches(connection, of, params![kind.as_str(), tenant, ours])
            })
            .await
    }

    async fn matches_to(&self, kind: MatchKind, theirs: &str) -> Result<Vec<MatchRow>> {
        let theirs = theirs.to_owned();
        self.threads
            .read("read matches", move |connection| {
                matches(
                    connection,
                    "kind = ?1 AND theirs = ?2",
                    params![kind.as_str(), theirs],
                )
            })
            .await
    }

    async fn decide(&self, forgotten: &[DecisionRow], remembered: &[DecisionRow]) -> Result<()> {
        let (forgotten, remembered) = (forgotten.to_vec(), remembered.to_vec());
        self.threads
            .write("store decisions", move |connection| {
                let mut delete = connection
                    .prepare_cached("DELETE FROM decisions WHERE kind = ?1 AND ours = ?2 AND theirs = ?3")?;
                for row in &forgotten {
                    delete.execute(params![row.kind.as_str(), row.ours, theirs(row)])?;
                }
                let mut insert = connection.prepare_cached(
                    "INSERT OR REPLACE INTO decisions (kind, ours, theirs, said, said_by, said_at, note)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?;
                for row in &remembered {
                    insert.execute(params![
                        row.kind.as_str(),
                        row.ours,
                        theirs(row),
                        row.said,
                        row.by,
                        row.at,
                        row.note,
                    ])?;
                }
                Ok(())
            })
            .await
    }

    async fn decisions(&self, kind: MatchKind) -> Result<Vec<DecisionRow>> {
        self.threads
            .read("read decisions", move |connection| {
                let mut select = connection.prepare_cached(
                    "SELECT ours, theirs, said, said_by, said_at, note FROM decisions
                     WHERE kind = ?1 ORDER BY ours, theirs",
                )?;
                let mut rows = select.query([kind.as_str()])?;
                let mut found = Vec::new();
                while let Some(row) = rows.next()? {
                    let theirs: String = row.get(1)?;
                    found.push(DecisionRow {
                        kind,
                        ours: row.get(0)?,
                        theirs: Some(theirs).filter(|theirs| !theirs.is_empty()),
                        said: row.get(2)?,
                        by: row.get(3)?,
                        at: row.get(4)?,
                        note: row.get(5)?,
                    });
                }
                Ok(found)
            })
            .await
    }
}

/// The pairs of which this holds, in the order they were given.
fn matches(connection: &Connection, wanted: &str, given: &[&dyn ToSql]) -> Done<Vec<MatchRow>> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT tenant_id, ours, theirs, verdict, score, evidence, standing FROM matches WHERE {wanted} ORDER BY row"
    ))?;
    let mut rows = select.query(given)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let tenant: Option<String> = row.get(0)?;
        let tenant_id = tenant.map(|id| id.parse()).transpose();
        found.push(MatchRow {
            tenant_id: tenant_id.map_err(|_| Failure::Store(Error::Value { column: "tenant_id" }))?,
            ours: row.get(1)?,
            theirs: row.get(2)?,
            verdict: row.get(3)?,
            score: row.get(4)?,
            evidence: json(&row.get::<_, String>(5)?, "evidence")?,
            standing: row.get(6)?,
        });
    }
    Ok(found)
}

fn theirs(row: &DecisionRow) -> &str {
    row.theirs.as_deref().unwrap_or_default()
}
