//! Who is chosen for a change of many users, and who may change them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use msp365::{
    Msp365, TenantId,
    actions::{
        Access, Create, Edit, Offboard, Template,
        bulk::{Bulk, Chosen, Mode, Row, RowState},
        explain::{Area, Level, Levels, Scope, SiteMap, Technician, Tier},
    },
    core::random,
    graph::users::UserEdit,
    sim::{self, Cloud, Sim},
    store::{SavedView, Selection, UserQuery, UserRef},
};

use crate::{
    desk::{ACTOR, Desk},
    many::gone,
};

/// A cloud with two customers, enrolled and synced.
async fn office() -> (Cloud, Msp365, Vec<TenantId>) {
    let cloud = Sim::seeded(7).customers(2).users_each(12).manual_clock().build();
    let msp = sim::builder(&cloud).seed(7).in_memory().changing_users(true);
    let msp = msp.build().unwrap();
    sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();
    let tenants = cloud.customer_ids().to_vec();
    msp.tenants().enrol(&tenants, |_| {}).await.unwrap();
    msp.sync().run(&tenants).await.unwrap();
    (cloud, msp, tenants)
}

fn levels(tenants: &[TenantId]) -> Levels {
    let mut levels = Levels::default();
    let mut desk = Level::default();
    desk.areas.insert(Area::Users, Tier::Operate);
    levels.levels.insert("desk".to_owned(), desk);
    let bo = Technician {
        level: "desk".to_owned(),
        tenants: Scope::Only(tenants.iter().copied().collect::<BTreeSet<_>>()),
        sites: Scope::Only(BTreeSet::from(["north".to_owned()])),
    };
    levels.technicians.insert("bo".to_owned(), bo);
    levels
}

fn everybody(msp: &Msp365, filter: &str) -> Selection {
    let mut view = SavedView::default();
    view.filters.push(filter.to_owned());
    Selection::all(view, msp.now(), &TimeZone::UTC)
}

fn run(wish: impl Into<msp365::actions::bulk::Wish>) -> Bulk {
    Bulk::new(
        "00000000-0000-4000-8000-000000000007".parse().unwrap(),
        wish,
        "bo",
    )
}

#[tokio::test]
async fn a_technician_changes_those_who_are_in_view_and_no_others() {
    let (cloud, msp, tenants) = office().await;
    let quiet = cloud.ledger().effects().len();
    let [seen, hidden] = tenants[..] else {
        panic!("{tenants:?}")
    };
    let levels = levels(&[seen]);
    let sites = SiteMap {
        tenants: BTreeMap::from([(seen, BTreeSet::from(["north".to_owned()]))]),
        ..SiteMap::default()
    };
    let desk = msp.many_users().by(&levels, "bo", &sites);
    let all = Chosen::Selected(everybody(&msp, "account_enabled=true"));
    let mut rows = Vec::new();

    let looked = desk
        .look(&run(Access::Block), &all, &mut |row| rows.push(row))
        .await
        .unwrap();

    assert!(rows.iter().all(|row: &Row| row.tenant == seen), "{looked}");
    let query = UserQuery::all().tenants([seen]).page(1, 1);
    assert!(looked.users > 0 && looked.users <= msp.users(&query).await.unwrap().count);
    assert!(looked.of(RowState::Planned) > 0, "{looked}");
    assert_eq!(cloud.ledger().effects().len(), quiet);
    // One of a tenant that is out of view, by name: as one who is not there.
    let truth = cloud.truth();
    let theirs = truth
        .iter()
        .find(|line| line["kind"] == "user" && line["tenant"] == hidden.to_string());
    let one = Chosen::Named(vec![UserRef {
        tenant_id: hidden,
        id: theirs.unwrap()["id"].as_str().unwrap().to_owned(),
    }]);
    let before = cloud.requests();
    let mut told = Vec::new();
    let tally = desk
        .run(&run(Access::Block), &one, &mut |row| told.push(row))
        .await
        .unwrap();
    assert_eq!(tally.of(RowState::Refused), 1, "{told:?}");
    assert_eq!(told[0].stop.as_ref().unwrap().words, "there is no such tenant");
    assert_eq!(cloud.requests(), before);
    // What the level does not let is refused for each, and nobody is deleted.
    let wish = Offboard::user().delete();
    let tally = desk.run(&run(wish), &all, &mut |_| {}).await.unwrap();
    assert_eq!(tally.of(RowState::Done), 0, "{tally}");
    assert!(tally.reasons.contains_key("permission"), "{tally}");
    assert_eq!(cloud.ledger().effects().len(), quiet);
}

#[tokio::test]
async fn who_is_no_longer_among_the_chosen_is_left_alone() {
    let (cloud, msp, tenants) = office().await;
    let page = msp
        .users(&UserQuery::all().tenants([tenants[0]]).page(1, 50))
        .await
        .unwrap();
    let selected = Chosen::Selected(Selection::page(&page));
    let gone = page.rows[0].user.id.clone();
    assert!(cloud.edit(|world| world.delete_user(tenants[0], &gone)));
    msp.sync().run(&[tenants[0]]).await.unwrap();
    let mut rows = Vec::new();

    let tally = msp
        .many_users()
        .run(&run(Access::Block), &selected, &mut |row| rows.push(row))
        .await
        .unwrap();

    assert_eq!(tally.users, page.rows.len() as u64);
    let row = rows.iter().find(|row: &&Row| row.user == gone).unwrap();
    assert_eq!(row.state, RowState::Refused);
    assert_eq!(row.stop.as_ref().unwrap().reason, "not_chosen");
    assert!(tally.of(RowState::Done) > 0, "{tally}");
}

