//! Roles that hold over an administrative unit: how they are listed, shown, taken and counted.

use msp365::{
    actions::{
        Access, Roles,
        details::{CardKind, RoleScope, Viewer, Wanted},
    },
    sim::{self, Sim},
    store::{UserFilter, UserQuery},
};

use crate::desk::{Desk, GLOBAL_ADMINISTRATOR, open};

const USER_ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";

#[tokio::test]
async fn a_role_over_a_unit_is_listed_and_shown_with_where_it_holds() {
    let cloud = Sim::seeded(7).customers(1).users_each(10).manual_clock().build();
    let msp = sim::builder(&cloud).seed(7).in_memory().build().unwrap();
    sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();
    let tenant = cloud.customer_ids()[0];
    msp.tenants().enrol(&[tenant], |_| {}).await.unwrap();
    let (ada, unit) = cloud.edit(|edit| {
        let ada = edit.add_user(tenant, "Ada Lovelace", "ada").unwrap();
        let unit = edit.add_unit(tenant, "York").unwrap();
        assert!(edit.assign_role_over(tenant, (USER_ADMINISTRATOR, &unit), &ada));
        assert!(!edit.assign_role_over(tenant, (GLOBAL_ADMINISTRATOR, &unit), &ada));
        (ada, unit)
    });
    msp.tenants().sync(&[tenant]).await.unwrap();
    msp.sync().run(&[tenant]).await.unwrap();

    let filter = UserFilter::parse("roles=User Administrator (scoped)", cloud.clock().now()).unwrap();
    let listed = msp.users(&UserQuery::all().filter(filter)).await.unwrap();
    let cards = msp.details(Viewer::host());
    let wanted = Wanted::only([CardKind::Roles]);
    let live = cards.live(&tenant, &ada, &wanted).await.unwrap().roles.unwrap();
    let stored = cards.stored(&tenant, &ada, &wanted).await.unwrap().roles.unwrap();

    let ids: Vec<_> = listed.rows.iter().map(|row| row.user.id.as_str()).collect();
    assert_eq!(ids, [ada.as_str()]);
    for card in [live, stored] {
        let [role] = card.rows() else {
            panic!("{card:?}");
        };
        assert_eq!(role.name, "User Administrator");
        assert_eq!(role.scope, RoleScope::AdministrativeUnit(unit.clone()));
    }
}

#[tokio::test]
async fn a_role_is_taken_where_it_holds() {
    let desk = Desk::new();
    let ada = desk.plain()[0].clone();
    desk.cloud.edit(|edit| {
        let unit = edit.add_unit(desk.tenant, "York").unwrap();
        assert!(edit.assign_role_over(desk.tenant, (USER_ADMINISTRATOR, &unit), &ada));
        assert!(edit.assign_role(desk.tenant, USER_ADMINISTRATOR, &ada));
    });
    let take = Roles::default().take(USER_ADMINISTRATOR);

    let plan = take.plan(&desk.about(&ada).await, &open()).unwrap();
    let outcome = desk.run(&plan).await;

    assert!(plan.steps.len() == 2 && outcome.is_done(), "{plan}\n{outcome}");
    let held = desk.truth("role_assignment");
    assert!(held.iter().all(|line| line["principalId"] != ada.as_str()));
}

#[tokio::test]
async fn who_administers_a_unit_is_blocked_by_the_highest_role() {
    let desk = Desk::new();
    let ada = desk.plain()[0].clone();
    desk.cloud.edit(|edit| {
        let unit = edit.add_unit(desk.tenant, "York").unwrap();
        assert!(edit.restrict_unit(desk.tenant, &unit));
        assert!(edit.assign_role_over(desk.tenant, (USER_ADMINISTRATOR, &unit), &ada));
    });

    let plan = Access::Block.plan(&desk.about(&ada).await, &open()).unwrap();

    assert!(desk.run(&plan).await.is_done());
    assert_eq!(desk.user(&ada).unwrap()["accountEnabled"], false);
}
