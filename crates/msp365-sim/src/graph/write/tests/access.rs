//! Access that a relationship gives to groups of the partner.

use super::{relationships::*, *};
use crate::graph::tests::world::*;

fn assignments(world: &World) -> String {
    format!("{SET}/{}/accessAssignments", first(world))
}

fn wanted(group: &str, roles: &[&str]) -> Value {
    let roles: Vec<Value> = roles
        .iter()
        .map(|role| json!({"roleDefinitionId": role}))
        .collect();
    json!({
        "accessContainer": {"accessContainerId": group, "accessContainerType": "securityGroup"},
        "accessDetails": {"unifiedRoles": roles},
    })
}

/// The world in which nothing is assigned yet.
fn unassigned() -> World {
    let mut world = world();
    world.relationships[0].assignments.clear();
    world
}

fn assign(world: &mut World, body: &Value) -> Reply {
    let set = assignments(world);
    handle(world, &later(0, "POST", &set, body))
}

fn held(world: &World, seconds: i64) -> Vec<String> {
    world.directory_roles(id(CONTOSO), ACCOUNT, after(seconds))
}

#[test]
fn an_assignment_is_pending_and_then_active_and_gives_its_roles_from_then_on() {
    let mut world = unassigned();

    let made = assign(&mut world, &wanted(GDAP_GROUP, &[GLOBAL_READER]));
    let one = format!("{}/{}", assignments(&world), body(&made)["id"].as_str().unwrap());

    assert_eq!(
        (made.status.as_u16(), &body(&made)["status"]),
        (201, &json!("pending"))
    );
    assert!(made.header("location").unwrap().ends_with(&one));
    assert_eq!(held(&world, 10), Vec::<String>::new());
    assert_eq!(ask(&mut world, 600, &one)["status"], "active");
    assert_eq!(held(&world, 600), [GLOBAL_READER]);
}

#[test]
fn an_assignment_that_breaks_a_rule_is_refused() {
    let mut world = unassigned();
    let mut club = security_group(TEAM, "Club");
    club.insert("groupTypes".to_owned(), json!(["Unified"]));
    world.partner.groups.put(club, 1);
    let mut user = wanted(GDAP_GROUP, &[GLOBAL_READER]);
    user["accessContainer"]["accessContainerType"] = json!("user");
    let mut set = wanted(GDAP_GROUP, &[GLOBAL_READER]);
    set["status"] = json!("active");

    for wrong in [
        wanted(STAFF, &[GLOBAL_READER]),
        wanted(TEAM, &[GLOBAL_READER]),
        wanted(GDAP_GROUP, &[USER_ADMINISTRATOR]),
        wanted(GDAP_GROUP, &[]),
        user,
        set,
        json!({}),
    ] {
        let reply = assign(&mut world, &wrong);
        assert_eq!(refusal(&reply), (400, "BadRequest".to_owned()), "{wrong}");
    }
    assert_eq!(world.relationships[0].assignments.len(), 0);
}

#[test]
fn a_group_has_one_assignment_in_a_relationship_until_that_is_deleted() {
    let mut world = world();
    let one = format!(
        "{}/{}",
        assignments(&world),
        world.relationships[0].assignments[0].id
    );
    let again = wanted(GDAP_GROUP, &[GLOBAL_READER]);

    let second = assign(&mut world, &again);
    let delete = tagged(&mut world, later(0, "DELETE", &one, &Value::Null));
    let deleted = handle(&mut world, &delete);
    let deleting = ask(&mut world, 1, &one)["status"].clone();
    let gone = ask(&mut world, 600, &one)["status"].clone();
    let set = assignments(&world);
    let third = handle(&mut world, &later(600, "POST", &set, &again));

    assert_eq!(refusal(&second), (409, "Conflict".to_owned()));
    assert_eq!(deleted.status, 204);
    assert_eq!((deleting, gone), (json!("deleting"), json!("deleted")));
    assert_eq!(third.status, 201);
}

