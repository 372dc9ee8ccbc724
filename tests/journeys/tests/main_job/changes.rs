//! What changes in the cloud changes in the store, and no tenant is asked that was not chosen.

use std::collections::BTreeSet;

use msp365::{
    ErrorKind, TenantId,
    store::{Resource, TenantStatus},
};
use serde_json::Value;

use crate::{
    journey::{Journey, world},
    rows,
};

/// A group of a customer by what is asked of it, with two of its members that are users.
fn group_with_two_users(journey: &Journey, tenant: TenantId) -> (String, [String; 2]) {
    let truth = journey.cloud.truth();
    let own = |kind: &'static str| {
        truth
            .iter()
            .filter(move |line| line["kind"] == kind && line["tenant"] == tenant.to_string())
    };
    for group in own("group").filter(|group| group["groupTypes"] == Value::Array(Vec::new())) {
        let users: Vec<_> = own("membership")
            .filter(|line| line["group"] == group["id"] && line["type"] == "#microsoft.graph.user")
            .map(|line| line["member"].as_str().unwrap().to_owned())
            .collect();
        if let [one, two, ..] = users.as_slice() {
            return (
                group["id"].as_str().unwrap().to_owned(),
                [one.clone(), two.clone()],
            );
        }
    }
    panic!("no group has two users");
}

#[tokio::test]
async fn rows_follow_what_was_edited() {
    let journey = Journey::begin(world(3, 30)).await;
    journey.choose_all().await;
    journey.run().await;
    let (tenant, before) = (journey.first(), journey.stored().await);
    rows::assert_same(&before, &journey.expected());
    let (group, [ada, bo]) = group_with_two_users(&journey, tenant);
    let former = before[&(tenant, Resource::Users)][&ada]["display_name"].clone();

    let cleo = journey.cloud.edit(|edit| {
        let cleo = edit.add_user(tenant, "Cleo Ny", "cleo.ny").unwrap();
        assert!(edit.rename_user(tenant, &ada, "Ada Newname"));
        assert!(edit.disable_account(tenant, &ada));
        assert!(edit.remove_member(tenant, &group, &ada));
        assert!(edit.add_member(tenant, &group, &cleo));
        assert!(edit.delete_user(tenant, &bo));
        cleo
    });
    let report = journey.run_of(tenant).await;

    let stored = journey.stored().await;
    let users = &stored[&(tenant, Resource::Users)];
    let mut expected = journey.expected();
    // Usage reports are made of older data: there, Ada has her former name.
    let mailboxes = expected.get_mut(&(tenant, Resource::Mailboxes)).unwrap();
    if let Some(mailbox) = mailboxes.get_mut(users[&ada]["user_principal_name"].as_str().unwrap()) {
        mailbox["display_name"] = former;
    }
    rows::assert_same(&stored, &expected);
    assert_eq!(users[&ada]["display_name"], "Ada Newname");
    assert_eq!(users[&ada]["account_enabled"], false);
    assert!(users.contains_key(&cleo) && !users.contains_key(&bo));
    let members = &stored[&(tenant, Resource::Memberships)];
    assert!(members.contains_key(&format!("{group}/{cleo}")));
    assert!(!members.contains_key(&format!("{group}/{ada}")));
    assert!(!members.keys().any(|key| key.ends_with(&bo)));
    let done = &report.resources[&Resource::Users];
    assert_eq!((done.added, done.changed, done.removed), (1, 1, 1));

    let report = journey.run().await;

    assert!(report.is_unchanged());
    rows::assert_same(&journey.stored().await, &stored);
}

#[tokio::test]
async fn an_expired_relationship_blocks_the_tenant_and_keeps_its_rows() {
    let journey = Journey::begin(world(3, 10)).await;
    journey.choose_all().await;
    journey.run().await;
    let (tenant, before) = (journey.first(), journey.stored().await);
    let read_at = journey.record(tenant).await.synced_at;

    assert!(journey.cloud.edit(|edit| edit.expire_relationships(tenant)));
    let report = journey.run_of(tenant).await;

    assert_eq!(report.status, TenantStatus::Blocked);
    assert!(report.resources.is_empty(), "nothing is read of a blocked tenant");
    rows::assert_same(&journey.stored().await, &before);
    let record = journey.record(tenant).await;
    assert_eq!(
        (record.status, record.synced_at),
        (TenantStatus::Blocked, read_at)
    );
    assert_eq!(record.findings[0]["id"], "B2");
    assert!(record.selected);
}

