//! Users of a customer and their licences.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    audit::{self, Done},
    customers::find,
    paging::{self, Rules, Sort, whole},
    rights, subscriptions,
    wire::{Answer, Refusal},
};
use crate::{
    api::ApiCall,
    graph::{Wanted, check_password, wished},
    world::{
        Json, Removed, Tenant, World,
        access::text,
        holdings::{disabled, skus},
        ranks::{self, Act},
    },
};

const RULES: Rules = Rules {
    filters: &[("UserState", "equals")],
    sorts: "displayName userPrincipalName",
};
/// Roles that give and take licences.
const LICENSERS: [&str; 3] = [
    "Global Administrator",
    "License Administrator",
    "User Administrator",
];

/// A page of users; deleted ones, if these are asked for.
pub(super) fn list(world: &World, call: &ApiCall, id: &str) -> Result<Answer, Refusal> {
    let customer = readable(world, call, id)?;
    let seek = paging::seek(world, call, &RULES)?;
    let wants_inactive = match seek.filter.as_ref().map(|filter| filter.value.to_lowercase()) {
        None => false,
        Some(state) if state == "active" => false,
        Some(state) if state == "inactive" => true,
        Some(_) => return Err(Refusal::invalid("The state of a user is Active or Inactive.")),
    };
    let wanted = wants_inactive.then_some(Removed::Changed);
    let rows = customer.users.opened();
    let mut fitting: Vec<&Json> = rows
        .filter(|row| row.removed == wanted)
        .map(|row| &*row.json)
        .collect();
    if let Some(sort) = &seek.sort {
        fitting.sort_by_key(|row| key(row, sort));
        if sort.descends {
            fitting.reverse();
        }
    }
    Ok(paging::page(world, call, (&seek, &fitting), |row| render(row)))
}

fn key(row: &Json, sort: &Sort) -> String {
    let name = if sort.field == "displayname" {
        "displayName"
    } else {
        "userPrincipalName"
    };
    text(row, name).unwrap_or_default().to_lowercase()
}

/// One user.
pub(super) fn get(world: &World, call: &ApiCall, (id, user): (&str, &str)) -> Result<Answer, Refusal> {
    let customer = readable(world, call, id)?;
    Ok(Answer::One(render(row(customer, user)?)))
}

fn readable<'a>(world: &'a World, call: &ApiCall, id: &str) -> Result<&'a Tenant, Refusal> {
    rights::helper(world, call)?;
    let customer = find(world, id)?;
    rights::roles(world, call, customer)?;
    Ok(customer)
}

/// A user by its id.
pub(super) fn row<'a>(customer: &'a Tenant, user: &str) -> Result<&'a Json, Refusal> {
    customer
        .users
        .get(user)
        .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, 60_002, "The user was not found."))
}

fn render(row: &Json) -> Value {
    let id = text(row, "id").unwrap_or_default();
    let deleted = row.get("deletedDateTime").filter(|at| at.is_string());
    json!({
        "id": id,
        "userPrincipalName": text(row, "userPrincipalName"),
        "firstName": text(row, "givenName"),
        "lastName": text(row, "surname"),
        "displayName": text(row, "displayName"),
        "usageLocation": text(row, "usageLocation"),
        "immutableId": text(row, "onPremisesImmutableId"),
        "phoneNumber": text(row, "mobilePhone"),
        "lastDirectorySyncTime": text(row, "onPremisesLastSyncDateTime"),
        "userDomainType": "managed",
        "state": if deleted.is_some() { "inactive" } else { "active" },
        "softDeletionTime": deleted,
        "attributes": {"objectType": "CustomerUser"},
    })
}

