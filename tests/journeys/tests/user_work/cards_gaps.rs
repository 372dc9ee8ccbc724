//! What cannot be read is named on its card, with the catalogue's code and what to do; who may not look finds nobody.

use msp365::{
    ErrorKind, Msp365, TenantId,
    actions::{
        details::{CardKind, Change, Details, Requirement, Viewer, Wanted, Why},
        explain::{Levels, SiteMap},
    },
    sim::{self, Cloud, Sim},
    store::Resource,
};

/// A provider with one enrolled customer, and somebody who works there.
async fn office(changing_users: bool) -> (Cloud, Msp365, TenantId, String) {
    let cloud = Sim::seeded(7).customers(1).users_each(24).manual_clock().build();
    let msp = sim::builder(&cloud)
        .seed(7)
        .in_memory()
        .changing_users(changing_users)
        .build()
        .unwrap();
    sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();
    let tenant = cloud.customer_ids()[0];
    msp.tenants().enrol(&[tenant], |_| {}).await.unwrap();
    let truth = cloud.truth();
    let user = truth.iter().find(|line| {
        let signed_in =
            |other: &&serde_json::Value| other["kind"] == "sign_in" && other["user"] == line["id"];
        line["kind"] == "user" && truth.iter().any(|other| signed_in(&other))
    });
    let user = user.unwrap()["userPrincipalName"].as_str().unwrap().to_owned();
    (cloud, msp, tenant, user)
}

async fn live(msp: &Msp365, tenant: TenantId, user: &str) -> Details {
    msp.details(Viewer::host())
        .live(&tenant, user, &Wanted::all())
        .await
        .unwrap()
}

/// The gaps of a card: part, why, and the catalogue's code.
fn gaps(details: &Details, card: CardKind) -> Vec<(&str, Why, &str)> {
    let all = details.gaps().into_iter().filter(|(kind, _)| *kind == card);
    all.map(|(_, gap)| (gap.part, gap.why, gap.code.as_str()))
        .collect()
}

#[tokio::test]
async fn all_cards_take_one_round_trip_and_names_and_role_groups_one_more_each() {
    let (cloud, msp, tenant, user) = office(true).await;
    let helpdesk = cloud
        .truth()
        .into_iter()
        .find(|line| line["isAssignableToRole"] == true)
        .unwrap();
    let members = cloud
        .truth()
        .into_iter()
        .filter(|line| line["group"] == helpdesk["id"]);
    let helper = members
        .map(|line| line["member"].as_str().unwrap().to_owned())
        .next()
        .unwrap();
    let trips = |msp: &Msp365| -> u64 {
        let all = msp.client().meter().snapshot();
        all.values().map(|counts| counts.requests).sum()
    };
    let id = live(&msp, tenant, &user).await.user;

    for (who, more) in [(id.as_str(), 0), (user.as_str(), 1), (helper.as_str(), 1)] {
        let before = trips(&msp);
        let details = live(&msp, tenant, who).await;
        assert_eq!(trips(&msp) - before, 1 + more, "{who}");
        assert!(details.roles.unwrap().content.is_some());
    }
    let before = trips(&msp);
    let wanted = Wanted::all().with_requirement();
    msp.details(Viewer::host())
        .live(&tenant, &id, &wanted)
        .await
        .unwrap();
    assert_eq!(trips(&msp) - before, 2);
}

#[tokio::test]
async fn what_was_not_consented_to_is_named_on_its_card() {
    let (cloud, msp, tenant, user) = office(true).await;
    assert!(cloud.edit(|world| world.set_scopes(tenant, &["User.Read.All", "GroupMember.Read.All"])));
    // Tokens that were given keep what they have.
    cloud.advance(std::time::Duration::from_hours(2));

    let details = live(&msp, tenant, &user).await;

    assert!(details.profile.as_ref().unwrap().is_whole());
    for (card, part) in [
        (CardKind::Account, "last_sign_in"),
        (CardKind::Availability, "availability"),
        (CardKind::Devices, "intune"),
        (CardKind::Roles, "roles"),
        (CardKind::Applications, "applications"),
        (CardKind::SignIns, "sign_ins"),
        (CardKind::Passes, "passes"),
    ] {
        let found = gaps(&details, card);
        let gap = found.iter().find(|(own, ..)| *own == part);
        assert_eq!(
            gap.map(|(_, why, _)| *why),
            Some(Why::NotPermitted),
            "{card:?} {found:?}"
        );
    }
    assert!(
        details
            .gaps()
            .iter()
            .all(|(_, gap)| !gap.remedy.is_empty() && !gap.cause.is_empty())
    );
}

#[tokio::test]
async fn connected_to_read_alone_passes_and_roles_to_be_activated_are_not_known() {
    let (_, msp, tenant, user) = office(false).await;

    let details = live(&msp, tenant, &user).await;

    let passes = gaps(&details, CardKind::Passes);
    assert_eq!((passes[0].0, passes[0].1), ("passes", Why::NotPermitted));
    let roles = gaps(&details, CardKind::Roles);
    assert_eq!((roles[0].0, roles[0].1), ("eligible", Why::NotPermitted));
    assert!(details.roles.unwrap().content.is_some());
}

