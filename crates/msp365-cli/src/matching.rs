//! `match`: the records of a tool beside those of Microsoft 365.

use std::{path::Path, sync::Arc};

use msp365::{
    matching::{
        contacts::{Contact, Contacts, Person},
        devices::{Devices, Ours, Sites, Theirs, Using},
        organizations::{self, Thresholds},
    },
    store::{Store, TenantFilter, TenantKind},
    sync::matching as stored,
};

use crate::{
    Ended,
    args::{Evidence, Global, Kind, MatchCommand, MatchContacts, MatchDevices, MatchFiles},
    failure::Failure,
    session,
};

mod answer;
mod decided;
mod sheet;

use decided::Decided;
use sheet::{Bad, Line, Sheet};

/// Runs the command.
pub(crate) async fn run(global: &Global, command: MatchCommand) -> Result<Ended, Failure> {
    let mut bad = Bad::default();
    match command {
        MatchCommand::Devices(command) => devices(global, &command, &mut bad).await?,
        MatchCommand::Organizations(files) => organizations(global, &files, &mut bad).await?,
        MatchCommand::Contacts(command) => contacts(global, &command, &mut bad).await?,
        MatchCommand::Decide(command) => decided::decide(global, command).await?,
        MatchCommand::Decisions(command) => decided::file(global, &command, &mut bad).await?,
    }
    Ok(bad.told(global))
}

async fn devices(global: &Global, command: &MatchDevices, bad: &mut Bad) -> Result<(), Failure> {
    let sites = match &command.sites {
        Some(file) => rules(file, "site", bad)?,
        None => Sites::everywhere(),
    };
    let mut devices = Devices::within(&sites);
    let store = opened(global, &command.files).await?;
    let mut decided = Decided::read(Kind::Devices, &command.files, store.as_deref(), bad).await?;
    if let Some(file) = &command.files.ours {
        Sheet::open(file, &["id", "hostname"])?.each(bad, |line| {
            decided.ours(line.cell("id"));
            devices.add_ours(&our_device(line));
        })?;
    }
    if let Some(store) = store {
        for tenant in store
            .tenants(&TenantFilter::all())
            .await
            .map_err(msp365::Error::from)?
        {
            let machines = stored::machines(&*store, tenant.id)
                .await
                .map_err(msp365::Error::from)?;
            for machine in &machines {
                decided.ours(&machine.device.id);
                devices.add_ours(&machine.device);
            }
        }
    }
    Sheet::open(&command.files.theirs, &["id", "hostname"])?.each(bad, |line| {
        decided.theirs(line.cell("id"));
        devices.add_theirs(&their_device(line));
    })?;
    let using = match command.using {
        Evidence::All => Using::AllEvidence,
        Evidence::HostNames => Using::HostNames,
    };
    let matches = devices.matched(using);
    decided.write(global, command.files.list, |take| {
        for pair in matches.pairs() {
            if !take(pair)? {
                break;
            }
        }
        Ok(())
    })
}

fn our_device(line: &Line<'_>) -> Ours {
    let mut device = Ours::new(line.cell("id"), line.cell("hostname"));
    device.tenant = line.known("tenant");
    device.serial = line.known("serial");
    device.device_id = line.known("azure_ad_device_id");
    device.user = line.known("user_principal_name");
    device.os = line.known("os");
    device.last_seen = line.seconds("last_seen");
    device
}

fn their_device(line: &Line<'_>) -> Theirs {
    let mut device = Theirs::new(line.cell("id"), line.cell("hostname"));
    device.site = line.known("site");
    device.serial = line.known("serial");
    device.device_id = line.known("azure_ad_device_id");
    device.user = line.known("last_user");
    device.os = line.known("os");
    device.last_seen = line.seconds("last_seen");
    device
}

