//! Users without end that nobody stores, and how much memory it takes to export them.

use std::{
    io::{self, Write},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use msp365::{
    TenantId,
    actions::{Export, Exported},
    store::{
        DirectoryReader, DirectoryStore, MemoryStore, OddRow, PageCommit, PassEnd, PassStart, Resource,
        Result, RowPage, RowQuery, Rows, TenantRecord, TenantStore, UserColumn, UserPage, UserQuery, UserRow,
        UserView,
    },
};

/// Users on a page; an export asks for as many.
const PAGE: u64 = 1_000;

/// A page of users, shown again and again until there were so many.
pub(crate) struct Endless {
    page: MemoryStore,
    users: u64,
    pages: AtomicU64,
}

impl Endless {
    pub(crate) async fn of(users: u64) -> Self {
        let page = MemoryStore::new();
        let tenant: TenantId = "11111111-2222-3333-4444-555555555555".parse().unwrap();
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        page.upsert_tenants(&[TenantRecord::new(tenant, "Contoso")])
            .await
            .unwrap();
        let start = PassStart::new(tenant, 0, Resource::Users, "all", now);
        let generation = page.begin(&start).await.unwrap().generation;
        let rows: Vec<_> = (0..PAGE).map(user).collect();
        let rows = PageCommit::new(tenant, 0, Resource::Users, generation).rows(rows);
        page.commit(rows).await.unwrap();
        let end = PassEnd::new(tenant, 0, Resource::Users, generation, now);
        page.finish(end).await.unwrap();
        Self {
            page,
            users,
            pages: AtomicU64::new(0),
        }
    }
}

fn user(number: u64) -> UserRow {
    let mut user = UserRow::new(format!("0a000000-0000-4000-8000-{number:012}"));
    user.user_principal_name = format!("ada.{number}@contoso.example");
    user.display_name = Some(format!("Ada {number}"));
    user.department = Some("Sales; =EMEA".to_owned());
    user.account_enabled = Some(true);
    user
}

#[async_trait::async_trait]
impl DirectoryReader for Endless {
    async fn user_page(&self, _query: &UserQuery) -> Result<UserPage> {
        let before = self.pages.fetch_add(1, Relaxed) * PAGE;
        let first = UserQuery::all().page(1, usize::try_from(PAGE).unwrap_or(1));
        let mut page = self.page.user_page(&first).await?;
        for (number, view) in (before..).zip(&mut page.rows) {
            view.user.id = format!("0a000000-0000-4000-8000-{number:012}");
        }
        page.next = (before + PAGE < self.users).then(|| "behind it".to_owned());
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

/// Counts what is written, and keeps none of it.
#[derive(Default)]
pub(crate) struct Counted {
    pub(crate) bytes: u64,
    pub(crate) lines: u64,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        self.lines += bytes.split(|byte| *byte == b'\n').skip(1).count() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Exports so many users with every column. Answers what was written, and by how many kibibytes the peak of the memory of this
/// process grew meanwhile.
pub(crate) async fn exported(users: u64) -> (Exported, Counted, u64) {
    let reader = Endless::of(users).await;
    let export = Export::default().columns(UserColumn::ALL.iter().copied());
    let mut out = Counted::default();
    let before = peak();
    let done = export.write(&reader, &UserQuery::all(), &mut out).await.unwrap();
    (done, out, peak() - before)
}

/// The most memory that this process ever had, in kibibytes.
pub(crate) fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    let digits = line.chars().filter(char::is_ascii_digit);
    digits.collect::<String>().parse().unwrap()
}
