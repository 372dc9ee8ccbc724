//! Logs of sign-ins and of changes, as they follow from what users are known to have done.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    answer::Answer,
    caller::{Caller, id_of},
    people, read_only,
    rights::SIGN_IN_ACTIVITY,
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
        access::{later, object, text},
        change::derived_id,
    },
};

/// How long logs are kept.
const KEPT_DAYS: i64 = 30;
/// How many sign-ins of a user are logged.
const EACH: i64 = 4;
/// How they went, by the digit an id begins with; all others went well.
const FAILURES: [(char, i64, &str); 4] = [
    (
        '0',
        50_126,
        "Error validating credentials due to invalid username or password.",
    ),
    ('1', 50_074, "Strong Authentication is required."),
    (
        '2',
        50_140,
        "This error occurred due to 'Keep me signed in' interrupt when the user was signing-in.",
    ),
    (
        '3',
        53_003,
        "Access has been blocked by Conditional Access policies.",
    ),
];

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

fn is_kept(at: Timestamp, now: Timestamp) -> bool {
    at <= now && now < later(at, KEPT_DAYS)
}

fn sign_ins(caller: &Caller<'_>) -> BTreeMap<String, Json> {
    let (tenant, now) = (caller.tenant, caller.call.now);
    let mut rows = BTreeMap::new();
    for (user, activity) in &tenant.sign_in_activity {
        let activity = activity.to_json();
        let last = text(&activity, "lastSignInDateTime").and_then(|at| at.parse::<Timestamp>().ok());
        let Some((row, last)) = tenant.users.get(user).zip(last) else {
            continue;
        };
        for back in 0..EACH {
            let at = last - SignedDuration::from_hours(back * 23);
            if is_kept(at, now) {
                let mut entry = sign_in(tenant, row, back, at);
                if caller.call.version == ApiVersion::V1 {
                    entry.retain(|name, _| !SIGN_IN_BETA.contains(&name.as_str()));
                }
                rows.insert(key(at, id_of(&entry)), entry);
            }
        }
    }
    rows
}

fn sign_in(tenant: &Tenant, user: &Json, back: i64, at: Timestamp) -> Json {
    let id = derived_id(tenant.id, &format!("sign-in {back} of {}", id_of(user)));
    let failure = FAILURES
        .iter()
        .find(|(digit, ..)| back > 0 && id.starts_with(*digit));
    let (code, reason) = failure.map_or((0, "Other."), |(_, code, reason)| (*code, *reason));
    let name = text(user, "userPrincipalName").unwrap_or_default().to_lowercase();
    let last = id.bytes().last().unwrap_or(b'1');
    object(json!({
        "id": id,
        "createdDateTime": at.to_string(),
        "userId": id_of(user),
        "userDisplayName": user.get("displayName"),
        "userPrincipalName": name,
        "userType": text(user, "userType").map(str::to_lowercase),
        "appId": "00000002-0000-0ff1-ce00-000000000000",
        "appDisplayName": "Office 365 Exchange Online",
        "resourceId": "00000002-0000-0ff1-ce00-000000000000",
        "resourceDisplayName": "Office 365 Exchange Online",
        "ipAddress": format!("203.0.113.{last}"),
        "clientAppUsed": "Browser",
        "correlationId": derived_id(tenant.id, &format!("correlation of {id}")),
        "conditionalAccessStatus": if code == 53_003 { "failure" } else { "notApplied" },
        "isInteractive": true,
        "signInEventTypes": ["interactiveUser"],
        "authenticationRequirement": if code == 50_126 {
            "singleFactorAuthentication"
        } else {
            "multiFactorAuthentication"
        },
        "riskDetail": "none",
        "riskLevelAggregated": "none",
        "riskLevelDuringSignIn": "none",
        "riskState": "none",
        "riskEventTypes": [],
        "riskEventTypes_v2": [],
        "appliedConditionalAccessPolicies": [],
        "status": {"errorCode": code, "failureReason": reason, "additionalDetails": Value::Null},
        "deviceDetail": {
            "deviceId": "", "displayName": Value::Null, "operatingSystem": "Windows 10", "browser": "Edge 141.0.0",
            "isCompliant": Value::Null, "isManaged": Value::Null, "trustType": Value::Null,
        },
        "location": {
            "city": user.get("city"), "state": user.get("state"), "countryOrRegion": tenant.country,
            "geoCoordinates": Value::Null,
        },
    }))
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
