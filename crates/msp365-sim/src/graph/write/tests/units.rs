//! Roles over administrative units: they hold over the members alone, and what restricts a unit keeps all others out.

use serde_json::{Value, json};

use super::*;
use crate::{graph::tests::world::*, world::units::Unit};

const UNIT: &str = "77777777-0000-4000-8000-000000000001";
const ASSIGNMENTS: &str = "roleManagement/directory/roleAssignments";

/// Contoso with Cleo in a unit.
fn with_unit(is_restricted: bool) -> World {
    let mut world = ours();
    let contoso = &mut world.customers[0];
    let unit = Unit {
        name: "York".to_owned(),
        is_restricted,
        members: [CLEO.to_owned()].into(),
    };
    contoso.register.units.insert(UNIT.to_owned(), unit);
    contoso
        .users
        .set(CLEO, "isManagementRestricted", is_restricted, 1);
    world
}

fn assign(world: &mut World, principal: &str, role: &str, scope: &str) {
    let row = object(
        json!({"id": format!("{principal} {role} {scope}"), "principalId": principal,
        "roleDefinitionId": role, "directoryScopeId": scope}),
    );
    world.customers[0].role_assignments.put(row, 1);
}

fn over_unit() -> String {
    format!("/administrativeUnits/{UNIT}")
}

/// The status of a change that Bo makes, signed in at home.
fn by_bo(world: &mut World, method: &str, target: &str, body: &Value) -> u16 {
    let mut call = call(method, CONTOSO, target, body);
    call.claims.oid = Some(BO.to_owned());
    handle(world, &call).status.as_u16()
}

fn by_account(world: &mut World, target: &str, body: &Value) -> u16 {
    send(world, "PATCH", target, body).status.as_u16()
}

#[test]
fn a_role_over_a_unit_holds_over_its_members_alone() {
    let mut world = with_unit(false);
    assign(&mut world, BO, USER_ADMINISTRATOR, &over_unit());
    let (city, block) = (json!({"city": "York"}), json!({"accountEnabled": false}));
    let (ada, cleo) = (format!("users/{ADA}"), format!("users/{CLEO}"));

    assert_eq!(by_bo(&mut world, "PATCH", &cleo, &city), 204);
    assert_eq!(by_bo(&mut world, "PATCH", &cleo, &block), 204);
    assert_eq!(by_bo(&mut world, "PATCH", &ada, &city), 403);
    assert_eq!(by_bo(&mut world, "PATCH", &ada, &block), 403);
    let new = json!({"accountEnabled": true, "displayName": "New", "mailNickname": "new",
        "userPrincipalName": "new@contoso.example", "passwordProfile": {"password": "Xy7-quiet-river"}});
    assert_eq!(by_bo(&mut world, "POST", "users", &new), 403);
}

#[test]
fn an_application_reaches_administrators_of_its_unit() {
    let mut world = with_unit(false);
    let principal = object(json!({"id": "app", "appId": APP, "displayName": "Connector"}));
    world.customers[0].service_principals.put(principal, 1);
    assign(&mut world, "app", USER_ADMINISTRATOR, &over_unit());
    assign(&mut world, CLEO, HELPDESK, "/");
    let mut status = |user: &str| {
        let block = json!({"accountEnabled": false});
        let call = call("PATCH", CONTOSO, &format!("users/{user}"), &block);
        handle(&mut world, &app_only(call, &["User.ReadWrite.All"]))
            .status
            .as_u16()
    };

    assert_eq!(status(CLEO), 204);
    assert_eq!(status(ADA), 403, "an administrator outside of it");
}

#[test]
fn a_restricted_unit_is_changed_by_roles_over_it_alone_and_read_by_all() {
    let mut world = with_unit(true);
    let (cleo, city) = (format!("users/{CLEO}"), json!({"city": "York"}));
    let block = json!({"accountEnabled": false});

    assert_eq!(by_account(&mut world, &cleo, &city), 403);
    assert_eq!(by_account(&mut world, &cleo, &block), 403);
    assert_eq!(read(&mut world, &cleo)["id"], CLEO);
    let methods = format!("{cleo}/authentication/methods");
    assert_eq!(send(&mut world, "GET", &methods, &Value::Null).status, 200);
    assert_eq!(by_bo(&mut world, "PATCH", &cleo, &city), 403);
    assign(&mut world, BO, USER_ADMINISTRATOR, &over_unit());
    assert_eq!(by_bo(&mut world, "PATCH", &cleo, &city), 204);
    assert_eq!(by_bo(&mut world, "PATCH", &cleo, &block), 204);
}

#[test]
fn a_role_over_a_unit_protects_as_the_role_does_and_over_a_restricted_one_from_all_but_the_highest() {
    let block = json!({"accountEnabled": false});
    let ada = format!("users/{ADA}");
    for (is_restricted, role, wanted) in [
        (false, USER_ADMINISTRATOR, 204),
        (false, HELPDESK, 403),
        (true, USER_ADMINISTRATOR, 403),
        (true, GLOBAL, 204),
    ] {
        let mut world = with_unit(is_restricted);
        let own = &mut world.customers[0].role_assignments;
        own.set("assignment-1", "directoryScopeId", over_unit(), 1);
        acting_as(&mut world, role);

        assert_eq!(
            by_account(&mut world, &ada, &block),
            wanted,
            "{is_restricted} {role}"
        );
    }
}

#[test]
fn a_role_is_given_over_a_unit_beside_the_whole_tenant_and_not_twice() {
    let mut world = with_unit(false);
    let wanted = |scope: &str, role: &str| json!({"principalId": BO, "roleDefinitionId": role, "directoryScopeId": scope});
    let over = wanted(&over_unit(), USER_ADMINISTRATOR);

    let made = send(&mut world, "POST", ASSIGNMENTS, &over);

    assert_eq!(body(&made)["directoryScopeId"], over_unit().as_str());
    assert_bad(
        &send(&mut world, "POST", ASSIGNMENTS, &over),
        "conflicting object",
    );
    let everywhere = wanted("/", USER_ADMINISTRATOR);
    assert_eq!(send(&mut world, "POST", ASSIGNMENTS, &everywhere).status, 201);
    let nowhere = wanted("/administrativeUnits/none", USER_ADMINISTRATOR);
    assert_bad(
        &send(&mut world, "POST", ASSIGNMENTS, &nowhere),
        "directoryScopeId",
    );
    let global = object(json!({"id": GLOBAL, "displayName": "Global Administrator", "isBuiltIn": true}));
    world.customers[0].role_definitions.put(global, 1);
    let highest = wanted(&over_unit(), GLOBAL);
    assert_bad(
        &send(&mut world, "POST", ASSIGNMENTS, &highest),
        "directoryScopeId",
    );
}

#[test]
fn a_user_is_a_member_of_its_units_and_of_roles_of_the_whole_tenant() {
    let mut world = with_unit(false);
    assign(&mut world, CLEO, USER_ADMINISTRATOR, &over_unit());

    let found = read(&mut world, &format!("users/{CLEO}/memberOf"));

    assert_eq!(ids(&found), [UNIT]);
    assert_eq!(
        found["value"][0]["@odata.type"],
        "#microsoft.graph.administrativeUnit"
    );
    let cast = format!("users/{CLEO}/memberOf/microsoft.graph.administrativeUnit");
    assert_eq!(ids(&read(&mut world, &cast)), [UNIT]);
}
