//! The log of sign-ins, as it follows from when users were last there.
//!
//! A pure function of a tenant and the time: whoever asks twice gets the same, and nothing is kept. What varies does so by
//! the id of the entry.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    access::{later, object, text},
    change::derived_id,
    model::{Json, Tenant},
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
        BLOCKED,
        "Access has been blocked by Conditional Access policies.",
    ),
];
/// A policy stopped it.
const BLOCKED: i64 = 53_003;
/// A second factor is asked for.
const FACTOR: i64 = 50_074;

/// What was reached, by name and application id.
const RESOURCES: [(&str, &str); 4] = [
    (
        "Office 365 Exchange Online",
        "00000002-0000-0ff1-ce00-000000000000",
    ),
    (
        "Office 365 SharePoint Online",
        "00000003-0000-0ff1-ce00-000000000000",
    ),
    ("Microsoft Graph", "00000003-0000-0000-c000-000000000000"),
    (
        "Windows Azure Service Management API",
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    ),
];
/// What was used, by name, application id and kind.
const CLIENTS: [(&str, &str, &str); 3] = [
    (
        "Office 365 Exchange Online",
        "00000002-0000-0ff1-ce00-000000000000",
        "Browser",
    ),
    (
        "Microsoft Office",
        "d3590ed6-52b3-4102-aeff-aad2292ab01c",
        "Mobile Apps and Desktop clients",
    ),
    (
        "Microsoft Teams",
        "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
        "Mobile Apps and Desktop clients",
    ),
];

/// Whether an entry of this time is still in the logs.
pub(crate) fn is_kept(at: Timestamp, now: Timestamp) -> bool {
    at <= now && now < later(at, KEPT_DAYS)
}

/// Every entry that is kept, by user.
pub(crate) fn log(tenant: &Tenant, now: Timestamp) -> Vec<(Timestamp, Json)> {
    let mut entries = Vec::new();
    let mut devices: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (device, owner) in &tenant.register.device_owners {
        devices.entry(owner).or_default().push(device);
    }
    for (user, activity) in &tenant.sign_in_activity {
        let activity = activity.to_json();
        let last = text(&activity, "lastSignInDateTime").and_then(|at| at.parse::<Timestamp>().ok());
        let Some((row, last)) = tenant.users.get(user).zip(last) else {
            continue;
        };
        let own = devices.get(user.as_str()).map(Vec::as_slice).unwrap_or_default();
        for back in 0..EACH {
            let at = last - SignedDuration::from_hours(back * 23);
            if is_kept(at, now) {
                entries.push((at, entry(tenant, (row, own), back, at)));
            }
        }
    }
    entries
}

fn id_of(row: &Json) -> &str {
    text(row, "id").unwrap_or_default()
}

/// One of a list, by a digit of an id.
fn by_digit<'a, T>(list: &'a [T], id: &str, digit: usize) -> Option<&'a T> {
    let number = id.chars().nth(digit).and_then(|digit| digit.to_digit(16));
    let number = usize::try_from(number.unwrap_or_default()).unwrap_or_default();
    list.get(number.checked_rem(list.len())?)
}

fn entry(tenant: &Tenant, (user, devices): (&Json, &[&str]), back: i64, at: Timestamp) -> Json {
    let id = derived_id(tenant.id, &format!("sign-in {back} of {}", id_of(user)));
    let failure = FAILURES
        .iter()
        .find(|(digit, ..)| back > 0 && id.starts_with(*digit));
    let (code, reason) = failure.map_or((0, "Other."), |(_, code, reason)| (*code, *reason));
    let name = text(user, "userPrincipalName").unwrap_or_default().to_lowercase();
    let device = device(tenant, devices, &id);
    let (policies, standing) = policies(tenant, &id, code);
    let (resource, resource_id) = by_digit(&RESOURCES, &id, 1).copied().unwrap_or_default();
    let (client, client_id, kind) = by_digit(&CLIENTS, &id, 2).copied().unwrap_or_default();
    object(json!({
        "id": id,
        "createdDateTime": at.to_string(),
        "userId": id_of(user),
        "userDisplayName": user.get("displayName"),
        "userPrincipalName": name,
        "userType": text(user, "userType").map(str::to_lowercase),
        "appId": client_id,
        "appDisplayName": client,
        "resourceId": resource_id,
        "resourceDisplayName": resource,
        "ipAddress": address(&id),
        "clientAppUsed": kind,
        "correlationId": derived_id(tenant.id, &format!("correlation of {id}")),
        "conditionalAccessStatus": standing,
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
        "appliedConditionalAccessPolicies": policies,
        "status": {"errorCode": code, "failureReason": reason, "additionalDetails": Value::Null},
        "deviceDetail": device,
        "location": location(tenant, user, &id),
    }))
}

