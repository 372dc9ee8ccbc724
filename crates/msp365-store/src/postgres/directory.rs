//! Rows and streams in PostgreSQL.

use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use jiff::Timestamp;
use msp365_core::TenantId;

use super::{
    Done, Failure, PostgresStore, beside, during, execute, find, held, known, moment, number,
    overtaken_unless, page::Page, plans, query, query_one, rows, seen::Seen, tenant_id, tenants::alone, text,
};
use crate::{
    DirectoryReader, DirectoryStore, Error, OddRow, PageCommit, PageCounts, PassEnd, PassStart, Phase,
    Resource, Result, RowPage, RowQuery, Rows, StreamState, Unseen, UserPage, UserQuery, UserView,
    row::any_rows,
};

#[async_trait]
impl DirectoryStore for PostgresStore {
    async fn stream(&self, tenant: &TenantId, resource: Resource) -> Result<StreamState> {
        stream_of(self, tenant, resource)
            .await
            .map_err(during("read a stream"))
    }

    async fn begin(&self, start: &PassStart) -> Result<StreamState> {
        begin(self, start).await.map_err(during("begin a pass"))
    }

    async fn commit(&self, page: PageCommit) -> Result<PageCounts> {
        commit(self, &page).await.map_err(during("store a page"))
    }

    async fn unseen(&self, tenant: &TenantId, table: Resource, generation: i64) -> Result<Unseen> {
        rows::unseen(self, tenant, table, generation)
            .await
            .map_err(during("compare rows with a pass"))
    }

    async fn finish(&self, end: PassEnd) -> Result<u64> {
        finish(self, &end).await.map_err(during("end a pass"))
    }

    async fn stale(&self, tenant: &TenantId, resource: Resource, because: &str) -> Result<()> {
        stale(self, tenant, resource, because)
            .await
            .map_err(during("note why rows are stale"))
    }

    async fn purge(&self, tenant: &TenantId) -> Result<u64> {
        purge(self, tenant)
            .await
            .map_err(during("remove the rows of a tenant"))
    }

    async fn viewed(&self, technician: &str, tenant: &TenantId, user: &str, at: Timestamp) -> Result<()> {
        beside::note_viewed(self, technician, tenant, user, at)
            .await
            .map_err(during("note who was viewed"))
    }
}

#[async_trait]
impl DirectoryReader for PostgresStore {
    async fn count(&self, tenants: &[TenantId], resource: Resource) -> Result<u64> {
        count(self, tenants, resource).await.map_err(during("count rows"))
    }

    async fn counts(&self) -> Result<Vec<(TenantId, Resource, u64)>> {
        counts(self).await.map_err(during("count rows"))
    }

