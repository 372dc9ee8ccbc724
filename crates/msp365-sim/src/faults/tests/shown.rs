//! What the answers look like whose content a fault changes.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Seen, catalogue};

fn rows(body: &Value) -> &[Value] {
    let items = body["value"].as_array().or_else(|| body["items"].as_array());
    items.map_or(&[], Vec::as_slice)
}

fn next(seen: &Seen) -> String {
    seen.body()["@odata.nextLink"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// Whether an answer looks as the fault says; `None` if nobody wrote down how.
pub(super) fn looks(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    bodies(id, variant, seen)
        .or_else(|| values(id, variant, seen))
        .or_else(|| paging(id, variant, seen))
        .or_else(|| delta(id, variant, seen))
        .or_else(|| batches(id, variant, seen))
        .or_else(|| tokens(id, variant, seen))
        .or_else(|| visits(id, variant, seen))
        .or_else(|| reports(id, variant, seen))
}

fn bodies(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    let after = &seen.after;
    let text = String::from_utf8_lossy(&after.body);
    Some(match (id, variant) {
        ("F018", _) => {
            after.header("client-request-id") == Some("0badc0de-0000-4000-8000-000000000000")
                && after.status == 200
        }
        ("F029", place) => {
            after.header("x-ms-throttle-limit-percentage") == Some(["0.85", "1.2", "1.8"][place])
        }
        ("F051", 0) => after.status == 200 && after.body.is_empty(),
        ("F051", _) => after.status == 204 && after.body.is_empty(),
        ("F053", 0) => seen.before.body.starts_with(&after.body) && seen.body().is_null(),
        ("F053", 1) => after.body.starts_with(b"\xef\xbb\xbf{"),
        ("F053", 2) => after.body.starts_with(b"{\0\"\0"),
        ("F053", _) => std::str::from_utf8(&after.body).is_err(),
        ("F062", 0) => text.contains("\"displayName\":\"First\",\"displayName\":\"Second\""),
        ("F062", _) => text.contains(&"[".repeat(10_000)),
        ("F064", 0) => seen.body().get("value").is_none() && !rows(&seen.body_before()).is_empty(),
        ("F064", 1) => seen.body().get("value") == Some(&Value::Null),
        ("F064", _) => seen.body()["value"].is_object(),
        ("F065", _) => rows(&seen.body()).is_empty() && next(seen).contains("$skiptoken="),
        _ => return None,
    })
}

fn values(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    let (before, body) = (seen.body_before(), seen.body());
    let (old, new) = (rows(&before), rows(&body));
    let text = String::from_utf8_lossy(&seen.after.body);
    let first = new.first().cloned().unwrap_or_default();
    let name = first["displayName"].as_str().unwrap_or_default();
    let all = |fits: &dyn Fn(&Value) -> bool| !new.is_empty() && new.iter().all(fits);
    let size = |row: &Value| row.as_object().map_or(0, serde_json::Map::len);
    Some(match (id, variant) {
        ("F054", place) => {
            let member = ["unknownFutureValue", "intuneAosp"][place];
            all(&|row| row["userType"] == member)
        }
        ("F055", 0) => all(&|row| {
            row.as_object()
                .is_some_and(|row| row.values().any(Value::is_null))
        }),
        ("F055", _) => size(&first) + 1 == size(&old[0]),
        ("F056", 0) => all(&|row| matches!(row["accountEnabled"].as_str(), Some("True" | "False"))),
        ("F056", 1) => all(&|row| row["consumedUnits"].is_string()),
        ("F056", 2) => all(&|row| row["displayName"].is_number()),
        ("F056", 3) => all(&|row| row["storageUsed"] == "1180591620717411303424"),
        ("F056", 4) => text.contains(":1180591620717411303424,"),
        ("F056", _) => text.contains("\"itemCount\":1.2E3"),
        ("F057", place) => {
            let starts = [
                "0001-01-01T00",
                "2026-01-02T03:04:05.123456789Z",
                "2026-01-02T03:04:05.1234567",
                "9999-",
                "2026-06-30T23:59:60Z",
            ];
            all(&|row| {
                row["createdDateTime"]
                    .as_str()
                    .is_some_and(|date| date.starts_with(starts[place]))
            })
        }
        ("F058", 0) => old[0]["id"].as_str().map(str::to_uppercase).as_deref() == first["id"].as_str(),
        ("F058", _) => first["id"]
            .as_str()
            .is_some_and(|id| id.starts_with('{') && id.ends_with('}')),
        ("F059", 0) => name.contains('\u{202e}'),
        ("F059", 1) => name.contains('\0'),
        ("F059", 2) => name.contains('\u{2028}'),
        ("F059", 3) => text.contains("\"\\ud83d\""),
        ("F059", 4) => name.contains("e\u{301}"),
        ("F059", _) => name.len() == 20_000,
        ("F060", 0) => all(&|row| {
            row["proxyAddresses"]
                .as_array()
                .is_some_and(|all| all.len() == 5_000)
        }),
        ("F060", 1) => name.len() == 64 << 10,
        ("F060", _) => name.len() == 1 << 20,
        ("F061", _) => first["displayName"].is_object() && new[1..] == old[1..],
        ("F066", _) => all(&|row| row["@odata.type"] == "#microsoft.graph.somethingNew"),
        ("F067", _) => all(&|row| row.get("mail").is_none()) && old[0].get("mail").is_some(),
        ("F068", _) => all(&|row| row.get("somethingNew").is_some()),
        _ => return None,
    })
}

fn paging(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    let (before, body) = (seen.body_before(), seen.body());
    let (old, new) = (rows(&before), rows(&body));
    let link = next(seen);
    Some(match (id, variant) {
        ("F071", _) => link.contains("/v1.0/users?$top=5"),
        ("F072", _) => new == old && link.contains("=again.0."),
        ("F073" | "F099" | "F124", _) => return follow_up(id, seen),
        ("F074", _) => new.len() == old.len() && new[0]["id"] != old[0]["id"] && link.contains("again."),
        ("F075", _) => link.starts_with("https://graph.evil.example/"),
        ("F076", place) => link == catalogue::EVIL[place] && new == old,
        ("F077", 0) => link.starts_with("https://graph.windows.net/contoso.example/users"),
        ("F077", _) => link.starts_with("https://graph.microsoft.com/beta/"),
        ("F078", _) => new.is_empty() && link.ends_with("%23%2B%7B'%27"),
        ("F079", 0) => link.starts_with("/v1.0/users"),
        ("F079", 1) => body["@odata.nextLink"] == "",
        ("F079", 2) => body["@odata.nextLink"] == " ",
        ("F079", 3) => body.get("@odata.nextLink") == Some(&Value::Null),
        ("F079", _) => body["@odata.nextLink"] == 7,
        ("F081", _) => new == &old[..old.len() - 1],
        ("F083", place) => body["@odata.count"] == [10_000, 0][place],
        ("F086", _) => new.is_empty() && !old.is_empty() && link.is_empty(),
        _ => return None,
    })
}

fn follow_up(id: &str, seen: &Seen) -> Option<bool> {
    let body = seen.body();
    Some(match id {
        "F099" => {
            let count = |body: &Value| -> usize {
                let members = rows(body)
                    .iter()
                    .filter_map(|row| row["members@delta"].as_array());
                members.map(Vec::len).sum()
            };
            count(&body) < count(&seen.body_before()) && next(seen).contains("again.1.")
        }
        "F124" => items(seen)
            .iter()
            .any(|item| rows(&item["body"]).len() == 1 && item["body"]["@odata.nextLink"].is_string()),
        _ => return None,
    })
}

fn delta(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    let (before, body) = (seen.body_before(), seen.body());
    let (old, new) = (rows(&before), rows(&body));
    let has = |body: &Value, name: &str| body.get(name).is_some();
    let sparse = |row: &Value| row.as_object().is_some_and(|row| row.len() == 2);
    Some(match (id, variant) {
        ("F093", _) => new.len() == old.len() * 2 && new[..old.len()] == new[old.len()..],
        ("F094", _) => new[0] == new[2] && new[0]["id"] == new[1]["id"] && has(&new[1], "@removed"),
        ("F096", _) => new.len() == old.len() + 1 && has(&new[old.len()], "@removed"),
        ("F097" | "F098", _) => new.iter().any(sparse),
        ("F101", _) => !old.is_empty() && new.is_empty() && has(&body, "@odata.deltaLink"),
        ("F103", 0) => !has(&body, "@odata.nextLink") && !has(&body, "@odata.deltaLink"),
        ("F103", _) => has(&body, "@odata.nextLink") && has(&body, "@odata.deltaLink"),
        _ => return None,
    })
}

fn items(seen: &Seen) -> Vec<Value> {
    seen.body()["responses"].as_array().cloned().unwrap_or_default()
}

fn batches(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    let all = items(seen);
    let item = |id: &str| {
        all.iter()
            .find(|item| item["id"] == id)
            .cloned()
            .unwrap_or_default()
    };
    let status = |id: &str| item(id)["status"].as_u64().unwrap_or_default();
    let first = all.first().cloned().unwrap_or_default();
    let order: Vec<&str> = all.iter().filter_map(|item| item["id"].as_str()).collect();
    Some(match (id, variant) {
        ("F115" | "F116", _) => {
            let outer = if id == "F115" { 200 } else { 424 };
            let waits = ["1", "4"].map(|id| item(id)["headers"]["Retry-After"].clone());
            let good = status("2") == 200 && status("3") == 200;
            seen.after.status == outer && status("1") == 429 && good && waits == [json!("3"), json!("6")]
        }
        ("F117", _) => (status("1"), status("2"), status("4")) == (500, 200, 424),
        ("F118", _) => {
            let before = seen.body_before();
            let before = before["responses"].as_array().unwrap();
            before.len() == 4 && before[0]["id"] == order[3]
        }
        ("F119", _) => all.len() == 3,
        ("F120", _) => all.len() == 6 && order.contains(&"unknown"),
        ("F121", 0) => first.get("body") == Some(&Value::Null),
        ("F121", 1) => first["body"] == "QWRh",
        ("F121", 2) => first["body"].as_str().is_some_and(|text| text.contains("<html>")),
        ("F121", _) => first["headers"]["rEtRy-aFtEr"] == 7,
        ("F122", _) => seen.after.status == 504,
        ("F125", _) => status("1") == 401 && status("2") == 200,
        _ => return None,
    })
}

/// The claims of a token in the answer.
fn claims(seen: &Seen, name: &str) -> Value {
    let body = seen.body();
    let token = body[name].as_str().unwrap_or_default();
    let part = token.split('.').nth(1).unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn tokens(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    let body = seen.body();
    let life = body.get("expires_in");
    Some(match (id, variant) {
        ("F149", 0) => life == Some(&json!("3599")),
        ("F149", 1) => life.is_none(),
        ("F149", 2) => life == Some(&json!(0)),
        ("F149", 3) => life == Some(&json!(-1)),
        ("F149", 4) => life == Some(&json!(1_000_000_000)),
        ("F149", 5) => body["token_type"] == "pop",
        ("F149", _) => body.get("refresh_token").is_none() && body["access_token"].is_string(),
        ("F153", place) => {
            let claim = ["nonce", "aud", "iss", "tid", "exp"][place];
            let forged = claims(seen, "id_token")[claim].to_string();
            forged.contains(["forged", "0badc0de", "evil", "0badc0de", "1000000000"][place])
        }
        ("F159", 0) => claims(seen, "access_token")["tid"]
            .to_string()
            .contains("0badc0de"),
        ("F159", _) => claims(seen, "access_token")["amr"] == json!(["pwd"]),
        ("F160", _) => {
            let words = |text: &Value| text.as_str().unwrap_or_default().split(' ').count();
            words(&body["scope"]) < words(&claims(seen, "access_token")["scp"])
        }
        _ => return None,
    })
}

fn visits(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    let body = seen.body();
    Some(match (id, variant) {
        ("F158", _) => body["token_endpoint"]
            .as_str()
            .is_some_and(|at| at.contains("evil.example")),
        _ => return None,
    })
}

fn reports(id: &str, variant: usize, seen: &Seen) -> Option<bool> {
    let (before, body) = (seen.body_before(), seen.body());
    let (old, new) = (rows(&before), rows(&body));
    let text = |reply: &msp365_core::Reply| String::from_utf8_lossy(reply.text_bytes()).into_owned();
    let (was, is) = (text(&seen.before), text(&seen.after));
    let head = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    let columns = |text: &str| head(text).split(',').count();
    Some(match (id, variant) {
        ("F169", _) => new.len() + 1 == old.len(),
        ("F171", _) => {
            new.len() > 1
                && new
                    .iter()
                    .all(|one| one["companyProfile"]["companyName"] == "Contoso")
        }
        ("F175", _) => new.len() == old.len() + 1,
        ("F205", place) => {
            seen.after.status == 302 && seen.after.header("location") == Some(catalogue::REPORTS[place])
        }
        ("F206", _) => {
            is.ends_with("\r\n\r\n") && is.contains("\"\"the\r\nfirst\"\"") && head(&is) == head(&was)
        }
        ("F207", 0) => head(&is).starts_with("Something New,") && columns(&is) == columns(&was) + 1,
        ("F207", 1) => columns(&is) + 1 == columns(&was),
        ("F207", 2) => head(&is).contains(",Principal,"),
        ("F207", _) => head(&is).ends_with(",Report Refresh Date"),
        ("F209", _) => head(&is) == head(&was) && is.lines().nth(1) != was.lines().nth(1),
        _ => return None,
    })
}
