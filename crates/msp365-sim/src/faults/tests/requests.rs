//! A request for each kind of fault.

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};

use super::{super::target::Target, writing};
use crate::{Cloud, front::bench};

pub(super) const GRAPH: &str = "https://graph.microsoft.com";
pub(super) const PARTNER: &str = "https://api.partnercenter.microsoft.com";

async fn read(cloud: &Cloud, path: &str) -> Request<Bytes> {
    let tenant = bench::customer(cloud);
    bench::get(cloud, tenant, &format!("{GRAPH}/v1.0/{path}")).await
}

/// Follows a link of the answer to a request.
async fn follow(cloud: &Cloud, path: &str, link: &str) -> Request<Bytes> {
    let reply = bench::send(cloud, read(cloud, path).await).await.unwrap();
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    let link = body[link].as_str().unwrap();
    bench::get(cloud, bench::customer(cloud), link).await
}

async fn partner(cloud: &Cloud, method: Method, path: &str, body: String) -> Request<Bytes> {
    let (token, _) = bench::signed_in(cloud, PARTNER).await;
    let mut request = bench::with_token(&token, &format!("{PARTNER}/v1/{path}"));
    *request.method_mut() = method;
    *request.body_mut() = Bytes::from(body);
    request
}

/// A consent that was not there before.
async fn write(cloud: &Cloud) -> Request<Bytes> {
    let (tenant, app) = (bench::customer(cloud), cloud.app().client_id);
    let path = format!("customers/{tenant}/applicationconsents");
    let undo = partner(cloud, Method::DELETE, &format!("{path}/{app}"), String::new()).await;
    bench::send(cloud, undo).await.unwrap();
    let body = json!({"applicationId": app, "displayName": "Connector", "applicationGrants": [
        {"enterpriseApplicationId": "00000003-0000-0000-c000-000000000000", "scope": "User.Read"},
    ]});
    partner(cloud, Method::POST, &path, body.to_string()).await
}

async fn batch(cloud: &Cloud) -> Request<Bytes> {
    let item = |id: &str, url: &str| json!({"id": id, "method": "GET", "url": url});
    let mut items = vec![
        item("1", "/users?$select=id"),
        item("2", "/organization?$select=id"),
        item("3", "/groups?$select=id"),
        item("4", "/domains"),
    ];
    items[3]["dependsOn"] = json!(["1"]);
    bench::batch(cloud, bench::customer(cloud), &items).await
}

const USERS: &str =
    "users?$top=5&$select=id,displayName,userType,accountEnabled,createdDateTime,mail,proxyAddresses";

fn id_of(cloud: &Cloud, kind: &str, name: &str) -> String {
    let truth = cloud.truth();
    let line = truth.iter().find(|line| line["kind"] == kind).unwrap();
    line[name].as_str().unwrap().to_owned()
}

/// A request that a fault of this target meets.
pub(super) async fn of(cloud: &Cloud, target: Target) -> Request<Bytes> {
    let users_page = "users?$top=5&$select=id,displayName";
    match target {
        Target::Any | Target::Api | Target::Graph | Target::Read | Target::Named => read(cloud, USERS).await,
        Target::Write => write(cloud).await,
        Target::Continued => follow(cloud, users_page, "@odata.nextLink").await,
        Target::Entity => read(cloud, &format!("users/{}", id_of(cloud, "user", "id"))).await,
        Target::Delta => read(cloud, "users/delta?$select=id,displayName").await,
        Target::DeltaToken => {
            let path = "users/delta?$deltatoken=latest&$select=id,displayName,mail";
            let request = follow(cloud, path, "@odata.deltaLink").await;
            let (tenant, user) = (bench::customer(cloud), id_of(cloud, "user", "id"));
            cloud.edit(|world| world.rename_user(tenant, &user, "Bo Renamed"));
            request
        }
        Target::DeltaPage => follow(cloud, "users/delta", "@odata.nextLink").await,
        Target::Batch => batch(cloud).await,
        Target::Token | Target::Authority => bench::token_request(cloud, bench::customer(cloud), GRAPH),
        Target::Refresh => {
            let (_, refresh) = bench::signed_in(cloud, GRAPH).await;
            bench::refresh_request(cloud, &refresh, GRAPH)
        }
        Target::Code => bench::code_request(cloud, GRAPH).await,
        Target::Authorize => Request::get(bench::authorize_url(cloud, GRAPH))
            .body(Bytes::new())
            .unwrap(),
        Target::Discovery => {
            let url = "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration";
            Request::get(url).body(Bytes::new()).unwrap()
        }
        Target::Partner | Target::Customers => {
            partner(cloud, Method::GET, "customers?size=2", String::new()).await
        }
        Target::CustomersPage => customers_page(cloud).await,
        Target::UsageReport => read(cloud, "reports/getMailboxUsageDetail(period='D7')").await,
        Target::Download => {
            let report = read(cloud, "reports/getMailboxUsageDetail(period='D7')").await;
            let reply = bench::send(cloud, report).await.unwrap();
            Request::get(reply.header("location").unwrap())
                .body(Bytes::new())
                .unwrap()
        }
        Target::SignInActivity => read(cloud, "users?$top=5&$select=id,signInActivity").await,
        Target::Logs => read(cloud, "auditLogs/signIns?$top=5").await,
        Target::Intune => read(cloud, "deviceManagement/managedDevices").await,
        Target::People => read(cloud, "users?$top=50&$select=id,licenseAssignmentStates").await,
        Target::Machines => read(cloud, "devices?$top=5&$select=id,displayName").await,
        Target::GraphWrite
        | Target::Directory
        | Target::CreateUser
        | Target::UpdateUser
        | Target::DeleteUser
        | Target::Members
        | Target::Licence
        | Target::Password
        | Target::Secret => change(cloud, target).await,
    }
}