    async fn rows(
        &self,
        tenant: &TenantId,
        resource: Resource,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Rows> {
        let after = after.unwrap_or_default();
        let rows = any_rows!(resource, type R => rows::after::<R>(self, tenant, after, limit).await);
        rows.map_err(during("read rows"))
    }

    async fn rows_of(&self, tenant: &TenantId, resource: Resource, keys: &[String]) -> Result<Rows> {
        let rows = any_rows!(resource, type R => rows::of::<R>(self, tenant, keys).await);
        rows.map_err(during("find rows"))
    }

    async fn groups_of(&self, tenant: &TenantId, member: &str) -> Result<Vec<String>> {
        let groups = rows::groups_of(self, tenant, member).await;
        groups.map_err(during("find groups"))
    }

    async fn odd_rows(&self, tenant: &TenantId) -> Result<Vec<OddRow>> {
        odd_rows(self, tenant).await.map_err(during("read odd rows"))
    }

    async fn user_page(&self, query: &UserQuery) -> Result<UserPage> {
        find::users(self, &query.find).await.map_err(during("list users"))
    }

    async fn user_count(&self, query: &UserQuery, most: u64) -> Result<(u64, bool)> {
        find::count(self, &query.find, most)
            .await
            .map_err(during("count users"))
    }

    async fn row_page(&self, query: &RowQuery) -> Result<RowPage> {
        let page = any_rows!(query.find.resource, type R => find::list::<R>(self, &query.find).await);
        page.map_err(during("list rows"))
    }

    async fn row_count(&self, query: &RowQuery, most: u64) -> Result<(u64, bool)> {
        find::count(self, &query.find, most)
            .await
            .map_err(during("count rows"))
    }

    async fn recently_viewed(&self, technician: &str) -> Result<Vec<UserView>> {
        let named = beside::recent(self, technician)
            .await
            .map_err(during("read who was viewed"))?;
        let page = self.user_page(&UserQuery::all().only(named.clone())).await?;
        Ok(page.in_order(&named))
    }
}

async fn stream_of(store: &PostgresStore, tenant: &TenantId, resource: Resource) -> Done<StreamState> {
    let client = store.client().await?;
    let (row, epoch) = known(&client, tenant).await?;
    stream(&client, (row, epoch), resource).await
}

async fn stream(on: &impl GenericClient, (tenant, epoch): (i64, i64), of: Resource) -> Done<StreamState> {
    let sql =
        "SELECT generation, phase, cursor, fingerprint, fresh_as_of, stale_because, begun_at FROM streams
        WHERE tenant = $1 AND resource = $2";
    let Some(row) = query_one(on, sql, &[&tenant, &of.code()]).await? else {
        return Ok(StreamState {
            epoch,
            ..StreamState::default()
        });
    };
    let perhaps = |at: usize| row.try_get(at).map(|text: Option<String>| text.map(text::owned));
    let phase: String = row.try_get(1)?;
    Ok(StreamState {
        epoch,
        generation: row.try_get(0)?,
        phase: Phase::stored(&phase).ok_or(Failure::Store(Error::Value { column: "phase" }))?,
        cursor: perhaps(2)?,
        fingerprint: perhaps(3)?,
        fresh_as_of: moment(&row, 4, "fresh_as_of")?,
        stale_because: perhaps(5)?,
        begun_at: moment(&row, 6, "begun_at")?,
    })
}

async fn begin(store: &PostgresStore, start: &PassStart) -> Done<StreamState> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    let tenant = fence(&transaction, &start.tenant, start.epoch).await?;
    execute(
        &transaction,
        "INSERT INTO streams (tenant, resource, generation, phase, fingerprint, begun_at)
         VALUES ($1, $2, 1, $3, $4, $5)
         ON CONFLICT (tenant, resource) DO UPDATE SET generation = streams.generation + 1,
            phase = excluded.phase, fingerprint = excluded.fingerprint,
            begun_at = excluded.begun_at, cursor = NULL",
        &[
            &tenant,
            &start.resource.code(),
            &Phase::Reading.as_str(),
            &text::stored(&start.fingerprint),
            &start.at.as_microsecond(),
        ],
    )
    .await?;
    let state = stream(&transaction, (tenant, start.epoch), start.resource).await?;
    transaction.commit().await?;
    Ok(state)
}

/// The number of the tenant, whose epoch must be this one and stays so.
async fn fence(transaction: &Transaction<'_>, tenant: &TenantId, epoch: i64) -> Done<i64> {
    let (row, now) = held(transaction, tenant).await?;
    overtaken_unless(now == epoch, tenant)?;
    Ok(row)
}

/// Takes the stream for this transaction, if its generation is this one still.
async fn take(
    transaction: &Transaction<'_>,
    (tenant, id): (i64, &TenantId),
    resource: Resource,
    generation: i64,
) -> Done<()> {
    let sql = "SELECT 1 FROM streams WHERE tenant = $1 AND resource = $2 AND generation = $3 FOR UPDATE";
    let found = query_one(transaction, sql, &[&tenant, &resource.code(), &generation]).await?;
    overtaken_unless(found.is_some(), id)
}

async fn commit(store: &PostgresStore, page: &PageCommit) -> Done<PageCounts> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    let tenant = fence(&transaction, &page.tenant, page.epoch).await?;
    take(
        &transaction,
        (tenant, &page.tenant),
        page.resource,
        page.generation,
    )
    .await?;
    let mut into = Page {
        on: &transaction,
        tenant,
        generation: page.generation,
        seen: Seen::default(),
    };
    let mut counts = PageCounts::default();
    for rows in &page.rows {
        any_rows!(rows, rows => {
            into.take_back(rows).await?;
            into.put(rows, &mut counts).await?;
        });
    }
    for removal in &page.removed {
        counts.removed += into.remove(removal).await?;
    }
    for odd in &page.odd {
        into.set_aside(page.resource, odd).await?;
    }
    into.seen.store(&transaction, tenant, page.generation).await?;
    let sql = "UPDATE streams SET cursor = $3, phase = $4 WHERE tenant = $1 AND resource = $2";
    let cursor = text::perhaps(page.cursor.as_deref());
    execute(
        &transaction,
        sql,
        &[&tenant, &page.resource.code(), &cursor, &page.phase.as_str()],
    )
    .await?;
    transaction.commit().await?;
    Ok(counts)
}

