use msp365_store::{
    DirectoryStore, MemoryStore, PageCommit, PassEnd, PassStart, Resource, SignInRow, TenantRecord,
    TenantStore, UserLicense, UserRow,
};

use super::*;

const CONTOSO: &str = "11111111-2222-3333-4444-555555555555";
const FABRIKAM: &str = "22222222-2222-3333-4444-555555555555";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn license(part_number: &str, [enabled, warning, consumed]: [i64; 3]) -> LicenseRow {
    let sku = sku_names::find(part_number).map_or(part_number, |product| product.id);
    let mut row = LicenseRow::new(sku);
    row.sku_part_number = Some(part_number.to_owned());
    row.applies_to = Some("User".to_owned());
    row.capability_status = Some("Enabled".to_owned());
    (row.enabled, row.warning, row.consumed) = (enabled, warning, consumed);
    row
}

/// A user with a licence, made in 2025, who may sign in.
fn user(id: &str, part_number: &str) -> UserRow {
    let sku = sku_names::find(part_number).unwrap().id;
    let mut row = UserRow::new(id);
    row.user_principal_name = format!("{id}@contoso.example");
    row.account_enabled = Some(true);
    row.created_at = Some(at("2025-01-01T00:00:00Z"));
    row.licenses = vec![UserLicense::new(sku)];
    row.products = vec![sku_names::name(sku).unwrap().to_owned()].into();
    row
}

async fn pass(store: &MemoryStore, tenant: &str, resource: Resource, rows: Rows) {
    let tenant = tenant.parse().unwrap();
    let now = at("2026-03-01T12:00:00Z");
    let start = PassStart::new(tenant, 0, resource, "all", now);
    let generation = store.begin(&start).await.unwrap().generation;
    let page = PageCommit::new(tenant, 0, resource, generation).rows(rows);
    store.commit(page).await.unwrap();
    let end = PassEnd::new(tenant, 0, resource, generation, now);
    store.finish(end).await.unwrap();
}

async fn store() -> MemoryStore {
    let store = MemoryStore::new();
    let tenants = [
        TenantRecord::new(CONTOSO.parse().unwrap(), "Contoso"),
        TenantRecord::new(FABRIKAM.parse().unwrap(), "Fabrikam"),
    ];
    store.upsert_tenants(&tenants).await.unwrap();
    let ids: Vec<_> = tenants.iter().map(|tenant| tenant.id).collect();
    store.set_selected(&ids, true).await.unwrap();
    store
}

async fn found(store: &MemoryStore) -> Waste {
    let queries = (RowQuery::of(Resource::Licenses), UserQuery::all());
    let now = at("2026-03-02T00:00:00Z");
    waste(store, (&queries.0, &queries.1), 90, now).await.unwrap()
}

fn said(waste: &Waste) -> Vec<String> {
    let rows = waste.rows.iter().map(|row| {
        let user = row.user.as_deref().unwrap_or("nobody");
        format!("{} {} {user} {}", row.tenant, row.why.as_str(), row.units)
    });
    rows.collect()
}

#[tokio::test]
async fn units_that_nobody_has_are_waste_where_they_are_paid_for_and_known() {
    let store = store().await;
    let mut suspended = license("VISIOCLIENT", [4, 0, 0]);
    suspended.capability_status = Some("Suspended".to_owned());
    let mut of_company = license("PROJECTPREMIUM", [1, 0, 0]);
    of_company.applies_to = Some("Company".to_owned());
    let rows = vec![
        license("SPE_E3", [10, 2, 7]),
        license("SPE_F1", [5, 0, 5]),
        license("ENTERPRISEPACK", [5, 0, 9]),
        license("FLOW_FREE", [10_000, 0, 3]),
        suspended,
        of_company,
    ];
    pass(&store, CONTOSO, Resource::Licenses, rows.into()).await;
    // A listing that was not read to the end proves nothing.
    let start = PassStart::new(
        FABRIKAM.parse().unwrap(),
        0,
        Resource::Licenses,
        "all",
        at("2026-03-01T12:00:00Z"),
    );
    let generation = store.begin(&start).await.unwrap().generation;
    let page = PageCommit::new(start.tenant, 0, Resource::Licenses, generation);
    store
        .commit(page.rows(vec![license("SPE_E3", [10, 0, 0])]))
        .await
        .unwrap();

    let waste = found(&store).await;

    assert_eq!(said(&waste), ["Contoso unassigned nobody 5"]);
    assert_eq!(waste.rows[0].products, ["Microsoft 365 E3"]);
    assert_eq!(waste.licenses.tenants[0].tenant_name, "Fabrikam");
    assert_eq!(waste.users.count(), 2);
}

