//! The setting that conceals names in reports.

use super::{Writer, fields};
use crate::{
    graph::{answer::Answer, write_rights::REPORT_SETTINGS_WRITE},
    odata::{Refused, tenant::ADMIN_REPORT_SETTINGS},
};

const FIELDS: &fields::Fields = &[(fields::Takes::Flag, "displayConcealedNames")];

/// Conceals names, or shows them. Reports follow at once, where the service takes minutes.
pub(super) fn change(writer: &mut Writer<'_>) -> Result<Answer, Refused> {
    writer.demand(&REPORT_SETTINGS_WRITE)?;
    let body = writer.body()?;
    fields::check(&body, &[FIELDS], &ADMIN_REPORT_SETTINGS)?;
    let conceals = fields::flag(&body, "displayConcealedNames")?;
    let (tenant, _) = writer.change("reportSettings.update", "reportSettings")?;
    tenant.conceals_reports = conceals.unwrap_or(tenant.conceals_reports);
    Ok(Answer::Nothing)
}
