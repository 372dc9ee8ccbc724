//! The tenant list in PostgreSQL.

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use msp365_core::{AUDIT_KEY, TenantId, VAULT_SALT};
use tokio_postgres::Row as SqlRow;

use super::{
    Done, Failure, PostgresStore, during, execute, json, known, moment, overtaken_unless, query, query_one,
    stored, tenant_id, text,
};
use crate::{
    Error, LogFate, Result, TenantFilter, TenantKind, TenantRecord, TenantState, TenantStatus, TenantStore,
};

const SELECT: &str =
    "SELECT id, name, default_domain, initial_domain, kind, in_partner_center, in_gdap, selected,
    status, reason, remedy, findings, epoch, listed_at, synced_at FROM tenants";

const UPSERT: &str = "INSERT INTO tenants (id, name, default_domain, initial_domain, kind, in_partner_center, in_gdap,
        selected, status, reason, remedy, findings, epoch, listed_at, synced_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, default_domain = excluded.default_domain,
        initial_domain = excluded.initial_domain, kind = excluded.kind,
        in_partner_center = excluded.in_partner_center, in_gdap = excluded.in_gdap, listed_at = excluded.listed_at";

/// All tables but those that hold the log and its key, and the numbers that count their rows.
const WIPE: &str =
    "TRUNCATE tenants, streams, seen, odd_rows, users, groups, memberships, role_assignments, licenses,
    devices, managed_devices, sign_ins, mailboxes, matches, decisions, runs, plans, intents, leases RESTART IDENTITY";
/// These, as far as they hold neither.
const WIPE_KEPT: [(&str, &str); 2] = [
    ("DELETE FROM meta WHERE name <> $1", VAULT_SALT),
    ("DELETE FROM sealed WHERE name <> $1", AUDIT_KEY),
];
/// These, whatever they hold.
const WIPE_LOG: &str = "TRUNCATE meta, sealed, journal RESTART IDENTITY";

#[async_trait]
impl TenantStore for PostgresStore {
    async fn upsert_tenants(&self, listed: &[TenantRecord]) -> Result<()> {
        upsert(self, listed)
            .await
            .map_err(during("store the tenant list"))
    }

    async fn tenants(&self, filter: &TenantFilter) -> Result<Vec<TenantRecord>> {
        let mut found = all(self).await.map_err(during("list tenants"))?;
        found.retain(|tenant| filter.accepts(tenant));
        found.sort_by_cached_key(TenantRecord::order);
        Ok(found)
    }

    async fn tenant(&self, id: &TenantId) -> Result<Option<TenantRecord>> {
        one(self, id).await.map_err(during("read a tenant"))
    }

    async fn set_selected(&self, ids: &[TenantId], selected: bool) -> Result<()> {
        select(self, ids, selected).await.map_err(during("mark tenants"))
    }

    async fn set_state(&self, id: &TenantId, state: &TenantState) -> Result<()> {
        set_state(self, id, state)
            .await
            .map_err(during("store the state of a tenant"))
    }

    async fn new_epoch(&self, id: &TenantId) -> Result<i64> {
        new_epoch(self, id)
            .await
            .map_err(during("raise the epoch of a tenant"))
    }

    async fn wipe(&self, log: LogFate) -> Result<()> {
        wipe(self, log).await.map_err(during("remove everything"))
    }
}

async fn upsert(store: &PostgresStore, listed: &[TenantRecord]) -> Done<()> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    // In one order everywhere, so that two listings do not wait for each other.
    let mut listed: Vec<_> = listed.iter().collect();
    listed.sort_by_key(|tenant| tenant.id);
    for tenant in listed {
        let perhaps =
            |text: &Option<String>| text::perhaps(text.as_deref()).map(std::borrow::Cow::into_owned);
        execute(
            &transaction,
            UPSERT,
            &[
                &tenant.id.to_string(),
                &text::stored(&tenant.name),
                &perhaps(&tenant.default_domain),
                &perhaps(&tenant.initial_domain),
                &tenant.kind.as_str(),
                &tenant.in_partner_center,
                &tenant.in_gdap,
                &tenant.selected,
                &tenant.status.as_str(),
                &perhaps(&tenant.reason),
                &perhaps(&tenant.remedy),
                &tenant.findings.to_string(),
                &stored(tenant.listed_at),
                &stored(tenant.synced_at),
            ],
        )
        .await?;
    }
    Ok(transaction.commit().await?)
}

