//! `msp365 doctor`.

use msp365::{store::TenantKind, sync::Diagnosis};

use crate::{Ended, args::Global, failure::Failure, output, session};

pub(crate) async fn run(global: &Global, tenants: &[String]) -> Result<Ended, Failure> {
    let ids = session::tenant_ids(tenants)?;
    let msp = session::connected(global).await?;
    let mut unwritten = None;
    let found = msp
        .tenants()
        .doctor(&ids, |diagnosis| {
            if global.json && unwritten.is_none() {
                unwritten = output::json(diagnosis).err();
            }
        })
        .await?;
    if let Some(failure) = unwritten {
        return Err(failure);
    }
    if !global.json {
        for diagnosis in &found {
            show(diagnosis)?;
        }
        let customers: Vec<_> = found
            .iter()
            .filter(|diagnosis| diagnosis.kind == TenantKind::Customer)
            .collect();
        let ready = customers.iter().filter(|diagnosis| diagnosis.ready).count();
        output::line(&format!(
            "\n{ready} of {} are ready.",
            output::many(customers.len(), "customer")
        ))?;
    }
    Ok(Ended::Done)
}

fn show(diagnosis: &Diagnosis) -> Result<(), Failure> {
    let state = if diagnosis.ready { "ready" } else { "NOT READY" };
    output::line(&format!(
        "{} ({}): {state}",
        output::shown(&diagnosis.name),
        diagnosis.tenant
    ))?;
    if let Some(unfinished) = &diagnosis.unfinished {
        output::line(&format!(
            "  the check could not be finished: {}",
            output::shown(unfinished)
        ))?;
    }
    for finding in &diagnosis.findings {
        output::line(&format!(
            "  {} {}: {}\n      breaks: {}\n      remedy: {} ({})",
            finding.severity.as_str(),
            finding.id.as_str(),
            output::shown(&finding.evidence),
            output::shown(&finding.breaks),
            output::shown(&finding.remedy),
            finding.who.as_str(),
        ))?;
    }
    Ok(())
}
