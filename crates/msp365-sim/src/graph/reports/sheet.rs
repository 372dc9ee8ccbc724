//! A report as a table: written as a file, or as JSON.

use std::collections::BTreeMap;

use aws_lc_rs::digest;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::world::{Json, Tenant};

/// Columns and rows of a report.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Sheet {
    /// The file, which begins with the mark of UTF-8.
    pub(super) fn file(&self) -> Bytes {
        let mut file = String::from('\u{feff}');
        line(&mut file, &self.columns);
        for row in &self.rows {
            line(&mut file, row);
        }
        Bytes::from(file)
    }

    /// The rows as objects, in their order.
    pub(super) fn objects(&self) -> BTreeMap<String, Json> {
        let rows = self.rows.iter().enumerate();
        rows.map(|(at, row)| {
            let members = self.columns.iter().zip(row);
            let members = members.map(|(column, cell)| (member(column), value(column, cell)));
            (format!("{at:09}"), members.collect())
        })
        .collect()
    }

    /// A name, or what stands for it where the tenant conceals names.
    pub(super) fn shown(tenant: &Tenant, text: &str) -> String {
        if tenant.conceals_reports {
            concealed(tenant, text)
        } else {
            text.to_owned()
        }
    }
}

/// `Storage Used (Byte)` becomes `storageUsedInBytes`.
fn member(column: &str) -> String {
    let plain = column.replace("(Byte)", "In Bytes");
    let words = plain
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut name = String::new();
    for word in words {
        let mut letters = word.chars();
        let first = letters.next().into_iter();
        if name.is_empty() {
            name.extend(first.flat_map(char::to_lowercase));
        } else {
            name.extend(first.flat_map(char::to_uppercase));
        }
        name.push_str(letters.as_str());
    }
    name
}

fn value(column: &str, cell: &str) -> Value {
    match cell {
        "" => Value::Null,
        "True" | "Yes" => json!(true),
        "False" | "No" => json!(false),
        _ if column == "Report Period" => json!(cell),
        number => number
            .parse::<u64>()
            .map_or_else(|_| json!(cell), |number| json!(number)),
    }
}

/// A name as 32 upper-case hex digits, the same for the same name of one tenant.
fn concealed(tenant: &Tenant, name: &str) -> String {
    let hash = digest::digest(&digest::SHA256, format!("{} {name}", tenant.id).as_bytes());
    let number = hash
        .as_ref()
        .iter()
        .take(16)
        .fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
    format!("{number:032X}")
}

fn line(file: &mut String, fields: &[String]) {
    let cells: Vec<String> = fields
        .iter()
        .map(|field| {
            if field.contains(['"', ',', '\r', '\n']) {
                format!("\"{}\"", field.replace('"', "\"\""))
            } else {
                field.clone()
            }
        })
        .collect();
    file.push_str(&cells.join(","));
    file.push_str("\r\n");
}