async fn all(store: &PostgresStore) -> Done<Vec<TenantRecord>> {
    let rows = query(&store.client().await?, SELECT, &[]).await?;
    rows.iter().map(record).collect()
}

async fn one(store: &PostgresStore, id: &TenantId) -> Done<Option<TenantRecord>> {
    let sql = format!("{SELECT} WHERE id = $1");
    let row = query_one(&store.client().await?, &sql, &[&id.to_string()]).await?;
    row.as_ref().map(record).transpose()
}

async fn select(store: &PostgresStore, ids: &[TenantId], selected: bool) -> Done<()> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    for id in ids {
        let (tenant, _) = known(&transaction, id).await?;
        let sql = "UPDATE tenants SET selected = $2 WHERE row = $1";
        execute(&transaction, sql, &[&tenant, &selected]).await?;
    }
    Ok(transaction.commit().await?)
}

async fn set_state(store: &PostgresStore, id: &TenantId, state: &TenantState) -> Done<()> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    let (tenant, now) = alone(&transaction, id).await?;
    overtaken_unless(state.epoch.is_none_or(|epoch| epoch == now), id)?;
    execute(
        &transaction,
        "UPDATE tenants SET status = $2, reason = $3, remedy = $4, findings = $5,
            synced_at = coalesce($6, synced_at) WHERE row = $1",
        &[
            &tenant,
            &state.status.as_str(),
            &text::perhaps(state.reason.as_deref()),
            &text::perhaps(state.remedy.as_deref()),
            &state.findings.to_string(),
            &stored(state.synced_at),
        ],
    )
    .await?;
    Ok(transaction.commit().await?)
}

/// The number and epoch of a tenant that nobody else changes until the transaction ends.
pub(super) async fn alone(on: &impl GenericClient, tenant: &TenantId) -> Done<(i64, i64)> {
    let sql = "SELECT row, epoch FROM tenants WHERE id = $1 FOR UPDATE";
    super::numbered(query_one(on, sql, &[&tenant.to_string()]).await?, tenant)
}

async fn new_epoch(store: &PostgresStore, id: &TenantId) -> Done<i64> {
    let sql = "UPDATE tenants SET epoch = epoch + 1 WHERE id = $1 RETURNING epoch";
    let row = query_one(&store.client().await?, sql, &[&id.to_string()]).await?;
    let row = row.ok_or(Failure::Store(Error::UnknownTenant { tenant: *id }))?;
    Ok(row.try_get(0)?)
}

async fn wipe(store: &PostgresStore, log: LogFate) -> Done<()> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    transaction.batch_execute(WIPE).await?;
    match log {
        LogFate::Remove => transaction.batch_execute(WIPE_LOG).await?,
        LogFate::Keep => {
            for (statement, kept) in WIPE_KEPT {
                execute(&transaction, statement, &[&kept]).await?;
            }
        }
    }
    Ok(transaction.commit().await?)
}

fn record(row: &SqlRow) -> Done<TenantRecord> {
    let odd = |column| Failure::Store(Error::Value { column });
    let read = |at: usize| row.try_get(at).map(text::owned);
    let perhaps = |at: usize| row.try_get(at).map(|text: Option<String>| text.map(text::owned));
    Ok(TenantRecord {
        id: tenant_id(&read(0)?)?,
        name: read(1)?,
        default_domain: perhaps(2)?,
        initial_domain: perhaps(3)?,
        kind: TenantKind::stored(&read(4)?).ok_or_else(|| odd("kind"))?,
        in_partner_center: row.try_get(5)?,
        in_gdap: row.try_get(6)?,
        selected: row.try_get(7)?,
        status: TenantStatus::named(&read(8)?).ok_or_else(|| odd("status"))?,
        reason: perhaps(9)?,
        remedy: perhaps(10)?,
        findings: json(&row.try_get::<_, String>(11)?, "findings")?,
        epoch: row.try_get(12)?,
        listed_at: moment(row, 13, "listed_at")?,
        synced_at: moment(row, 14, "synced_at")?,
    })
}
