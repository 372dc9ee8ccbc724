//! Changes and what they answer, held against the published schema.

use serde_json::{Value, json};

use super::*;
use crate::{
    graph::tests::{contract::check, world::*},
    permissions,
    world::change::{GRAPH_APP_ID, PARTNER_CENTER_APP_ID},
};

/// Method, target and body.
type Step = (&'static str, String, Value);

fn of_users() -> Vec<Step> {
    let user = json!({
        "accountEnabled": true, "displayName": "Dee", "mailNickname": "dee", "usageLocation": "GB",
        "userPrincipalName": "dee@contoso.example",
        "passwordProfile": {"password": "Xy7-quiet-river", "forceChangePasswordNextSignIn": true},
    });
    let bo = format!("users/{BO}");
    let change = json!({"jobTitle": "Analyst", "usageLocation": "GB", "accountEnabled": false});
    vec![
        ("POST", "users".into(), user.clone()),
        ("POST", "users".into(), user),
        ("PATCH", bo.clone(), change),
        ("PATCH", bo.clone(), json!({"usageLocation": null})),
        ("PUT", format!("{bo}/manager/$ref"), link(ADA)),
        ("GET", format!("{bo}/manager"), Value::Null),
        ("GET", format!("users/{ADA}/directReports"), Value::Null),
        ("DELETE", format!("{bo}/manager/$ref"), Value::Null),
        ("GET", format!("{bo}/manager"), Value::Null),
        ("GET", format!("{bo}/registeredDevices"), Value::Null),
        ("GET", format!("{bo}/ownedDevices"), Value::Null),
        ("GET", format!("{bo}/managedDevices"), Value::Null),
        ("GET", format!("{bo}/appRoleAssignments"), Value::Null),
        ("POST", format!("{bo}/revokeSignInSessions"), Value::Null),
    ]
}

fn of_licences() -> Vec<Step> {
    let bo = format!("users/{BO}");
    let assign = |add: Value, remove: Value| json!({"addLicenses": add, "removeLicenses": remove});
    let detail = "?$select=assignedLicenses,licenseAssignmentStates,assignedPlans";
    let add = |sku: &str| json!([{"skuId": sku, "disabledPlans": []}]);
    vec![
        (
            "POST",
            format!("{bo}/assignLicense"),
            assign(add(PLUS), json!([])),
        ),
        (
            "POST",
            format!("{bo}/assignLicense"),
            assign(json!([]), json!([KIOSK])),
        ),
        ("GET", format!("{bo}{detail}"), Value::Null),
        ("GET", format!("{bo}/licenseDetails"), Value::Null),
        ("POST", format!("{bo}/reprocessLicenseAssignment"), Value::Null),
        (
            "POST",
            format!("groups/{TEAM}/assignLicense"),
            assign(add(SKU), json!([])),
        ),
    ]
}

fn of_methods() -> Vec<Step> {
    let below = format!("users/{BO}/authentication");
    let policy =
        "policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass";
    let policy_type = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";
    let password = "28c10230-6103-485e-b985-444c60001490";
    let passes = format!("{below}/temporaryAccessPassMethods");
    vec![
        ("GET", format!("{below}/methods"), Value::Null),
        (
            "POST",
            format!("{below}/methods/{password}/resetPassword"),
            json!({}),
        ),
        ("POST", passes.clone(), json!({"lifetimeInMinutes": 60})),
        ("GET", passes.clone(), Value::Null),
        ("GET", policy.into(), Value::Null),
        (
            "PATCH",
            policy.into(),
            json!({"@odata.type": policy_type, "state": "disabled"}),
        ),
        ("POST", passes, json!({})),
    ]
}

fn of_groups() -> Vec<Step> {
    let group = json!({"displayName": "Club", "mailEnabled": true, "mailNickname": "club", "securityEnabled": false,
        "groupTypes": ["Unified"],
        "members@odata.bind": [format!("https://graph.microsoft.com/v1.0/directoryObjects/{ADA}")]});
    let team = format!("groups/{TEAM}");
    vec![
        ("POST", "groups".into(), group.clone()),
        ("POST", "groups".into(), group),
        ("PATCH", team.clone(), json!({"description": "People"})),
        ("POST", format!("{team}/members/$ref"), link(CLEO)),
        ("POST", format!("{team}/members/$ref"), link(CLEO)),
        ("DELETE", format!("{team}/members/{CLEO}/$ref"), Value::Null),
        ("POST", format!("{team}/owners/$ref"), link(CLEO)),
        ("GET", format!("{team}/owners"), Value::Null),
        ("DELETE", format!("{team}/owners/{CLEO}/$ref"), Value::Null),
        ("GET", format!("groups/{STAFF}/transitiveMembers"), Value::Null),
        ("GET", format!("groups/{STAFF}/appRoleAssignments"), Value::Null),
        ("DELETE", team, Value::Null),
    ]
}

fn of_roles() -> Vec<Step> {
    let role = json!({"@odata.type": "#microsoft.graph.unifiedRoleAssignment", "principalId": CLEO,
        "roleDefinitionId": USER_ADMINISTRATOR, "directoryScopeId": "/"});
    let management = "roleManagement/directory";
    vec![
        ("POST", format!("{management}/roleAssignments"), role),
        (
            "GET",
            format!("{management}/roleEligibilityScheduleInstances"),
            Value::Null,
        ),
        ("GET", "directoryRoles".into(), Value::Null),
        (
            "GET",
            format!("directoryRoles(roleTemplateId='{USER_ADMINISTRATOR}')/members"),
            Value::Null,
        ),
        ("GET", "directoryRoleTemplates".into(), Value::Null),
    ]
}

fn of_reading() -> Vec<Step> {
    vec![
        ("GET", "auditLogs/signIns?$top=2".into(), Value::Null),
        (
            "GET",
            format!("auditLogs/signIns?$filter=userId eq '{ADA}'"),
            Value::Null,
        ),
        ("GET", "auditLogs/directoryAudits".into(), Value::Null),
        (
            "GET",
            "users?$select=id,displayName&$expand=manager($select=id,displayName)".into(),
            Value::Null,
        ),
        (
            "POST",
            "directoryObjects/getByIds".into(),
            json!({"ids": [ADA, TEAM], "types": ["user", "group"]}),
        ),
    ]
}

fn of_relations() -> Vec<Step> {
    let get = |target: String| ("GET", target, Value::Null);
    let device = "devices/11111111-0000-4000-8000-000000000001";
    let security = json!({"securityEnabledOnly": true});
    vec![
        get(format!(
            "users/{ADA}?$select=id,displayName&$expand=memberOf($select=id,displayName)"
        )),
        get(format!("groups/{TEAM}?$expand=members($select=id,displayName)")),
        get(format!("groups/{TEAM}?$expand=owners")),
        get("directoryRoles?$expand=members".into()),
        get("directoryRoleTemplates".into()),
        get(format!("users/{ADA}/ownedObjects")),
        get(format!("users/{ADA}/createdObjects")),
        get(format!("users/{ADA}/transitiveMemberOf")),
        get(format!("users/{ADA}/oauth2PermissionGrants")),
        get(format!("groups/{TEAM}/memberOf")),
        get(format!("{device}/registeredOwners")),
        get(format!("{device}/registeredUsers")),
        get(format!("{device}?$expand=registeredOwners")),
        get("roleManagement/directory/roleAssignments?$expand=principal($select=id)".into()),
        get("roleManagement/directory/roleAssignments?$expand=roleDefinition".into()),
        get("roleManagement/directory/roleEligibilitySchedules?$expand=principal".into()),
        get("roleManagement/directory/roleEligibilityScheduleRequests".into()),
        get("roleManagement/directory/roleAssignmentScheduleInstances".into()),
        get("directory/subscriptions".into()),
        get("reports/authenticationMethods/userRegistrationDetails".into()),
        get("reports/getTeamsUserActivityUserDetail(period='D30')".into()),
        get("reports/getEmailActivityUserDetail(date=2026-11-18)".into()),
        (
            "PATCH",
            "admin/reportSettings".into(),
            json!({"displayConcealedNames": true}),
        ),
        ("POST", format!("users/{ADA}/getMemberGroups"), security.clone()),
        ("POST", format!("users/{ADA}/getMemberObjects"), security),
        (
            "POST",
            format!("users/{ADA}/checkMemberObjects"),
            json!({"ids": [TEAM]}),
        ),
        ("PATCH", device.into(), json!({"accountEnabled": false})),
        ("POST", format!("{device}/registeredOwners/$ref"), link(BO)),
        (
            "DELETE",
            format!("{device}/registeredOwners/{BO}/$ref"),
            Value::Null,
        ),
        ("DELETE", device.into(), Value::Null),
    ]
}

fn of_apps(client: &str, graph: &str) -> Vec<Step> {
    let get = |target: String| ("GET", target, Value::Null);
    let own = format!("servicePrincipals/{client}");
    vec![
        (
            "POST",
            "applications".into(),
            json!({"displayName": "Ada's tool"}),
        ),
        get("applications".into()),
        get("applications/delta".into()),
        get(format!("servicePrincipals/{graph}")),
        get("servicePrincipals/delta".into()),
        get(format!("{own}/memberOf")),
        get(format!("{own}/owners")),
        get(format!("{own}/delegatedPermissionClassifications")),
        ("PATCH", own, json!({"notes": "ours"})),
        (
            "POST",
            "servicePrincipals".into(),
            json!({"appId": PARTNER_CENTER_APP_ID}),
        ),
    ]
}

fn of_grants((client, graph): (&str, &str), grant: &str) -> Vec<Step> {
    let get = |target: String| ("GET", target, Value::Null);
    let default = "00000000-0000-0000-0000-000000000000";
    let role = json!({"principalId": client, "resourceId": graph,
        "appRoleId": "df021288-bdef-4463-88db-98f22de89214"});
    let access = json!({"principalId": BO, "resourceId": client, "appRoleId": default});
    let wish = json!({"changeType": "updated", "notificationUrl": "https://hooks.contoso.example/",
        "resource": "users", "expirationDateTime": "2026-12-01T00:00:00Z", "clientState": "x"});
    let (own, to) = (
        format!("servicePrincipals/{client}"),
        format!("servicePrincipals/{graph}/appRoleAssignedTo"),
    );
    let grant = format!("oauth2PermissionGrants/{grant}");
    vec![
        ("POST", to.clone(), role.clone()),
        ("POST", to, role),
        ("POST", format!("users/{BO}/appRoleAssignments"), access),
        get(format!("{own}/appRoleAssignments")),
        get(format!("{own}/appRoleAssignedTo")),
        get(format!("{own}/oauth2PermissionGrants")),
        ("PATCH", grant.clone(), json!({"scope": "User.Read"})),
        ("DELETE", grant, Value::Null),
        ("POST", "subscriptions".into(), wish),
        get("subscriptions".into()),
        ("DELETE", own, Value::Null),
    ]
}

fn of_leaving() -> Vec<Step> {
    let bo = format!("users/{BO}");
    vec![
        ("DELETE", bo.clone(), Value::Null),
        (
            "GET",
            "directory/deletedItems/microsoft.graph.user".into(),
            Value::Null,
        ),
        (
            "POST",
            format!("directory/deletedItems/{BO}/restore"),
            Value::Null,
        ),
        ("DELETE", bo, Value::Null),
        ("DELETE", format!("directory/deletedItems/{BO}"), Value::Null),
        ("GET", "groups/delta".into(), Value::Null),
        ("GET", "users/delta".into(), Value::Null),
    ]
}

#[test]
#[cfg_attr(not(contract), ignore = "../shared/contract or python3 is not there")]
fn no_change_and_no_answer_to_one_violates_the_published_schema() {
    let mut world = ours();
    let calls: Vec<_> = [
        of_users(),
        of_licences(),
        of_methods(),
        of_groups(),
        of_roles(),
        of_reading(),
        of_leaving(),
    ]
    .iter()
    .flatten()
    .map(|(method, target, body)| call(method, CONTOSO, target, body))
    .collect();

    let said = check(&mut world, &calls, "changes");

    let clean = format!("{} exchanges, 0 violations", calls.len());
    assert_eq!(said, clean);
}

#[test]
#[cfg_attr(not(contract), ignore = "../shared/contract or python3 is not there")]
fn no_answer_about_apps_and_relations_violates_the_published_schema() {
    let mut world = ours();
    world.register_apps();
    world.grant_consent(id(CONTOSO), GRAPH_APP_ID, &["User.Read.All".to_owned()]);
    let tenant = &world.customers[0];
    let of = |app: &str| tenant.principal_of(app).unwrap().to_owned();
    let (client, graph) = (of(APP), of(GRAPH_APP_ID));
    let grant = tenant.permission_grants.present().next().unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let steps = of_relations().into_iter().chain(of_apps(&client, &graph));
    let steps = steps.chain(of_grants((&client, &graph), &grant));
    let calls: Vec<_> = steps
        .map(|(method, target, sent)| {
            let mut call = call(method, CONTOSO, &target, &sent);
            call.claims.scp = permissions::scopes().map(|scope| scope.name.to_owned()).collect();
            call
        })
        .collect();

    let said = check(&mut world, &calls, "apps");

    let clean = format!("{} exchanges, 0 violations", calls.len());
    assert_eq!(said, clean);
}
