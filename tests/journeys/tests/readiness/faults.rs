//! The clients' side of faults of sign-in and partner relationships, as a check and a run meet them.

use std::time::Duration;

use msp365::{
    sim::Trouble,
    store::{TenantStatus, UserQuery},
    sync::Diagnosis,
};

use crate::office::{Office, world};

async fn of_first(office: &Office) -> Diagnosis {
    let customer = office.customers()[0];
    let found = office.doctor().await;
    found.into_iter().find(|one| one.tenant == customer).unwrap()
}

fn error(one: &Diagnosis) -> (&str, &str, &str) {
    let found = &one.findings[0];
    (found.id.as_str(), found.severity.as_str(), &found.evidence)
}

/// Two customers without trouble, both synced.
async fn synced() -> Office {
    let office = Office::open(world(7, vec![Vec::new(), Vec::new()])).await;
    office.msp.tenants().refresh().await.unwrap();
    office.msp.tenants().sync(&office.customers()).await.unwrap();
    let report = office.msp.sync().run(&[]).await.unwrap();
    assert_eq!(report.count(TenantStatus::Synced), 2, "{report:?}");
    office
}

#[tokio::test]
async fn f135_revoked_sessions_stop_all_and_keep_the_rows() {
    let office = synced().await;
    let before = office.msp.users(&UserQuery::all()).await.unwrap().count;
    // The tokens at hand run out first: only then is the sign-in asked for.
    office.cloud.edit(|world| {
        world.revoke_service_sessions();
    });
    office.cloud.advance(Duration::from_hours(2));
    let asked = office
        .cloud
        .requests_by(|_, path| path.ends_with("/oauth2/v2.0/token"));

    let refused = office.msp.sync().run(&[]).await.unwrap_err();

    assert_eq!(refused.kind(), msp365::ErrorKind::SignIn);
    assert!(
        refused
            .remedy()
            .unwrap()
            .contains("connect the partner tenant again")
    );
    let now = office
        .cloud
        .requests_by(|_, path| path.ends_with("/oauth2/v2.0/token"));
    assert_eq!(
        now - asked,
        1,
        "one question for the credential, none for each tenant"
    );
    assert_eq!(office.msp.users(&UserQuery::all()).await.unwrap().count, before);
}

#[tokio::test]
async fn f137_a_policy_of_one_customer_leaves_the_others_alone() {
    let office = Office::open(world(7, vec![vec![Trouble::ConditionalAccess], Vec::new()])).await;

    let found = office.doctor().await;

    let blocked = found
        .iter()
        .find(|one| one.tenant == office.customers()[0])
        .unwrap();
    assert_eq!(error(blocked).0, "C3");
    assert!(error(blocked).2.contains("AADSTS53003"), "{blocked:?}");
    assert!(
        found
            .iter()
            .find(|one| one.tenant == office.customers()[1])
            .unwrap()
            .ready
    );
}

#[tokio::test]
async fn f138_f146_a_consent_that_was_taken_back_is_no_reason_to_ask_again() {
    let office = synced().await;
    let customer = office.customers()[0];
    office.cloud.edit(|world| world.revoke_consent(customer));
    office.cloud.advance(Duration::from_hours(2));

    let report = office.msp.sync().run(&[customer]).await.unwrap();

    assert_eq!(report.tenants[0].status, TenantStatus::Blocked);
    assert_eq!(
        office
            .cloud
            .ledger()
            .count("POST customers/{id}/applicationconsents"),
        2,
        "of enrolment"
    );
    let diagnosis = of_first(&office).await;
    assert_eq!((error(&diagnosis).0, error(&diagnosis).1), ("C1", "error"));
}

#[tokio::test]
async fn f145_an_account_outside_the_group_is_told_which_group() {
    let office = Office::open(world(7, vec![vec![Trouble::NewestWithoutGroup]])).await;

    let diagnosis = of_first(&office).await;

    assert_eq!(error(&diagnosis).0, "B8");
    assert!(
        error(&diagnosis).2.contains("'GDAP Former Contracts'"),
        "{diagnosis:?}"
    );
}

#[tokio::test]
async fn f160_permissions_that_are_missing_are_named_one_by_one() {
    let office = Office::open(world(7, vec![vec![Trouble::PartialConsent]])).await;

    let diagnosis = of_first(&office).await;

    let found = diagnosis
        .findings
        .iter()
        .find(|one| one.id.as_str() == "C2")
        .unwrap();
    assert!(found.evidence.ends_with("AuditLog.Read.All"), "{found:?}");
    assert!(diagnosis.ready, "the rest of it works");
}

#[tokio::test]
async fn f166_a_relationship_that_ends_is_told_of_at_30_7_and_1_days_and_when_it_is_over() {
    let office = Office::open(world(7, vec![vec![Trouble::EndsSoon]])).await;
    let truth = office.cloud.truth();
    let mut ends = truth
        .iter()
        .filter(|line| line["kind"] == "relationship" && line["status"] == "active");
    let newest = ends.find(|line| line["auto_extends"] == false).unwrap();
    let end: jiff::Timestamp = newest["end"].as_str().unwrap().parse().unwrap();
    let left = |office: &Office| Duration::try_from(end.duration_since(office.msp.now())).unwrap();
    let mut told = Vec::new();

    for days in [9, 6, 1] {
        let target = Duration::from_hours(days * 24).saturating_sub(Duration::from_hours(1));
        office.cloud.advance(left(&office).saturating_sub(target));
        let diagnosis = of_first(&office).await;
        let found = diagnosis
            .findings
            .iter()
            .find(|one| one.id.as_str() == "B5")
            .unwrap();
        assert_eq!(found.severity.as_str(), "warning");
        told.push(
            found
                .evidence
                .split(" ends within ")
                .nth(1)
                .unwrap()
                .split(',')
                .next()
                .unwrap()
                .to_owned(),
        );
    }
    office.cloud.advance(left(&office) + Duration::from_hours(1));
    let over = of_first(&office).await;

    assert_eq!(told, ["30 days", "7 days", "1 day"]);
    assert!(
        matches!(error(&over), ("B2" | "B5" | "B6", "error", _)),
        "{over:?}"
    );
}

#[tokio::test]
async fn f168_a_newer_relationship_that_shadows_the_working_one_is_named_with_it() {
    let office = Office::open(world(7, vec![vec![Trouble::NewestWithoutGroup]])).await;

    let diagnosis = of_first(&office).await;

    let evidence = error(&diagnosis).2;
    assert!(
        evidence.starts_with("the newest relationship '0000 "),
        "{evidence}"
    );
    assert!(evidence.contains("new managed services' decides"), "{evidence}");
    assert!(
        evidence.contains("managed services' would suffice, but is not looked at"),
        "{evidence}"
    );
}

#[tokio::test]
async fn f173_a_tenant_that_is_synced_again_at_once_is_read_in_full() {
    let office = synced().await;
    let customer = office.customers()[0];
    let before = office.msp.users(&UserQuery::all()).await.unwrap().count;
    office.msp.tenants().unsync(&[customer]).await.unwrap();

    office.msp.tenants().sync(&[customer]).await.unwrap();
    let report = office.msp.sync().run(&[customer]).await.unwrap();

    assert_eq!(report.tenants[0].status, TenantStatus::Synced);
    assert!(
        report.tenants[0]
            .resources
            .values()
            .any(|resource| resource.added > 0)
    );
    assert_eq!(office.msp.users(&UserQuery::all()).await.unwrap().count, before);
}
