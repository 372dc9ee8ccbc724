//! Creating, changing and deleting groups.

use serde_json::{Value, json};

use super::{Writer, fields, members};
use crate::{
    graph::{
        answer::Answer,
        denied,
        write_rights::{GROUPS_WRITE, LICENCES_WRITE, MEMBERS_WRITE, ROLES_WRITE},
    },
    odata::{Refused, people},
    world::{Json, Removed, Tenant, access::object, access::text},
};

/// Kept by Exchange, for somebody who is signed in.
const EXCHANGE: &fields::Fields = &[(
    fields::Takes::Flag,
    "allowExternalSenders autoSubscribeNewMembers hideFromAddressLists hideFromOutlookClients isSubscribedByMail",
)];

/// Whether a flag of a group is set.
pub(super) fn is(group: &Json, name: &str) -> bool {
    group.get(name) == Some(&Value::Bool(true))
}

/// Whether a group is of a type such as `Unified`.
pub(super) fn is_of(group: &Json, kind: &str) -> bool {
    let types = group.get("groupTypes").and_then(Value::as_array);
    types.is_some_and(|types| types.iter().any(|one| one == kind))
}

/// Refuses to change groups whose master is elsewhere.
pub(super) fn changeable(group: &Json) -> Result<(), Refused> {
    if is(group, "onPremisesSyncEnabled") {
        return Err(Refused::bad(
            "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects \
             currently undergoing migration.",
        ));
    }
    if is(group, "mailEnabled") && !is_of(group, "Unified") {
        return Err(Refused::bad(
            "Cannot Update a mail-enabled security groups and or distribution list.",
        ));
    }
    Ok(())
}

/// Adds a group.
pub(super) fn create(writer: &mut Writer<'_>) -> Result<Answer, Refused> {
    writer.demand(&GROUPS_WRITE)?;
    let body = writer.body()?;
    fields::check(&body, &[fields::GROUP], &people::GROUP)?;
    for name in ["displayName", "mailEnabled", "mailNickname", "securityEnabled"] {
        if body.get(name).is_none_or(Value::is_null) {
            return Err(fields::required(name));
        }
    }
    if is(&body, "isAssignableToRole") {
        writer.demand(&ROLES_WRITE)?;
    }
    let tenant = writer.caller()?.tenant;
    check_kind(tenant, &body)?;
    let members = members::bound(tenant, &body, "members@odata.bind")?;
    let owners = members::bound(tenant, &body, "owners@odata.bind")?;
    for (id, kind) in &members {
        members::fits(tenant, &body, id, kind)?;
    }
    let now = writer.call.now.to_string();
    let (tenant, version) = writer.change("group.create", "")?;
    let id = crate::world::change::derived_id(tenant.id, &format!("group {version}"));
    let row = made(tenant, &id, &now, body);
    tenant.groups.put(row.clone(), version);
    for (member, kind) in &members {
        tenant.add_member(&id, member, kind, version);
    }
    let owners = owners.into_iter().map(|(owner, _)| owner).collect();
    tenant.register.owners.insert(id.clone(), owners);
    if let Some(effect) = writer.world.journal.effects.last_mut() {
        effect.target = id;
    }
    writer.created("groups", &people::GROUP, &row)
}

