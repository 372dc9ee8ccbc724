//! What the routes answer, held against the published schema by a checker that shares no code with them.

use std::{path::Path, process::Command};

use serde_json::{Map, Value, json};

use super::world::*;
use crate::{
    api::ApiCall,
    graph::handle,
    odata,
    world::{World, plan::WorldPlan},
};

fn headers(of: &http::HeaderMap) -> Map<String, Value> {
    of.iter()
        .map(|(name, value)| (name.to_string(), json!(value.to_str().unwrap())))
        .collect()
}

fn record(world: &mut World, call: &ApiCall) -> Value {
    let reply = handle(world, call);
    let query = odata::encode(&call.query);
    let url = format!("{}/v1.0/{}?{query}", call.base, call.path.join("/"));
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let request_body = if call.body.is_empty() {
        Value::Null
    } else {
        json!(text(&call.body))
    };
    json!({
        "method": call.method.as_str(),
        "url": url,
        "request_headers": headers(&call.headers),
        "request_body": request_body,
        "status": reply.status.as_u16(),
        "response_headers": headers(&reply.headers),
        "response_body": text(&reply.body),
    })
}

/// What is asked of a customer.
const READS: [&str; 29] = [
    "organization",
    "organization?$select=id,displayName,verifiedDomains,onPremisesSyncEnabled",
    "domains",
    "domains/contoso.example?$select=id,isDefault,isVerified,model",
    "domains/unknown.example",
    "subscribedSkus",
    "users",
    "users?$top=1&$select=id,displayName,mail,jobTitle,assignedLicenses,signInActivity,createdDateTime",
    "users?$filter=userType eq 'Member' and startswith(displayName,'A')",
    "users/nobody",
    "groups",
    "groups?$select=id,displayName,groupTypes,mail,isAssignableToRole,onPremisesSyncEnabled",
    "groups/delta",
    "groups/delta?$select=displayName,members",
    "users/delta?$select=displayName,accountEnabled",
    "users/delta?$deltatoken=latest",
    "devices",
    "devices?$select=id,deviceId,displayName,trustType,isCompliant,operatingSystem,registrationDateTime",
    "deviceManagement/managedDevices",
    "deviceManagement/managedDevices?$select=id,deviceName,enrolledDateTime,model,easActivationDateTime",
    "roleManagement/directory/roleAssignments?$filter=roleDefinitionId eq 'x'",
    "roleManagement/directory/roleAssignments",
    "roleManagement/directory/roleDefinitions",
    "servicePrincipals?$filter=appId eq '00000003-0000-0000-c000-000000000000'",
    "servicePrincipals(appId='ffffffff-0000-4000-8000-000000000001')?$select=id,appId,displayName",
    "oauth2PermissionGrants?$filter=clientId eq 'x' and consentType eq 'AllPrincipals'",
    "oauth2PermissionGrants",
    "admin/reportSettings",
    "reports/getMailboxUsageDetail(period='D7')",
];

/// Every property of users that is modelled anywhere.
const USERS_IN_FULL: &str = "users?$top=999&$select=id,accountEnabled,assignedLicenses,assignedPlans,businessPhones,\
    city,companyName,country,createdDateTime,department,displayName,employeeHireDate,employeeId,employeeType,\
    externalUserState,faxNumber,givenName,identities,imAddresses,jobTitle,lastPasswordChangeDateTime,\
    licenseAssignmentStates,mail,mailNickname,mobilePhone,officeLocation,onPremisesSyncEnabled,otherMails,\
    passwordPolicies,postalCode,preferredLanguage,provisionedPlans,proxyAddresses,securityIdentifier,\
    showInAddressList,signInSessionsValidFromDateTime,state,streetAddress,surname,usageLocation,userPrincipalName,\
    userType";

