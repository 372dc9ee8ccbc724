//! Changing administrators and devices takes a broad permission, which a host asks for by an option of its own.

use msp365::{
    Error, Msp365, TenantId,
    actions::{
        Access, Ask, Devices, LastOwner, Offboard, Plan, Protection, ResetPassword,
        explain::{Action, Actor, LinkId, Verdict},
    },
    graph::roles,
    sim::{self, Cloud, GroupKind, Sim},
};

const AS_USER: &str = "Directory.AccessAsUser.All";

/// One customer, enrolled by who connected so, where the account is Privileged Authentication Administrator, User
/// Administrator and Cloud Device Administrator.
async fn office(connect: fn(msp365::Builder) -> msp365::Builder) -> (Cloud, Msp365, TenantId) {
    let cloud = Sim::seeded(7).customers(1).users_each(24).manual_clock().build();
    let builder = sim::builder(&cloud).seed(7).in_memory().changing_users(true);
    let msp = connect(builder).build().unwrap();
    let tenant = cloud.customer_ids()[0];
    let held = [
        "Cloud Application Administrator",
        "Cloud Device Administrator",
        "Directory Readers",
        "Privileged Authentication Administrator",
        "User Administrator",
    ];
    cloud.edit(|edit| edit.delegate(tenant, &held.map(role)));
    sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();
    msp.tenants().enrol(&[tenant], |_| {}).await.unwrap();
    (cloud, msp, tenant)
}

fn role(name: &str) -> &'static str {
    roles::all().find(|role| role.name == name).unwrap().id
}

/// Members of the tenant in the cloud who hold no role, made administrators of Exchange.
fn administrators(cloud: &Cloud, tenant: TenantId, count: usize) -> Vec<String> {
    let truth = cloud.truth();
    let fits = |line: &&serde_json::Value| {
        line["kind"] == "user"
            && line["tenant"] == tenant.to_string()
            && line["accountEnabled"] == true
            && line["onPremisesSyncEnabled"] != true
            && line["userType"] == "Member"
            && !truth.iter().any(|other| other["principalId"] == line["id"])
    };
    let people: Vec<_> = truth
        .iter()
        .filter(fits)
        .map(|line| line["id"].as_str().unwrap().to_owned())
        .take(count)
        .collect();
    cloud.edit(|edit| {
        for one in &people {
            assert!(edit.assign_role(tenant, role("Exchange Administrator"), one));
        }
    });
    assert_eq!(people.len(), count);
    people
}

async fn offboarding(msp: &Msp365, tenant: TenantId, user: &str, wish: Offboard) -> Plan {
    let facts = msp.actions().facts(&tenant, &Ask::user(user).devices()).await;
    let wish = wish.last_owner(LastOwner::Warned);
    wish.plan(&facts.unwrap(), &Protection::new()).unwrap()
}

fn refused(error: &Error, at: LinkId, option: &str, flag: &str) {
    let Error::WouldBeRefused(link) = error else {
        panic!("{error}");
    };
    assert_eq!(link.id, at, "{link:?}");
    let remedy = link.remedy.as_deref().unwrap();
    assert!(remedy.contains(option) && remedy.contains(flag), "{remedy}");
    assert!(link.evidence.contains(AS_USER), "{link:?}");
}

#[tokio::test]
async fn connected_to_change_administrators_they_are_blocked_reset_signed_out_and_deleted() {
    let (cloud, msp, tenant) = office(|builder| builder.changing_administrators(true)).await;
    let people = administrators(&cloud, tenant, 3);
    let facts = msp
        .actions()
        .facts(&tenant, &Ask::user(&people[0]))
        .await
        .unwrap();
    let reset = msp
        .actions()
        .facts(&tenant, &Ask::user(&people[1]))
        .await
        .unwrap();
    let plans = [
        Access::BlockAndRevoke.plan(&facts, &Protection::new()).unwrap(),
        ResetPassword.plan(&reset, &Protection::new()).unwrap(),
        offboarding(&msp, tenant, &people[2], Offboard::user().delete()).await,
    ];

    for plan in plans {
        let outcome = msp.actions().run(&plan, "ada").await.unwrap();
        assert!(outcome.is_done(), "{outcome}");
    }
}

