//! `msp365 tenants`.

use msp365::{
    Msp365, TenantId,
    store::{TenantFilter, TenantKind, TenantRecord, TenantStatus},
};
use serde_json::json;

use crate::{
    Ended,
    args::{Chosen, Global, TenantsCommand, TenantsList, TenantsSync},
    failure::Failure,
    output, session, sync,
};

pub(crate) async fn run(global: &Global, command: TenantsCommand) -> Result<Ended, Failure> {
    match command {
        TenantsCommand::List(command) => list(global, command).await,
        TenantsCommand::Sync(command) => choose(global, &command).await,
        TenantsCommand::Unsync(chosen) => unsync(global, &chosen).await,
    }
}

async fn list(global: &Global, command: TenantsList) -> Result<Ended, Failure> {
    let mut filter = TenantFilter::all();
    filter.text = command.text;
    for name in &command.status {
        let status = TenantStatus::named(name).ok_or_else(|| {
            let known: Vec<_> = TenantStatus::ALL.iter().map(|status| status.as_str()).collect();
            Failure::usage(format!("`{name}` is no status")).remedy(format!("there are {}", known.join(", ")))
        })?;
        filter.statuses.push(status);
    }
    let records = if command.refresh {
        let msp = session::connected(global).await?;
        msp.tenants().refresh().await?;
        msp.tenants().list(&filter).await?
    } else {
        let store = session::store(global).await?;
        store.tenants(&filter).await.map_err(msp365::Error::from)?
    };
    if global.json {
        output::json(&json!({ "count": records.len(), "tenants": records }))?;
        return Ok(Ended::Done);
    }
    let mut table = output::table(&["Name", "Tenant", "Status", "Synced at", "Reason"]);
    for record in &records {
        table.add_row([
            output::shown(&record.name),
            record.id.to_string(),
            status(record),
            record
                .synced_at
                .map(|at| at.strftime("%Y-%m-%d %H:%M:%SZ").to_string())
                .unwrap_or_default(),
            output::shown(record.reason.as_deref().unwrap_or_default()),
        ]);
    }
    output::line(&table.to_string())?;
    output::line(&format!("{}.", output::many(records.len(), "tenant")))?;
    Ok(Ended::Done)
}

fn status(record: &TenantRecord) -> String {
    match record.kind {
        TenantKind::Primary => format!("{} (own tenant)", record.status.as_str()),
        TenantKind::Direct => format!("{} (direct)", record.status.as_str()),
        _ => record.status.as_str().to_owned(),
    }
}

/// The tenants that were typed, or all that are stored.
async fn ids(msp: &Msp365, chosen: &Chosen) -> Result<Vec<TenantId>, Failure> {
    if !chosen.all {
        return session::tenant_ids(&chosen.tenants);
    }
    let records = msp.tenants().list(&TenantFilter::all()).await?;
    Ok(records
        .into_iter()
        .filter(|record| record.kind != TenantKind::Primary)
        .map(|record| record.id)
        .collect())
}

async fn choose(global: &Global, command: &TenantsSync) -> Result<Ended, Failure> {
    let msp = session::connected(global).await?;
    if command.chosen.all {
        msp.tenants().refresh().await?;
    }
    let ids = ids(&msp, &command.chosen).await?;
    if command.now {
        msp.tenants().sync(&ids).await?;
        return sync::read(global, &msp, &ids, None).await;
    }
    let found = msp.tenants().enrol(&ids, |_| {}).await?;
    let blocked = found.iter().filter(|diagnosis| !diagnosis.ready).count();
    if global.json {
        for diagnosis in &found {
            output::json(diagnosis)?;
        }
    } else {
        for diagnosis in found.iter().filter(|diagnosis| !diagnosis.ready) {
            let found = diagnosis
                .findings
                .first()
                .map(|finding| finding.evidence.as_str());
            let reason = found.or(diagnosis.unfinished.as_deref()).unwrap_or_default();
            output::line(&format!(
                "{}: {}",
                output::shown(&diagnosis.name),
                output::shown(reason)
            ))?;
        }
        let marked = found.len();
        output::line(&format!(
            "Marked to be synced: {marked}; blocked of them: {blocked}."
        ))?;
    }
    Ok(if blocked == 0 { Ended::Done } else { Ended::InPart })
}

async fn unsync(global: &Global, chosen: &Chosen) -> Result<Ended, Failure> {
    let msp = session::connected(global).await?;
    let ids = ids(&msp, chosen).await?;
    let done = msp.tenants().unsync(&ids).await?;
    if global.json {
        output::json(&json!({ "unsynced": done }))?;
    } else {
        for tenant in &done {
            output::line(&format!(
                "{}: {} rows removed",
                output::shown(&tenant.name),
                tenant.rows_removed
            ))?;
            for remnant in &tenant.remains {
                output::line(&format!(
                    "  remains: {}, as {}; remove it at {}",
                    output::shown(&remnant.what),
                    output::shown(&remnant.why),
                    output::shown(&remnant.place)
                ))?;
            }
        }
        output::line(&format!(
            "No longer synced: {}.",
            output::many(done.len(), "tenant")
        ))?;
    }
    let is_clean = done.iter().all(|tenant| tenant.remains.is_empty());
    Ok(if is_clean { Ended::Done } else { Ended::InPart })
}