async fn finish(store: &PostgresStore, end: &PassEnd) -> Done<u64> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    let tenant = fence(&transaction, &end.tenant, end.epoch).await?;
    take(&transaction, (tenant, &end.tenant), end.resource, end.generation).await?;
    let phase = if end.cursor.is_some() {
        Phase::Tracking
    } else {
        Phase::Idle
    };
    execute(
        &transaction,
        "UPDATE streams SET cursor = $3, phase = $4, fresh_as_of = $5, stale_because = NULL
         WHERE tenant = $1 AND resource = $2",
        &[
            &tenant,
            &end.resource.code(),
            &text::perhaps(end.cursor.as_deref()),
            &phase.as_str(),
            &end.fresh_as_of.as_microsecond(),
        ],
    )
    .await?;
    let sql = "DELETE FROM odd_rows WHERE tenant = $1 AND stream = $2 AND generation < $3";
    execute(
        &transaction,
        sql,
        &[&tenant, &end.resource.code(), &end.generation],
    )
    .await?;
    let pass = Page {
        on: &transaction,
        tenant,
        generation: end.generation,
        seen: Seen::default(),
    };
    let mut swept = 0;
    for resource in &end.sweep {
        swept += pass.sweep(*resource).await?;
    }
    if end.resource.changes_roles() {
        beside::refresh_roles(&transaction, tenant).await?;
    }
    transaction.commit().await?;
    Ok(swept)
}

async fn stale(store: &PostgresStore, tenant: &TenantId, resource: Resource, because: &str) -> Done<()> {
    let client = store.client().await?;
    let (tenant, _) = known(&client, tenant).await?;
    let sql =
        "INSERT INTO streams (tenant, resource, generation, phase, stale_because) VALUES ($1, $2, 0, $3, $4)
        ON CONFLICT (tenant, resource) DO UPDATE SET stale_because = excluded.stale_because";
    let because = text::stored(because);
    execute(
        &client,
        sql,
        &[&tenant, &resource.code(), &Phase::Idle.as_str(), &because],
    )
    .await
    .map(drop)
}

async fn purge(store: &PostgresStore, tenant: &TenantId) -> Done<u64> {
    let mut client = store.client().await?;
    let transaction = client.transaction().await?;
    beside::forget_viewed(&transaction, tenant).await?;
    plans::forget(&transaction, tenant).await?;
    let (tenant, _) = alone(&transaction, tenant).await?;
    let mut purged = 0;
    for resource in Resource::ALL {
        let sql = format!("DELETE FROM {} WHERE tenant = $1", resource.as_str());
        purged += execute(&transaction, &sql, &[&tenant]).await?;
    }
    for table in ["streams", "seen", "odd_rows"] {
        let sql = format!("DELETE FROM {table} WHERE tenant = $1");
        execute(&transaction, &sql, &[&tenant]).await?;
    }
    transaction.commit().await?;
    Ok(purged)
}

async fn count(store: &PostgresStore, tenants: &[TenantId], resource: Resource) -> Done<u64> {
    let table = resource.as_str();
    let client = store.client().await?;
    let row = if tenants.is_empty() {
        query_one(&client, &format!("SELECT count(*) FROM {table}"), &[]).await?
    } else {
        let ids: Vec<String> = tenants.iter().map(ToString::to_string).collect();
        let sql = format!(
            "SELECT count(*) FROM {table} WHERE tenant IN (SELECT row FROM tenants WHERE id = ANY($1))"
        );
        query_one(&client, &sql, &[&ids]).await?
    };
    Ok(row.map(|row| row.try_get(0)).transpose()?.map_or(0, number))
}

async fn counts(store: &PostgresStore) -> Done<Vec<(TenantId, Resource, u64)>> {
    let client = store.client().await?;
    let mut counts = Vec::new();
    for resource in Resource::ALL {
        let sql = format!(
            "SELECT t.id, count(*) FROM {} r JOIN tenants t ON t.row = r.tenant GROUP BY t.id",
            resource.as_str()
        );
        for row in query(&client, &sql, &[]).await? {
            counts.push((
                tenant_id(&row.try_get::<_, String>(0)?)?,
                resource,
                number(row.try_get(1)?),
            ));
        }
    }
    counts.sort_unstable();
    Ok(counts)
}

async fn odd_rows(store: &PostgresStore, tenant: &TenantId) -> Done<Vec<OddRow>> {
    let sql = "SELECT resource, id, raw, problem FROM odd_rows
        WHERE tenant = (SELECT row FROM tenants WHERE id = $1) ORDER BY row";
    let rows = query(&store.client().await?, sql, &[&tenant.to_string()]).await?;
    rows.iter()
        .map(|row| {
            let resource = Resource::stored(row.try_get(0)?);
            Ok(OddRow::new(
                resource.ok_or(Failure::Store(Error::Value { column: "resource" }))?,
                row.try_get::<_, Option<String>>(1)?.map(text::owned),
                text::owned(row.try_get(2)?),
                text::owned(row.try_get(3)?),
            ))
        })
        .collect()
}
