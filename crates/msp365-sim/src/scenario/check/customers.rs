//! Named customers with what is in them.

use msp365_core::TenantId;

use super::{Wrong, id, product, properties, role, tenant_id, unknown, wrong};
use crate::{
    odata::{
        machines::DEVICE,
        people::{GROUP, USER},
    },
    permissions,
    scenario::{
        file::{Customer, Device, Group, Relationship, User, Word},
        names::{Kind, Names},
    },
    world::cultures::CULTURES,
};

pub(super) fn check(customer: &Customer, names: &mut Names) -> Result<(), Wrong> {
    let tenant = head(customer, names)?;
    for scope in customer.scopes.iter().flatten() {
        if !permissions::scopes().any(|own| own.name == scope.as_ref()) {
            let message = format!("Graph has no delegated permission `{}` here", scope.as_ref());
            return Err(wrong(scope, message));
        }
    }
    for role in customer.app_roles.iter().flatten() {
        if !permissions::app_roles().any(|own| own.name == role.as_ref()) {
            let message = format!("Graph has no app role `{}` here", role.as_ref());
            return Err(wrong(role, message));
        }
    }
    for subscription in &customer.subscriptions {
        product(&subscription.product)?;
    }
    for user in &customer.users {
        note((tenant, Kind::User), &user.called, user.id.as_ref(), names)?;
    }
    for group in &customer.groups {
        note((tenant, Kind::Group), &group.called, group.id.as_ref(), names)?;
    }
    for user in &customer.users {
        self::user(tenant, user, names)?;
    }
    for group in &customer.groups {
        self::group(tenant, group, names)?;
    }
    for device in &customer.devices {
        self::device(tenant, device, names)?;
    }
    for relationship in customer.relationships.iter().flatten() {
        self::relationship(relationship)?;
    }
    Ok(())
}

/// Notes the tenant under its domain and its name.
fn head(customer: &Customer, names: &mut Names) -> Result<TenantId, Wrong> {
    let domain = &customer.domain;
    let is_domain = |text: &str| {
        let fine = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
        text.contains('.')
            && text
                .split('.')
                .all(|part| !part.is_empty() && part.chars().all(fine))
    };
    if !is_domain(domain.as_ref()) {
        return Err(wrong(domain, format!("`{}` is no domain", domain.as_ref())));
    }
    if let Some(word) = &customer.id {
        id(word)?;
    }
    if let Some(country) = &customer.country {
        let known: Vec<&str> = CULTURES.iter().map(|culture| culture.country).collect();
        if !known.contains(&country.as_ref().as_str()) {
            return Err(unknown(country, "country", &known));
        }
    }
    let tenant = tenant_id(customer.id.as_ref(), domain.as_ref());
    let is_new = names.tenant(domain.as_ref()).is_none() && !names.has_id(tenant);
    if !is_new {
        let message = format!(
            "there is another tenant with the domain or id of `{}`",
            domain.as_ref()
        );
        return Err(wrong(domain, message));
    }
    names.add_tenant(domain.as_ref(), tenant);
    if names.tenant(customer.name.as_ref()).is_some() {
        let message = format!("there is another tenant named `{}`", customer.name.as_ref());
        return Err(wrong(&customer.name, message));
    }
    names.add_tenant(customer.name.as_ref(), tenant);
    Ok(tenant)
}

/// Notes an object under its name, which no other of its kind may have.
pub(super) fn note(
    (tenant, kind): (TenantId, Kind),
    name: &Word,
    own: Option<&Word>,
    names: &mut Names,
) -> Result<(), Wrong> {
    if let Some(word) = own {
        id(word)?;
    }
    let own = own.map(|word| word.as_ref().as_str());
    if kind == Kind::User && !name.as_ref().chars().all(is_local) {
        let message = format!("`{}` cannot stand before the @ of a user name", name.as_ref());
        return Err(wrong(name, message));
    }
    if names.add((tenant, kind), name.as_ref(), own) {
        return Ok(());
    }
    let message = format!(
        "there is another {} `{}` in this tenant",
        kind.word(),
        name.as_ref()
    );
    Err(wrong(name, message))
}

fn is_local(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || "'.-_!#^~".contains(sign)
}

/// Refuses a name that nothing of the tenant has.
pub(super) fn known(place: (TenantId, Kind), name: &Word, names: &Names) -> Result<(), Wrong> {
    if names.find(place, name.as_ref()).is_some() {
        return Ok(());
    }
    let message = format!(
        "this file names no {} `{}` in this tenant",
        place.1.word(),
        name.as_ref()
    );
    Err(wrong(name, message))
}

fn user(tenant: TenantId, user: &User, names: &Names) -> Result<(), Wrong> {
    if let Some(manager) = &user.manager {
        known((tenant, Kind::User), manager, names)?;
    }
    user.licences.iter().try_for_each(product)?;
    user.roles.iter().try_for_each(role)?;
    properties(&user.properties, &USER)
}

fn group(tenant: TenantId, group: &Group, names: &Names) -> Result<(), Wrong> {
    for person in group.members.iter().chain(&group.owners) {
        known((tenant, Kind::User), person, names)?;
    }
    group.roles.iter().try_for_each(role)?;
    properties(&group.properties, &GROUP)
}

pub(super) fn device(tenant: TenantId, device: &Device, names: &mut Names) -> Result<(), Wrong> {
    note((tenant, Kind::Device), &device.called, device.id.as_ref(), names)?;
    known((tenant, Kind::User), &device.owner, names)?;
    properties(&device.properties, &DEVICE)
}

fn relationship(relationship: &Relationship) -> Result<(), Wrong> {
    relationship.roles.iter().flatten().try_for_each(role)?;
    match &relationship.id {
        Some(word) if word.as_ref().len() != 73 => {
            let message = format!(
                "`{}` is no id of a relationship: two GUIDs with a hyphen",
                word.as_ref()
            );
            Err(wrong(word, message))
        }
        _ => Ok(()),
    }
}
