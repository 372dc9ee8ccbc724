mod apps;
mod browsers;
mod certificates;
mod challenges;
mod consents;
mod devices;
mod documents;
mod grants;
mod invitations;
mod nations;
mod pages;
mod rotation;
mod v1;

use std::{collections::BTreeMap, time::Duration};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{Method, Request};
use msp365_core::{Reply, TenantId};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::{Cloud, Sim, sign_in};

const HOST: &str = "https://login.microsoftonline.com";
const GRAPH: &str = "https://graph.microsoft.com/.default";
const PARTNER: &str = "https://api.partnercenter.microsoft.com/.default";
const VERIFIER: &str = "a-verifier-of-more-than-forty-three-signs-0123456789";

fn cloud() -> Cloud {
    Sim::seeded(7).customers(12).users_each(5).manual_clock().build()
}

/// The tenant of the customer with this trouble; the first customer for none.
fn customer(cloud: &Cloud, trouble: Option<&str>) -> TenantId {
    let truth = cloud.truth();
    let line = truth
        .iter()
        .find(|line| line["kind"] == "tenant" && line["trouble"].as_str() == trouble)
        .unwrap();
    line["tenant"].as_str().unwrap().parse().unwrap()
}

fn authorize_url(cloud: &Cloud, scope: &str, more: &[(&str, &str)]) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
    let app = cloud.app();
    let mut url = Url::parse(&format!(
        "{HOST}/{}/oauth2/v2.0/authorize",
        cloud.partner_tenant()
    ))
    .unwrap();
    url.query_pairs_mut()
        .extend_pairs([
            ("client_id", app.client_id.as_str()),
            ("redirect_uri", "http://localhost:4711/callback"),
            ("response_type", "code"),
            ("scope", scope),
            ("state", "s-1"),
            ("nonce", "n-1"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ])
        .extend_pairs(more);
    url.into()
}

async fn code(cloud: &Cloud) -> String {
    let url = authorize_url(cloud, &format!("openid offline_access {GRAPH}"), &[]);
    let callback = sign_in::walk(cloud.transport().as_ref(), &url).await.unwrap();
    let callback = Url::parse(&callback).unwrap();
    let (_, code) = callback.query_pairs().find(|(name, _)| name == "code").unwrap();
    code.into_owned()
}

async fn token(cloud: &Cloud, tenant: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let app = cloud.app();
    let own = [
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.expose_secret()),
    ];
    let given = |name: &str| fields.iter().any(|(given, _)| *given == name);
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(own.iter().filter(|(name, _)| !given(name)))
        .extend_pairs(fields.iter().filter(|(_, value)| *value != "-"))
        .finish();
    let request = Request::post(format!("{HOST}/{tenant}/oauth2/v2.0/token"))
        .body(Bytes::from(body))
        .unwrap();
    let reply = cloud.transport().send(request).await.unwrap();
    (reply.status.as_u16(), body_of(&reply))
}

fn body_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

async fn redeem(cloud: &Cloud, code: &str, verifier: &str) -> (u16, Value) {
    let tenant = cloud.partner_tenant().to_string();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", "http://localhost:4711/callback"),
        ("code_verifier", verifier),
    ];
    token(cloud, &tenant, &fields).await
}

async fn signed_in(cloud: &Cloud) -> Value {
    let code = code(cloud).await;
    let (status, body) = redeem(cloud, &code, VERIFIER).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn refresh(cloud: &Cloud, tokens: &Value, tenant: TenantId, scope: &str) -> (u16, Value) {
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ("scope", scope),
    ];
    token(cloud, &tenant.to_string(), &fields).await
}

fn number(body: &Value) -> u64 {
    assert!(
        body["error_description"].as_str().unwrap().starts_with("AADSTS"),
        "{body}"
    );
    body["error_codes"][0].as_u64().unwrap()
}

