//! Which tenants are not all in a list, said to people and to scripts.

use msp365::store::{Incomplete, IncompleteTenant};
use serde_json::{Value, json};

use crate::output::shown;

/// Tenants that are named to people; the others are counted.
const NAMED: usize = 3;

/// One short line, if there is anything to say.
pub(crate) fn said(incomplete: &Incomplete, noun: &str) -> Option<String> {
    if incomplete.is_empty() {
        return None;
    }
    let named: Vec<String> = incomplete.tenants.iter().take(NAMED).map(one).collect();
    let more = match incomplete.count().saturating_sub(named.len()) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Some(format!("Not all {noun} are here of {}{more}.", named.join(", ")))
}

fn one(tenant: &IncompleteTenant) -> String {
    format!("{} ({})", shown(&tenant.tenant_name), shown(&why(tenant)))
}

/// How it stands, with the reason where that says more.
fn why(tenant: &IncompleteTenant) -> String {
    let state = tenant.state.as_str();
    let words = state.replace('_', " ");
    match tenant.reason.as_deref() {
        Some(reason) if reason != state => format!("{words}: {reason}"),
        _ => words,
    }
}

/// The same as members of a document: the tenants that are named, and how many there are.
pub(crate) fn members(incomplete: &Incomplete) -> (Value, usize) {
    let tenants = incomplete.tenants.iter().map(|tenant| {
        json!({
            "tenant": tenant.tenant_id, "name": tenant.tenant_name, "state": tenant.state,
            "why": why(tenant), "fresh_as_of": tenant.fresh_as_of,
        })
    });
    (tenants.collect(), incomplete.count())
}
