use msp365_core::ErrorKind;
use serde_json::{Value, json};

use super::*;
use crate::{Access, Facts, Offboard, Protection};

/// Ada, with a licence, a role and two groups.
fn facts() -> Facts {
    let tenant = "c0000000-0000-4000-8000-000000000001".parse().unwrap();
    let mut facts = Facts::new(tenant, "2026-03-01T12:00:00Z".parse().unwrap());
    let person = json!({
        "user": {
            "id": "ada-1", "userPrincipalName": "ada@contoso.example", "accountEnabled": true, "usageLocation": "NO",
            "licenseAssignmentStates": [
                { "skuId": "05e9a617-0261-4cee-bb44-138d3ef5d965", "state": "Active", "disabledPlans": [] },
            ],
        },
        "is_deleted": false,
        "groups": [
            { "id": "g-crew", "displayName": "Crew", "securityEnabled": true, "mailEnabled": false },
            { "id": "g-list", "displayName": "List", "securityEnabled": false, "mailEnabled": true },
        ],
        "roles": [
            { "id": "r-1", "roleDefinitionId": "88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "directoryScopeId": "/" },
        ],
        "manager": null, "reports": ["bo-1"], "fixed_reports": [], "owned": [], "methods": null,
    });
    facts.person = Some(serde_json::from_value(person).unwrap());
    facts
}

fn offboarding() -> Plan {
    let wish = Offboard::user()
        .block()
        .revoke_sessions()
        .remove_roles()
        .leave_groups()
        .remove_licences()
        .delete();
    wish.plan(&facts(), &Protection::new()).unwrap()
}

fn tags(plan: &Plan) -> Vec<&'static str> {
    plan.steps.iter().map(|step| step.kind.tag()).collect()
}

#[test]
fn offboarding_goes_in_the_one_right_order() {
    let plan = offboarding();

    assert_eq!(
        tags(&plan),
        [
            "update_user",
            "revoke_sessions",
            "remove_role",
            "remove_member",
            "assign_licenses",
            "delete_user"
        ]
    );
    assert_eq!(plan.risk(), Risk::High);
    assert!(plan.roles().contains(&"Privileged Role Administrator"));
    assert_eq!(plan.steps[5].implies, ["membership of `List` ends"]);
    assert!(
        plan.warnings
            .iter()
            .any(|warning| warning.contains("1 people lose their manager"))
    );
    assert!(plan.left.iter().any(|left| left.what.contains("List")));
}

#[test]
fn a_plan_is_undone_from_its_end() {
    let undo = offboarding().inverse().unwrap();

    assert_eq!(
        tags(&undo),
        [
            "restore_user",
            "assign_licenses",
            "add_member",
            "assign_role",
            "update_user",
            "set_manager"
        ]
    );
    assert!(undo.steps[1..].iter().all(|step| step.needs == [0]));
    assert!(undo.left.iter().any(|left| left.what == "group `List`"));
    assert_eq!(undo.left.len(), 2);
    let revoke = Access::Revoke.plan(&facts(), &Protection::new()).unwrap();
    assert_eq!(revoke.inverse().unwrap_err().kind(), ErrorKind::Invalid);
}

#[test]
fn a_changed_licence_is_undone_by_giving_back_what_was() {
    let (was, changed) = (Grant::new("e3"), Grant::new("e3").without(["mail"]));
    let change = StepKind::AssignLicenses {
        user: Whom::Id("ada-1".to_owned()),
        add: vec![changed.clone(), Grant::new("p1")],
        remove: vec![Grant::new("p2").without(["x"])],
        was: vec![was.clone()],
    };

    let undo = change.inverse(&Whom::Made).unwrap();

    let back = StepKind::AssignLicenses {
        user: Whom::Id("ada-1".to_owned()),
        add: vec![Grant::new("p2").without(["x"]), was],
        remove: vec![Grant::new("p1")],
        was: vec![changed],
    };
    assert_eq!(undo, back);
}

#[test]
fn a_plan_stored_by_an_earlier_version_is_read() {
    let stored = json!({
        "do": "assign_licenses", "user": { "id": "ada-1" }, "add": [{ "sku_id": "e3", "disabled_plans": [] }], "remove": [],
    });

    let step: StepKind = serde_json::from_value(stored).unwrap();

    assert!(matches!(step, StepKind::AssignLicenses { was, .. } if was.is_empty()));
}

