//! Faults of rounds of changes.

use std::{collections::BTreeMap, time::Duration};

use msp365::{
    TenantId,
    sim::Installed,
    store::{Resource, TenantStatus},
};
use serde_json::Value;

use super::synced;
use crate::{
    journey::{Journey, world},
    rows,
};

const GROUPS: &str = "/v1.0/groups/delta";

async fn first_group(journey: &Journey, tenant: TenantId) -> String {
    let stored = journey.stored().await;
    let mut groups = stored[&(tenant, Resource::Groups)].keys();
    groups.next().unwrap().clone()
}

/// A synced customer, one group of which was given another name, with a fault in the round that tells it.
async fn renamed(id: &str) -> (Journey, TenantId, Installed) {
    let (journey, tenant) = synced(30).await;
    let script = journey.cloud.faults().script(id).unwrap();
    let fault = script.path(GROUPS).install();
    let group = first_group(&journey, tenant).await;
    let is_done = journey
        .cloud
        .edit(|edit| edit.rename_group(tenant, &group, "Everybody"));
    assert!(is_done);
    (journey, tenant, fault)
}

/// Shows a fault, in one of its ways, during one run over what was read before: nothing is lost meanwhile, and the run
/// after it leaves the truth.
async fn loses_nothing(id: &str, variant: usize, path: &str) {
    let (journey, _) = synced(40).await;
    let before = journey.stored().await;
    let script = journey.cloud.faults().script(id).unwrap();
    let fault = script.variant(variant).path(path).install();

    journey.run().await;

    assert!(fault.hits() > 0, "{id} met no request");
    let meanwhile = journey.stored().await;
    for (place, rows) in &before {
        let kept = meanwhile.get(place).map_or(0, BTreeMap::len);
        assert!(
            kept >= rows.len(),
            "{id}/{variant}: {place:?} has {kept} of {} rows",
            rows.len()
        );
    }
    fault.uninstall();
    journey.cloud.advance(Duration::from_secs(31));
    let report = journey.run().await;
    assert_eq!(report.count(TenantStatus::Synced), 1, "{id}/{variant}");
    rows::assert_same(&journey.stored().await, &journey.expected());
}

#[tokio::test]
async fn f090_a_delta_link_that_is_gone_starts_over_and_loses_nothing() {
    loses_nothing("F090", 0, GROUPS).await;
}

#[tokio::test]
async fn f091_every_way_of_saying_so_starts_over() {
    for variant in 0..12 {
        loses_nothing("F091", variant, GROUPS).await;
    }
}

#[tokio::test]
async fn f093_a_change_that_comes_twice_is_one() {
    let (journey, tenant, fault) = renamed("F093").await;

    let report = journey.run_of(tenant).await;

    assert_eq!(fault.hits(), 1);
    assert_eq!(report.resources[&Resource::Groups].changed, 1);
    rows::assert_same(&journey.stored().await, &journey.expected());
}

#[tokio::test]
async fn f094_a_group_that_went_and_came_again_in_one_round_is_there() {
    let (journey, _, fault) = renamed("F094").await;

    journey.run().await;

    assert_eq!(fault.hits(), 1);
    rows::assert_same(&journey.stored().await, &journey.expected());
}

#[tokio::test]
async fn f096_a_removal_of_what_was_never_seen_is_no_error() {
    loses_nothing("F096", 0, GROUPS).await;
}

#[tokio::test]
async fn f097_a_group_that_comes_back_in_part_is_read_whole() {
    let (journey, tenant) = synced(60).await;
    let truth = journey.cloud.truth();
    let is_unified = |line: &&Value| line["kind"] == "group" && line["groupTypes"][0] == "Unified";
    let unified = truth.iter().find(is_unified).unwrap();
    let group = unified["id"].as_str().unwrap().to_owned();
    assert!(journey.cloud.edit(|edit| edit.delete_group(tenant, &group)));
    journey.run().await;
    assert!(!journey.stored().await[&(tenant, Resource::Groups)].contains_key(&group));
    let script = journey.cloud.faults().script("F097").unwrap();
    let fault = script.path(GROUPS).install();

    journey.run().await;

    assert_eq!(fault.hits(), 1);
    let stored = journey.stored().await;
    assert!(stored[&(tenant, Resource::Groups)].contains_key(&group));
    rows::assert_same(&stored, &journey.expected());
}

