//! Tenants that are connected directly, listed, checked, synced and left: alone, and beside a partner.

use std::sync::Arc;

use msp365::{
    DataSource, ErrorKind, Msp365, TenantId,
    auth::{App, Credential},
    client::TenantClient,
    graph::{app_role_assignments, service_principals},
    partner::consents::MICROSOFT_GRAPH,
    sim::{self, Cloud, Sim},
    store::{LogFate, Store, TenantFilter, TenantKind, TenantStatus, UserQuery},
};

use crate::ways::{certificate, facade, store};

fn world() -> Cloud {
    Sim::seeded(7).customers(3).users_each(4).manual_clock().build()
}

/// Connects the first customers directly, this many, the second by certificate.
async fn connect(cloud: &Cloud, msp: &Msp365, many: usize) -> Vec<DataSource> {
    let own = cloud.app_only();
    let mut sources = Vec::new();
    for (at, tenant) in cloud.customer_ids().iter().take(many).enumerate() {
        let app = if at == 1 {
            certificate(&own)
        } else {
            App::new(&own.client_id, own.client_secret.clone())
        };
        sources.push(msp.connect_app(*tenant, app).await.unwrap());
    }
    sources
}

/// A connected partner, one tenant that is connected directly beside it, and all customers.
async fn beside_a_partner(cloud: &Cloud, store: &Arc<dyn Store>) -> (Msp365, TenantId, Vec<TenantId>) {
    let msp = facade(cloud, sim::app(cloud), store);
    sim::connect(cloud, &msp).await.unwrap();
    let direct = connect(cloud, &msp, 1).await[0].tenant;
    msp.tenants().refresh().await.unwrap();
    let customers = msp.tenants().customers().await.unwrap();
    (msp, direct, customers)
}

async fn kinds(msp: &Msp365) -> Vec<(TenantId, TenantKind)> {
    let mut all: Vec<_> = msp
        .tenants()
        .list(&TenantFilter::all())
        .await
        .unwrap()
        .into_iter()
        .map(|record| (record.id, record.kind))
        .collect();
    all.sort_by_key(|(id, _)| *id);
    all
}

async fn users(msp: &Msp365, tenant: TenantId) -> u64 {
    let query = UserQuery::all().tenants([tenant]);
    msp.users(&query).await.unwrap().count
}

/// Takes one permission back from the app.
async fn take_back(cloud: &Cloud, tenant: &TenantClient, permission: &str) {
    let own = service_principals::by_app_id(&cloud.app_only().client_id);
    let own = tenant.send(own).await.unwrap().id;
    let graph = tenant
        .send(service_principals::permissions_of(MICROSOFT_GRAPH))
        .await
        .unwrap();
    let role = graph
        .app_roles
        .iter()
        .find(|role| role.value.as_deref() == Some(permission));
    let held = tenant
        .send(app_role_assignments::of_service_principal(&own))
        .await
        .unwrap();
    let given = held
        .items
        .iter()
        .find(|one| one.app_role_id == role.unwrap().id)
        .unwrap();
    let revoking = app_role_assignments::revoke(&graph.id, &given.id);
    tenant.send(revoking).await.unwrap();
}