fn check_kind(tenant: &Tenant, body: &Json) -> Result<(), Refused> {
    let mail = fields::flag(body, "mailEnabled")? == Some(true);
    let security = fields::flag(body, "securityEnabled")? == Some(true);
    let assignable = fields::flag(body, "isAssignableToRole")? == Some(true);
    let nickname = fields::text(body, "mailNickname")?.unwrap_or_default();
    fields::nickname(nickname)?;
    let types = body.get("groupTypes").map(Value::as_array);
    let types = match types {
        None => &Vec::new(),
        Some(Some(types)) => types,
        Some(None) => return Err(fields::invalid("groupTypes")),
    };
    if types
        .iter()
        .any(|kind| kind != "Unified" && kind != "DynamicMembership")
    {
        return Err(fields::invalid("groupTypes"));
    }
    let (unified, dynamic) = (is_of(body, "Unified"), is_of(body, "DynamicMembership"));
    if mail != unified || !(mail || security) {
        return Err(Refused::bad(
            "The service does not currently support writes of mail-enabled groups. Please ensure that the \
             mail-enablement property is unset and the security-enablement property is set.",
        ));
    }
    let rule = text(body, "membershipRule").is_some();
    if dynamic != rule || (dynamic && !tenant.has_p1) {
        return Err(fields::invalid("membershipRule"));
    }
    if assignable && (dynamic || !security || !tenant.has_p1) {
        return Err(fields::invalid("isAssignableToRole"));
    }
    let taken = |row: &Json| {
        let own = text(row, "mailNickname");
        unified && is_of(row, "Unified") && own.is_some_and(|own| own.eq_ignore_ascii_case(nickname))
    };
    if tenant.groups.present().any(taken) {
        return Err(super::users::conflict("mailNickname"));
    }
    Ok(())
}

fn made(tenant: &Tenant, id: &str, now: &str, body: Json) -> Json {
    let unified = is_of(&body, "Unified");
    let nickname = text(&body, "mailNickname").unwrap_or_default();
    let mail = unified.then(|| format!("{nickname}@{}", tenant.default_domain));
    let addresses: Vec<String> = mail.iter().map(|mail| format!("SMTP:{mail}")).collect();
    let mut row = object(json!({
        "id": id,
        "createdDateTime": now,
        "renewedDateTime": now,
        "description": Value::Null,
        "groupTypes": [],
        "mail": mail,
        "proxyAddresses": addresses,
        "isAssignableToRole": Value::Null,
        "membershipRule": Value::Null,
        "membershipRuleProcessingState": is_of(&body, "DynamicMembership").then_some("On"),
        "resourceBehaviorOptions": [],
        "resourceProvisioningOptions": [],
        "assignedLicenses": [],
        "classification": Value::Null,
        "deletedDateTime": Value::Null,
        "expirationDateTime": Value::Null,
        "onPremisesLastSyncDateTime": Value::Null,
        "onPremisesProvisioningErrors": [],
        "onPremisesSecurityIdentifier": Value::Null,
        "onPremisesSyncEnabled": Value::Null,
        "preferredDataLocation": Value::Null,
        "preferredLanguage": Value::Null,
        "theme": Value::Null,
        "securityIdentifier": format!("S-1-12-1-{}", tenant.groups.rows.len()),
        "visibility": unified.then_some("Public"),
    }));
    row.extend(body.into_iter().filter(|(name, _)| !name.contains('@')));
    row
}

/// A group that the call may change.
pub(super) fn find(writer: &Writer<'_>, id: &str) -> Result<Json, Refused> {
    let caller = writer.caller()?;
    let group = caller.tenant.groups.get(id).cloned();
    group.ok_or_else(|| Refused::not_found(id))
}

/// Changes properties of a group, or adds up to twenty members.
pub(super) fn update(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    let body = writer.body()?;
    let only_members = !body.is_empty() && body.keys().all(|name| name == "members@odata.bind");
    writer.demand(if only_members {
        &MEMBERS_WRITE
    } else {
        &GROUPS_WRITE
    })?;
    let group = find(writer, id)?;
    if is(&group, "isAssignableToRole") {
        writer.demand(&ROLES_WRITE)?;
    }
    fields::check(&body, &[fields::GROUP, EXCHANGE], &people::GROUP)?;
    for fixed in ["isAssignableToRole", "mailEnabled", "groupTypes"] {
        if body
            .get(fixed)
            .is_some_and(|value| Some(value) != group.get(fixed))
        {
            return Err(Refused::bad(format!(
                "Property '{fixed}' is read-only once the group exists."
            )));
        }
    }
    changeable(&group)?;
    if let Some(name) = fields::text(&body, "mailNickname")? {
        fields::nickname(name)?;
    }
    let members = members::bound(writer.caller()?.tenant, &body, "members@odata.bind")?;
    for (member, kind) in &members {
        members::addable(writer.caller()?.tenant, &group, member, kind)?;
    }
    let of_exchange = body
        .keys()
        .filter(|name| fields::takes(EXCHANGE, name).is_some())
        .count();
    if of_exchange > 0 && of_exchange < body.len() {
        return Err(Refused::bad(
            "The request mixes properties of the directory with those of another service: send them apart.",
        ));
    }
    if of_exchange > 0 && writer.call.claims.app_only {
        return Err(denied());
    }
    let now = writer.call.now.to_string();
    let (tenant, version) = writer.change("group.update", id)?;
    for (name, value) in body.into_iter().filter(|(name, _)| !name.contains('@')) {
        tenant.groups.set(id, &name, value, version);
    }
    for (member, kind) in &members {
        tenant.add_member(id, member, kind, version);
        tenant.inherit(member, &now, version);
    }
    if of_exchange == 0 {
        return Ok(Answer::Nothing);
    }
    let row = find(writer, id)?;
    Ok(Answer::Json(writer.whole("groups", &people::GROUP, &row)?))
}

