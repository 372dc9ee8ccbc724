//! Faults of requests and of listings.

use std::time::Duration;

use msp365::{
    ErrorKind,
    graph::users,
    store::{Resource, TenantStatus},
};

use super::synced;
use crate::{
    journey::{Journey, world},
    rows,
    spy::Sent,
};

const USERS: &str = "/v1.0/users";

#[tokio::test]
async fn f041_a_single_404_removes_no_row() {
    let (journey, tenant) = synced(10).await;
    let before = journey.stored().await;
    let id = before[&(tenant, Resource::Users)].keys().next().unwrap().clone();
    let fault = journey.cloud.faults().script("F041").unwrap().install();

    let refused = journey.msp.tenant(&tenant).send(users::get(&id)).await;

    assert_eq!(refused.unwrap_err().kind(), ErrorKind::NotFound);
    fault.uninstall();
    rows::assert_same(&journey.stored().await, &before);
}

#[tokio::test]
async fn f042_an_endpoint_that_the_cloud_lacks_is_asked_once_and_the_rest_goes_on() {
    for variant in 0..4 {
        let (journey, tenant) = synced(10).await;
        let script = journey.cloud.faults().script("F042").unwrap();
        let fault = script.variant(variant).path("/v1.0/devices").always().install();

        let report = journey.run_of(tenant).await;

        assert_eq!(fault.hits(), 1, "{variant}");
        assert!(report.resources[&Resource::Devices].stale_because.is_some());
        assert_eq!(report.resources[&Resource::Users].stale_because, None);
    }
}

#[tokio::test]
async fn f058_ids_in_another_form_are_the_same_rows() {
    for variant in 0..2 {
        let (journey, tenant) = synced(20).await;
        let script = journey.cloud.faults().script("F058").unwrap();
        let fault = script.variant(variant).path(USERS).always().install();

        let report = journey.run_of(tenant).await;

        assert!(fault.hits() > 0);
        assert!(report.resources[&Resource::Users].is_unchanged());
        rows::assert_same(&journey.stored().await, &journey.expected());
    }
}

#[tokio::test]
async fn f070_a_listing_whose_page_token_ended_starts_over() {
    let journey = Journey::begin(world(1, 2_500)).await;
    journey.choose_all().await;
    let fault = journey
        .cloud
        .faults()
        .script("F070")
        .unwrap()
        .path(USERS)
        .install();

    journey.run().await;

    assert_eq!(fault.hits(), 1);
    rows::assert_same(&journey.stored().await, &journey.expected());
}

#[tokio::test]
async fn f081_a_row_that_a_listing_missed_stays_while_it_exists() {
    let (journey, tenant) = synced(40).await;
    let before = journey.stored().await;
    let script = journey.cloud.faults().script("F081").unwrap();
    let fault = script.path(USERS).always().install();

    for _ in 0..3 {
        let report = journey.run_of(tenant).await;
        assert_eq!(report.status, TenantStatus::Synced);
        assert!(report.resources[&Resource::Users].is_unchanged());
        rows::assert_same(&journey.stored().await, &before);
    }

    assert!(fault.hits() > 2);
}

#[tokio::test]
async fn f081_rows_that_are_gone_are_asked_for_once_and_removed() {
    let (journey, tenant) = synced(40).await;
    let before = journey.stored().await;
    let users = before[&(tenant, Resource::Users)].keys().take(2);
    journey.cloud.edit(|edit| {
        for user in users {
            assert!(edit.delete_user(tenant, user));
        }
    });
    journey.spy.take();

    let report = journey.run_of(tenant).await;

    assert_eq!(report.resources[&Resource::Users].removed, 2);
    rows::assert_same(&journey.stored().await, &journey.expected());
    let sent = journey.spy.take();
    let asked =
        |one: &&Sent| one.path().ends_with("/$batch") && one.tenant.as_deref() == Some(&*tenant.to_string());
    // One for the users, one for their sign-ins.
    assert_eq!(sent.iter().filter(asked).count(), 2);
}

