//! Writing tokens.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use msp365_core::{Cloud, TenantId};
use serde_json::{Value, json};

use super::{Style, client::Proof, desk::Desk, nation};

/// Seconds an access token lives that nobody can recall: between an hour and an hour and a half.
const SHORT: (i64, u64) = (3_600, 1_800);

/// Seconds an access token lives that can be recalled: between 20 and 28 hours.
const LONG: (i64, u64) = (20 * 3_600, 8 * 3_600);

/// Whom an access token is for and what it grants.
#[derive(Debug)]
pub(crate) struct Grant<'a> {
    pub(crate) cloud: Cloud,
    pub(crate) tenant: TenantId,
    pub(crate) audience: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) app_name: &'a str,
    pub(crate) proof: Proof,
    /// The account, or the service principal of an app-only token.
    pub(crate) oid: &'a str,
    pub(crate) power: Power,
    /// Whether the token may be recalled, and so lives long.
    pub(crate) continuous: bool,
    /// Authentication contexts it satisfies.
    pub(crate) contexts: Vec<String>,
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
        name: String,
        methods: Vec<&'static str>,
        /// The tenant of an account that is a stranger here.
        home: Option<TenantId>,
    },
    /// In its own.
    AppOnly { roles: Vec<String> },
}

/// Who signed in, for an id token.
#[derive(Debug)]
pub(crate) struct SignedIn<'a> {
    pub(crate) style: Style,
    pub(crate) cloud: Cloud,
    /// Scheme and host of the sign-in service.
    pub(crate) authority: &'a str,
    pub(crate) tenant: TenantId,
    pub(crate) client_id: &'a str,
    pub(crate) oid: &'a str,
    pub(crate) name: &'a str,
    pub(crate) user_principal_name: &'a str,
    pub(crate) email: Option<&'a str>,
    pub(crate) methods: Vec<&'static str>,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) now: Timestamp,
}

/// How an account proved itself.
pub(crate) fn methods(second_factor: bool) -> Vec<&'static str> {
    if second_factor {
        vec!["pwd", "mfa"]
    } else {
        vec!["pwd"]
    }
}

/// Who an account is to an app: another name for each app.
pub(crate) fn subject(client_id: &str, oid: &str) -> String {
    let print = digest(&SHA256, format!("{client_id} {oid}").as_bytes());
    URL_SAFE_NO_PAD.encode(print)
}

/// Who issues tokens of version 1 for a tenant.
pub(crate) fn issuer(cloud: Cloud, tenant: impl std::fmt::Display) -> String {
    format!("https://{}/{tenant}/", nation::family(cloud).sts())
}

/// An access token and how many seconds it lives; `None` if it could not be signed.
pub(crate) fn access_token(desk: &Desk, grant: &Grant<'_>) -> Option<(String, i64)> {
    let (least, more) = if grant.continuous { LONG } else { SHORT };
    let lifetime = least + i64::try_from(desk.below(more)).unwrap_or_default();
    let issued = grant.now.as_second();
    let mut claims = json!({
        "ver": "1.0",
        "aud": grant.audience,
        "iss": issuer(grant.cloud, grant.tenant),
        "iat": issued,
        "nbf": issued - 300,
        "exp": issued + lifetime,
        "aio": marked(desk),
        "rh": desk.opaque("1."),
        "tid": grant.tenant,
        "oid": grant.oid,
        "appid": grant.client_id,
        "app_displayname": grant.app_name,
        "appidacr": grant.proof.class(),
        "uti": desk.opaque(""),
    });
    if grant.continuous {
        claims["xms_cc"] = json!(["cp1"]);
    }
    if !grant.contexts.is_empty() {
        claims["acrs"] = json!(grant.contexts);
    }
    extend(&mut claims, power(grant));
    Some((desk.keys.signing(grant.now)?.sign(&claims)?, lifetime))
}

fn power(grant: &Grant<'_>) -> Value {
    match &grant.power {
        Power::Delegated {
            scopes,
            wids,
            user_principal_name,
            name,
            methods,
            home,
        } => {
            let mut claims = json!({
                "idtyp": "user",
                "sub": subject(grant.client_id, grant.oid),
                "scp": scopes.join(" "),
                "wids": wids,
                "amr": methods,
                "acr": "1",
                "acct": u8::from(home.is_some()),
                "name": name,
                "upn": user_principal_name,
                "unique_name": user_principal_name,
            });
            if let Some(home) = home {
                claims["idp"] = json!(issuer(grant.cloud, home));
            }
            claims
        }
        Power::AppOnly { roles } => {
            let idp = issuer(grant.cloud, grant.tenant);
            let mut claims = json!({"idtyp": "app", "sub": grant.oid, "idp": idp});
            if !roles.is_empty() {
                claims["roles"] = json!(roles);
            }
            claims
        }
    }
}

/// An id token, good for an hour.
pub(crate) fn id_token(desk: &Desk, who: &SignedIn<'_>) -> Option<String> {
    let issued = who.now.as_second();
    let mut claims = json!({
        "aud": who.client_id,
        "iat": issued,
        "nbf": issued,
        "exp": issued + 3_600,
        "aio": desk.opaque("A"),
        "rh": desk.opaque("1."),
        "tid": who.tenant,
        "oid": who.oid,
        "sub": subject(who.client_id, who.oid),
        "name": who.name,
        "uti": desk.opaque(""),
    });
    let more = match who.style {
        Style::V1 => json!({
            "ver": "1.0",
            "iss": issuer(who.cloud, who.tenant),
            "amr": who.methods,
            "upn": who.user_principal_name,
            "unique_name": who.user_principal_name,
        }),
        Style::V2 => json!({
            "ver": "2.0",
            "iss": format!("{}/{}/v2.0", who.authority, who.tenant),
            "preferred_username": who.user_principal_name,
        }),
    };
    extend(&mut claims, more);
    for (name, value) in [("nonce", who.nonce), ("email", who.email)] {
        if let Some(value) = value {
            claims[name] = json!(value);
        }
    }
    desk.keys.signing(who.now)?.sign(&claims)
}

fn extend(claims: &mut Value, more: Value) {
    if let (Some(all), Value::Object(more)) = (claims.as_object_mut(), more) {
        all.extend(more);
    }
}

/// The opaque claim that tells which events were before the token.
fn marked(desk: &Desk) -> String {
    let mark = URL_SAFE_NO_PAD.encode(desk.watch.mark().to_be_bytes());
    format!("{mark}{}", desk.opaque(""))
}

/// What the opaque claim says.
pub(super) fn mark(opaque: &str) -> Option<u64> {
    // Eight bytes are eleven signs of base64.
    let bytes = URL_SAFE_NO_PAD.decode(opaque.get(..11)?).ok()?;
    bytes.try_into().ok().map(u64::from_be_bytes)
}
