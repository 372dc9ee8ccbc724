//! Applications and service principals, and what these may do: in somebody's name, or in their own.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Value, json};

use super::{
    answer::Answer,
    caller::{Caller, id_of, present_after},
    delta, memberships, people, read_only, relations,
    rights::{APP_ROLES, PERMISSION_GRANTS, SERVICE_PRINCIPALS},
    unknown,
};
use crate::{
    odata::{
        Refused, Rules,
        access::{
            APP_ROLE_ASSIGNMENT, O_AUTH2_PERMISSION_GRANT, PERMISSION_CLASSIFICATION, SERVICE_PRINCIPAL,
        },
        apps::APPLICATION,
    },
    permissions::{self, Permission},
    world::{Json, Table, access::text, change::GRAPH_APP_ID},
};

const APPLICATIONS: Rules = Rules {
    shape: &APPLICATION,
    page: 100,
    top: Some(999),
    options: "$select $filter $count $orderby $search $expand",
    order: "displayName",
    directory: true,
};
const PRINCIPALS: Rules = Rules {
    shape: &SERVICE_PRINCIPAL,
    ..APPLICATIONS
};
const GRANTS: Rules = Rules {
    shape: &O_AUTH2_PERMISSION_GRANT,
    page: 100,
    top: Some(999),
    options: "$select $filter",
    order: "",
    directory: false,
};
const ASSIGNED: Rules = Rules {
    shape: &APP_ROLE_ASSIGNMENT,
    options: "$select $filter $count",
    order: "",
    ..APPLICATIONS
};
const CLASSIFIED: Rules = Rules {
    shape: &PERMISSION_CLASSIFICATION,
    ..GRANTS
};

pub(super) fn serve(caller: &Caller<'_>, path: &[&str]) -> Result<Answer, Refused> {
    match path {
        ["applications", rest @ ..] => applications(caller, rest),
        ["servicePrincipals", rest @ ..] => principals(caller, rest),
        ["oauth2PermissionGrants", rest @ ..] => {
            read_only(caller, &PERMISSION_GRANTS)?;
            let table = &caller.tenant.permission_grants;
            match rest {
                [] => caller.table("oauth2PermissionGrants", &GRANTS, table),
                ["delta"] => delta::grants(caller),
                [id] => caller.entity(
                    "oauth2PermissionGrants",
                    &O_AUTH2_PERMISSION_GRANT,
                    table.get(id),
                    id,
                ),
                rest => Err(unknown(rest)),
            }
        }
        path => Err(unknown(path)),
    }
}

fn applications(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    read_only(caller, &SERVICE_PRINCIPALS)?;
    let table = &caller.tenant.register.applications;
    let all = |from: Option<&str>| {
        present_after(table, from).map(|(id, row)| (id, Cow::Owned(with_secrets(caller, &row))))
    };
    match rest {
        [] => {
            let options = caller.options(&APPLICATIONS)?;
            caller.collection("applications", &options, all)
        }
        ["$count"] => caller.count(&APPLICATIONS, all(None).map(|(_, row)| row)),
        ["delta"] => delta::applications(caller),
        rest => {
            let (id, rest) = keyed(table, rest)?;
            let row = table.get(&id).map(|row| with_secrets(caller, row));
            match rest {
                [] => caller.entity("applications", &APPLICATION, row.as_ref(), &id),
                ["owners"] => {
                    row.ok_or_else(|| Refused::not_found(&id))?;
                    memberships::cast_of(caller, &[], || relations::owners(caller.tenant, &id))
                }
                rest => Err(unknown(rest)),
            }
        }
    }
}

fn principals(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    if rest
        .last()
        .is_some_and(|name| memberships::NAMES.contains(name) && !name.ends_with("emberOf"))
    {
        let (id, rest) = keyed(&caller.tenant.service_principals, rest)?;
        let known = caller.tenant.service_principals.get(&id).map(|_| id.as_str());
        return memberships::serve(caller, known.ok_or_else(|| Refused::not_found(&id)), rest);
    }
    read_only(caller, &SERVICE_PRINCIPALS)?;
    let table = &caller.tenant.service_principals;
    let all = |from: Option<&str>| present_after(table, from).map(|(id, row)| (id, with_permissions(row)));
    match rest {
        [] => {
            let options = caller.options(&PRINCIPALS)?;
            caller.collection("servicePrincipals", &options, all)
        }
        ["$count"] => caller.count(&PRINCIPALS, all(None).map(|(_, row)| row)),
        ["delta"] => delta::principals(caller),
        rest => {
            let (id, rest) = keyed(table, rest)?;
            let row = table.get(&id).map(|row| with_permissions(Cow::Borrowed(row)));
            if rest.is_empty() {
                return caller.entity("servicePrincipals", &SERVICE_PRINCIPAL, row.as_deref(), &id);
            }
            row.ok_or_else(|| Refused::not_found(&id))?;
            below(caller, &id, rest)
        }
    }
}

