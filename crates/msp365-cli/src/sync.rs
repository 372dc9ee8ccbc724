//! `msp365 sync`.

use msp365::{
    Msp365, TenantId,
    store::{Resource, TenantStatus},
    sync::{RunReport, TenantReport},
};
use serde_json::json;

use crate::{Ended, args, args::Global, bars, failure::Failure, output, session};

pub(crate) async fn run(global: &Global, command: &args::Sync) -> Result<Ended, Failure> {
    let ids = session::tenant_ids(&command.tenant)?;
    let only = (!command.only.is_empty())
        .then(|| resources(&command.only))
        .transpose()?;
    let msp = session::connected(global).await?;
    read(global, &msp, &ids, only).await
}

/// Reads these tenants, or all that are marked, and prints what was done.
pub(crate) async fn read(
    global: &Global,
    msp: &Msp365,
    ids: &[TenantId],
    only: Option<Vec<Resource>>,
) -> Result<Ended, Failure> {
    let bars = bars::Bars::new(global);
    let mut sync = msp.sync().observed(bars.observer(ids.len()));
    if let Some(only) = only {
        sync = sync.only(only);
    }
    let report = sync.run(ids).await;
    bars.finish();
    let report = report?;
    if report.tenants.is_empty() {
        output::note(
            global,
            "No tenant is marked to be synced: `msp365 tenants sync --all` marks all customers.",
        );
    }
    print(global, &report)?;
    let whole = report
        .tenants
        .iter()
        .all(|tenant| tenant.status == TenantStatus::Synced);
    Ok(if whole { Ended::Done } else { Ended::InPart })
}

fn resources(names: &[String]) -> Result<Vec<Resource>, Failure> {
    names
        .iter()
        .map(|name| {
            Resource::named(name.trim()).ok_or_else(|| {
                let known: Vec<_> = Resource::ALL.iter().map(|resource| resource.as_str()).collect();
                Failure::usage(format!("`{name}` is no resource"))
                    .remedy(format!("there are {}", known.join(", ")))
            })
        })
        .collect()
}

fn print(global: &Global, report: &RunReport) -> Result<(), Failure> {
    if global.json {
        for tenant in &report.tenants {
            output::json(tenant)?;
        }
        return output::json(&json!({
            "total": true, "tenants": report.tenants.len(), "requests": report.requests,
            "throttled": report.throttled, "elapsed_ms": report.elapsed_ms,
        }));
    }
    let mut table = output::table(&[
        "Name", "Status", "Rows", "Added", "Changed", "Removed", "Requests", "Reason",
    ]);
    for tenant in &report.tenants {
        table.add_row(row(tenant));
    }
    output::line(&table.to_string())?;
    let unchanged = if report.is_unchanged() && !report.tenants.is_empty() {
        " Nothing has changed."
    } else {
        ""
    };
    output::line(&format!(
        "{} in {} ms, {} requests, {} throttled.{unchanged}",
        output::many(report.tenants.len(), "tenant"),
        report.elapsed_ms,
        report.requests,
        report.throttled
    ))
}

fn row(tenant: &TenantReport) -> Vec<String> {
    let sum = |of: fn(&msp365::sync::ResourceReport) -> u64| {
        tenant.resources.values().map(of).sum::<u64>().to_string()
    };
    vec![
        output::shown(&tenant.name),
        tenant.status.as_str().to_owned(),
        sum(|done| done.rows),
        sum(|done| done.added),
        sum(|done| done.changed),
        sum(|done| done.removed),
        tenant.requests.to_string(),
        output::shown(tenant.reason.as_deref().unwrap_or_default()),
    ]
}
