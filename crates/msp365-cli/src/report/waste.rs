//! `msp365 report waste`.

use msp365::{
    actions::{
        explain::Area,
        sheet,
        waste::{self, Waste},
    },
    store::{Resource, RowQuery, Times, UserQuery},
};
use serde_json::json;

use crate::{
    Ended,
    args::{Global, ReportWaste},
    cards::Eyes,
    failure::Failure,
    lists::{self, refused},
    output, session,
};

pub(super) async fn run(global: &Global, command: &ReportWaste) -> Result<Ended, Failure> {
    let times = Times::dates(&command.zone, "%Y-%m-%d").map_err(refused)?;
    let tenants = session::tenant_ids(&command.tenant)?;
    let eyes = Eyes::asking(&command.asker)?;
    let store = session::store(global).await?;
    let licenses = RowQuery::of(Resource::Licenses).tenants(tenants.iter().copied());
    let users = UserQuery::all().tenants(tenants.iter().copied());
    let licenses = eyes.confine(&*store, licenses, Area::Reports).await?;
    let users = eyes.confine(&*store, users, Area::Reports).await?;
    let found = waste::waste(&*store, (&licenses, &users), command.days, session::now()).await;
    let found = found.map_err(msp365::Error::from)?;
    if let Some(out) = &command.out {
        let preface = if command.bom { sheet::BOM } else { "" };
        let log = session::log_if_keyed(&store).await?;
        let actor = eyes.technician().unwrap_or(lists::HOST);
        let by = log.as_ref().map(|log| (log, actor));
        let write = async |file: &mut std::fs::File| found.export(by, (&times, preface), file).await;
        return lists::file(global, (out, "rows"), by.is_some(), write).await;
    }
    if global.json {
        tell(command, &found)?;
    } else {
        print(global, &found, &times)?;
    }
    Ok(Ended::Done)
}

fn tell(command: &ReportWaste, found: &Waste) -> Result<(), Failure> {
    let (licenses, licenses_count) = lists::missing(&found.licenses);
    let (users, users_count) = lists::missing(&found.users);
    output::json(&json!({
        "days": command.days,
        "count": found.rows.len(),
        "rows": found.rows,
        "unknown": found.unknown,
        "not_licensed": found.not_licensed,
        "incomplete": { "licenses": licenses, "users": users },
        "incomplete_count": { "licenses": licenses_count, "users": users_count },
    }))
}

fn print(global: &Global, found: &Waste, times: &Times) -> Result<(), Failure> {
    let mut table = output::table(&Waste::COLUMNS);
    for row in &found.rows {
        let cells = row.cells(times);
        table.add_row(cells.iter().map(|cell| match cell.as_str() {
            "" => "-".to_owned(),
            text => output::shown(text),
        }));
    }
    output::line(&table.to_string())?;
    output::line(&format!(
        "Not known, and no waste: when {} users with licences signed in, and {} whose tenants do not show that.",
        found.unknown, found.not_licensed
    ))?;
    for (incomplete, noun) in [(&found.licenses, "licenses"), (&found.users, "users")] {
        if let Some(line) = lists::said(incomplete, noun) {
            output::note(global, &line);
        }
    }
    Ok(())
}