#[tokio::test]
async fn data_sources_alone_are_listed_checked_and_synced() {
    let (cloud, store) = (world(), store());
    let sources = connect(&cloud, &facade(&cloud, sim::app(&cloud), &store), 2).await;
    // A program started anew, with an app that has nothing to do with theirs.
    let msp = facade(&cloud, App::proven_by("other", Credential::Public), &store);
    let ids: Vec<_> = sources.iter().map(|source| source.tenant).collect();
    let mut wanted: Vec<_> = ids.iter().map(|id| (*id, TenantKind::Direct)).collect();
    wanted.sort_by_key(|(id, _)| *id);

    let listed = kinds(&msp).await;
    msp.tenants().refresh().await.unwrap();
    let found = msp.tenants().doctor(&[], |_| {}).await.unwrap();
    let enrolled = msp.tenants().enrol(&ids, |_| {}).await.unwrap();
    let report = msp.sync().run(&[]).await.unwrap();

    assert_eq!(listed, wanted);
    assert_eq!(kinds(&msp).await, wanted);
    for diagnosis in found.iter().chain(&enrolled) {
        assert!(diagnosis.ready, "{diagnosis:?}");
        assert_eq!(diagnosis.unfinished, None);
        let ids: Vec<_> = diagnosis.findings.iter().map(|one| one.id.as_str()).collect();
        // The app holds more than a sync needs; nothing is said of a partner or a relationship.
        assert!(ids.contains(&"C9"), "{ids:?}");
        assert!(ids.iter().all(|id| id.starts_with('C')), "{ids:?}");
    }
    assert!(found.iter().all(|one| one.capabilities.entra_p1.is_some()));
    assert_eq!(report.tenants.len(), 2);
    for tenant in &report.tenants {
        assert!(
            matches!(tenant.status, TenantStatus::Synced | TenantStatus::Degraded),
            "{tenant:?}"
        );
        assert!(users(&msp, tenant.tenant).await > 0);
    }
    // The partner center is no business of theirs.
    let refused = msp.tenants().join_admin_agents().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::SignIn);
}

#[tokio::test]
async fn a_data_source_stands_beside_a_partner_and_is_read_by_its_own_app() {
    let (cloud, store) = (world(), store());
    let (msp, direct, customers) = beside_a_partner(&cloud, &store).await;

    msp.tenants().enrol(&customers, |_| {}).await.unwrap();
    let report = msp.sync().run(&[]).await.unwrap();

    assert_eq!(customers.len(), cloud.customers());
    let all = kinds(&msp).await;
    assert_eq!(
        all.iter().filter(|(_, kind)| *kind == TenantKind::Direct).count(),
        1
    );
    assert!(all.contains(&(direct, TenantKind::Direct)));
    assert!(all.contains(&(cloud.partner_tenant(), TenantKind::Primary)));
    let read: Vec<_> = report
        .tenants
        .iter()
        .filter(|one| !one.resources.is_empty())
        .collect();
    assert!(read.iter().any(|one| one.tenant == direct), "{report:?}");
    assert!(read.iter().any(|one| one.tenant != direct), "{report:?}");
    assert!(users(&msp, direct).await > 0);
    // No consent of the partner's app was given where another app reads.
    let consented = cloud.truth().iter().any(|line| {
        line["kind"] == "consent"
            && line["app"] == "delegated"
            && line["tenant"] == direct.to_string()
            && line["scopes"]
                .as_object()
                .is_some_and(|scopes| !scopes.is_empty())
    });
    assert!(!consented);
}

#[tokio::test]
async fn what_a_direct_tenant_did_not_grant_is_a_finding() {
    let (cloud, store) = (world(), store());
    let msp = facade(&cloud, sim::app(&cloud), &store);
    let tenant = cloud.customer_ids()[0];
    cloud.edit(|world| world.grant_app_roles(tenant, &["AppRoleAssignment.ReadWrite.All"]));
    connect(&cloud, &msp, 1).await;
    take_back(&cloud, &msp.tenant(&tenant), "AuditLog.Read.All").await;

    let found = msp.tenants().doctor(&[tenant], |_| {}).await.unwrap();

    let lacking = found[0]
        .findings
        .iter()
        .find(|one| one.id.as_str() == "C2")
        .unwrap();
    assert!(lacking.evidence.contains("AuditLog.Read.All"), "{lacking:?}");
    assert!(!lacking.evidence.contains("Directory.Read.All"), "{lacking:?}");
    assert_eq!(lacking.who.as_str(), "customer_administrator");
    assert!(lacking.remedy.contains("administrator of the tenant"));
}

