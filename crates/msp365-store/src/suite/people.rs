//! Made-up tenants and people.

use jiff::Timestamp;
use msp365_core::TenantId;

use crate::{PageCommit, PassEnd, PassStart, Resource, Rows, Store, TenantRecord, UserRow};

#[must_use]
pub fn contoso() -> TenantId {
    "c0000000-0000-4000-8000-000000000001".parse().unwrap()
}

#[must_use]
pub fn fabrikam() -> TenantId {
    "f0000000-0000-4000-8000-000000000002".parse().unwrap()
}

#[must_use]
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[must_use]
pub fn noon() -> Timestamp {
    at("2026-03-01T12:00:00Z")
}

#[must_use]
pub fn user(id: &str, name: &str) -> UserRow {
    UserRow {
        user_principal_name: format!("{}@contoso.example", name.to_lowercase()),
        display_name: Some(name.to_owned()),
        user_type: Some("Member".to_owned()),
        account_enabled: Some(true),
        ..UserRow::new(id)
    }
}

pub async fn both_tenants(store: &dyn Store) {
    let listed = [
        TenantRecord::new(contoso(), "Contoso"),
        TenantRecord::new(fabrikam(), "Fabrikam"),
    ];
    store.upsert_tenants(&listed).await.unwrap();
}

/// Reads a generation of one page and sweeps what it lacks.
pub async fn pass(store: &dyn Store, tenant: TenantId, stream: Resource, rows: Vec<Rows>) -> u64 {
    let begun = store.stream(&tenant, stream).await.unwrap();
    let begun = store
        .begin(&PassStart::new(tenant, begun.epoch, stream, "all", noon()))
        .await
        .unwrap();
    let mut page = PageCommit::new(tenant, begun.epoch, stream, begun.generation);
    page.rows = rows;
    store.commit(page).await.unwrap();
    let mut end = PassEnd::new(tenant, begun.epoch, stream, begun.generation, noon()).sweep(stream);
    if stream == Resource::Groups {
        end = end.sweep(Resource::Memberships);
    }
    store.finish(end).await.unwrap()
}