async fn customers_page(cloud: &Cloud) -> Request<Bytes> {
    let first = partner(cloud, Method::GET, "customers?size=1", String::new()).await;
    let reply = bench::send(cloud, first).await.unwrap();
    let body: Value = serde_json::from_slice(reply.text_bytes()).unwrap();
    let mut next = partner(cloud, Method::GET, "customers?seekOperation=Next", String::new()).await;
    let token = body["continuationToken"].as_str().unwrap().parse().unwrap();
    next.headers_mut().insert("ms-continuationtoken", token);
    next
}

/// A write to the directory, on objects made for it.
async fn change(cloud: &Cloud, target: Target) -> Request<Bytes> {
    let (post, none) = (Method::POST, Value::Null);
    if target == Target::CreateUser {
        return writing::request(cloud, post, "users", &writing::user(cloud, "cleo.wanted")).await;
    }
    let user = writing::make_user(cloud, "ada.made").await;
    let path = format!("users/{user}");
    match target {
        Target::DeleteUser => writing::request(cloud, Method::DELETE, &path, &none).await,
        Target::Members => {
            let path = format!("groups/{}/members/$ref", writing::make_group(cloud).await);
            writing::request(cloud, post, &path, &writing::link(&user)).await
        }
        Target::Licence => {
            let add = json!([{"skuId": writing::product(cloud).await, "disabledPlans": []}]);
            let body = json!({"addLicenses": add, "removeLicenses": []});
            writing::request(cloud, post, &format!("{path}/assignLicense"), &body).await
        }
        Target::Password => {
            let body = json!({"passwordProfile": {"password": "Another-7-river"}});
            writing::request(cloud, Method::PATCH, &path, &body).await
        }
        Target::Secret => {
            let policy =
                "policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass";
            let state = json!({
                "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration",
                "state": "enabled",
            });
            let (status, said) = writing::sent(cloud, Method::PATCH, policy, &state).await;
            assert!(status < 300, "{said}");
            let path = format!("{path}/authentication/temporaryAccessPassMethods");
            writing::request(cloud, post, &path, &json!({})).await
        }
        _ => writing::request(cloud, Method::PATCH, &path, &json!({"department": "Sales"})).await,
    }
}

/// The request for a fault that the one of its target does not show.
pub(super) async fn for_fault(cloud: &Cloud, id: &str, variant: usize, target: Target) -> Request<Bytes> {
    match (id, variant) {
        ("F056", 1) => read(cloud, "subscribedSkus").await,
        ("F066", _) => {
            let path = format!("groups/{}/members", id_of(cloud, "membership", "group"));
            read(cloud, &path).await
        }
        ("F099", _) => read(cloud, "groups/delta?$select=displayName,members").await,
        ("F197", _) => {
            let mut request = change(cloud, target).await;
            let etag = "W/\"1\"".parse().unwrap();
            request.headers_mut().insert("if-match", etag);
            request
        }
        ("F149", 6) => of(cloud, Target::Refresh).await,
        _ => of(cloud, target).await,
    }
}
