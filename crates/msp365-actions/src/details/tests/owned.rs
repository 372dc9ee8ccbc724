//! Reading what is stored of one user reads that and no more, however large the tenant is.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::TenantId;
use msp365_store::{
    DeviceRow, DirectoryReader, DirectoryStore, ManagedDeviceRow, MemoryStore, OddRow, PageCommit, PassEnd,
    PassStart, Resource, Result, RoleAssignmentRow, RowPage, RowQuery, Rows, TenantRecord, TenantStore,
    UserPage, UserQuery, UserView,
};

use super::super::owned::Owned;

/// Counts the rows that are read of a store.
struct Counting {
    store: MemoryStore,
    rows: AtomicUsize,
}

#[async_trait]
impl DirectoryReader for Counting {
    async fn count(&self, tenants: &[TenantId], resource: Resource) -> Result<u64> {
        self.store.count(tenants, resource).await
    }
    async fn counts(&self) -> Result<Vec<(TenantId, Resource, u64)>> {
        self.store.counts().await
    }
    async fn rows(
        &self,
        tenant: &TenantId,
        resource: Resource,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Rows> {
        let found = self.store.rows(tenant, resource, after, limit).await?;
        self.rows.fetch_add(found.len(), Ordering::Relaxed);
        Ok(found)
    }
    async fn rows_of(&self, tenant: &TenantId, resource: Resource, keys: &[String]) -> Result<Rows> {
        let found = self.store.rows_of(tenant, resource, keys).await?;
        self.rows.fetch_add(found.len(), Ordering::Relaxed);
        Ok(found)
    }
    async fn groups_of(&self, tenant: &TenantId, member: &str) -> Result<Vec<String>> {
        self.store.groups_of(tenant, member).await
    }
    async fn odd_rows(&self, tenant: &TenantId) -> Result<Vec<OddRow>> {
        self.store.odd_rows(tenant).await
    }
    async fn user_page(&self, query: &UserQuery) -> Result<UserPage> {
        self.store.user_page(query).await
    }
    async fn user_count(&self, query: &UserQuery, most: u64) -> Result<(u64, bool)> {
        self.store.user_count(query, most).await
    }
    async fn row_page(&self, query: &RowQuery) -> Result<RowPage> {
        let found = self.store.row_page(query).await?;
        self.rows.fetch_add(found.rows.len(), Ordering::Relaxed);
        Ok(found)
    }
    async fn row_count(&self, query: &RowQuery, most: u64) -> Result<(u64, bool)> {
        self.store.row_count(query, most).await
    }
    async fn recently_viewed(&self, technician: &str) -> Result<Vec<UserView>> {
        self.store.recently_viewed(technician).await
    }
}

fn id(kind: &str, number: usize) -> String {
    format!("{kind}{number:06}-0000-4000-8000-000000000000")
}

/// A tenant of so many users, each with so many devices and a role.
async fn tenant_of(users: usize, devices: usize) -> (Counting, TenantId) {
    let tenant = "00000001-0000-4000-8000-000000000000".parse().unwrap();
    let store = MemoryStore::new();
    store
        .upsert_tenants(&[TenantRecord::new(tenant, "Contoso")])
        .await
        .unwrap();
    let all = (0..users).flat_map(|user| (0..devices).map(move |device| (user, user * devices + device)));
    let managed: Vec<_> = all
        .clone()
        .map(|(user, device)| {
            let mut row = ManagedDeviceRow::new(id("3a", device));
            row.user_id = Some(id("0a", user));
            row.azure_ad_device_id = Some(id("2a", device));
            row
        })
        .collect();
    let directory: Vec<_> = all
        .map(|(_, device)| {
            let mut row = DeviceRow::new(id("1a", device));
            row.device_id = Some(id("2a", device));
            row
        })
        .collect();
    let held = |user| {
        let mut row = RoleAssignmentRow::new(id("4a", user));
        row.principal_id = id("0a", user);
        row.role_definition_id = id("5a", user);
        row
    };
    let roles: Vec<_> = (0..users).map(held).collect();
    for rows in [
        Rows::ManagedDevices(managed),
        Rows::Devices(directory),
        Rows::RoleAssignments(roles),
    ] {
        let (resource, at) = (rows.resource(), Timestamp::UNIX_EPOCH);
        let start = PassStart::new(tenant, 0, resource, "all", at);
        let state = store.begin(&start).await.unwrap();
        let page = PageCommit::new(tenant, state.epoch, resource, state.generation).rows(rows);
        store.commit(page).await.unwrap();
        let end = PassEnd::new(tenant, state.epoch, resource, state.generation, at);
        store.finish(end).await.unwrap();
    }
    let counting = Counting {
        store,
        rows: AtomicUsize::new(0),
    };
    (counting, tenant)
}

/// What is found of the third user: devices of Intune, of the directory, roles; and how many rows were read for it.
async fn found(users: usize, devices: usize) -> ([usize; 3], usize) {
    let (reader, tenant) = tenant_of(users, devices).await;
    let owned = Owned {
        reader: &reader,
        tenant,
        now: Timestamp::UNIX_EPOCH,
    };
    let managed = owned.managed(&id("0a", 2)).await.unwrap();
    let ids: Vec<_> = managed
        .iter()
        .filter_map(|row| row.azure_ad_device_id.clone())
        .collect();
    let directory = owned.devices(&ids).await.unwrap();
    let roles = owned.roles(&[id("0a", 2), id("9a", 1)]).await.unwrap();
    let own = [managed.len(), directory.len(), roles.len()];
    (own, reader.rows.load(Ordering::Relaxed))
}

#[tokio::test]
async fn the_rows_that_are_read_do_not_grow_with_the_tenant() {
    assert_eq!(found(5, 2).await, ([2, 2, 1], 5));
    assert_eq!(found(2_000, 2).await, ([2, 2, 1], 5));
}

#[tokio::test]
async fn somebody_with_more_than_a_page_has_all_of_it() {
    assert_eq!(found(3, 1_100).await, ([1_100, 1_100, 1], 2_201));
}
