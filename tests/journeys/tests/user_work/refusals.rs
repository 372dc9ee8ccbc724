//! What is refused or routed before anything is sent, each with its remedy.

use msp365::{
    actions::{
        Access, AccessPass, Action, Ask, Create, Edit, Facts, Grant, Groups, Licenses, Offboard, Protection,
        Reason, Refused, Roles, StepKind, Template, check_together, from_csv,
    },
    core::Change,
    graph::users::UserEdit,
    sim::GroupKind,
};
use serde_json::json;

use crate::desk::{Desk, GLOBAL_ADMINISTRATOR, open};

fn reason<T: std::fmt::Debug>(planned: Result<T, Refused>) -> Reason {
    let refused = planned.unwrap_err();
    assert!(
        !refused.words.is_empty() && !refused.remedy.is_empty(),
        "{refused:?}"
    );
    refused.reason
}

async fn ada() -> (Desk, String, Facts) {
    let desk = Desk::new();
    let ada = desk.plain()[0].clone();
    let facts = desk.about(&ada).await;
    (desk, ada, facts)
}

/// A desk where Ada is in a group of this kind, and the facts with it.
async fn in_group(kind: GroupKind) -> (Facts, String) {
    let (desk, ada, _) = ada().await;
    let group = desk.cloud.edit(|world| {
        let group = world.add_group(desk.tenant, "Crew", kind).unwrap();
        world.add_member(desk.tenant, &group, &ada);
        group
    });
    (desk.facts(&Ask::user(ada).groups([&group])).await, group)
}

#[tokio::test]
async fn f187_f188_groups_that_are_decided_elsewhere_are_refused_beforehand() {
    for (kind, expected) in [
        (GroupKind::MailEnabledSecurity, Reason::GroupIsExchange),
        (GroupKind::Distribution, Reason::GroupIsExchange),
        (GroupKind::Dynamic, Reason::GroupIsDynamic),
        (GroupKind::RoleAssignable, Reason::GroupIsForRoles),
    ] {
        let (facts, group) = in_group(kind).await;
        assert_eq!(
            reason(Groups::default().leave(group).plan(&facts, &open())),
            expected,
            "{kind:?}"
        );
    }
    let (facts, group) = in_group(GroupKind::RoleAssignable).await;
    assert!(
        Groups::default()
            .leave(group)
            .for_roles()
            .plan(&facts, &open())
            .is_ok()
    );
    let (desk, ada, _) = ada().await;
    let synced = desk.cloud.edit(|world| {
        let group = world.add_group(desk.tenant, "Crew", GroupKind::Security).unwrap();
        world.set_group(desk.tenant, &group, "onPremisesSyncEnabled", true);
        group
    });
    let facts = desk.facts(&Ask::user(ada).groups([&synced])).await;
    assert_eq!(
        reason(Groups::default().join(synced).plan(&facts, &open())),
        Reason::GroupIsSynced
    );
    assert_eq!(
        reason(Groups::default().join("nowhere").plan(&facts, &open())),
        Reason::NoSuchGroup
    );
}

#[tokio::test]
async fn f190_a_product_without_a_free_unit_is_refused_beforehand() {
    let (desk, ada, _) = ada().await;
    let product = desk.product();
    desk.cloud.edit(|world| {
        world.give_back(desk.tenant, &product, 1_000_000);
        world.set_user(desk.tenant, &ada, "usageLocation", "NO");
        world.set_user(desk.tenant, &ada, "licenseAssignmentStates", json!([]));
    });
    let mut facts = desk.about(&ada).await;
    for sku in facts.products.as_mut().unwrap() {
        sku.prepaid_units = None;
    }

    let wish = Licenses::default().give(Grant::new(product));

    assert_eq!(reason(wish.plan(&facts, &open())), Reason::PoolEmpty);
    let unknown = Licenses::default().give(Grant::new("00000000-0000-4000-8000-00000000beef"));
    assert_eq!(reason(unknown.plan(&facts, &open())), Reason::NoSuchProduct);
}

#[tokio::test]
async fn f192_licences_wait_for_a_usage_location_that_only_the_caller_gives() {
    let (desk, ada, _) = ada().await;
    desk.cloud
        .edit(|world| world.set_user(desk.tenant, &ada, "usageLocation", json!(null)));
    desk.cloud
        .edit(|world| world.set_user(desk.tenant, &ada, "licenseAssignmentStates", json!([])));
    let facts = desk.about(&ada).await;
    let wish = Licenses::default().give(Grant::new(desk.product()));

    assert_eq!(reason(wish.plan(&facts, &open())), Reason::NoUsageLocation);
    let plan = wish.usage_location("NO").plan(&facts, &open()).unwrap();

    assert!(matches!(plan.steps[0].kind, StepKind::UpdateUser { .. }));
    assert!(matches!(plan.steps[1].kind, StepKind::AssignLicenses { .. }));
    assert_eq!(plan.steps[1].needs, [0]);
}

