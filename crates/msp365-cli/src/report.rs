//! `msp365 report`.

use std::{collections::BTreeSet, fs};

use msp365::{
    partner::{
        privilege::{Feature, Privileges},
        roles,
    },
    sync::expiry,
};
use serde_json::json;

use crate::{
    Ended,
    args::{Features, Global, ReportCommand, ReportExpiry},
    failure::Failure,
    given, output, session,
};

pub(crate) async fn run(global: &Global, command: ReportCommand) -> Result<Ended, Failure> {
    match command {
        ReportCommand::Expiry(command) => expiry(global, &command).await,
        ReportCommand::Permissions(command) => permissions(global, &command),
    }
}

fn permissions(global: &Global, command: &Features) -> Result<Ended, Failure> {
    let mut features = given::features(&command.features)?;
    if features.is_empty() {
        features = Feature::READING.to_vec();
    }
    let needed = Privileges::of(features.iter().copied());
    let roles: Vec<_> = needed
        .roles
        .keys()
        .map(|id| roles::name(id).unwrap_or(id))
        .collect();
    if global.json {
        output::json(&json!({ "features": features, "needed": needed, "role_names": roles }))?;
        return Ok(Ended::Done);
    }
    let listed = |names: &BTreeSet<&'static str>| names.iter().copied().collect::<Vec<_>>().join(", ");
    output::line(&format!("Delegated permissions: {}", listed(&needed.scopes)))?;
    output::line(&format!("Application permissions: {}", listed(&needed.app_roles)))?;
    output::line(&format!("GDAP roles: {}", roles.join(", ")))?;
    for feature in &needed.not_by_application {
        output::line(&format!("Not without a person: {}", feature.words()))?;
    }
    Ok(Ended::Done)
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
