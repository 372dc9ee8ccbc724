//! `msp365 report`.

mod waste;

use std::{collections::BTreeSet, fs};

use msp365::{
    actions::explain::Area,
    partner::{
        privilege::{Feature, Privileges},
        roles,
    },
    store::{Resource, RowColumn, RowView, SavedView, UserColumn},
    sync::expiry,
};
use serde_json::json;

use crate::{
    Ended,
    args::{Features, Form, Global, ReportCommand, ReportExpiry, ReportList, ReportUsers},
    failure::Failure,
    given,
    lists::{self, Asked, Told, refused},
    output, session, users,
};

pub(crate) async fn run(global: &Global, command: ReportCommand) -> Result<Ended, Failure> {
    match command {
        ReportCommand::Licenses(command) => rows(global, &command, licenses()?).await,
        ReportCommand::Subscriptions(command) => rows(global, &command, subscriptions()?).await,
        ReportCommand::Activity(command) => activity(global, &command).await,
        ReportCommand::Mailboxes(command) => rows(global, &command, mailboxes()).await,
        ReportCommand::Waste(command) => waste::run(global, &command).await,
        ReportCommand::Expiry(command) => expiry(global, &command).await,
        ReportCommand::Permissions(command) => permissions(global, &command),
    }
}

/// Units of each product, and how many are assigned.
fn licenses() -> Result<RowView, Failure> {
    let columns = [
        "tenant",
        "sku_part_number",
        "applies_to",
        "enabled",
        "warning",
        "consumed",
    ];
    shown(Resource::Licenses, &columns, "tenant")
}

/// What is subscribed to, and how that stands.
fn subscriptions() -> Result<RowView, Failure> {
    let columns = [
        "tenant",
        "sku_part_number",
        "sku_id",
        "capability_status",
        "enabled",
        "warning",
        "suspended",
        "locked_out",
    ];
    shown(Resource::Licenses, &columns, "tenant")
}

/// The largest mailbox first.
fn mailboxes() -> RowView {
    RowView {
        sort: "-storage_used_bytes".to_owned(),
        ..RowView::of(Resource::Mailboxes)
    }
}

fn shown(resource: Resource, columns: &[&str], sort: &str) -> Result<RowView, Failure> {
    let columns = columns.iter().map(|name| RowColumn::parse(resource, name));
    Ok(RowView {
        columns: columns.collect::<Result<_, _>>().map_err(refused)?,
        sort: sort.to_owned(),
        ..RowView::of(resource)
    })
}

async fn rows(global: &Global, command: &ReportList, usual: RowView) -> Result<Ended, Failure> {
    let view = lists::view(usual, &command.narrowing)?;
    let asked = Asked::new(view, &command.narrowing, Area::Reports)?;
    report(global, asked, &command.form).await
}

/// Who signed in longest ago comes first, and before them those who never did or of whom it is not known.
async fn activity(global: &Global, command: &ReportUsers) -> Result<Ended, Failure> {
    let usual = SavedView {
        columns: vec![
            UserColumn::DisplayName,
            UserColumn::UserPrincipalName,
            UserColumn::Tenant,
            UserColumn::AccountEnabled,
            UserColumn::LastSignIn,
            UserColumn::LastSuccessfulSignIn,
        ],
        sort: UserColumn::LastSignIn.as_str().to_owned(),
        ..SavedView::default()
    };
    let asked = users::asked(usual, &command.finding, Area::Reports)?;
    report(global, asked, &command.form).await
}

/// Shows a report, or writes all of it as a file.
async fn report<L: Told>(global: &Global, asked: Asked<L>, form: &Form) -> Result<Ended, Failure> {
    let Some(out) = &form.out else {
        if form.filing.no_headers || form.filing.bom {
            return Err(Failure::usage("--no-headers and --bom are about a file")
                .remedy("name it with --out; `-` is standard output"));
        }
        return lists::show(global, asked, &form.paging).await;
    };
    let file = lists::File {
        filing: &form.filing,
        most: form.paging.max,
        out: (out.as_os_str() != "-").then_some(out.as_path()),
    };
    asked.keep(&form.paging)?;
    lists::export(global, asked, &file).await
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
