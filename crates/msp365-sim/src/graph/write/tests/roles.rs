use serde_json::{Value, json};

use super::*;
use crate::graph::tests::world::*;

const ASSIGNMENTS: &str = "roleManagement/directory/roleAssignments";
const REQUESTS: &str = "roleManagement/directory/roleEligibilityScheduleRequests";

fn wanted(principal: &str) -> Value {
    json!({"principalId": principal, "roleDefinitionId": USER_ADMINISTRATOR, "directoryScopeId": "/"})
}

#[test]
fn a_role_is_assigned_once_and_taken_away() {
    let mut world = ours();

    let made = send(&mut world, "POST", ASSIGNMENTS, &wanted(BO));

    let id = body(&made)["id"].as_str().unwrap().to_owned();
    assert_eq!(made.status, 201);
    assert_bad(
        &send(&mut world, "POST", ASSIGNMENTS, &wanted(BO)),
        "conflicting object",
    );
    let found = read(
        &mut world,
        &format!("{ASSIGNMENTS}?$filter=principalId eq '{BO}'"),
    );
    assert_eq!(ids(&found), [id.as_str()]);
    assert_eq!(
        send(&mut world, "DELETE", &format!("{ASSIGNMENTS}/{id}"), &Value::Null).status,
        204
    );
    assert_eq!(
        said(&send(
            &mut world,
            "DELETE",
            &format!("{ASSIGNMENTS}/{id}"),
            &Value::Null
        ))
        .0,
        404
    );
}

#[test]
fn groups_hold_roles_only_if_they_were_made_for_it() {
    let mut world = ours();
    assert_bad(
        &send(&mut world, "POST", ASSIGNMENTS, &wanted(TEAM)),
        "isAssignableToRole",
    );
    world.customers[0].groups.set(TEAM, "isAssignableToRole", true, 1);
    assert_eq!(send(&mut world, "POST", ASSIGNMENTS, &wanted(TEAM)).status, 201);
    assert_eq!(
        said(&send(&mut world, "POST", ASSIGNMENTS, &wanted("nobody"))).0,
        404
    );
    let mut nowhere = wanted(BO);
    nowhere["directoryScopeId"] = Value::Null;
    assert_bad(
        &send(&mut world, "POST", ASSIGNMENTS, &nowhere),
        "directoryScopeId",
    );
}

#[test]
fn only_those_who_administer_roles_assign_them() {
    let mut world = ours();
    acting_as(&mut world, USER_ADMINISTRATOR);
    assert_eq!(said(&send(&mut world, "POST", ASSIGNMENTS, &wanted(BO))).0, 403);
}

#[test]
fn activated_roles_have_members_by_id_and_by_template() {
    let mut world = ours();
    let by_template = format!("directoryRoles(roleTemplateId='{USER_ADMINISTRATOR}')");
    let role = read(&mut world, &by_template);
    let members = format!("directoryRoles/{}/members", role["id"].as_str().unwrap());

    assert_eq!(
        ids(&read(&mut world, "directoryRoles")),
        [role["id"].as_str().unwrap()]
    );
    assert_eq!(ids(&read(&mut world, &format!("{by_template}/members"))), [ADA]);
    assert_eq!(
        send(&mut world, "POST", &format!("{members}/$ref"), &link(BO)).status,
        204
    );
    assert_bad(
        &send(&mut world, "POST", &format!("{members}/$ref"), &link(BO)),
        "already exist",
    );
    assert_eq!(ids(&read(&mut world, &members)), [ADA, BO]);
    assert_eq!(
        send(
            &mut world,
            "DELETE",
            &format!("{members}/{BO}/$ref"),
            &Value::Null
        )
        .status,
        204
    );
    assert_eq!(
        said(&send(
            &mut world,
            "DELETE",
            &format!("{members}/{BO}/$ref"),
            &Value::Null
        ))
        .0,
        404
    );
    assert_bad(
        &send(
            &mut world,
            "POST",
            "directoryRoles",
            &json!({"roleTemplateId": USER_ADMINISTRATOR}),
        ),
        "conflicting",
    );
}

#[test]
fn eligibility_needs_the_second_premium_licence() {
    let mut world = ours();
    let instances = "roleManagement/directory/roleEligibilityScheduleInstances";
    let mut request = wanted(BO);
    request["action"] = json!("adminAssign");
    request["scheduleInfo"] = json!({"expiration": {"type": "afterDuration", "duration": "P90D"}});
    let missing = (400, "AadPremiumLicenseRequired".to_owned());

    assert_eq!(
        refusal(&send(&mut world, "GET", instances, &Value::Null)),
        missing
    );
    assert_eq!(refusal(&send(&mut world, "POST", REQUESTS, &request)), missing);

    world.customers[0].subscribed_skus[0]["servicePlans"] =
        json!([{"servicePlanId": PLUS, "servicePlanName": "AAD_PREMIUM_P2"}]);
    let made = send(&mut world, "POST", REQUESTS, &request);
    assert_eq!(
        (made.status.as_u16(), &body(&made)["status"]),
        (201, &json!("Provisioned"))
    );
    let found = read(&mut world, instances);
    assert_eq!(found["value"][0]["endDateTime"], "2027-02-20T12:00:00Z");
    assert_eq!(
        refusal(&send(&mut world, "POST", REQUESTS, &request)).1,
        "RoleAssignmentExists"
    );
    request["action"] = json!("adminRemove");
    assert_eq!(send(&mut world, "POST", REQUESTS, &request).status, 201);
    assert_eq!(read(&mut world, instances)["value"], json!([]));
}
