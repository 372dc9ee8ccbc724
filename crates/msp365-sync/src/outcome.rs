//! The state a tenant ends in.

use msp365_partner::readiness::{Finding, Severity};
use msp365_store::{TenantState, TenantStatus};

use crate::{Error, check::Checked};

/// Errors before warnings before notes; within each, in the order of the checks.
pub(crate) fn worst_first(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| match finding.severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        _ => 2,
    });
    findings
}

fn findings(checked: &Checked) -> serde_json::Value {
    serde_json::to_value(worst_first(checked.readiness.findings.clone())).unwrap_or_default()
}

pub(crate) fn blocked(checked: &Checked) -> TenantState {
    let state = TenantState::new(TenantStatus::Blocked).findings(findings(checked));
    match checked.readiness.first_error() {
        Some(error) => state.reason(&error.evidence).remedy(&error.remedy),
        None => state,
    }
}

pub(crate) fn finished(checked: &Checked, faults: &[String]) -> TenantState {
    let notes: Vec<_> = checked
        .readiness
        .findings
        .iter()
        .filter(|finding| CAPABILITIES.contains(&finding.id.as_str()))
        .collect();
    if faults.is_empty() && notes.is_empty() {
        return TenantState::new(TenantStatus::Synced).findings(findings(checked));
    }
    let reasons: Vec<_> = faults
        .iter()
        .cloned()
        .chain(notes.iter().map(|note| note.evidence.clone()))
        .collect();
    let state = TenantState::new(TenantStatus::Degraded)
        .reason(reasons.join("; "))
        .findings(findings(checked));
    match notes.first() {
        Some(note) => state.remedy(&note.remedy),
        None => state.remedy("the next sync tries again"),
    }
}

/// Findings about what a tenant lacks that leave a resource unread: concealed names, and no Entra ID P1.
const CAPABILITIES: [&str; 2] = ["C6", "C8"];

pub(crate) fn failed(error: &Error) -> TenantState {
    let service = error
        .request()
        .and_then(msp365_client::Error::remedy)
        .map(str::to_owned);
    TenantState::new(TenantStatus::Degraded)
        .reason(error.words())
        .remedy(service.unwrap_or_else(|| "the next sync tries again".to_owned()))
}
