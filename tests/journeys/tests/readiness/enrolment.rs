//! Consent: given, waited for, grown, and refused.

use std::time::Duration;

use msp365::{permissions::CUSTOMER_SCOPES, sim::Trouble, sync::Diagnosis};

use crate::office::{Office, tenant_of, world};

const CONSENTS: &str = "POST customers/{id}/applicationconsents";

async fn enrol(office: &Office) -> Vec<Diagnosis> {
    office.msp.tenants().refresh().await.unwrap();
    office
        .msp
        .tenants()
        .enrol(&office.customers(), |_| {})
        .await
        .unwrap()
}

fn scopes(office: &Office) -> Vec<String> {
    let truth = office.cloud.truth();
    let consent = truth
        .iter()
        .find(|line| line["kind"] == "consent" && line["app"] == "delegated")
        .unwrap();
    let of_graph = consent["scopes"]["00000003-0000-0000-c000-000000000000"]
        .as_array()
        .unwrap();
    of_graph
        .iter()
        .map(|scope| scope.as_str().unwrap().to_owned())
        .collect()
}

fn ids(one: &Diagnosis) -> Vec<&str> {
    one.findings
        .iter()
        .map(|finding| finding.id.as_str())
        .filter(|id| id.starts_with('C'))
        .collect()
}

#[tokio::test]
async fn a_consent_that_has_become_too_little_is_given_anew() {
    let office = Office::open(world(7, vec![vec![Trouble::PartialConsent]])).await;
    assert!(!scopes(&office).contains(&"AuditLog.Read.All".to_owned()));

    let found = enrol(&office).await;

    let mut wanted = CUSTOMER_SCOPES.map(str::to_owned).to_vec();
    wanted.sort();
    assert_eq!(scopes(&office), wanted);
    assert_eq!((found[0].ready, ids(&found[0])), (true, vec![]));
    assert_eq!(office.cloud.ledger().count(CONSENTS), 1);
}

#[tokio::test]
async fn a_consent_that_suffices_is_left_alone() {
    let office = Office::open(world(7, vec![Vec::new()])).await;
    let customer = office.customers()[0];
    office.cloud.edit(|world| world.consent(customer));

    let found = enrol(&office).await;

    assert!(found[0].ready);
    assert_eq!(office.cloud.ledger().count(CONSENTS), 0);
}

#[tokio::test]
async fn f139_f140_a_consent_that_spreads_for_ten_minutes_is_waited_for() {
    let slow = world(7, vec![Vec::new()]).consent_takes(Duration::from_mins(10));
    let office = Office::open(slow).await;
    let before = office.msp.now();

    let found = enrol(&office).await;

    let waited = office.msp.now().duration_since(before).as_mins();
    assert!(found[0].ready, "{found:?}");
    assert!((10..=16).contains(&waited), "{waited} minutes");
    assert_eq!(office.cloud.ledger().count(CONSENTS), 1);
}

#[tokio::test]
async fn f139_the_wait_for_a_consent_is_bounded() {
    let never = world(7, vec![Vec::new()]).consent_takes(Duration::from_hours(48));
    let office = Office::open(never).await;
    let before = office.msp.now();

    let found = enrol(&office).await;

    assert_eq!(ids(&found[0]), ["C1"]);
    assert!(office.msp.now().duration_since(before).as_mins() <= 16);
}

#[tokio::test]
async fn a_record_of_partner_center_that_no_grant_stands_behind_is_no_consent() {
    let office = Office::open(world(7, vec![vec![Trouble::ConsentMissing]])).await;

    let found = enrol(&office).await;

    assert_eq!(ids(&found[0]), ["C1"]);
    assert!(
        found[0].findings[0]
            .remedy
            .contains("remove the consent in Partner Center")
    );
}

#[tokio::test]
async fn a_refusal_of_partner_center_is_a_finding() {
    let office = Office::open(world(7, vec![vec![Trouble::NotAdminAgent], Vec::new()])).await;
    let refused = office.customers()[0];

    let found = enrol(&office).await;

    let of = |tenant| found.iter().find(|one| one.tenant == tenant).unwrap();
    assert_eq!(of(refused).findings[0].id.as_str(), "A6");
    assert_eq!(of(refused).unfinished, None);
    assert!(of(office.customers()[1]).ready);
}

#[tokio::test]
async fn the_partners_own_tenant_is_consented_to_by_signing_in_alone() {
    let office = Office::open(world(7, vec![Vec::new()])).await;
    office.msp.tenants().refresh().await.unwrap();

    let found = office
        .msp
        .tenants()
        .enrol(&[office.cloud.partner_tenant()], |_| {})
        .await
        .unwrap();

    assert!(found[0].ready, "{found:?}");
    assert_eq!(office.cloud.ledger().count(CONSENTS), 0);
}

#[tokio::test]
async fn the_application_joins_the_admin_agents_once() {
    let office = Office::closed(world(7, vec![Vec::new()]));
    let own = office.cloud.partner_tenant();
    office
        .cloud
        .edit(|world| world.grant_scopes(own, &["GroupMember.ReadWrite.All"]));
    office.connect().await;

    let first = office.msp.tenants().join_admin_agents().await.unwrap();
    let second = office.msp.tenants().join_admin_agents().await.unwrap();

    assert_eq!((first, second), (true, false));
    let effects = office.cloud.ledger();
    let added = effects
        .effects()
        .iter()
        .filter(|effect| effect.operation.starts_with("POST groups"));
    assert_eq!(added.map(|effect| effect.count).sum::<usize>(), 1);
    assert_eq!(tenant_of(&office.cloud.truth()[0]), office.customers()[0]);
}
