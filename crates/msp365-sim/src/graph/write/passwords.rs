//! Setting a password for somebody, and taking sign-in methods away.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Writer, fields};
use crate::{
    canary::MARK,
    graph::{
        answer::Answer,
        caller::id_of,
        methods::{self, COLLECTIONS, PASSWORD},
        write_rights::{METHODS_RESET, METHODS_WRITE, access_denied},
    },
    odata::Refused,
    world::{access::object, access::text, ranks::Act},
};

const ALTERNATE_MOBILE: &str = "b6332ec1-7057-4abe-9331-3d72feddfe41";

/// Sets a password, or makes one; it takes effect a little later.
pub(super) fn reset(writer: &mut Writer<'_>, user: &str, method: &str) -> Result<Answer, Refused> {
    writer.demand(&METHODS_RESET)?;
    let id = writer.user(user)?;
    writer.outranks(Act::Methods, &id).map_err(|_| access_denied())?;
    if writer.call.claims.oid.as_ref() == Some(&id) {
        return Err(access_denied());
    }
    if method != PASSWORD {
        return Err(methods::missing(method));
    }
    let body = writer.optional_body()?;
    let chosen = body.get("newPassword").filter(|value| !value.is_null());
    let synced = {
        let tenant = writer.caller()?.tenant;
        let row = tenant.users.get(&id);
        row.and_then(|row| row.get("onPremisesSyncEnabled")) == Some(&Value::Bool(true))
    };
    let generated = match chosen {
        Some(Value::String(text)) => {
            fields::password(text)?;
            None
        }
        Some(_) => return Err(fields::invalid("newPassword")),
        None if synced => {
            return Err(refused(
                "A new password is needed for a user that is mastered on-premises.",
            ));
        }
        None => Some(format!(
            "Sim-{MARK}{}",
            writer.fresh("password").get(..8).unwrap_or_default()
        )),
    };
    let now = writer.call.now.to_string();
    let operation = writer.fresh("operation");
    let (tenant, version) = writer.change("user.resetPassword", &id)?;
    tenant
        .users
        .set(&id, "lastPasswordChangeDateTime", now.as_str(), version);
    tenant
        .users
        .set(&id, "signInSessionsValidFromDateTime", now.as_str(), version);
    let row = json!({
        "id": operation, "user": id, "createdDateTime": now, "lastActionDateTime": now,
        "statusDetail": Value::Null, "resourceLocation": Value::Null,
    });
    tenant.register.operations.insert(operation.clone(), object(row));
    writer.world.journal.revoked.push(id.clone());
    let caller = writer.caller()?;
    let context = caller.context("microsoft.graph.passwordResetResponse", None);
    let location = format!(
        "{}/users/{id}/authentication/operations/{operation}?aadgdc=SIM01P&aadgsu=sim",
        caller.root()
    );
    Ok(Answer::Accepted {
        location: Some(location),
        body: generated.map(|password| json!({"@odata.context": context, "newPassword": password})),
    })
}

/// Takes one sign-in method away; the one asked for first goes last.
pub(super) fn remove_method(
    writer: &mut Writer<'_>,
    user: &str,
    (collection, method): (&str, &str),
) -> Result<Answer, Refused> {
    writer.demand(&METHODS_WRITE)?;
    let id = writer.user(user)?;
    writer.outranks(Act::Methods, &id).map_err(|_| access_denied())?;
    let kind = COLLECTIONS.iter().find(|(name, _)| *name == collection);
    let kind = kind.filter(|(name, _)| *name != "passwordMethods");
    let (_, kind) = kind.ok_or_else(|| Refused::method(&writer.call.method))?;
    if *kind == "temporaryAccessPass" {
        return remove_pass(writer, &id, method);
    }
    let mut left = methods::stored(writer.caller()?.tenant, &id);
    let of_kind = methods::odata_type(kind);
    let is_it = |row: &crate::world::Json| id_of(row) == method && text(row, "@odata.type") == Some(&of_kind);
    if !left.iter().any(is_it) {
        return Err(methods::missing(method));
    }
    let others = left.iter().filter(|row| id_of(row) != PASSWORD).count();
    if methods::default_of(&left) == Some(method) && others > 1 {
        return Err(refused(
            "The default authentication method cannot be deleted while there are others.",
        ));
    }
    let is_phone = *kind == "phone" && method != ALTERNATE_MOBILE;
    if is_phone && left.iter().any(|row| id_of(row) == ALTERNATE_MOBILE) {
        return Err(refused(
            "The mobile phone cannot be deleted while there is an alternate one.",
        ));
    }
    left.retain(|row| !is_it(row));
    let (tenant, _) = writer.change("user.method.remove", &format!("{id} {method}"))?;
    tenant.register.methods.insert(id, left);
    Ok(Answer::Nothing)
}

fn remove_pass(writer: &mut Writer<'_>, id: &str, pass: &str) -> Result<Answer, Refused> {
    let held = writer.caller()?.tenant.register.passes.get(id);
    if held.is_none_or(|held| id_of(held) != pass) {
        return Err(methods::missing(pass));
    }
    let (tenant, _) = writer.change("user.pass.remove", &format!("{id} {pass}"))?;
    tenant.register.passes.remove(id);
    Ok(Answer::Nothing)
}

pub(super) fn refused(message: &str) -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, "badRequest", message)
}
