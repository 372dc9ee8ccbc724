//! Who a token is about, in the words of OpenID Connect.

use http::{HeaderMap, HeaderValue, StatusCode, header};
use msp365_core::Reply;
use serde_json::{Value, json};

use super::{Visit, bearer, desk::Desk, issue, nation};
use crate::{
    reply,
    world::{World, access::text},
};

/// Name and addresses of the signed-in account.
pub(super) fn answer(world: &World, desk: &Desk, visit: &Visit<'_>) -> Reply {
    let audience = nation::graph(world.nation);
    let found = bearer::read((world, desk), visit.bearer, audience, visit.now)
        .ok()
        .filter(|claims| !claims.app_only)
        .and_then(|claims| {
            let oid = claims.oid.clone()?;
            let tenant = world.tenant(claims.tid)?;
            let user = tenant.users.get(&oid).or_else(|| world.partner.users.get(&oid))?;
            Some((claims, oid, user))
        });
    let Some((claims, oid, user)) = found else {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer error=\"invalid_token\""),
        );
        let body = json!({"error": {
            "code": "InvalidAuthenticationToken",
            "message": "Access token is empty, expired, or made out to somebody else.",
        }});
        return reply::json(StatusCode::UNAUTHORIZED, headers, &body);
    };
    let mut body = json!({"sub": issue::subject(&claims.appid, &oid)});
    for (name, property) in [
        ("name", "displayName"),
        ("family_name", "surname"),
        ("given_name", "givenName"),
        ("email", "mail"),
    ] {
        if let Some(value) = text(user, property) {
            body[name] = Value::from(value);
        }
    }
    body["picture"] = json!(format!("{}/v1.0/me/photo/$value", visit.base));
    reply::json(StatusCode::OK, HeaderMap::new(), &body)
}
