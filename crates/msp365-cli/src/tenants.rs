//! `msp365 tenants`.

use std::ops::Range;

use msp365::{
    ErrorKind, Msp365, TenantId,
    actions::explain::Area,
    graph::portals::{self, PortalTenant},
    store::{Direction, Store, TenantFilter, TenantKind, TenantRecord, TenantSort, TenantStatus},
};
use serde_json::json;

use crate::{
    Ended,
    args::{Chosen, Global, TenantsCommand, TenantsList, TenantsPortals, TenantsSync, TenantsUnsync},
    cards::Eyes,
    failure::Failure,
    invite, output, session, sync,
};

pub(crate) async fn run(global: &Global, command: TenantsCommand) -> Result<Ended, Failure> {
    match command {
        TenantsCommand::List(command) => list(global, command).await,
        TenantsCommand::Portals(command) => portals(global, &command).await,
        TenantsCommand::Sync(command) => choose(global, &command).await,
        TenantsCommand::Unsync(command) => unsync(global, &command).await,
        TenantsCommand::Invite(command) => invite::run(global, &command).await,
    }
}

async fn list(global: &Global, command: TenantsList) -> Result<Ended, Failure> {
    let mut filter = TenantFilter::all();
    for name in &command.status {
        let status = TenantStatus::named(name).ok_or_else(|| {
            let known: Vec<_> = TenantStatus::ALL.iter().map(|status| status.as_str()).collect();
            Failure::usage(format!("`{name}` is no status")).remedy(format!("there are {}", known.join(", ")))
        })?;
        filter.statuses.push(status);
    }
    let (name, direction) = match command.sort.strip_prefix('-') {
        Some(name) => (name, Direction::Descending),
        None => (command.sort.as_str(), Direction::Ascending),
    };
    let sort = TenantSort::named(name).ok_or_else(|| {
        Failure::usage(format!("tenants cannot be sorted by `{name}`"))
            .remedy("there are name, tenant_id, status and synced_at")
    })?;
    let page = page(&command)?;
    let eyes = Eyes::asking(&command.asker)?;
    let mut records = if command.refresh {
        let msp = session::connected(global).await?;
        msp.tenants().refresh().await?;
        any_of(&**msp.store(), &filter, &command.tenants).await?
    } else {
        let store = session::store(global).await?;
        any_of(&*store, &filter, &command.tenants).await?
    };
    records.retain(|record| eyes.viewer().sees(Area::Tenants, &record.id));
    let count = records.len();
    sort.sort(&mut records, direction);
    let records: Vec<_> = records.into_iter().skip(page.start).take(page.len()).collect();
    if global.json {
        output::json(&json!({ "count": count, "tenants": records }))?;
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
    let shown = if records.len() == count {
        String::new()
    } else {
        format!("{} of ", records.len())
    };
    output::line(&format!("{shown}{}.", output::many(count, "tenant")))?;
    Ok(Ended::Done)
}

/// The tenants that pass the filter, those alone whose name or id holds one of these texts, if there are any.
async fn any_of(
    store: &dyn Store,
    filter: &TenantFilter,
    texts: &[String],
) -> Result<Vec<TenantRecord>, Failure> {
    if texts.is_empty() {
        return Ok(store.tenants(filter).await.map_err(msp365::Error::from)?);
    }
    let mut found: Vec<TenantRecord> = Vec::new();
    for text in texts {
        let more = store.tenants(&filter.clone().text(text)).await;
        for record in more.map_err(msp365::Error::from)? {
            if !found.iter().any(|known| known.id == record.id) {
                found.push(record);
            }
        }
    }
    Ok(found)
}

/// The places of the tenants on the page that was asked for.
fn page(command: &TenantsList) -> Result<Range<usize>, Failure> {
    if command.page == "all" {
        return Ok(0..usize::MAX);
    }
    let number = command.page.parse::<usize>().ok().filter(|number| *number > 0);
    let number = number.ok_or_else(|| {
        Failure::usage(format!("`{}` is no page", command.page)).remedy("give a number from 1, or `all`")
    })?;
    let size = usize::try_from(command.size).unwrap_or(1);
    let start = (number - 1).saturating_mul(size);
    Ok(start..start.saturating_add(size))
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
