//! What apps are allowed to do: in the name of users, and in their own.

use http::StatusCode;
use serde_json::{Value, json};

use super::super::{Writer, fields};
use crate::{
    graph::{
        answer::Answer,
        app_rights::{GRANTS_WRITE, GRAPH_ROLES_GRANT, ROLES_GRANT},
    },
    odata::{
        Refused,
        access::{APP_ROLE_ASSIGNMENT, O_AUTH2_PERMISSION_GRANT},
    },
    permissions,
    world::{Json, Removed, Tenant, access::object, access::text, change::GRAPH_APP_ID, change::derived_id},
};

/// The role that stands for access as such.
const DEFAULT_ROLE: &str = "00000000-0000-0000-0000-000000000000";
/// The longest list of permissions that one grant holds.
const MOST_SCOPE: usize = 3_850;

/// Answers a call below `oauth2PermissionGrants`; `None` if it is none that changes something.
pub(in crate::graph::write) fn serve(
    writer: &mut Writer<'_>,
    path: &[&str],
) -> Option<Result<Answer, Refused>> {
    Some(match (writer.call.method.as_str(), path) {
        ("POST", []) => grant(writer),
        ("PATCH", [id]) => change(writer, id),
        ("DELETE", [id]) => revoke(writer, id),
        _ => return None,
    })
}

fn grant(writer: &mut Writer<'_>) -> Result<Answer, Refused> {
    writer.demand(&GRANTS_WRITE)?;
    let body = writer.body()?;
    let of = |name: &'static str| fields::text(&body, name)?.ok_or_else(|| fields::required(name));
    let (client, resource) = (of("clientId")?.to_lowercase(), of("resourceId")?.to_lowercase());
    let (kind, scope) = (of("consentType")?, of("scope")?);
    let principal = body
        .get("principalId")
        .and_then(Value::as_str)
        .map(str::to_lowercase);
    if let Some(other) = body.keys().find(|name| {
        !name.contains('@')
            && O_AUTH2_PERMISSION_GRANT.member(name).is_none()
            && !["startTime", "expiryTime"].contains(&name.as_str())
    }) {
        return Err(Refused::unknown_property(other, "oAuth2PermissionGrant"));
    }
    scope_fits(scope)?;
    match (kind, &principal) {
        ("AllPrincipals", None) | ("Principal", Some(_)) => {}
        ("AllPrincipals" | "Principal", _) => return Err(fields::invalid("principalId")),
        _ => return Err(fields::invalid("consentType")),
    }
    let id = {
        let tenant = writer.caller()?.tenant;
        for id in [&client, &resource] {
            if tenant.service_principals.get(id).is_none() {
                return Err(Refused::not_found(id));
            }
        }
        if let Some(user) = principal.as_ref().filter(|id| tenant.users.get(id).is_none()) {
            return Err(Refused::not_found(user));
        }
        let same = |row: &&Json| {
            text(row, "clientId") == Some(&client)
                && text(row, "resourceId") == Some(&resource)
                && text(row, "principalId") == principal.as_deref()
        };
        if tenant.permission_grants.present().any(|row| same(&row)) {
            return Err(Refused::new(
                StatusCode::CONFLICT,
                "Request_MultipleObjectsWithSameKeyValue",
                "Permission entry already exists.",
            ));
        }
        let who = principal.as_deref().unwrap_or_default();
        let purpose = format!("grant {client} {resource} {who}");
        derived_id(tenant.id, purpose.trim_end())
    };
    let row = object(json!({
        "id": id, "clientId": client, "consentType": kind, "principalId": principal, "resourceId": resource,
        "scope": scope,
    }));
    let apps = writer.world.app_ids();
    let (tenant, version) = writer.change("permissionGrant.create", &id)?;
    tenant.permission_grants.put(row.clone(), version);
    tenant.settle_consent(&apps);
    writer.created("oauth2PermissionGrants", &O_AUTH2_PERMISSION_GRANT, &row)
}

fn change(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    writer.demand(&GRANTS_WRITE)?;
    let body = writer.body()?;
    if let Some(other) = body.keys().find(|name| !name.contains('@') && *name != "scope") {
        return Err(Refused::bad(format!(
            "Property '{other}' is read-only and cannot be set."
        )));
    }
    let scope = fields::text(&body, "scope")?.ok_or_else(|| fields::required("scope"))?;
    scope_fits(scope)?;
    present(writer, id)?;
    let apps = writer.world.app_ids();
    let (tenant, version) = writer.change("permissionGrant.update", id)?;
    tenant.permission_grants.set(id, "scope", scope, version);
    tenant.settle_consent(&apps);
    Ok(Answer::Nothing)
}

fn revoke(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    writer.demand(&GRANTS_WRITE)?;
    present(writer, id)?;
    let apps = writer.world.app_ids();
    let (tenant, version) = writer.change("permissionGrant.delete", id)?;
    tenant.permission_grants.remove(id, Removed::Deleted, version);
    tenant.settle_consent(&apps);
    Ok(Answer::Nothing)
}

