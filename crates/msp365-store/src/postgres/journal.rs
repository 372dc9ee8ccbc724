//! The activity log in PostgreSQL.

use async_trait::async_trait;
use tokio_postgres::Row as SqlRow;

use super::{
    Done, Failure, PostgresStore, during, execute, json, limit, moment, query, query_one, stored, text,
};
use crate::{Error, Journal, JournalFilter, JournalRecord, Result, memory::follows};

const HEAD: &str =
    "SELECT sequence, at, actor, tenant, action, target, outcome, detail, previous, mac FROM journal
    ORDER BY sequence DESC LIMIT 1";
const PAGE: &str = "SELECT sequence, at, actor, tenant, action, target, outcome, detail, previous, mac FROM journal
    WHERE sequence > $1 AND ($2::text IS NULL OR tenant = $2) AND ($3::text IS NULL OR actor = $3)
    AND ($4::text IS NULL OR action = $4) AND ($5::text IS NULL OR target = $5) AND ($6::bigint IS NULL OR at >= $6)
    AND ($7::bigint IS NULL OR at < $7) ORDER BY sequence LIMIT $8";
const ADD: &str =
    "INSERT INTO journal (sequence, at, actor, tenant, action, target, outcome, detail, previous, mac)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

#[async_trait]
impl Journal for PostgresStore {
    async fn journal_head(&self) -> Result<Option<JournalRecord>> {
        head(self).await.map_err(during("read the last record"))
    }

    async fn append_journal(&self, records: &[JournalRecord]) -> Result<()> {
        append(self, records)
            .await
            .map_err(during("add to the activity log"))
    }

    async fn journal(&self, filter: &JournalFilter) -> Result<Vec<JournalRecord>> {
        page(self, filter).await.map_err(during("read the activity log"))
    }
}

async fn head(store: &PostgresStore) -> Done<Option<JournalRecord>> {
    let row = query_one(&store.client().await?, HEAD, &[]).await?;
    row.as_ref().map(record).transpose()
}

async fn append(store: &PostgresStore, records: &[JournalRecord]) -> Done<()> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    // One writer at a time, so that the next number stays the next one.
    transaction
        .batch_execute("LOCK TABLE journal IN EXCLUSIVE MODE")
        .await?;
    let sql = "SELECT coalesce(max(sequence), 0) FROM journal";
    let last = query_one(&transaction, sql, &[]).await?;
    let last = last.map_or(Ok(0), |row| row.try_get(0))?;
    follows(last, records)?;
    for record in records {
        execute(
            &transaction,
            ADD,
            &[
                &record.sequence,
                &record.at.as_microsecond(),
                &text::stored(&record.actor),
                &record.tenant.map(|tenant| tenant.to_string()),
                &text::stored(&record.action),
                &text::stored(&record.target),
                &text::stored(&record.outcome),
                &text::stored(&record.detail.to_string()),
                &text::stored(&record.previous),
                &text::stored(&record.mac),
            ],
        )
        .await?;
    }
    Ok(transaction.commit().await?)
}

async fn page(store: &PostgresStore, filter: &JournalFilter) -> Done<Vec<JournalRecord>> {
    let rows = query(
        &store.client().await?,
        PAGE,
        &[
            &filter.after,
            &filter.tenant.map(|tenant| tenant.to_string()),
            &text::perhaps(filter.actor.as_deref()),
            &text::perhaps(filter.action.as_deref()),
            &text::perhaps(filter.target.as_deref()),
            &stored(filter.from),
            &stored(filter.until),
            &limit(filter.limit),
        ],
    )
    .await?;
    rows.iter().map(record).collect()
}

fn record(row: &SqlRow) -> Done<JournalRecord> {
    let read = |at: usize| row.try_get(at).map(text::owned);
    let tenant: Option<String> = row.try_get(3)?;
    let odd = Failure::Store(Error::Value { column: "at" });
    Ok(JournalRecord {
        sequence: row.try_get(0)?,
        at: moment(row, 1, "at")?.ok_or(odd)?,
        actor: read(2)?,
        tenant: tenant.map(|tenant| super::tenant_id(&tenant)).transpose()?,
        action: read(4)?,
        target: read(5)?,
        outcome: read(6)?,
        detail: json(&row.try_get::<_, String>(7)?, "detail")?,
        previous: read(8)?,
        mac: read(9)?,
    })
}