#[tokio::test]
async fn without_it_an_administrator_is_left_alone_and_the_remedy_names_the_option() {
    let (cloud, msp, tenant) = office(|builder| builder).await;
    let people = administrators(&cloud, tenant, 1);
    let facts = msp
        .actions()
        .facts(&tenant, &Ask::user(&people[0]))
        .await
        .unwrap();
    let plan = Access::Block.plan(&facts, &Protection::new()).unwrap();

    let error = msp.actions().run(&plan, "ada").await.unwrap_err();

    refused(
        &error,
        LinkId::Protection,
        "Builder::changing_administrators",
        "--write-administrators",
    );
}

#[tokio::test]
async fn connected_to_change_devices_they_are_disabled_and_without_it_the_remedy_names_the_option() {
    for is_on in [false, true] {
        let connect = if is_on {
            |builder: msp365::Builder| builder.changing_devices(true)
        } else {
            |builder: msp365::Builder| builder
        };
        let (cloud, msp, tenant) = office(connect).await;
        let truth = cloud.truth();
        let user = truth
            .iter()
            .find(|line| line["kind"] == "user" && line["tenant"] == tenant.to_string());
        let user = user.unwrap()["id"].as_str().unwrap().to_owned();
        cloud
            .edit(|edit| edit.add_device(tenant, &user, "ADA-1"))
            .unwrap();
        let wish = Offboard::user().devices(Devices::Disabled);
        let plan = offboarding(&msp, tenant, &user, wish).await;

        let ran = msp.actions().run(&plan, "ada").await;

        match ran {
            Ok(outcome) => assert!(is_on && outcome.is_done(), "{outcome}"),
            Err(error) => {
                assert!(!is_on, "{error}");
                refused(
                    &error,
                    LinkId::Consent,
                    "Builder::changing_devices",
                    "--write-devices",
                );
            }
        }
    }
}

#[tokio::test]
async fn who_owns_a_group_for_roles_is_protected_however_many_there_are_and_it_takes_no_more_requests() {
    let (cloud, msp, tenant) = office(|builder| builder).await;
    let people = administrators(&cloud, tenant, 2);
    let [ada, bo] = [0, 1].map(|at| people[at].clone());
    let held = [
        "Cloud Application Administrator",
        "Directory Readers",
        "User Administrator",
    ];
    cloud.edit(|edit| {
        edit.delegate(tenant, &held.map(role));
        for one in [&ada, &bo] {
            edit.take_role(tenant, role("Exchange Administrator"), one);
        }
    });
    let explained = async || {
        let before = cloud.requests();
        let said = msp
            .explain(&Actor::host(), &tenant, &Action::Block, &ada)
            .await
            .unwrap();
        (said.verdict, cloud.requests() - before)
    };
    assert_eq!(explained().await.0, Verdict::WillWork);
    let few = explained().await.1;

    cloud.edit(|edit| {
        for number in 0..30 {
            let name = format!("Admins {number}");
            let group = edit.add_group(tenant, &name, GroupKind::RoleAssignable).unwrap();
            assert!(edit.add_owner(tenant, &group, if number == 29 { &ada } else { &bo }));
        }
    });

    assert_eq!(explained().await, (Verdict::WillNot, few));
}

#[tokio::test]
async fn what_was_asked_for_is_kept_with_the_connection() {
    let (_, msp, _) = office(|builder| builder.changing_administrators(true).changing_devices(true)).await;

    let connected = msp365::Connected::of(&**msp.store()).await.unwrap().unwrap();

    let kept: Vec<_> = connected.also.into_iter().collect();
    let wanted = ["helpdesk_for_administrators", "edit_devices"];
    assert_eq!(serde_json::to_value(kept).unwrap(), serde_json::json!(wanted));
}
