//! Directory roles of a customer, and the users that hold them.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    audit::{self, Done},
    customers::find,
    paging::whole,
    rights,
    users::row,
    wire::{Answer, Refusal},
};
use crate::{
    api::ApiCall,
    world::{
        Json, Removed, Tenant, World,
        access::{object, text},
        change::derived_id,
        units::Over,
    },
};

/// Roles that give and take roles.
const GRANTERS: [&str; 2] = ["Global Administrator", "Privileged Role Administrator"];

/// All roles there are.
pub(super) fn list(world: &World, call: &ApiCall, id: &str) -> Result<Answer, Refusal> {
    let customer = readable(world, call, id)?;
    Ok(whole(customer.role_definitions.present().map(role).collect()))
}

/// The roles of one user.
pub(super) fn of_user(world: &World, call: &ApiCall, (id, user): (&str, &str)) -> Result<Answer, Refusal> {
    let customer = readable(world, call, id)?;
    row(customer, user)?;
    let held = customer
        .role_assignments
        .present()
        .filter(|one| text(one, "principalId") == Some(user) && Over::of(one) == Over::Tenant)
        .filter_map(|one| customer.role_definitions.get(text(one, "roleDefinitionId")?));
    Ok(whole(held.map(role).collect()))
}

/// The users that hold a role.
pub(super) fn members(world: &World, call: &ApiCall, (id, role): (&str, &str)) -> Result<Answer, Refusal> {
    let customer = readable(world, call, id)?;
    defined(customer, role)?;
    let held = customer
        .role_assignments
        .present()
        .filter(|one| text(one, "roleDefinitionId") == Some(role) && Over::of(one) == Over::Tenant)
        .filter_map(|one| customer.users.get(text(one, "principalId")?));
    Ok(whole(held.map(|user| member(user, role)).collect()))
}

/// Gives a role to a user.
pub(super) fn add(world: &mut World, call: &ApiCall, (id, role): (&str, &str)) -> Result<Answer, Refusal> {
    let customer = changeable(world, call, id)?;
    defined(customer, role)?;
    let body = rights::body(call)?;
    let user = rights::member(&body, "id")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let answer = member(row(customer, user)?, role);
    if assignment(customer, user, role).is_some() {
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            409,
            "The user holds the role already.",
        ));
    }
    let done = Done {
        customer: customer.id,
        kind: ("customer_directory_role", "add_customer_user_member"),
        value: answer.clone(),
    };
    let version = world.next_version();
    let assigned = json!({
        "id": derived_id(done.customer, &format!("role assignment {version}")),
        "principalId": user, "roleDefinitionId": role, "directoryScopeId": "/", "appScopeId": Value::Null,
        "condition": Value::Null, "principalOrganizationId": done.customer,
    });
    if let Some(tenant) = world.tenant_mut(done.customer) {
        tenant.role_assignments.put(object(assigned), version);
    }
    audit::keep(world, call, &done);
    Ok(Answer::Created(answer))
}

/// Takes a role away from a user.
pub(super) fn remove(
    world: &mut World,
    call: &ApiCall,
    (id, role, user): (&str, &str, &str),
) -> Result<Answer, Refusal> {
    let customer = changeable(world, call, id)?;
    defined(customer, role)?;
    let held = assignment(customer, user, role);
    let held =
        held.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, 60_002, "The user does not hold the role."))?;
    let done = Done {
        customer: customer.id,
        kind: ("customer_directory_role", "remove_customer_user_member"),
        value: json!({"Id": user, "RoleId": role}),
    };
    let version = world.next_version();
    if let Some(tenant) = world.tenant_mut(done.customer) {
        tenant.role_assignments.remove(&held, Removed::Deleted, version);
    }
    audit::keep(world, call, &done);
    Ok(Answer::Nothing)
}

fn readable<'a>(world: &'a World, call: &ApiCall, id: &str) -> Result<&'a Tenant, Refusal> {
    rights::helper(world, call)?;
    let customer = find(world, id)?;
    rights::roles(world, call, customer)?;
    Ok(customer)
}

fn changeable<'a>(world: &'a World, call: &ApiCall, id: &str) -> Result<&'a Tenant, Refusal> {
    rights::admin(world, call)?;
    let customer = find(world, id)?;
    rights::demand(world, call, (customer, &GRANTERS))?;
    Ok(customer)
}

fn defined(customer: &Tenant, role: &str) -> Result<(), Refusal> {
    match customer.role_definitions.get(role) {
        Some(_) => Ok(()),
        None => Err(Refusal::new(
            StatusCode::NOT_FOUND,
            1_000,
            "The role was not found.",
        )),
    }
}

fn assignment(customer: &Tenant, user: &str, role: &str) -> Option<String> {
    let own = |one: &&Json| {
        text(one, "principalId") == Some(user)
            && text(one, "roleDefinitionId") == Some(role)
            && Over::of(one) == Over::Tenant
    };
    let found = customer.role_assignments.present().find(own)?;
    text(found, "id").map(str::to_owned)
}

fn role(definition: &Json) -> Value {
    json!({
        "name": text(definition, "displayName"),
        "id": text(definition, "id"),
        "attributes": {"objectType": "DirectoryRole"},
    })
}

fn member(user: &Json, role: &str) -> Value {
    json!({
        "displayName": text(user, "displayName"),
        "userPrincipalName": text(user, "userPrincipalName"),
        "roleId": role,
        "id": text(user, "id"),
        "attributes": {"objectType": "UserMember"},
    })
}