fn calls() -> Vec<ApiCall> {
    let mut calls: Vec<ApiCall> = READS.iter().map(|target| get(CONTOSO, target)).collect();
    calls.push(eventual(get(
        CONTOSO,
        "users?$count=true&$filter=displayName ne 'x'&$top=1",
    )));
    calls.push(eventual(get(CONTOSO, "users/$count")));
    for target in [
        format!("users/{ADA}?$select=id,signInActivity"),
        format!("users/{ADA}/memberOf"),
        format!("users/{ADA}/transitiveMemberOf/microsoft.graph.group"),
        format!("groups/{STAFF}"),
        format!("groups/{TEAM}/members?$select=id,displayName,mail"),
        format!("groups/{TEAM}/members?$top=1"),
        format!("groups/{TEAM}/members/microsoft.graph.user"),
    ] {
        calls.push(get(CONTOSO, &target));
    }
    let relationships = "tenantRelationships/delegatedAdminRelationships";
    let one = world().relationships[0].id.clone();
    for target in [
        "me?$select=id,userPrincipalName,userType,accountEnabled".to_owned(),
        "me/transitiveMemberOf".to_owned(),
        format!("{relationships}?$filter=status eq 'active' and customer/tenantId eq '{CONTOSO}'&$top=300"),
        format!("{relationships}/{one}"),
        format!("{relationships}/{one}/accessAssignments"),
        "tenantRelationships/delegatedAdminCustomers".to_owned(),
        format!("tenantRelationships/delegatedAdminCustomers/{CONTOSO}"),
    ] {
        calls.push(get(PARTNER, &target));
    }
    calls.push(post(
        PARTNER,
        "me/checkMemberGroups",
        &json!({"groupIds": [GDAP_GROUP]}),
    ));
    calls.push(post(
        CONTOSO,
        "$batch",
        &json!({"requests": [
            {"id": "1", "method": "GET", "url": "/organization"},
            {"id": "2", "method": "GET", "url": "/users/nobody"},
            {"id": "3", "method": "GET", "url": "/domains", "dependsOn": ["2"]},
        ]}),
    ));
    calls
}

/// Holds what the calls are answered against the schema, and says what the checker says.
pub(crate) fn check(world: &mut World, calls: &[ApiCall], name: &str) -> String {
    let checker = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contract/check_traffic.py");
    let mut lines = String::new();
    for call in calls {
        lines.push_str(&record(world, call).to_string());
        lines.push('\n');
    }
    let file = std::env::temp_dir().join(format!("msp365-sim-{name}-{}.jsonl", std::process::id()));
    std::fs::write(&file, lines).unwrap();
    let run = Command::new("python3").arg(&checker).arg(&file).output().unwrap();
    std::fs::remove_file(&file).unwrap();
    String::from_utf8_lossy(&run.stdout).trim().to_owned()
}

#[test]
#[cfg_attr(not(contract), ignore = "../shared/contract or python3 is not there")]
fn no_answer_violates_the_published_schema() {
    let mut world = world();
    world.grant_consent(
        id(CONTOSO),
        crate::world::change::GRAPH_APP_ID,
        &["User.Read.All".to_owned()],
    );
    let calls = calls();

    let said = check(&mut world, &calls, "routes");

    let clean = format!("{} exchanges, 0 violations", calls.len());
    assert_eq!(said, clean);
}

#[test]
#[cfg_attr(not(contract), ignore = "../shared/contract or python3 is not there")]
fn no_object_of_a_seeded_world_violates_the_published_schema() {
    let mut world = World::build(7, &WorldPlan::sized(12, 20));
    let mut calls = Vec::new();
    for tenant in std::iter::once(&world.partner).chain(&world.customers) {
        let own = tenant.id.to_string();
        let mut targets: Vec<String> = READS.iter().map(|target| (*target).to_owned()).collect();
        targets.extend(["users?$top=999", "groups?$top=999", "devices?$top=999"].map(str::to_owned));
        targets.extend([USERS_IN_FULL, "users?$select=id,signInActivity&$top=500"].map(str::to_owned));
        targets.extend(
            tenant
                .groups
                .rows
                .keys()
                .map(|group| format!("groups/{group}/members?$top=999")),
        );
        targets.extend(
            tenant
                .users
                .rows
                .keys()
                .take(5)
                .map(|user| format!("users/{user}/transitiveMemberOf")),
        );
        calls.extend(targets.iter().map(|target| app_only(get(&own, target), &SCOPES)));
    }
    let own = world.partner.id;
    let app = "2832473f-ec63-45fb-976f-5d45a7d4bb91";
    world
        .partner
        .app_principal(app, "Partner Customer Delegated Administration", own, 1);
    for target in ["delegatedAdminRelationships?$top=300", "delegatedAdminCustomers"] {
        let partner = own.to_string();
        calls.push(app_only(
            get(&partner, &format!("tenantRelationships/{target}")),
            &SCOPES,
        ));
    }

    let said = check(&mut world, &calls, "seeded");

    let clean = format!("{} exchanges, 0 violations", calls.len());
    assert_eq!(said, clean);
}
