//! The life of a relationship, from its proposal to its end.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::{graph::tests::world::*, world::gdap::Action};

pub(super) const SET: &str = "tenantRelationships/delegatedAdminRelationships";
pub(super) const HOUR: i64 = 3_600;
pub(super) const DAY: i64 = 24 * HOUR;

/// The moment so many seconds after the world's present.
pub(super) fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

/// A call in the partner tenant so many seconds after the world's present.
pub(super) fn later(seconds: i64, method: &str, target: &str, body: &Value) -> ApiCall {
    ApiCall {
        now: after(seconds),
        ..call(method, PARTNER, target, body)
    }
}

pub(super) fn ask(world: &mut World, seconds: i64, target: &str) -> Value {
    body(&handle(world, &later(seconds, "GET", target, &Value::Null)))
}

/// The call with the present tag of what it is about.
pub(super) fn tagged(world: &mut World, call: ApiCall) -> ApiCall {
    let read = ApiCall {
        method: Method::GET,
        body: Bytes::new(),
        ..call.clone()
    };
    let tag = body(&handle(world, &read))["@odata.etag"]
        .as_str()
        .unwrap_or("*")
        .to_owned();
    with(call, "if-match", &tag)
}

pub(super) fn proposal(name: &str) -> Value {
    json!({
        "displayName": name, "duration": "P730D", "customer": {"tenantId": FABRIKAM},
        "accessDetails": {"unifiedRoles": [{"roleDefinitionId": GLOBAL_READER}]},
        "autoExtendDuration": "P180D",
    })
}

/// Proposes a relationship. Answers its id.
pub(super) fn proposed(world: &mut World, body_of: &Value) -> String {
    let reply = handle(world, &later(0, "POST", SET, body_of));
    assert_eq!(reply.status, 201, "{:?}", body(&reply));
    body(&reply)["id"].as_str().unwrap().to_owned()
}

pub(super) fn requested(world: &mut World, seconds: i64, id: &str, action: &str) -> Reply {
    let target = format!("{SET}/{id}/requests");
    handle(
        world,
        &later(seconds, "POST", &target, &json!({"action": action})),
    )
}

pub(super) fn status(world: &mut World, seconds: i64, id: &str) -> String {
    let found = ask(world, seconds, &format!("{SET}/{id}"));
    found["status"].as_str().unwrap_or_default().to_owned()
}

/// The relationship of the world made by hand.
pub(super) fn first(world: &World) -> String {
    world.relationships[0].id.clone()
}

#[test]
fn a_proposal_is_created_with_what_it_did_not_say_filled_in() {
    let mut world = world();
    let mut wanted = proposal("Fabrikam help desk");
    wanted["duration"] = json!("P2Y");
    wanted.as_object_mut().unwrap().remove("autoExtendDuration");

    let reply = handle(&mut world, &later(0, "POST", SET, &wanted));
    let made = body(&reply);

    assert_eq!(reply.status, 201);
    assert_eq!(
        (&made["status"], &made["duration"]),
        (&json!("created"), &json!("P730D"))
    );
    assert_eq!(made["autoExtendDuration"], "PT0S");
    assert_eq!(
        made["customer"],
        json!({"tenantId": FABRIKAM, "displayName": "Fabrikam"})
    );
    assert_eq!(made["endDateTime"], Value::Null);
    let id = made["id"].as_str().unwrap();
    let location = format!("https://graph.microsoft.com/v1.0/{SET}/{id}");
    assert_eq!(reply.header("location"), Some(location.as_str()));
    assert_eq!(id.len(), 73);
}

#[test]
fn a_proposal_may_leave_open_who_the_customer_is() {
    let mut world = world();
    let mut open = proposal("Open to all");
    open.as_object_mut().unwrap().remove("customer");

    let id = proposed(&mut world, &open);

    assert_eq!(
        ask(&mut world, 0, &format!("{SET}/{id}"))["customer"],
        Value::Null
    );
    let customers = ask(&mut world, 0, "tenantRelationships/delegatedAdminCustomers");
    assert_eq!(ids(&customers), [CONTOSO]);
}

