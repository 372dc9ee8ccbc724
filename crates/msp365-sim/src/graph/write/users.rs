//! Creating, changing and deleting users, and ending their sessions.

use serde_json::{Value, json};

use super::{Writer, fields};
use crate::{
    graph::{
        answer::Answer,
        denied,
        rights::Right,
        write_rights::{
            GUARDIANS, NARROW, PASSWORDS, READS_USERS, REVOKE, SELF_WRITE, USERS_DELETE, USERS_UPDATE,
            USERS_WRITE,
        },
    },
    odata::{Refused, people},
    world::{Json, Row, Tenant, access::object, access::text, packed::Needs, ranks::Act},
};

/// What lets an account be taken over.
const SENSITIVE: [&str; 7] = [
    "accountEnabled",
    "passwordProfile",
    "userPrincipalName",
    "businessPhones",
    "mobilePhone",
    "otherMails",
    "onPremisesImmutableId",
];
/// What is set here even if the rest is mastered on-premises.
const OURS: [&str; 1] = ["usageLocation"];

/// What users change of themselves, beside what is kept elsewhere.
const OWN: [&str; 3] = ["businessPhones", "mobilePhone", "preferredLanguage"];

/// Adds a user.
pub(super) fn create(writer: &mut Writer<'_>) -> Result<Answer, Refused> {
    writer.demand(&USERS_WRITE)?;
    let body = writer.body()?;
    fields::check(&body, &[fields::USER], &people::USER)?;
    for name in [
        "accountEnabled",
        "displayName",
        "mailNickname",
        "userPrincipalName",
        "passwordProfile",
    ] {
        if body.get(name).is_none_or(Value::is_null) {
            return Err(fields::required(name));
        }
    }
    let tenant = writer.caller()?.tenant;
    check_ruled(tenant, &body, None)?;
    let now = writer.call.now.to_string();
    let (tenant, version) = writer.change("user.create", "")?;
    let id = crate::world::change::derived_id(tenant.id, &format!("user {version}"));
    let mut row = blank(tenant, &id, &now);
    for (name, value) in body
        .into_iter()
        .filter(|(name, _)| name != "passwordProfile" && !name.contains('@'))
    {
        row.insert(name, value);
    }
    let issued = row.get("userPrincipalName").cloned().unwrap_or_default();
    row.entry("identities").or_insert(json!([{
        "signInType": "userPrincipalName",
        "issuer": tenant.initial_domain,
        "issuerAssignedId": issued,
    }]));
    tenant.users.put(row.clone(), version);
    if let Some(effect) = writer.world.journal.effects.last_mut() {
        effect.target = id;
    }
    writer.created("users", &people::USER, &row)
}

fn blank(tenant: &Tenant, id: &str, now: &str) -> Json {
    object(json!({
        "id": id,
        "createdDateTime": now,
        "lastPasswordChangeDateTime": now,
        "signInSessionsValidFromDateTime": now,
        "securityIdentifier": format!("S-1-12-1-{}", tenant.users.rows.len()),
        "userType": "Member",
        "givenName": Value::Null,
        "surname": Value::Null,
        "jobTitle": Value::Null,
        "mail": Value::Null,
        "mobilePhone": Value::Null,
        "officeLocation": Value::Null,
        "preferredLanguage": Value::Null,
        "usageLocation": Value::Null,
        "onPremisesSyncEnabled": Value::Null,
        "businessPhones": [],
        "otherMails": [],
        "proxyAddresses": [],
        "assignedLicenses": [],
        "licenseAssignmentStates": [],
        "assignedPlans": [],
        "provisionedPlans": [],
    }))
}

/// Refuses values that go against rules of their own. `own`: the user that may keep its names.
fn check_ruled(tenant: &Tenant, body: &Json, own: Option<&str>) -> Result<(), Refused> {
    fields::flag(body, "accountEnabled")?;
    if let Some(name) = fields::text(body, "mailNickname")? {
        fields::nickname(name)?;
    }
    if let Some(name) = fields::text(body, "userPrincipalName")? {
        principal_name(tenant, name)?;
        free(tenant, name, own)?;
    }
    if let Some(kind) = body.get("userType").and_then(Value::as_str)
        && !["Member", "Guest"].contains(&kind)
    {
        return Err(fields::invalid("userType"));
    }
    match body.get("passwordProfile") {
        None => Ok(()),
        Some(Value::Object(profile)) => {
            let known = [
                "password",
                "forceChangePasswordNextSignIn",
                "forceChangePasswordNextSignInWithMfa",
            ];
            if let Some(other) = profile.keys().find(|name| !known.contains(&name.as_str())) {
                return Err(Refused::unknown_property(other, "passwordProfile"));
            }
            match fields::text(profile, "password")? {
                Some(password) => fields::password(password),
                None if own.is_some() => Ok(()),
                None => Err(fields::required("password")),
            }
        }
        Some(_) => Err(fields::invalid("passwordProfile")),
    }
}

