//! Matches and decisions in PostgreSQL.

use async_trait::async_trait;
use msp365_core::TenantId;
use tokio_postgres::types::ToSql;

use super::{Done, PostgresStore, during, execute, json, query, tenant_id, text};
use crate::{DecisionRow, MatchKind, MatchRow, MatchStore, Result};

const INSERT: &str = "INSERT INTO matches (kind, tenant_id, ours, theirs, verdict, score, evidence, standing)
    SELECT $1::text, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::text[], $8::text[])";
const DECIDE: &str = "INSERT INTO decisions (kind, ours, theirs, said, said_by, said_at, note)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (kind, ours, theirs) DO UPDATE SET said = excluded.said, said_by = excluded.said_by,
        said_at = excluded.said_at, note = excluded.note";

#[async_trait]
impl MatchStore for PostgresStore {
    async fn replace_matches(&self, kind: MatchKind, rows: &[MatchRow]) -> Result<()> {
        replace(self, kind, rows).await.map_err(during("store matches"))
    }

    async fn matches(&self, kind: MatchKind) -> Result<Vec<MatchRow>> {
        let found = matches(self, "kind = $1", &[&kind.as_str()]).await;
        found.map_err(during("read matches"))
    }

    async fn matches_of(&self, kind: MatchKind, tenant: &TenantId, ours: &[String]) -> Result<Vec<MatchRow>> {
        let of = "kind = $1 AND tenant_id = $2 AND ours = ANY($3)";
        let ours: Vec<_> = ours.iter().map(|ours| text::stored(ours)).collect();
        let found = matches(self, of, &[&kind.as_str(), &tenant.to_string(), &ours]).await;
        found.map_err(during("read matches"))
    }

    async fn matches_to(&self, kind: MatchKind, theirs: &str) -> Result<Vec<MatchRow>> {
        let to = "kind = $1 AND theirs = $2";
        let found = matches(self, to, &[&kind.as_str(), &text::stored(theirs)]).await;
        found.map_err(during("read matches"))
    }

    async fn decide(&self, forgotten: &[DecisionRow], remembered: &[DecisionRow]) -> Result<()> {
        decide(self, forgotten, remembered)
            .await
            .map_err(during("store decisions"))
    }

    async fn decisions(&self, kind: MatchKind) -> Result<Vec<DecisionRow>> {
        decisions(self, kind).await.map_err(during("read decisions"))
    }
}

async fn replace(store: &PostgresStore, kind: MatchKind, rows: &[MatchRow]) -> Done<()> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    execute(
        &transaction,
        "DELETE FROM matches WHERE kind = $1",
        &[&kind.as_str()],
    )
    .await?;
    let texts = |of: fn(&MatchRow) -> &str| -> Vec<String> {
        rows.iter()
            .map(|row| text::stored(of(row)).into_owned())
            .collect()
    };
    let tenants: Vec<Option<String>> = rows
        .iter()
        .map(|row| row.tenant_id.map(|id| id.to_string()))
        .collect();
    let theirs: Vec<Option<String>> = rows
        .iter()
        .map(|row| text::perhaps(row.theirs.as_deref()).map(Into::into))
        .collect();
    let evidence: Vec<String> = rows.iter().map(|row| row.evidence.to_string()).collect();
    let scores: Vec<f64> = rows.iter().map(|row| row.score).collect();
    let (ours, verdicts, standings) = (
        texts(|row| &row.ours),
        texts(|row| &row.verdict),
        texts(|row| &row.standing),
    );
    execute(
        &transaction,
        INSERT,
        &[
            &kind.as_str(),
            &tenants,
            &ours,
            &theirs,
            &verdicts,
            &scores,
            &evidence,
            &standings,
        ],
    )
    .await?;
    Ok(transaction.commit().await?)
}

/// The pairs of which this holds, in the order they were given.
async fn matches(store: &PostgresStore, wanted: &str, given: &[&(dyn ToSql + Sync)]) -> Done<Vec<MatchRow>> {
    let sql = format!(
        "SELECT tenant_id, ours, theirs, verdict, score, evidence, standing FROM matches WHERE {wanted} ORDER BY row"
    );
    let rows = query(&store.client().await?, &sql, given).await?;
    rows.iter()
        .map(|row| {
            let tenant: Option<String> = row.try_get(0)?;
            let theirs: Option<String> = row.try_get(2)?;
            Ok(MatchRow {
                tenant_id: tenant.map(|id| tenant_id(&id)).transpose()?,
                ours: text::owned(row.try_get(1)?),
                theirs: theirs.map(text::owned),
                verdict: text::owned(row.try_get(3)?),
                score: row.try_get(4)?,
                evidence: json(&row.try_get::<_, String>(5)?, "evidence")?,
                standing: text::owned(row.try_get(6)?),
            })
        })
        .collect()
}

async fn decide(store: &PostgresStore, forgotten: &[DecisionRow], remembered: &[DecisionRow]) -> Done<()> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    for row in forgotten {
        let sql = "DELETE FROM decisions WHERE kind = $1 AND ours = $2 AND theirs = $3";
        let (ours, theirs) = (text::stored(&row.ours), text::stored(theirs(row)));
        execute(&transaction, sql, &[&row.kind.as_str(), &ours, &theirs]).await?;
    }
    for row in remembered {
        let [ours, theirs, said, by, at, note] =
            [&row.ours, theirs(row), &row.said, &row.by, &row.at, &row.note].map(text::stored);
        let kind = row.kind.as_str();
        execute(
            &transaction,
            DECIDE,
            &[&kind, &ours, &theirs, &said, &by, &at, &note],
        )
        .await?;
    }
    Ok(transaction.commit().await?)
}

async fn decisions(store: &PostgresStore, kind: MatchKind) -> Done<Vec<DecisionRow>> {
    let sql = "SELECT ours, theirs, said, said_by, said_at, note FROM decisions
        WHERE kind = $1 ORDER BY ours, theirs";
    let rows = query(&store.client().await?, sql, &[&kind.as_str()]).await?;
    rows.iter()
        .map(|row| {
            let read = |at: usize| row.try_get(at).map(text::owned);
            Ok(DecisionRow {
                kind,
                ours: read(0)?,
                theirs: Some(read(1)?).filter(|theirs| !theirs.is_empty()),
                said: read(2)?,
                by: read(3)?,
                at: read(4)?,
                note: read(5)?,
            })
        })
        .collect()
}

fn theirs(row: &DecisionRow) -> &str {
    row.theirs.as_deref().unwrap_or_default()
}