/// Sets a password. The answer says it again, as the service does.
pub(super) fn update(world: &mut World, call: &ApiCall, (id, user): (&str, &str)) -> Result<Answer, Refusal> {
    let customer = readable(world, call, id)?;
    let found = row(customer, user)?;
    let body = rights::body(call)?;
    let profile = rights::member(&body, "passwordProfile").and_then(Value::as_object);
    let profile = profile.ok_or_else(|| Refusal::invalid("The passwordProfile is missing."))?;
    let password = rights::member(profile, "password").and_then(Value::as_str);
    let password = password.ok_or_else(|| Refusal::invalid("The password is missing."))?;
    check_password(password).map_err(|refused| Refusal::invalid(refused.message))?;
    if found.get("onPremisesSyncEnabled") == Some(&Value::Bool(true)) {
        return Err(Refusal::invalid(
            "The user is mastered on-premises: its password is set there.",
        ));
    }
    let held = rights::roles(world, call, customer)?;
    let target = world.protecting_roles(customer.id, user, call.now);
    let guarded = customer.transitive_groups(user).iter().any(|group| {
        let group = customer.groups.get(group);
        group.is_some_and(|row| row.get("isAssignableToRole") == Some(&Value::Bool(true)))
    });
    if !ranks::may(Act::Reset, &held, &target, guarded) {
        return Err(Refusal::denied());
    }
    let mut answer = render(found);
    answer["passwordProfile"] = json!({
        "password": password,
        "forceChangePassword": rights::member(profile, "forceChangePassword").cloned().unwrap_or(Value::Bool(false)),
    });
    let done = Done {
        customer: customer.id,
        kind: ("customer_user", "reset_customer_user_password"),
        value: json!({"Id": user}),
    };
    let version = world.next_version();
    if let Some(tenant) = world.tenant_mut(done.customer) {
        let now = call.now.to_string();
        for name in ["lastPasswordChangeDateTime", "signInSessionsValidFromDateTime"] {
            tenant.users.set(user, name, now.as_str(), version);
        }
    }
    world.journal.revoked.push(user.to_owned());
    audit::keep(world, call, &done);
    Ok(Answer::One(answer))
}

/// The licences a user holds.
pub(super) fn licences(world: &World, call: &ApiCall, (id, user): (&str, &str)) -> Result<Answer, Refusal> {
    let customer = readable(world, call, id)?;
    row(customer, user)?;
    let held = customer.holdings(user);
    let items = skus(&held).into_iter().filter_map(|sku| {
        let product = customer.sku(&sku)?;
        let off = disabled(&held, &sku);
        let state = |plan: &str| {
            if off.iter().any(|one| one == plan) {
                "Disabled"
            } else {
                "Assigned"
            }
        };
        Some(json!({
            "servicePlans": subscriptions::plans(product, state),
            "productSku": subscriptions::product(product),
            "attributes": {"objectType": "License"},
        }))
    });
    Ok(whole(items.collect()))
}

/// Gives and takes licences in one step.
pub(super) fn update_licences(
    world: &mut World,
    call: &ApiCall,
    (id, user): (&str, &str),
) -> Result<Answer, Refusal> {
    let customer = readable(world, call, id)?;
    rights::demand(world, call, (customer, &LICENSERS))?;
    row(customer, user)?;
    let body = rights::body(call)?;
    let wanted = wanted(&body)?;
    let held = wished(customer, user, (&wanted, &call.now.to_string())).map_err(|refused| {
        if refused.message.contains("available licenses") {
            Refusal::new(
                StatusCode::BAD_REQUEST,
                60_012,
                "There are no licenses left to assign.",
            )
        } else {
            Refusal::invalid(refused.message)
        }
    })?;
    let mut answer = Value::Object(body.clone());
    answer["licenseWarnings"] = json!([]);
    answer["attributes"] = json!({"objectType": "LicenseUpdate"});
    let done = Done {
        customer: customer.id,
        kind: ("license", "update_customer_user_licenses"),
        value: body.into(),
    };
    let version = world.next_version();
    if let Some(tenant) = world.tenant_mut(done.customer) {
        tenant.hold(user, &held, version);
    }
    audit::keep(world, call, &done);
    Ok(Answer::Created(answer))
}

fn wanted(body: &Json) -> Result<Wanted, Refusal> {
    let list = |name: &str| match rights::member(body, name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(all)) => Ok(all.clone()),
        Some(_) => Err(Refusal::invalid(format!("The {name} are no list."))),
    };
    let guid = |value: &Value| {
        let id = value.as_str().and_then(|text| uuid::Uuid::try_parse(text).ok());
        id.map(|id| id.to_string())
            .ok_or_else(|| Refusal::invalid("The id of a product or a service is no GUID."))
    };
    let mut add = Vec::new();
    for one in list("licensesToAssign")? {
        let one = one
            .as_object()
            .ok_or_else(|| Refusal::invalid("A license is no object."))?;
        let off = rights::member(one, "excludedPlans").and_then(Value::as_array);
        let off: Result<Vec<String>, Refusal> = off.into_iter().flatten().map(guid).collect();
        add.push((guid(rights::member(one, "skuId").unwrap_or(&Value::Null))?, off?));
    }
    let remove: Vec<String> = list("licensesToRemove")?
        .iter()
        .map(guid)
        .collect::<Result<_, _>>()?;
    if add.is_empty() && remove.is_empty() {
        return Err(Refusal::invalid("There is no license to assign or to remove."));
    }
    Ok(Wanted { add, remove })
}