#[test]
fn only_an_active_relationship_takes_assignments() {
    let mut world = unassigned();
    world.relationships[0].stored_status = "created";

    let reply = assign(&mut world, &wanted(GDAP_GROUP, &[GLOBAL_READER]));

    assert_eq!(refusal(&reply), (409, "Conflict".to_owned()));
}

#[test]
fn other_roles_come_by_an_operation_and_the_same_ones_at_once() {
    let mut world = world();
    let one = format!(
        "{}/{}",
        assignments(&world),
        world.relationships[0].assignments[0].id
    );
    let roles = |roles: &[&str]| json!({"accessDetails": wanted("", roles)["accessDetails"]});
    let same = roles(&[APPLICATION_ADMINISTRATOR, GLOBAL_READER]);
    let less = roles(&[GLOBAL_READER]);

    let same = tagged(&mut world, later(0, "PATCH", &one, &same));
    let same = handle(&mut world, &same);
    let change = tagged(&mut world, later(0, "PATCH", &one, &less));
    let begun = handle(&mut world, &change);
    let twice = handle(&mut world, &change);
    let location = begun.header("location").unwrap().to_owned();
    let operation = location.split_once("/v1.0/").unwrap().1.to_owned();
    let before = held(&world, 1).len();
    let done = ask(&mut world, 60, &operation);

    assert_eq!(
        (same.status.as_u16(), &body(&same)["status"]),
        (200, &json!("active"))
    );
    assert_eq!(
        (begun.status.as_u16(), begun.header("retry-after")),
        (202, Some("10"))
    );
    assert_eq!(body(&begun), json!({}));
    assert_eq!(refusal(&twice), (409, "Conflict".to_owned()));
    assert_eq!((before, held(&world, 60)), (2, vec![GLOBAL_READER.to_owned()]));
    assert_eq!(
        (&done["status"], &done["operationType"]),
        (
            &json!("succeeded"),
            &json!("delegatedAdminAccessAssignmentUpdate")
        )
    );
    let data: Value = serde_json::from_str(done["data"].as_str().unwrap()).unwrap();
    assert_eq!(
        data["accessDetails"]["unifiedRoles"],
        json!([{"roleDefinitionId": GLOBAL_READER}])
    );
    let operations = format!("{SET}/{}/operations", first(&world));
    let all = ask(&mut world, 60, &operations);
    assert_eq!(all["value"].as_array().unwrap().len(), 1);
}

#[test]
fn a_change_of_an_assignment_needs_its_present_tag() {
    let mut world = world();
    let one = format!(
        "{}/{}",
        assignments(&world),
        world.relationships[0].assignments[0].id
    );
    let failed = (412, "PreconditionFailed".to_owned());

    for (method, body) in [("PATCH", wanted("", &[GLOBAL_READER])), ("DELETE", Value::Null)] {
        let bare = later(0, method, &one, &body);
        let stale = with(bare.clone(), "if-match", "W/\"b2xk\"");
        assert_eq!(refusal(&handle(&mut world, &bare)), failed, "{method}");
        assert_eq!(refusal(&handle(&mut world, &stale)), failed, "{method}");
    }
}

#[test]
fn an_assignment_whose_group_is_gone_when_its_turn_comes_ends_in_error() {
    let mut world = unassigned();
    let made = assign(&mut world, &wanted(GDAP_GROUP, &[GLOBAL_READER]));
    let one = format!("{}/{}", assignments(&world), body(&made)["id"].as_str().unwrap());

    world
        .partner
        .groups
        .remove(GDAP_GROUP, crate::world::Removed::Deleted, 9);

    assert_eq!(ask(&mut world, 600, &one)["status"], "error");
}

