//! Writes to the directory, by an app that may make them all, on objects made for the purpose.

use bytes::Bytes;
use http::{Method, Request, header};
use serde_json::{Value, json};

use super::requests::GRAPH;
use crate::{Cloud, front::bench};

/// What the app may do here.
const ROLES: [&str; 7] = [
    "User.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.ReadWrite.All",
    "GroupMember.ReadWrite.All",
    "RoleManagement.ReadWrite.Directory",
    "UserAuthenticationMethod.ReadWrite.All",
    "Policy.ReadWrite.AuthenticationMethod",
];

/// A request by the app, with a JSON body unless it is null.
pub(super) async fn request(cloud: &Cloud, method: Method, path: &str, body: &Value) -> Request<Bytes> {
    let customer = bench::customer(cloud);
    assert!(cloud.edit(|world| world.grant_app_roles(customer, &ROLES)));
    let token = bench::token(cloud, customer).await;
    let mut request = bench::with_token(&token, &format!("{GRAPH}/v1.0/{path}"));
    *request.method_mut() = method;
    if !body.is_null() {
        let kind = "application/json".parse().unwrap();
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        *request.body_mut() = Bytes::from(body.to_string());
    }
    request
}

/// What such a request comes to: its status and its body.
pub(super) async fn sent(cloud: &Cloud, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let request = request(cloud, method, path, body).await;
    let reply = bench::send(cloud, request).await.unwrap();
    let body = serde_json::from_slice(reply.text_bytes()).unwrap_or_default();
    (reply.status.as_u16(), body)
}

pub(super) async fn read(cloud: &Cloud, path: &str) -> (u16, Value) {
    sent(cloud, Method::GET, path, &Value::Null).await
}

/// The body that makes a user of this name.
pub(super) fn user(cloud: &Cloud, name: &str) -> Value {
    let truth = cloud.truth();
    let tenant = json!(bench::customer(cloud));
    let one = truth
        .iter()
        .find(|line| line["kind"] == "user" && line["tenant"] == tenant && line["userType"] != "Guest");
    let address = one.unwrap()["userPrincipalName"].as_str().unwrap();
    let (_, domain) = address.split_once('@').unwrap();
    json!({
        "accountEnabled": true, "displayName": "Ada Made", "mailNickname": name, "usageLocation": "GB",
        "userPrincipalName": format!("{name}@{domain}"),
        "passwordProfile": {"password": "Xy7-quiet-river"},
    })
}

/// A new user's id.
pub(super) async fn make_user(cloud: &Cloud, name: &str) -> String {
    let (status, made) = sent(cloud, Method::POST, "users", &user(cloud, name)).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_str().unwrap().to_owned()
}

/// A new security group's id.
pub(super) async fn make_group(cloud: &Cloud) -> String {
    let body = json!({
        "displayName": "Made", "mailEnabled": false, "mailNickname": "made", "securityEnabled": true,
    });
    let (status, made) = sent(cloud, Method::POST, "groups", &body).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_str().unwrap().to_owned()
}

pub(super) fn link(user: &str) -> Value {
    json!({"@odata.id": format!("{GRAPH}/v1.0/directoryObjects/{user}")})
}

/// A product with a free unit.
pub(super) async fn product(cloud: &Cloud) -> Value {
    let (_, skus) = read(cloud, "subscribedSkus").await;
    let free = skus["value"].as_array().unwrap().iter().find(|sku| {
        sku["appliesTo"] == "User" && sku["prepaidUnits"]["enabled"].as_u64() > sku["consumedUnits"].as_u64()
    });
    free.unwrap()["skuId"].clone()
}
