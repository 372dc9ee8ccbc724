//! What runs out, held against the world.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use msp365::{
    Msp365, TenantId,
    auth::App,
    sim::{self, Cloud, SimApp, Trouble},
    sync::{
        Diagnosis,
        expiry::{ExpiryKind, to_ical},
    },
};

use crate::office::{Office, world};

#[tokio::test]
async fn what_runs_out_is_what_the_world_says() {
    let cases = vec![
        vec![Trouble::EndsSoon],
        Vec::new(),
        vec![Trouble::InvitationPending],
        vec![Trouble::Expired],
    ];
    let office = Office::open(world(3, cases)).await;

    let found = office.msp.expiries().await.unwrap();

    let truth = office.cloud.truth();
    let ending: BTreeSet<_> = truth
        .iter()
        .filter(|line| line["kind"] == "relationship" && line["status"] == "active")
        .filter(|line| line["auto_extends"] == false)
        .map(|line| {
            (
                line["name"].as_str().unwrap(),
                line["end"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let told: BTreeSet<_> = found
        .entries
        .iter()
        .filter(|one| one.kind == ExpiryKind::Relationship)
        .map(|one| (one.name.as_str(), one.ends_at.to_string()))
        .collect();
    assert!(!ending.is_empty());
    assert_eq!(told, ending);
    let of = |kind| found.entries.iter().filter(|one| one.kind == kind).count();
    let waiting = truth
        .iter()
        .filter(|line| line["status"] == "approvalPending")
        .count();
    assert_eq!(of(ExpiryKind::Invitation), waiting);
    assert_eq!(of(ExpiryKind::SignIn), 1);
    let app = truth
        .iter()
        .find(|line| line["kind"] == "app" && line["app"] == "delegated")
        .unwrap();
    let secrets = found.entries.iter().filter(|one| one.kind == ExpiryKind::Secret);
    let ends: Vec<_> = secrets.map(|one| one.ends_at.to_string()).collect();
    assert!(
        ends.contains(&app["secret_ends"].as_str().unwrap().to_owned()),
        "{found:?}"
    );
    assert!(found.entries.is_sorted_by_key(|one| one.ends_at));
    assert_eq!(found.unread, [] as [String; 0]);
}

#[tokio::test]
async fn the_calendar_has_an_event_for_each() {
    let office = Office::open(world(3, vec![vec![Trouble::EndsSoon], Vec::new()])).await;
    let found = office.msp.expiries().await.unwrap();

    let calendar = to_ical(&found.entries, office.msp.now());

    assert_eq!(calendar.matches("BEGIN:VEVENT\r\n").count(), found.entries.len());
    let ids: BTreeSet<_> = calendar.lines().filter(|line| line.starts_with("UID:")).collect();
    assert_eq!(ids.len(), found.entries.len(), "each has an id of its own");
}

/// Leaves one secret to an app, which ends in so many days; answers the app with it, and the end.
fn renewed(cloud: &Cloud, own: &SimApp, days: i64) -> (App, Timestamp) {
    let text = format!("a secret for {days} days");
    let end = cloud.clock().now() + SignedDuration::from_hours(24 * days);
    cloud.edit(|world| {
        world.expire_secrets(&own.client_id);
        world.add_secret(&own.client_id, text.clone().into(), end);
    });
    (App::new(&own.client_id, text.into()), end)
}

fn facade(cloud: &Cloud, app: App) -> Msp365 {
    Msp365::builder(app)
        .cloud(cloud.endpoints())
        .transport(cloud.transport())
        .clock(cloud.clock())
        .in_memory()
        .build()
        .unwrap()
}

/// What is said of the application's credential, tenant by tenant.
fn told(found: &[Diagnosis]) -> Vec<(TenantId, &str, &str)> {
    let mut all = Vec::new();
    for one in found {
        let own = one.findings.iter().filter(|finding| finding.id.as_str() == "A9");
        all.extend(own.map(|finding| (one.tenant, finding.severity.as_str(), finding.evidence.as_str())));
    }
    all
}

#[tokio::test]
async fn the_end_of_the_partners_secret_is_found_in_its_registration_and_told_of_before() {
    for (days, is_told) in [(29, true), (40, false)] {
        let cloud = world(7, vec![Vec::new()]).build();
        let (app, end) = renewed(&cloud, &cloud.app(), days);
        let msp = facade(&cloud, app);
        sim::connect(&cloud, &msp).await.unwrap();

        let found = msp.tenants().doctor(&[], |_| {}).await.unwrap();

        assert!(found.iter().all(|one| one.ready), "{found:?}");
        let told = told(&found);
        assert_eq!(told.len(), if is_told { found.len() } else { 0 }, "{told:?}");
        let day = end.strftime("%Y-%m-%d").to_string();
        for (_, severity, words) in told {
            assert_eq!(severity, "warning");
            assert!(words.contains("client secret") && words.contains(&day), "{words}");
        }
    }
}

#[tokio::test]
async fn the_end_of_a_secret_that_the_host_gives_is_told_of_and_stands_in_the_calendar() {
    let cloud = world(7, vec![Vec::new(), Vec::new()]).build();
    let [first, second] = [0, 1].map(|at| cloud.customer_ids()[at]);
    let (app, end) = renewed(&cloud, &cloud.app_only(), 5);
    let msp = facade(&cloud, sim::app(&cloud));
    let known = msp
        .connect_app(first, app.clone().secret_ends_at(Some(end)))
        .await
        .unwrap();
    msp.connect_app(second, app).await.unwrap();

    let found = msp.tenants().doctor(&[], |_| {}).await.unwrap();
    let ends = msp.expiries().await.unwrap().entries;

    assert_eq!(known.credential_ends_at, Some(end));
    let told = told(&found);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].0, told[0].1), (first, "warning"));
    let secrets: Vec<_> = ends.iter().filter(|one| one.kind == ExpiryKind::Secret).collect();
    assert_eq!(secrets.len(), 1, "{ends:?}");
    assert_eq!((secrets[0].tenant, secrets[0].ends_at), (first, end));
}