fn claims(token: &Value) -> Value {
    let part = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

async fn get(cloud: &Cloud, url: &str) -> Reply {
    let request = Request::get(url).body(Bytes::new()).unwrap();
    cloud.transport().send(request).await.unwrap()
}

async fn post(cloud: &Cloud, url: &str, fields: &[(&str, &str)]) -> Reply {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = Request::post(url).body(Bytes::from(body)).unwrap();
    cloud.transport().send(request).await.unwrap()
}

/// Who the token says is calling, asked of Graph: the status, and the challenge if there is one.
async fn me(cloud: &Cloud, token: &Value) -> (u16, Option<String>) {
    let request = Request::get("https://graph.microsoft.com/v1.0/organization")
        .header("authorization", format!("Bearer {}", token.as_str().unwrap()))
        .body(Bytes::new())
        .unwrap();
    let reply = cloud.transport().send(request).await.unwrap();
    let challenge = reply.header("www-authenticate").map(str::to_owned);
    (reply.status.as_u16(), challenge)
}

/// A browser: keeps its cookie, and shows the page it is at.
struct Browser<'a> {
    cloud: &'a Cloud,
    cookie: Option<String>,
    at: Url,
    reply: Reply,
}

impl<'a> Browser<'a> {
    async fn open(cloud: &'a Cloud, url: &str) -> Self {
        let at = Url::parse(url).unwrap();
        let mut browser = Self {
            cloud,
            cookie: None,
            at: at.clone(),
            reply: Reply::new(http::StatusCode::OK, http::HeaderMap::new(), ""),
        };
        browser.send(Method::GET, at, String::new()).await;
        browser
    }

    async fn go(&mut self, url: &str) {
        self.send(Method::GET, Url::parse(url).unwrap(), String::new())
            .await;
    }

    /// Sends the form of this page that has a button or field of this name and value.
    async fn press(&mut self, name: &str, value: &str) {
        let page = self.page();
        let flow = page.split("name=\"flow\" value=\"").nth(1).unwrap();
        let flow = flow.split('"').next().unwrap().to_owned();
        let action = page.split("action=\"").nth(1).unwrap();
        let action = self.at.join(action.split('"').next().unwrap()).unwrap();
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("flow", &flow)
            .append_pair(name, value)
            .finish();
        self.send(Method::POST, action, body).await;
    }

    async fn send(&mut self, method: Method, url: Url, body: String) {
        let mut request = Request::builder().method(method).uri(url.as_str());
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let request = request.body(Bytes::from(body)).unwrap();
        self.reply = self.cloud.transport().send(request).await.unwrap();
        self.at = url;
        if let Some(set) = self.reply.header("set-cookie") {
            self.cookie = set.split(';').next().map(str::to_owned);
        }
    }

    fn page(&self) -> String {
        String::from_utf8_lossy(&self.reply.body).into_owned()
    }

    /// The fields of the address that the browser is sent to.
    fn sent_to(&self) -> BTreeMap<String, String> {
        let location = self.reply.header("location").unwrap_or_default();
        let url = Url::parse(location).unwrap_or_else(|_| panic!("no redirect: {}", self.page()));
        url.query_pairs().into_owned().collect()
    }

    /// Signs an account in, second factor included.
    async fn sign_in(&mut self, address: &str) {
        self.press("account", address).await;
        self.press("approval", "approve").await;
    }
}

/// The address of an administrator of a customer, and of somebody who is none.
fn people(cloud: &Cloud, tenant: TenantId) -> (String, String) {
    cloud.edit(|edit| {
        let target = edit.world.tenant(tenant).unwrap();
        let role = crate::world::roles::template("Global Administrator");
        let is_admin = |id: &str| edit.world.directory_roles(tenant, id, edit.now).contains(&role);
        let mut users = target
            .users
            .present()
            .filter(|user| user["userType"] == "Member" && user["accountEnabled"] == true);
        let text = |user: &crate::world::Json, name: &str| user[name].as_str().unwrap().to_owned();
        let (admins, others): (Vec<_>, Vec<_>) = users.by_ref().partition(|user| is_admin(&text(user, "id")));
        (
            text(admins[0], "userPrincipalName"),
            text(others[0], "userPrincipalName"),
        )
    })
}
