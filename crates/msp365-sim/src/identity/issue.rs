//! Tokens: writing them, and reading them when they come back.

use jiff::Timestamp;
use msp365_core::TenantId;
use serde_json::{Value, json};

use super::{
    claims::Claims,
    desk::Desk,
    keys::{self, SigningKey},
};

/// Whom an access token is for and what it grants.
#[derive(Debug)]
pub(crate) struct Grant<'a> {
    pub(crate) authority: &'a str,
    pub(crate) tenant: TenantId,
    pub(crate) audience: &'a str,
    pub(crate) client_id: &'a str,
    /// The account, or the service principal of an app-only token.
    pub(crate) oid: &'a str,
    pub(crate) power: Power,
    pub(crate) now: Timestamp,
}

/// In whose name an app acts.
#[derive(Debug)]
pub(crate) enum Power {
    /// In that of the signed-in account.
    Delegated {
        scopes: Vec<String>,
        wids: Vec<String>,
        user_principal_name: String,
    },
    /// In its own.
    AppOnly { roles: Vec<String> },
}

/// An access token and how many seconds it lives; `None` if it could not be signed.
pub(crate) fn access_token(desk: &Desk, grant: &Grant<'_>) -> Option<(String, i64)> {
    let lifetime = desk.lifetime();
    let issued = grant.now.as_second();
    let mut claims = json!({
        "ver": "1.0",
        "aud": grant.audience,
        "iss": format!("{}/{}/v2.0", grant.authority, grant.tenant),
        "iat": issued,
        "nbf": issued - 300,
        "exp": issued + lifetime,
        "tid": grant.tenant,
        "oid": grant.oid,
        "sub": grant.oid,
        "appid": grant.client_id,
        "appidacr": "1",
        "uti": desk.opaque(""),
    });
    let more = match &grant.power {
        Power::Delegated {
            scopes,
            wids,
            user_principal_name,
        } => json!({
            "idtyp": "user",
            "scp": scopes.join(" "),
            "wids": wids,
            "amr": ["pwd", "mfa"],
            "acr": "1",
            "upn": user_principal_name,
            "unique_name": user_principal_name,
        }),
        Power::AppOnly { roles } => json!({"idtyp": "app", "roles": roles}),
    };
    if let (Some(all), Value::Object(more)) = (claims.as_object_mut(), more) {
        all.extend(more);
    }
    Some((keys::key()?.sign(&claims)?, lifetime))
}

/// Who signed in, for an id token.
#[derive(Debug)]
pub(crate) struct SignedIn<'a> {
    pub(crate) authority: &'a str,
    pub(crate) tenant: TenantId,
    pub(crate) client_id: &'a str,
    pub(crate) oid: &'a str,
    pub(crate) name: &'a str,
    pub(crate) user_principal_name: &'a str,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) now: Timestamp,
}

/// An id token, good for an hour.
pub(crate) fn id_token(desk: &Desk, who: &SignedIn<'_>) -> Option<String> {
    let issued = who.now.as_second();
    let mut claims = json!({
        "ver": "2.0",
        "aud": who.client_id,
        "iss": format!("{}/{}/v2.0", who.authority, who.tenant),
        "iat": issued,
        "nbf": issued,
        "exp": issued + 3_600,
        "tid": who.tenant,
        "oid": who.oid,
        "sub": format!("{}-{}", who.client_id, who.oid),
        "name": who.name,
        "preferred_username": who.user_principal_name,
        "uti": desk.opaque(""),
    });
    if let (Some(all), Some(nonce)) = (claims.as_object_mut(), who.nonce) {
        all.insert("nonce".to_owned(), json!(nonce));
    }
    keys::key()?.sign(&claims)
}

/// Why a bearer token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    Missing,
    Malformed,
    Expired,
    WrongAudience,
}

/// The claims of a bearer token made out to an audience.
pub(crate) fn read(token: Option<&str>, audience: &str, now: Timestamp) -> Result<Claims, Refused> {
    let token = token.ok_or(Refused::Missing)?;
    let claims = keys::key()
        .and_then(|key: &SigningKey| key.open(token))
        .as_ref()
        .and_then(claims)
        .ok_or(Refused::Malformed)?;
    if claims.exp <= now {
        return Err(Refused::Expired);
    }
    if claims.aud != audience {
        return Err(Refused::WrongAudience);
    }
    Ok(claims)
}

fn claims(json: &Value) -> Option<Claims> {
    let text = |name: &str| json.get(name).and_then(Value::as_str).map(str::to_owned);
    let list = |name: &str| -> Vec<String> {
        let items = json.get(name).and_then(Value::as_array);
        items
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    Some(Claims {
        tid: text("tid")?.parse().ok()?,
        aud: text("aud")?,
        appid: text("appid")?,
        oid: text("oid"),
        scp: text("scp")
            .map(|scopes| scopes.split(' ').map(str::to_owned).collect())
            .unwrap_or_default(),
        roles: list("roles"),
        amr: list("amr"),
        app_only: text("idtyp").as_deref() == Some("app"),
        exp: Timestamp::from_second(json.get("exp")?.as_i64()?).ok()?,
    })
}
