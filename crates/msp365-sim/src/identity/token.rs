//! The token endpoint: who asks, and which grant.

use msp365_core::Reply;

use super::{Visit, app_only, desk::Desk, discovery, redeem, refusal::Refusal};
use crate::world::World;

/// Answers a token request.
pub(super) fn answer(world: &mut World, desk: &mut Desk, visit: &Visit<'_>) -> Reply {
    match grant(world, desk, visit) {
        Ok(reply) => reply,
        Err(refusal) => refusal.reply(desk, &visit.base, visit.now),
    }
}

fn grant(world: &World, desk: &mut Desk, visit: &Visit<'_>) -> Result<Reply, Refusal> {
    let kind = visit.field("grant_type").ok_or_else(|| missing("grant_type"))?;
    let tenant = discovery::tenant(world, visit.tenant)?;
    let client = client(world, visit)?;
    match kind {
        "authorization_code" => redeem::code(world, desk, visit, client),
        "refresh_token" => redeem::refresh_token(world, desk, visit, client),
        "client_credentials" if discovery::is_any(visit.tenant) => Err(Refusal::new(
            "invalid_request",
            9_001_023,
            "The grant type is not supported over the /common or /consumers endpoints. Use the tenant-specific endpoint.",
        )),
        "client_credentials" => app_only::client_credentials(world, desk, visit, (client, tenant)),
        other => Err(Refusal::new(
            "unsupported_grant_type",
            70_003,
            format!("The app requested an unsupported grant type '{other}'."),
        )),
    }
}

/// A field that the request must have.
pub(super) fn missing(field: &str) -> Refusal {
    Refusal::new(
        "invalid_request",
        900_144,
        format!("The request body must contain the following parameter: '{field}'."),
    )
}

/// The app that asks, by its id and secret.
fn client<'a>(world: &'a World, visit: &Visit<'_>) -> Result<&'a str, Refusal> {
    let (basic_id, basic_secret) = match &visit.basic {
        Some((id, secret)) => (Some(id.as_str()), Some(secret.as_str())),
        None => (None, None),
    };
    let id = visit
        .field("client_id")
        .or(basic_id)
        .ok_or_else(|| missing("client_id"))?;
    let app = [&world.app, &world.app_only]
        .into_iter()
        .find(|app| app.client_id == id)
        .ok_or_else(|| not_in_tenant(id, visit.tenant))?;
    let Some(secret) = visit.field("client_secret").or(basic_secret) else {
        return Err(Refusal::new(
            "invalid_client",
            7_000_218,
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        ));
    };
    if world.secret(id, secret).is_none() {
        let message = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, \
             not the client secret ID, for a secret added to app '{id}'."
        );
        return Err(Refusal::new("invalid_client", 7_000_215, message));
    }
    Ok(&app.client_id)
}

/// The app has no service principal in a tenant, or does not exist.
pub(super) fn not_in_tenant(app: &str, tenant: impl std::fmt::Display) -> Refusal {
    Refusal::new(
        "unauthorized_client",
        700_016,
        format!(
            "Application with identifier '{app}' was not found in the directory '{tenant}'. This can happen if the \
             application has not been installed by the administrator of the tenant or consented to by any user in \
             the tenant."
        ),
    )
}
