//! Service principals: an application, made known in a tenant.

use http::{Method, StatusCode};

use super::super::{
    Writer,
    fields::{self, Takes},
};
use crate::{
    graph::{
        answer::Answer,
        app_rights::{APPS_WRITE, OWNED_BY},
        applications::keyed,
        denied,
    },
    odata::{Refused, access::SERVICE_PRINCIPAL},
    world::{
        Removed, World,
        access::text,
        change::{GRAPH_APP_ID, MICROSOFT, PARTNER_CENTER_APP_ID},
    },
};

const FIELDS: &fields::Fields = &[
    (Takes::Kept(256), "displayName"),
    (
        Takes::Text(1_024),
        "description notes loginUrl logoutUrl homepage",
    ),
    (Takes::Text(256), "preferredSingleSignOnMode"),
    (Takes::Flag, "accountEnabled appRoleAssignmentRequired"),
    (
        Takes::Texts(100, 255),
        "alternativeNames notificationEmailAddresses servicePrincipalNames tags replyUrls",
    ),
    (
        Takes::Whole,
        "addIns appRoles keyCredentials oauth2PermissionScopes samlSingleSignOnSettings",
    ),
];

/// Answers a call that changes a service principal; `None` if it is none of these.
pub(in crate::graph::write) fn serve(
    writer: &mut Writer<'_>,
    path: &[&str],
) -> Option<Result<Answer, Refused>> {
    let method = writer.call.method.clone();
    if path.is_empty() {
        return (method == Method::POST).then(|| create(writer));
    }
    let table = writer.caller().map(|caller| &caller.tenant.service_principals);
    let (id, rest) = match table.and_then(|table| keyed(table, path)) {
        Ok(found) => found,
        Err(refused) => return Some(Err(refused)),
    };
    Some(match (method.as_str(), rest) {
        ("PATCH", []) => update(writer, &id),
        ("DELETE", []) => delete(writer, &id),
        (_, ["appRoleAssignments" | "appRoleAssignedTo", ..]) => {
            return super::grants::assignments(writer, ("servicePrincipals", &id), rest);
        }
        _ => return None,
    })
}

/// Name and owner of an application that may be used in a tenant.
fn known(world: &World, writer: &Writer<'_>, app_id: &str) -> Option<(String, msp365_core::TenantId)> {
    if app_id == GRAPH_APP_ID {
        return Some(("Microsoft Graph".to_owned(), MICROSOFT));
    }
    if app_id == PARTNER_CENTER_APP_ID {
        return Some(("Microsoft Partner Center".to_owned(), MICROSOFT));
    }
    std::iter::once(&world.partner)
        .chain(&world.customers)
        .find_map(|tenant| {
            let row = tenant
                .register
                .applications
                .present()
                .find(|row| text(row, "appId") == Some(app_id))?;
            let is_open = text(row, "signInAudience") != Some("AzureADMyOrg");
            let is_usable = is_open || tenant.id == writer.call.tenant;
            let name = text(row, "displayName").unwrap_or_default();
            is_usable.then(|| (name.to_owned(), tenant.id))
        })
}

fn create(writer: &mut Writer<'_>) -> Result<Answer, Refused> {
    writer.demand(&APPS_WRITE)?;
    let body = writer.body()?;
    let app = fields::text(&body, "appId")?.ok_or_else(|| fields::required("appId"))?;
    let app = app.to_lowercase();
    let (name, owner) = known(writer.world, writer, &app).ok_or_else(|| {
        Refused::new(
            StatusCode::BAD_REQUEST,
            "Request_BadRequest",
            format!(
                "The appId '{app}' of the service principal does not reference a valid application object."
            ),
        )
    })?;
    let mut rest = body;
    rest.remove("appId");
    rest.retain(|name, _| !name.contains('@'));
    fields::check(&rest, &[FIELDS], &SERVICE_PRINCIPAL)?;
    if writer.caller()?.tenant.principal_of(&app).is_some() {
        return Err(Refused::new(
            StatusCode::CONFLICT,
            "Request_MultipleObjectsWithSameKeyValue",
            format!("The service principal cannot be created, because the name {app} is already in use."),
        ));
    }
    let apps = writer.world.app_ids();
    let (tenant, version) = writer.change("servicePrincipal.create", &app)?;
    let id = tenant.app_principal(&app, &name, owner, version);
    for (name, value) in rest {
        tenant.service_principals.set(&id, &name, value, version);
    }
    tenant.settle_consent(&apps);
    let row = tenant.service_principals.get(&id).cloned();
    let row = row.ok_or_else(|| Refused::not_found(&id))?;
    writer.created("servicePrincipals", &SERVICE_PRINCIPAL, &row)
}

fn update(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    find(writer, id)?;
    let body = writer.body()?;
    fields::check(&body, &[FIELDS], &SERVICE_PRINCIPAL)?;
    let (tenant, version) = writer.change("servicePrincipal.update", id)?;
    for (name, value) in body.into_iter().filter(|(name, _)| !name.contains('@')) {
        tenant.service_principals.set(id, &name, value, version);
    }
    Ok(Answer::Nothing)
}

fn delete(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    find(writer, id)?;
    drop(writer, id)?;
    Ok(Answer::Nothing)
}

/// Refuses to change what the caller may not change, or what is not there.
fn find(writer: &Writer<'_>, id: &str) -> Result<(), Refused> {
    let caller = writer.caller()?;
    caller.demand(&APPS_WRITE)?;
    let claims = &caller.call.claims;
    if caller.tenant.service_principals.get(id).is_none() {
        return Err(Refused::not_found(id));
    }
    let may_all = claims
        .roles
        .iter()
        .any(|role| role != OWNED_BY && APPS_WRITE.roles.contains(&role.as_str()));
    let owners = caller.tenant.register.owners.get(id);
    let owns = owners
        .zip(claims.oid.as_ref())
        .is_some_and(|(owners, oid)| owners.contains(oid));
    if claims.app_only && !may_all && !owns {
        return Err(denied());
    }
    Ok(())
}

/// Takes a service principal away, and with it all that was granted to it and on it.
pub(super) fn drop(writer: &mut Writer<'_>, id: &str) -> Result<(), Refused> {
    let now = writer.call.now.to_string();
    let apps = writer.world.app_ids();
    let (tenant, version) = writer.change("servicePrincipal.delete", id)?;
    let ends = |row: &crate::world::Json, names: [&str; 2]| {
        let is_it = names.iter().any(|name| text(row, name) == Some(id));
        is_it.then(|| text(row, "id").unwrap_or_default().to_owned())
    };
    let grants = tenant.permission_grants.present();
    let grants: Vec<String> = grants
        .filter_map(|row| ends(row, ["clientId", "resourceId"]))
        .collect();
    let roles = tenant.register.app_roles.present();
    let roles: Vec<String> = roles
        .filter_map(|row| ends(row, ["principalId", "resourceId"]))
        .collect();
    for grant in grants {
        tenant.permission_grants.remove(&grant, Removed::Deleted, version);
    }
    for role in roles {
        tenant.register.app_roles.remove(&role, Removed::Deleted, version);
    }
    tenant.leave(id, version);
    let table = &mut tenant.service_principals;
    table.set(id, "deletedDateTime", now.as_str(), version);
    table.remove(id, Removed::Changed, version);
    tenant.settle_consent(&apps);
    Ok(())
}
