//! `msp365 tenants`.

mod list;

use msp365::{
    ErrorKind, Msp365, TenantId,
    actions::explain::Area,
    graph::portals::{self, PortalTenant},
    store::{TenantFilter, TenantKind},
};
use serde_json::json;

use crate::{
    Ended,
    args::{Chosen, Global, TenantsCommand, TenantsPortals, TenantsSync, TenantsUnsync},
    cards::Eyes,
    failure::Failure,
    invite, output, session, sync,
};

pub(crate) async fn run(global: &Global, command: TenantsCommand) -> Result<Ended, Failure> {
    match command {
        TenantsCommand::List(command) => list::run(global, &command).await,
        TenantsCommand::Portals(command) => portals(global, &command).await,
        TenantsCommand::Sync(command) => choose(global, &command).await,
        TenantsCommand::Unsync(command) => unsync(global, &command).await,
        TenantsCommand::Invite(command) => invite::run(global, &command).await,
    }
}

async fn portals(global: &Global, command: &TenantsPortals) -> Result<Ended, Failure> {
    let ids = session::tenant_ids(&command.tenants)?;
    let eyes = Eyes::asking(&command.asker)?;
    let store = session::store(global).await?;
    let mut records = store
        .tenants(&TenantFilter::all())
        .await
        .map_err(msp365::Error::from)?;
    records.retain(|record| {
        (ids.is_empty() || ids.contains(&record.id)) && eyes.viewer().sees(Area::Tenants, &record.id)
    });
    if let Some(missing) = ids
        .iter()
        .find(|id| !records.iter().any(|record| record.id == **id))
    {
        return Err(Failure::new(
            ErrorKind::NotFound,
            format!("tenant `{missing}` is not in the store"),
        )
        .remedy("`msp365 tenants list --refresh` asks for the customers"));
    }
    let mut table = output::table(&["Tenant", "Portal", "Link"]);
    let mut documents = Vec::new();
    for record in &records {
        let id = record.id.to_string();
        let names = PortalTenant {
            id: &id,
            default_domain: record.default_domain.as_deref(),
            initial_domain: record.initial_domain.as_deref(),
            share_point_name: None,
        };
        for portal in portals::of(&names) {
            let url = portal.url.as_deref();
            documents.push(json!({
                "tenant": record.id, "name": record.name, "portal": portal.key, "url": url,
                "is_by_default": portal.is_by_default,
            }));
            let missing = "the name that this portal wants is not known";
            let by_default = if portal.is_by_default && url.is_some() {
                " (by its default name)"
            } else {
                ""
            };
            table.add_row([
                output::shown(&record.name),
                portal.name.to_owned(),
                format!("{}{by_default}", url.unwrap_or(missing)),
            ]);
        }
    }
    if global.json {
        output::json(&json!({ "portals": documents }))?;
        return Ok(Ended::Done);
    }
    output::line(&table.to_string())?;
    output::line("What may be seen behind a link is Microsoft's to decide, by the roles of who opens it.")?;
    Ok(Ended::Done)
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
    let msp = session::connected_by(global, &command.by).await?;
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

async fn unsync(global: &Global, command: &TenantsUnsync) -> Result<Ended, Failure> {
    let msp = session::connected_by(global, &command.by).await?;
    let ids = ids(&msp, &command.chosen).await?;
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
