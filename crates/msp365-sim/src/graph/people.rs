//! What lies below a user: manager and reports, licences, devices.

use std::{borrow::Cow, collections::BTreeMap};

use http::Method;
use serde_json::{Value, json};

use super::{
    answer::Answer,
    caller::{Caller, after, id_of},
    memberships, methods, read_only, relations,
    rights::{APP_ROLES, DEVICES, MANAGED_DEVICES, OBJECTS_READ, PERMISSION_GRANTS},
    teams, unknown, users,
};
use crate::{
    odata::{
        DIRECTORY_OBJECT, Refused, Rules, Shape,
        access::{APP_ROLE_ASSIGNMENT, O_AUTH2_PERMISSION_GRANT},
        machines::MANAGED_DEVICE,
        people::USER,
        tenant::LICENSE_DETAILS,
    },
    world::{
        Json, Tenant,
        access::{object, text},
        change::derived_id,
        holdings::{disabled, skus},
    },
};

const OBJECTS: Rules = Rules {
    shape: &DIRECTORY_OBJECT,
    page: 100,
    top: Some(999),
    options: "$select $filter $count $orderby $search",
    order: "",
    directory: true,
};
const LICENCES: Rules = Rules {
    shape: &LICENSE_DETAILS,
    page: usize::MAX,
    top: None,
    options: "$select",
    order: "",
    directory: false,
};
const APP_ROLE_LIST: Rules = Rules {
    shape: &APP_ROLE_ASSIGNMENT,
    options: "$select $filter $count",
    ..OBJECTS
};
const GRANTS: Rules = Rules {
    shape: &O_AUTH2_PERMISSION_GRANT,
    page: 100,
    top: Some(999),
    options: "$select $filter",
    order: "",
    directory: false,
};
const MANAGED: Rules = Rules {
    shape: &MANAGED_DEVICE,
    page: 1_000,
    top: Some(1_000),
    options: "$select $filter",
    order: "",
    directory: false,
};

/// Answers about what hangs on a user.
pub(super) fn serve(caller: &Caller<'_>, user: &str, rest: &[&str]) -> Result<Answer, Refused> {
    let id = || {
        let found = users::find(caller, user).map(|(id, _)| id);
        found.ok_or_else(|| Refused::not_found(user))
    };
    let tenant = caller.tenant;
    let reading = users::reading(caller, user);
    match rest {
        ["manager"] => {
            read_only(caller, reading)?;
            let row = relations::manager(tenant, id()?);
            caller.entity("directoryObjects", &USER, row.as_ref(), "manager")
        }
        ["manager", "$ref"] => {
            read_only(caller, reading)?;
            let row = relations::manager(tenant, id()?);
            let row = row.ok_or_else(|| Refused::not_found("manager"))?;
            Ok(reference(caller, &row))
        }
        ["directReports" | "ownedObjects" | "createdObjects", cast @ ..] => {
            read_only(caller, reading)?;
            let id = id()?;
            memberships::cast_of(caller, cast, || match rest.first() {
                Some(&"directReports") => relations::reports(tenant, id),
                Some(&"ownedObjects") => relations::owned_by(tenant, id),
                _ => BTreeMap::new(),
            })
        }
        ["licenseDetails"] => {
            read_only(caller, reading)?;
            let what = "users/licenseDetails";
            rows(caller, what, &LICENCES, &licences(tenant, id()?))
        }
        ["registeredDevices" | "ownedDevices", cast @ ..] => {
            read_only(caller, reading)?;
            let id = id()?;
            if cast.first() == Some(&"microsoft.graph.device") && !users::is_me(caller, id) {
                caller.demand(&DEVICES)?;
            }
            memberships::cast_of(caller, cast, || devices(caller, id))
        }
        ["oauth2PermissionGrants"] => {
            read_only(caller, &PERMISSION_GRANTS)?;
            let own = relations::rows_where(&tenant.permission_grants, "principalId", id()?);
            rows(caller, "oauth2PermissionGrants", &GRANTS, &own)
        }
        ["joinedTeams"] => teams::joined(caller, id()?),
        ["appRoleAssignments"] => app_roles_of_user(caller, id()?),
        ["authentication", rest @ ..] => methods::serve(caller, id(), rest),
        ["managedDevices", rest @ ..] => managed(caller, id, rest),
        rest => Err(unknown(rest)),
    }
}

fn managed<'a>(
    caller: &Caller<'_>,
    user: impl FnOnce() -> Result<&'a str, Refused>,
    rest: &[&str],
) -> Result<Answer, Refused> {
    read_only(caller, &MANAGED_DEVICES)?;
    let own: BTreeMap<String, Json> = relations::managed(caller.tenant, user()?)
        .map(|row| (id_of(row).to_owned(), row.clone()))
        .collect();
    match rest {
        [] => rows(caller, "users/managedDevices", &MANAGED, &own),
        [device] => caller.entity("users/managedDevices", &MANAGED_DEVICE, own.get(*device), device),
        rest => Err(unknown(rest)),
    }
}

/// A link to an object in its place.
fn reference(caller: &Caller<'_>, row: &Json) -> Answer {
    let link = format!(
        "{}/directoryObjects/{}/Microsoft.DirectoryServices.User",
        caller.root(),
        id_of(row)
    );
    Answer::Json(json!({"@odata.context": caller.context("$ref", None), "@odata.id": link}))
}

/// The most ids one request resolves.
const MOST_IDS: usize = 1_000;