#[tokio::test]
async fn a_licence_of_a_group_is_taken_by_leaving_the_group_or_refused_with_where_to_go() {
    let (desk, ada, _) = ada().await;
    let product = desk.product();
    let group = desk.cloud.edit(|world| {
        let group = world
            .add_group(desk.tenant, "Licensed", GroupKind::Security)
            .unwrap();
        world.add_member(desk.tenant, &group, &ada);
        let state =
            json!([{ "skuId": product, "assignedByGroup": group, "state": "Active", "disabledPlans": [] }]);
        world.set_user(desk.tenant, &ada, "licenseAssignmentStates", state);
        group
    });
    let facts = desk.about(&ada).await;
    let wish = Licenses::default().take(&product);

    let plan = wish.plan(&facts, &open()).unwrap();

    assert!(
        matches!(&plan.steps[0].kind, StepKind::RemoveMember { group: left, .. } if *left == group),
        "{plan}"
    );
    assert!(
        plan.warnings.iter().any(|warning| warning.contains("Licensed")),
        "{plan}"
    );
    desk.cloud
        .edit(|world| world.set_group(desk.tenant, &group, "mailEnabled", true));
    assert_eq!(
        reason(wish.plan(&desk.about(&ada).await, &open())),
        Reason::Inherited
    );
    let offboard = Offboard::user()
        .remove_licences()
        .block()
        .plan(&desk.about(&ada).await, &open())
        .unwrap();
    assert!(
        offboard.left.iter().any(|left| left.remedy.contains("Exchange")),
        "{offboard}"
    );
}

#[tokio::test]
async fn users_mastered_on_premises_are_changed_there() {
    let (desk, ada, _) = ada().await;
    desk.cloud
        .edit(|world| world.set_user(desk.tenant, &ada, "onPremisesSyncEnabled", true));
    let facts = desk.about(&ada).await;
    let mut fields = UserEdit::default();
    fields.job_title = Change::Set("Captain".into());

    assert_eq!(reason(Access::Block.plan(&facts, &open())), Reason::OnPremises);
    assert_eq!(
        reason(Edit::new(fields).plan(&facts, &open())),
        Reason::OnPremises
    );
    assert_eq!(
        reason(Offboard::user().delete().plan(&facts, &open())),
        Reason::OnPremises
    );
    assert!(Access::Revoke.plan(&facts, &open()).is_ok());
}

#[tokio::test]
async fn accounts_that_matter_are_left_alone() {
    let (_, ada, mut facts) = ada().await;
    let name = facts.person.as_ref().unwrap().name().to_uppercase();
    let own = Protection::new().own_account(name);
    let glass = Protection::new().break_glass(&ada);

    assert_eq!(reason(Access::Block.plan(&facts, &own)), Reason::OwnAccount);
    assert_eq!(
        reason(Offboard::user().delete().plan(&facts, &glass)),
        Reason::BreakGlass
    );
    assert!(
        Access::Unblock
            .plan(&facts, &glass)
            .is_err_and(|refused| refused.reason == Reason::NothingToDo)
    );

    let administrator = json!({
        "id": "a1", "principalId": ada, "roleDefinitionId": GLOBAL_ADMINISTRATOR, "directoryScopeId": "/",
    });
    facts
        .person
        .as_mut()
        .unwrap()
        .roles
        .push(serde_json::from_value(administrator).unwrap());
    facts.global_administrators = Some(vec![ada.clone()]);
    for refused in [
        Access::Block.plan(&facts, &open()),
        Offboard::user().remove_roles().plan(&facts, &open()),
        Roles::default().take(GLOBAL_ADMINISTRATOR).plan(&facts, &open()),
    ] {
        assert_eq!(reason(refused), Reason::LastGlobalAdministrator);
    }
    facts.global_administrators = None;
    assert_eq!(reason(Access::Block.plan(&facts, &open())), Reason::NotKnown);
    facts.global_administrators = Some(vec![ada, "bo".to_owned()]);
    assert!(Access::Block.plan(&facts, &open()).is_ok());
}

#[tokio::test]
async fn a_pass_is_refused_where_the_policy_is_off_or_leaves_the_user_out() {
    let (desk, ada, _) = ada().await;
    let mut facts = desk.facts(&Ask::user(&ada).passes()).await;
    let plan = |facts: &Facts, wish: AccessPass| wish.plan(facts, &open());
    let policy = |facts: &mut Facts, name: &str, value: serde_json::Value| {
        let mut json = serde_json::to_value(facts.pass_policy.clone().unwrap()).unwrap();
        json[name] = value;
        facts.pass_policy = Some(serde_json::from_value(json).unwrap());
    };
    policy(&mut facts, "maximumLifetimeInMinutes", json!(100));
    assert_eq!(
        reason(plan(&facts, AccessPass::default().lasting(101))),
        Reason::PassPolicy
    );
    assert!(plan(&facts, AccessPass::default().lasting(100)).is_ok());
    policy(
        &mut facts,
        "excludeTargets",
        json!([{ "id": ada, "targetType": "user" }]),
    );
    assert_eq!(reason(plan(&facts, AccessPass::default())), Reason::PassPolicy);
    policy(&mut facts, "excludeTargets", json!([]));
    policy(&mut facts, "state", json!("disabled"));
    assert_eq!(reason(plan(&facts, AccessPass::default())), Reason::PassPolicy);
    facts.pass_policy = None;
    assert_eq!(reason(plan(&facts, AccessPass::default())), Reason::NotKnown);
}

