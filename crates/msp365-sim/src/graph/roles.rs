//! Directory roles: who has which, and who may activate which.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    answer::Answer,
    caller::{Caller, id_of},
    people, read_only,
    rights::{GLOBAL_ADMINISTRATOR, ROLES},
    unknown,
};
use crate::{
    odata::{DIRECTORY_OBJECT, Refused, Rules, access::SERVICE_PRINCIPAL, people as shapes, tenant},
    world::{
        Json, Tenant,
        access::{object, text},
        change::derived_id,
    },
};

const ASSIGNMENTS: Rules = Rules {
    shape: &tenant::UNIFIED_ROLE_ASSIGNMENT,
    page: 100,
    top: Some(999),
    options: "$select $filter $count",
    order: "",
    directory: false,
};
const DEFINITIONS: Rules = Rules {
    shape: &tenant::UNIFIED_ROLE_DEFINITION,
    ..ASSIGNMENTS
};
const ELIGIBLE: Rules = Rules {
    shape: &tenant::ELIGIBILITY_INSTANCE,
    ..ASSIGNMENTS
};
const ACTIVATED: Rules = Rules {
    shape: &tenant::DIRECTORY_ROLE,
    page: usize::MAX,
    top: None,
    options: "$select $filter",
    order: "",
    directory: false,
};
const MEMBERS: Rules = Rules {
    shape: &DIRECTORY_OBJECT,
    options: "$select",
    ..ACTIVATED
};

pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let (name, rest) = rest.split_first().ok_or_else(|| unknown(&["directory"]))?;
    let (rules, table) = match *name {
        "roleAssignments" => (ASSIGNMENTS, &caller.tenant.role_assignments),
        "roleDefinitions" => (DEFINITIONS, &caller.tenant.role_definitions),
        "roleEligibilityScheduleInstances" => (ELIGIBLE, &caller.tenant.register.eligibility),
        other => return Err(Refused::unknown_segment(other)),
    };
    read_only(caller, &ROLES)?;
    if *name == "roleEligibilityScheduleInstances" {
        premium(caller.tenant)?;
    }
    let what = format!("roleManagement/directory/{name}");
    match rest {
        [] => caller.table(&what, &rules, table),
        [id] => caller.entity(&what, rules.shape, table.get(id), id),
        rest => Err(unknown(rest)),
    }
}

/// Refuses tenants without Entra ID P2.
pub(super) fn premium(tenant: &Tenant) -> Result<(), Refused> {
    let skus = tenant.subscribed_skus.iter();
    let mut plans = skus.flat_map(|sku| tenant.plans_of(text(sku, "skuId").unwrap_or_default()));
    if plans.any(|(_, name)| name == "AAD_PREMIUM_P2") {
        return Ok(());
    }
    Err(Refused::new(
        StatusCode::BAD_REQUEST,
        "AadPremiumLicenseRequired",
        "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
    ))
}

/// When something ends that starts now, by the `scheduleInfo` of a body; `None`: never.
pub(super) fn until(body: &Json, now: Timestamp) -> Result<Option<String>, Refused> {
    let expiration = body.get("scheduleInfo").and_then(|info| info.get("expiration"));
    let of = |name: &str| expiration.and_then(|one| one.get(name)).and_then(Value::as_str);
    let wrong = || Refused::bad("Invalid value specified for property 'scheduleInfo'.");
    match of("type") {
        None | Some("noExpiration") => Ok(None),
        Some("afterDateTime") => of("endDateTime").map(|at| Some(at.to_owned())).ok_or_else(wrong),
        Some("afterDuration") => {
            let span: SignedDuration = of("duration")
                .and_then(|text| days(text).or_else(|| text.parse().ok()))
                .ok_or_else(wrong)?;
            Ok(Some((now + span).to_string()))
        }
        Some(_) => Err(wrong()),
    }
}

