//! Turning off: what is removed, what stays, and turning on again.

use std::{fs, path::Path, sync::Arc};

use msp365::{
    ErrorKind, Msp365, TenantId,
    auth::{StaticKeyRing, VaultKey},
    sim::{self, Cloud, Sim},
    store::{LogFate, TenantStatus, UserQuery},
};
use serde_json::Value;

use crate::office::{Office, world};

/// Connected, with a database in this folder.
async fn with_file(cloud: &Cloud, folder: &Path) -> Msp365 {
    let url = format!("sqlite:{}", folder.join("msp365.db").display());
    let store = msp365::store::open(&url).await.unwrap();
    let keys = StaticKeyRing::new(VaultKey::from_bytes("leaving", [7; 32]));
    let msp = sim::builder(cloud).store(store, Arc::new(keys)).build().unwrap();
    sim::connect(cloud, &msp).await.unwrap();
    msp
}

async fn sync_all(msp: &Msp365) -> usize {
    msp.tenants().refresh().await.unwrap();
    let customers = msp.tenants().customers().await.unwrap();
    msp.tenants().sync(&customers).await.unwrap();
    let report = msp.sync().run(&[]).await.unwrap();
    report.count(TenantStatus::Synced) + report.count(TenantStatus::Degraded)
}

/// The bytes of all files of the database.
fn bytes(folder: &Path) -> Vec<u8> {
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read(entry.unwrap().path()).unwrap());
    files.flatten().collect()
}

fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

/// The customers that hold the application which the provider signs in with.
fn holders(cloud: &Cloud) -> Vec<Value> {
    let mut truth = cloud.truth();
    truth.retain(|line| line["kind"] == "consent" && line["app"] == "delegated");
    truth
}

#[tokio::test]
async fn after_disconnect_no_customer_holds_the_application_and_no_file_a_row() {
    let folder = msp365_stores::folder();
    let cloud = Sim::seeded(7).customers(12).users_each(5).manual_clock().build();
    let msp = with_file(&cloud, folder.path()).await;
    let synced = sync_all(&msp).await;
    let users = msp.users(&UserQuery::all().page(1, 500)).await.unwrap().rows;
    let traces: Vec<String> = users
        .iter()
        .flat_map(|row| [row.user.user_principal_name.clone(), row.user.id.clone()])
        .collect();
    let before = bytes(folder.path());
    assert!(synced >= 5 && users.len() > 20, "{synced} {}", users.len());
    assert!(!holders(&cloud).is_empty());
    assert!(traces.iter().filter(|trace| holds(&before, trace)).count() > 20);

    let exit = msp.disconnect(LogFate::Keep).await.unwrap();

    assert_eq!(holders(&cloud), [] as [Value; 0]);
    assert!(exit.is_clean(), "{exit:?}");
    assert_eq!(exit.tenants.len(), 12);
    assert_eq!(exit.remains.len(), 2, "what is the partner's own is named");
    let after = bytes(folder.path());
    let names: Vec<String> = exit.tenants.iter().map(|one| one.name.clone()).collect();
    for trace in traces
        .iter()
        .chain(&names)
        .chain([&cloud.service_account().to_owned()])
    {
        assert!(!holds(&after, trace), "{trace} is still in a file");
    }
    assert_eq!(
        msp.tenants().refresh().await.unwrap_err().kind(),
        ErrorKind::SignIn
    );
}

