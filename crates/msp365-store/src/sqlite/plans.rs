//! Plans and their intents in SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::TenantId;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use uuid::Uuid;

use super::{Done, Failure, SqliteStore, json, tenant_id, value};
use crate::{
    Error, IntentRecord, IntentState, IntentStore, PlanChange, PlanFilter, PlanRecord, PlanState, Result,
    row::Column,
};

const SELECT: &str =
    "SELECT id, tenant, epoch, actor, action, subject, state, created_at, not_before, expires_at,
    fence, claimed_until, body, terms FROM plans";

#[async_trait]
impl IntentStore for SqliteStore {
    async fn add_plan(&self, plan: &PlanRecord, steps: u32) -> Result<()> {
        let plan = plan.clone();
        self.threads
            .write_durably("store a plan", move |connection, _| add(connection, &plan, steps))
            .await
    }

    async fn plan(&self, id: &Uuid) -> Result<Option<PlanRecord>> {
        let id = *id;
        self.threads
            .read("read a plan", move |connection| read(connection, &id))
            .await
    }

    async fn plans(&self, filter: &PlanFilter) -> Result<Vec<PlanRecord>> {
        let filter = filter.clone();
        self.threads
            .read("read plans", move |connection| {
                let mut select = connection.prepare_cached(&format!(
                    "{SELECT} WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR state = ?2)
                     ORDER BY created_at, id"
                ))?;
                let (tenant, state) = (filter.tenant.map(|id| id.to_string()), filter.state);
                let mut rows = select.query(params![tenant, state.map(PlanState::as_str)])?;
                let mut found = Vec::new();
                while let Some(row) = rows.next()? {
                    let plan = record(row)?;
                    if filter.accepts(&plan) {
                        found.push(plan);
                    }
                }
                Ok(found)
            })
            .await
    }

    async fn intents(&self, plan: &Uuid) -> Result<Vec<IntentRecord>> {
        let plan = *plan;
        self.threads
            .read("read the steps of a plan", move |connection| {
                let mut select = connection.prepare_cached(
                    "SELECT step, state, sends, sent_at, settled_at, evidence FROM intents WHERE plan = ?1
                     ORDER BY step",
                )?;
                let mut rows = select.query([plan.to_string()])?;
                let mut found = Vec::new();
                while let Some(row) = rows.next()? {
                    let state: String = row.get(1)?;
                    found.push(IntentRecord {
                        plan,
                        step: row.get(0)?,
                        state: IntentState::stored(&state).ok_or_else(|| odd("state"))?,
                        sends: row.get(2)?,
                        sent_at: value(row, 3, "sent_at")?,
                        settled_at: value(row, 4, "settled_at")?,
                        evidence: json(&row.get::<_, String>(5)?, "evidence")?,
                    });
                }
                Ok(found)
            })
            .await
    }

    async fn claim_plan(&self, id: &Uuid, now: Timestamp, until: Timestamp) -> Result<i64> {
        let id = *id;
        self.threads
            .write_durably("claim a plan", move |connection, _| {
                let mut plan = known(connection, &id)?;
                of_epoch(connection, &plan)?;
                let fence = plan.claim(now, until)?;
                connection
                    .prepare_cached("UPDATE plans SET fence = ?2, claimed_until = ?3 WHERE id = ?1")?
                    .execute(params![id.to_string(), fence, until.to_cell()])?;
                Ok(fence)
            })
            .await
    }

    async fn put_intent(&self, intent: &IntentRecord, fence: i64, until: Timestamp) -> Result<()> {
        let intent = intent.clone();
        self.threads
            .write_durably("store how a step stands", move |connection, _| {
                known(connection, &intent.plan)?.takes(&intent, fence)?;
                put(connection, &intent)?;
                connection
                    .prepare_cached("UPDATE plans SET claimed_until = ?2 WHERE id = ?1")?
                    .execute(params![intent.plan.to_string(), until.to_cell()])?;
                Ok(())
            })
            .await
    }

    async fn change_plan(&self, id: &Uuid, change: &PlanChange) -> Result<()> {
        let (id, change) = (*id, change.clone());
        self.threads
            .write_durably("store how a plan stands", move |connection, _| {
                let mut plan = known(connection, &id)?;
                plan.change(&change)?;
                connection
                    .prepare_cached(
                        "UPDATE plans SET state = ?2, claimed_until = NULL, terms = ?3 WHERE id = ?1",
                    )?
                    .execute(params![
                        id.to_string(),
                        plan.state.as_str(),
                        plan.terms.to_string()
                    ])?;
                Ok(())
            })
            .await
    }

