//! Client credentials: a token for the app itself.

use msp365_core::Reply;

use super::{
    Style, Visit,
    claimed::Claimed,
    client::{Client, missing, not_in_tenant},
    desk::Desk,
    issue::{Grant, Power},
    redeem::{access_answer, enabled, tokens},
    refusal::Refusal,
    scopes::{Named, Resource, Scopes},
};
use crate::world::{Tenant, World, change::GRAPH_APP_ID};

/// A token with the app roles that a tenant granted.
pub(super) fn client_credentials(
    world: &World,
    desk: &Desk,
    visit: &Visit<'_>,
    (client, tenant): (&Client<'_>, &Tenant),
) -> Result<Reply, Refusal> {
    client.confidential()?;
    let resource = resource(world, visit)?;
    let client_id = client.id();
    let consent = world.consent_in(tenant, client_id);
    let principal = consent
        .service_principal
        .as_deref()
        .ok_or_else(|| not_in_tenant(client_id, tenant.id))?;
    enabled(tenant, principal, client_id)?;
    let roles = match resource.app_id {
        GRAPH_APP_ID => consent.roles.iter().cloned().collect(),
        _ => Vec::new(),
    };
    let claimed = Claimed::parse([visit.field("claims")])?;
    let grant = Grant {
        cloud: world.nation,
        tenant: tenant.id,
        audience: resource.uri,
        client_id,
        app_name: client.registration.name,
        proof: client.proof,
        oid: principal,
        power: Power::AppOnly { roles },
        continuous: claimed.capable && resource.recalls(),
        contexts: Vec::new(),
        now: visit.now,
    };
    Ok(tokens(access_answer(desk, visit, &grant)?))
}

/// The one resource that is asked for.
fn resource(world: &World, visit: &Visit<'_>) -> Result<Resource, Refusal> {
    if visit.style == Style::V1 {
        let name = visit.field("resource").ok_or_else(|| missing("resource"))?;
        return Resource::named(name, world.nation);
    }
    let text = visit.field("scope").ok_or_else(|| missing("scope"))?;
    let scopes = Scopes::parse(text, world.nation)?;
    match scopes.resources.as_slice() {
        [(resource, Named::Default)] => Ok(*resource),
        _ => Err(Refusal::new(
            "invalid_scope",
            1_002_012,
            format!(
                "The provided value for scope {text} is not valid. Client credential flows must have a scope value \
                 with /.default suffixed to the resource identifier (application ID URI)."
            ),
        )),
    }
}
