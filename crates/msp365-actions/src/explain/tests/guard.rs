//! Plans are guarded step by step, each seen as things will stand when its turn comes.

use super::*;
use crate::{Facts as PlanFacts, Grant, Person, Plan, Protection, plan::StepKind};

/// A plan about Ada with these steps.
fn plan(steps: impl IntoIterator<Item = Value>) -> Plan {
    let steps: Vec<_> = steps
        .into_iter()
        .map(|kind| json!({"kind": kind, "stage": 0, "needs": [], "implies": []}))
        .collect();
    from(json!({
        "tenant": "11111111-2222-3333-4444-555555555555", "action": "offboard",
        "subject": {"id": ADA, "name": "ada@contoso.example", "is_guarded": false},
        "steps": steps, "warnings": [], "left": [], "snapshot": null, "not_before": null,
    }))
}

fn about_ada(what: &str, more: &Value) -> Value {
    let mut step = json!({"do": what, "user": {"id": ADA}});
    step.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    step
}

fn blocking() -> Value {
    about_ada(
        "update_user",
        &json!({"edit": {"accountEnabled": false}, "was": {}}),
    )
}

fn refused(roles: &[&str], plan: &Plan, target: &TargetFacts) -> Option<LinkId> {
    plan_refusal(&Actor::host(), &tenant(roles), plan, target).map(|link| link.id)
}

#[test]
fn a_role_that_is_taken_first_protects_no_more() {
    let target = administrator(&["Exchange Administrator"]);
    let roles = ["User Administrator", "Privileged Role Administrator"];
    let take = about_ada(
        "remove_role",
        &json!({"role": role("Exchange Administrator"), "scope": "/", "assignment": "a-1"}),
    );

    let in_order = plan([take.clone(), blocking()]);
    let too_soon = plan([blocking(), take]);

    assert_eq!(refused(&roles, &in_order, &target), None);
    assert_eq!(refused(&roles, &too_soon, &target), Some(LinkId::Protection));
}

#[test]
fn a_role_that_stays_in_a_part_of_the_tenant_protects_as_before() {
    let exchange = role("Exchange Administrator");
    let held = |id: &str, scope: &str| {
        from::<RoleAssignment>(json!({"id": id, "principalId": ADA, "roleDefinitionId": exchange,
            "directoryScopeId": scope}))
    };
    let unit = "/administrativeUnits/unit-1";
    let mut target = plain();
    target.roles = Known::Is(vec![held("a-1", "/"), held("a-2", unit)]);
    let take = |id: &str, scope: &str| {
        let named = json!({"role": exchange, "scope": scope, "assignment": id});
        about_ada("remove_role", &named)
    };
    let roles = ["User Administrator", "Privileged Role Administrator"];

    let one = plan([take("a-1", "/"), blocking()]);
    let both = plan([take("a-1", "/"), take("a-2", unit), blocking()]);

    assert_eq!(refused(&roles, &one, &target), Some(LinkId::Protection));
    assert_eq!(refused(&roles, &both, &target), None);
    let steps = vec![Action::RemoveRole(exchange.clone()), Action::Block];
    let said = said(&roles, &Action::Offboard(steps), &target);
    assert_eq!(said.verdict, Verdict::WillNot, "{said:#?}");
}

#[test]
fn a_role_that_is_given_first_protects_from_then_on() {
    let mut target = plain();
    let exchange = role("Exchange Administrator");
    target.named_roles.insert(exchange.clone(), Known::Is(true));
    let roles = ["User Administrator", "Privileged Role Administrator"];
    let give = about_ada("assign_role", &json!({"role": exchange, "scope": "/"}));

    assert_eq!(
        refused(&roles, &plan([give, blocking()]), &target),
        Some(LinkId::Protection)
    );
}

#[test]
fn a_country_that_is_set_first_lets_licences_be_given() {
    let target = ada(&json!({"usageLocation": null}));
    let sku = "06ebc4ee-1bb5-47dd-8120-11324bc54e06";
    let mut tenant = tenant(&["User Administrator"]);
    tenant.products = Known::Is(vec![from(json!({"id": "1", "skuId": sku, "appliesTo": "User",
        "capabilityStatus": "Enabled", "consumedUnits": 0, "prepaidUnits": {"enabled": 1}, "servicePlans": []}))]);
    let country = about_ada(
        "update_user",
        &json!({"edit": {"usageLocation": "NO"}, "was": {}}),
    );
    let give = about_ada(
        "assign_licenses",
        &json!({"add": [Grant::new(sku)], "remove": []}),
    );
    let said = |plan: &Plan| plan_refusal(&Actor::host(), &tenant, plan, &target).map(|link| link.id);

    assert_eq!(said(&plan([country, give.clone()])), None);
    assert_eq!(said(&plan([give])), Some(LinkId::License));
}

