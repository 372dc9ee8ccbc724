//! What can be changed of a relationship, and what its dates and the lists say.

use jiff::Timestamp;

use super::{relationships::*, *};
use crate::graph::tests::{contract::check, world::*};

#[test]
fn everything_about_a_proposal_can_be_changed_and_it_can_be_deleted() {
    let mut world = world();
    let id = proposed(&mut world, &proposal("Fabrikam help desk"));
    let one = format!("{SET}/{id}");
    let wanted = json!({"displayName": "Contoso help desk", "duration": "P31D", "customer": {"tenantId": CONTOSO},
        "accessDetails": {"unifiedRoles": [{"roleDefinitionId": USER_ADMINISTRATOR}]}, "autoExtendDuration": "P0D"});

    let change = tagged(&mut world, later(1, "PATCH", &one, &wanted));
    let changed = handle(&mut world, &change);
    let stale = handle(&mut world, &change);
    let delete = tagged(&mut world, later(2, "DELETE", &one, &Value::Null));

    let now = body(&changed);
    assert_eq!(
        (changed.status.as_u16(), &now["displayName"]),
        (200, &json!("Contoso help desk"))
    );
    assert_eq!(
        (&now["duration"], &now["autoExtendDuration"]),
        (&json!("P31D"), &json!("PT0S"))
    );
    assert_eq!(now["customer"]["tenantId"], CONTOSO);
    assert_eq!(refusal(&stale), (412, "PreconditionFailed".to_owned()));
    assert_eq!(handle(&mut world, &delete).status, 204);
    let gone = handle(&mut world, &later(2, "GET", &one, &Value::Null));
    assert_eq!(refusal(&gone), (404, "NotFound".to_owned()));
}

#[test]
fn a_change_without_a_tag_is_refused() {
    let mut world = world();
    let one = format!("{SET}/{}", first(&world));
    let failed = (412, "PreconditionFailed".to_owned());

    for (method, body) in [
        ("PATCH", json!({"autoExtendDuration": "P180D"})),
        ("DELETE", Value::Null),
    ] {
        let reply = handle(&mut world, &later(0, method, &one, &body));
        assert_eq!(refusal(&reply), failed, "{method}");
    }
}

#[test]
fn of_an_active_relationship_only_the_extension_can_be_changed() {
    let mut world = world();
    let one = format!("{SET}/{}", first(&world));
    let more = json!({"unifiedRoles": [{"roleDefinitionId": GLOBAL_READER},
        {"roleDefinitionId": APPLICATION_ADMINISTRATOR}, {"roleDefinitionId": USER_ADMINISTRATOR}]});
    let mut change = |wanted: Value| {
        let call = tagged(&mut world, later(0, "PATCH", &one, &wanted));
        handle(&mut world, &call)
    };

    let extended = change(json!({"autoExtendDuration": "P180D"}));
    let conflict = (409, "Conflict".to_owned());

    assert_eq!(body(&extended)["autoExtendDuration"], "P180D");
    assert_eq!(refusal(&change(json!({"displayName": "Other"}))), conflict);
    assert_eq!(refusal(&change(json!({"duration": "P1D"}))), conflict);
    assert_eq!(
        refusal(&change(json!({"accessDetails": more}))),
        (400, "BadRequest".to_owned())
    );
    let delete = tagged(&mut world, later(0, "DELETE", &one, &Value::Null));
    assert_eq!(refusal(&handle(&mut world, &delete)), conflict);
}

#[test]
fn global_administrator_can_be_taken_out_of_an_active_relationship_by_an_operation() {
    let mut world = world();
    let id = first(&world);
    let one = format!("{SET}/{id}");
    world.relationships[0].roles.push(GLOBAL.to_owned());
    world.relationships[0].assignments[0]
        .roles
        .push(GLOBAL.to_owned());
    let extend = tagged(
        &mut world,
        later(0, "PATCH", &one, &json!({"autoExtendDuration": "P180D"})),
    );
    let wanted = json!({"accessDetails": {"unifiedRoles": [{"roleDefinitionId": GLOBAL_READER},
        {"roleDefinitionId": APPLICATION_ADMINISTRATOR}]}});

    let too_soon = handle(&mut world, &extend);
    let change = tagged(&mut world, later(0, "PATCH", &one, &wanted));
    let begun = handle(&mut world, &change);
    let location = begun.header("location").unwrap().to_owned();
    let place = location.split_once("/v1.0/").unwrap().1.to_owned();
    let knowing = |seconds| {
        let call = later(seconds, "GET", &place, &Value::Null);
        with(call, "prefer", "include-unknown-enum-members")
    };
    let running = body(&handle(&mut world, &knowing(6)));
    let done = body(&handle(&mut world, &knowing(60)));

    assert_eq!(refusal(&too_soon), (400, "BadRequest".to_owned()));
    assert_eq!(
        (begun.status.as_u16(), begun.header("retry-after")),
        (202, Some("10"))
    );
    assert_eq!(
        (&running["status"], &done["status"]),
        (&json!("running"), &json!("succeeded"))
    );
    assert_eq!(done["operationType"], "delegatedAdminRelationshipUpdate");
    assert_eq!(ask(&mut world, 60, &place)["operationType"], "unknownFutureValue");
    assert_eq!(world.relationships[0].roles.len(), 2);
    assert_eq!(world.relationships[0].assignments[0].roles.len(), 2);
    let extend = tagged(
        &mut world,
        later(61, "PATCH", &one, &json!({"autoExtendDuration": "P180D"})),
    );
    assert_eq!(handle(&mut world, &extend).status, 200);
}

