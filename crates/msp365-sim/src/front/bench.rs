//! Requests for tests, with tokens of the app that acts for itself.

use bytes::Bytes;
use http::{Request, header};
use msp365_core::{Reply, TenantId, TransportError};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::Cloud;

/// The first customer, which has no trouble.
pub(crate) fn customer(cloud: &Cloud) -> TenantId {
    cloud.truth()[0]["tenant"].as_str().unwrap().parse().unwrap()
}

pub(crate) async fn send(cloud: &Cloud, request: Request<Bytes>) -> Result<Reply, TransportError> {
    cloud.transport().send(request).await
}

/// A request for a token of the app itself.
pub(crate) fn token_request(cloud: &Cloud, tenant: TenantId, resource: &str) -> Request<Bytes> {
    let app = cloud.app_only();
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", &app.client_id)
        .append_pair("client_secret", app.client_secret.expose_secret())
        .append_pair("scope", &format!("{resource}/.default"))
        .finish();
    Request::post(format!(
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
    ))
    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
    .body(Bytes::from(form))
    .unwrap()
}

pub(crate) async fn token(cloud: &Cloud, tenant: TenantId) -> String {
    let request = token_request(cloud, tenant, "https://graph.microsoft.com");
    let reply = send(cloud, request).await.unwrap();
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    body["access_token"].as_str().unwrap_or_default().to_owned()
}

pub(crate) fn with_token(token: &str, url: &str) -> Request<Bytes> {
    let request = Request::get(url).header(header::AUTHORIZATION, format!("Bearer {token}"));
    request.body(Bytes::new()).unwrap()
}

pub(crate) async fn get(cloud: &Cloud, tenant: TenantId, url: &str) -> Request<Bytes> {
    with_token(&token(cloud, tenant).await, url)
}

pub(crate) async fn batch(cloud: &Cloud, tenant: TenantId, items: &[Value]) -> Request<Bytes> {
    let token = token(cloud, tenant).await;
    Request::post("https://graph.microsoft.com/v1.0/$batch")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Bytes::from(json!({ "requests": items }).to_string()))
        .unwrap()
}

/// Access and refresh token of the account that the provider signs in with, for one resource.
pub(crate) async fn signed_in(cloud: &Cloud, resource: &str) -> (String, String) {
    let reply = send(cloud, code_request(cloud, resource).await).await.unwrap();
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (text("access_token"), text("refresh_token"))
}

pub(crate) fn authorize_url(cloud: &Cloud, resource: &str) -> String {
    let (tenant, app) = (cloud.partner_tenant(), cloud.app());
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("client_id", &app.client_id)
        .append_pair("state", "given")
        .append_pair("nonce", "given")
        .append_pair("redirect_uri", &app.redirect_uri)
        .append_pair("scope", &format!("openid offline_access {resource}/.default"))
        .finish();
    format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize?{query}")
}

fn form(cloud: &Cloud, fields: &[(&str, &str)]) -> Request<Bytes> {
    let (tenant, app) = (cloud.partner_tenant(), cloud.app());
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", &app.client_id)
        .append_pair("client_secret", app.client_secret.expose_secret())
        .extend_pairs(fields)
        .finish();
    Request::post(format!(
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
    ))
    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
    .body(Bytes::from(form))
    .unwrap()
}

/// A request that redeems a new code.
pub(crate) async fn code_request(cloud: &Cloud, resource: &str) -> Request<Bytes> {
    let url = authorize_url(cloud, resource);
    let back = crate::sign_in::walk(cloud.transport().as_ref(), &url)
        .await
        .unwrap();
    let back = url::Url::parse(&back).unwrap();
    let (_, code) = back.query_pairs().find(|(name, _)| name == "code").unwrap();
    let redirect = cloud.app().redirect_uri;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &redirect),
    ];
    form(cloud, &fields)
}

pub(crate) fn refresh_request(cloud: &Cloud, refresh_token: &str, resource: &str) -> Request<Bytes> {
    let scope = format!("{resource}/.default");
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
        ("scope", &scope),
    ];
    form(cloud, &fields)
}