#[tokio::test]
async fn a_direct_tenant_is_left_and_all_of_it_is_turned_off_without_a_partner() {
    let (cloud, store): (_, Arc<dyn Store>) = (world(), store());
    let msp = facade(&cloud, sim::app(&cloud), &store);
    let [one, two] = [0, 1].map(|at| cloud.customer_ids()[at]);
    connect(&cloud, &msp, 2).await;
    msp.tenants().sync(&[one, two]).await.unwrap();
    msp.sync().run(&[]).await.unwrap();

    let left = msp.tenants().unsync(&[one]).await.unwrap();
    let exit = msp.disconnect(LogFate::Keep).await.unwrap();

    assert!(left[0].rows_removed > 0);
    assert!(left[0].remains[0].what.contains(&cloud.app_only().client_id));
    assert!(exit.rows_removed > 0);
    assert_eq!(exit.remains, []);
    assert_eq!(msp.data_sources().await.unwrap(), []);
    assert_eq!(kinds(&msp).await, []);
    let error = msp.tenants().refresh().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SignIn);
}

#[tokio::test]
async fn a_tenant_that_is_no_longer_connected_directly_is_detached_with_its_rows() {
    let (cloud, store) = (world(), store());
    let msp = facade(&cloud, sim::app(&cloud), &store);
    let [one, two] = [0, 1].map(|at| cloud.customer_ids()[at]);
    connect(&cloud, &msp, 2).await;
    msp.tenants().sync(&[one, two]).await.unwrap();
    msp.sync().run(&[]).await.unwrap();
    let kept = users(&msp, one).await;

    assert!(msp.forget_app(one).await.unwrap());
    msp.sync().run(&[]).await.unwrap();

    let record = store.tenant(&one).await.unwrap().unwrap();
    assert_eq!(record.status, TenantStatus::Detached);
    assert_eq!(
        record.reason.as_deref(),
        Some("the tenant is no longer connected directly")
    );
    assert_eq!(users(&msp, one).await, kept);
}

#[tokio::test]
async fn a_partner_that_cannot_be_read_stops_its_own_customers_alone() {
    let (cloud, store) = (world(), store());
    let (msp, direct, customers) = beside_a_partner(&cloud, &store).await;
    msp.tenants().enrol(&customers, |_| {}).await.unwrap();
    let before = kinds(&msp).await;
    cloud.edit(|world| world.expire_secrets(&cloud.app().client_id));
    cloud.advance(std::time::Duration::from_hours(2));
    let msp = facade(&cloud, sim::app(&cloud), &store);

    let found = msp.tenants().doctor(&[], |_| {}).await.unwrap();
    // Twice, since what two lists in a row lack is detached.
    msp.sync().run(&[]).await.unwrap();
    let report = msp.sync().run(&[]).await.unwrap();
    let ends = msp.expiries().await.unwrap();
    let refused = msp.tenants().refresh().await.unwrap_err();

    assert_eq!(found.len(), before.len());
    for diagnosis in &found {
        let words = diagnosis.unfinished.as_deref().unwrap_or_default();
        let is_direct = diagnosis.tenant == direct;
        assert_eq!(diagnosis.ready, is_direct, "{diagnosis:?}");
        assert_eq!(words.contains("secret"), !is_direct, "{words}");
    }
    assert!(report.tenants.len() > 1);
    for tenant in &report.tenants {
        let is_direct = tenant.tenant == direct;
        assert_eq!(!tenant.resources.is_empty(), is_direct, "{tenant:?}");
        let reason = tenant.reason.as_deref().unwrap_or_default();
        assert_eq!(reason.contains("secret"), !is_direct, "{reason}");
    }
    assert!(users(&msp, direct).await > 0);
    assert!(
        ends.unread.iter().any(|one| one.contains("partner tenant")),
        "{ends:?}"
    );
    assert_eq!(refused.kind(), ErrorKind::SignIn);
    assert_eq!(kinds(&msp).await, before);
    let listed = msp.tenants().list(&TenantFilter::all()).await.unwrap();
    assert!(
        listed.iter().all(|one| one.status != TenantStatus::Detached),
        "{listed:?}"
    );
}
