//! `msp365 activity`.

use std::path::Path;

use jiff::Timestamp;
use msp365::{
    ErrorKind,
    actions::{
        ActivityLog, Anchor,
        explain::{Area, Ask, Decision, Permissions, Tier},
        to_csv,
    },
    store::{JournalFilter, JournalRecord},
};
use serde_json::{Value, json};

use crate::{
    Ended,
    args::{Activity, Global},
    explain,
    failure::Failure,
    output, session,
};

pub(crate) async fn run(global: &Global, command: &Activity) -> Result<Ended, Failure> {
    let store = session::store(global).await?;
    let log = session::log(&store).await?;
    if command.verify {
        return verify(global, &log, command.anchor.as_deref()).await;
    }
    let mut filter = JournalFilter::all();
    filter.tenant = session::tenant_ids(command.tenant.as_slice())?.first().copied();
    filter.target.clone_from(&command.target);
    filter.actor.clone_from(&command.actor);
    filter.action.clone_from(&command.action);
    filter.from = moment("--from", command.from.as_deref())?;
    filter.until = moment("--until", command.until.as_deref())?;
    let mut records = all(&log, filter).await?;
    if let Some((technician, levels)) = explain::technician(&command.asker)? {
        let sites = &command.asker.site;
        records.retain(|record| {
            let ask = Ask::area(record.tenant, Area::Activity, Tier::View).in_sites(sites.iter().cloned());
            levels.decide(&technician, &ask) == Decision::Allowed
        });
    }
    if let Some(path) = &command.export {
        return export(global, &records, path);
    }
    if global.json {
        output::json(&json!({ "count": records.len(), "records": records }))?;
        return Ok(Ended::Done);
    }
    let mut table = output::table(&["No.", "At", "Who", "Tenant", "What", "To", "Outcome", "Plan"]);
    for record in &records {
        table.add_row(row(record));
    }
    output::line(&table.to_string())?;
    output::line(&format!("{}.", output::many(records.len(), "record")))?;
    Ok(Ended::Done)
}

/// A moment, as it was typed.
fn moment(option: &str, text: Option<&str>) -> Result<Option<Timestamp>, Failure> {
    let parsed = text.map(str::parse::<Timestamp>).transpose();
    parsed.map_err(|error| {
        Failure::usage(format!("`{option}`: {error}"))
            .remedy("write a moment with its zone, such as `2026-03-01T08:00:00Z`")
    })
}

async fn all(log: &ActivityLog, mut filter: JournalFilter) -> Result<Vec<JournalRecord>, Failure> {
    let mut found = Vec::new();
    loop {
        let page = log.query(&filter).await.map_err(msp365::Error::from)?;
        let Some(last) = page.last() else { return Ok(found) };
        filter.after = last.sequence;
        found.extend(page);
    }
}

/// Cells that a spreadsheet would run as a formula are made harmless.
fn export(global: &Global, records: &[JournalRecord], path: &Path) -> Result<Ended, Failure> {
    let text = to_csv(records);
    if path.as_os_str() == "-" {
        return output::text(&text).map(|()| Ended::Done);
    }
    std::fs::write(path, text).map_err(|error| {
        Failure::new(
            ErrorKind::Storage,
            format!("cannot write `{}`: {error}", path.display()),
        )
    })?;
    if global.json {
        output::json(&json!({ "count": records.len(), "file": path }))?;
    } else {
        let count = output::many(records.len(), "record");
        output::line(&format!("{count} in `{}`.", path.display()))?;
    }
    Ok(Ended::Done)
}

async fn verify(global: &Global, log: &ActivityLog, kept: Option<&Path>) -> Result<Ended, Failure> {
    let kept = kept.map(anchor).transpose()?;
    let end = log.verify(kept.as_ref()).await.map_err(msp365::Error::from)?;
    if global.json {
        output::json(&end)?;
    } else {
        let count = usize::try_from(end.count).unwrap_or_default();
        output::line(&format!(
            "{}, each as it was written. Keep this outside the database: {} {}",
            output::many(count, "record"),
            end.count,
            end.mac
        ))?;
    }
    Ok(Ended::Done)
}

fn anchor(path: &Path) -> Result<Anchor, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", path.display())))?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::usage(format!("`{}` holds no anchor: {error}", path.display()))
            .remedy("give a file with what `msp365 activity --verify --json` printed")
    })
}

fn row(record: &JournalRecord) -> Vec<String> {
    let plan = record.detail.get("plan").and_then(Value::as_str);
    let what = match record.detail.get("step").and_then(Value::as_u64) {
        Some(step) => format!("{} (step {})", record.action, step + 1),
        None => record.action.clone(),
    };
    let cells = [
        record.sequence.to_string(),
        record.at.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
        record.actor.clone(),
        record.tenant.map(|tenant| tenant.to_string()).unwrap_or_default(),
        what,
        record.target.clone(),
        record.outcome.clone(),
        plan.unwrap_or_default().to_owned(),
    ];
    cells.iter().map(|cell| output::shown(cell)).collect()
}
