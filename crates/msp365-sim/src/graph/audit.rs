//! Logs of sign-ins and of changes, as they follow from what users are known to have done.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    answer::Answer,
    caller::{Caller, id_of},
    people, read_only,
    rights::{CONDITIONAL_ACCESS, SIGN_IN_ACTIVITY},
    unknown, users,
};
use crate::{
    api::ApiVersion,
    odata::{
        Refused, Rules,
        records::{DIRECTORY_AUDIT, SIGN_IN, SIGN_IN_BETA},
    },
    world::{
        Json, Tenant,
        access::{object, text},
        change::derived_id,
        sign_ins::{self, is_kept},
    },
};

const SIGN_INS: Rules = Rules {
    shape: &SIGN_IN,
    page: 1_000,
    top: Some(1_000),
    options: "$select $filter $orderby",
    order: "createdDateTime",
    directory: false,
};
const AUDITS: Rules = Rules {
    shape: &DIRECTORY_AUDIT,
    order: "activityDateTime",
    ..SIGN_INS
};

pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    match rest {
        ["signIns", rest @ ..] => {
            read_only(caller, &SIGN_IN_ACTIVITY)?;
            users::premium(caller)?;
            released(caller)?;
            let rows = sign_ins(caller);
            found(caller, ("auditLogs/signIns", &SIGN_INS), &rows, rest)
        }
        ["directoryAudits", rest @ ..] => {
            read_only(caller, &SIGN_IN_ACTIVITY)?;
            let rows = audits(caller.tenant, caller.call.now);
            found(caller, ("auditLogs/directoryAudits", &AUDITS), &rows, rest)
        }
        rest => Err(unknown(rest)),
    }
}

fn found(
    caller: &Caller<'_>,
    (what, rules): (&str, &Rules),
    rows: &BTreeMap<String, Json>,
    rest: &[&str],
) -> Result<Answer, Refused> {
    match rest {
        [] => people::rows(caller, what, rules, rows),
        [id] => {
            let row = rows.values().find(|row| id_of(row) == *id);
            caller.entity(what, rules.shape, row, id)
        }
        rest => Err(unknown(rest)),
    }
}

/// Refuses properties that only the beta version has.
fn released(caller: &Caller<'_>) -> Result<(), Refused> {
    if caller.call.version == ApiVersion::Beta {
        return Ok(());
    }
    let asked = |name: &&&str| {
        ["$select", "$filter"]
            .iter()
            .filter_map(|option| caller.call.option(option))
            .any(|text| text.contains(**name))
    };
    match SIGN_IN_BETA.iter().find(asked) {
        Some(name) => Err(Refused::unknown_property(name, SIGN_IN.name)),
        None => Ok(()),
    }
}

/// Newest first: what sorts later happened earlier.
fn key(at: Timestamp, id: &str) -> String {
    format!("{:020} {id}", i64::MAX - at.as_second())
}

fn sign_ins(caller: &Caller<'_>) -> BTreeMap<String, Json> {
    let shows_policies = caller.demand(&CONDITIONAL_ACCESS).is_ok();
    let entries = sign_ins::log(caller.tenant, caller.call.now).into_iter();
    entries
        .map(|(at, mut entry)| {
            if caller.call.version == ApiVersion::V1 {
                entry.retain(|name, _| !SIGN_IN_BETA.contains(&name.as_str()));
            }
            if !shows_policies {
                entry.insert("appliedConditionalAccessPolicies".to_owned(), json!([]));
            }
            (key(at, id_of(&entry)), entry)
        })
        .collect()
}

/// Users that were added, and passwords that were changed.
fn audits(tenant: &Tenant, now: Timestamp) -> BTreeMap<String, Json> {
    let mut rows = BTreeMap::new();
    for user in tenant.users.present() {
        for (property, activity, operation) in [
            ("createdDateTime", "Add user", "Add"),
            ("lastPasswordChangeDateTime", "Change user password", "Update"),
        ] {
            let at = text(user, property).and_then(|at| at.parse::<Timestamp>().ok());
            if let Some(at) = at.filter(|at| is_kept(*at, now)) {
                let id = derived_id(tenant.id, &format!("{activity} {} {at}", id_of(user)));
                let entry = audit(&id, user, at, (activity, operation));
                rows.insert(key(at, &id), entry);
            }
        }
    }
    rows
}

fn audit(id: &str, user: &Json, at: Timestamp, (activity, operation): (&str, &str)) -> Json {
    object(json!({
        "id": format!("Directory_{id}"),
        "category": "UserManagement",
        "correlationId": id,
        "result": "success",
        "resultReason": "",
        "activityDisplayName": activity,
        "activityDateTime": at.to_string(),
        "loggedByService": "Core Directory",
        "operationType": operation,
        "initiatedBy": {"app": Value::Null, "user": {
            "id": id_of(user), "displayName": Value::Null, "userPrincipalName": user.get("userPrincipalName"),
            "ipAddress": Value::Null,
        }},
        "targetResources": [{
            "id": id_of(user), "displayName": user.get("displayName"), "type": "User",
            "userPrincipalName": user.get("userPrincipalName"), "groupType": Value::Null, "modifiedProperties": [],
        }],
        "additionalDetails": [],
    }))
}
