//! The OpenID documents, the keys, and which hosts belong together.

use http::{HeaderMap, HeaderValue, StatusCode, header};
use msp365_core::Reply;
use serde_json::{Value, json};
use url::Url;

use super::{
    Style, Visit,
    client::not_in_tenant,
    desk::Desk,
    issue,
    nation::{self, Nation},
    refusal::Refusal,
};
use crate::{
    reply,
    world::{Tenant, World, registration::Registration},
};

/// Names that stand for any tenant.
pub(super) fn is_any(tenant: &str) -> bool {
    matches!(tenant, "common" | "organizations")
}

/// The tenant of a path's first segment; the partner's for `common` and `organizations`.
pub(super) fn tenant<'a>(world: &'a World, visit: &Visit<'_>) -> Result<&'a Tenant, Refusal> {
    let name = visit.tenant;
    if name == "consumers" {
        return Err(Refusal::new(
            "invalid_request",
            9_002_332,
            "The application is configured for use by Microsoft Entra users only. Do not use the /consumers endpoint \
             to serve this request.",
        ));
    }
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
    let found = world.tenant_named(name).ok_or_else(|| {
        Refusal::new(
            "invalid_request",
            90_002,
            format!(
                "Tenant '{name}' not found. Check to make sure you have the correct tenant ID and cloud."
            ),
        )
    })?;
    if is_abroad(world, visit) {
        let message =
            format!("Tenant '{name}' request is being redirected to the National Cloud it belongs to.");
        return Err(Refusal::new("invalid_request", 90_038, message));
    }
    Ok(found)
}

/// Refuses an app outside the one tenant it is for.
pub(super) fn admit(world: &World, visit: &Visit<'_>, app: &Registration<'_>) -> Result<(), Refusal> {
    if app.is_for_all_tenants() {
        return Ok(());
    }
    if is_any(visit.tenant) {
        let message = format!(
            "Application '{}' is not configured as a multi-tenant application. Usage of the /common endpoint is not \
             supported for it.",
            app.client_id
        );
        return Err(Refusal::new("invalid_request", 50_194, message));
    }
    if tenant(world, visit)?.id == app.owner {
        return Ok(());
    }
    Err(not_in_tenant(app.client_id, visit.tenant))
}

/// Whether a request came to another national cloud than that of the tenants. Other hosts are at home anywhere.
pub(super) fn is_abroad(world: &World, visit: &Visit<'_>) -> bool {
    place(visit).is_some_and(|nation| nation != nation::family(world.nation))
}

fn place(visit: &Visit<'_>) -> Option<Nation> {
    Url::parse(&visit.base)
        .ok()
        .and_then(|base| nation::of_login(base.host_str()?))
}

/// Scheme and host that issue tokens: the chief one of a cloud, or wherever else the service is.
pub(super) fn authority(visit: &Visit<'_>) -> String {
    match place(visit) {
        Some(nation) => format!("https://{}", nation.login()),
        None => visit.base.clone(),
    }
}

