//! What is done beside plans, as the activity log and the host's own log tell it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use msp365::{
    ErrorKind, Msp365,
    actions::{ActivitySink, Protection, SinkError},
    matching::decisions::{Decision, Said},
    sim::{self, Cloud, Sim},
    store::{JournalFilter, JournalRecord, LogFate, MatchKind},
};

/// The host's own log.
#[derive(Default)]
struct Elsewhere(Mutex<Vec<JournalRecord>>);

#[async_trait]
impl ActivitySink for Elsewhere {
    async fn record(&self, record: &JournalRecord) -> Result<(), SinkError> {
        self.0.lock().unwrap().push(record.clone());
        Ok(())
    }
}

/// A cloud, a host that works with it in Ada's name, and the host's own log.
fn office() -> (Cloud, Msp365, Arc<Elsewhere>) {
    let cloud = Sim::seeded(7).customers(2).users_each(5).manual_clock().build();
    let elsewhere = Arc::new(Elsewhere::default());
    let msp = sim::builder(&cloud).seed(7).in_memory();
    let msp = msp.log_sink(Arc::clone(&elsewhere) as _).build().unwrap();
    (cloud, msp.in_name_of("ada"), elsewhere)
}

/// Records, each as who did what and how it ended.
fn told(records: &[JournalRecord]) -> Vec<String> {
    let one = |record: &JournalRecord| {
        let error = record.detail["error"].as_str().unwrap_or_default();
        let said = format!("{} {} {} {error}", record.actor, record.action, record.outcome);
        said.trim_end().to_owned()
    };
    records.iter().map(one).collect()
}

async fn stored(msp: &Msp365) -> Vec<JournalRecord> {
    msp.actions().activity(&JournalFilter::all()).await.unwrap()
}

#[tokio::test]
async fn what_a_host_does_is_recorded_and_handed_to_its_own_log() {
    let (cloud, msp, elsewhere) = office();
    let tenants = cloud.customer_ids().to_vec();
    sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();

    msp.tenants().sync(&tenants[..1]).await.unwrap();
    msp.tenants().sync(&tenants[..1]).await.unwrap();
    msp.tenants().enrol(&tenants, |_| {}).await.unwrap();
    let unknown = "99999999-8888-4777-8666-555555555555".parse().unwrap();
    let missing = msp.tenants().sync(&[unknown]).await.unwrap_err();
    let bo = msp.in_name_of("bo");
    bo.tenants().unsync(&tenants[..1]).await.unwrap();

    assert_eq!(missing.kind(), ErrorKind::NotFound);
    let records = stored(&msp).await;
    assert_eq!(
        told(&records),
        [
            "ada connect done",
            "ada sync_tenant done",
            "ada sync_tenant started",
            "ada sync_tenant started",
            "ada sync_tenant done",
            "ada sync_tenant blocked",
            "ada sync_tenant failed not_found",
            "bo unsync_tenant started",
            "bo unsync_tenant done",
        ]
    );
    assert_eq!(
        (records[0].tenant, records[0].target.as_str()),
        (Some(cloud.partner_tenant()), cloud.app().client_id.as_str())
    );
    assert_eq!(
        (records[5].tenant, &records[5].detail["reason"]),
        (Some(tenants[1]), &"B2".into())
    );
    assert_eq!(*elsewhere.0.lock().unwrap(), records);
}

#[tokio::test]
async fn a_sync_that_runs_by_itself_is_told_by_its_report_alone() {
    let (cloud, msp, _) = office();
    sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();
    msp.tenants().sync(cloud.customer_ids()).await.unwrap();
    let before = stored(&msp).await.len();

    for _ in 0..3 {
        assert_eq!(msp.sync().run(&[]).await.unwrap().tenants.len(), 2);
    }

    assert_eq!(stored(&msp).await.len(), before);
}

