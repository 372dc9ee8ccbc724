use serde_json::{Value, json};

use super::*;
use crate::graph::tests::world::*;

fn located() -> World {
    let mut world = ours();
    for user in [ADA, BO, CLEO] {
        world.customers[0].users.set(user, "usageLocation", "GB", 1);
    }
    world
}

fn assign(world: &mut World, user: &str, add: &Value, remove: &Value) -> Reply {
    let body = json!({"addLicenses": add, "removeLicenses": remove});
    send(world, "POST", &format!("users/{user}/assignLicense"), &body)
}

fn consumed(world: &World, sku: &str) -> u64 {
    world.customers[0].sku(sku).unwrap()["consumedUnits"]
        .as_u64()
        .unwrap()
}

#[test]
fn a_licence_is_given_and_taken_in_one_step() {
    let mut world = located();

    let reply = assign(
        &mut world,
        ADA,
        &json!([{"skuId": PLUS, "disabledPlans": [OFFICE_WEB]}]),
        &json!([SKU]),
    );

    assert_eq!((reply.status.as_u16(), &body(&reply)["id"]), (200, &json!(ADA)));
    assert_eq!((consumed(&world, PLUS), consumed(&world, SKU)), (1, 1));
    let ada = read(
        &mut world,
        &format!("users/{ADA}?$select=assignedLicenses,licenseAssignmentStates"),
    );
    assert_eq!(
        ada["assignedLicenses"],
        json!([{"skuId": PLUS, "disabledPlans": [OFFICE_WEB]}])
    );
    assert_eq!(ada["licenseAssignmentStates"][0]["assignedByGroup"], Value::Null);
    let details = read(&mut world, &format!("users/{ADA}/licenseDetails"));
    let states: Vec<_> = details["value"][0]["servicePlans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|plan| &plan["provisioningStatus"])
        .collect();
    assert_eq!(states, ["Success", "Success", "Disabled"]);
}

#[test]
fn disabled_plans_replace_the_ones_before_without_another_unit() {
    let mut world = located();
    assign(
        &mut world,
        ADA,
        &json!([{"skuId": PLUS, "disabledPlans": [OFFICE_WEB]}]),
        &json!([]),
    );
    assign(
        &mut world,
        ADA,
        &json!([{"skuId": PLUS, "disabledPlans": [EXCHANGE]}]),
        &json!([]),
    );

    let ada = read(&mut world, &format!("users/{ADA}?$select=assignedLicenses"));
    assert_eq!(
        ada["assignedLicenses"][1],
        json!({"skuId": SKU, "disabledPlans": []})
    );
    assert_eq!(
        ada["assignedLicenses"][0],
        json!({"skuId": PLUS, "disabledPlans": [EXCHANGE]})
    );
    assert_eq!(consumed(&world, PLUS), 1);
}

#[test]
fn both_lists_are_needed_and_ids_are_guids() {
    let mut world = located();
    let target = format!("users/{ADA}/assignLicense");
    assert_bad(
        &send(&mut world, "POST", &target, &json!({"addLicenses": []})),
        "removeLicenses",
    );
    assert_bad(
        &send(&mut world, "POST", &target, &json!({"removeLicenses": []})),
        "addLicenses",
    );
    assert_bad(
        &assign(&mut world, ADA, &json!([{"skuId": "PLUS"}]), &json!([])),
        "Edm.Guid",
    );
    assert_bad(
        &assign(&mut world, ADA, &json!([{"skuId": SKU}]), &json!([SKU])),
        "both",
    );
}

#[test]
fn an_assignment_needs_a_usage_location_a_known_product_and_a_free_unit() {
    let mut world = ours();
    let plus = json!([{"skuId": PLUS}]);
    assert_bad(&assign(&mut world, ADA, &plus, &json!([])), "usage location");

    let mut world = located();
    let unknown = "99999999-0000-4000-8000-000000000000";
    assert_bad(
        &assign(&mut world, ADA, &json!([{"skuId": unknown}]), &json!([])),
        "valid company License",
    );
    assert_bad(
        &assign(
            &mut world,
            ADA,
            &json!([{"skuId": PLUS, "disabledPlans": [unknown]}]),
            &json!([]),
        ),
        "not part",
    );
    // One enabled and one in grace; suspended units do not count.
    assert_eq!(assign(&mut world, ADA, &plus, &json!([])).status, 200);
    assert_eq!(assign(&mut world, BO, &plus, &json!([])).status, 200);
    assert_bad(
        &assign(&mut world, CLEO, &plus, &json!([])),
        "does not have any available licenses",
    );
    assert_bad(
        &assign(&mut world, CLEO, &json!([]), &json!([PLUS])),
        "corresponding license",
    );
}

#[test]
fn services_exclude_and_need_each_other() {
    let mut world = located();
    let both = json!([{"skuId": PLUS}, {"skuId": KIOSK}]);
    assert_bad(&assign(&mut world, ADA, &both, &json!([])), "mutually exclusive");
    let half = json!([{"skuId": PLUS, "disabledPlans": [SHAREPOINT]}]);
    assert_bad(
        &assign(&mut world, ADA, &half, &json!([])),
        "depends on the service plan(s)",
    );
    assert_eq!(consumed(&world, PLUS), 0);
}

#[test]
fn what_a_group_hands_out_comes_and_goes_with_the_membership_alone() {
    let mut world = located();
    let licences = json!({"addLicenses": [{"skuId": PLUS, "disabledPlans": []}], "removeLicenses": []});
    let given = send(
        &mut world,
        "POST",
        &format!("groups/{TEAM}/assignLicense"),
        &licences,
    );

    assert_eq!(given.status, 202);
    assert_eq!(consumed(&world, PLUS), 2);
    assert_bad(
        &assign(&mut world, ADA, &json!([]), &json!([PLUS])),
        "inherited from a group",
    );

    // Held both ways, the direct one can go and changes nothing visible.
    assert_eq!(
        assign(&mut world, ADA, &json!([{"skuId": PLUS}]), &json!([])).status,
        200
    );
    assert_eq!(assign(&mut world, ADA, &json!([]), &json!([PLUS])).status, 200);
    assert_eq!(consumed(&world, PLUS), 2);

    let left = send(
        &mut world,
        "DELETE",
        &format!("groups/{TEAM}/members/{ADA}/$ref"),
        &Value::Null,
    );
    assert_eq!((left.status.as_u16(), consumed(&world, PLUS)), (204, 1));
}

#[test]
fn without_units_a_group_leaves_an_error_that_reprocessing_resolves() {
    let mut world = located();
    let licences = json!({"addLicenses": [{"skuId": PLUS, "disabledPlans": []}], "removeLicenses": []});
    send(
        &mut world,
        "POST",
        &format!("groups/{TEAM}/members/$ref"),
        &link(CLEO),
    );
    send(
        &mut world,
        "POST",
        &format!("groups/{TEAM}/assignLicense"),
        &licences,
    );

    let state = |world: &mut World| {
        let cleo = read(world, &format!("users/{CLEO}?$select=licenseAssignmentStates"));
        cleo["licenseAssignmentStates"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["skuId"] == PLUS)
            .unwrap()
            .clone()
    };
    assert_eq!(state(&mut world)["error"], "CountViolation");
    send(
        &mut world,
        "DELETE",
        &format!("groups/{TEAM}/members/{ADA}/$ref"),
        &Value::Null,
    );
    let again = send(
        &mut world,
        "POST",
        &format!("users/{CLEO}/reprocessLicenseAssignment"),
        &Value::Null,
    );
    assert_eq!(
        (again.status.as_u16(), &state(&mut world)["state"]),
        (200, &json!("Active"))
    );
    assert_eq!(consumed(&world, PLUS), 2);
}