#[tokio::test]
async fn a_revoked_consent_blocks_the_tenant_until_it_is_enrolled_again() {
    let journey = Journey::begin(world(1, 10)).await;
    journey.choose_all().await;
    journey.run().await;
    let (tenant, before) = (journey.first(), journey.stored().await);
    let given = |journey: &Journey| {
        let cloud = &journey.cloud;
        cloud.requests_by(|_, path| path.ends_with("/applicationconsents"))
    };
    assert_eq!(given(&journey), 1);

    assert!(journey.cloud.edit(|edit| edit.revoke_consent(tenant)));
    // Access tokens outlive the consent by an hour or so.
    journey.cloud.advance(std::time::Duration::from_hours(2));
    let report = journey.run_of(tenant).await;

    assert_eq!((report.status, given(&journey)), (TenantStatus::Blocked, 1));
    assert_eq!(journey.record(tenant).await.findings[0]["id"], "C1");
    rows::assert_same(&journey.stored().await, &before);

    let found = journey.msp.tenants().enrol(&[tenant], |_| {}).await.unwrap();
    let report = journey.run_of(tenant).await;

    assert!(found[0].ready, "{found:?}");
    assert_eq!((report.status, given(&journey)), (TenantStatus::Synced, 2));
    rows::assert_same(&journey.stored().await, &before);
}

#[tokio::test]
async fn unsync_removes_the_rows_and_sync_brings_them_back() {
    let journey = Journey::begin(world(3, 10)).await;
    journey.choose_all().await;
    journey.run().await;
    let (tenant, before) = (journey.first(), journey.stored().await);
    let (own, mut others) = (rows::of(&before, tenant), before.clone());
    others.retain(|(id, _), _| *id != tenant);

    let unsynced = journey.msp.tenants().unsync(&[tenant]).await.unwrap();

    let removed: usize = own.values().map(std::collections::BTreeMap::len).sum();
    assert_eq!(unsynced[0].rows_removed, removed as u64);
    rows::assert_same(&journey.stored().await, &others);
    let record = journey.record(tenant).await;
    assert_eq!(
        (record.status, record.selected),
        (TenantStatus::Deactivated, false)
    );

    journey.run().await;
    rows::assert_same(&journey.stored().await, &others);

    journey.msp.tenants().sync(&[tenant]).await.unwrap();
    let report = journey.run_of(tenant).await;

    assert_eq!(report.status, TenantStatus::Synced);
    rows::assert_same(&journey.stored().await, &before);
}

#[tokio::test]
async fn the_partners_own_tenant_is_synced_but_not_unsynced() {
    let journey = Journey::begin(world(1, 10)).await;
    let (tenant, partner) = (journey.choose_all().await[0], journey.cloud.partner_tenant());
    journey.msp.tenants().sync(&[partner]).await.unwrap();
    journey.run().await;
    let before = journey.stored().await;
    assert!(before.contains_key(&(partner, Resource::Users)));

    let refused = journey
        .msp
        .tenants()
        .unsync(&[tenant, partner])
        .await
        .unwrap_err();

    assert_eq!(refused.kind(), ErrorKind::Invalid);
    assert!(journey.record(tenant).await.selected, "none of them is unsynced");
    rows::assert_same(&journey.stored().await, &before);
}

#[tokio::test]
async fn an_unknown_tenant_is_not_found_and_nothing_is_done() {
    let journey = Journey::begin(world(2, 5)).await;
    journey.msp.tenants().refresh().await.unwrap();
    let (known, unknown) = (
        journey.first(),
        "0a000000-0000-4000-8000-00000000000a".parse().unwrap(),
    );
    let both = [known, unknown];
    let tenants = journey.msp.tenants();

    let refused = [
        tenants.sync(&both).await.unwrap_err().kind(),
        tenants.unsync(&both).await.unwrap_err().kind(),
        tenants.enrol(&both, |_| {}).await.unwrap_err().kind(),
        tenants.doctor(&both, |_| {}).await.unwrap_err().kind(),
        journey.msp.sync().run(&both).await.unwrap_err().kind(),
    ];

    assert_eq!(refused, [ErrorKind::NotFound; 5]);
    assert!(!journey.record(known).await.selected);
    assert!(journey.stored().await.is_empty());
}

#[tokio::test]
async fn a_tenant_that_was_not_chosen_is_never_asked() {
    let journey = Journey::begin(world(5, 10)).await;
    journey.msp.tenants().refresh().await.unwrap();
    let (chosen, partner) = (journey.first(), journey.cloud.partner_tenant());
    journey.msp.tenants().sync(&[chosen]).await.unwrap();

    journey.spy.take();
    let report = journey.run().await;

    assert_eq!(report.tenants.len(), 1);
    let sent = journey.spy.take();
    let asked: BTreeSet<_> = sent.iter().filter_map(|one| one.tenant.clone()).collect();
    assert_eq!(asked, BTreeSet::from([chosen.to_string(), partner.to_string()]));
    for line in journey
        .cloud
        .truth()
        .iter()
        .filter(|line| line["kind"] == "tenant")
    {
        let id = line["tenant"].as_str().unwrap();
        let named = sent.iter().any(|one| one.target.contains(id));
        assert_eq!(named, id == chosen.to_string(), "{id}");
    }
    let refused = journey.msp.sync().run(&[not_chosen(&journey)]).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid);
}

fn not_chosen(journey: &Journey) -> TenantId {
    let truth = journey.cloud.truth();
    let mut tenants = truth.iter().filter(|line| line["kind"] == "tenant");
    tenants.nth(2).unwrap()["tenant"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}
