//! Whom a user reports to.

use super::{Writer, reference};
use crate::{
    graph::{answer::Answer, write_rights::USERS_WRITE},
    odata::Refused,
    world::Json,
};

/// Sets the manager, in place of an earlier one.
pub(super) fn set(writer: &mut Writer<'_>, user: &str) -> Result<Answer, Refused> {
    writer.demand(&USERS_WRITE)?;
    let id = writer.user(user)?;
    let body: Json = writer.body()?;
    let manager = reference(&body, &["users", "directoryObjects", "contacts"])?;
    let manager = writer.user(&manager)?;
    mastered_here(writer, &id)?;
    if manager == id {
        return Err(Refused::bad("A user cannot be the manager of itself."));
    }
    let (tenant, version) = writer.change("user.manager.set", &format!("{id} {manager}"))?;
    tenant.register.managers.insert(id.clone(), manager);
    touch(tenant, &id, version);
    Ok(Answer::Nothing)
}

/// Takes the manager away.
pub(super) fn remove(writer: &mut Writer<'_>, user: &str) -> Result<Answer, Refused> {
    writer.demand(&USERS_WRITE)?;
    let id = writer.user(user)?;
    mastered_here(writer, &id)?;
    if !writer.caller()?.tenant.register.managers.contains_key(&id) {
        return Err(Refused::not_found("manager"));
    }
    let (tenant, version) = writer.change("user.manager.remove", &id)?;
    tenant.register.managers.remove(&id);
    touch(tenant, &id, version);
    Ok(Answer::Nothing)
}

fn mastered_here(writer: &Writer<'_>, id: &str) -> Result<(), Refused> {
    writer.unrestricted(id)?;
    let caller = writer.caller()?;
    let synced = caller
        .tenant
        .users
        .get(id)
        .and_then(|row| row.get("onPremisesSyncEnabled"));
    if synced == Some(&serde_json::Value::Bool(true)) {
        return Err(Refused::bad(
            "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects \
             currently undergoing migration.",
        ));
    }
    Ok(())
}

/// Lets delta see that something about a user changed.
fn touch(tenant: &mut crate::world::Tenant, id: &str, version: u64) {
    if let Some(row) = tenant.users.row_mut(id) {
        row.version = version;
    }
}
