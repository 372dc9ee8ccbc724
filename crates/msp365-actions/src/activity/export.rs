//! The activity log as a file for spreadsheets.

use msp365_store::JournalRecord;
use serde_json::Value;

/// What makes a spreadsheet take a cell for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Records as CSV with a line of headers. Cells that a spreadsheet would run as a formula begin with a quote.
///
/// # Errors
/// Where a record cannot be written as CSV.
pub fn to_csv(records: &[JournalRecord]) -> Result<String, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record([
        "sequence",
        "at",
        "actor",
        "tenant",
        "action",
        "target",
        "outcome",
        "plan",
        "step",
        "request_id",
        "mac",
    ])?;
    for record in records {
        let of = |name: &str| match record.detail.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let cells = [
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
            record.mac.clone(),
        ];
        writer.write_record(cells.map(safe))?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The cell as no spreadsheet runs it.
pub(crate) fn safe(cell: String) -> String {
    if cell.starts_with(FORMULA) {
        format!("'{cell}")
    } else {
        cell
    }
}
