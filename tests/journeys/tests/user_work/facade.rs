//! The same through the facade, signed in as the provider's account.

use msp365::{
    Error, ErrorKind, Msp365, TenantId,
    actions::{Access, Ask, Plan, Protection, StepState, explain::LinkId},
    sim::{self, Cloud, Sim},
    store::JournalFilter,
};

/// A cloud with one customer that is enrolled, for reading alone or for changing users too.
async fn office(changing_users: bool) -> (Cloud, Msp365, TenantId) {
    let cloud = Sim::seeded(7).customers(1).users_each(10).manual_clock().build();
    let msp = sim::builder(&cloud)
        .seed(7)
        .in_memory()
        .changing_users(changing_users);
    let msp = msp.build().unwrap();
    sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();
    let tenant = cloud.customer_ids()[0];
    let diagnoses = msp.tenants().enrol(&[tenant], |_| {}).await.unwrap();
    assert!(diagnoses[0].ready, "{diagnoses:?}");
    (cloud, msp, tenant)
}

/// Somebody of the tenant without a role, who may sign in.
fn ordinary(cloud: &Cloud) -> String {
    let truth = cloud.truth();
    let ordinary = truth.iter().find(|line| {
        let holds = |other: &&serde_json::Value| other["principalId"] == line["id"];
        line["kind"] == "user" && line["accountEnabled"] == true && !truth.iter().any(|other| holds(&other))
    });
    ordinary.unwrap()["id"].as_str().unwrap().to_owned()
}

async fn blocking(msp: &Msp365, tenant: TenantId, user: &str) -> Plan {
    let facts = msp.actions().facts(&tenant, &Ask::user(user)).await.unwrap();
    Access::BlockAndRevoke.plan(&facts, &Protection::new()).unwrap()
}

#[tokio::test]
async fn a_technician_blocks_a_user_and_the_log_knows_it() {
    let (cloud, msp, tenant) = office(true).await;
    let plan = blocking(&msp, tenant, &ordinary(&cloud)).await;
    assert_eq!(msp.actions().refusal(&plan).await.unwrap(), None);

    let outcome = msp.actions().run(&plan, "ada@provider.example").await.unwrap();

    assert_eq!(outcome.steps[0].state, StepState::Applied, "{outcome}");
    assert!(outcome.is_done(), "{outcome}");
    let end = msp.actions().log().unwrap().verify(None).await.unwrap();
    assert_eq!(end.count, 3);
}

#[tokio::test]
async fn connected_to_read_alone_nothing_is_changed() {
    let (cloud, msp, tenant) = office(false).await;
    let plan = blocking(&msp, tenant, &ordinary(&cloud)).await;
    let before = cloud.truth();

    let refused = msp.actions().run(&plan, "ada").await.unwrap_err();

    assert!(matches!(refused, Error::ReadOnly), "{refused}");
    assert_eq!(refused.kind(), ErrorKind::Consent);
    assert!(refused.remedy().unwrap().contains("--write"));
    assert_eq!(cloud.truth(), before);
    assert_eq!(refusals(&msp).await, ["ada block refused consent read_only"]);
}

/// What is recorded of attempts, each as who did what, how it ended, and why.
async fn refusals(msp: &Msp365) -> Vec<String> {
    let records = msp.actions().activity(&JournalFilter::all()).await.unwrap();
    let told = records.iter().map(|record| {
        let (error, reason) = (&record.detail["error"], &record.detail["reason"]);
        let said = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
        assert!(record.tenant.is_some() && !record.target.is_empty(), "{record:?}");
        format!(
            "{} {} {} {} {}",
            record.actor,
            record.action,
            record.outcome,
            said(error),
            said(reason)
        )
    });
    told.collect()
}

#[tokio::test]
async fn what_would_be_refused_is_not_sent() {
    let (cloud, msp, tenant) = office(true).await;
    let plan = blocking(&msp, tenant, &ordinary(&cloud)).await;
    assert!(cloud.edit(|world| world.set_scopes(tenant, &["Directory.Read.All"])));
    let before = cloud.truth();

    let refused = msp.actions().run(&plan, "ada").await.unwrap_err();

    let Error::WouldBeRefused(link) = &refused else {
        panic!("{refused}");
    };
    assert_eq!(link.id, LinkId::Consent);
    assert!(link.evidence.contains("User."), "{link:?}");
    assert_eq!(
        (refused.kind(), refused.remedy()),
        (ErrorKind::Consent, link.remedy.clone())
    );
    assert_eq!(cloud.truth(), before);
    assert_eq!(refusals(&msp).await, ["ada block refused consent consent"]);
}
