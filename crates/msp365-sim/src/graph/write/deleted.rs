//! What was deleted and may come back.

use super::Writer;
use crate::{
    graph::{
        answer::Answer,
        deleted::{Kind, kept},
        write_rights::{GROUPS_WRITE, USERS_DELETE},
    },
    odata::Refused,
    world::{Removed, access::text, ranks::Act},
};

/// Brings an object back, without its memberships and licences.
pub(super) fn restore(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    let kind = allowed(writer, id)?;
    if kind == Kind::User {
        let caller = writer.caller()?;
        let row = &caller
            .tenant
            .users
            .rows
            .get(id)
            .ok_or_else(|| Refused::not_found(id))?
            .json;
        let name = text(row, "userPrincipalName").unwrap_or_default();
        if let Some(property) = super::users::taken(caller.tenant, name, Some(id)) {
            return Err(super::users::conflict(property));
        }
    }
    let operation = match kind {
        Kind::User => "user.restore",
        Kind::Group => "group.restore",
    };
    let (tenant, version) = writer.change(operation, id)?;
    let table = match kind {
        Kind::User => &mut tenant.users,
        Kind::Group => &mut tenant.groups,
    };
    if let Some(row) = table.row_mut(id) {
        row.removed = None;
        row.version = version;
        row.json.remove("deletedDateTime");
        let mut json = row.json.clone();
        json.insert("@odata.type".to_owned(), kind.odata_type().into());
        let body = writer.whole("directoryObjects", kind.shape(), &json)?;
        return Ok(Answer::Json(body));
    }
    Err(Refused::not_found(id))
}

/// Deletes an object for good.
pub(super) fn purge(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    let kind = allowed(writer, id)?;
    let operation = match kind {
        Kind::User => "user.purge",
        Kind::Group => "group.purge",
    };
    let (tenant, version) = writer.change(operation, id)?;
    let table = match kind {
        Kind::User => &mut tenant.users,
        Kind::Group => &mut tenant.groups,
    };
    if let Some(row) = table.row_mut(id) {
        row.removed = Some(Removed::Deleted);
        row.version = version;
    }
    Ok(Answer::Nothing)
}

/// What is deleted under this id, if the caller may bring it back.
fn allowed(writer: &Writer<'_>, id: &str) -> Result<Kind, Refused> {
    let caller = writer.caller()?;
    let kind = kept(&caller, id);
    let right = match kind {
        Some(Kind::Group) => &GROUPS_WRITE,
        _ => &USERS_DELETE,
    };
    caller.demand(right)?;
    let kind = kind.ok_or_else(|| Refused::not_found(id))?;
    if kind == Kind::User {
        writer.outranks(Act::Sensitive, id)?;
    }
    Ok(kind)
}