#[tokio::test]
async fn an_action_for_one_user_refuses_several() {
    let (cloud, msp, tenants) = office().await;
    let before = cloud.requests();
    let user = |id: &str| UserRef {
        tenant_id: tenants[0],
        id: id.to_owned(),
    };
    let two = Chosen::Named(vec![user("a"), user("b")]);
    let all = Chosen::Selected(everybody(&msp, "account_enabled=true"));
    let mut names = UserEdit::default();
    names.display_name = Some("Ada".to_owned());
    let password = msp365::actions::bulk::Wish::ResetPassword;
    let desk = msp.many_users();

    for (bulk, chosen, words) in [
        (
            run(password.clone()),
            &two,
            "`reset_password` is for one user at a time, and 2 are chosen",
        ),
        (
            run(password),
            &all,
            "`reset_password` is for one user at a time, and all users of a list are chosen",
        ),
        (
            run(Edit::new(names)),
            &two,
            "`displayName` is one person's own, and several users are chosen",
        ),
        (
            run(Access::Block),
            &Chosen::Named(Vec::new()),
            "no user is chosen",
        ),
        (
            run(Access::Block),
            &Chosen::Selected(Selection::None),
            "no user is chosen",
        ),
    ] {
        let refused = desk.run(&bulk, chosen, &mut |_| {}).await.unwrap_err();
        assert!(refused.to_string().starts_with(words), "{refused}");
    }
    assert_eq!(cloud.requests(), before);
}

#[tokio::test]
async fn newcomers_are_made_once_however_often_the_file_is_run() {
    let desk = Desk::new();
    let domain = desk.domain();
    let mut users: Vec<Create> = ["dora", "eva"]
        .iter()
        .map(|name| Create::new(*name, format!("{name}@{domain}")).like(&Template::default()))
        .collect();
    users.push(Create::new("Finn", "finn@elsewhere.example"));
    let chosen = Chosen::Newcomers(desk.tenant, users);
    let bulk = Bulk::creating(ACTOR);

    let (mut rows, first) = gone(&desk, &bulk, &chosen, Mode::Run).await;
    let (_, second) = gone(&desk, &bulk, &chosen, Mode::Run).await;

    assert_eq!(
        (first.of(RowState::Done), first.of(RowState::Refused)),
        (2, 1),
        "{first}"
    );
    let secrets: usize = rows
        .iter_mut()
        .filter_map(|row| row.outcome.as_ref())
        .map(|outcome| outcome.secrets.len())
        .sum();
    assert_eq!(secrets, 2, "each password is handed over with its row");
    assert_eq!(
        (second.of(RowState::Earlier), second.of(RowState::Refused)),
        (2, 1),
        "{second}"
    );
    let named = |name: &str| {
        let name = format!("{name}@{domain}");
        let truth = desk.truth("user");
        truth
            .iter()
            .filter(|user| user["userPrincipalName"] == name)
            .count()
    };
    assert_eq!((named("dora"), named("eva"), named("finn")), (1, 1, 0));
    // Whose name has become free since is made anew.
    let dora = desk
        .truth("user")
        .into_iter()
        .find(|user| user["displayName"] == "dora")
        .unwrap();
    let id = dora["id"].as_str().unwrap();
    let other = format!("theodora@{domain}");
    desk.cloud
        .edit(|world| world.set_user(desk.tenant, id, "userPrincipalName", other));
    let (_, third) = gone(&desk, &bulk, &chosen, Mode::Run).await;
    assert_eq!(
        (third.of(RowState::Done), third.of(RowState::Earlier)),
        (1, 1),
        "{third}"
    );
    assert_eq!(named("dora"), 1);
}

#[tokio::test]
async fn a_look_promises_no_more_licences_than_are_free() {
    let desk = Desk::new();
    let people = desk.plain();
    let product = desk.product();
    let mut wish = msp365::actions::Licenses::default().give(msp365::actions::Grant::new(&product));
    wish.usage_location = Some("NO".to_owned());
    let facts = desk.about(&people[0]).await;
    let free = facts.product(&product).unwrap().available_units();
    let held = |id: &String| {
        let user = desk.user(id).unwrap();
        user["assignedLicenses"].to_string().contains(&product)
    };
    let lacking: Vec<_> = people.iter().filter(|id| !held(id)).collect();
    let users = lacking.iter().map(|id| UserRef {
        tenant_id: desk.tenant,
        id: (*id).clone(),
    });
    let bulk = Bulk::new(random::uuid(&*desk.random), wish, ACTOR);

    let (_, looked) = gone(&desk, &bulk, &Chosen::Named(users.collect()), Mode::Look).await;

    let promised = looked.of(RowState::Planned);
    assert_eq!(
        promised,
        u64::try_from(free).unwrap().min(lacking.len() as u64),
        "{looked}"
    );
}