/// A name of allowed letters at a verified domain of the tenant.
fn principal_name(tenant: &Tenant, name: &str) -> Result<(), Refused> {
    let (local, domain) = name
        .rsplit_once('@')
        .ok_or_else(|| fields::invalid("userPrincipalName"))?;
    let fine = |letter: char| letter.is_ascii_alphanumeric() || "'.-_!#^~".contains(letter);
    if local.is_empty() || local.len() > 64 || !local.chars().all(fine) || local.ends_with('.') {
        return Err(fields::invalid("userPrincipalName"));
    }
    let verified = tenant.domains.iter().any(|row| {
        row.get("isVerified") == Some(&Value::Bool(true))
            && text(row, "id").is_some_and(|id| id.eq_ignore_ascii_case(domain))
    });
    if verified {
        Ok(())
    } else {
        Err(Refused::bad(
            "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain \
             names in your organization.",
        ))
    }
}

/// Refuses a name that another user has, deleted or not, as its name or as an address.
fn free(tenant: &Tenant, name: &str, own: Option<&str>) -> Result<(), Refused> {
    match taken(tenant, name, own) {
        Some(property) => Err(conflict(property)),
        None => Ok(()),
    }
}

/// What stands in the way of a name: the property that another user, deleted or not, has it in.
pub(super) fn taken(tenant: &Tenant, name: &str, own: Option<&str>) -> Option<&'static str> {
    let kept = |row: &&Row| row.removed != Some(crate::world::Removed::Deleted);
    let others = tenant
        .users
        .rows
        .iter()
        .filter(|(id, _)| Some(id.as_str()) != own)
        .map(|(_, row)| row);
    let needs = Needs::of(["userPrincipalName", "proxyAddresses"]);
    for row in others.filter(kept).map(|row| row.json.pick(&needs)) {
        if text(&row, "userPrincipalName").is_some_and(|other| other.eq_ignore_ascii_case(name)) {
            return Some("userPrincipalName");
        }
        let addresses = row.get("proxyAddresses").and_then(Value::as_array);
        let addresses = addresses.into_iter().flatten().filter_map(Value::as_str);
        let mut addresses = addresses.filter_map(|address| address.split_once(':'));
        if addresses.any(|(_, address)| address.eq_ignore_ascii_case(name)) {
            return Some("proxyAddresses");
        }
    }
    None
}

pub(super) fn conflict(property: &'static str) -> Refused {
    let mut refused = Refused::bad(format!(
        "Another object with the same value for property {property} already exists."
    ));
    refused.detail = Some(("ObjectConflict", property));
    refused
}

/// Changes properties of a user.
pub(super) fn update(writer: &mut Writer<'_>, name: &str) -> Result<Answer, Refused> {
    let body = writer.body()?;
    let of_password = body
        .keys()
        .all(|key| key == "passwordProfile" || key.contains('@'));
    let is_own = is_own(writer, name, &body);
    if is_own {
        writer.demand(&SELF_WRITE)?;
    } else if of_password && !body.is_empty() {
        writer.demand(&PASSWORDS)?;
    } else {
        editing(writer, &body)?;
    }
    let id = writer.user(name)?;
    fields::check(&body, &[fields::USER, fields::ELSEWHERE], &people::USER)?;
    let elsewhere = body
        .keys()
        .filter(|key| fields::takes(fields::ELSEWHERE, key).is_some())
        .count();
    if elsewhere > 0 {
        kept_elsewhere(writer, &body, elsewhere)?;
    }
    {
        let caller = writer.caller()?;
        let row = caller
            .tenant
            .users
            .get(&id)
            .ok_or_else(|| Refused::not_found(&id))?;
        let synced = row.get("onPremisesSyncEnabled") == Some(&Value::Bool(true));
        if synced && body.keys().any(|key| !OURS.contains(&key.as_str())) && elsewhere == 0 {
            return Err(Refused::bad(
                "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects \
                 currently undergoing migration.",
            ));
        }
        check_ruled(caller.tenant, &body, Some(&id))?;
    }
    let is_other = |key: &String| !SENSITIVE.contains(&key.as_str());
    if !is_own && body.keys().any(is_other) {
        writer.unrestricted(&id)?;
    }
    if body.contains_key("passwordProfile") {
        writer.demand(&PASSWORDS)?;
        kept_here(writer.caller()?.tenant, &id)?;
        writer.outranks(Act::Reset, &id)?;
    }
    let is_sensitive = |key: &String| SENSITIVE.contains(&key.as_str()) && key != "passwordProfile";
    if !is_own && body.keys().any(is_sensitive) {
        writer.outranks(Act::Sensitive, &id)?;
    }
    apply(writer, &id, body)?;
    Ok(Answer::Nothing)
}

/// Refuses a call that may not edit these properties: the permission goes by all of them, or by some alone if the body
/// sets no others; the role goes by whether they are all sensitive.
fn editing(writer: &Writer<'_>, body: &Json) -> Result<(), Refused> {
    if !narrowly(writer, body) {
        writer.demand_scope(&USERS_UPDATE)?;
    }
    let all_sensitive = body.keys().all(|key| SENSITIVE.contains(&key.as_str()));
    let directory = if all_sensitive {
        GUARDIANS
    } else {
        USERS_UPDATE.directory
    };
    writer.caller()?.demand_role(&Right {
        directory,
        ..USERS_UPDATE
    })
}

