use bytes::Bytes;
use http::{Request, header};
use secrecy::ExposeSecret;

use super::super::*;
use crate::{Cloud, Sim};

const USER_ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";

fn first_customer(cloud: &Cloud) -> TenantId {
    let truth = cloud.truth();
    let line = truth
        .iter()
        .find(|line| line["kind"] == "tenant" && line["trouble"].is_null())
        .unwrap();
    line["tenant"].as_str().unwrap().parse().unwrap()
}

async fn token(cloud: &Cloud, tenant: TenantId) -> String {
    let app = cloud.app_only();
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", &app.client_id)
        .append_pair("client_secret", app.client_secret.expose_secret())
        .append_pair("scope", "https://graph.microsoft.com/.default")
        .finish();
    let request = Request::post(format!(
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
    ));
    let request = request.body(Bytes::from(form)).unwrap();
    let reply = cloud.transport().send(request).await.unwrap();
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    body["access_token"].as_str().unwrap().to_owned()
}

async fn create_user(cloud: &Cloud, token: &str) -> (u16, Value) {
    let user = json!({
        "accountEnabled": true, "displayName": "Ada", "mailNickname": "ada.new",
        "userPrincipalName": "ada.new@contoso.example",
        "passwordProfile": {"password": "Xy7-quiet-river", "forceChangePasswordNextSignIn": true},
    });
    let request = Request::post("https://graph.microsoft.com/v1.0/users")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Bytes::from(user.to_string()))
        .unwrap();
    let reply = cloud.transport().send(request).await.unwrap();
    let body = serde_json::from_slice(&reply.body).unwrap();
    (reply.status.as_u16(), body)
}

#[tokio::test]
async fn an_app_may_do_what_it_was_granted_from_its_next_token_on() {
    let cloud = Sim::seeded(7).customers(1).users_each(5).manual_clock().build();
    let tenant = first_customer(&cloud);
    let before = token(&cloud, tenant).await;

    assert!(cloud.edit(|world| world.grant_app_roles(tenant, &["User.ReadWrite.All"])));

    let (refused, _) = create_user(&cloud, &before).await;
    let (served, body) = create_user(&cloud, &token(&cloud, tenant).await).await;
    assert_eq!(refused, 403);
    assert_eq!(served, 400, "the domain is not the tenant's: {body}");
}

#[test]
fn what_is_no_permission_is_not_granted() {
    let cloud = Sim::seeded(7).customers(1).users_each(5).build();
    let tenant = first_customer(&cloud);

    let roles = cloud.edit(|world| world.grant_app_roles(tenant, &["User.Read.All", "User.Everything"]));
    let scopes = cloud.edit(|world| world.grant_scopes(tenant, &["Application.ReadWrite.OwnedBy"]));
    let nowhere = cloud.edit(|world| world.grant_scopes(TenantId::new(uuid::Uuid::nil()), &["User.Read"]));

    assert!(!roles && !scopes && !nowhere);
}

#[test]
fn an_app_can_hold_a_directory_role() {
    let cloud = Sim::seeded(7).customers(1).users_each(5).build();
    let tenant = first_customer(&cloud);
    let principal = cloud.edit(|world| world.app_only_principal(tenant).map(str::to_owned));

    let principal = principal.unwrap();
    assert!(cloud.edit(|world| world.assign_role(tenant, USER_ADMINISTRATOR, &principal)));
    assert!(!cloud.edit(|world| world.assign_role(tenant, USER_ADMINISTRATOR, "nobody")));

    let held = |line: &Value| line["kind"] == "role_assignment" && line["principalId"] == principal.as_str();
    assert!(cloud.truth().iter().any(held));
}