    async fn take_lease(&self, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool> {
        let (name, holder) = (name.to_owned(), holder.to_owned());
        self.threads
            .write_durably("take a lease", move |connection, _| {
                let taken = connection
                    .prepare_cached(
                        "INSERT INTO leases (name, holder, until) VALUES (?1, ?2, ?4)
                         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
                         WHERE leases.holder = excluded.holder OR leases.until <= ?3",
                    )?
                    .execute(params![name, holder, now.to_cell(), until.to_cell()])?;
                Ok(taken == 1)
            })
            .await
    }

    async fn end_lease(&self, name: &str, holder: &str) -> Result<()> {
        let (name, holder) = (name.to_owned(), holder.to_owned());
        self.threads
            .write("end a lease", move |connection| {
                connection
                    .prepare_cached("DELETE FROM leases WHERE name = ?1 AND holder = ?2")?
                    .execute(params![name, holder])?;
                Ok(())
            })
            .await
    }
}

/// Refuses a plan whose tenant has another epoch by now.
fn of_epoch(connection: &Connection, plan: &PlanRecord) -> Done<()> {
    let epoch: Option<i64> = connection
        .prepare_cached("SELECT epoch FROM tenants WHERE id = ?1")?
        .query_row([plan.tenant.to_string()], |row| row.get(0))
        .optional()?;
    if epoch.is_some_and(|epoch| epoch != plan.epoch) {
        return Err(Error::Fenced { tenant: plan.tenant }.into());
    }
    Ok(())
}

/// Removes the plans of a tenant, which hold names and what people were.
pub(super) fn forget(connection: &Connection, tenant: &TenantId) -> Done<()> {
    let tenant = tenant.to_string();
    for sql in [
        "DELETE FROM intents WHERE plan IN (SELECT id FROM plans WHERE tenant = ?1)",
        "DELETE FROM plans WHERE tenant = ?1",
    ] {
        connection.execute(sql, [&tenant])?;
    }
    Ok(())
}

fn add(connection: &Connection, plan: &PlanRecord, steps: u32) -> Done<()> {
    if plan.claimed_until.is_some() {
        of_epoch(connection, plan)?;
    }
    let added = connection
        .prepare_cached(
            "INSERT INTO plans (id, tenant, epoch, actor, action, subject, state, created_at, not_before, expires_at,
                fence, claimed_until, body, terms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            plan.id.to_string(),
            plan.tenant.to_string(),
            plan.epoch,
            plan.actor,
            plan.action,
            plan.subject,
            plan.state.as_str(),
            plan.created_at.to_cell(),
            plan.not_before.to_cell(),
            plan.expires_at.to_cell(),
            plan.fence,
            plan.claimed_until.to_cell(),
            plan.body.to_string(),
            plan.terms.to_string(),
        ])?;
    if added == 0 {
        return Err(Error::Claimed { plan: plan.id }.into());
    }
    for step in 0..steps {
        put(connection, &IntentRecord::planned(plan.id, step))?;
    }
    Ok(())
}

fn put(connection: &Connection, intent: &IntentRecord) -> Done<()> {
    connection
        .prepare_cached(
            "INSERT INTO intents (plan, step, state, sends, sent_at, settled_at, evidence)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (plan, step) DO UPDATE SET state = excluded.state, sends = excluded.sends,
                sent_at = excluded.sent_at, settled_at = excluded.settled_at, evidence = excluded.evidence",
        )?
        .execute(params![
            intent.plan.to_string(),
            intent.step,
            intent.state.as_str(),
            intent.sends,
            intent.sent_at.to_cell(),
            intent.settled_at.to_cell(),
            intent.evidence.to_string(),
        ])?;
    Ok(())
}

/// A plan that is there.
fn known(connection: &Connection, id: &Uuid) -> Done<PlanRecord> {
    read(connection, id)?.ok_or(Failure::Store(Error::UnknownPlan { plan: *id }))
}

fn read(connection: &Connection, id: &Uuid) -> Done<Option<PlanRecord>> {
    let mut select = connection.prepare_cached(&format!("{SELECT} WHERE id = ?1"))?;
    let mut rows = select.query([id.to_string()])?;
    rows.next()?.map(record).transpose()
}

fn record(row: &SqlRow<'_>) -> Done<PlanRecord> {
    let (id, state): (String, String) = (row.get(0)?, row.get(6)?);
    Ok(PlanRecord {
        id: id.parse().map_err(|_| odd("id"))?,
        tenant: tenant_id(row, 1)?,
        epoch: row.get(2)?,
        actor: row.get(3)?,
        action: row.get(4)?,
        subject: row.get(5)?,
        state: PlanState::stored(&state).ok_or_else(|| odd("state"))?,
        created_at: value(row, 7, "created_at")?,
        not_before: value(row, 8, "not_before")?,
        expires_at: value(row, 9, "expires_at")?,
        fence: row.get(10)?,
        claimed_until: value(row, 11, "claimed_until")?,
        body: json(&row.get::<_, String>(12)?, "body")?,
        terms: json(&row.get::<_, String>(13)?, "terms")?,
    })
}

const fn odd(column: &'static str) -> Failure {
    Failure::Store(Error::Value { column })
}