/// Whether the token has the permission for some properties alone, and the body sets no others.
fn narrowly(writer: &Writer<'_>, body: &Json) -> bool {
    let claims = &writer.call.claims;
    let held = if claims.app_only {
        &claims.roles
    } else {
        &claims.scp
    };
    let has = |scope: &str| held.iter().any(|one| one == scope);
    let fits = |(names, scope): &(&str, &str)| {
        let own = |key: &String| names.split_ascii_whitespace().any(|name| name == key);
        let reads = *names != "accountEnabled" || READS_USERS.iter().any(|scope| has(scope));
        body.keys().all(own) && has(scope) && reads
    };
    !body.is_empty() && NARROW.iter().any(fits)
}

/// Whether the signed-in user changes nothing but what users may change of themselves.
fn is_own(writer: &Writer<'_>, name: &str, body: &Json) -> bool {
    let claims = &writer.call.claims;
    let is_me = !claims.app_only && claims.oid.as_deref() == Some(name);
    let may = |key: &String| OWN.contains(&key.as_str()) || fields::takes(fields::ELSEWHERE, key).is_some();
    is_me && body.keys().all(may)
}

/// Such properties come alone, and from somebody who is signed in.
fn kept_elsewhere(writer: &Writer<'_>, body: &Json, count: usize) -> Result<(), Refused> {
    if count < body.keys().filter(|key| !key.contains('@')).count() {
        return Err(Refused::bad(
            "The request mixes properties of the directory with those of another service: send them apart.",
        ));
    }
    if writer.call.claims.app_only {
        return Err(denied());
    }
    Ok(())
}

/// Refuses users of a federated domain, whose passwords are kept by another sign-in service.
fn kept_here(tenant: &Tenant, id: &str) -> Result<(), Refused> {
    let name = tenant
        .users
        .get(id)
        .and_then(|row| text(row, "userPrincipalName"));
    let domain = name
        .and_then(|name| name.rsplit_once('@'))
        .map(|(_, domain)| domain);
    let is_federated = |row: &Json| {
        let is_own = text(row, "id")
            .zip(domain)
            .is_some_and(|(id, own)| id.eq_ignore_ascii_case(own));
        is_own && text(row, "authenticationType") == Some("Federated")
    };
    if tenant.domains.iter().any(is_federated) {
        return Err(Refused::bad(
            "The password of a user of a federated domain cannot be set here.",
        ));
    }
    Ok(())
}

fn apply(writer: &mut Writer<'_>, id: &str, body: Json) -> Result<(), Refused> {
    let now = writer.call.now.to_string();
    let resets = body
        .get("passwordProfile")
        .is_some_and(|profile| profile.get("password").is_some());
    let (tenant, version) = writer.change("user.update", id)?;
    if resets {
        tenant
            .users
            .set(id, "lastPasswordChangeDateTime", now.as_str(), version);
        tenant
            .users
            .set(id, "signInSessionsValidFromDateTime", now.as_str(), version);
    }
    for (name, value) in body {
        if name.contains('@') || name == "passwordProfile" {
            continue;
        }
        tenant.users.set(id, &name, value, version);
    }
    if resets {
        writer.world.journal.revoked.push(id.to_owned());
    }
    Ok(())
}

/// Deletes a user, who can be restored for thirty days.
pub(super) fn delete(writer: &mut Writer<'_>, name: &str) -> Result<Answer, Refused> {
    writer.demand(&USERS_DELETE)?;
    let id = writer.user(name)?;
    writer.outranks(Act::Sensitive, &id)?;
    let now = writer.call.now.to_string();
    let (tenant, version) = writer.change("user.delete", &id)?;
    tenant.leave(&id, version);
    tenant.users.set(&id, "deletedDateTime", now.as_str(), version);
    tenant.users.remove(&id, crate::world::Removed::Changed, version);
    writer.world.journal.revoked.push(id);
    Ok(Answer::Nothing)
}

/// Ends all sessions of a user.
pub(super) fn revoke(writer: &mut Writer<'_>, name: &str) -> Result<Answer, Refused> {
    writer.demand(&REVOKE)?;
    let id = writer.user(name)?;
    // Anybody may end the sessions of their own.
    if writer.call.claims.oid.as_deref() != Some(&id) {
        writer.outranks(Act::Sessions, &id)?;
    }
    let now = writer.call.now.to_string();
    let (tenant, version) = writer.change("user.revoke", &id)?;
    tenant
        .users
        .set(&id, "signInSessionsValidFromDateTime", now.as_str(), version);
    writer.world.journal.revoked.push(id);
    let context = writer.caller()?.context("Edm.Boolean", None);
    Ok(Answer::Json(json!({"@odata.context": context, "value": true})))
}
