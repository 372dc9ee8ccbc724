//! The same through the facade, signed in as the provider's account.

use msp365::{
    Error, ErrorKind, Msp365, TenantId,
    actions::{Access, Ask, Create, LastOwner, Offboard, Plan, Protection, StepState, explain::LinkId},
    sim::{self, Cloud, GroupKind, Sim},
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
    let before = msp.actions().log().unwrap().anchor().await.unwrap();

    let outcome = msp.actions().run(&plan, "ada@provider.example").await.unwrap();

    assert_eq!(outcome.steps[0].state, StepState::Applied, "{outcome}");
    assert!(outcome.is_done(), "{outcome}");
    let log = msp.actions().log().unwrap();
    let end = log.verify(Some(&before)).await.unwrap();
    assert_eq!(end.count - before.count, 3);
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
    let refused = records.iter().filter(|record| record.outcome == "refused");
    let told = refused.map(|record| {
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

#[tokio::test]
async fn an_heir_who_is_gone_by_now_takes_nothing_over_and_nobody_is_deleted() {
    let (cloud, msp, tenant) = office(true).await;
    let (user, heir) = (ordinary(&cloud), gone_soon(&cloud));
    cloud.edit(|world| {
        let group = world.add_group(tenant, "Deck", GroupKind::Security).unwrap();
        assert!(world.add_owner(tenant, &group, &user));
    });
    let ask = Ask::user(&user).others([&heir]);
    let facts = msp.actions().facts(&tenant, &ask).await.unwrap();
    let wish = Offboard::user()
        .delete()
        .last_owner(LastOwner::Heir(heir.clone()));
    let plan = wish.plan(&facts, &Protection::new()).unwrap();
    assert!(cloud.edit(|world| world.delete_user(tenant, &heir)));
    let before = cloud.truth();

    let refused = msp.actions().run(&plan, "ada").await.unwrap_err();

    let Error::WouldBeRefused(link) = &refused else {
        panic!("{refused}");
    };
    assert!(
        link.id == LinkId::Target && link.evidence.contains("to be the owner"),
        "{link:?}"
    );
    assert_eq!(cloud.truth(), before);
}

/// Somebody else than the ordinary user, without a role.
fn gone_soon(cloud: &Cloud) -> String {
    let (truth, first) = (cloud.truth(), ordinary(cloud));
    let fits = |line: &&serde_json::Value| {
        line["kind"] == "user"
            && line["id"] != first.as_str()
            && !truth.iter().any(|other| other["principalId"] == line["id"])
    };
    truth.iter().find(fits).unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_user_is_made_in_stages_behind_the_guard() {
    let (cloud, msp, tenant) = office(true).await;
    let domain = cloud
        .truth()
        .into_iter()
        .find(|line| line["kind"] == "tenant")
        .unwrap();
    let name = format!("cleo.new@{}", domain["default_domain"].as_str().unwrap());
    let group = cloud.edit(|world| world.add_group(tenant, "Deck", GroupKind::Security).unwrap());
    let ask = Ask::newcomer(&name).groups([&group]);
    let facts = msp.actions().facts(&tenant, &ask).await.unwrap();
    let plan = Create::new("Cleo New", &name).group(&group).plan(&facts).unwrap();
    let lag = cloud.faults().script("F184").unwrap().size(60).install();

    let details = msp.actions().run_stages(&plan, 1, "ada").await.unwrap();
    let rest = details.rest().unwrap();
    let groups = msp.actions().run_stages(&rest, 1, "ada").await.unwrap();

    assert!(
        details.made().is_some() && details.secrets.len() == 1,
        "{details}"
    );
    assert!(groups.is_done() && groups.steps.len() == 1, "{groups}");
    lag.uninstall();
    let mut gone = rest.clone();
    gone.subject.id = Some("00000000-0000-4000-8000-00000000dead".to_owned());
    gone.made_at = None;
    let refused = msp.actions().run_stages(&gone, 1, "ada").await.unwrap_err();
    assert!(matches!(refused, Error::WouldBeRefused(_)), "{refused}");
}
