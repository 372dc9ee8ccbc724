//! Microsoft's own samples of replies, where they lie beside the workspace.

use std::{fs, path::Path};

use serde_json::Value;

use crate::relationships::{AccessAssignment, Relationship};

#[test]
#[cfg_attr(not(samples), ignore = "../shared/samples is not there")]
fn documented_relationships_and_assignments_are_read() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/graph-samples-2.jsonl");
    let mut read = 0;

    for line in fs::read_to_string(file).unwrap().lines() {
        let sample: Value = serde_json::from_str(line).unwrap();
        if sample["kind"] != "response" {
            continue;
        }
        let body = sample["body"].clone();
        match sample["odata_type"].as_str() {
            Some("microsoft.graph.delegatedAdminRelationship") => {
                let relationship: Relationship = serde_json::from_value(body).unwrap();
                assert!(relationship.status.is_some() && relationship.roles().count() > 0);
            }
            Some("microsoft.graph.delegatedAdminAccessAssignment") => {
                let assignment: AccessAssignment = serde_json::from_value(body).unwrap();
                assert!(assignment.group_id().is_some());
            }
            _ => continue,
        }
        read += 1;
    }

    assert!(read >= 3, "only {read} samples are of a modelled type");
}