async fn organizations(global: &Global, files: &MatchFiles, bad: &mut Bad) -> Result<(), Failure> {
    let mut ours: Vec<organizations::Ours> = Vec::new();
    let store = opened(global, files).await?;
    let mut decided = Decided::read(Kind::Organizations, files, store.as_deref(), bad).await?;
    if let Some(file) = &files.ours {
        Sheet::open(file, &["id", "name"])?.each(bad, |line| {
            let mut tenant = organizations::Ours::new(line.cell("id"), line.cell("name"));
            tenant.domains = line.list("domains");
            ours.push(tenant);
        })?;
    }
    if let Some(store) = store {
        let tenants = store
            .tenants(&TenantFilter::all())
            .await
            .map_err(msp365::Error::from)?;
        let customers = tenants.iter().filter(|tenant| tenant.kind != TenantKind::Primary);
        ours.extend(customers.map(stored::organization));
    }
    for tenant in &ours {
        decided.ours(&tenant.id);
    }
    let mut theirs: Vec<organizations::Theirs> = Vec::new();
    Sheet::open(&files.theirs, &["id", "name"])?.each(bad, |line| {
        let mut organization = organizations::Theirs::new(line.cell("id"), line.cell("name"));
        organization.domains = line.list("domains");
        organization.tenant = line.known("tenant");
        decided.theirs(&organization.id);
        theirs.push(organization);
    })?;
    let matcher = organizations::Matcher::of(ours, theirs, &Thresholds::default());
    decided.write(global, files.list, |take| {
        for pair in matcher.chunks().flatten() {
            if !take(pair)? {
                break;
            }
        }
        Ok(())
    })
}

async fn contacts(global: &Global, command: &MatchContacts, bad: &mut Bad) -> Result<(), Failure> {
    let sites = match &command.organizations {
        Some(file) => rules(file, "organization", bad)?,
        None => Sites::everywhere(),
    };
    let mut contacts = Contacts::within(&sites);
    let store = opened(global, &command.files).await?;
    let mut decided = Decided::read(Kind::Contacts, &command.files, store.as_deref(), bad).await?;
    if let Some(file) = &command.files.ours {
        Sheet::open(file, &["id", "display_name"])?.each(bad, |line| {
            let mut person = Person::new(line.cell("id"), line.cell("display_name"));
            person.tenant = line.known("tenant");
            for column in ["user_principal_name", "mail", "proxy_addresses", "other_mails"] {
                person.addresses.append(&mut line.list(column));
            }
            decided.ours(&person.id);
            contacts.add_person(&person);
        })?;
    }
    if let Some(store) = store {
        for tenant in store
            .tenants(&TenantFilter::all())
            .await
            .map_err(msp365::Error::from)?
        {
            let people = stored::people(&*store, tenant.id)
                .await
                .map_err(msp365::Error::from)?;
            for person in &people {
                decided.ours(&person.id);
                contacts.add_person(person);
            }
        }
    }
    Sheet::open(&command.files.theirs, &["id", "name"])?.each(bad, |line| {
        let mut contact = Contact::new(line.cell("id"), line.cell("name"));
        contact.organization = line.known("organization");
        contact.emails = line.list("emails");
        decided.theirs(&contact.id);
        contacts.add_contact(&contact);
    })?;
    decided.write(global, command.files.list, |take| {
        let mut ended = Ok(true);
        contacts.matched(|pairs| {
            for pair in pairs {
                if matches!(ended, Ok(true)) {
                    ended = take(pair);
                }
            }
        });
        ended.map(|_| ())
    })
}

/// The database, if the records of Microsoft 365 are not in a file.
async fn opened(global: &Global, files: &MatchFiles) -> Result<Option<Arc<dyn Store>>, Failure> {
    Ok(match files.ours {
        Some(_) => None,
        None => Some(session::store(global).await?),
    })
}

/// Which sites, or organizations, belong to which tenant.
fn rules(file: &Path, column: &'static str, bad: &mut Bad) -> Result<Sites, Failure> {
    let mut rows = Vec::new();
    Sheet::open(file, &["tenant", column])?.each(bad, |line| {
        rows.push((line.cell("tenant").to_owned(), line.cell(column).to_owned()));
    })?;
    if rows.is_empty() {
        let shown = file.display();
        return Err(Failure::usage(format!("`{shown}` permits nothing"))
            .remedy("name a tenant and a site in each line, or leave the file out to permit everything"));
    }
    Ok(rows.into_iter().collect())
}
