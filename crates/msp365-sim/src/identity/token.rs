//! The token endpoint: who asks, and which grant.

use msp365_core::Reply;

use super::{
    Style, Visit, app_only,
    client::{Client, Proof, missing},
    desk::Desk,
    discovery, redeem,
    refusal::Refusal,
};
use crate::world::World;

/// Answers a token request.
pub(super) fn answer(world: &World, desk: &mut Desk, visit: &Visit<'_>) -> Reply {
    #[cfg(feature = "recorded")]
    for name in ["client_secret", "code_verifier"] {
        visit.field(name).into_iter().for_each(crate::recording::seek);
    }
    match grant(world, desk, visit) {
        Ok(reply) => reply,
        Err(refusal) => refusal.reply(desk, visit),
    }
}

fn grant(world: &World, desk: &mut Desk, visit: &Visit<'_>) -> Result<Reply, Refusal> {
    let kind = visit.field("grant_type").ok_or_else(|| missing("grant_type"))?;
    if discovery::is_abroad(world, visit) {
        return Err(abroad(visit));
    }
    let tenant = discovery::tenant(world, visit)?;
    let client = Client::of(world, visit)?;
    if visit.style == Style::V2 && visit.field("resource").is_some() {
        let message = "The 'resource' request parameter is not supported.";
        return Err(Refusal::new("invalid_request", 901_002, message));
    }
    match kind {
        "authorization_code" => redeem::code(world, desk, visit, client),
        "refresh_token" => redeem::refresh_token(world, desk, visit, client),
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => {
            redeem::device_code(world, desk, visit, client)
        }
        "client_credentials" if discovery::is_any(visit.tenant) => Err(Refusal::new(
            "invalid_request",
            9_001_023,
            "The grant type is not supported over the /common or /consumers endpoints. Use the tenant-specific endpoint.",
        )),
        "client_credentials" => app_only::client_credentials(world, desk, visit, (&client, tenant)),
        other => Err(Refusal::new(
            "unsupported_grant_type",
            70_003,
            format!("The app requested an unsupported grant type '{other}'."),
        )),
    }
}

/// An app of one national cloud that asks in another.
fn abroad(visit: &Visit<'_>) -> Refusal {
    let has_proof = ["client_secret", "client_assertion"]
        .iter()
        .any(|name| visit.field(name).is_some());
    if has_proof || visit.basic.is_some() {
        let message = "Confidential Client is not supported in Cross Cloud request.";
        return Refusal::new("invalid_client", 900_382, message);
    }
    let message = "The tenant belongs to another national cloud; send the request to its sign-in service.";
    Refusal::new("invalid_request", 90_038, message)
}

impl Proof {
    /// Refuses an app that got its refresh token by proving itself and does not prove itself now.
    pub(super) fn suffices(self, proven: bool) -> bool {
        !proven || self != Self::Nothing
    }
}
