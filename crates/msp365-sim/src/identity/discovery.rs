//! The OpenID document, the keys and log-out.

use http::{HeaderMap, StatusCode};
use msp365_core::Reply;
use serde_json::{Value, json};

use super::{Visit, desk::Desk, keys, pages, refusal::Refusal};
use crate::{
    reply,
    world::{Tenant, World},
};

/// Names that stand for any tenant.
pub(super) fn is_any(tenant: &str) -> bool {
    matches!(tenant, "common" | "organizations")
}

/// The tenant of a path's first segment; the partner's for `common` and `organizations`.
pub(super) fn tenant<'a>(world: &'a World, name: &str) -> Result<&'a Tenant, Refusal> {
    if is_any(name) {
        return Ok(&world.partner);
    }
    if name.parse::<msp365_core::TenantId>().is_err() && !name.contains('.') {
        return Err(Refusal::new(
            "invalid_request",
            900_023,
            format!(
                "Specified tenant identifier '{name}' is neither a valid DNS name, nor a valid external domain."
            ),
        ));
    }
    world.tenant_named(name).ok_or_else(|| {
        Refusal::new(
            "invalid_request",
            90_002,
            format!("Tenant '{name}' not found. Check to make sure you have the correct tenant ID."),
        )
    })
}

/// The OpenID configuration of a tenant, or the template for any.
pub(super) fn document(world: &World, visit: &Visit<'_>) -> Reply {
    let issuer = match tenant(world, visit.tenant) {
        Err(refusal) => return refusal.reply(&Desk::new(world.seed), &visit.base, visit.now),
        Ok(_) if is_any(visit.tenant) => "{tenantid}".to_owned(),
        Ok(tenant) => tenant.id.to_string(),
    };
    let base = &visit.base;
    let root = format!("{base}/{}", visit.tenant);
    let body = json!({
        "issuer": format!("{base}/{issuer}/v2.0"),
        "authorization_endpoint": format!("{root}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{root}/oauth2/v2.0/token"),
        "end_session_endpoint": format!("{root}/oauth2/v2.0/logout"),
        "jwks_uri": format!("{root}/discovery/v2.0/keys"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "name", "oid", "tid", "ver"],
        "tenant_region_scope": Value::Null,
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
    });
    reply::json(StatusCode::OK, HeaderMap::new(), &body)
}

/// The keys that tokens are signed with.
pub(super) fn keys(visit: &Visit<'_>) -> Reply {
    let keys: Vec<_> = keys::key().map(|key| key.jwk(&visit.base)).into_iter().collect();
    reply::json(StatusCode::OK, HeaderMap::new(), &json!({"keys": keys}))
}

/// Says good-bye, or goes back to the app.
pub(super) fn log_out(world: &World, visit: &Visit<'_>) -> Reply {
    match visit.field("post_logout_redirect_uri") {
        Some(uri) if super::authorize::is_registered(&world.app.redirect_uri, uri) => reply::redirect(uri),
        _ => pages::message(StatusCode::OK, "You signed out", "You may close this window."),
    }
}