#[test]
fn a_plan_is_shown_with_its_requests() {
    let text = offboarding().to_string();

    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..4],
        [
            "offboard ada@contoso.example in tenant c0000000-0000-4000-8000-000000000001: 6 steps, risk high",
            "  1. block sign-in",
            "     PATCH users/ada-1 {\"accountEnabled\":false}",
            "     role Privileged Authentication Administrator; permission User.ReadWrite.All; risk medium; can be undone",
        ]
    );
    assert!(
        text.contains("  5. remove licences: Microsoft 365 E3\n"),
        "{text}"
    );
    assert!(
        text.contains("     DELETE groups/g-crew/members/ada-1/$ref\n"),
        "{text}"
    );
}

#[test]
fn a_step_is_judged_by_what_is_read_back() {
    let cloud = msp365_core::Endpoints::public();
    let place = Place {
        endpoints: &cloud,
        made: None,
        secret: None,
    };
    let since = "2026-03-01T12:00:00Z".parse().unwrap();
    let user = || Whom::Id("ada-1".to_owned());
    let seen = |kind: &StepKind, found: Result<Value, ErrorKind>| kind.seen(&place, since, &found);

    let delete = StepKind::DeleteUser { user: user() };
    assert_eq!(seen(&delete, Err(ErrorKind::NotFound)), Seen::Yes(None));
    assert_eq!(seen(&delete, Ok(json!({ "id": "ada-1" }))), Seen::No);
    assert_eq!(seen(&delete, Err(ErrorKind::Denied)), Seen::Unclear);

    let create = StepKind::CreateUser {
        display_name: "Cleo".to_owned(),
        user_principal_name: "cleo@contoso.example".to_owned(),
        mail_nickname: "cleo".to_owned(),
        account_enabled: true,
        profile: Box::default(),
    };
    let made = |at: &str, name: &str| {
        json!({
            "id": "c-1", "displayName": name, "mailNickname": "cleo", "createdDateTime": at,
        })
    };
    let own = seen(&create, Ok(made("2026-03-01T11:59:00Z", "Cleo")));
    assert_eq!(own, Seen::Yes(Some("c-1".to_owned())));
    assert_eq!(
        seen(&create, Ok(made("2026-03-01T11:50:00Z", "Cleo"))),
        Seen::Foreign
    );
    assert_eq!(
        seen(&create, Ok(made("2026-03-01T12:00:01Z", "Bo"))),
        Seen::Foreign
    );

    let mut edit = msp365_graph::users::UserEdit::default();
    edit.department = msp365_core::Change::Clear;
    edit.employee_hire_date = msp365_core::Change::Set(since);
    let update = StepKind::UpdateUser {
        user: user(),
        edit: edit.into(),
        was: Box::default(),
        if_changed: IfChanged::Overwrite,
    };
    let now = |at: &str| Ok(json!({ "id": "ada-1", "employeeHireDate": at }));
    assert_eq!(seen(&update, now("2026-03-01T12:00:00.000Z")), Seen::Yes(None));
    assert_eq!(seen(&update, now("2026-03-02T12:00:00Z")), Seen::No);
}

#[test]
fn groups_go_by_their_names_in_a_plan_and_in_what_undoes_it() {
    let plan = offboarding();
    let undo = plan.inverse().unwrap();
    let unnamed = StepKind::AddMember {
        user: Whom::Made,
        group: "g-new".to_owned(),
    };

    let said = |plan: &Plan| -> Vec<String> { plan.steps.iter().map(|step| plan.words(step)).collect() };

    assert!(
        said(&plan).contains(&"take out of group `Crew`".to_owned()),
        "{plan}"
    );
    assert!(
        said(&undo).contains(&"put into group `Crew`".to_owned()),
        "{undo}"
    );
    assert!(undo.to_string().contains("put into group `Crew`"));
    assert_eq!(unnamed.words(), "put into group g-new");
    assert!(!plan.group_names.contains_key("g-list"), "no step is about it");
}

#[test]
fn a_plan_stored_before_groups_had_names_is_read() {
    let mut old = serde_json::to_value(offboarding()).unwrap();
    old.as_object_mut().unwrap().remove("group_names");
    old["snapshot"].as_object_mut().unwrap().remove("group_names");

    let plan: Plan = serde_json::from_value(old).unwrap();

    assert!(plan.to_string().contains("take out of group g-crew"));
}