fn present(writer: &Writer<'_>, id: &str) -> Result<(), Refused> {
    let found = writer.caller()?.tenant.permission_grants.get(id).is_some();
    if found {
        Ok(())
    } else {
        Err(Refused::not_found(id))
    }
}

fn scope_fits(scope: &str) -> Result<(), Refused> {
    if scope.len() > MOST_SCOPE {
        return Err(fields::invalid("scope"));
    }
    Ok(())
}

/// Answers a call that gives or takes a role of an app; `None` if it is none of these. `owner` is the collection and the id
/// of whom or what the call is about.
pub(in crate::graph::write) fn assignments(
    writer: &mut Writer<'_>,
    owner: (&str, &str),
    path: &[&str],
) -> Option<Result<Answer, Refused>> {
    let end = match path {
        ["appRoleAssignedTo", ..] => "resourceId",
        _ => "principalId",
    };
    Some(match (writer.call.method.as_str(), path) {
        ("POST", [_]) => assign(writer, owner, (end, path.first().copied().unwrap_or_default())),
        ("DELETE", [_, id]) => unassign(writer, (end, owner.1), id),
        _ => return None,
    })
}

fn assign(
    writer: &mut Writer<'_>,
    owner: (&str, &str),
    (end, collection): (&str, &str),
) -> Result<Answer, Refused> {
    writer.demand_scope(&ROLES_GRANT)?;
    let body = writer.body()?;
    let of = |name: &'static str| -> Result<String, Refused> {
        Ok(fields::text(&body, name)?
            .ok_or_else(|| fields::required(name))?
            .to_lowercase())
    };
    let (principal, resource, role) = (of("principalId")?, of("resourceId")?, of("appRoleId")?);
    let named = if end == "principalId" {
        &principal
    } else {
        &resource
    };
    if named != owner.1 {
        return Err(fields::invalid(if end == "principalId" {
            "principalId"
        } else {
            "resourceId"
        }));
    }
    let row = {
        let caller = writer.caller()?;
        let tenant = caller.tenant;
        let target = tenant.service_principals.get(&resource);
        let target = target.ok_or_else(|| Refused::not_found(&resource))?;
        let of_graph = text(target, "appId") == Some(GRAPH_APP_ID);
        caller.demand(if of_graph {
            &GRAPH_ROLES_GRANT
        } else {
            &ROLES_GRANT
        })?;
        let (name, kind) = holder(tenant, &principal).ok_or_else(|| Refused::not_found(&principal))?;
        if !offers(target, &role) {
            return Err(Refused::bad(
                "Permission being assigned was not found on application.",
            ));
        }
        let same = |row: &Json| {
            text(row, "principalId") == Some(&principal)
                && text(row, "resourceId") == Some(&resource)
                && text(row, "appRoleId") == Some(&role)
        };
        if tenant.register.app_roles.present().any(same) {
            return Err(Refused::bad(
                "Permission being assigned already exists on the object.",
            ));
        }
        object(json!({
            "id": derived_id(tenant.id, &format!("{role} of {resource} for {principal}")),
            "appRoleId": role, "createdDateTime": writer.call.now.to_string(), "deletedDateTime": Value::Null,
            "principalDisplayName": name, "principalId": principal, "principalType": kind,
            "resourceDisplayName": text(target, "displayName"), "resourceId": resource,
        }))
    };
    let apps = writer.world.app_ids();
    let (tenant, version) = writer.change("appRole.assign", &format!("{resource} {principal}"))?;
    tenant.register.app_roles.put(row.clone(), version);
    tenant.settle_consent(&apps);
    let what = format!("{}/{}/{collection}", owner.0, owner.1);
    writer.created(&what, &APP_ROLE_ASSIGNMENT, &row)
}

fn unassign(writer: &mut Writer<'_>, (end, owner): (&str, &str), id: &str) -> Result<Answer, Refused> {
    writer.demand(&ROLES_GRANT)?;
    {
        let row = writer.caller()?.tenant.register.app_roles.get(id);
        row.filter(|row| text(row, end) == Some(owner))
            .ok_or_else(|| Refused::not_found(id))?;
    }
    let apps = writer.world.app_ids();
    let (tenant, version) = writer.change("appRole.unassign", id)?;
    tenant.register.app_roles.remove(id, Removed::Deleted, version);
    tenant.settle_consent(&apps);
    Ok(Answer::Nothing)
}

/// Name and kind of somebody who can hold the role of an app.
fn holder(tenant: &Tenant, id: &str) -> Option<(Option<String>, &'static str)> {
    [
        (&tenant.users, "User"),
        (&tenant.groups, "Group"),
        (&tenant.service_principals, "ServicePrincipal"),
    ]
    .into_iter()
    .find_map(|(table, kind)| Some((text(table.get(id)?, "displayName").map(str::to_owned), kind)))
}

/// Whether an app has this role to give.
fn offers(resource: &Json, role: &str) -> bool {
    if text(resource, "appId") == Some(GRAPH_APP_ID) {
        return permissions::app_roles().any(|own| own.id == role);
    }
    let roles = resource
        .get("appRoles")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    role == DEFAULT_ROLE || roles.filter_map(|own| own.get("id")).any(|own| own == role)
}
