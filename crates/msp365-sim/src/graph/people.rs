//! What lies below a user: manager and reports, licences, devices.

use std::{borrow::Cow, collections::BTreeMap};

use http::Method;
use serde_json::{Value, json};

use super::{
    answer::Answer,
    caller::{Caller, after, id_of},
    methods, read_only,
    rights::{APP_ROLES, DEVICES, MANAGED_DEVICES, OBJECTS_READ, USERS},
    unknown, users,
};
use crate::{
    odata::{
        DIRECTORY_OBJECT, Refused, Rules, Shape,
        access::{APP_ROLE_ASSIGNMENT, SERVICE_PRINCIPAL},
        machines::{DEVICE, MANAGED_DEVICE},
        people::{GROUP, USER},
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
const MANAGED: Rules = Rules {
    shape: &MANAGED_DEVICE,
    page: 1_000,
    top: Some(1_000),
    options: "$select $filter",
    order: "",
    directory: false,
};

pub(super) fn serve(caller: &Caller<'_>, user: &str, rest: &[&str]) -> Result<Answer, Refused> {
    let id = || {
        let found = users::find(caller, user).map(|(id, _)| id);
        found.ok_or_else(|| Refused::not_found(user))
    };
    match rest {
        ["manager"] => {
            read_only(caller, &USERS)?;
            manager(caller, id()?)
        }
        ["directReports"] => {
            read_only(caller, &USERS)?;
            reports(caller, id()?)
        }
        ["licenseDetails"] => {
            read_only(caller, &USERS)?;
            rows(
                caller,
                "users/licenseDetails",
                &LICENCES,
                &licences(caller.tenant, id()?),
            )
        }
        ["registeredDevices" | "ownedDevices"] => {
            read_only(caller, &USERS)?;
            let readable = DEVICES.is_permitted(&caller.call.claims);
            rows(
                caller,
                "directoryObjects",
                &OBJECTS,
                &devices(caller.tenant, id()?, readable),
            )
        }
        ["registeredDevices" | "ownedDevices", "microsoft.graph.device"] => {
            read_only(caller, &DEVICES)?;
            let rules = Rules {
                shape: &DEVICE,
                ..OBJECTS
            };
            rows(caller, "devices", &rules, &devices(caller.tenant, id()?, true))
        }
        ["appRoleAssignments"] => app_roles(caller, "users/appRoleAssignments", id()?),
        ["authentication", rest @ ..] => methods::serve(caller, id(), rest),
        ["managedDevices"] => {
            read_only(caller, &MANAGED_DEVICES)?;
            let id = id()?;
            let own: BTreeMap<String, Json> = managed(caller.tenant, id)
                .map(|row| (id_of(row).to_owned(), row.clone()))
                .collect();
            rows(caller, "users/managedDevices", &MANAGED, &own)
        }
        rest => Err(unknown(rest)),
    }
}

/// The most ids one request resolves.
const MOST_IDS: usize = 1_000;

/// `directoryObjects`: one by its id, or many by theirs.
pub(super) fn objects(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let tables = [
        (&caller.tenant.users, &USER),
        (&caller.tenant.groups, &GROUP),
        (&caller.tenant.devices, &DEVICE),
        (&caller.tenant.service_principals, &SERVICE_PRINCIPAL),
    ];
    let find = |id: &str| {
        let found = tables
            .iter()
            .find_map(|(table, shape)| Some((table.get(id)?, *shape)));
        found.map(|(row, shape)| (typed(row, shape), shape))
    };
    match rest {
        ["getByIds"] => {
            caller.only(&Method::POST)?;
            caller.demand(&OBJECTS_READ)?;
            let body = caller.body()?;
            let words = |name: &str| {
                let list = body.get(name).and_then(Value::as_array)?;
                list.iter().map(Value::as_str).collect::<Option<Vec<&str>>>()
            };
            let ids = words("ids")
                .ok_or_else(|| Refused::bad("The parameter 'ids' is missing or no list of ids."))?;
            if ids.len() > MOST_IDS {
                return Err(Refused::bad(format!(
                    "At most {MOST_IDS} ids are resolved at once."
                )));
            }
            let types = words("types");
            let mut found = BTreeMap::new();
            for id in ids {
                let id = id.to_lowercase();
                let wanted = |shape: &Shape| types.as_ref().is_none_or(|types| types.contains(&shape.name));
                if let Some((row, _)) = find(&id).filter(|(_, shape)| wanted(shape)) {
                    found.insert(id, row);
                }
            }
            let rules = Rules {
                page: MOST_IDS,
                ..OBJECTS
            };
            rows(caller, "directoryObjects", &rules, &found)
        }
        [id] => {
            read_only(caller, &OBJECTS_READ)?;
            let found = find(&id.to_lowercase());
            let shape = found.as_ref().map_or(&USER, |(_, shape)| *shape);
            caller.entity("directoryObjects", shape, found.as_ref().map(|(row, _)| row), id)
        }
        rest => Err(unknown(rest)),
    }
}

/// A page of rows made for this call.
pub(super) fn rows(
    caller: &Caller<'_>,
    what: &str,
    rules: &Rules,
    rows: &BTreeMap<String, Json>,
) -> Result<Answer, Refused> {
    let options = caller.options(rules)?;
    let place = crate::odata::Listing {
        tenant: caller.tenant.id.to_string(),
        url: caller.url(),
        context: caller.context(what, Some(&options.selection)),
    };
    crate::odata::list(&place, &options, |from| {
        after(rows, from).map(|(id, row)| (id.as_str(), Cow::Borrowed(row)))
    })
    .map(Answer::Json)
}

fn manager(caller: &Caller<'_>, user: &str) -> Result<Answer, Refused> {
    let tenant = caller.tenant;
    let row = tenant
        .register
        .managers
        .get(user)
        .and_then(|id| tenant.users.get(id))
        .map(|row| typed(row, &USER));
    caller.entity("directoryObjects", &USER, row.as_ref(), "manager")
}

fn reports(caller: &Caller<'_>, user: &str) -> Result<Answer, Refused> {
    let tenant = caller.tenant;
    let managers = tenant.register.managers.iter();
    let found: BTreeMap<String, Json> = managers
        .filter(|(_, manager)| *manager == user)
        .filter_map(|(id, _)| Some((id.clone(), typed(tenant.users.get(id)?, &USER))))
        .collect();
    rows(caller, "directoryObjects", &OBJECTS, &found)
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

/// The roles of apps that somebody holds.
pub(super) fn app_roles(caller: &Caller<'_>, what: &str, principal: &str) -> Result<Answer, Refused> {
    read_only(caller, &APP_ROLES)?;
    let tenant = caller.tenant;
    if tenant.users.get(principal).is_none() && tenant.groups.get(principal).is_none() {
        return Err(Refused::not_found(principal));
    }
    let own = tenant.register.app_roles.present();
    let own = own.filter(|row| text(row, "principalId") == Some(principal));
    let found = own.map(|row| (id_of(row).to_owned(), row.clone())).collect();
    rows(caller, what, &APP_ROLE_LIST, &found)
}

fn managed<'a>(tenant: &'a Tenant, user: &'a str) -> impl Iterator<Item = &'a Json> {
    tenant
        .managed_devices
        .present()
        .filter(move |row| text(row, "userId") == Some(user))
}

/// The devices somebody uses: those registered for the user, or whose management names it. Who may not read devices sees their ids alone.
fn devices(tenant: &Tenant, user: &str, readable: bool) -> BTreeMap<String, Json> {
    let registered: Vec<&str> = managed(tenant, user)
        .filter_map(|row| text(row, "azureADDeviceId"))
        .collect();
    let own = |row: &&Json| {
        let owners = &tenant.register.device_owners;
        if owners.get(id_of(row)).is_some_and(|owner| owner == user) {
            return true;
        }
        text(row, "deviceId").is_some_and(|id| registered.iter().any(|one| one.eq_ignore_ascii_case(id)))
    };
    tenant
        .devices
        .present()
        .filter(own)
        .map(|row| {
            let mut row = typed(row, &DEVICE);
            if !readable {
                row.retain(|name, _| name == "id" || name == "@odata.type");
            }
            (id_of(&row).to_owned(), row)
        })
        .collect()
}

/// A row that says its type.
pub(super) fn typed(row: &Json, shape: &Shape) -> Json {
    let mut row = row.clone();
    let name = format!("#microsoft.graph.{}", shape.name);
    row.insert("@odata.type".to_owned(), json!(name));
    row
}
