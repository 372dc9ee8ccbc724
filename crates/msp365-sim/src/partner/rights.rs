//! Who may do what in Partner Center, and the bodies they send.

use serde_json::{Map, Value};

use super::wire::Refusal;
use crate::{
    api::ApiCall,
    world::{Tenant, World, access::text, roles::templates},
};

/// Groups of the partner whose members work with customers.
const AGENTS: [&str; 3] = ["AdminAgents", "HelpdeskAgents", "SalesAgents"];

/// Refuses a person who is no agent of the partner. An app by itself is asked nothing here.
pub(super) fn agent(world: &World, call: &ApiCall) -> Result<(), Refusal> {
    match person(call) {
        Err(_) => Ok(()),
        Ok(oid) => held(world, oid, &AGENTS),
    }
}

/// The person behind a call that no app may make by itself.
pub(super) fn person(call: &ApiCall) -> Result<&str, Refusal> {
    let oid = call.claims.oid.as_deref();
    oid.filter(|_| !call.claims.app_only).ok_or_else(Refusal::denied)
}

/// Refuses whoever is not an admin agent of the partner.
pub(super) fn admin(world: &World, call: &ApiCall) -> Result<(), Refusal> {
    held(world, person(call)?, AGENTS.get(..1).unwrap_or_default())
}

/// Refuses whoever neither administers customers nor helps their users.
pub(super) fn helper(world: &World, call: &ApiCall) -> Result<(), Refusal> {
    held(world, person(call)?, AGENTS.get(..2).unwrap_or_default())
}

fn held(world: &World, oid: &str, names: &[&str]) -> Result<(), Refusal> {
    let is_one = |group: &String| {
        let row = world.partner.groups.get(group);
        row.and_then(|row| text(row, "displayName"))
            .is_some_and(|name| names.contains(&name))
    };
    if world.partner.transitive_groups(oid).iter().any(is_one) {
        Ok(())
    } else {
        Err(Refusal::role())
    }
}

/// The roles that the person behind a call holds in a customer; refuses those who hold none.
pub(super) fn roles(world: &World, call: &ApiCall, customer: &Tenant) -> Result<Vec<String>, Refusal> {
    let roles = world.directory_roles(customer.id, person(call)?, call.now);
    if roles.is_empty() {
        return Err(Refusal::denied());
    }
    Ok(roles)
}

/// Refuses the person behind a call unless it holds one of these roles in a customer.
pub(super) fn demand(world: &World, call: &ApiCall, wanted: (&Tenant, &[&str])) -> Result<(), Refusal> {
    let (customer, names) = wanted;
    let any = templates(names);
    if roles(world, call, customer)?
        .iter()
        .any(|role| any.contains(role))
    {
        Ok(())
    } else {
        Err(Refusal::denied())
    }
}

/// The object in a body.
pub(super) fn body(call: &ApiCall) -> Result<Map<String, Value>, Refusal> {
    serde_json::from_slice(call.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&call.body))
        .map_err(|_| Refusal::invalid("The body is no JSON object."))
}

/// A member by its name, whatever its case.
pub(super) fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}
