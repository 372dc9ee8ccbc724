//! Plans and their intents in PostgreSQL.

use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use jiff::Timestamp;
use msp365_core::TenantId;
use tokio_postgres::Row as SqlRow;
use uuid::Uuid;

use super::{
    Done, Failure, PostgresStore, during, execute, json, moment, query, query_one, stored, tenant_id, text,
};
use crate::{
    Error, IntentRecord, IntentState, IntentStore, PlanChange, PlanFilter, PlanRecord, PlanState, Result,
};

const READ: &str =
    "SELECT id, tenant, epoch, actor, action, subject, state, created_at, not_before, expires_at,
    fence, claimed_until, body, terms FROM plans WHERE id = $1";
/// The same, of a plan that stays as it is until the transaction ends.
const HOLD: &str =
    "SELECT id, tenant, epoch, actor, action, subject, state, created_at, not_before, expires_at,
    fence, claimed_until, body, terms FROM plans WHERE id = $1 FOR UPDATE";
const LIST: &str =
    "SELECT id, tenant, epoch, actor, action, subject, state, created_at, not_before, expires_at,
    fence, claimed_until, body, terms FROM plans
    WHERE ($1::text IS NULL OR tenant = $1) AND ($2::text IS NULL OR state = $2) ORDER BY created_at, id";
const ADD: &str =
    "INSERT INTO plans (id, tenant, epoch, actor, action, subject, state, created_at, not_before,
        expires_at, fence, claimed_until, body, terms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO NOTHING";
const PUT: &str = "INSERT INTO intents (plan, step, state, sends, sent_at, settled_at, evidence)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (plan, step) DO UPDATE SET state = excluded.state, sends = excluded.sends,
        sent_at = excluded.sent_at, settled_at = excluded.settled_at, evidence = excluded.evidence";

#[async_trait]
impl IntentStore for PostgresStore {
    async fn add_plan(&self, plan: &PlanRecord, steps: u32) -> Result<()> {
        add(self, plan, steps).await.map_err(during("store a plan"))
    }

    async fn plan(&self, id: &Uuid) -> Result<Option<PlanRecord>> {
        read(self, id).await.map_err(during("read a plan"))
    }

    async fn plans(&self, filter: &PlanFilter) -> Result<Vec<PlanRecord>> {
        list(self, filter).await.map_err(during("read plans"))
    }

    async fn intents(&self, plan: &Uuid) -> Result<Vec<IntentRecord>> {
        intents(self, *plan)
            .await
            .map_err(during("read the steps of a plan"))
    }

    async fn claim_plan(&self, id: &Uuid, now: Timestamp, until: Timestamp) -> Result<i64> {
        claim(self, id, now, until).await.map_err(during("claim a plan"))
    }

    async fn put_intent(&self, intent: &IntentRecord, fence: i64, until: Timestamp) -> Result<()> {
        settle(self, intent, fence, until)
            .await
            .map_err(during("store how a step stands"))
    }

    async fn change_plan(&self, id: &Uuid, change: &PlanChange) -> Result<()> {
        end(self, id, change)
            .await
            .map_err(during("store how a plan stands"))
    }

    async fn take_lease(&self, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool> {
        take(self, (name, holder), now, until)
            .await
            .map_err(during("take a lease"))
    }

    async fn end_lease(&self, name: &str, holder: &str) -> Result<()> {
        release(self, name, holder).await.map_err(during("end a lease"))
    }
}

async fn add(store: &PostgresStore, plan: &PlanRecord, steps: u32) -> Done<()> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    if plan.claimed_until.is_some() {
        of_epoch(&transaction, plan).await?;
    }
    let added = execute(
        &transaction,
        ADD,
        &[
            &plan.id.to_string(),
            &plan.tenant.to_string(),
            &plan.epoch,
            &text::stored(&plan.actor),
            &text::stored(&plan.action),
            &text::stored(&plan.subject),
            &plan.state.as_str(),
            &plan.created_at.as_microsecond(),
            &stored(plan.not_before),
            &plan.expires_at.as_microsecond(),
            &plan.fence,
            &stored(plan.claimed_until),
            &text::stored(&plan.body.to_string()),
            &text::stored(&plan.terms.to_string()),
        ],
    )
    .await?;
    if added == 0 {
        return Err(Failure::Store(Error::Claimed { plan: plan.id }));
    }
    for step in 0..steps {
        put(&transaction, &IntentRecord::planned(plan.id, step)).await?;
    }
    Ok(transaction.commit().await?)
}

