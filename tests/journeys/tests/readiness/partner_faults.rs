//! The clients' side of faults of Partner Center, relationships and the list of customers.

use std::sync::Arc;

use msp365::{
    ErrorKind, Msp365, TenantId,
    auth::{StaticKeyRing, VaultKey},
    sim::{self, Sim, Sizes, Trouble, WorldPlan},
    store::{Resource, TenantFilter, TenantRecord, TenantStatus, UserQuery},
    sync::Progress,
};
use tokio::sync::Notify;

use crate::office::{Office, world};

async fn records(msp: &Msp365) -> Vec<TenantRecord> {
    msp.tenants().list(&TenantFilter::all()).await.unwrap()
}

async fn status(msp: &Msp365, tenant: TenantId) -> TenantStatus {
    let all = records(msp).await;
    all.into_iter().find(|one| one.id == tenant).unwrap().status
}

async fn synced(cases: Vec<Vec<Trouble>>) -> Office {
    let office = Office::open(world(7, cases)).await;
    office.msp.tenants().refresh().await.unwrap();
    office.msp.tenants().sync(&office.customers()).await.unwrap();
    office.msp.sync().run(&[]).await.unwrap();
    office
}

#[tokio::test]
async fn f144_a_tenant_that_is_gone_is_blocked_and_keeps_its_rows() {
    let office = synced(vec![Vec::new(), Vec::new()]).await;
    let customer = office.customers()[0];
    let before = office.msp.users(&UserQuery::all()).await.unwrap().count;
    office.cloud.advance(std::time::Duration::from_hours(2));
    let _gone = office
        .cloud
        .faults()
        .script("F144")
        .unwrap()
        .tenant(customer)
        .always()
        .install();

    let report = office.msp.sync().run(&[]).await.unwrap();

    let of = |tenant| {
        report
            .tenants
            .iter()
            .find(|one| one.tenant == tenant)
            .unwrap()
            .status
    };
    assert_eq!(of(customer), TenantStatus::Blocked, "{report:?}");
    assert_eq!(of(office.customers()[1]), TenantStatus::Synced);
    assert_eq!(office.msp.users(&UserQuery::all()).await.unwrap().count, before);
}

#[tokio::test]
async fn f167_a_role_that_lacks_for_one_resource_leaves_the_others_fresh() {
    let office = synced(vec![Vec::new()]).await;
    let _lacks = office.cloud.faults().script("F167").unwrap().install();

    let report = office.msp.sync().run(&[]).await.unwrap();

    let tenant = &report.tenants[0];
    assert_eq!(tenant.status, TenantStatus::Degraded, "{tenant:?}");
    for (resource, done) in &tenant.resources {
        let is_stale = done.stale_because.is_some();
        assert_eq!(
            is_stale,
            *resource == Resource::ManagedDevices,
            "{resource:?}: {done:?}"
        );
    }
}

#[tokio::test]
async fn f169_a_customer_that_one_complete_list_lacks_stays_as_it_is() {
    let office = synced(vec![Vec::new(), vec![Trouble::NoRelationship]]).await;
    let absent = office.customers()[1];
    let before = status(&office.msp, absent).await;
    let missing = office.cloud.faults().script("F169").unwrap().install();

    office.msp.tenants().refresh().await.unwrap();
    let while_missing = status(&office.msp, absent).await;
    office.msp.tenants().refresh().await.unwrap();

    assert_eq!(missing.hits(), 1);
    assert_ne!(before, TenantStatus::Detached);
    assert_eq!(
        [while_missing, status(&office.msp, absent).await],
        [before, before]
    );
}

#[tokio::test]
async fn f169_a_customer_that_two_complete_lists_lack_is_detached_with_its_rows_until_it_is_back() {
    let office = synced(vec![Vec::new(), vec![Trouble::NoRelationship]]).await;
    let absent = office.customers()[1];
    let kept = office.msp.users(&UserQuery::all()).await.unwrap().count;
    let missing = office.cloud.faults().script("F169").unwrap().times(2).install();

    office.msp.tenants().refresh().await.unwrap();
    office.msp.tenants().refresh().await.unwrap();
    let while_missing = status(&office.msp, absent).await;
    office.msp.tenants().refresh().await.unwrap();

    assert_eq!(missing.hits(), 2);
    assert_eq!(while_missing, TenantStatus::Detached);
    assert_eq!(office.msp.users(&UserQuery::all()).await.unwrap().count, kept);
    assert_eq!(status(&office.msp, absent).await, TenantStatus::Pending);
}