#[tokio::test]
async fn turning_off_leaves_a_log_that_verifies_and_tells_of_it() {
    let (cloud, msp, _) = office();
    sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();
    let log = msp.actions().log().unwrap();
    let kept = log.anchor().await.unwrap();

    msp.disconnect(LogFate::Keep).await.unwrap();

    assert_eq!(
        told(&stored(&msp).await),
        [
            "ada connect done",
            "ada disconnect started",
            "ada unsync_tenant done",
            "ada unsync_tenant done",
            "ada disconnect done",
        ]
    );
    let end = log.verify(Some(&kept)).await.unwrap();
    sim::connect(&cloud, &msp).await.unwrap();
    assert_eq!(log.verify(Some(&end)).await.unwrap().count, 6);
}

#[tokio::test]
async fn a_log_that_is_removed_says_so_to_the_hosts_own() {
    let (cloud, msp, elsewhere) = office();
    sim::connect(&cloud, &msp).await.unwrap();

    msp.disconnect(LogFate::Remove).await.unwrap();

    assert_eq!(stored(&msp).await, []);
    let taken = elsewhere.0.lock().unwrap().clone();
    assert_eq!(
        told(&taken),
        [
            "ada connect done",
            "ada disconnect started",
            "ada purge_log started"
        ]
    );
}

#[tokio::test]
async fn decisions_and_accounts_that_are_left_alone_are_recorded_as_they_change() {
    let (cloud, msp, _) = office();
    let tenant = cloud.customer_ids()[0];
    let ours = tenant.to_string();
    let kind = MatchKind::Organizations;
    let linked = Decision::new(kind.as_str(), &ours, Said::Linked).theirs("8");
    let said = [linked.clone().by("bo")];

    msp.matching().decide(kind, &said).await.unwrap();
    msp.matching().decide(kind, &said).await.unwrap();
    let file = msp.matching().file().await.unwrap();
    msp.matching().enter(&file).await.unwrap();
    let list = Protection::new().break_glass("eve@contoso.example");
    msp.actions().protect(&list).await.unwrap();
    msp.actions().protect(&list).await.unwrap();
    msp.actions().protect(&Protection::new()).await.unwrap();

    let records = stored(&msp).await;
    assert_eq!(
        told(&records),
        [
            "bo decide_match done",
            "ada protect_account done",
            "ada unprotect_account done"
        ]
    );
    assert_eq!((records[0].tenant, &records[0].target), (Some(tenant), &ours));
    assert!(records[1].target.starts_with("name:"), "{records:?}");
    assert_eq!(records[1].target, records[2].target);
}

#[tokio::test]
async fn without_a_name_the_account_that_signed_in_is_recorded_and_else_the_host() {
    let cloud = Sim::seeded(7).customers(1).users_each(5).manual_clock().build();
    let msp = sim::builder(&cloud).seed(7).in_memory().build().unwrap();
    let connection = sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();
    msp.tenants().sync(cloud.customer_ids()).await.unwrap();

    let records = stored(&msp).await;

    assert_eq!(
        told(&records),
        [
            format!("{} connect done", connection.account_name),
            "msp365 sync_tenant done".to_owned()
        ]
    );
}

#[tokio::test]
async fn a_host_without_a_key_for_the_log_works_without_it() {
    use msp365::{
        auth::{StaticKeyRing, VaultKey},
        store::MemoryStore,
    };
    let cloud = Sim::seeded(7).customers(1).users_each(5).manual_clock().build();
    let keys = StaticKeyRing::new(VaultKey::from_bytes("test", [7; 32]));
    let store = Arc::new(MemoryStore::new());
    let msp = sim::builder(&cloud)
        .store(Arc::clone(&store) as _, Arc::new(keys))
        .build()
        .unwrap();

    sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();
    msp.tenants().sync(cloud.customer_ids()).await.unwrap();

    let records = msp.store().journal(&JournalFilter::all()).await.unwrap();
    assert_eq!(records, []);
}
