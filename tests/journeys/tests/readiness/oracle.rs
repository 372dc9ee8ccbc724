//! What is to be found of a customer, worked out from the truth of the world alone. It shares no code with the rules
//! it is held against.

use std::collections::BTreeSet;

use jiff::Timestamp;
use msp365::{TenantId, permissions::CUSTOMER_SCOPES};
use serde_json::Value;

use crate::office::tenant_of;

const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
const ACCEPTED: [&str; 3] = [
    GLOBAL,
    "158c047a-c907-4556-b7ef-446551a6b5f7",
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
];
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
const DAY: i64 = 86_400;

/// Findings as pairs of check and severity.
pub(crate) type Findings = BTreeSet<(&'static str, &'static str)>;

/// What holds of the provider as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Provider {
    pub(crate) is_admin_agent: bool,
    /// Whether consent was to be given already.
    pub(crate) enrolled: bool,
}

/// What is true of a customer and can be seen.
pub(crate) fn findings(truth: &[Value], tenant: TenantId, provider: Provider, now: Timestamp) -> Findings {
    let mut found = Findings::new();
    if !provider.is_admin_agent {
        found.insert(("A6", "error"));
    }
    let own: Vec<_> = truth.iter().filter(|line| line["tenant"].is_string()).collect();
    let own: Vec<_> = own.into_iter().filter(|line| tenant_of(line) == tenant).collect();
    let relationships: Vec<_> = own.iter().filter(|line| line["kind"] == "relationship").collect();
    let active: Vec<_> = relationships
        .iter()
        .filter(|one| one["status"] == "active")
        .collect();
    let led = |one: &Value| one["name"].as_str().unwrap().starts_with("MLT_");
    let made = |one: &Value| one["created"].as_str().unwrap().parse::<Timestamp>().unwrap();
    let usable: Vec<_> = active.iter().filter(|one| !led(one)).collect();
    let Some(newest) = usable.iter().max_by_key(|one| made(one)) else {
        found.insert((if active.is_empty() { "B2" } else { "B3" }, "error"));
        return found;
    };
    let is_in = remarks(newest, now, &mut found);
    if !is_in {
        return found;
    }
    if usable.len() > 1 {
        found.insert(("B4", "info"));
    }
    let about = own.iter().find(|line| line["kind"] == "tenant").unwrap();
    let consent = own
        .iter()
        .find(|line| line["kind"] == "consent" && line["app"] == "delegated");
    let scopes: BTreeSet<_> = consent
        .and_then(|line| line["scopes"][GRAPH].as_array())
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    inside(about, &scopes, provider, &mut found);
    let is_blocked = found
        .iter()
        .any(|(id, severity)| *severity == "error" && *id != "A6");
    if about["refuses_admin_agent"] == true && !is_blocked && provider.is_admin_agent {
        found.insert(("A6", "error"));
        // It is not looked at what only a customer that can be synced is asked for.
    }
    found
}

/// What the relationship that decides gives; whether the account gets in with it.
fn remarks(newest: &Value, now: Timestamp, found: &mut Findings) -> bool {
    let roles = |of: &Value| -> Vec<String> {
        let all = of["roles"].as_array().unwrap().iter();
        all.map(|role| role.as_str().unwrap().to_owned()).collect()
    };
    let accepted = |of: &Value| roles(of).iter().any(|role| ACCEPTED.contains(&role.as_str()));
    let extends = newest["auto_extends"] == true;
    let end: Timestamp = newest["end"].as_str().unwrap().parse().unwrap();
    let left = end.as_second() - now.as_second();
    let ends_soon = !extends && left <= 30 * DAY;
    if ends_soon {
        found.insert(("B5", "warning"));
    }
    if roles(newest).iter().any(|role| role == GLOBAL) {
        found.insert(("B10", "warning"));
    } else if !extends && !ends_soon {
        found.insert(("B11", "info"));
    }
    let given = newest["assignments"].as_array().unwrap();
    let fitting = |one: &&Value| one["status"] == "active" && accepted(one);
    let error = if !accepted(newest) {
        "B6"
    } else if !given.iter().any(|one| fitting(&one)) {
        "B7"
    } else if !given
        .iter()
        .any(|one| fitting(&one) && one["group_exists"] == true)
    {
        "B9"
    } else if !given
        .iter()
        .any(|one| fitting(&one) && one["holds_account"] == true)
    {
        "B8"
    } else {
        let mut held = given
            .iter()
            .filter(|one| fitting(one) && one["holds_account"] == true);
        if held.all(|one| one["holds_account_directly"] == false) {
            found.insert(("B8", "info"));
        }
        return true;
    };
    found.insert((error, "error"));
    false
}

/// What can be seen from within the tenant.
fn inside(about: &Value, scopes: &BTreeSet<&str>, provider: Provider, found: &mut Findings) {
    if scopes.is_empty() {
        found.insert(("C1", if provider.enrolled { "error" } else { "info" }));
        return;
    }
    if about["blocked_by_policy"] == true {
        found.insert(("C3", "error"));
        return;
    }
    let writes = |scope: &str| scope.replace(".Read.", ".ReadWrite.");
    let has = |scope: &str| scopes.contains(scope) || scopes.contains(writes(scope).as_str());
    if !CUSTOMER_SCOPES.iter().all(|scope| has(scope)) {
        found.insert(("C2", "warning"));
    }
    let needed = |scope: &&str| CUSTOMER_SCOPES.contains(scope) || *scope == "User.Read";
    if !scopes.iter().all(needed) {
        found.insert(("C9", "info"));
    }
    if about["conceals_reports"] == true {
        found.insert(("C6", "warning"));
    }
    if about["has_p1"] == false {
        found.insert(("C8", "info"));
    }
}
