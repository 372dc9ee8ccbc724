//! `msp365 doctor`.

use msp365::{store::TenantKind, sync::Diagnosis};

use crate::{
    Ended,
    args::{Global, Tenants},
    failure::Failure,
    given, output, session,
};

pub(crate) async fn run(global: &Global, which: &Tenants) -> Result<Ended, Failure> {
    let ids = session::tenant_ids(&which.tenants)?;
    let msp = session::connected_for(global, &given::features(&which.features.features)?).await?;
    let mut unwritten = None;
    let (mut customers, mut ready) = (0, 0);
    msp.tenants()
        .inspect(&ids, |diagnosis| {
            if diagnosis.kind != TenantKind::Primary {
                customers += 1;
                ready += usize::from(diagnosis.ready);
            }
            if unwritten.is_none() {
                let written = if global.json {
                    output::json(diagnosis)
                } else {
                    show(diagnosis)
                };
                unwritten = written.err();
            }
        })
        .await?;
    if let Some(failure) = unwritten {
        return Err(failure);
    }
    if !global.json {
        output::line(&format!(
            "\n{ready} of {} are ready.",
            output::many(customers, "customer")
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
