//! `msp365 tenants list`.

use std::{fs::File, ops::Range, sync::Arc};

use msp365::{
    actions::{TenantsExport, explain::Area},
    store::{
        Direction, Store, TenantColumn, TenantFilter, TenantKind, TenantRecord, TenantStatus, Times, Value,
    },
};
use serde_json::json;

use crate::{
    Ended,
    args::{Global, TenantsList},
    cards::Eyes,
    failure::Failure,
    lists::{self, refused},
    output, session,
};

/// The columns that are shown unless others are chosen.
const COLUMNS: [TenantColumn; 5] = [
    TenantColumn::Name,
    TenantColumn::Id,
    TenantColumn::Status,
    TenantColumn::SyncedAt,
    TenantColumn::Reason,
];

pub(super) async fn run(global: &Global, command: &TenantsList) -> Result<Ended, Failure> {
    let usual = match command.zone.as_str() {
        "UTC" => "%Y-%m-%d %H:%M:%SZ",
        _ => "%Y-%m-%d %H:%M:%S%:z",
    };
    let times = Times::dates(&command.zone, usual).map_err(refused)?;
    let filter = filter(command, &times)?;
    let (name, direction) = match command.sort.strip_prefix('-') {
        Some(name) => (name, Direction::Descending),
        None => (command.sort.as_str(), Direction::Ascending),
    };
    let sort = TenantColumn::parse(name).map_err(refused)?;
    let columns = columns(&command.columns)?;
    let page = page(command)?;
    let eyes = Eyes::asking(&command.asker)?;
    let store = if command.refresh {
        let msp = session::connected(global).await?;
        msp.tenants().refresh().await?;
        Arc::clone(msp.store())
    } else {
        session::store(global).await?
    };
    let mut records = any_of(&*store, &filter, &command.tenants).await?;
    records.retain(|record| eyes.viewer().sees(Area::Tenants, &record.id));
    let count = records.len();
    sort.sort(&mut records, direction);
    let records: Vec<_> = records.into_iter().skip(page.start).take(page.len()).collect();
    if let Some(out) = &command.out {
        let mut export = TenantsExport::default().columns(columns).times(times);
        if command.bom {
            export = export.with_bom();
        }
        let log = session::log_if_keyed(&store).await?;
        let actor = eyes.technician().unwrap_or(lists::HOST);
        let by = log.as_ref().map(|log| (log, actor));
        let write = async |file: &mut File| export.write(&records, by, file).await;
        return lists::file(global, (out, "tenants"), by.is_some(), write).await;
    }
    if global.json {
        output::json(&json!({ "count": count, "tenants": records }))?;
        return Ok(Ended::Done);
    }
    table(&records, &columns, &times)?;
    let shown = if records.len() == count {
        String::new()
    } else {
        format!("{} of ", records.len())
    };
    output::line(&format!("{shown}{}.", output::many(count, "tenant")))?;
    Ok(Ended::Done)
}

/// What was asked for.
fn filter(command: &TenantsList, times: &Times) -> Result<TenantFilter, Failure> {
    let mut filter = TenantFilter::all();
    for name in &command.status {
        let status = TenantStatus::named(name).ok_or_else(|| {
            let known: Vec<_> = TenantStatus::ALL.iter().map(|status| status.as_str()).collect();
            Failure::usage(format!("`{name}` is no status")).remedy(format!("there are {}", known.join(", ")))
        })?;
        filter.statuses.push(status);
    }
    for text in &command.like {
        let (column, pattern) = lists::pattern(text)?;
        filter = filter.like(TenantColumn::parse(column).map_err(refused)?, pattern);
    }
    for text in &command.filter {
        filter = filter
            .filter_in(text, session::now(), times.zone())
            .map_err(refused)?;
    }
    Ok(filter)
}

fn columns(names: &[String]) -> Result<Vec<TenantColumn>, Failure> {
    if names.is_empty() {
        return Ok(COLUMNS.to_vec());
    }
    let columns = names.iter().map(|name| TenantColumn::parse(name));
    columns.collect::<Result<_, _>>().map_err(refused)
}

fn table(records: &[TenantRecord], columns: &[TenantColumn], times: &Times) -> Result<(), Failure> {
    let names: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
    let mut table = output::table(&names);
    for record in records {
        let cells = columns.iter().map(|column| match column.value(record) {
            Value::None => "-".to_owned(),
            value if *column == TenantColumn::Status => format!("{}{}", value.show(times), whose(record)),
            value => output::shown(&value.show(times)),
        });
        table.add_row(cells.collect::<Vec<_>>());
    }
    output::line(&table.to_string())
}

/// Whose tenant it is, where it is no customer's.
const fn whose(record: &TenantRecord) -> &'static str {
    match record.kind {
        TenantKind::Primary => " (own tenant)",
        TenantKind::Direct => " (direct)",
        _ => "",
    }
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