#[test]
fn a_proposal_that_breaks_a_rule_is_refused() {
    let role = |id: &str| json!({"unifiedRoles": [{"roleDefinitionId": id}]});
    for (property, value) in [
        ("displayName", json!("")),
        ("displayName", json!("x".repeat(51))),
        ("displayName", Value::Null),
        ("duration", json!("P731D")),
        ("duration", json!("P0D")),
        ("duration", json!("P1DT1H")),
        ("duration", json!("730")),
        ("duration", Value::Null),
        ("accessDetails", json!({"unifiedRoles": []})),
        ("accessDetails", role("4ba39ca4-527c-499a-b93d-d9b492c50246")),
        ("accessDetails", role(GLOBAL)),
        ("autoExtendDuration", json!("P90D")),
        ("customer", json!({"tenantId": PARTNER})),
        ("customer", json!({"tenantId": "contoso"})),
        ("status", json!("active")),
        ("colour", json!("red")),
    ] {
        let mut world = world();
        let mut wanted = proposal("Fabrikam help desk");
        wanted[property] = value.clone();

        let reply = handle(&mut world, &later(0, "POST", SET, &wanted));

        assert_eq!(
            refusal(&reply),
            (400, "BadRequest".to_owned()),
            "{property}: {value}"
        );
        assert_eq!(world.relationships.len(), 1);
    }
    for needed in ["displayName", "duration", "accessDetails"] {
        let mut wanted = proposal("Fabrikam help desk");
        wanted.as_object_mut().unwrap().remove(needed);
        let reply = handle(&mut world(), &later(0, "POST", SET, &wanted));
        assert_eq!(refusal(&reply), (400, "BadRequest".to_owned()), "{needed}");
    }
}

#[test]
fn no_two_relationships_of_a_partner_have_one_name() {
    let mut world = world();

    let reply = handle(
        &mut world,
        &later(0, "POST", SET, &proposal("provider - CONTOSO")),
    );

    assert_eq!(refusal(&reply), (409, "Conflict".to_owned()));
}

#[test]
fn only_admin_agents_with_a_second_factor_and_the_permission_change_relationships() {
    let mut world = world();
    let wanted = later(0, "POST", SET, &proposal("Fabrikam help desk"));
    let mut weak = wanted.clone();
    weak.claims.amr = vec!["pwd".to_owned()];
    let reader = scoped(wanted.clone(), &["DelegatedAdminRelationship.Read.All"]);
    let mut elsewhere = wanted.clone();
    (elsewhere.tenant, elsewhere.claims.tid) = (id(CONTOSO), id(CONTOSO));

    assert_eq!(refusal(&handle(&mut world, &weak)), (403, "Forbidden".to_owned()));
    let denied = (403, "Authorization_RequestDenied".to_owned());
    assert_eq!(refusal(&handle(&mut world, &reader)), denied);
    assert_eq!(
        refusal(&handle(&mut world, &elsewhere)),
        (403, "Forbidden".to_owned())
    );
    world.partner.members.remove(ADMIN_AGENTS);
    assert_eq!(
        refusal(&handle(&mut world, &wanted)),
        (403, "Forbidden".to_owned())
    );
}

#[test]
fn an_app_by_itself_needs_the_service_principal_of_delegated_administration() {
    let mut world = world();
    let alone = app_only(get(PARTNER, SET), &["DelegatedAdminRelationship.Read.All"]);

    let before = handle(&mut world, &alone);
    let app = "2832473f-ec63-45fb-976f-5d45a7d4bb91";
    world
        .partner
        .app_principal(app, "Partner Customer Delegated Administration", id(PARTNER), 1);
    let after = handle(&mut world, &alone);

    assert_eq!(refusal(&before), (403, "Forbidden".to_owned()));
    assert_eq!(after.status, 200);
}

#[test]
fn a_relationship_goes_from_its_proposal_to_active_by_and_by() {
    let mut world = world();
    let id = proposed(&mut world, &proposal("Fabrikam help desk"));

    let locked = requested(&mut world, 0, &id, "lockForApproval");
    let request = body(&locked)["id"].as_str().unwrap().to_owned();
    let one = format!("{SET}/{id}/requests/{request}");

    assert_eq!(
        (locked.status.as_u16(), &body(&locked)["status"]),
        (201, &json!("created"))
    );
    assert!(locked.header("location").unwrap().ends_with(&one));
    assert_eq!(status(&mut world, 1, &id), "created");
    assert_eq!(ask(&mut world, 3, &one)["status"], "pending");
    assert_eq!(status(&mut world, 10, &id), "approvalPending");
    assert_eq!(ask(&mut world, 10, &one)["status"], "succeeded");
    assert!(world.ask(&id, Action::Approve, after(20)).is_some());
    assert_eq!(status(&mut world, 21, &id), "approved");
    assert_eq!(status(&mut world, 40, &id), "activating");
    let active = ask(&mut world, 300, &format!("{SET}/{id}"));
    assert_eq!(active["status"], "active");
    assert_eq!(active["activatedDateTime"], after(140).to_string());
    assert_eq!(active["endDateTime"], after(140 + 730 * DAY).to_string());
}