#[tokio::test]
async fn licences_of_the_blocked_the_silent_and_those_who_never_came_are_waste_and_the_unknown_are_not() {
    let store = store().await;
    let mut blocked = user("blocked", "SPE_E3");
    blocked.account_enabled = Some(false);
    let mut new = user("new", "SPE_E3");
    new.created_at = Some(at("2026-02-20T00:00:00Z"));
    let mut later = user("later", "SPE_E3");
    later.created_at = Some(at("2026-03-01T18:00:00Z"));
    let mut bare = user("bare", "SPE_E3");
    (bare.licenses, bare.products) = (Vec::new(), Vec::<String>::new().into());
    let rows = vec![
        blocked,
        new,
        later,
        bare,
        user("silent", "SPE_E3"),
        user("busy", "SPE_E3"),
        user("never", "SPE_E3"),
        user("free", "FLOW_FREE"),
    ];
    pass(&store, CONTOSO, Resource::Users, rows.into()).await;
    let signed_in = |id: &str, day: &str| {
        let mut row = SignInRow::new(id);
        row.last_sign_in_at = Some(at(&format!("{day}T00:00:00Z")));
        row
    };
    let rows = vec![signed_in("silent", "2025-11-01"), signed_in("busy", "2026-02-28")];
    pass(&store, CONTOSO, Resource::SignIns, rows.into()).await;
    let rows = vec![user("elsewhere", "SPE_E3")];
    pass(&store, FABRIKAM, Resource::Users, rows.into()).await;
    let fabrikam = FABRIKAM.parse().unwrap();
    store
        .stale(&fabrikam, Resource::SignIns, "not_licensed")
        .await
        .unwrap();

    let waste = found(&store).await;

    assert_eq!(
        said(&waste),
        [
            "Contoso blocked blocked 1",
            "Contoso never never 1",
            "Contoso silent silent 1"
        ]
    );
    assert_eq!(waste.rows[2].last_sign_in, Some(at("2025-11-01T00:00:00Z")));
    assert_eq!((waste.unknown, waste.not_licensed), (1, 1));
}

#[tokio::test]
async fn waste_is_a_file_whose_start_and_end_are_on_record() {
    let store = store().await;
    let rows = vec![license("SPE_E3", [10, 0, 7])];
    pass(&store, CONTOSO, Resource::Licenses, rows.into()).await;
    let clock = msp365_core::manual::ManualClock::at(at("2026-03-01T12:00:00Z"));
    let store = std::sync::Arc::new(store);
    let log = ActivityLog::new(
        std::sync::Arc::clone(&store) as _,
        std::sync::Arc::new(clock),
        crate::AuditKey::new(&[7; 32]),
    );

    let mut out = Vec::new();
    let waste = found(&store).await;
    let done = waste
        .export(Some((&log, "bo")), (&Times::default(), sheet::BOM), &mut out)
        .await
        .unwrap();

    assert_eq!(done.rows, 1);
    assert_eq!(
        String::from_utf8(out).unwrap(),
        format!(
            "\u{feff}tenant,tenant_id,why,user_principal_name,products,units,last_sign_in\r\n\
             \"Contoso\",\"{CONTOSO}\",\"unassigned\",\"\",\"Microsoft 365 E3\",\"3\",\"\"\r\n"
        )
    );
    let records = log.query(&msp365_store::JournalFilter::all()).await.unwrap();
    let said: Vec<_> = records
        .iter()
        .map(|record| (record.target.as_str(), record.outcome.as_str()))
        .collect();
    assert_eq!(said, [("waste", "started"), ("waste, 1 rows", "finished")]);
}