fn days(text: &str) -> Option<SignedDuration> {
    let days: i64 = text.strip_prefix('P')?.strip_suffix('D')?.parse().ok()?;
    Some(SignedDuration::from_hours(days.checked_mul(24)?))
}

/// `directoryRoles` and `directoryRoleTemplates`.
pub(super) fn activated(caller: &Caller<'_>, path: &[&str]) -> Result<Answer, Refused> {
    read_only(caller, &ROLES)?;
    let tenant = caller.tenant;
    match path {
        ["directoryRoleTemplates"] => {
            let rules = Rules {
                shape: &tenant::DIRECTORY_ROLE_TEMPLATE,
                ..ACTIVATED
            };
            let all = tenant.role_definitions.present();
            let all = all.map(|row| (id_of(row).to_owned(), named(row))).collect();
            people::rows(caller, "directoryRoleTemplates", &rules, &all)
        }
        ["directoryRoles"] => {
            let all = active(tenant);
            let all = all.iter().map(|template| row(tenant, template));
            let all = all.map(|row| (id_of(&row).to_owned(), row)).collect();
            people::rows(caller, "directoryRoles", &ACTIVATED, &all)
        }
        ["directoryRoles", role @ .., "members"] => {
            let template = template_of(tenant, role)?;
            people::rows(caller, "directoryObjects", &MEMBERS, &members(tenant, &template))
        }
        ["directoryRoles", role @ ..] => {
            let row = row(tenant, &template_of(tenant, role)?);
            let id = id_of(&row).to_owned();
            caller.entity("directoryRoles", &tenant::DIRECTORY_ROLE, Some(&row), &id)
        }
        path => Err(unknown(path)),
    }
}

fn named(row: &Json) -> Json {
    let kept = ["id", "displayName", "description"];
    row.iter()
        .filter(|(name, _)| kept.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Template ids of the activated roles: those ever assigned, and those activated on their own.
pub(super) fn active(tenant: &Tenant) -> BTreeSet<String> {
    let assigned = tenant.role_assignments.rows.values();
    assigned
        .filter_map(|row| text(&row.json, "roleDefinitionId").map(str::to_owned))
        .chain(tenant.register.activated.iter().cloned())
        .chain([GLOBAL_ADMINISTRATOR.to_owned()])
        .filter(|template| tenant.role_definitions.get(template).is_some())
        .collect()
}

/// An activated role.
pub(super) fn row(tenant: &Tenant, template: &str) -> Json {
    let definition = tenant.role_definitions.get(template);
    let known = |name: &str| definition.and_then(|row| row.get(name)).cloned();
    object(json!({
        "id": derived_id(tenant.id, &format!("directory role {template}")),
        "displayName": known("displayName"),
        "description": known("description"),
        "roleTemplateId": template,
    }))
}

/// The template id of an activated role, by its id or by its template.
pub(super) fn template_of(tenant: &Tenant, role: &[&str]) -> Result<String, Refused> {
    let all = active(tenant);
    let found = match role {
        [id] => all
            .into_iter()
            .find(|template| id_of(&row(tenant, template)) == *id),
        ["roleTemplateId=", wanted] => all
            .into_iter()
            .find(|template| template.eq_ignore_ascii_case(wanted)),
        rest => return Err(unknown(rest)),
    };
    found.ok_or_else(|| Refused::not_found(role.last().copied().unwrap_or_default()))
}

fn members(tenant: &Tenant, template: &str) -> BTreeMap<String, Json> {
    tenant
        .role_assignments
        .present()
        .filter(|row| text(row, "roleDefinitionId") == Some(template))
        .filter_map(|row| text(row, "principalId"))
        .filter_map(|id| {
            let row = [
                (&tenant.users, &shapes::USER),
                (&tenant.groups, &shapes::GROUP),
                (&tenant.service_principals, &SERVICE_PRINCIPAL),
            ]
            .into_iter()
            .find_map(|(table, shape)| Some(people::typed(table.get(id)?, shape)))?;
            Some((id.to_owned(), row))
        })
        .collect()
}
