//! Directory roles: who has which, and who may activate which.

use std::collections::BTreeSet;

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    answer::Answer,
    caller::{Caller, id_of},
    people, read_only,
    relations::{self, Objects},
    rights::{GLOBAL_ADMINISTRATOR, ROLES},
    unknown,
    write_rights::{ELIGIBILITY_READ, SCHEDULE_READ},
};
use crate::{
    odata::{DIRECTORY_OBJECT, Refused, Rules, schedules, tenant},
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
    options: "$select $filter $count $expand",
    order: "",
    directory: false,
};
const DEFINITIONS: Rules = Rules {
    shape: &tenant::UNIFIED_ROLE_DEFINITION,
    ..ASSIGNMENTS
};
const ACTIVATED: Rules = Rules {
    shape: &tenant::DIRECTORY_ROLE,
    page: usize::MAX,
    top: None,
    options: "$select $filter $expand",
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
    let (tenant, now) = (caller.tenant, caller.call.now);
    let (rules, table) = match *name {
        "roleAssignments" => (ASSIGNMENTS, &tenant.role_assignments),
        "roleDefinitions" => (DEFINITIONS, &tenant.role_definitions),
        _ => {
            let (rules, rows) = scheduled(tenant, name, now).ok_or_else(|| Refused::unknown_segment(name))?;
            read_only(
                caller,
                if name.contains("Eligibility") {
                    &ELIGIBILITY_READ
                } else {
                    &SCHEDULE_READ
                },
            )?;
            premium(tenant)?;
            let what = format!("roleManagement/directory/{name}");
            return match rest {
                [] => people::rows(caller, &what, &rules, &rows),
                [id] => caller.entity(&what, rules.shape, rows.get(*id), id),
                rest => Err(unknown(rest)),
            };
        }
    };
    read_only(caller, &ROLES)?;
    let what = format!("roleManagement/directory/{name}");
    match rest {
        [] => caller.table(&what, &rules, table),
        [id] => caller.entity(&what, rules.shape, table.get(id), id),
        rest => Err(unknown(rest)),
    }
}

/// What Privileged Identity Management knows: who may activate a role, and who has one since when.
fn scheduled(tenant: &Tenant, name: &str, now: Timestamp) -> Option<(Rules, Objects)> {
    let lasts = |row: &&Json| {
        let end = text(row, "endDateTime").and_then(|at| at.parse::<Timestamp>().ok());
        end.is_none_or(|end| now < end)
    };
    let eligible = tenant.register.eligibility.present().filter(lasts);
    let (shape, rows): (_, Vec<Json>) = match name {
        "roleEligibilityScheduleInstances" => (&schedules::ELIGIBILITY_INSTANCE, eligible.cloned().collect()),
        "roleEligibilitySchedules" => (&schedules::ELIGIBILITY_SCHEDULE, eligible.map(schedule).collect()),
        "roleEligibilityScheduleRequests" => {
            let all = tenant.register.eligibility_requests.present();
            (&schedules::ELIGIBILITY_REQUEST, all.cloned().collect())
        }
        "roleAssignmentScheduleInstances" => {
            let all = tenant.role_assignments.present();
            (
                &schedules::ASSIGNMENT_INSTANCE,
                all.map(|row| assigned(tenant, row)).collect(),
            )
        }
        _ => return None,
    };
    let rows = rows.into_iter().map(|row| (id_of(&row).to_owned(), row));
    Some((Rules { shape, ..ASSIGNMENTS }, rows.collect()))
}

/// The schedule behind an instance.
fn schedule(row: &Json) -> Json {
    let of = |name: &str| row.get(name).cloned().unwrap_or_default();
    let end = of("endDateTime");
    let kind = if end.is_null() {
        "noExpiration"
    } else {
        "afterDateTime"
    };
    object(json!({
        "id": of("roleEligibilityScheduleId"),
        "principalId": of("principalId"),
        "roleDefinitionId": of("roleDefinitionId"),
        "directoryScopeId": of("directoryScopeId"),
        "appScopeId": Value::Null,
        "createdUsing": of("roleEligibilityScheduleId"),
        "createdDateTime": of("startDateTime"),
        "modifiedDateTime": Value::Null,
        "status": "Provisioned",
        "memberType": of("memberType"),
        "scheduleInfo": {
            "startDateTime": of("startDateTime"),
            "recurrence": Value::Null,
            "expiration": {"type": kind, "endDateTime": end, "duration": Value::Null},
        },
    }))
}

/// An assignment as it shows beside those that were activated.
fn assigned(tenant: &Tenant, row: &Json) -> Json {
    let of = |name: &str| row.get(name).cloned().unwrap_or_default();
    let id = id_of(row);
    let purpose = format!("schedule of {id}");
    object(json!({
        "id": derived_id(tenant.id, &format!("instance of {id}")),
        "principalId": of("principalId"),
        "roleDefinitionId": of("roleDefinitionId"),
        "directoryScopeId": of("directoryScopeId"),
        "appScopeId": Value::Null,
        "assignmentType": "Assigned",
        "memberType": "Direct",
        "startDateTime": Value::Null,
        "endDateTime": Value::Null,
        "roleAssignmentOriginId": id,
        "roleAssignmentScheduleId": derived_id(tenant.id, &purpose),
    }))
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
        ["directoryRoleTemplates", id] => {
            let row = tenant.role_definitions.get(&id.to_lowercase()).map(named);
            let shape = &tenant::DIRECTORY_ROLE_TEMPLATE;
            caller.entity("directoryRoleTemplates", shape, row.as_ref(), id)
        }
        ["directoryRoles"] => {
            let all = active(tenant);
            let all = all.iter().map(|template| row(tenant, template));
            let all = all.map(|row| (id_of(&row).to_owned(), row)).collect();
            people::rows(caller, "directoryRoles", &ACTIVATED, &all)
        }
        ["directoryRoles", role @ .., "members"] => {
            let template = template_of(tenant, role)?;
            people::rows(
                caller,
                "directoryObjects",
                &MEMBERS,
                &relations::holders(tenant, &template),
            )
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
        "deletedDateTime": Value::Null,
        "displayName": known("displayName"),
        "description": known("description"),
        "roleTemplateId": template,
    }))
}

/// The template id of an activated role, by its id or by its template.
pub(super) fn template_of(tenant: &Tenant, role: &[&str]) -> Result<String, Refused> {
    let all = active(tenant);
    let found = match role {
        [id] if id.starts_with("roleTemplateId=") => {
            all.into_iter().find(|template| id.ends_with(template.as_str()))
        }
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