#[tokio::test]
async fn what_no_pass_has_read_is_named_and_not_shown_as_empty() {
    let (_, msp, tenant, user) = office(true).await;
    msp.tenants().sync(&[tenant]).await.unwrap();
    let users = [Resource::Users];
    msp.sync().only(users).run(&[tenant]).await.unwrap();

    let details = msp
        .details(Viewer::host())
        .stored(&tenant, &user, &Wanted::all())
        .await
        .unwrap();

    assert!(details.profile.as_ref().unwrap().content.is_some());
    assert_eq!(details.groups.as_ref().unwrap().count(), None);
    for (card, part) in [
        (CardKind::Groups, "groups"),
        (CardKind::Roles, "roles"),
        (CardKind::Availability, "availability"),
        (CardKind::Devices, "intune"),
        (CardKind::Account, "last_sign_in"),
    ] {
        let found = gaps(&details, card);
        assert!(
            found.contains(&(part, Why::NotSynced, "not_synced")),
            "{card:?} {found:?}"
        );
    }
    let fresh = details.profile.as_ref().unwrap();
    assert_eq!(
        (
            fresh.age(details.at).map(|age| age.as_secs()),
            fresh.gap("manager").map(|gap| gap.why)
        ),
        (Some(0), Some(Why::NotStored))
    );
}

#[tokio::test]
async fn a_card_of_which_nothing_was_read_shows_no_moment() {
    let (_, msp, tenant, user) = office(true).await;
    msp.tenants().sync(&[tenant]).await.unwrap();
    msp.sync()
        .only([Resource::Users, Resource::Devices])
        .run(&[tenant])
        .await
        .unwrap();
    let wanted = Wanted::only([CardKind::Devices]);

    let details = msp
        .details(Viewer::host())
        .stored(&tenant, &user, &wanted)
        .await
        .unwrap();

    let card = details.devices.unwrap();
    assert_eq!((card.count(), card.as_of), (None, None));
}

#[tokio::test]
async fn what_each_sign_in_had_to_prove_is_told_by_the_beta_version() {
    let (_, msp, tenant, user) = office(true).await;
    let wanted = Wanted::only([CardKind::SignIns]);
    let cards = msp.details(Viewer::host());

    let released = cards.live(&tenant, &user, &wanted).await.unwrap();
    let beta = cards
        .live(&tenant, &user, &wanted.with_requirement())
        .await
        .unwrap();

    let (released, beta) = (released.sign_ins.unwrap(), beta.sign_ins.unwrap());
    assert!(released.count() > Some(0));
    assert_eq!(
        released.gap("requirement").map(|gap| gap.why),
        Some(Why::NotSupplied)
    );
    assert_eq!((beta.count(), beta.gap("requirement")), (released.count(), None));
    let known =
        |one: &Option<Requirement>| matches!(one, Some(Requirement::SingleFactor | Requirement::MultiFactor));
    assert!(beta.rows().iter().all(|row| known(&row.requirement)));
}

#[tokio::test]
async fn who_may_not_look_is_answered_as_if_nobody_were_there_and_asks_nothing() {
    let (_, msp, tenant, user) = office(true).await;
    let levels: Levels = serde_json::from_str(
        r#"{"levels":{"desk":{"areas":{"users":"view","devices":"view"}}},
            "technicians":{"bo":{"level":"desk","tenants":"all","sites":{"only":["s1"]}}}}"#,
    )
    .unwrap();
    let in_site = |site: &str| SiteMap {
        tenants: [(tenant, [site.to_owned()].into())].into(),
        ..SiteMap::default()
    };
    let (near, far) = (in_site("s1"), in_site("s2"));
    let bo = Viewer::technician(&levels, "bo", &near);
    let found = msp
        .details(bo)
        .live(&tenant, &user, &Wanted::all())
        .await
        .unwrap();
    assert!(found.devices.unwrap().content.is_some());

    let unknown: TenantId = "22222222-2222-3333-4444-555555555555".parse().unwrap();
    let before = msp.client().meter().total().requests;
    let mut answers = Vec::new();
    for (viewer, tenant) in [
        (Viewer::technician(&levels, "bo", &far), tenant),
        (Viewer::technician(&levels, "nobody", &near), tenant),
        (Viewer::technician(&levels, "bo", &near), unknown),
    ] {
        let cards = msp.details(viewer);
        let change = Change::default().joining("g");
        answers.push(cards.live(&tenant, &user, &Wanted::all()).await.unwrap_err());
        answers.push(cards.stored(&tenant, &user, &Wanted::all()).await.unwrap_err());
        answers.push(cards.preview(&tenant, &user, &change).await.unwrap_err());
        answers.push(cards.hanging(&tenant, ["g"]).await.unwrap_err());
    }
    assert_eq!(msp.client().meter().total().requests, before);
    answers.push(
        msp.details(Viewer::host())
            .live(&tenant, "nobody@nowhere.example", &Wanted::all())
            .await
            .unwrap_err(),
    );
    let first = answers[0].to_string();
    for answer in &answers {
        assert_eq!(
            (answer.kind(), answer.to_string()),
            (ErrorKind::NotFound, first.clone())
        );
    }
}

#[tokio::test]
async fn f115_what_is_throttled_within_the_round_trip_is_asked_again_and_no_card_is_lost() {
    let (cloud, msp, tenant, user) = office(true).await;
    let calm = live(&msp, tenant, &user).await;
    let fault = cloud.faults().script("F115").unwrap().install();

    let busy = live(&msp, tenant, &user).await;

    assert!(fault.hits() > 0);
    let told = |details: &Details| {
        let mut told = serde_json::to_value(details).unwrap();
        told.as_object_mut().unwrap().remove("at");
        for card in told.as_object_mut().unwrap().values_mut() {
            if let Some(card) = card.as_object_mut() {
                card.remove("as_of");
            }
        }
        told
    };
    assert_eq!(told(&busy), told(&calm));
}
