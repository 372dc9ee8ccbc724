//! The answer with its tokens, as either generation of the endpoint gives it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use msp365_core::Reply;
use serde_json::{Value, json};

use super::{
    super::{
        Style, Visit,
        desk::{Desk, Login},
        discovery,
        issue::{self, Grant, Power, SignedIn},
        refusal::Refusal,
        scopes::Scopes,
    },
    conditions::{Granted, Redemption},
};
use crate::{
    reply,
    world::{Json, access::text},
};

/// What the answer holds beside an access token.
pub(super) struct Asked<'a> {
    pub(super) scopes: &'a Scopes,
    pub(super) nonce: Option<&'a str>,
    /// When refresh tokens end at the latest.
    pub(super) ends: Option<Timestamp>,
}

impl Redemption<'_> {
    /// The answer with all its tokens.
    pub(super) fn answer(
        &self,
        desk: &mut Desk,
        granted: &Granted,
        asked: &Asked<'_>,
    ) -> Result<Reply, Refusal> {
        let mut body = self.access(desk, granted, asked.scopes)?;
        if asked.scopes.openid() {
            body.insert("id_token".to_owned(), self.id_token(desk, asked)?);
        }
        if asked.scopes.offline_access() {
            let client = (self.client.id(), self.client.proof);
            let times = (self.visit.now, asked.ends);
            let token = desk.refresh_token(self.login, client, times);
            body.insert("refresh_token".to_owned(), json!(token));
        }
        Ok(tokens(body))
    }

    fn access(&self, desk: &Desk, granted: &Granted, asked: &Scopes) -> Result<Json, Refusal> {
        let user = self.user()?;
        let name = |property: &str| text(user, property).unwrap_or_default().to_owned();
        let Login { home, oid, .. } = self.login;
        let grant = Grant {
            cloud: self.world.nation,
            tenant: self.target.id,
            audience: granted.resource.uri,
            client_id: self.client.id(),
            app_name: self.client.registration.name,
            proof: self.client.proof,
            oid,
            power: Power::Delegated {
                scopes: granted.scopes.clone(),
                wids: self.roles(),
                user_principal_name: name("userPrincipalName"),
                name: name("displayName"),
                methods: issue::methods(self.login.second_factor),
                home: (*home != self.target.id).then_some(*home),
            },
            continuous: self.claimed.capable && granted.resource.recalls(),
            contexts: self.claimed.contexts.clone(),
            now: self.visit.now,
        };
        let mut body = access_answer(desk, self.visit, &grant)?;
        let identity = asked.identity.iter().copied();
        let identity = identity.filter(|name| *name != "offline_access");
        // Clients find a token in their cache by the scope they asked for, so `.default` is listed beside what it gave,
        // and names without a resource stay so.
        let uri = granted.resource.uri;
        let named = |scope: &str| {
            if asked.is_bare {
                scope.to_owned()
            } else {
                format!("{uri}/{scope}")
            }
        };
        let default = granted.by_default.then_some(".default");
        let listed: Vec<String> = match self.visit.style {
            Style::V1 => granted.scopes.clone(),
            Style::V2 => granted
                .scopes
                .iter()
                .map(String::as_str)
                .chain(default)
                .map(named)
                .chain(identity.map(str::to_owned))
                .collect(),
        };
        body.insert("scope".to_owned(), json!(listed.join(" ")));
        if self.visit.field("client_info") == Some("1") {
            let info = json!({"uid": oid, "utid": home}).to_string();
            body.insert("client_info".to_owned(), json!(URL_SAFE_NO_PAD.encode(info)));
        }
        Ok(body)
    }

    fn id_token(&self, desk: &Desk, asked: &Asked<'_>) -> Result<Value, Refusal> {
        let user = self.user()?;
        let has_email = asked.scopes.identity.contains(&"email");
        let authority = discovery::authority(self.visit);
        let who = SignedIn {
            style: self.visit.style,
            cloud: self.world.nation,
            authority: &authority,
            tenant: self.target.id,
            client_id: self.client.id(),
            oid: &self.login.oid,
            name: text(user, "displayName").unwrap_or_default(),
            user_principal_name: text(user, "userPrincipalName").unwrap_or_default(),
            email: text(user, "mail").filter(|_| has_email),
            methods: issue::methods(self.login.second_factor),
            nonce: asked.nonce,
            now: self.visit.now,
        };
        issue::id_token(desk, &who).map(Value::from).ok_or_else(unsigned)
    }
}

/// An access token, its kind and its times, as either generation of the endpoint says them.
pub(in crate::identity) fn access_answer(
    desk: &Desk,
    visit: &Visit<'_>,
    grant: &Grant<'_>,
) -> Result<Json, Refusal> {
    let (token, lifetime) = issue::access_token(desk, grant).ok_or_else(unsigned)?;
    let mut body = Json::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("token_type", json!("Bearer"));
    match visit.style {
        Style::V1 => {
            let now = visit.now.as_second();
            put("expires_in", json!(lifetime.to_string()));
            put("ext_expires_in", json!(lifetime.to_string()));
            put("expires_on", json!((now + lifetime).to_string()));
            put("not_before", json!((now - 300).to_string()));
            put("resource", json!(grant.audience));
        }
        Style::V2 => {
            put("expires_in", json!(lifetime));
            put("ext_expires_in", json!(lifetime));
        }
    }
    if grant.continuous {
        put("refresh_in", json!(lifetime / 2));
    }
    put("access_token", json!(token));
    Ok(body)
}

/// The answer that carries tokens.
pub(in crate::identity) fn tokens(body: Json) -> Reply {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store, no-cache"),
    );
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    reply::json(StatusCode::OK, headers, &Value::Object(body))
}

/// A token that could not be signed.
fn unsigned() -> Refusal {
    Refusal::new(
        "server_error",
        90_033,
        "A transient error has occurred. Please try again.",
    )
}