async fn read(store: &PostgresStore, id: &Uuid) -> Done<Option<PlanRecord>> {
    let row = query_one(&store.client().await?, READ, &[&id.to_string()]).await?;
    row.as_ref().map(record).transpose()
}

async fn list(store: &PostgresStore, filter: &PlanFilter) -> Done<Vec<PlanRecord>> {
    let (tenant, state) = (filter.tenant.map(|id| id.to_string()), filter.state);
    let state = state.map(PlanState::as_str);
    let rows = query(&store.client().await?, LIST, &[&tenant, &state]).await?;
    let plans: Vec<_> = rows.iter().map(record).collect::<Done<_>>()?;
    Ok(plans.into_iter().filter(|plan| filter.accepts(plan)).collect())
}

async fn intents(store: &PostgresStore, plan: Uuid) -> Done<Vec<IntentRecord>> {
    let sql =
        "SELECT step, state, sends, sent_at, settled_at, evidence FROM intents WHERE plan = $1 ORDER BY step";
    let rows = query(&store.client().await?, sql, &[&plan.to_string()]).await?;
    rows.iter()
        .map(|row| {
            Ok(IntentRecord {
                plan,
                step: small(row, 0, "step")?,
                state: IntentState::stored(row.try_get(1)?).ok_or(odd("state"))?,
                sends: small(row, 2, "sends")?,
                sent_at: moment(row, 3, "sent_at")?,
                settled_at: moment(row, 4, "settled_at")?,
                evidence: json(row.try_get(5)?, "evidence")?,
            })
        })
        .collect()
}

async fn claim(store: &PostgresStore, id: &Uuid, now: Timestamp, until: Timestamp) -> Done<i64> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    let mut plan = held(&transaction, id).await?;
    of_epoch(&transaction, &plan).await?;
    let fence = plan.claim(now, until).map_err(Failure::Store)?;
    let sql = "UPDATE plans SET fence = $2, claimed_until = $3 WHERE id = $1";
    execute(
        &transaction,
        sql,
        &[&id.to_string(), &fence, &until.as_microsecond()],
    )
    .await?;
    transaction.commit().await?;
    Ok(fence)
}

async fn settle(store: &PostgresStore, intent: &IntentRecord, fence: i64, until: Timestamp) -> Done<()> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    let plan = held(&transaction, &intent.plan).await?;
    plan.takes(intent, fence).map_err(Failure::Store)?;
    put(&transaction, intent).await?;
    let sql = "UPDATE plans SET claimed_until = $2 WHERE id = $1";
    let parameters = (intent.plan.to_string(), until.as_microsecond());
    execute(&transaction, sql, &[&parameters.0, &parameters.1]).await?;
    Ok(transaction.commit().await?)
}

async fn end(store: &PostgresStore, id: &Uuid, change: &PlanChange) -> Done<()> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    let mut plan = held(&transaction, id).await?;
    plan.change(change).map_err(Failure::Store)?;
    let sql = "UPDATE plans SET state = $2, claimed_until = NULL, terms = $3 WHERE id = $1";
    let terms = plan.terms.to_string();
    execute(
        &transaction,
        sql,
        &[&id.to_string(), &plan.state.as_str(), &text::stored(&terms)],
    )
    .await?;
    Ok(transaction.commit().await?)
}