/// What lies below a service principal.
fn below(caller: &Caller<'_>, id: &str, rest: &[&str]) -> Result<Answer, Refused> {
    let (tenant, place) = (caller.tenant, format!("servicePrincipals('{id}')"));
    match rest {
        ["appRoleAssignments"] => assigned(caller, "appRoleAssignments", ("principalId", id)),
        ["appRoleAssignedTo"] => assigned(caller, &format!("{place}/appRoleAssignedTo"), ("resourceId", id)),
        [
            collection @ ("appRoleAssignments" | "appRoleAssignedTo"),
            assignment,
        ] => {
            caller.demand(&APP_ROLES)?;
            let end = if *collection == "appRoleAssignments" {
                "principalId"
            } else {
                "resourceId"
            };
            let row = tenant.register.app_roles.get(assignment);
            let row = row.filter(|row| text(row, end) == Some(id));
            caller.entity(
                &format!("{place}/{collection}"),
                &APP_ROLE_ASSIGNMENT,
                row,
                assignment,
            )
        }
        ["oauth2PermissionGrants"] => {
            caller.demand(&PERMISSION_GRANTS)?;
            let own = relations::rows_where(&tenant.permission_grants, "clientId", id);
            people::rows(caller, "oauth2PermissionGrants", &GRANTS, &own)
        }
        ["delegatedPermissionClassifications"] => {
            let what = format!("{place}/delegatedPermissionClassifications");
            people::rows(caller, &what, &CLASSIFIED, &BTreeMap::new())
        }
        ["owners" | "ownedObjects" | "createdObjects", cast @ ..] => {
            memberships::cast_of(caller, cast, || match rest.first() {
                Some(&"owners") => relations::owners(tenant, id),
                Some(&"ownedObjects") => relations::owned_by(tenant, id),
                _ => BTreeMap::new(),
            })
        }
        ["memberOf" | "transitiveMemberOf", ..] => memberships::serve(caller, Ok(id), rest),
        rest => Err(unknown(rest)),
    }
}

/// The id of an object by id or app id, and what follows.
pub(super) fn keyed<'p, 'q>(table: &Table, path: &'p [&'q str]) -> Result<(String, &'p [&'q str]), Refused> {
    match path {
        ["appId=", app, rest @ ..] => {
            let is_own = |row: &&Json| text(row, "appId").is_some_and(|own| own.eq_ignore_ascii_case(app));
            let found = table.present().find(is_own).map(|row| id_of(row).to_owned());
            Ok((found.ok_or_else(|| Refused::not_found(app))?, rest))
        }
        [id, rest @ ..] => Ok((id.to_lowercase(), rest)),
        [] => Err(unknown(&[])),
    }
}

fn assigned(caller: &Caller<'_>, what: &str, (end, id): (&str, &str)) -> Result<Answer, Refused> {
    caller.demand(&APP_ROLES)?;
    people::rows(
        caller,
        what,
        &ASSIGNED,
        &relations::rows_where(&caller.tenant.register.app_roles, end, id),
    )
}

/// An application with the secrets it has, but for what they read.
pub(super) fn with_secrets(caller: &Caller<'_>, row: &Json) -> Json {
    let mut row = row.clone();
    let secrets = text(&row, "appId").and_then(|app| caller.world.secrets.get(app));
    let secrets = secrets.into_iter().flatten();
    let secrets: Vec<Value> = secrets.map(|secret| Value::Object(secret.render())).collect();
    row.insert("passwordCredentials".to_owned(), Value::Array(secrets));
    row
}

/// A service principal; that of Graph with everything that can be granted on it.
fn with_permissions(row: Cow<'_, Json>) -> Cow<'_, Json> {
    if text(&row, "appId") != Some(GRAPH_APP_ID) {
        return row;
    }
    let mut row = row.into_owned();
    let scopes: Vec<Value> = permissions::scopes().map(|one| scope(&one)).collect();
    let roles: Vec<Value> = permissions::app_roles().map(|one| role(&one)).collect();
    row.insert("oauth2PermissionScopes".to_owned(), Value::Array(scopes));
    row.insert("appRoles".to_owned(), Value::Array(roles));
    Cow::Owned(row)
}

fn scope(permission: &Permission) -> Value {
    let kind = if permission.name.ends_with(".All") {
        "Admin"
    } else {
        "User"
    };
    json!({
        "id": permission.id,
        "value": permission.name,
        "type": kind,
        "isEnabled": true,
        "adminConsentDisplayName": permission.name,
        "adminConsentDescription": permission.name,
        "userConsentDisplayName": permission.name,
        "userConsentDescription": permission.name,
    })
}

fn role(permission: &Permission) -> Value {
    json!({
        "id": permission.id,
        "value": permission.name,
        "allowedMemberTypes": ["Application"],
        "isEnabled": true,
        "displayName": permission.name,
        "description": permission.name,
        "origin": "Application",
    })
}
