//! Microsoft's own samples of replies, where they lie beside the workspace: all of them are read, and written back
//! without loss.

use std::{fs, path::Path};

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    delegated_customers::{DelegatedCustomer, ServiceManagement},
    relationships::{AccessAssignment, Relationship, RelationshipOperation, RelationshipRequest},
};

#[test]
#[cfg_attr(not(samples), ignore = "../shared/samples is not there")]
fn every_documented_reply_of_gdap_is_read_and_written_back_without_loss() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "jsonl"));
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());

    let read: usize = texts
        .flat_map(|text| {
            text.lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect::<Vec<Value>>()
        })
        .filter(|sample| sample["kind"] == "response" && sample["body"].is_object())
        .map(|sample| rows_that_survive(&sample))
        .sum();

    assert!(read >= 10, "only {read} rows are of a modelled type");
}

fn rows_that_survive(sample: &Value) -> usize {
    let name = sample["odata_type"].as_str().unwrap_or_default();
    let check = match name.rsplit('.').next().unwrap_or_default() {
        "delegatedAdminRelationship" | "resellerDelegatedAdminRelationship" => check::<Relationship>,
        "delegatedAdminAccessAssignment" => check::<AccessAssignment>,
        "delegatedAdminRelationshipRequest" => check::<RelationshipRequest>,
        "delegatedAdminRelationshipOperation" => check::<RelationshipOperation>,
        "delegatedAdminCustomer" => check::<DelegatedCustomer>,
        "delegatedAdminServiceManagementDetail" => check::<ServiceManagement>,
        _ => return 0,
    };
    let rows = match &sample["body"]["value"] {
        Value::Array(rows) => rows.clone(),
        _ => vec![sample["body"].clone()],
    };
    rows.iter().for_each(check);
    rows.len()
}

fn check<T: DeserializeOwned + Serialize>(raw: &Value) {
    let row: T = serde_json::from_value(raw.clone()).unwrap_or_else(|error| panic!("{error}: {raw}"));

    let written = serde_json::to_value(row).unwrap();

    for (name, value) in raw.as_object().unwrap() {
        let times = [value, &written[name]]
            .map(|value| value.as_str().and_then(|text| text.parse::<Timestamp>().ok()));
        let same = *value == written[name] || (times[0].is_some() && times[0] == times[1]);
        assert!(same, "`{name}` of {raw} became {}", written[name]);
    }
}