#[tokio::test]
async fn an_unsynced_tenant_leaves_no_row_in_any_file() {
    let folder = msp365_stores::folder();
    let cloud = Sim::seeded(7).customers(4).users_each(30).manual_clock().build();
    let msp = with_file(&cloud, folder.path()).await;
    sync_all(&msp).await;
    // Older versions of rows, which were replaced, are not left either.
    cloud.advance(std::time::Duration::from_hours(24));
    msp.sync().run(&[]).await.unwrap();
    let users = msp.users(&UserQuery::all().page(1, 500)).await.unwrap().rows;
    let gone = users
        .iter()
        .map(|row| row.tenant_id)
        .find(|id| *id != cloud.partner_tenant())
        .unwrap();
    let (theirs, others): (Vec<_>, Vec<_>) = users.iter().partition(|row| row.tenant_id == gone);
    let trace = |row: &&msp365::store::UserView| [row.user.user_principal_name.clone(), row.user.id.clone()];
    let before = bytes(folder.path());
    assert!(theirs.iter().flat_map(trace).any(|trace| holds(&before, &trace)));

    msp.tenants().unsync(&[gone]).await.unwrap();

    let after = bytes(folder.path());
    assert!(theirs.len() > 10 && others.len() > 10);
    for trace in theirs.iter().flat_map(trace) {
        assert!(!holds(&after, &trace), "{trace} is still in a file");
    }
    assert!(others.iter().flat_map(trace).any(|trace| holds(&after, &trace)));
}

#[tokio::test]
async fn turning_on_again_works_at_once() {
    let folder = msp365_stores::folder();
    let cloud = Sim::seeded(7).customers(3).users_each(5).manual_clock().build();
    let msp = with_file(&cloud, folder.path()).await;
    let first = sync_all(&msp).await;
    msp.disconnect(LogFate::Keep).await.unwrap();

    sim::connect(&cloud, &msp).await.unwrap();
    let second = sync_all(&msp).await;

    assert!(first > 0);
    assert_eq!(second, first);
}

#[tokio::test]
async fn an_unsynced_tenant_loses_the_application_and_can_be_synced_at_once() {
    let office = Office::open(world(7, vec![Vec::new(), Vec::new()])).await;
    sync_all(&office.msp).await;
    let [one, other] = office.customers()[..] else {
        panic!()
    };

    let left = office.msp.tenants().unsync(&[one]).await.unwrap();

    let holding: Vec<TenantId> = holders(&office.cloud)
        .iter()
        .map(crate::office::tenant_of)
        .collect();
    assert_eq!(holding, [other]);
    assert!(left[0].rows_removed > 0 && left[0].remains.is_empty(), "{left:?}");
    assert!(
        left[0]
            .removed
            .iter()
            .any(|what| what.contains("enterprise application"))
    );
    office.msp.tenants().sync(&[one]).await.unwrap();
    let report = office.msp.sync().run(&[one]).await.unwrap();
    assert_eq!(report.tenants[0].status, TenantStatus::Synced, "{report:?}");
}

#[tokio::test]
async fn what_cannot_be_removed_is_named_with_its_place() {
    let office = Office::open(world(7, vec![Vec::new()])).await;
    sync_all(&office.msp).await;
    let customer = office.customers()[0];
    office.cloud.edit(|world| world.expire_relationships(customer));

    let left = office.msp.tenants().unsync(&[customer]).await.unwrap();

    let what: Vec<_> = left[0].remains.iter().map(|one| one.what.as_str()).collect();
    assert!(what.iter().any(|what| what.starts_with("consent")), "{left:?}");
    assert!(
        what.iter().any(|what| what.starts_with("enterprise application")),
        "{left:?}"
    );
    assert!(
        left[0]
            .remains
            .iter()
            .all(|one| !one.why.is_empty() && !one.place.is_empty())
    );
    assert!(left[0].rows_removed > 0);
}

#[tokio::test]
async fn f175_the_partners_own_tenant_can_be_synced_but_not_unsynced() {
    let office = Office::open(world(7, vec![Vec::new()])).await;
    let own = office.cloud.partner_tenant();
    office.msp.tenants().refresh().await.unwrap();
    office.msp.tenants().sync(&[own]).await.unwrap();
    let report = office.msp.sync().run(&[own]).await.unwrap();
    assert!(report.tenants[0].requests > 0);

    let refused = office.msp.tenants().unsync(&[own]).await.unwrap_err();

    assert_eq!(refused.kind(), ErrorKind::Invalid);
    assert!(office.msp.users(&UserQuery::all()).await.unwrap().count > 0);
}
