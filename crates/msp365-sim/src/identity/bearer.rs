//! Reading tokens when they come back.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use msp365_core::Cloud;
use serde_json::{Value, json};

use super::{claims::Claims, desk::Desk, issue, nation};
use crate::world::{Json, World};

/// Why a bearer token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    Missing,
    Malformed,
    Expired,
    WrongAudience,
    /// It was recalled; one that is newer than this will do.
    Recalled(Timestamp),
}

/// The claims of a bearer token made out to an audience.
pub(crate) fn read(
    (world, desk): (&World, &Desk),
    token: Option<&str>,
    audience: &str,
    now: Timestamp,
) -> Result<Claims, Refused> {
    let token = token.ok_or(Refused::Missing)?;
    let json = desk.keys.open(token, now).ok_or(Refused::Malformed)?;
    let claims = claims(&json).ok_or(Refused::Malformed)?;
    if claims.exp <= now {
        return Err(Refused::Expired);
    }
    if claims.aud != audience {
        return Err(Refused::WrongAudience);
    }
    match recalled((world, desk), &json, &claims, now) {
        Some(since) => Err(Refused::Recalled(since)),
        None => Ok(claims),
    }
}

/// Since when a token is recalled, if it is one that can be.
fn recalled(
    (world, desk): (&World, &Desk),
    json: &Value,
    claims: &Claims,
    now: Timestamp,
) -> Option<Timestamp> {
    let is_continuous = json["xms_cc"].as_array().is_some_and(|all| !all.is_empty());
    let oid = claims.oid.as_deref().filter(|_| is_continuous)?;
    let mark = json["aio"].as_str().and_then(issue::mark)?;
    let event = desk.watch.recalled(claims.tid, oid, mark);
    let gone = || {
        let is_there = if claims.app_only {
            let tenant = world.tenant(claims.tid)?;
            tenant.service_principals.get(oid).is_some_and(is_enabled)
        } else {
            let homes = [Some(&world.partner), world.tenant(claims.tid)];
            let user = homes
                .into_iter()
                .flatten()
                .find_map(|tenant| tenant.users.get(oid));
            user.is_some_and(is_enabled)
        };
        (!is_there).then_some(now)
    };
    event.or_else(gone)
}

fn is_enabled(account: &Json) -> bool {
    account.get("accountEnabled") != Some(&Value::Bool(false))
}

/// The header that says where tokens are to be had, and that one newer than a moment is wanted.
pub(crate) fn challenge(cloud: Cloud, since: Option<Timestamp>) -> String {
    let login = nation::family(cloud).login();
    let place = format!("Bearer realm=\"\", authorization_uri=\"https://{login}/common/oauth2/authorize\"");
    let Some(since) = since else {
        return place;
    };
    let claims = json!({"access_token": {"nbf": {
        "essential": true,
        "value": since.as_second().to_string(),
    }}});
    let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
    format!("{place}, error=\"insufficient_claims\", claims=\"{claims}\"")
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
