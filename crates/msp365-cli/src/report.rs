//! `msp365 report`.

use std::fs;

use msp365::sync::expiry;

use crate::{
    Ended,
    args::{Global, ReportCommand, ReportExpiry},
    failure::Failure,
    output, session,
};

pub(crate) async fn run(global: &Global, command: ReportCommand) -> Result<Ended, Failure> {
    match command {
        ReportCommand::Expiry(command) => expiry(global, &command).await,
    }
}

async fn expiry(global: &Global, command: &ReportExpiry) -> Result<Ended, Failure> {
    let msp = session::connected(global).await?;
    let found = msp.expiries().await?;
    if let Some(file) = &command.ical {
        fs::write(file, expiry::to_ical(&found.entries, msp.now()))
            .map_err(|error| Failure::usage(format!("cannot write `{}`: {error}", file.display())))?;
    }
    if global.json {
        output::json(&found)?;
    } else {
        let mut table = output::table(&["Ends", "What", "Name", "Tenant", "Then", "Before"]);
        for entry in &found.entries {
            table.add_row([
                entry.ends_at.strftime("%Y-%m-%d").to_string(),
                entry.kind.as_str().replace('_', " "),
                output::shown(&entry.name),
                output::shown(&entry.tenant_name),
                entry.breaks.to_owned(),
                entry.remedy.to_owned(),
            ]);
        }
        output::line(&table.to_string())?;
        for unread in &found.unread {
            output::line(&format!("Could not be read: {}", output::shown(unread)))?;
        }
    }
    Ok(if found.unread.is_empty() {
        Ended::Done
    } else {
        Ended::InPart
    })
}