/// Deletes a group. A Microsoft 365 group may come back.
pub(super) fn delete(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    writer.demand(&GROUPS_WRITE)?;
    let group = find(writer, id)?;
    if is(&group, "isAssignableToRole") {
        writer.demand(&ROLES_WRITE)?;
    }
    changeable(&group)?;
    let now = writer.call.now.to_string();
    let (tenant, version) = writer.change("group.delete", id)?;
    let how = if is_of(&group, "Unified") {
        tenant.groups.set(id, "deletedDateTime", now.as_str(), version);
        Removed::Changed
    } else {
        Removed::Deleted
    };
    tenant.groups.remove(id, how, version);
    let members: Vec<String> = tenant
        .members
        .get(id)
        .into_iter()
        .flatten()
        .map(|(member, _)| member.clone())
        .collect();
    for member in members {
        tenant.inherit(&member, &now, version);
    }
    let roles: Vec<String> = tenant
        .role_assignments
        .present()
        .filter(|row| text(row, "principalId") == Some(id))
        .filter_map(|row| text(row, "id").map(str::to_owned))
        .collect();
    for role in roles {
        tenant.role_assignments.remove(&role, Removed::Deleted, version);
    }
    Ok(Answer::Nothing)
}

/// Changes what a group hands out to its members.
pub(super) fn assign_licence(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    writer.demand(&LICENCES_WRITE)?;
    let group = find(writer, id)?;
    let wanted = super::licences::wanted(&writer.body()?)?;
    let mut held: Vec<Value> = group
        .get("assignedLicenses")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    {
        let caller = writer.caller()?;
        for sku in wanted.add.iter().map(|(sku, _)| sku).chain(&wanted.remove) {
            super::licences::known(caller.tenant, sku)?;
        }
    }
    let of = |sku: &str| {
        let sku = sku.to_owned();
        move |one: &Value| one.get("skuId").and_then(Value::as_str) == Some(sku.as_str())
    };
    for sku in &wanted.remove {
        if !held.iter().any(of(sku)) {
            return Err(Refused::bad("Group does not have a corresponding license."));
        }
        held.retain(|one| !of(sku)(one));
    }
    for (sku, off) in &wanted.add {
        held.retain(|one| !of(sku)(one));
        held.push(json!({"skuId": sku, "disabledPlans": off}));
    }
    let now = writer.call.now.to_string();
    let (tenant, version) = writer.change("group.assignLicense", id)?;
    tenant.groups.set(id, "assignedLicenses", held, version);
    let complete = json!({"state": "ProcessingComplete"});
    tenant.groups.set(id, "licenseProcessingState", complete, version);
    let members: Vec<String> = tenant
        .members
        .get(id)
        .into_iter()
        .flatten()
        .filter(|(_, edge)| !edge.removed)
        .map(|(member, _)| member.clone())
        .collect();
    for member in members {
        tenant.inherit(&member, &now, version);
    }
    let row = find(writer, id)?;
    let body = writer.whole("groups", &people::GROUP, &row)?;
    Ok(Answer::Accepted {
        location: None,
        body: Some(body),
    })
}