/// An address that documents use: of the version 4, or 6.
fn address(id: &str) -> String {
    let bytes = id.as_bytes();
    let last = bytes.last().copied().unwrap_or(b'1');
    match by_digit(&["203.0.113", "198.51.100", "2001:db8"], id, 3).copied() {
        Some("2001:db8") => format!("2001:db8::{last:x}"),
        net => format!("{}.{last}", net.unwrap_or("203.0.113")),
    }
}

/// Where the address is thought to be: mostly where the user works.
fn location(tenant: &Tenant, user: &Json, id: &str) -> Value {
    let travels = by_digit(&[false, false, false, true], id, 4) == Some(&true);
    let (city, state, country) = if travels {
        (json!("Lisboa"), json!("Lisboa"), json!("PT"))
    } else {
        let own = |name: &str| user.get(name).cloned().unwrap_or_default();
        (own("city"), own("state"), json!(tenant.country))
    };
    json!({"city": city, "state": state, "countryOrRegion": country, "geoCoordinates": Value::Null})
}

/// The device it came from: of three times twice one of the user's own, if there is one.
fn device(tenant: &Tenant, own: &[&str], id: &str) -> Value {
    let is_known = by_digit(&[true, true, false], id, 5) == Some(&true);
    let device = by_digit(own, id, 6).and_then(|device| tenant.devices.get(device));
    let Some(device) = device.filter(|_| is_known) else {
        return json!({
            "deviceId": "", "displayName": "", "operatingSystem": "Windows 10", "browser": "Edge 141.0.0",
            "isCompliant": Value::Null, "isManaged": Value::Null, "trustType": Value::Null,
        });
    };
    let joined = match text(device, "trustType") {
        Some("AzureAd") => json!("Azure AD joined"),
        Some("ServerAd") => json!("Hybrid Azure AD joined"),
        Some("Workplace") => json!("Azure AD registered"),
        _ => Value::Null,
    };
    json!({
        "deviceId": device.get("deviceId"), "displayName": device.get("displayName"),
        "operatingSystem": device.get("operatingSystem"), "browser": "Edge 141.0.0",
        "isCompliant": device.get("isCompliant"), "isManaged": device.get("isManaged"), "trustType": joined,
    })
}

/// The policies that were looked at with what came of each, and what they came to together.
fn policies(tenant: &Tenant, id: &str, code: i64) -> (Value, &'static str) {
    let is_asked = by_digit(&[true, true, true, false], id, 7) == Some(&true);
    let factor = match code {
        FACTOR => "failure",
        0 if is_asked => "success",
        _ => "notApplied",
    };
    let place = if code == BLOCKED { "failure" } else { "notApplied" };
    // What only reports has results of its own, which are told to those alone who ask for members that are not known.
    let report = "unknownFutureValue";
    let one = |name: &str, controls: &[&str], result: &str| {
        json!({
            "id": derived_id(tenant.id, &format!("policy {name}")), "displayName": name, "result": result,
            "enforcedGrantControls": controls, "enforcedSessionControls": [],
        })
    };
    let all = json!([
        one(
            "Require multifactor authentication for all users",
            &["Mfa"],
            factor
        ),
        one("Block access from untrusted places", &["Block"], place),
        one(
            "Require a compliant device (report only)",
            &["RequireCompliantDevice"],
            report
        ),
        one("Block legacy authentication", &["Block"], "notEnabled"),
    ]);
    let standing = match (factor, place) {
        ("failure", _) | (_, "failure") => "failure",
        ("success", _) => "success",
        _ => "notApplied",
    };
    (all, standing)
}