#[test]
fn the_tag_of_a_relationship_changes_with_its_status() {
    let mut world = world();
    let id = proposed(&mut world, &proposal("Fabrikam help desk"));

    let before = ask(&mut world, 0, &format!("{SET}/{id}"))["@odata.etag"].clone();
    requested(&mut world, 0, &id, "lockForApproval");
    let after = ask(&mut world, 60, &format!("{SET}/{id}"))["@odata.etag"].clone();

    assert_ne!(before, after);
}

#[test]
fn an_invitation_that_nobody_answers_is_void_after_ninety_days() {
    let mut world = world();
    let id = proposed(&mut world, &proposal("Fabrikam help desk"));
    requested(&mut world, 0, &id, "lockForApproval");

    assert_eq!(status(&mut world, 89 * DAY, &id), "approvalPending");
    assert_eq!(status(&mut world, 91 * DAY, &id), "expired");
    assert!(world.ask(&id, Action::Approve, after(91 * DAY)).is_none());
}

#[test]
fn a_refused_invitation_never_becomes_active() {
    let mut world = world();
    let id = proposed(&mut world, &proposal("Fabrikam help desk"));
    requested(&mut world, 0, &id, "lockForApproval");
    world.settle(after(60));

    assert!(world.ask(&id, Action::Reject, after(60)).is_some());

    assert_eq!(status(&mut world, DAY, &id), "terminated");
    let plain = ask(&mut world, DAY, &format!("{SET}/{id}/requests"));
    let knowing = with(
        later(DAY, "GET", &format!("{SET}/{id}/requests"), &Value::Null),
        "prefer",
        "include-unknown-enum-members",
    );
    let knowing = body(&handle(&mut world, &knowing));
    let actions = |page: &Value| -> Vec<String> {
        let rows = page["value"].as_array().unwrap().iter();
        let mut all: Vec<_> = rows
            .map(|row| row["action"].as_str().unwrap().to_owned())
            .collect();
        all.sort();
        all
    };
    assert_eq!(actions(&plain), ["lockForApproval", "unknownFutureValue"]);
    assert_eq!(actions(&knowing), ["lockForApproval", "reject"]);
}

#[test]
fn an_active_relationship_is_terminated_by_and_by() {
    let mut world = world();
    let id = first(&world);

    assert_eq!(requested(&mut world, 0, &id, "terminate").status, 201);

    assert_eq!(status(&mut world, 1, &id), "terminationRequested");
    assert_eq!(status(&mut world, 60, &id), "terminating");
    let over = ask(&mut world, HOUR, &format!("{SET}/{id}"));
    assert_eq!(over["status"], "terminated");
    assert_eq!(over["endDateTime"], over["lastModifiedDateTime"]);
    assert_eq!(
        world.directory_roles(id_of_contoso(), ACCOUNT, after(HOUR)),
        Vec::<String>::new()
    );
}

fn id_of_contoso() -> msp365_core::TenantId {
    id(CONTOSO)
}

#[test]
fn a_request_that_the_status_does_not_allow_is_a_conflict() {
    let mut world = world();
    let made = proposed(&mut world, &proposal("Fabrikam help desk"));
    let active = first(&world);
    let conflict = (409, "Conflict".to_owned());

    assert_eq!(refusal(&requested(&mut world, 0, &made, "terminate")), conflict);
    assert_eq!(
        refusal(&requested(&mut world, 0, &active, "lockForApproval")),
        conflict
    );
    assert_eq!(requested(&mut world, 0, &made, "lockForApproval").status, 201);
    assert_eq!(
        refusal(&requested(&mut world, 1, &made, "lockForApproval")),
        conflict
    );
    let wrong = (400, "BadRequest".to_owned());
    assert_eq!(refusal(&requested(&mut world, 60, &made, "approve")), wrong);
    assert_eq!(refusal(&requested(&mut world, 60, &made, "dance")), wrong);
    assert_eq!(
        refusal(&requested(&mut world, 60, "nothing", "terminate")),
        (404, "NotFound".to_owned())
    );
}
