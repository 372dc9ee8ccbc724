//! Reads that came with the changes.

use serde_json::{Value, json};

use super::*;
use crate::{api::ApiVersion, graph::tests::world::*};

#[test]
fn sign_ins_come_newest_first_and_are_filtered_by_user() {
    let mut world = ours();
    let bo = json!({"lastSignInDateTime": "2026-11-21T08:00:00Z"});
    world.customers[0]
        .sign_in_activity
        .insert(BO.to_owned(), object(bo).into());

    let all = read(&mut world, "auditLogs/signIns");
    let own = read(
        &mut world,
        &format!("auditLogs/signIns?$filter=userId eq '{ADA}' and createdDateTime ge 2026-11-19T00:00:00Z"),
    );

    let times: Vec<_> = all["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["createdDateTime"].as_str().unwrap())
        .collect();
    assert_eq!((times.len(), times[0]), (8, "2026-11-21T08:00:00Z"));
    assert!(times.is_sorted_by(|one, next| one >= next));
    assert_eq!(own["value"].as_array().unwrap().len(), 2);
    let one = own["value"][0]["id"].as_str().unwrap();
    assert_eq!(
        read(&mut world, &format!("auditLogs/signIns/{one}"))["userId"],
        ADA
    );
    let page = read(&mut world, "auditLogs/signIns?$top=5");
    let rest = body(&handle(
        &mut world,
        &call(
            "GET",
            CONTOSO,
            page["@odata.nextLink"]
                .as_str()
                .unwrap()
                .split_once("v1.0/")
                .unwrap()
                .1,
            &Value::Null,
        ),
    ));
    assert_eq!(
        (
            page["value"].as_array().unwrap().len(),
            rest["value"].as_array().unwrap().len()
        ),
        (5, 3)
    );
}

#[test]
fn sign_ins_need_a_premium_tenant_and_are_kept_for_thirty_days() {
    let mut world = ours();
    let mut late = call("GET", CONTOSO, "auditLogs/signIns", &Value::Null);
    late.now += std::time::Duration::from_hours(60 * 24);
    assert_eq!(body(&handle(&mut world, &late))["value"], json!([]));
    world.customers[0].has_p1 = false;
    let refused = refusal(&send(&mut world, "GET", "auditLogs/signIns", &Value::Null));
    assert_eq!(
        refused,
        (
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant".to_owned()
        )
    );
}

#[test]
fn the_authentication_requirement_is_a_property_of_beta() {
    let mut world = ours();
    let target = "auditLogs/signIns?$select=id,authenticationRequirement";
    assert_bad(
        &send(&mut world, "GET", target, &Value::Null),
        "authenticationRequirement",
    );
    let mut beta = call("GET", CONTOSO, target, &Value::Null);
    beta.version = ApiVersion::Beta;
    assert!(body(&handle(&mut world, &beta))["value"][0]["authenticationRequirement"].is_string());
}

#[test]
fn changes_of_users_are_in_the_audit_log() {
    let mut world = ours();
    let new = json!({"passwordProfile": {"password": "Xy7-quiet-river"}});
    send(&mut world, "PATCH", &format!("users/{BO}"), &new);

    let log = read(
        &mut world,
        "auditLogs/directoryAudits?$filter=activityDisplayName eq 'Change user password'",
    );

    assert_eq!(log["value"][0]["targetResources"][0]["id"], BO);
}

#[test]
fn managers_are_expanded_for_one_and_for_all_and_up_the_chain() {
    let mut world = ours();
    let managers = &mut world.customers[0].register.managers;
    managers.insert(BO.to_owned(), ADA.to_owned());
    managers.insert(ADA.to_owned(), CLEO.to_owned());

    let all = read(&mut world, "users?$select=id&$expand=manager($select=id)");
    let one = read(&mut world, &format!("users/{BO}?$expand=manager"));
    let chain = format!("users/{BO}?$select=id&$expand=manager($levels=max;$select=id)&$count=true");

    assert_eq!(
        all["value"][1]["manager"],
        json!({"@odata.type": "#microsoft.graph.user", "id": ADA})
    );
    assert!(all["value"][2].get("manager").is_none());
    assert_eq!(one["manager"]["displayName"], "Ada Lovelace");
    let asked = eventual(call("GET", CONTOSO, &chain, &Value::Null));
    assert_eq!(
        body(&handle(&mut world, &asked))["manager"]["manager"]["id"],
        CLEO
    );
    assert_eq!(
        said(&send(&mut world, "GET", &chain, &Value::Null)).1,
        "Request_UnsupportedQuery"
    );
}

#[test]
fn ids_are_resolved_whatever_they_name() {
    let mut world = ours();
    let ids_of =
        |types: Value| json!({"ids": [ADA, TEAM, "99999999-0000-4000-8000-000000000000"], "types": types});

    let all = send(
        &mut world,
        "POST",
        "directoryObjects/getByIds",
        &json!({"ids": [ADA, TEAM]}),
    );
    let people = send(
        &mut world,
        "POST",
        "directoryObjects/getByIds",
        &ids_of(json!(["user"])),
    );

    assert_eq!(ids(&body(&all)), [ADA, TEAM]);
    assert_eq!(ids(&body(&people)), [ADA]);
    assert_eq!(body(&people)["value"][0]["@odata.type"], "#microsoft.graph.user");
    let many = json!({"ids": vec![ADA; 1001]});
    assert_bad(
        &send(&mut world, "POST", "directoryObjects/getByIds", &many),
        "1000",
    );
}

#[test]
fn devices_of_a_user_are_those_it_registered() {
    let mut world = ours();
    let device = "11111111-0000-4000-8000-000000000001";
    let contoso = &mut world.customers[0];
    contoso
        .register
        .device_owners
        .insert(device.to_owned(), ADA.to_owned());
    contoso
        .managed_devices
        .set("22222222-0000-4000-8000-000000000001", "userId", ADA, 1);

    assert_eq!(
        ids(&read(&mut world, &format!("users/{ADA}/registeredDevices"))),
        [device]
    );
    assert_eq!(
        ids(&read(
            &mut world,
            &format!("users/{ADA}/ownedDevices/microsoft.graph.device")
        )),
        [device]
    );
    assert_eq!(
        ids(&read(&mut world, &format!("users/{BO}/ownedDevices"))),
        Vec::<String>::new()
    );
    assert_eq!(
        read(&mut world, &format!("users/{ADA}/managedDevices"))["value"][0]["deviceName"],
        "LAPTOP-1"
    );
}