#[test]
fn who_was_deleted_is_not_changed_after_that() {
    let plan = plan([about_ada("delete_user", &json!({})), blocking()]);

    assert_eq!(
        refused(&["User Administrator"], &plan, &plain()),
        Some(LinkId::Target)
    );
}

#[test]
fn others_whose_manager_is_set_are_looked_at_too() {
    let other = |differing: Value| {
        let mut target = plain();
        let mut user = json!({"id": "bo", "userPrincipalName": "bo@contoso.example"});
        user.as_object_mut()
            .unwrap()
            .extend(differing.as_object().unwrap().clone());
        target.others.insert("bo".to_owned(), Known::Is(Some(from(user))));
        target
    };
    let led = plan([json!({"do": "set_manager", "user": {"id": "bo"}, "manager": {"id": ADA}, "was": null})]);
    let roles = ["User Administrator"];

    assert_eq!(refused(&roles, &led, &other(json!({}))), None);
    let synced = other(json!({"onPremisesSyncEnabled": true}));
    assert_eq!(refused(&roles, &led, &synced), Some(LinkId::OnPremises));
    let mut gone = plain();
    gone.others.insert("bo".to_owned(), Known::Is(None));
    assert_eq!(refused(&roles, &led, &gone), Some(LinkId::Target));
    assert_eq!(refused(&["Reports Reader"], &led, &plain()), Some(LinkId::Role));
}

#[test]
fn an_owner_is_added_by_who_keeps_groups() {
    let mut target = plain();
    target
        .named_groups
        .insert("g-1".to_owned(), Known::Is(Some(group(&json!({})))));
    let own = plan([about_ada("add_owner", &json!({"group": "g-1"}))]);

    assert_eq!(refused(&["Groups Administrator"], &own, &target), None);
    let by_rule = group(&json!({"groupTypes": ["DynamicMembership"]}));
    let mut dynamic = target.clone();
    dynamic
        .named_groups
        .insert("g-1".to_owned(), Known::Is(Some(by_rule)));
    assert_eq!(refused(&["Groups Administrator"], &own, &dynamic), None);
    let mut owner = target.clone();
    owner.owned_groups = Known::Is(BTreeSet::from(["G-1".to_owned()]));
    let again = Action::OwnGroup("g-1".to_owned());
    let verdict = said(&["Groups Administrator"], &again, &owner).verdict;
    assert_eq!(verdict, Verdict::AlreadySo);
    assert_eq!(
        refused(&["License Administrator"], &own, &target),
        Some(LinkId::Role)
    );
}

#[test]
fn a_user_who_comes_back_has_no_location_that_is_known() {
    let mut target = plain();
    target.user = Known::Is(Some(from(
        json!({"id": ADA, "userPrincipalName": "ada@contoso.example"}),
    )));
    target.name_holder = Known::Is(None);
    let back = plan([about_ada("restore_user", &json!({})), blocking()]);

    assert_eq!(refused(&["User Administrator"], &back, &target), None);
}

#[test]
fn every_step_of_a_plan_can_be_explained() {
    let mut facts = PlanFacts::new(tenant(&[]).id, tenant(&[]).at);
    let person = json!({"user": {"id": ADA, "accountEnabled": true}, "is_deleted": false, "groups": [], "roles": [],
        "manager": null, "reports": ["bo"], "fixed_reports": [], "owned": [], "methods": null});
    facts.person = Some(from::<Person>(person));
    let wish = crate::Offboard::user()
        .block()
        .revoke_sessions()
        .hand_reports_to("cleo")
        .delete();
    let plan = wish.plan(&facts, &Protection::new()).unwrap();

    let Some(Action::Offboard(steps)) = of_plan(&plan) else {
        panic!("{plan}");
    };

    assert_eq!(steps.len(), plan.steps.len());
    let to_cleo = Action::SetManagerOf {
        user: "bo".to_owned(),
        manager: Some("cleo".to_owned()),
    };
    assert!(steps.contains(&to_cleo), "{steps:?}");
    assert!(matches!(
        plan.steps.last().unwrap().kind,
        StepKind::DeleteUser { .. }
    ));
}
