//! Devices of the directory: changing and deleting them, and whom they are registered for.

use super::{
    Writer,
    fields::{self, Takes},
    reference,
};
use crate::{
    graph::{answer::Answer, relations, write_rights::DEVICES_WRITE},
    odata::{Refused, machines::DEVICE},
    world::Removed,
};

const FIELDS: &fields::Fields = &[
    (Takes::Flag, "accountEnabled isCompliant isManaged"),
    (Takes::Kept(256), "displayName"),
    (Takes::Text(256), "operatingSystem operatingSystemVersion"),
    (Takes::Whole, "extensionAttributes"),
];

/// Changes a device.
pub(super) fn update(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    find(writer, id)?;
    let body = writer.body()?;
    fields::check(&body, &[FIELDS], &DEVICE)?;
    let (tenant, version) = writer.change("device.update", id)?;
    for (name, value) in body.into_iter().filter(|(name, _)| !name.contains('@')) {
        tenant.devices.set(id, &name, value, version);
    }
    Ok(Answer::Nothing)
}

/// Deletes a device for good.
pub(super) fn delete(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    find(writer, id)?;
    let (tenant, version) = writer.change("device.delete", id)?;
    tenant.leave(id, version);
    tenant.register.device_owners.remove(id);
    tenant.devices.remove(id, Removed::Deleted, version);
    Ok(Answer::Nothing)
}

/// Registers a device for a user. It is registered for one alone, who is its owner and its user.
pub(super) fn register(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    find(writer, id)?;
    let user = reference(&writer.body()?, &["directoryObjects", "users"])?;
    let user = writer.user(&user)?;
    if relations::registrants(writer.caller()?.tenant, id).contains_key(&user) {
        return Err(Refused::bad(
            "One or more added object references already exist for the following modified properties: \
             'registeredOwners'.",
        ));
    }
    let (tenant, _) = writer.change("device.register", &format!("{id} {user}"))?;
    tenant.register.device_owners.insert(id.to_owned(), user);
    Ok(Answer::Nothing)
}

/// Takes the registration of a device away.
pub(super) fn unregister(writer: &mut Writer<'_>, id: &str, user: &str) -> Result<Answer, Refused> {
    find(writer, id)?;
    if !relations::registrants(writer.caller()?.tenant, id).contains_key(user) {
        return Err(Refused::not_found(user));
    }
    let (tenant, _) = writer.change("device.unregister", &format!("{id} {user}"))?;
    // An empty name keeps the machine's management from standing in for it.
    tenant.register.device_owners.insert(id.to_owned(), String::new());
    Ok(Answer::Nothing)
}

fn find(writer: &Writer<'_>, id: &str) -> Result<(), Refused> {
    let caller = writer.caller()?;
    caller.demand(&DEVICES_WRITE)?;
    let found = caller.tenant.devices.get(id);
    found.map(|_| ()).ok_or_else(|| Refused::not_found(id))
}
