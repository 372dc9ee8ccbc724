//! Stored rows and the tool's records as matching takes them.

use std::collections::HashMap;

use jiff::Timestamp;
use msp365_core::TenantId;
use msp365_match::{Pair, Verdict, contacts, devices, organizations};
use msp365_store::{DeviceRow, ManagedDeviceRow, MatchRow, Resource, Rows, Store, TenantRecord, UserRow};

use crate::{Error, tool};

/// Rows read from the store at a time.
const PAGE: usize = 5_000;

/// A tenant, with the domains that its listing names.
pub fn organization(record: &TenantRecord) -> organizations::Ours {
    let mut ours = organizations::Ours::new(record.id.to_string(), &record.name);
    ours.domains = [&record.default_domain, &record.initial_domain]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    ours
}

/// The machines of a tenant: what the directory and Intune list of each put together.
///
/// # Errors
/// `Storage` if the database failed.
pub async fn machines(store: &dyn Store, tenant: TenantId) -> Result<Vec<devices::Machine>, Error> {
    let mut listed = Vec::new();
    for resource in [Resource::Devices, Resource::ManagedDevices] {
        each_page(store, tenant, resource, |page| match page {
            Rows::Devices(rows) => listed.extend(rows.into_iter().map(|row| registered(tenant, row))),
            Rows::ManagedDevices(rows) => listed.extend(rows.into_iter().map(|row| managed(tenant, row))),
            _ => {}
        })
        .await?;
    }
    Ok(devices::merge(&listed))
}

/// The people of a tenant with all their addresses, and what else is stored of them: `status` is `enabled` or `blocked`,
/// `lastSignIn` their last success or, where none is known, attempt.
///
/// # Errors
/// `Storage` if the database failed.
pub async fn people(store: &dyn Store, tenant: TenantId) -> Result<Vec<contacts::Person>, Error> {
    let (mut people, mut signed_in) = (Vec::new(), HashMap::new());
    each_page(store, tenant, Resource::SignIns, |page| {
        if let Rows::SignIns(rows) = page {
            let known = rows
                .into_iter()
                .filter_map(|row| Some((row.user_id, row.last_successful_at.or(row.last_sign_in_at)?)));
            signed_in.extend(known);
        }
    })
    .await?;
    each_page(store, tenant, Resource::Users, |page| {
        if let Rows::Users(rows) = page {
            people.extend(rows.into_iter().map(|row| person(tenant, row)));
        }
    })
    .await?;
    for person in &mut people {
        let at = signed_in.get(&person.id).map(Timestamp::to_string);
        person.fields.extend(at.map(|at| ("lastSignIn".to_owned(), at)));
    }
    Ok(people)
}

async fn each_page(
    store: &dyn Store,
    tenant: TenantId,
    resource: Resource,
    mut take: impl FnMut(Rows) + Send,
) -> Result<(), Error> {
    let mut after = None;
    loop {
        let page = store.rows(&tenant, resource, after.as_deref(), PAGE).await?;
        let (last, is_full) = (page.last_key(), page.len() == PAGE);
        take(page);
        if !is_full {
            return Ok(());
        }
        after = last;
    }
}

fn registered(tenant: TenantId, row: DeviceRow) -> devices::Listed {
    let mut device =
        devices::Ours::new(row.id, row.display_name.unwrap_or_default()).tenant(tenant.to_string());
    device.device_id = row.device_id;
    device.os = row.operating_system;
    device.last_seen = row.last_sign_in_at.map(Timestamp::as_second);
    devices::Listed::new(devices::Source::Entra, device)
}

fn managed(tenant: TenantId, row: ManagedDeviceRow) -> devices::Listed {
    let mut device =
        devices::Ours::new(row.id, row.device_name.unwrap_or_default()).tenant(tenant.to_string());
    device.device_id = row.azure_ad_device_id;
    device.serial = row.serial_number;
    device.user = row.user_principal_name;
    device.os = row.operating_system;
    device.last_seen = row.last_sync_at.map(Timestamp::as_second);
    devices::Listed::new(devices::Source::Intune, device)
}

fn person(tenant: TenantId, row: UserRow) -> contacts::Person {
    let name = row.display_name.clone().unwrap_or_default();
    let mut person = contacts::Person::new(row.id, name).tenant(tenant.to_string());
    person.addresses.push(row.user_principal_name);
    person.addresses.extend(row.mail.clone());
    person.addresses.extend(row.proxy_addresses);
    let facts = [
        ("city", row.city),
        ("companyName", row.company_name),
        ("department", row.department),
        ("displayName", row.display_name),
        ("givenName", row.given_name),
        ("jobTitle", row.job_title),
        ("mail", row.mail),
        ("mobilePhone", row.mobile_phone),
        ("officeLocation", row.office_location),
        ("surname", row.surname),
    ];
    for (name, value) in facts {
        person.fields.extend(value.map(|value| (name.to_owned(), value)));
    }
    if let Some(enabled) = row.account_enabled {
        let word = if enabled { "enabled" } else { "blocked" };
        person.fields.insert("status".to_owned(), word.to_owned());
    }
    let changed = row
        .last_password_change_at
        .map(|at| ("lastPasswordChange".to_owned(), at.to_string()));
    person.fields.extend(changed);
    person
}

/// A stored row as it was found.
pub(super) fn pair(row: MatchRow) -> Pair {
    let verdicts = [Verdict::Certain, Verdict::Suggested, Verdict::Ambiguous];
    let verdict = verdicts
        .into_iter()
        .find(|verdict| verdict.as_str() == row.verdict);
    let mut pair = match row.theirs {
        Some(theirs) => Pair::new(row.ours, theirs, verdict.unwrap_or(Verdict::None), row.score),
        None => Pair::alone(row.ours),
    };
    pair.evidence = serde_json::from_value(row.evidence).unwrap_or_default();
    pair
}

pub(super) fn their_organization(own: &tool::Organization) -> organizations::Theirs {
    let mut theirs = organizations::Theirs::new(&own.id, &own.name);
    theirs.domains.clone_from(&own.domains);
    theirs.tenant = own.tenant.map(|tenant| tenant.to_string());
    theirs
}

pub(super) fn their_device(own: &tool::Device) -> devices::Theirs {
    let mut theirs = devices::Theirs::new(&own.id, &own.hostname);
    theirs.site.clone_from(&own.site);
    theirs.last_seen = own.last_seen.map(Timestamp::as_second);
    theirs.serial.clone_from(&own.serial);
    theirs.user.clone_from(&own.last_user);
    theirs.os.clone_from(&own.os);
    theirs.device_id.clone_from(&own.device_id);
    theirs
}

pub(super) fn their_contact(own: &tool::Contact) -> contacts::Contact {
    let mut theirs = contacts::Contact::new(&own.id, &own.name);
    theirs.organization.clone_from(&own.organization);
    theirs.emails.clone_from(&own.emails);
    theirs.fields.clone_from(&own.fields);
    theirs
}
