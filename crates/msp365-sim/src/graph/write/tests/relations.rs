//! What hangs on what: relations read on their own, with an object, or counted.

use serde_json::{Value, json};

use super::*;
use crate::graph::tests::world::{
    ACCOUNT, ADA, BO, PARTNER, STAFF, TEAM, USER_ADMINISTRATOR, body, eventual, get, ids, scoped,
};

fn counted(world: &mut World, target: &str) -> String {
    let reply = handle(world, &eventual(call("GET", CONTOSO, target, &Value::Null)));
    String::from_utf8(reply.body.to_vec()).unwrap()
}

#[test]
fn members_come_with_their_group_if_asked_for() {
    let mut world = ours();

    let group = read(
        &mut world,
        &format!("groups/{TEAM}?$select=id&$expand=members($select=id,displayName)"),
    );

    let names: Vec<_> = group["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["displayName"].clone())
        .collect();
    assert_eq!(names, ["Ada Lovelace", "Bo O'Neil"]);
    assert_eq!(group["members"][0]["@odata.type"], "#microsoft.graph.user");
}

#[test]
fn no_more_than_twenty_objects_come_with_one() {
    let mut world = ours();
    for number in 0..30 {
        let id = format!("dddddddd-0000-4000-9000-{number:012}");
        let row = crate::graph::tests::world::user(&id, "Cleo", "cleo@contoso.example");
        world.customers[0].users.put(row, 1);
        world.customers[0].add_member(STAFF, &id, "#microsoft.graph.user", 1);
    }

    let group = read(&mut world, &format!("groups/{STAFF}?$expand=members"));

    assert_eq!(group["members"].as_array().unwrap().len(), 20);
}

#[test]
fn who_holds_a_role_comes_with_the_assignment() {
    let mut world = ours();

    let page = read(
        &mut world,
        "roleManagement/directory/roleAssignments?$expand=principal($select=id,displayName)",
    );
    let roles = read(&mut world, "directoryRoles?$expand=members");

    assert_eq!(page["value"][0]["principal"]["displayName"], "Ada Lovelace");
    let of = |row: &&Value| row["roleTemplateId"] == USER_ADMINISTRATOR;
    let role = roles["value"].as_array().unwrap().iter().find(of).unwrap();
    assert_eq!(role["members"][0]["id"], ADA);
}

#[test]
fn relations_are_counted_as_a_whole_and_by_type() {
    let mut world = ours();

    assert_eq!(counted(&mut world, &format!("groups/{TEAM}/members/$count")), "2");
    assert_eq!(
        counted(
            &mut world,
            &format!("groups/{STAFF}/transitiveMembers/microsoft.graph.user/$count")
        ),
        "2"
    );
    assert_eq!(
        counted(
            &mut world,
            &format!("users/{ADA}/transitiveMemberOf/microsoft.graph.group/$count")
        ),
        "2"
    );
    assert_eq!(counted(&mut world, "devices/$count"), "1");
}

#[test]
fn the_groups_of_any_object_are_listed_and_checked() {
    let mut world = ours();
    let mut asked = |target: &str, sent: Value| {
        let reply = send(&mut world, "POST", target, &sent);
        (reply.status.as_u16(), body(&reply)["value"].clone())
    };
    let secure = json!({"securityEnabledOnly": true});

    let (_, of_ada) = asked(&format!("users/{ADA}/getMemberGroups"), secure.clone());
    let (_, objects) = asked(
        &format!("directoryObjects/{ADA}/getMemberObjects"),
        secure.clone(),
    );
    let (_, checked) = asked(
        &format!("groups/{TEAM}/checkMemberObjects"),
        json!({"ids": [STAFF, BO]}),
    );
    let (unasked, _) = asked(&format!("users/{ADA}/getMemberGroups"), json!({}));
    let (unknown, _) = asked("users/nobody/getMemberGroups", secure);

    assert_eq!(of_ada, json!([STAFF, TEAM]));
    assert_eq!(objects.as_array().unwrap().len(), 3, "two groups and a role");
    assert_eq!(checked, json!([STAFF]));
    assert_eq!((unasked, unknown), (400, 404));
}

#[test]
fn one_s_own_relations_need_no_more_than_user_read() {
    let mut world = ours();
    let mut status = |target: &str| {
        let call = scoped(get(PARTNER, target), &["User.Read"]);
        handle(&mut world, &call).status.as_u16()
    };

    for below in [
        "",
        "/licenseDetails",
        "/ownedDevices",
        "/registeredDevices",
        "/ownedObjects",
        "/memberOf",
    ] {
        assert_eq!(status(&format!("me{below}")), 200, "{below}");
    }
    assert_eq!(status(&format!("users/{ACCOUNT}/licenseDetails")), 200);
}

#[test]
fn users_change_what_is_their_own_and_no_more() {
    let mut world = ours();
    let mut change = |sent: Value| {
        let mut call = scoped(call("PATCH", PARTNER, "me", &sent), &["User.ReadWrite"]);
        call.claims.oid = Some(ACCOUNT.to_owned());
        handle(&mut world, &call).status.as_u16()
    };

    assert_eq!(change(json!({"mobilePhone": "+44 20 7946 0000"})), 204);
    assert_eq!(change(json!({"jobTitle": "Chief"})), 403);
    assert_eq!(
        world.partner.users.get(ACCOUNT).unwrap()["mobilePhone"],
        "+44 20 7946 0000"
    );
}

#[test]
fn a_device_is_registered_for_one_user() {
    let mut world = ours();
    let device = "11111111-0000-4000-8000-000000000001";
    let owners = format!("devices/{device}/registeredOwners");
    let mut send = |method: &str, target: &str, sent: &Value| {
        let mut call = call(method, CONTOSO, target, sent);
        call.claims.app_only = true;
        call.claims.roles = vec!["Device.ReadWrite.All".to_owned(), "Device.Read.All".to_owned()];
        handle(&mut world, &call)
    };

    let added = send("POST", &format!("{owners}/$ref"), &link(BO)).status.as_u16();
    let again = send("POST", &format!("{owners}/$ref"), &link(BO)).status.as_u16();
    let listed = body(&send("GET", &owners, &Value::Null));
    let removed = send("DELETE", &format!("{owners}/{BO}/$ref"), &Value::Null)
        .status
        .as_u16();
    let left = body(&send("GET", &owners, &Value::Null));

    assert_eq!((added, again, removed), (204, 400, 204));
    assert_eq!(ids(&listed), [BO]);
    assert!(ids(&left).is_empty());
}

#[test]
fn a_group_has_a_team_where_it_says_so() {
    let mut world = ours();
    world.customers[0]
        .groups
        .set(TEAM, "resourceProvisioningOptions", json!(["Team"]), 2);

    let team = read(&mut world, &format!("groups/{TEAM}/team"));
    let joined = read(&mut world, &format!("users/{ADA}/joinedTeams"));
    let none = send(&mut world, "GET", &format!("groups/{STAFF}/team"), &Value::Null);

    assert_eq!(
        (&team["id"], &team["displayName"]),
        (&json!(TEAM), &json!("Team"))
    );
    assert_eq!(ids(&joined), [TEAM]);
    assert_eq!(none.status, 404);
}

#[test]
fn what_was_bought_adds_up_to_what_can_be_assigned() {
    let mut world = ours();
    let bought = json!([ADA, BO]);
    world.customers[0].subscribed_skus[0].insert("subscriptionIds".to_owned(), bought);

    let page = read(
        &mut world,
        "directory/subscriptions?$filter=skuPartNumber eq 'ENTERPRISEPACK'",
    );

    let rows = page["value"].as_array().unwrap();
    let units: Vec<u64> = rows
        .iter()
        .map(|row| row["totalLicenses"].as_u64().unwrap())
        .collect();
    assert_eq!(units.iter().sum::<u64>(), 5);
    assert_eq!(rows[0]["ownerTenantId"], PARTNER);
    let commerce = rows[0]["commerceSubscriptionId"].as_str().unwrap();
    let one = read(
        &mut world,
        &format!("directory/subscriptions(commerceSubscriptionId='{commerce}')"),
    );
    assert_eq!(one["id"], rows[0]["id"]);
}

#[test]
fn eligibility_shows_as_instance_schedule_and_request_until_it_ends() {
    let mut world = ours();
    let plan = plan("eec0eb4f-6444-4f95-aba0-50c24d67f998", "AAD_PREMIUM_P2");
    let all = "roleManagement/directory";
    let refused = send(
        &mut world,
        "GET",
        &format!("{all}/roleEligibilitySchedules"),
        &Value::Null,
    )
    .status;
    world.customers[0].subscribed_skus[0].insert("servicePlans".to_owned(), json!([plan]));
    let wanted = json!({"action": "adminAssign", "principalId": BO, "roleDefinitionId": USER_ADMINISTRATOR,
        "directoryScopeId": "/", "scheduleInfo": {"expiration": {"type": "afterDuration", "duration": "P90D"}}});

    let made = send(
        &mut world,
        "POST",
        &format!("{all}/roleEligibilityScheduleRequests"),
        &wanted,
    );

    assert_eq!((refused.as_u16(), made.status.as_u16()), (400, 201));
    let schedule = read(
        &mut world,
        &format!("{all}/roleEligibilitySchedules?$expand=principal"),
    );
    assert_eq!(schedule["value"][0]["id"], body(&made)["id"]);
    assert_eq!(schedule["value"][0]["principal"]["id"], BO);
    assert_eq!(
        schedule["value"][0]["scheduleInfo"]["expiration"]["type"],
        "afterDateTime"
    );
    let active = read(&mut world, &format!("{all}/roleAssignmentScheduleInstances"));
    assert_eq!(active["value"][0]["assignmentType"], "Assigned");
    let mut later = call(
        "GET",
        CONTOSO,
        &format!("{all}/roleEligibilityScheduleInstances"),
        &Value::Null,
    );
    later.now = crate::world::access::later(later.now, 91);
    assert!(ids(&body(&handle(&mut world, &later))).is_empty());
}

#[test]
fn a_narrow_permission_sets_its_properties_and_no_others() {
    let mut world = ours();
    let mut change = |sent: Value| {
        let call = call("PATCH", CONTOSO, &format!("users/{BO}"), &sent);
        let call = scoped(call, &["User-Phone.ReadWrite.All"]);
        handle(&mut world, &call).status.as_u16()
    };

    assert_eq!(change(json!({"mobilePhone": "+44 20 7946 0000"})), 204);
    assert_eq!(change(json!({"accountEnabled": false})), 403);
    assert_eq!(change(json!({"mobilePhone": null, "jobTitle": "Chief"})), 403);
}
