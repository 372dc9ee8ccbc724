//! Codes and refresh tokens into tokens for an account.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use msp365_core::{Reply, TenantId};
use serde_json::{Value, json};

use super::{
    Visit,
    desk::{Challenge, Code, Desk},
    discovery,
    issue::{self, Grant, Power, SignedIn},
    refusal::Refusal,
    scopes::{Named, Resource, Scopes},
    token::{missing, not_in_tenant},
};
use crate::{
    reply,
    world::{Json, Tenant, Trouble, World, access::text},
};

/// An account that wants a token in some tenant.
struct Redemption<'a> {
    world: &'a World,
    visit: &'a Visit<'a>,
    home: TenantId,
    oid: &'a str,
    client: &'a str,
    target: &'a Tenant,
}

/// A code, once.
pub(super) fn code(
    world: &World,
    desk: &mut Desk,
    visit: &Visit<'_>,
    client: &str,
) -> Result<Reply, Refusal> {
    let given = visit.field("code").ok_or_else(|| missing("code"))?;
    let kept = desk
        .codes
        .get(given)
        .cloned()
        .ok_or_else(|| invalid_grant(70_000, "The provided authorization code is not valid."))?;
    check_code(world, visit, client, &kept)?;
    let first = Scopes::parse(&kept.flow.wanted.scope)?;
    let (resource, named) = wanted_resource(visit, &first)?;
    let redemption = Redemption {
        world,
        visit,
        home: kept.flow.tenant,
        oid: &kept.oid,
        client,
        target: world.tenant(kept.flow.tenant).ok_or_else(gone)?,
    };
    let granted = redemption.grant(resource, &named)?;
    if let Some(code) = desk.codes.get_mut(given) {
        code.redeemed = true;
    }
    let mut body = redemption.tokens(desk, (resource, &named), &granted)?;
    if first.openid {
        let nonce = kept.flow.wanted.nonce.as_deref();
        body.insert("id_token".to_owned(), redemption.id_token(desk, nonce)?);
    }
    if first.offline_access {
        let token = desk.refresh_token(kept.flow.tenant, &kept.oid, client, visit.now);
        body.insert("refresh_token".to_owned(), json!(token));
    }
    Ok(tokens(body))
}

/// The one resource a code is redeemed for: as the token request says, or else the first of the authorize request.
fn wanted_resource(visit: &Visit<'_>, first: &Scopes) -> Result<(Resource, Named), Refusal> {
    let asked = match visit.field("scope") {
        Some(text) => Scopes::parse(text)?.resources,
        None => Vec::new(),
    };
    if asked.len() > 1 {
        return Err(Refusal::new(
            "invalid_scope",
            700_022,
            "The scope of a request for one access token may name one resource only.",
        ));
    }
    let wanted = asked.into_iter().chain(first.resources.iter().cloned()).next();
    wanted.ok_or_else(|| {
        Refusal::new(
            "invalid_request",
            28_003,
            "Provided value for the input parameter scope can't be empty when requesting an access token using the \
             provided authorization code.",
        )
    })
}

fn check_code(world: &World, visit: &Visit<'_>, client: &str, code: &Code) -> Result<(), Refusal> {
    let refuse = |number, message: &str| Err(invalid_grant(number, message));
    if code.redeemed {
        return refuse(
            54_005,
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code.",
        );
    }
    if code.is_expired(visit.now) {
        return refuse(
            70_008,
            "The provided authorization code has expired. Send a new interactive authorization request.",
        );
    }
    if code.flow.client_id != client {
        return refuse(70_000, "The code was issued to another client.");
    }
    let here = discovery::tenant(world, visit.tenant)?;
    if !discovery::is_any(visit.tenant) && here.id != code.flow.tenant {
        return refuse(
            700_005,
            "The provided authorization code is intended to use against other tenant, thus rejected.",
        );
    }
    if visit.field("redirect_uri") != Some(&code.flow.wanted.redirect_uri) {
        return refuse(
            50_011,
            "The redirect URI does not match the one of the authorization request.",
        );
    }
    let verifier = visit.field("code_verifier").unwrap_or_default();
    let proven = match &code.flow.wanted.challenge {
        None => verifier.is_empty(),
        Some(Challenge::Plain(text)) => text == verifier,
        Some(Challenge::S256(text)) => *text == URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())),
    };
    if !proven {
        return refuse(
            501_481,
            "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
        );
    }
    Ok(())
}

