//! What is kept beside the rows of users: roles as of the last finished pass, the last sign-in, and who viewed whom.

use deadpool_postgres::{GenericClient, Transaction};
use jiff::Timestamp;
use msp365_core::TenantId;

use super::{Done, PostgresStore, execute, known, limit, query, query_one, tenant_id, text};
use crate::query::RECENT;

/// The roles of users that differ from those kept: names in order, as `Names` has them.
const ROLES: &str = "WITH named AS (
        SELECT principal_id, btrim(replace(coalesce(role_name, role_definition_id), ';', ','))
            || CASE coalesce(directory_scope_id, '/') WHEN '/' THEN '' ELSE ' (scoped)' END AS name
        FROM role_assignments WHERE tenant = $1),
    held AS (
        SELECT principal_id AS id, name FROM named
        UNION
        SELECT m.member_id, n.name FROM named n JOIN memberships m
            ON m.tenant = $1 AND m.key >= n.principal_id || '/' AND m.key < n.principal_id || '0'),
    new AS (SELECT id, string_agg(name, '; ' ORDER BY name COLLATE \"C\") AS roles FROM held GROUP BY id)
    UPDATE users u SET roles = new.roles FROM new
    WHERE u.tenant = $1 AND u.key = new.id AND u.roles IS DISTINCT FROM new.roles";
const NO_ROLES: &str = "UPDATE users u SET roles = NULL WHERE u.tenant = $1 AND u.roles IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM role_assignments a WHERE a.tenant = $1 AND (a.principal_id = u.key
        OR a.principal_id IN (SELECT group_id FROM memberships m WHERE m.tenant = $1 AND m.member_id = u.key)))";
const SIGNED_IN: &str = "UPDATE users u SET last_sign_in_at = s.latest,
        last_successful_sign_in_at = s.last_successful_at FROM (
        SELECT key, last_successful_at, greatest(last_sign_in_at, last_non_interactive_at, last_successful_at) AS latest
        FROM sign_ins WHERE tenant = $1 AND key = ANY($2)) s
    WHERE u.tenant = $1 AND u.key = s.key AND (u.last_sign_in_at, u.last_successful_sign_in_at)
        IS DISTINCT FROM (s.latest, s.last_successful_at)";

/// Brings the roles of a tenant's users up to date.
pub(super) async fn refresh_roles(on: &Transaction<'_>, tenant: i64) -> Done<()> {
    execute(on, ROLES, &[&tenant]).await?;
    execute(on, NO_ROLES, &[&tenant]).await.map(drop)
}

/// Brings the last sign-in of some users up to date.
pub(super) async fn refresh_sign_ins(on: &Transaction<'_>, tenant: i64, users: &[String]) -> Done<()> {
    if users.is_empty() {
        return Ok(());
    }
    execute(on, SIGNED_IN, &[&tenant, &users]).await.map(drop)
}

/// Whether any sign-in of a tenant is known.
pub(super) async fn has_sign_ins(on: &Transaction<'_>, tenant: i64) -> Done<bool> {
    let sql = "SELECT 1 FROM sign_ins WHERE tenant = $1 LIMIT 1";
    Ok(query_one(on, sql, &[&tenant]).await?.is_some())
}

/// Forgets the last sign-in of some users.
pub(super) async fn forget_sign_ins(on: &Transaction<'_>, tenant: i64, users: &[String]) -> Done<()> {
    let sql = "UPDATE users SET last_sign_in_at = NULL, last_successful_sign_in_at = NULL
        WHERE tenant = $1 AND key = ANY($2)";
    execute(on, sql, &[&tenant, &users]).await.map(drop)
}

pub(super) async fn note_viewed(
    store: &PostgresStore,
    technician: &str,
    tenant: &TenantId,
    user: &str,
    at: Timestamp,
) -> Done<()> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    known(&transaction, tenant).await?;
    let (technician, user) = (text::stored(technician), text::stored(user));
    let sql = "INSERT INTO viewed_users (technician, tenant, id, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (technician, tenant, id) DO UPDATE SET at = excluded.at";
    execute(
        &transaction,
        sql,
        &[&technician, &tenant.to_string(), &user, &at.as_microsecond()],
    )
    .await?;
    let sql = "DELETE FROM viewed_users WHERE technician = $1 AND (tenant, id) NOT IN
        (SELECT tenant, id FROM viewed_users WHERE technician = $1 ORDER BY at DESC, tenant, id LIMIT $2)";
    execute(&transaction, sql, &[&technician, &limit(RECENT)]).await?;
    transaction.commit().await?;
    Ok(())
}

/// The users, the last one first.
pub(super) async fn recent(store: &PostgresStore, technician: &str) -> Done<Vec<(TenantId, String)>> {
    let sql = "SELECT tenant, id FROM viewed_users WHERE technician = $1 ORDER BY at DESC, tenant, id";
    let rows = query(&store.client().await?, sql, &[&text::stored(technician)]).await?;
    rows.iter()
        .map(|row| {
            let tenant: String = row.try_get(0)?;
            Ok((tenant_id(&tenant)?, text::owned(row.try_get(1)?)))
        })
        .collect()
}

/// Forgets that users of a tenant were viewed.
pub(super) async fn forget_viewed(on: &impl GenericClient, tenant: &TenantId) -> Done<()> {
    let sql = "DELETE FROM viewed_users WHERE tenant = $1";
    execute(on, sql, &[&tenant.to_string()]).await.map(drop)
}
