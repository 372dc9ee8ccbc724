//! What runs out, held against the world.

use std::collections::BTreeSet;

use msp365::{
    sim::Trouble,
    sync::expiry::{ExpiryKind, to_ical},
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
