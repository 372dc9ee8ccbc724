//! Users without end that nobody stores, and the peak of this process's memory.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use msp365::{
    TenantId,
    store::{
        DirectoryReader, DirectoryStore, MemoryStore, OddRow, PageCommit, PassEnd, PassStart, Resource,
        Result, RowPage, RowQuery, Rows, TenantRecord, TenantStore, UserPage, UserQuery, UserRow, UserView,
    },
};

/// A page of users of each tenant, shown again and again, with other ids, until there were so many.
pub(crate) struct Endless {
    page: MemoryStore,
    size: u64,
    users: u64,
    shown: Mutex<HashMap<TenantId, u64>>,
}

/// A tenant by its number.
pub(crate) fn tenant(number: u64) -> TenantId {
    let id = format!("11111111-2222-3333-4444-{number:012}");
    id.parse().unwrap()
}

impl Endless {
    /// So many tenants with so many users each, of whom so many are asked for at a time.
    pub(crate) async fn of(tenants: u64, users: u64, size: u64) -> Self {
        let page = MemoryStore::new();
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        for tenant in (1..=tenants).map(tenant) {
            page.upsert_tenants(&[TenantRecord::new(tenant, "Contoso")])
                .await
                .unwrap();
            let start = PassStart::new(tenant, 0, Resource::Users, "all", now);
            let generation = page.begin(&start).await.unwrap().generation;
            let rows: Vec<_> = (0..size).map(user).collect();
            let rows = PageCommit::new(tenant, 0, Resource::Users, generation).rows(rows);
            page.commit(rows).await.unwrap();
            let end = PassEnd::new(tenant, 0, Resource::Users, generation, now);
            page.finish(end).await.unwrap();
        }
        Self {
            page,
            size,
            users,
            shown: Mutex::default(),
        }
    }

    /// How many users of a tenant were shown before its next page, which counts as shown.
    fn turn(&self, tenant: TenantId) -> u64 {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let before = shown.entry(tenant).or_default();
        *before += self.size;
        *before - self.size
    }
}

fn id(number: u64) -> String {
    format!("0a000000-0000-4000-8000-{number:012}")
}

fn user(number: u64) -> UserRow {
    let mut user = UserRow::new(id(number));
    user.user_principal_name = format!("ada.{number}@contoso.example");
    user.display_name = Some(format!("Ada {number}"));
    user.department = Some("Sales; =EMEA".to_owned());
    user.account_enabled = Some(true);
    user
}

#[async_trait::async_trait]
impl DirectoryReader for Endless {
    async fn user_page(&self, query: &UserQuery) -> Result<UserPage> {
        let first = query.clone().page(1, usize::try_from(self.size).unwrap_or(1));
        let mut page = self.page.user_page(&first).await?;
        let Some(tenant) = page.rows.first().map(|view| view.tenant_id) else {
            return Ok(page);
        };
        let before = self.turn(tenant);
        let left = self.users.saturating_sub(before);
        page.rows.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        for (number, view) in (before..).zip(&mut page.rows) {
            view.user.id = id(number);
        }
        page.next = (before + self.size < self.users).then(|| "behind it".to_owned());
        Ok(page)
    }

    async fn user_count(&self, _query: &UserQuery, most: u64) -> Result<(u64, bool)> {
        Ok((self.users.min(most), self.users <= most))
    }

    async fn count(&self, tenants: &[TenantId], resource: Resource) -> Result<u64> {
        self.page.count(tenants, resource).await
    }

    async fn counts(&self) -> Result<Vec<(TenantId, Resource, u64)>> {
        self.page.counts().await
    }

    async fn rows(
        &self,
        tenant: &TenantId,
        resource: Resource,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Rows> {
        self.page.rows(tenant, resource, after, limit).await
    }

    async fn rows_of(&self, tenant: &TenantId, resource: Resource, keys: &[String]) -> Result<Rows> {
        self.page.rows_of(tenant, resource, keys).await
    }

    async fn groups_of(&self, tenant: &TenantId, member: &str) -> Result<Vec<String>> {
        self.page.groups_of(tenant, member).await
    }

    async fn odd_rows(&self, tenant: &TenantId) -> Result<Vec<OddRow>> {
        self.page.odd_rows(tenant).await
    }

    async fn row_page(&self, query: &RowQuery) -> Result<RowPage> {
        self.page.row_page(query).await
    }

    async fn row_count(&self, query: &RowQuery, most: u64) -> Result<(u64, bool)> {
        self.page.row_count(query, most).await
    }

    async fn recently_viewed(&self, technician: &str) -> Result<Vec<UserView>> {
        self.page.recently_viewed(technician).await
    }
}

/// The most memory that this process ever had, in kibibytes.
pub(crate) fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    let digits = line.chars().filter(char::is_ascii_digit);
    digits.collect::<String>().parse().unwrap()
}