#[tokio::test]
async fn f183_a_name_that_is_held_is_refused_before_it_is_asked_for() {
    let (desk, ada, facts) = ada().await;
    let name = facts.person.as_ref().unwrap().name().to_owned();
    let taken = desk.facts(&Ask::newcomer(&name)).await;
    assert_eq!(reason(Create::new("Ada", &name).plan(&taken)), Reason::NameTaken);
    let gone = Offboard::user()
        .delete()
        .plan(&desk.about(&ada).await, &open())
        .unwrap();
    assert!(desk.run(&gone).await.is_done());
    let held = desk.facts(&Ask::newcomer(&name)).await;
    assert_eq!(
        reason(Create::new("Ada", &name).plan(&held)),
        Reason::NameHeldByDeleted
    );
    assert_eq!(
        reason(Create::new("Ada", "ada@elsewhere.example").plan(&held)),
        Reason::UnknownDomain
    );
}

#[tokio::test]
async fn many_users_come_from_a_file_and_share_a_template_and_the_pool() {
    let (desk, _, facts) = ada().await;
    let domain = desk.domain();
    let mut template = Template::default();
    template.profile.usage_location = Some("NO".into());
    template.licences.push(Grant::new(desk.product()));
    let file = format!(
        "displayName,userPrincipalName,jobTitle,businessPhones\r\nCleo New,cleo.new@{domain},Mate,+47 1\r\nBo \
         New,bo.new@{domain},,\r\n"
    );

    let users = from_csv(&file, &template).unwrap();

    assert_eq!(users.len(), 2);
    assert_eq!(users[0].profile.job_title, Change::Set("Mate".into()));
    assert!(users[1].profile.job_title.is_keep());
    assert!(check_together(&users, &facts).is_ok());
    let many: Vec<Create> = (0..100_000)
        .map(|n| Create::new("X", format!("x{n}@{domain}")).like(&template))
        .collect();
    assert_eq!(reason(check_together(&many, &facts)), Reason::PoolEmpty);
    let twice = [users[0].clone(), users[0].clone()];
    assert_eq!(reason(check_together(&twice, &facts)), Reason::NameTaken);
    for odd in [
        "displayName\nAda\n",
        "displayName,userPrincipalName,colour\nAda,a@b.example,red\n",
    ] {
        let refused = from_csv(odd, &template).unwrap_err();
        assert!(refused.words.contains("line 2"), "{refused}");
    }
}

#[test]
fn actions_with_a_secret_are_for_one_user() {
    assert_eq!(reason(Action::ResetPassword.check_count(2)), Reason::OneUserOnly);
    assert_eq!(reason(Action::Block.check_count(0)), Reason::NothingToDo);
    assert!(Action::Block.check_count(200).is_ok() && Action::ResetPassword.check_count(1).is_ok());
}

#[tokio::test]
async fn a_plan_that_would_do_nothing_is_none() {
    let (_, _, facts) = ada().await;
    let person = facts.person.as_ref().unwrap();
    let mut fields = UserEdit::default();
    fields.display_name.clone_from(&person.user.display_name);

    assert_eq!(
        reason(Offboard::user().plan(&facts, &open())),
        Reason::NothingToDo
    );
    assert_eq!(
        reason(Edit::new(fields).plan(&facts, &open())),
        Reason::NothingToDo
    );
    assert_eq!(reason(Access::Unblock.plan(&facts, &open())), Reason::NothingToDo);
    let mut fields = UserEdit::default();
    fields.employee_id = Change::Set("1".repeat(17));
    assert_eq!(reason(Edit::new(fields).plan(&facts, &open())), Reason::Malformed);
}

#[tokio::test]
async fn a_plan_shows_what_it_will_send_and_no_secret() {
    let (desk, ada, facts) = ada().await;
    let plan = Offboard::user()
        .block()
        .reset_password()
        .delete()
        .plan(&facts, &open())
        .unwrap();

    let text = plan.to_string();

    assert!(
        text.contains(&format!("PATCH users/{ada} {{\"accountEnabled\":false}}")),
        "{text}"
    );
    assert!(text.contains("\"password\":\"(made while it runs)\""), "{text}");
    assert!(
        text.contains("role User Administrator; permission User.ReadWrite.All"),
        "{text}"
    );
    assert!(text.contains("implied: membership of"), "{text}");
    let stored = serde_json::to_string(&plan).unwrap();
    assert_eq!(
        serde_json::from_str::<msp365::actions::Plan>(&stored).unwrap(),
        plan
    );
    assert_eq!(plan.tenant, desk.tenant);
}