#[tokio::test]
async fn f083_a_listing_that_lacks_what_was_counted_removes_nothing() {
    let (journey, tenant) = synced(40).await;
    let before = journey.stored().await;
    let gone = before[&(tenant, Resource::Users)].keys().next().unwrap();
    assert!(journey.cloud.edit(|edit| edit.delete_user(tenant, gone)));
    // Its other way to show, a count of 0, is no reason to doubt; left to take turns, it would meet whichever of the two
    // listings of users came second.
    let script = journey.cloud.faults().script("F083").unwrap().variant(0);
    let fault = script.path(USERS).always().install();

    for _ in 0..2 {
        let report = journey.run_of(tenant).await;
        assert_eq!(report.status, TenantStatus::Degraded);
        assert_eq!(report.resources[&Resource::Users].removed, 0);
        let stored = journey.stored().await;
        assert!(stored[&(tenant, Resource::Users)].contains_key(gone));
        journey.cloud.advance(Duration::from_mins(20));
    }

    fault.uninstall();
    let report = journey.run_of(tenant).await;
    assert_eq!(report.status, TenantStatus::Synced);
    rows::assert_same(&journey.stored().await, &journey.expected());
}

#[tokio::test]
async fn f083_a_count_on_a_first_page_without_rows_is_not_forgotten() {
    let (journey, tenant) = synced(40).await;
    let before = journey.stored().await;
    let gone = before[&(tenant, Resource::Users)].keys().next().unwrap();
    assert!(journey.cloud.edit(|edit| edit.delete_user(tenant, gone)));
    let faults = journey.cloud.faults();
    let counted = faults.script("F083").unwrap().variant(0).path(USERS);
    let counted = counted.times(1).install();
    let empty = faults.script("F078").unwrap().path(USERS).install();

    let sync = journey.msp.sync().only([Resource::Users]);
    let report = sync.run(&[tenant]).await.unwrap().tenants.remove(0);

    assert_eq!((empty.hits(), counted.hits()), (1, 1));
    assert_eq!(report.status, TenantStatus::Degraded);
    assert_eq!(report.resources[&Resource::Users].removed, 0);
    rows::assert_same(&journey.stored().await, &before);
}

#[tokio::test]
async fn f083_a_count_that_is_too_small_is_no_reason_to_doubt() {
    let (journey, tenant) = synced(40).await;
    let gone = journey.stored().await[&(tenant, Resource::Users)]
        .keys()
        .next()
        .unwrap()
        .clone();
    assert!(journey.cloud.edit(|edit| edit.delete_user(tenant, &gone)));
    let script = journey.cloud.faults().script("F083").unwrap();
    let fault = script.variant(1).path(USERS).always().install();

    let report = journey.run_of(tenant).await;

    assert!(fault.hits() > 0);
    assert_eq!(report.status, TenantStatus::Synced);
    // Who is missing was asked for by the id, and is gone.
    assert_eq!(report.resources[&Resource::Users].removed, 1);
    rows::assert_same(&journey.stored().await, &journey.expected());
}

#[tokio::test]
async fn f085_a_refusal_in_the_middle_of_a_listing_keeps_all_rows() {
    let (journey, tenant) = synced(1_500).await;
    let before = journey.stored().await;
    let fault = journey
        .cloud
        .faults()
        .script("F085")
        .unwrap()
        .path(USERS)
        .install();

    let report = journey.run_of(tenant).await;

    assert!(fault.hits() > 0);
    assert_eq!(report.status, TenantStatus::Degraded);
    rows::assert_same(&journey.stored().await, &before);
}

#[tokio::test]
async fn f086_an_empty_listing_removes_nothing_until_another_confirms_it() {
    let (journey, tenant) = synced(60).await;
    let before = journey.stored().await;
    let script = journey.cloud.faults().script("F086").unwrap();
    let fault = script.path(USERS).always().install();

    for _ in 0..3 {
        let report = journey.run_of(tenant).await;
        assert_eq!(report.status, TenantStatus::Degraded);
        assert_eq!(report.resources[&Resource::Users].removed, 0);
        rows::assert_same(&journey.stored().await, &before);
        journey.cloud.advance(Duration::from_mins(4));
    }
    journey.cloud.advance(Duration::from_mins(4));
    let report = journey.run_of(tenant).await;

    assert!(report.resources[&Resource::Users].removed > 20);
    fault.uninstall();
    journey.run().await;
    rows::assert_same(&journey.stored().await, &journey.expected());
}
