//! The rules of changes, over the world made by hand.

mod access;
mod apps;
mod changes;
mod groups;
mod licences;
mod methods;
mod privilege;
mod reach;
mod reads;
mod relations;
mod relationships;
mod replicas;
mod roles;
mod traffic;
mod units;
mod users;

use bytes::Bytes;
use http::Method;
use msp365_core::Reply;
use serde_json::{Value, json};

use crate::{
    api::ApiCall,
    graph::{
        handle,
        tests::world::{CONTOSO, get, refusal, with, world},
    },
    world::{World, access::object},
};

pub(super) const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
pub(super) const HELPDESK: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";

/// What a tool that changes things asks for.
pub(super) const WRITING: [&str; 16] = [
    "Application.ReadWrite.All",
    "AuditLog.Read.All",
    "CrossTenantInformation.ReadBasic.All",
    "DelegatedAdminRelationship.ReadWrite.All",
    "Directory.AccessAsUser.All",
    "Directory.ReadWrite.All",
    "Group.ReadWrite.All",
    "GroupMember.ReadWrite.All",
    "LicenseAssignment.ReadWrite.All",
    "Organization.Read.All",
    "Policy.ReadWrite.AuthenticationMethod",
    "Reports.Read.All",
    "RoleManagement.ReadWrite.Directory",
    "User.ReadWrite.All",
    "DeviceManagementManagedDevices.Read.All",
    "UserAuthenticationMethod.ReadWrite.All",
];

/// The world in which the service account is Global Administrator of Contoso, and Contoso has bought something.
pub(crate) fn ours() -> World {
    let mut world = world();
    acting_as(&mut world, GLOBAL);
    let contoso = &mut world.customers[0];
    contoso.subscribed_skus.push(object(json!({
        "id": format!("{CONTOSO}_{PLUS}"), "skuId": PLUS, "skuPartNumber": "PLUS", "appliesTo": "User",
        "capabilityStatus": "Enabled", "consumedUnits": 0, "subscriptionIds": [],
        "prepaidUnits": {"enabled": 1, "warning": 1, "suspended": 7, "lockedOut": 0},
        "servicePlans": [
            plan(EXCHANGE, "EXCHANGE_S_ENTERPRISE"), plan(SHAREPOINT, "SHAREPOINTENTERPRISE"),
            plan(OFFICE_WEB, "SHAREPOINTWAC"),
        ],
    })));
    contoso.subscribed_skus.push(object(json!({
        "id": format!("{CONTOSO}_{KIOSK}"), "skuId": KIOSK, "skuPartNumber": "KIOSK", "appliesTo": "User",
        "capabilityStatus": "Enabled", "consumedUnits": 0, "subscriptionIds": [],
        "prepaidUnits": {"enabled": 9, "warning": 0, "suspended": 0, "lockedOut": 0},
        "servicePlans": [plan("4a82b400-a79f-41a4-b4e2-e94f5787b113", "EXCHANGE_S_DESKLESS")],
    })));
    world
}

pub(super) const PLUS: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";
pub(super) const KIOSK: &str = "66b55226-6b4f-492c-910c-a3b7a3c9d993";
pub(super) const EXCHANGE: &str = "efb87545-963c-4e0d-99df-69c6916d9eb0";
pub(super) const SHAREPOINT: &str = "5dbe027f-2339-4123-9542-606e4d348a72";
pub(super) const OFFICE_WEB: &str = "e95bec33-7c88-4a70-8e19-b10bd9d0c014";

fn plan(id: &str, name: &str) -> Value {
    json!({"servicePlanId": id, "servicePlanName": name, "provisioningStatus": "Success", "appliesTo": "User"})
}

/// Gives the service account one role in Contoso.
pub(super) fn acting_as(world: &mut World, role: &str) {
    world.relationships[0].assignments[0].roles = vec![role.to_owned()];
}

/// A call of the service account with every permission to write.
pub(crate) fn call(method: &str, tenant: &str, target: &str, body: &Value) -> ApiCall {
    let mut call = get(tenant, target);
    call.method = method.parse::<Method>().unwrap();
    call.claims.scp = WRITING.iter().map(|scope| (*scope).to_owned()).collect();
    if body.is_null() {
        return call;
    }
    call.body = Bytes::from(body.to_string());
    with(call, "content-type", "application/json")
}

pub(super) fn send(world: &mut World, method: &str, target: &str, body: &Value) -> Reply {
    handle(world, &call(method, CONTOSO, target, body))
}

pub(super) fn read(world: &mut World, target: &str) -> Value {
    crate::graph::tests::world::body(&send(world, "GET", target, &Value::Null))
}

/// Status, code and message of an answer.
pub(super) fn said(reply: &Reply) -> (u16, String, String) {
    let (status, code) = refusal(reply);
    let body = crate::graph::tests::world::body(reply);
    let message = body["error"]["message"].as_str().unwrap_or_default().to_owned();
    (status, code, message)
}

/// Asserts that an answer is a refusal of the directory with these words in it.
pub(super) fn assert_bad(reply: &Reply, words: &str) {
    let (status, code, message) = said(reply);
    assert_eq!((status, code.as_str()), (400, "Request_BadRequest"), "{message}");
    assert!(message.contains(words), "{message}");
}

/// A link to an object.
pub(super) fn link(id: &str) -> Value {
    json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}")})
}