async fn take(
    store: &PostgresStore,
    (name, holder): (&str, &str),
    now: Timestamp,
    until: Timestamp,
) -> Done<bool> {
    let sql = "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $4)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE leases.holder = excluded.holder OR leases.until <= $3";
    let (now, until) = (now.as_microsecond(), until.as_microsecond());
    let client = store.client().await?;
    let taken = execute(&client, sql, &[&name, &holder, &now, &until]).await?;
    Ok(taken == 1)
}

async fn release(store: &PostgresStore, name: &str, holder: &str) -> Done<()> {
    let sql = "DELETE FROM leases WHERE name = $1 AND holder = $2";
    let client = store.client().await?;
    execute(&client, sql, &[&name, &holder]).await.map(drop)
}

/// Refuses a plan whose tenant has another epoch by now.
async fn of_epoch(on: &Transaction<'_>, plan: &PlanRecord) -> Done<()> {
    let sql = "SELECT epoch FROM tenants WHERE id = $1";
    let epoch = query_one(on, sql, &[&plan.tenant.to_string()]).await?;
    let epoch: Option<i64> = epoch.map(|row| row.try_get(0)).transpose()?;
    if epoch.is_some_and(|epoch| epoch != plan.epoch) {
        return Err(Failure::Store(Error::Fenced { tenant: plan.tenant }));
    }
    Ok(())
}

/// Removes the plans of a tenant, which hold names and what people were.
pub(super) async fn forget(on: &Transaction<'_>, tenant: &TenantId) -> Done<()> {
    for sql in [
        "DELETE FROM intents WHERE plan IN (SELECT id FROM plans WHERE tenant = $1)",
        "DELETE FROM plans WHERE tenant = $1",
    ] {
        execute(on, sql, &[&tenant.to_string()]).await?;
    }
    Ok(())
}

async fn put(on: &impl GenericClient, intent: &IntentRecord) -> Done<()> {
    execute(
        on,
        PUT,
        &[
            &intent.plan.to_string(),
            &i64::from(intent.step),
            &intent.state.as_str(),
            &i64::from(intent.sends),
            &stored(intent.sent_at),
            &stored(intent.settled_at),
            &text::stored(&intent.evidence.to_string()),
        ],
    )
    .await
    .map(drop)
}

/// A plan that is there. Nobody else changes it until the transaction ends.
async fn held(on: &Transaction<'_>, id: &Uuid) -> Done<PlanRecord> {
    let row = query_one(on, HOLD, &[&id.to_string()]).await?;
    record(&row.ok_or(Failure::Store(Error::UnknownPlan { plan: *id }))?)
}

fn record(row: &SqlRow) -> Done<PlanRecord> {
    let read = |at: usize| row.try_get(at).map(text::owned);
    let needed = |at: usize, column: &'static str| moment(row, at, column)?.ok_or(odd(column));
    Ok(PlanRecord {
        id: read(0)?.parse().map_err(|_| odd("id"))?,
        tenant: tenant_id(&read(1)?)?,
        epoch: row.try_get(2)?,
        actor: read(3)?,
        action: read(4)?,
        subject: read(5)?,
        state: PlanState::stored(&read(6)?).ok_or(odd("state"))?,
        created_at: needed(7, "created_at")?,
        not_before: moment(row, 8, "not_before")?,
        expires_at: needed(9, "expires_at")?,
        fence: row.try_get(10)?,
        claimed_until: moment(row, 11, "claimed_until")?,
        body: json(row.try_get(12)?, "body")?,
        terms: json(row.try_get(13)?, "terms")?,
    })
}

fn small(row: &SqlRow, at: usize, column: &'static str) -> Done<u32> {
    let number: i64 = row.try_get(at)?;
    u32::try_from(number).map_err(|_| odd(column))
}

const fn odd(column: &'static str) -> Failure {
    Failure::Store(Error::Value { column })
}
