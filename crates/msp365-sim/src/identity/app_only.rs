//! Client credentials: a token for the app itself.

use msp365_core::Reply;
use serde_json::json;

use super::{
    Visit,
    desk::Desk,
    issue::{self, Grant, Power},
    redeem::{tokens, unsigned},
    refusal::Refusal,
    scopes::{Named, Scopes},
    token::{missing, not_in_tenant},
};
use crate::world::{Json, Tenant, World, change::GRAPH_APP_ID};

/// A token with the app roles that a tenant granted.
pub(super) fn client_credentials(
    world: &World,
    desk: &Desk,
    visit: &Visit<'_>,
    (client, tenant): (&str, &Tenant),
) -> Result<Reply, Refusal> {
    let text = visit.field("scope").ok_or_else(|| missing("scope"))?;
    let scopes = Scopes::parse(text)?;
    let [(resource, Named::Default)] = scopes.resources.as_slice() else {
        return Err(Refusal::new(
            "invalid_scope",
            1_002_012,
            format!(
                "The provided value for scope {text} is not valid. Client credential flows must have a scope value \
                 with /.default suffixed to the resource identifier (application ID URI)."
            ),
        ));
    };
    let consent = if client == world.app_only.client_id {
        &tenant.app_consent
    } else {
        &tenant.consent
    };
    let principal = consent
        .service_principal
        .as_deref()
        .ok_or_else(|| not_in_tenant(client, tenant.id))?;
    let roles = match resource.app_id {
        GRAPH_APP_ID => consent.roles.iter().cloned().collect(),
        _ => Vec::new(),
    };
    let grant = Grant {
        authority: &visit.base,
        tenant: tenant.id,
        audience: resource.uri,
        client_id: client,
        oid: principal,
        power: Power::AppOnly { roles },
        now: visit.now,
    };
    let (token, lifetime) = issue::access_token(desk, &grant).ok_or_else(unsigned)?;
    let mut body = Json::new();
    body.insert("token_type".to_owned(), json!("Bearer"));
    body.insert("expires_in".to_owned(), json!(lifetime));
    body.insert("ext_expires_in".to_owned(), json!(lifetime));
    body.insert("access_token".to_owned(), json!(token));
    Ok(tokens(body))
}
