//! Tenants as a file for spreadsheets.

use std::io::Write;

use msp365_store::{TenantColumn, TenantRecord, Times};
use serde_json::json;

use super::{Exported, recorded, write_lines};
use crate::{Activity, ActivityLog, Error, sheet};

/// How tenants are written: which columns, and how moments look.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct TenantsExport {
    columns: Vec<TenantColumn>,
    times: Times,
    preface: &'static str,
}

impl Default for TenantsExport {
    fn default() -> Self {
        Self {
            columns: TenantColumn::ALL.to_vec(),
            times: Times::default(),
            preface: "",
        }
    }
}

impl TenantsExport {
    /// These columns, in this order; all if none is given.
    pub fn columns(mut self, columns: impl IntoIterator<Item = TenantColumn>) -> Self {
        self.columns = columns.into_iter().collect();
        if self.columns.is_empty() {
            self.columns = TenantColumn::ALL.to_vec();
        }
        self
    }

    /// How moments are written; as RFC 3339 in UTC unless told otherwise.
    pub fn times(mut self, times: Times) -> Self {
        self.times = times;
        self
    }

    /// Begins with the mark of UTF-8, without which Excel takes letters beyond ASCII for others.
    pub const fn with_bom(mut self) -> Self {
        self.preface = sheet::BOM;
        self
    }

    /// Writes these tenants as CSV, in their order, with records in the log of this person that it started and ended, where
    /// one is given. Cells are those of every [`sheet`]. That the reader went away is no failure.
    ///
    /// # Errors
    /// `Storage` if what is written cannot be taken, or where the log cannot be written: before the start, and then
    /// nothing is written, or after the end, as [`Error::Unrecorded`].
    pub async fn write(
        &self,
        tenants: &[TenantRecord],
        by: Option<(&ActivityLog, &str)>,
        out: &mut (dyn Write + Send),
    ) -> Result<Exported, Error> {
        let names: Vec<&str> = self.columns.iter().map(|column| column.as_str()).collect();
        let lines = tenants.iter().map(|tenant| {
            let cells = self
                .columns
                .iter()
                .map(|column| column.value(tenant).show(&self.times));
            sheet::line(cells)
        });
        let Some((log, actor)) = by else {
            let (done, written) = write_lines((self.preface, &names), lines, out);
            return written.map(|()| done);
        };
        let mut activity = Activity::new(actor, "export_tenants", "started");
        activity.target.push_str("tenants");
        activity.asked = Some(json!({ "columns": names, "tenants": tenants.len() }));
        recorded(log, activity, async {
            write_lines((self.preface, &names), lines, out)
        })
        .await
    }
}