/// The OpenID configuration of a tenant, or the template for any.
pub(super) fn document(world: &World, desk: &Desk, visit: &Visit<'_>) -> Reply {
    let id = match tenant(world, visit) {
        Err(refusal) => return refusal.reply(desk, visit),
        Ok(_) if is_any(visit.tenant) => "{tenantid}".to_owned(),
        Ok(tenant) => tenant.id.to_string(),
    };
    let cloud = match place(visit) {
        Some(Nation::UsGov) if nation::family(world.nation) != Nation::UsGov => msp365_core::Cloud::UsGov,
        Some(Nation::China) => msp365_core::Cloud::China,
        Some(Nation::Global) => msp365_core::Cloud::Public,
        Some(Nation::UsGov) | None => world.nation,
    };
    let authority = authority(visit);
    let root = format!("{authority}/{}", visit.tenant);
    let (version, keys, issuer) = match visit.style {
        Style::V2 => ("/v2.0", "/v2.0", format!("{authority}/{id}/v2.0")),
        Style::V1 => ("", "", issue::issuer(cloud, &id)),
    };
    let graph = match place(visit) {
        Some(_) => nation::graph(cloud),
        None => visit.base.as_str(),
    };
    let mut body = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{root}/oauth2{version}/authorize"),
        "token_endpoint": format!("{root}/oauth2{version}/token"),
        "device_authorization_endpoint": format!("{root}/oauth2{version}/devicecode"),
        "end_session_endpoint": format!("{root}/oauth2{version}/logout"),
        "jwks_uri": format!("{root}/discovery{keys}/keys"),
        "userinfo_endpoint": format!("{graph}/oidc/userinfo"),
        "request_uri_parameter_supported": false,
        "http_logout_supported": true,
        "frontchannel_logout_supported": true,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_post", "private_key_jwt", "client_secret_basic",
        ],
        "claims_supported": [
            "sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host",
            "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash",
            "c_hash", "email",
        ],
    });
    if let (Some(body), Value::Object(facts)) = (body.as_object_mut(), nation::facts(cloud)) {
        body.extend(facts);
    }
    reply::json(StatusCode::OK, public(), &body)
}

/// The keys that tokens are signed with. Those of version 2 name who signs with them, as a template.
pub(super) fn keys(world: &World, desk: &Desk, visit: &Visit<'_>) -> Reply {
    if let Err(refusal) = tenant(world, visit) {
        return refusal.reply(desk, visit);
    }
    let keys = desk.keys.published(visit.now);
    let keys: Vec<_> = keys
        .iter()
        .map(|key| {
            let mut key = key.jwk();
            if visit.style == Style::V2 {
                key["issuer"] = json!(format!("{}/{{tenantid}}/v2.0", authority(visit)));
            }
            key
        })
        .collect();
    reply::json(StatusCode::OK, public(), &json!({"keys": keys}))
}

/// Which hosts of the sign-in service stand for each other.
pub(super) fn instance(desk: &Desk, visit: &Visit<'_>) -> Reply {
    let asked = visit
        .field("authorization_endpoint")
        .and_then(|given| Url::parse(given).ok());
    let Some(asked) = asked else {
        let message = "The request must have a valid parameter 'authorization_endpoint'.";
        return Refusal::new("invalid_request", 900_144, message).reply(desk, visit);
    };
    let here = Url::parse(&visit.base).is_ok_and(|base| base.origin() == asked.origin());
    let known = asked.host_str().and_then(nation::of_login);
    if known.is_none() && !here {
        let message = "Unknown or invalid instance.";
        return Refusal::new("invalid_instance", 50_049, message).reply(desk, visit);
    }
    let segments: Vec<&str> = asked.path().trim_matches('/').split('/').collect();
    let tenant = segments.first().copied().unwrap_or("common");
    let version = if segments.contains(&"v2.0") { "/v2.0" } else { "" };
    let host = asked.host_str().unwrap_or_default();
    let place = match asked.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    let mut metadata: Vec<Value> = nation::ALL
        .into_iter()
        .map(|nation| {
            json!({
                "preferred_network": nation.login(),
                "preferred_cache": nation.cache(),
                "aliases": nation.aliases(),
            })
        })
        .collect();
    if known.is_none() {
        metadata.push(json!({
            "preferred_network": place,
            "preferred_cache": place,
            "aliases": [place],
        }));
    }
    let api = visit.field("api-version").unwrap_or("1.0");
    let mut body = json!({
        "tenant_discovery_endpoint": format!(
            "{}://{place}/{tenant}{version}/.well-known/openid-configuration",
            asked.scheme()
        ),
        "api-version": api,
    });
    // The first version tells the document alone.
    if api != "1.0" {
        body["metadata"] = json!(metadata);
    }
    reply::json(StatusCode::OK, public(), &body)
}

/// Documents that a page of another site may read.
fn public() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("max-age=86400, private"),
    );
    headers
}
