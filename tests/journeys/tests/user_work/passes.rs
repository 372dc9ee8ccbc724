//! To whom the tenant's policy gives passes; and who keeps what at an offboarding.

use msp365::{
    actions::{AccessPass, Ask, Offboard, Reason},
    sim::GroupKind,
};
use serde_json::{Value, json};

use crate::desk::{Desk, open};

/// A desk whose policy is about a group that holds the group that Ada is in.
fn nested(policy: impl FnOnce(&str) -> Value) -> (Desk, String) {
    let desk = Desk::new();
    let ada = desk.plain()[0].clone();
    desk.cloud.edit(|world| {
        let mut add = |name: &str| world.add_group(desk.tenant, name, GroupKind::Security).unwrap();
        let (inner, outer) = (add("Deck"), add("Ship"));
        assert!(world.add_member(desk.tenant, &inner, &ada));
        assert!(world.add_member(desk.tenant, &outer, &inner));
        let policy = policy(&outer);
        assert!(world.set_pass_policy(desk.tenant, policy.as_object().unwrap()));
    });
    (desk, ada)
}

fn target(id: &str) -> Value {
    json!([{ "targetType": "group", "id": id, "isRegistrationRequired": false }])
}

#[tokio::test]
async fn who_is_in_the_group_of_the_policy_through_another_gets_a_pass() {
    let (desk, ada) = nested(|group| json!({ "includeTargets": target(group) }));
    let facts = desk.facts(&Ask::user(&ada).passes()).await;

    let outcome = desk
        .run(&AccessPass::default().plan(&facts, &open()).unwrap())
        .await;

    assert!(outcome.is_done() && outcome.secrets.len() == 1, "{outcome}");
}

#[tokio::test]
async fn who_is_left_out_through_another_group_gets_none() {
    let (desk, ada) = nested(|group| json!({ "excludeTargets": [{ "targetType": "group", "id": group }] }));
    let facts = desk.facts(&Ask::user(&ada).passes()).await;

    let refused = AccessPass::default().plan(&facts, &open()).unwrap_err();

    assert_eq!(refused.reason, Reason::PassPolicy, "{refused}");
}

#[tokio::test]
async fn a_password_that_is_kept_elsewhere_is_not_set_at_an_offboarding() {
    let desk = Desk::new();
    let mut facts = desk.about(&desk.plain()[0]).await;
    for domain in facts.domains.as_mut().unwrap() {
        domain.is_federated = true;
    }

    let refused = Offboard::user()
        .block()
        .reset_password()
        .plan(&facts, &open())
        .unwrap_err();

    assert_eq!(refused.reason, Reason::OnPremises, "{refused}");
}

#[tokio::test]
async fn roles_that_a_group_gives_are_named_where_the_user_stays_in_it() {
    let desk = Desk::new();
    let ada = desk.plain()[0].clone();
    desk.cloud.edit(|world| {
        let group = world
            .add_group(desk.tenant, "Bridge", GroupKind::RoleAssignable)
            .unwrap();
        assert!(world.add_member(desk.tenant, &group, &ada));
    });
    let facts = desk.about(&ada).await;
    let wish = Offboard::user().block().remove_roles();

    let stays = wish.plan(&facts, &open()).unwrap();
    let leaves = wish.leave_groups().plan(&facts, &open()).unwrap();

    let names = |left: &msp365::actions::Left| left.what.contains("roles held through group `Bridge`");
    assert!(stays.left.iter().any(names), "{stays}");
    assert!(!leaves.left.iter().any(names), "{leaves}");
}
