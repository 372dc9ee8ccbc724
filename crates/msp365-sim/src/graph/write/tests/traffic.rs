//! Changes and what they answer, held against the published schema.

use serde_json::{Value, json};

use super::*;
use crate::graph::tests::{contract::check, world::*};

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
