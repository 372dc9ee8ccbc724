//! The tenant list in SQLite.

use async_trait::async_trait;
use msp365_core::{AUDIT_KEY, TenantId, VAULT_SALT};
use rusqlite::{Row as SqlRow, params};

use super::{Done, Failure, SqliteStore, directory::overtaken_unless, json, known, tenant_id, value};
use crate::{
    Error, LogFate, Result, TenantFilter, TenantKind, TenantRecord, TenantState, TenantStatus, TenantStore,
    row::Column,
};

const SELECT: &str =
    "SELECT id, name, default_domain, initial_domain, kind, in_partner_center, in_gdap, selected,
    status, reason, remedy, findings, epoch, listed_at, synced_at FROM tenants";

const UPSERT: &str = "INSERT INTO tenants (id, name, default_domain, initial_domain, kind, in_partner_center, in_gdap,
        selected, status, reason, remedy, findings, epoch, listed_at, synced_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, ?13, ?14)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, default_domain = excluded.default_domain,
        initial_domain = excluded.initial_domain, kind = excluded.kind,
        in_partner_center = excluded.in_partner_center, in_gdap = excluded.in_gdap, listed_at = excluded.listed_at";

#[async_trait]
impl TenantStore for SqliteStore {
    async fn upsert_tenants(&self, listed: &[TenantRecord]) -> Result<()> {
        let mut listed = listed.to_vec();
        // In one order everywhere: their numbers order what is otherwise equal in lists.
        listed.sort_by_key(|tenant| tenant.id);
        self.threads
            .write("store the tenant list", move |connection| {
                let mut upsert = connection.prepare_cached(UPSERT)?;
                for tenant in &listed {
                    upsert.execute(params![
                        tenant.id.to_string(),
                        tenant.name,
                        tenant.default_domain,
                        tenant.initial_domain,
                        tenant.kind.as_str(),
                        tenant.in_partner_center,
                        tenant.in_gdap,
                        tenant.selected,
                        tenant.status.as_str(),
                        tenant.reason,
                        tenant.remedy,
                        tenant.findings.to_string(),
                        tenant.listed_at.to_cell(),
                        tenant.synced_at.to_cell(),
                    ])?;
                }
                Ok(())
            })
            .await
    }

    async fn tenants(&self, filter: &TenantFilter) -> Result<Vec<TenantRecord>> {
        let filter = filter.clone();
        self.threads
            .read("list tenants", move |connection| {
                let mut select = connection.prepare_cached(SELECT)?;
                let mut rows = select.query([])?;
                let mut found = Vec::new();
                while let Some(row) = rows.next()? {
                    found.push(record(row)?);
                }
                found.retain(|tenant| filter.accepts(tenant));
                found.sort_by_cached_key(TenantRecord::order);
                Ok(found)
            })
            .await
    }

    async fn tenant(&self, id: &TenantId) -> Result<Option<TenantRecord>> {
        let id = id.to_string();
        self.threads
            .read("read a tenant", move |connection| {
                let mut select = connection.prepare_cached(&format!("{SELECT} WHERE id = ?1"))?;
                let mut rows = select.query([id])?;
                rows.next()?.map(record).transpose()
            })
            .await
    }

    async fn set_selected(&self, ids: &[TenantId], selected: bool) -> Result<()> {
        let ids = ids.to_vec();
        self.threads
            .write("mark tenants", move |connection| {
                let mut update =
                    connection.prepare_cached("UPDATE tenants SET selected = ?2 WHERE row = ?1")?;
                for id in &ids {
                    update.execute(params![known(connection, id)?.0, selected])?;
                }
                Ok(())
            })
            .await
    }

    async fn set_state(&self, id: &TenantId, state: &TenantState) -> Result<()> {
        let (id, state) = (*id, state.clone());
        self.threads
            .write("store the state of a tenant", move |connection| {
                let (tenant, now) = known(connection, &id)?;
                overtaken_unless(state.epoch.is_none_or(|epoch| epoch == now), &id)?;
                connection
                    .prepare_cached(
                        "UPDATE tenants SET status = ?2, reason = ?3, remedy = ?4, findings = ?5,
                            synced_at = coalesce(?6, synced_at) WHERE row = ?1",
                    )?
                    .execute(params![
                        tenant,
                        state.status.as_str(),
                        state.reason,
                        state.remedy,
                        state.findings.to_string(),
                        state.synced_at.to_cell(),
                    ])?;
                Ok(())
            })
            .await
    }

    async fn new_epoch(&self, id: &TenantId) -> Result<i64> {
        let id = *id;
        self.threads
            .write("raise the epoch of a tenant", move |connection| {
                let (tenant, _) = known(connection, &id)?;
                let mut update = connection
                    .prepare_cached("UPDATE tenants SET epoch = epoch + 1 WHERE row = ?1 RETURNING epoch")?;
                Ok(update.query_row([tenant], |row| row.get(0))?)
            })
            .await
    }

    async fn wipe(&self, log: LogFate) -> Result<()> {
        self.threads
            .write_durably("remove everything", move |connection, tails| {
                tails.forget();
                super::find::forget(connection)?;
                let mut select = connection.prepare(
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                     ORDER BY name = 'tenants'",
                )?;
                let tables: Vec<String> = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
                for table in tables {
                    let kept = match (log, table.as_str()) {
                        (LogFate::Keep, "journal") => continue,
                        (LogFate::Keep, "sealed") => AUDIT_KEY,
                        (LogFate::Keep, "meta") => VAULT_SALT,
                        _ => {
                            connection.execute(&format!("DELETE FROM {table}"), [])?;
                            continue;
                        }
                    };
                    connection.execute(&format!("DELETE FROM {table} WHERE name <> ?1"), [kept])?;
                }
                Ok(())
            })
            .await?;
        self.threads.scrub("shrink the database").await
    }
}

fn record(row: &SqlRow<'_>) -> Done<TenantRecord> {
    let odd = |column| Failure::Store(Error::Value { column });
    let (kind, status): (String, String) = (row.get(4)?, row.get(8)?);
    Ok(TenantRecord {
        id: tenant_id(row, 0)?,
        name: row.get(1)?,
        default_domain: row.get(2)?,
        initial_domain: row.get(3)?,
        kind: TenantKind::stored(&kind).ok_or_else(|| odd("kind"))?,
        in_partner_center: row.get(5)?,
        in_gdap: row.get(6)?,
        selected: row.get(7)?,
        status: TenantStatus::named(&status).ok_or_else(|| odd("status"))?,
        reason: row.get(9)?,
        remedy: row.get(10)?,
        findings: json(&row.get::<_, String>(11)?, "findings")?,
        epoch: row.get(12)?,
        listed_at: value(row, 13, "listed_at")?,
        synced_at: value(row, 14, "synced_at")?,
    })
}
