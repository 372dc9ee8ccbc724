//! Consent for the partner's app in a customer.

use http::StatusCode;
use msp365_core::TenantId;
use serde_json::Value;

use super::{
    customers,
    rights::{self, member},
    wire::{Answer, Refusal},
};
use crate::{
    api::ApiCall,
    world::{Json, Tenant, Trouble, World, due::Due},
};

/// Global, Application and Cloud Application Administrator.
const CONSENT_ROLES: [&str; 3] = [
    "62e90394-69f5-4237-9190-012177145e10",
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
    "158c047a-c907-4556-b7ef-446551a6b5f7",
];

/// Delegated permissions of one resource.
#[derive(Debug)]
struct Grant {
    resource: String,
    scopes: Vec<String>,
}

/// Grants the app what the body lists.
pub(super) fn create(world: &mut World, call: &ApiCall, customer: &str) -> Result<Answer, Refusal> {
    let tenant = allowed(world, call, customer)?;
    let id = tenant.id;
    let body = rights::body(call)?;
    let grants = grants(&body, &call.claims.appid)?;
    let held = |grant: &Grant| {
        let scopes = tenant.consent.scopes.get(&grant.resource);
        scopes.is_some_and(|scopes| grant.scopes.iter().all(|scope| scopes.contains(scope)))
            || world.journal.agenda.has(|due| under_way(due, id, grant))
    };
    if tenant.has(Trouble::ConsentMissing) || grants.iter().all(held) {
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            409,
            "Permission entry already exists.",
        ));
    }
    for grant in grants {
        let at = call.now.checked_add(world.journal.agenda.consent_takes);
        let due = Due::Consent {
            tenant: id,
            resource: grant.resource,
            scopes: grant.scopes,
        };
        world.journal.agenda.note(at.unwrap_or(call.now), due);
    }
    world.settle(call.now);
    Ok(Answer::Created(body.into()))
}

/// Whether this is on its way already.
fn under_way(due: &Due, customer: TenantId, grant: &Grant) -> bool {
    matches!(due, Due::Consent { tenant, resource, scopes }
        if *tenant == customer && *resource == grant.resource && *scopes == grant.scopes)
}

/// Takes the consent back. A record that no grant stands behind goes the same way, so that consent can be given anew.
pub(super) fn remove(
    world: &mut World,
    call: &ApiCall,
    customer: &str,
    app: &str,
) -> Result<Answer, Refusal> {
    let tenant = allowed(world, call, customer)?;
    let id = tenant.id;
    let recorded = tenant.consent.service_principal.is_some() || tenant.has(Trouble::ConsentMissing);
    if !recorded || !app.eq_ignore_ascii_case(&world.app.client_id) {
        return Err(Refusal::new(
            StatusCode::NOT_FOUND,
            1_000,
            "There is no such consent.",
        ));
    }
    world.revoke_consent(id);
    if let Some(tenant) = world.tenant_mut(id).filter(|t| t.has(Trouble::ConsentMissing)) {
        tenant.lift(Trouble::ConsentMissing);
    }
    Ok(Answer::Nothing)
}

/// The customer, if the signed-in account may consent there.
fn allowed<'a>(world: &'a World, call: &ApiCall, customer: &str) -> Result<&'a Tenant, Refusal> {
    let oid = rights::person(call)?;
    let tenant = customers::find(world, customer)?;
    if !world.partner.transitive_groups(oid).contains(&world.admin_agents) {
        return Err(Refusal::role());
    }
    let roles = world.directory_roles(tenant.id, oid, call.now);
    if !roles.iter().any(|role| CONSENT_ROLES.contains(&role.as_str())) {
        return Err(Refusal::denied());
    }
    Ok(tenant)
}

fn grants(body: &Json, app: &str) -> Result<Vec<Grant>, Refusal> {
    let named = member(body, "applicationId").and_then(Value::as_str);
    if !named.is_some_and(|named| named.eq_ignore_ascii_case(app)) {
        return Err(Refusal::invalid("The applicationId is not the app of the token."));
    }
    let listed = member(body, "applicationGrants")
        .and_then(Value::as_array)
        .filter(|grants| !grants.is_empty());
    let listed = listed.ok_or_else(|| Refusal::invalid("The applicationGrants are missing."))?;
    listed
        .iter()
        .map(|grant| {
            let grant = grant
                .as_object()
                .ok_or_else(|| Refusal::invalid("A grant is no object."))?;
            let resource = member(grant, "enterpriseApplicationId").and_then(Value::as_str);
            let resource = resource.and_then(|id| uuid::Uuid::try_parse(id).ok());
            let resource =
                resource.ok_or_else(|| Refusal::invalid("The enterpriseApplicationId is not a GUID."))?;
            let scope = member(grant, "scope").and_then(Value::as_str).unwrap_or_default();
            let scopes: Vec<String> = scope.split(',').map(|s| s.trim().to_owned()).collect();
            if scopes
                .iter()
                .any(|scope| scope.is_empty() || scope.contains(char::is_whitespace))
            {
                return Err(Refusal::invalid(
                    "The scope is a list of permissions joined by commas.",
                ));
            }
            Ok(Grant {
                resource: resource.to_string(),
                scopes,
            })
        })
        .collect()
}
