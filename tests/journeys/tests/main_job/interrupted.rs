//! A run that is cut off goes on where it was.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use msp365::store::{MemoryStore, Phase, Resource, SqliteStore, Store, TenantStatus};

use crate::{
    journey::{Journey, world},
    rows,
    spy::Sent,
};

/// Pages that come before the connection is lost.
const USER_PAGES: usize = 2;
const GROUP_PAGES: usize = 3;

fn is_users(sent: &Sent) -> bool {
    sent.path() == "/v1.0/users" && !sent.target.contains("signInActivity")
}

fn is_groups(sent: &Sent) -> bool {
    sent.path() == "/v1.0/groups/delta"
}

fn pages(sent: &[Sent], is: fn(&Sent) -> bool) -> Vec<Sent> {
    sent.iter().filter(|one| is(one)).cloned().collect()
}

/// The first pages of users and groups come, the rest is lost.
fn cut(journey: &Journey) {
    let (users, groups) = (AtomicUsize::new(0), AtomicUsize::new(0));
    journey.spy.lose(move |sent| {
        let came = |counter: &AtomicUsize| counter.fetch_add(1, Ordering::Relaxed);
        (is_users(sent) && came(&users) >= USER_PAGES) || (is_groups(sent) && came(&groups) >= GROUP_PAGES)
    });
}

async fn goes_on_where_it_was_cut(store: Arc<dyn Store>) {
    let whole = Journey::begin(world(1, 3_000)).await;
    whole.choose_all().await;
    whole.spy.take();
    whole.run().await;
    let all = whole.spy.take();
    let (all_users, all_groups) = (pages(&all, is_users).len(), pages(&all, is_groups).len());
    assert!(all_users > USER_PAGES + 1 && all_groups > GROUP_PAGES + 1);
    let journey = Journey::with_store(world(1, 3_000), store).await;
    let tenant = journey.choose_all().await[0];

    cut(&journey);
    let report = journey.run_of(tenant).await;

    assert_eq!(report.status, TenantStatus::Degraded);
    assert!(report.resources[&Resource::Users].stale_because.is_some());
    for (resource, pages) in [
        (Resource::Users, USER_PAGES * 999),
        (Resource::Memberships, GROUP_PAGES * 1_000),
    ] {
        let stored = journey.msp.store().count(&[tenant], resource).await.unwrap();
        assert_eq!(stored, pages as u64, "{resource:?}");
    }
    for resource in [Resource::Users, Resource::Groups] {
        let stream = journey.msp.store().stream(&tenant, resource).await.unwrap();
        assert_eq!(stream.phase, Phase::Reading);
        assert!(stream.cursor.unwrap().contains("$skiptoken="));
    }

    journey.spy.mend();
    journey.spy.take();
    // What failed five times in a row is left alone for half a minute.
    journey.cloud.advance(Duration::from_secs(31));
    let report = journey.run_of(tenant).await;

    assert_eq!(report.status, TenantStatus::Synced);
    let sent = journey.spy.take();
    let (users, groups) = (pages(&sent, is_users), pages(&sent, is_groups));
    assert_eq!(users.len(), all_users - USER_PAGES);
    assert_eq!(groups.len(), all_groups - GROUP_PAGES);
    assert!(users[0].target.contains("$skiptoken=") && groups[0].target.contains("$skiptoken="));
    let stored = journey.stored().await;
    rows::assert_same(&stored, &journey.expected());
    rows::assert_same(&stored, &whole.stored().await);
}

#[tokio::test]
async fn a_run_that_lost_its_connection_goes_on_where_it_was_cut() {
    goes_on_where_it_was_cut(Arc::new(MemoryStore::new())).await;
}

#[tokio::test]
async fn a_run_over_sqlite_goes_on_where_it_was_cut() {
    let folder = msp365_stores::folder();
    let store = SqliteStore::open(folder.path().join("cut.db")).await.unwrap();

    goes_on_where_it_was_cut(Arc::new(store)).await;
}