#[tokio::test]
async fn f170_from_a_list_that_is_cut_short_nothing_follows() {
    let mut plan = WorldPlan::default();
    plan.customers = 501;
    plan.users_each = 3;
    plan.sizes = Sizes::Equal;
    let office = Office::open(Sim::seeded(7).world(plan).manual_clock()).await;
    office.msp.tenants().refresh().await.unwrap();
    let before = records(&office.msp).await;
    let _cut = office
        .cloud
        .faults()
        .script("F170")
        .unwrap()
        .variant(1)
        .always()
        .install();

    let refused = office.msp.tenants().refresh().await.unwrap_err();

    assert_eq!(refused.kind(), ErrorKind::Unavailable);
    assert_eq!(before.len(), 502);
    assert_eq!(records(&office.msp).await, before);
}

#[tokio::test]
async fn f171_customers_of_one_name_stay_apart() {
    let office = Office::open(world(7, vec![Vec::new(); 4])).await;
    let _same = office.cloud.faults().script("F171").unwrap().install();

    office.msp.tenants().refresh().await.unwrap();
    let first: Vec<_> = records(&office.msp).await.iter().map(|one| one.id).collect();
    office.cloud.faults().clear();
    office.msp.tenants().refresh().await.unwrap();

    let mut after: Vec<_> = records(&office.msp).await.iter().map(|one| one.id).collect();
    let mut first = first;
    first.sort();
    after.sort();
    assert_eq!(first.len(), 5);
    assert_eq!(after, first);
}

#[tokio::test]
async fn f172_a_tenant_that_is_unsynced_during_a_run_ends_without_a_row() {
    let folder = msp365_stores::folder();
    let cloud = world(7, vec![Vec::new()]).build();
    let url = format!("sqlite:{}", folder.path().join("race.db").display());
    let keys = StaticKeyRing::new(VaultKey::from_bytes("race", [7; 32]));
    let store = msp365::store::open(&url).await.unwrap();
    let msp = sim::builder(&cloud).store(store, Arc::new(keys)).build().unwrap();
    sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();
    let customer = cloud.customer_ids()[0];
    msp.tenants().sync(&[customer]).await.unwrap();
    let writing = Arc::new(Notify::new());
    let seen = Arc::clone(&writing);
    let observer = Arc::new(move |progress: &Progress| {
        if matches!(progress, Progress::Stored { .. }) {
            seen.notify_one();
        }
    });

    let run = msp.sync().observed(observer).run(&[]);
    let unsync = async {
        writing.notified().await;
        msp.tenants().unsync(&[customer]).await
    };
    let (report, left) = tokio::join!(run, unsync);

    left.unwrap();
    assert!(report.is_ok(), "{report:?}");
    assert_eq!(status(&msp, customer).await, TenantStatus::Deactivated);
    for resource in Resource::ALL {
        assert_eq!(
            msp.store().count(&[customer], resource).await.unwrap(),
            0,
            "{resource:?}"
        );
    }
}

#[tokio::test]
async fn f174_a_tenant_of_another_cloud_is_told_as_such() {
    let office = Office::open(world(7, vec![Vec::new(), Vec::new()])).await;
    let elsewhere = office.customers()[0];
    let _moved = office
        .cloud
        .faults()
        .script("F174")
        .unwrap()
        .tenant(elsewhere)
        .install();

    let found = office.doctor().await;

    let one = found.iter().find(|one| one.tenant == elsewhere).unwrap();
    assert_eq!(one.unfinished, None);
    assert_eq!(one.findings[0].id.as_str(), "C3", "{one:?}");
    assert!(one.findings[0].evidence.contains("national cloud"), "{one:?}");
    let other = found
        .iter()
        .find(|one| one.tenant == office.customers()[1])
        .unwrap();
    assert!(other.ready);
}