#[tokio::test]
async fn f098_what_a_sparse_change_does_not_show_stays() {
    let (journey, tenant) = synced(30).await;
    let script = journey.cloud.faults().script("F098").unwrap();
    let fault = script.path(GROUPS).install();

    let report = journey.run_of(tenant).await;

    assert_eq!(fault.hits(), 1);
    assert_eq!(report.resources[&Resource::Groups].changed, 1);
    rows::assert_same(&journey.stored().await, &journey.expected());
}

#[tokio::test]
async fn f100_who_is_gone_leaves_groups_though_no_round_says_so() {
    let (journey, tenant) = synced(30).await;
    let script = journey.cloud.faults().script("F100").unwrap();
    let fault = script.path(GROUPS).install();
    let stored = journey.stored().await;
    let users = &stored[&(tenant, Resource::Users)];
    let members = stored[&(tenant, Resource::Memberships)].values();
    let mut members = members.map(|row| row["member_id"].as_str().unwrap());
    let member = members.find(|id| users.contains_key(*id)).unwrap();
    assert!(journey.cloud.edit(|edit| edit.delete_user(tenant, member)));

    journey.run().await;

    assert!(fault.hits() > 0);
    rows::assert_same(&journey.stored().await, &journey.expected());
}

#[tokio::test]
async fn f101_changes_that_show_some_rounds_later_are_stored_then() {
    let (journey, tenant) = synced(30).await;
    let fault = journey
        .cloud
        .faults()
        .script("F101")
        .unwrap()
        .path(GROUPS)
        .install();
    let group = first_group(&journey, tenant).await;
    journey.cloud.edit(|edit| {
        let cleo = edit.add_user(tenant, "Cleo Ny", "cleo.ny").unwrap();
        edit.add_member(tenant, &group, &cleo);
    });

    for _ in 0..3 {
        journey.run().await;
    }

    assert_eq!(fault.hits(), 2);
    rows::assert_same(&journey.stored().await, &journey.expected());
}

#[tokio::test]
async fn f103_a_round_without_an_end_is_not_complete() {
    for variant in 0..2 {
        loses_nothing("F103", variant, GROUPS).await;
    }
}

#[tokio::test]
async fn f107_a_link_that_is_always_gone_costs_one_reading_a_run() {
    let (journey, _) = synced(30).await;
    let fault = journey
        .cloud
        .faults()
        .script("F107")
        .unwrap()
        .path(GROUPS)
        .install();

    for run in 1..=3 {
        journey.run().await;
        assert_eq!(fault.hits(), run);
    }

    rows::assert_same(&journey.stored().await, &journey.expected());
}

#[tokio::test]
async fn f108_links_of_all_tenants_that_are_gone_are_read_anew_once_each() {
    let journey = Journey::begin(world(6, 15)).await;
    journey.choose_all().await;
    journey.run().await;
    let fault = journey
        .cloud
        .faults()
        .script("F108")
        .unwrap()
        .path(GROUPS)
        .install();

    journey.run().await;
    let first = fault.hits();
    journey.run().await;

    assert!(first > 0 && fault.hits() == first);
    rows::assert_same(&journey.stored().await, &journey.expected());
}

#[tokio::test]
async fn f109_a_link_that_is_refused_while_the_listing_works_starts_over() {
    for variant in 0..2 {
        let (journey, tenant) = synced(30).await;
        let script = journey.cloud.faults().script("F109").unwrap();
        let fault = script.variant(variant).path(GROUPS).install();

        let report = journey.run_of(tenant).await;

        assert_eq!(fault.hits(), 1);
        assert_eq!(report.status, TenantStatus::Synced);
        rows::assert_same(&journey.stored().await, &journey.expected());
    }
}