#[test]
fn a_relationship_past_its_end_is_expiring_and_then_expired_unless_it_is_extended() {
    let mut world = world();
    let id = first(&world);
    let end = "2028-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
    let past = end.duration_since(now()).as_secs();

    assert_eq!(status(&mut world, past - 1, &id), "active");
    assert_eq!(status(&mut world, past, &id), "expiring");
    assert_eq!(status(&mut world, past + HOUR, &id), "expired");
    world.relationships[0].auto_extends = true;
    let extended = ask(&mut world, past + HOUR, &format!("{SET}/{id}"));
    assert_eq!(extended["status"], "active");
    assert_eq!(extended["endDateTime"], "2028-06-29T00:00:00Z");
}

#[test]
fn what_a_relationship_was_extended_by_stays_when_extension_is_turned_off() {
    let mut world = world();
    world.relationships[0].auto_extends = true;
    let one = format!("{SET}/{}", first(&world));
    let late = 500 * DAY;

    let off = tagged(
        &mut world,
        later(late, "PATCH", &one, &json!({"autoExtendDuration": "PT0S"})),
    );
    let changed = body(&handle(&mut world, &off));

    assert_eq!(changed["status"], "active");
    assert_eq!(
        (&changed["duration"], &changed["endDateTime"]),
        (&json!("P730D"), &json!("2028-06-29T00:00:00Z"))
    );
}

#[test]
fn lists_are_ordered_by_status_and_counted() {
    let mut world = world();
    proposed(&mut world, &proposal("Fabrikam help desk"));

    let page = ask(
        &mut world,
        0,
        &format!("{SET}?$orderby=status desc&$count=true&$top=1"),
    );

    assert_eq!(
        (&page["@odata.count"], &page["value"][0]["status"]),
        (&json!(2), &json!("created"))
    );
    assert!(page["@odata.nextLink"].is_string());
    let expanded = handle(
        &mut world,
        &get(PARTNER, &format!("{SET}?$expand=accessAssignments")),
    );
    assert_eq!(expanded.status, 400);
}

#[test]
#[cfg_attr(not(contract), ignore = "../shared/contract or python3 is not there")]
fn no_answer_about_relationships_violates_the_published_schema() {
    let mut world = world();
    let id = proposed(&mut world, &proposal("Fabrikam help desk"));
    let calls = exchanges(&world, &format!("{SET}/{id}"));

    let said = check(&mut world, &calls, "relationships");

    assert_eq!(said, format!("{} exchanges, 0 violations", calls.len()));
}

/// Calls about a proposal and about the relationship that is active.
fn exchanges(world: &World, one: &str) -> Vec<ApiCall> {
    let active = first(world);
    let assignments = format!("{SET}/{active}/accessAssignments");
    let held = format!("{assignments}/{}", world.relationships[0].assignments[0].id);
    let roles = json!({"accessDetails": {"unifiedRoles": [{"roleDefinitionId": GLOBAL_READER}]}});
    let mut group = roles.clone();
    group["accessContainer"] =
        json!({"accessContainerId": ADMIN_AGENTS, "accessContainerType": "securityGroup"});
    let any = |call: ApiCall| with(call, "if-match", "*");
    let none = Value::Null;
    vec![
        later(0, "POST", SET, &proposal("Other help desk")),
        later(0, "POST", SET, &proposal("Other help desk")),
        any(later(0, "PATCH", one, &json!({"duration": "P31D"}))),
        later(
            0,
            "POST",
            &format!("{one}/requests"),
            &json!({"action": "lockForApproval"}),
        ),
        later(9, "GET", &format!("{one}/requests"), &none),
        later(9, "GET", SET, &none),
        later(9, "POST", &assignments, &group),
        later(9, "GET", &assignments, &none),
        any(later(9, "PATCH", &held, &roles)),
        later(99, "GET", &format!("{SET}/{active}/operations"), &none),
        any(later(99, "DELETE", &held, &none)),
        later(99, "GET", &held, &none),
        later(
            99,
            "POST",
            &format!("{SET}/{active}/requests"),
            &json!({"action": "terminate"}),
        ),
        later(99, "GET", "contracts", &none),
        later(
            99,
            "GET",
            &format!("contracts?$filter=customerId eq '{CONTOSO}'"),
            &none,
        ),
        later(
            99,
            "GET",
            &format!("tenantRelationships/delegatedAdminCustomers/{CONTOSO}/serviceManagementDetails"),
            &none,
        ),
        later(
            99,
            "GET",
            &format!("tenantRelationships/findTenantInformationByTenantId(tenantId='{CONTOSO}')"),
            &none,
        ),
        later(
            99,
            "GET",
            "tenantRelationships/findTenantInformationByDomainName(domainName='nobody.example')",
            &none,
        ),
        any(later(99, "DELETE", one, &none)),
    ]
}
