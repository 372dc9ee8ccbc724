//! What is answered instead of the service, or by it once the world has changed.

use serde_json::{Value, json};

use super::{Seen, catalogue};

/// Whether an answer has the status, header or code that the fault says; `None` if it is no matter of these.
pub(super) fn looks(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    waits(id, variant, seen)
        .or_else(|| refusals(id, variant, seen))
        .or_else(|| changed(id, variant, seen))
        .or_else(|| writes(id, variant, seen))
        .or_else(|| hostile(id, variant, seen))
}

fn code(seen: &Seen) -> String {
    seen.body()["error"]["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

fn message(seen: &Seen) -> String {
    seen.body()["error"]["message"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

fn rows(seen: &Seen) -> Vec<Value> {
    seen.body()["value"].as_array().cloned().unwrap_or_default()
}

fn date(seen: &Seen, name: &str) -> i64 {
    let text = seen.after.header(name).unwrap_or_default();
    let moment = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text);
    moment.map_or(0, jiff::Timestamp::as_second)
}

fn waits(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    let served = seen.before.header("date").unwrap_or_default();
    let before = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(served);
    let skew = date(seen, "date") - before.map_or(0, jiff::Timestamp::as_second);
    Some(match (id, variant) {
        ("F023", place) => {
            let wait = date(seen, "retry-after") - date(seen, "date");
            let (skewed, waits) = [(3_600, 30), (-3_600, 30), (0, -60)][place];
            seen.after.status == 429 && skew == skewed && wait == waits
        }
        ("F151", place) => seen.after.status == 200 && skew == [7_200, -7_200][place],
        _ => return None,
    })
}

fn refusals(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    let status = seen.after.status.as_u16();
    Some(match (id, variant) {
        ("F037", _) => (status, code(seen).as_str()) == (503, "ServiceUnavailable"),
        ("F040", place) => {
            let to = seen.after.header("location").unwrap_or_default();
            status == [301, 302, 307, 308][place - 5]
                && to.starts_with("https://graph.microsoft.com/v1.0/users?$top=5")
        }
        ("F090" | "F107" | "F108", _) => {
            let to = seen.after.header("location").unwrap_or_default();
            (status, code(seen).as_str()) == (410, "syncStateNotFound")
                && to.ends_with("/users/delta?$deltatoken=")
        }
        ("F140", _) => (status, code(seen).as_str()) == (403, "Authorization_RequestDenied"),
        ("F174", _) => status == 400 && seen.body()["error_codes"] == json!([90_038]),
        ("F014", _) => {
            let size: usize = seen.after.headers.values().map(http::HeaderValue::len).sum();
            status == 200 && size > 64 << 10
        }
        _ => return None,
    })
}

fn changed(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    let removed = |reason: &str| rows(seen).iter().any(|row| row["@removed"]["reason"] == reason);
    Some(match (id, variant) {
        ("F095", _) => removed("changed") && removed("deleted"),
        // The user that signed in is not among what changed.
        ("F102", _) => {
            rows(seen)
                == seen.body_before()["value"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default()
        }
        ("F208", _) => seen.after.status == 302,
        _ => return None,
    })
}

fn writes(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    let (status, said) = (seen.after.status.as_u16(), message(seen));
    let refused = |words: &str| status == 400 && code(seen) == "Request_BadRequest" && said.contains(words);
    let conflict = seen.body()["error"]["details"][0]["code"] == "ObjectConflict";
    Some(match (id, variant) {
        ("F181", 0) | ("F183", _) => refused("userPrincipalName already exists") && conflict,
        ("F186", _) => refused("added object references already exist"),
        ("F187", 0) => refused("mail-enabled security groups"),
        ("F188", 0) => refused("dynamic group"),
        ("F188", 1) => refused("on-premises mastered"),
        ("F190", 0) => refused("does not have any available licenses"),
        ("F190", _) => status == 200,
        ("F191", place) => {
            let error = [
                "MutuallyExclusiveViolation",
                "DependencyViolation",
                "ProhibitedInUsageLocationViolation",
                "UniquenessViolation",
            ][place];
            let all = rows(seen);
            let mut licences = all
                .iter()
                .flat_map(|row| row["licenseAssignmentStates"].as_array().unwrap());
            licences.all(|state| state["error"] == error && state["state"] == "Error")
        }
        ("F197", _) => status == 412,
        ("F198", _) => status == 404,
        _ => return None,
    })
}

fn hostile(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    let all = rows(seen);
    let names: Vec<&str> = all.iter().filter_map(|row| row["displayName"].as_str()).collect();
    let old = seen.body_before();
    let old: Vec<&str> = old["value"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row["displayName"].as_str())
        .collect();
    assert!(catalogue::find(id).is_some());
    let each = |fits: &dyn Fn(&str) -> bool| !names.is_empty() && names.iter().all(|name| fits(name));
    Some(match (id, variant) {
        ("F214", 0) => each(&|name| name == "DESKTOP-TWIN"),
        ("F214", 1) => each(&str::is_empty),
        ("F214", 2) => each(&|name| name.chars().count() <= 15),
        ("F214", _) => {
            names[0] == format!(" {} ", old[0].to_lowercase()) && names[1] == old[1].to_uppercase()
        }
        ("F215", 0) => names.concat().contains('\u{430}') && !names.concat().contains('a'),
        ("F215", 1) => names.concat().contains('\u{3bf}') && !names.concat().contains('o'),
        ("F215", _) => each(&|name| name.starts_with('\u{202e}')),
        ("F216", _) => {
            let before = seen.body_before();
            all[0]["mail"] == before["value"][1]["mail"] && all[0]["id"] == before["value"][0]["id"]
        }
        ("F245", _) => {
            let starts = |name: &str| {
                name.split(['\n', '\r']).any(|line| {
                    let line = line.trim_start();
                    line.starts_with(['=', '+', '-', '@'])
                })
            };
            each(&starts)
        }
        ("F248", _) => each(&|name| name.contains(['\r', '\n', '\u{1b}', '\0'])),
        ("F250", 0) => each(&|name| name.contains("'); DROP TABLE")),
        ("F250", _) => each(&|name| name.len() == 100_000),
        ("F251", 0) => each(&|name| name.starts_with("../../")),
        ("F251", _) => each(&|name| name.starts_with("C:\\CON")),
        ("F252", 0) => all[0].as_object().is_some_and(|row| row.len() > 10_000),
        ("F252", _) => each(&|name| name.len() == 50_001),
        _ => return None,
    })
}