#[test]
fn members_of_nested_groups_of_the_partner_have_the_roles_as_long_as_they_are_members() {
    let mut world = world();
    let group = "#microsoft.graph.group";
    world.partner.groups.put(security_group(STAFF, "Staff"), 1);
    world.partner.members.remove(GDAP_GROUP);
    let none = held(&world, 0);

    world
        .partner
        .add_member(STAFF, ACCOUNT, "#microsoft.graph.user", 1);
    world.partner.add_member(GDAP_GROUP, STAFF, group, 1);
    let nested = held(&world, 0);
    world.partner.members.remove(STAFF);

    assert_eq!(none, Vec::<String>::new());
    assert_eq!(nested.len(), 2);
    assert_eq!(held(&world, 0), Vec::<String>::new());
}

#[test]
fn assignments_are_filtered_by_status_and_group() {
    let mut world = world();
    let set = assignments(&world);
    let filter = |group: &str| {
        format!("{set}?$filter=accessContainer/accessContainerId eq '{group}' and status eq 'active'")
    };

    let found = ask(&mut world, 0, &filter(GDAP_GROUP));
    let none = ask(&mut world, 0, &filter(STAFF));

    assert_eq!(found["value"].as_array().unwrap().len(), 1);
    assert_eq!(none["value"], json!([]));
}

#[test]
fn a_customer_comes_with_the_addresses_of_its_portals() {
    let mut world = world();
    let customers = "tenantRelationships/delegatedAdminCustomers";

    let found = ask(
        &mut world,
        0,
        &format!("{customers}/{CONTOSO}/serviceManagementDetails"),
    );
    let unknown = get(
        PARTNER,
        &format!("{customers}/{FABRIKAM}/serviceManagementDetails"),
    );

    let teams = found["value"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["serviceName"] == "Teams");
    assert_eq!(
        teams.unwrap()["serviceManagementUrl"],
        "https://admin.teams.microsoft.com/?delegatedOrg=contoso.onmicrosoft.example"
    );
    assert_eq!(
        refusal(&handle(&mut world, &unknown)),
        (404, "NotFound".to_owned())
    );
}

#[test]
fn any_tenant_is_found_by_its_id_or_a_domain_of_its() {
    let mut world = world();
    let find = |what: &str| {
        let target = format!("tenantRelationships/findTenantInformationBy{what}");
        scoped(get(PARTNER, &target), &["CrossTenantInformation.ReadBasic.All"])
    };

    let by_id = body(&handle(
        &mut world,
        &find(&format!("TenantId(tenantId='{CONTOSO}')")),
    ));
    let by_name = body(&handle(
        &mut world,
        &find("DomainName(domainName='CONTOSO.example')"),
    ));
    let unknown = handle(&mut world, &find("DomainName(domainName='nobody.example')"));
    let nonsense = handle(&mut world, &find("TenantId(tenantId='contoso')"));
    let denied = get(
        PARTNER,
        &format!("tenantRelationships/findTenantInformationByTenantId(tenantId='{CONTOSO}')"),
    );

    assert_eq!(
        (&by_id["displayName"], &by_id["defaultDomainName"]),
        (&json!("Contoso"), &json!("contoso.example"))
    );
    assert_eq!(by_name["tenantId"], CONTOSO);
    assert_eq!(unknown.status, 404);
    assert_eq!(nonsense.status, 400);
    assert_eq!(handle(&mut world, &denied).status, 403);
}

#[test]
fn the_partner_has_a_contract_with_each_customer_and_a_customer_has_none() {
    let mut world = world();

    let all = ask(&mut world, 0, "contracts");
    let one = ask(
        &mut world,
        0,
        &format!("contracts?$filter=customerId eq '{CONTOSO}'"),
    );
    let theirs = body(&handle(&mut world, &get(CONTOSO, "contracts")));

    assert_eq!(all["value"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&one["value"][0]["customerId"], &one["value"][0]["contractType"]),
        (&json!(CONTOSO), &json!("ResellerPartner"))
    );
    assert_eq!(theirs["value"], json!([]));
}
