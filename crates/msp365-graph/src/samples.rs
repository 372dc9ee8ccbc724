//! Microsoft's own samples of replies, where they lie beside the workspace.

use std::{fs, path::Path};

use http::{HeaderMap, StatusCode};
use msp365_core::{Lenient, Page, Reply, Request, Service, path};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    devices::Device,
    directory_objects::DirectoryObject,
    domains::Domain,
    groups::{Group, GroupChange},
    managed_devices::ManagedDevice,
    organization::Organization,
    permission_grants::PermissionGrant,
    reports,
    service_principals::ServicePrincipal,
    users::User,
};

/// Every row of a modelled type is read, but for those that lack the key.
#[test]
#[cfg_attr(not(samples), ignore = "../shared/samples is not there")]
fn documented_replies_are_read() {
    let read = samples().iter().filter(|sample| fits(sample)).count();

    assert!(read > 40, "only {read} samples are of a modelled type");
}

#[test]
#[cfg_attr(not(samples), ignore = "../shared/samples is not there")]
fn the_documented_mailbox_report_has_the_columns_that_are_needed() {
    let samples = samples();
    let report = samples
        .iter()
        .find(|sample| sample["file"] == "reportroot-getmailboxusagedetail.md" && sample["body"].is_string())
        .unwrap();

    let usage = reports::mailbox_usage_rows(report["body"].as_str().unwrap().as_bytes()).unwrap();

    assert!(!usage.concealed);
}

fn samples() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    ["graph-samples.jsonl", "graph-samples-2.jsonl"]
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(folder.join(file)).unwrap();
            text.lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect::<Vec<Value>>()
        })
        .collect()
}

/// Whether a sample is of a modelled type; if so, it is read.
fn fits(sample: &Value) -> bool {
    let success = sample["status"]
        .as_u64()
        .is_some_and(|status| (200..300).contains(&status));
    if sample["kind"] != "response" || !success || !sample["body"].is_object() {
        return false;
    }
    let is_delta = sample["file"] == "group-delta.md";
    match sample["odata_type"]
        .as_str()
        .and_then(|name| name.rsplit('.').next())
    {
        Some("user") => check::<User>(sample),
        Some("group") if is_delta => check::<GroupChange>(sample),
        Some("group") => check::<Group>(sample),
        Some("device") => check::<Device>(sample),
        Some("directoryObject") => check::<DirectoryObject>(sample),
        Some("domain") => check::<Domain>(sample),
        Some("managedDevice") => check::<ManagedDevice>(sample),
        Some("oAuth2PermissionGrant") => check::<PermissionGrant>(sample),
        Some("organization") => check::<Organization>(sample),
        Some("servicePrincipal") => check::<ServicePrincipal>(sample),
        _ => return false,
    }
    true
}

fn check<T: DeserializeOwned>(sample: &Value) {
    let body = match &sample["body"] {
        list if list["value"].is_array() => list.to_string(),
        single => serde_json::json!({ "value": [single] }).to_string(),
    };
    let request: Request<Page<Lenient<T>>> =
        Request::list_lenient("samples", Service::Graph, path!["samples"]);

    let page = request
        .decode(&Reply::new(StatusCode::OK, HeaderMap::new(), body))
        .unwrap();

    for row in page.items {
        if let Lenient::Odd(odd) = row {
            let raw: Value = serde_json::from_str(&odd.raw).unwrap();
            assert!(
                raw.get("id").is_none(),
                "{}: {}: {}",
                sample["file"],
                odd.problem,
                odd.raw
            );
        }
    }
}
