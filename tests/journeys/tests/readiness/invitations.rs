//! A GDAP invitation: sent, accepted, and followed until the customer is ready.

use std::time::Duration;

use msp365::{
    partner::privilege::{Feature, Invitation},
    sim::Trouble,
    sync::Stage,
};

use crate::office::{Office, tenant_of, world};

/// A customer without a relationship, and one whose group has the service account in it. Answers that group, too.
async fn office() -> (Office, String) {
    let office = Office::closed(world(7, vec![vec![Trouble::NoRelationship], Vec::new()]));
    let own = office.cloud.partner_tenant();
    let needed = ["DelegatedAdminRelationship.ReadWrite.All"];
    office.cloud.edit(|world| world.grant_scopes(own, &needed));
    office.connect().await;
    let truth = office.cloud.truth();
    let given = truth.iter().filter(|line| line["kind"] == "relationship");
    let mut assigned = given.flat_map(|line| line["assignments"].as_array().unwrap());
    let group = assigned.find(|one| one["holds_account"] == true).unwrap()["group"]
        .as_str()
        .unwrap();
    let group = group.to_owned();
    (office, group)
}

#[tokio::test]
async fn an_accepted_invitation_makes_a_customer_ready() {
    let (office, group) = office().await;
    let customer = office.customers()[0];
    let groups = [(group, Feature::READING.to_vec())];
    let invitation = Invitation::new("Adatum 2026", customer.to_string(), groups);
    let tenants = office.msp.tenants();
    let patience = Duration::from_mins(10);

    let sent = tenants.invite(&invitation).await.unwrap();
    let again = tenants.invite(&invitation).await.unwrap();
    let waiting = tenants
        .follow(&sent.relationship, &invitation, Duration::from_mins(1))
        .await
        .unwrap();
    assert!(
        office
            .cloud
            .edit(|world| world.approve_relationship(&sent.relationship))
    );
    let done = tenants
        .follow(&sent.relationship, &invitation, patience)
        .await
        .unwrap();

    assert_eq!(again, sent, "a second sending finds the first");
    assert!(sent.link.ends_with(&sent.relationship), "{}", sent.link);
    assert_eq!((waiting, done), (Stage::Waiting, Stage::Done));
    let found = office.doctor().await;
    let own = found.iter().find(|one| one.tenant == customer).unwrap();
    assert!(own.ready, "{own:?}");
    let truth = office.cloud.truth();
    let made = truth
        .iter()
        .find(|line| line["id"] == sent.relationship.as_str())
        .unwrap();
    assert_eq!(made["auto_extends"], true);
    assert_eq!(tenant_of(made), customer);
}

#[tokio::test]
async fn a_rejected_invitation_is_over() {
    let (office, group) = office().await;
    let customer = office.customers()[0];
    let invitation = Invitation::new(
        "Adatum 2026",
        customer.to_string(),
        [(group, vec![Feature::Directory])],
    );
    let sent = office.msp.tenants().invite(&invitation).await.unwrap();
    // The service takes a moment to lock a draft.
    office.cloud.advance(Duration::from_mins(1));
    assert!(
        office
            .cloud
            .edit(|world| world.reject_relationship(&sent.relationship))
    );

    let tenants = office.msp.tenants();
    let stage = tenants
        .follow(&sent.relationship, &invitation, Duration::from_mins(10))
        .await
        .unwrap();

    assert!(matches!(stage, Stage::Over { .. } | Stage::Waiting), "{stage:?}");
    let truth = office.cloud.truth();
    let made = truth
        .iter()
        .find(|line| line["id"] == sent.relationship.as_str())
        .unwrap();
    assert_ne!(made["status"], "active");
}
