//! Applications: creating, changing and deleting them, and their secrets and owners.

pub(super) mod grants;
pub(super) mod principals;
pub(super) mod secrets;

use http::Method;
use serde_json::{Value, json};

use super::{
    Writer,
    fields::{self, Takes},
    reference,
};
use crate::{
    graph::{
        answer::Answer,
        app_rights::{APPS_CREATE, APPS_WRITE, OWNED_BY},
        applications::{keyed, with_secrets},
        caller::id_of,
        denied,
    },
    odata::{Refused, apps::APPLICATION},
    world::{Json, Removed, access::object, access::text, change::derived_id},
};

const FIELDS: &fields::Fields = &[
    (Takes::Kept(256), "displayName"),
    (Takes::Text(1_024), "description notes"),
    (
        Takes::Text(256),
        "defaultRedirectUri groupMembershipClaims samlMetadataUrl serviceManagementReference uniqueName \
         tokenEncryptionKeyId signInAudience",
    ),
    (
        Takes::Flag,
        "isDeviceOnlyAuthSupported isDisabled isFallbackPublicClient oauth2RequirePostResponse",
    ),
    (Takes::Texts(50, 255), "identifierUris tags"),
    (
        Takes::Whole,
        "addIns api appRoles info keyCredentials optionalClaims parentalControlSettings passwordCredentials \
         publicClient requiredResourceAccess servicePrincipalLockConfiguration spa verifiedPublisher web",
    ),
];
const AUDIENCES: [&str; 4] = [
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
];

/// Answers a call that changes an application; `None` if it is none of these.
pub(super) fn serve(writer: &mut Writer<'_>, path: &[&str]) -> Option<Result<Answer, Refused>> {
    let method = writer.call.method.clone();
    if path.is_empty() {
        return (method == Method::POST).then(|| create(writer));
    }
    let table = writer.caller().map(|caller| &caller.tenant.register.applications);
    let (id, rest) = match table.and_then(|table| keyed(table, path)) {
        Ok(found) => found,
        Err(refused) => return Some(Err(refused)),
    };
    Some(match (method.as_str(), rest) {
        ("PATCH", []) => update(writer, &id),
        ("DELETE", []) => delete(writer, &id),
        ("POST", ["addPassword"]) => secrets::add(writer, &id),
        ("POST", ["removePassword"]) => secrets::remove(writer, &id),
        ("POST", ["owners", "$ref"]) => add_owner(writer, &id),
        ("DELETE", ["owners", owner, "$ref"]) => remove_owner(writer, &id, owner),
        _ => return None,
    })
}