/// A refresh token, for any tenant and resource. It stays good beside the new one.
pub(super) fn refresh_token(
    world: &World,
    desk: &mut Desk,
    visit: &Visit<'_>,
    client: &str,
) -> Result<Reply, Refusal> {
    let given = visit
        .field("refresh_token")
        .ok_or_else(|| missing("refresh_token"))?;
    let refuse = |number, message: &str| invalid_grant(number, message).suberror("bad_token");
    let kept = desk
        .refresh_tokens
        .get(given)
        .cloned()
        .filter(|kept| kept.client_id == client)
        .ok_or_else(|| refuse(70_000, "The refresh token is not valid."))?;
    if kept.revoked {
        let message = "The provided grant has expired due to it being revoked, a fresh auth token is needed.";
        return Err(refuse(50_173, message));
    }
    if kept.is_idle(visit.now) {
        return Err(refuse(
            700_082,
            "The refresh token has expired due to inactivity.",
        ));
    }
    let scopes = Scopes::parse(
        visit
            .field("scope")
            .unwrap_or("https://graph.microsoft.com/.default"),
    )?;
    let (resource, named) = scopes.resources.first().ok_or_else(|| {
        let message = "The provided value for the input parameter 'scope' is not valid.";
        Refusal::new("invalid_scope", 70_011, message)
    })?;
    let redemption = Redemption {
        world,
        visit,
        home: kept.home,
        oid: &kept.oid,
        client,
        target: match visit.tenant {
            any if discovery::is_any(any) => world.tenant(kept.home).ok_or_else(gone)?,
            name => discovery::tenant(world, name)?,
        },
    };
    let granted = redemption.grant(*resource, named)?;
    if let Some(token) = desk.refresh_tokens.get_mut(given) {
        token.used = visit.now;
    }
    let mut body = redemption.tokens(desk, (*resource, named), &granted)?;
    if scopes.openid {
        body.insert("id_token".to_owned(), redemption.id_token(desk, None)?);
    }
    let token = desk.refresh_token(kept.home, &kept.oid, client, visit.now);
    body.insert("refresh_token".to_owned(), json!(token));
    Ok(tokens(body))
}