/// `directoryObjects`: one by its id, or many by theirs.
pub(super) fn objects(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let find = |id: &str| relations::object_of(caller.tenant, &id.to_lowercase());
    match rest {
        ["getByIds"] => {
            caller.only(&Method::POST)?;
            caller.demand(&OBJECTS_READ)?;
            by_ids(caller)
        }
        [id] => {
            read_only(caller, &OBJECTS_READ)?;
            let found = find(id);
            let shape = found.as_ref().map_or(&USER, |(_, shape)| *shape);
            caller.entity("directoryObjects", shape, found.as_ref().map(|(row, _)| row), id)
        }
        [id, rest @ ..] if rest.first().is_some_and(|name| memberships::NAMES.contains(name)) => {
            let known = find(id).map(|_| *id).ok_or_else(|| Refused::not_found(id));
            memberships::serve(caller, known, rest)
        }
        rest => Err(unknown(rest)),
    }
}

fn by_ids(caller: &Caller<'_>) -> Result<Answer, Refused> {
    let body = caller.body()?;
    let words = |name: &str| {
        let list = body.get(name).and_then(Value::as_array)?;
        list.iter().map(Value::as_str).collect::<Option<Vec<&str>>>()
    };
    let ids =
        words("ids").ok_or_else(|| Refused::bad("The parameter 'ids' is missing or no list of ids."))?;
    if ids.len() > MOST_IDS {
        return Err(Refused::bad(format!(
            "At most {MOST_IDS} ids are resolved at once."
        )));
    }
    let types = words("types");
    let mut found = BTreeMap::new();
    for id in ids.iter().map(|id| id.to_lowercase()) {
        let wanted = |shape: &Shape| types.as_ref().is_none_or(|types| types.contains(&shape.name));
        let object = relations::object_of(caller.tenant, &id);
        if let Some((row, _)) = object.filter(|(_, shape)| wanted(shape)) {
            found.insert(id, row);
        }
    }
    let rules = Rules {
        page: MOST_IDS,
        ..OBJECTS
    };
    rows(caller, "directoryObjects", &rules, &found)
}

/// A page of rows made for this call.
pub(super) fn rows(
    caller: &Caller<'_>,
    what: &str,
    rules: &Rules,
    rows: &BTreeMap<String, Json>,
) -> Result<Answer, Refused> {
    let options = caller.options(rules)?;
    caller.collection(what, &options, |from| {
        after(rows, from).map(|(id, row)| (id.as_str(), Cow::Borrowed(row)))
    })
}

/// What a user's products consist of, by the id of the detail.
fn licences(tenant: &Tenant, user: &str) -> BTreeMap<String, Json> {
    let held = tenant.holdings(user);
    skus(&held)
        .into_iter()
        .filter_map(|sku| {
            let bought = tenant.sku(&sku)?;
            let off = disabled(&held, &sku);
            let plans = bought.get("servicePlans").and_then(Value::as_array);
            let plans: Vec<Value> = plans
                .into_iter()
                .flatten()
                .map(|plan| {
                    let mut plan = plan.clone();
                    let id = plan
                        .get("servicePlanId")
                        .and_then(Value::as_str)
                        .unwrap_or_default();
                    let is_off = off.iter().any(|one| one == id);
                    if let Some(plan) = plan.as_object_mut() {
                        let status = if is_off { "Disabled" } else { "Success" };
                        plan.insert("provisioningStatus".to_owned(), json!(status));
                    }
                    plan
                })
                .collect();
            let id = derived_id(tenant.id, &format!("licence {sku} of {user}"));
            let detail = object(json!({
                "id": id,
                "skuId": sku,
                "skuPartNumber": text(bought, "skuPartNumber"),
                "servicePlans": plans,
            }));
            Some((id, detail))
        })
        .collect()
}

/// The roles of apps that a user holds, those of groups that it is in directly among them.
fn app_roles_of_user(caller: &Caller<'_>, user: &str) -> Result<Answer, Refused> {
    read_only(caller, &APP_ROLES)?;
    let tenant = caller.tenant;
    let mut own = relations::rows_where(&tenant.register.app_roles, "principalId", user);
    let is_in = |group: &str| {
        let edge = tenant.members.get(group).and_then(|members| members.get(user));
        edge.is_some_and(|edge| !edge.removed) && tenant.groups.has(group)
    };
    let of_groups = tenant.register.app_roles.present();
    let of_groups = of_groups.filter(|row| text(row, "principalId").is_some_and(is_in));
    own.extend(of_groups.map(|row| (id_of(row).to_owned(), row.clone())));
    rows(caller, "users/appRoleAssignments", &APP_ROLE_LIST, &own)
}

/// The roles of apps that somebody holds.
pub(super) fn app_roles(caller: &Caller<'_>, what: &str, principal: &str) -> Result<Answer, Refused> {
    read_only(caller, &APP_ROLES)?;
    let tenant = caller.tenant;
    if tenant.users.get(principal).is_none() && tenant.groups.get(principal).is_none() {
        return Err(Refused::not_found(principal));
    }
    let own = relations::rows_where(&tenant.register.app_roles, "principalId", principal);
    rows(caller, what, &APP_ROLE_LIST, &own)
}

/// The devices somebody uses. Who may not read devices sees the ids alone of others'.
fn devices(caller: &Caller<'_>, user: &str) -> BTreeMap<String, Json> {
    let mut found = relations::devices(caller.tenant, user);
    if !DEVICES.is_permitted(&caller.call.claims) && !users::is_me(caller, user) {
        for row in found.values_mut() {
            row.retain(|name, _| name == "id" || name == "@odata.type");
        }
    }
    found
}