fn create(writer: &mut Writer<'_>) -> Result<Answer, Refused> {
    writer.demand(&APPS_CREATE)?;
    let body = writer.body()?;
    check(&body)?;
    if text(&body, "displayName").is_none() {
        return Err(fields::required("displayName"));
    }
    if !with_no_secret(&body) {
        return Err(fields::invalid("passwordCredentials"));
    }
    let now = writer.call.now.to_string();
    let owner = writer.call.claims.oid.clone();
    let (tenant, version) = writer.change("application.create", "")?;
    let id = derived_id(tenant.id, &format!("application {version}"));
    let mut row = object(json!({
        "id": id,
        "appId": derived_id(tenant.id, &format!("app id {version}")),
        "createdDateTime": now,
        "deletedDateTime": Value::Null,
        "description": Value::Null,
        "notes": Value::Null,
        "applicationTemplateId": Value::Null,
        "optionalClaims": Value::Null,
        "tokenEncryptionKeyId": Value::Null,
        "api": {
            "acceptMappedClaims": Value::Null, "knownClientApplications": [], "oauth2PermissionScopes": [],
            "preAuthorizedApplications": [], "requestedAccessTokenVersion": 2,
        },
        "info": {
            "logoUrl": Value::Null, "marketingUrl": Value::Null, "privacyStatementUrl": Value::Null,
            "supportUrl": Value::Null, "termsOfServiceUrl": Value::Null,
        },
        "parentalControlSettings": {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"},
        "publicClient": {"redirectUris": []},
        "disabledByMicrosoftStatus": Value::Null,
        "groupMembershipClaims": Value::Null,
        "isDeviceOnlyAuthSupported": Value::Null,
        "isFallbackPublicClient": Value::Null,
        "identifierUris": [],
        "publisherDomain": tenant.initial_domain,
        "signInAudience": "AzureADandPersonalMicrosoftAccount",
        "tags": [],
        "addIns": [],
        "appRoles": [],
        "keyCredentials": [],
        "passwordCredentials": [],
        "requiredResourceAccess": [],
        "web": {"redirectUris": [], "homePageUrl": Value::Null, "logoutUrl": Value::Null},
    }));
    row.extend(body.into_iter().filter(|(name, _)| !name.contains('@')));
    tenant.register.applications.put(row.clone(), version);
    tenant
        .register
        .owners
        .entry(id.clone())
        .or_default()
        .extend(owner);
    if let Some(effect) = writer.world.journal.effects.last_mut() {
        effect.target = id;
    }
    writer.created("applications", &APPLICATION, &row)
}

fn update(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    find(writer, id)?;
    let body = writer.body()?;
    check(&body)?;
    if !with_no_secret(&body) {
        return Err(Refused::bad(
            "Passwords are not set in an update: use addPassword and removePassword.",
        ));
    }
    let (tenant, version) = writer.change("application.update", id)?;
    for (name, value) in body.into_iter().filter(|(name, _)| !name.contains('@')) {
        tenant.register.applications.set(id, &name, value, version);
    }
    Ok(Answer::Nothing)
}

/// Deletes an application and its service principal here; both can be restored for thirty days.
fn delete(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    let row = find(writer, id)?;
    let now = writer.call.now.to_string();
    let (tenant, version) = writer.change("application.delete", id)?;
    let principal = text(&row, "appId").and_then(|app| tenant.principal_of(app));
    let principal = principal.map(str::to_owned);
    let table = &mut tenant.register.applications;
    table.set(id, "deletedDateTime", now.as_str(), version);
    table.remove(id, Removed::Changed, version);
    if let Some(principal) = principal {
        principals::drop(writer, &principal)?;
    }
    Ok(Answer::Nothing)
}

fn check(body: &Json) -> Result<(), Refused> {
    fields::check(body, &[FIELDS], &APPLICATION)?;
    match text(body, "signInAudience") {
        Some(audience) if !AUDIENCES.contains(&audience) => Err(fields::invalid("signInAudience")),
        _ => Ok(()),
    }
}

fn with_no_secret(body: &Json) -> bool {
    let secrets = body.get("passwordCredentials").and_then(Value::as_array);
    secrets.is_none_or(Vec::is_empty)
}

/// The application, if the caller may change it: an app that may change its own alone has to own it.
pub(super) fn find(writer: &Writer<'_>, id: &str) -> Result<Json, Refused> {
    let caller = writer.caller()?;
    let claims = &caller.call.claims;
    let owners = caller.tenant.register.owners.get(id);
    let owns = owners
        .zip(claims.oid.as_ref())
        .is_some_and(|(owners, oid)| owners.contains(oid));
    if owns && !claims.app_only {
        writer.demand_scope(&APPS_WRITE)?;
    } else {
        caller.demand(&APPS_WRITE)?;
    }
    let only_own = claims.app_only
        && !claims
            .roles
            .iter()
            .any(|role| role != OWNED_BY && APPS_WRITE.roles.contains(&role.as_str()));
    let row = caller.tenant.register.applications.get(id);
    let row = row.ok_or_else(|| Refused::not_found(id))?;
    if only_own && !owns {
        return Err(denied());
    }
    Ok(with_secrets(&caller, row))
}

fn add_owner(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    find(writer, id)?;
    let owner = reference(
        &writer.body()?,
        &["directoryObjects", "users", "servicePrincipals"],
    )?;
    {
        let tenant = writer.caller()?.tenant;
        let is_there = tenant.users.get(&owner).is_some() || tenant.service_principals.get(&owner).is_some();
        if !is_there {
            return Err(Refused::not_found(&owner));
        }
        let owners = tenant.register.owners.get(id);
        if owners.is_some_and(|owners| owners.contains(&owner)) {
            return Err(Refused::bad(
                "One or more added object references already exist for the following modified properties: 'owners'.",
            ));
        }
    }
    let (tenant, _) = writer.change("application.owner.add", &format!("{id} {owner}"))?;
    tenant
        .register
        .owners
        .entry(id.to_owned())
        .or_default()
        .insert(owner);
    Ok(Answer::Nothing)
}

fn remove_owner(writer: &mut Writer<'_>, id: &str, owner: &str) -> Result<Answer, Refused> {
    let row = find(writer, id)?;
    let (tenant, _) = writer.change("application.owner.remove", &format!("{id} {owner}"))?;
    let owners = tenant.register.owners.get_mut(id_of(&row));
    if owners.is_some_and(|owners| owners.remove(owner)) {
        Ok(Answer::Nothing)
    } else {
        Err(Refused::not_found(owner))
    }
}