impl<'a> Redemption<'a> {
    fn user(&self) -> Result<&'a Json, Refusal> {
        let home = self.world.tenant(self.home).ok_or_else(gone)?;
        home.users.get(self.oid).ok_or_else(gone)
    }

    /// The permissions that a token of the account carries in the target, if it may have one.
    fn grant(&self, resource: Resource, named: &Named) -> Result<Vec<String>, Refusal> {
        let user = self.user()?;
        if user.get("accountEnabled") == Some(&Value::Bool(false)) {
            return Err(invalid_grant(50_057, "The user account is disabled."));
        }
        let is_foreign = self.target.id != self.home;
        if is_foreign && self.roles().is_empty() {
            let message = format!(
                "User account '{}' from identity provider does not exist in tenant '{}' and cannot access the \
                 application '{}' in that tenant.",
                text(user, "userPrincipalName").unwrap_or_default(),
                self.target.name,
                self.client
            );
            return Err(invalid_grant(50_020, message));
        }
        if self.target.consent.service_principal.is_none() {
            return Err(not_in_tenant(self.client, self.target.id));
        }
        let granted = self.granted(resource, named);
        if granted.is_empty() {
            let message = format!(
                "The user or administrator has not consented to use the application with ID '{}'. Send an \
                 interactive authorization request for this user and resource.",
                self.client
            );
            return Err(invalid_grant(65_001, message).suberror("consent_required"));
        }
        if is_foreign && self.target.trouble == Some(Trouble::ConditionalAccess) {
            let message = "Access has been blocked by Conditional Access policies. The access policy does not allow \
                           token issuance.";
            let claims =
                json!({"access_token": {"capolids": {"essential": true, "values": [self.target.id]}}});
            return Err(invalid_grant(53_003, message)
                .suberror("message_only")
                .claims(&claims));
        }
        Ok(granted)
    }

    /// Everything granted on a resource, if what is named is among it.
    fn granted(&self, resource: Resource, named: &Named) -> Vec<String> {
        let all = self.target.consent.scopes.get(resource.app_id);
        let suffices = match named {
            Named::Default => true,
            Named::Scopes(wanted) => all.is_some_and(|scopes| wanted.is_subset(scopes)),
        };
        all.filter(|_| suffices).into_iter().flatten().cloned().collect()
    }

    fn roles(&self) -> Vec<String> {
        self.world
            .directory_roles(self.target.id, self.oid, self.visit.now)
    }

    /// The answer with an access token.
    fn tokens(
        &self,
        desk: &Desk,
        (resource, named): (Resource, &Named),
        scopes: &[String],
    ) -> Result<Json, Refusal> {
        let user = self.user()?;
        let grant = Grant {
            authority: &self.visit.base,
            tenant: self.target.id,
            audience: resource.uri,
            client_id: self.client,
            oid: self.oid,
            power: Power::Delegated {
                scopes: scopes.to_vec(),
                wids: self.roles(),
                user_principal_name: text(user, "userPrincipalName").unwrap_or_default().to_owned(),
            },
            now: self.visit.now,
        };
        let (token, lifetime) = issue::access_token(desk, &grant).ok_or_else(unsigned)?;
        // Clients find a token in their cache by the scope they asked for, so `.default` is listed beside what it gave.
        let asked = (*named == Named::Default).then_some(".default");
        let listed: Vec<_> = scopes
            .iter()
            .map(String::as_str)
            .chain(asked)
            .map(|scope| format!("{}/{scope}", resource.uri))
            .collect();
        let mut body = Json::new();
        body.insert("token_type".to_owned(), json!("Bearer"));
        body.insert("scope".to_owned(), json!(listed.join(" ")));
        body.insert("expires_in".to_owned(), json!(lifetime));
        body.insert("ext_expires_in".to_owned(), json!(lifetime));
        body.insert("access_token".to_owned(), json!(token));
        if self.visit.field("client_info") == Some("1") {
            let info = json!({"uid": self.oid, "utid": self.home}).to_string();
            body.insert("client_info".to_owned(), json!(URL_SAFE_NO_PAD.encode(info)));
        }
        Ok(body)
    }

    fn id_token(&self, desk: &Desk, nonce: Option<&str>) -> Result<Value, Refusal> {
        let user = self.user()?;
        let who = SignedIn {
            authority: &self.visit.base,
            tenant: self.target.id,
            client_id: self.client,
            oid: self.oid,
            name: text(user, "displayName").unwrap_or_default(),
            user_principal_name: text(user, "userPrincipalName").unwrap_or_default(),
            nonce,
            now: self.visit.now,
        };
        issue::id_token(desk, &who).map(Value::from).ok_or_else(unsigned)
    }
}

/// The answer that carries tokens.
pub(super) fn tokens(body: Json) -> Reply {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply::json(StatusCode::OK, headers, &Value::Object(body))
}

/// A token that could not be signed.
pub(super) fn unsigned() -> Refusal {
    Refusal::new(
        "server_error",
        90_033,
        "A transient error has occurred. Please try again.",
    )
}

fn invalid_grant(code: u32, message: impl Into<String>) -> Refusal {
    Refusal::new("invalid_grant", code, message)
}

fn gone() -> Refusal {
    invalid_grant(50_034, "The user account does not exist in the directory.")
}
