//! The activity log as a file for spreadsheets.

use msp365_store::JournalRecord;
use serde_json::Value;

use crate::sheet;

/// The header of the file.
const HEADER: &str =
    "sequence,at,actor,tenant,action,target,outcome,plan,step,request_id,asked,reason,mac\r\n";

/// Records as CSV with a line of headers, each cell as [`sheet`] writes it.
pub fn to_csv(records: &[JournalRecord]) -> String {
    let mut text = HEADER.to_owned();
    for record in records {
        let of = |name: &str| match record.detail.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        text.push_str(&sheet::line([
            record.sequence.to_string(),
            record.at.to_string(),
            record.actor.clone(),
            record.tenant.map(|tenant| tenant.to_string()).unwrap_or_default(),
            record.action.clone(),
            record.target.clone(),
            record.outcome.clone(),
            of("plan"),
            of("step"),
            of("request_id"),
            of("asked"),
            of("reason"),
            record.mac.clone(),
        ]));
    }
    text
}
