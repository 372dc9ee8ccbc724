//! Members and owners of groups, by reference.

use super::{Writer, groups, reference, referred};
use crate::{
    graph::{
        answer::Answer,
        caller::Caller,
        write_rights::{GROUPS_WRITE, MEMBERS_WRITE, OWN_MEMBERS_WRITE, ROLES_WRITE},
    },
    odata::Refused,
    world::{Json, Tenant},
};

/// The most members one change may bind.
const MOST_BOUND: usize = 20;
/// The most owners a group has.
const MOST_OWNERS: usize = 100;
/// Where references to members may lead.
const COLLECTIONS: [&str; 5] = [
    "directoryObjects",
    "users",
    "groups",
    "devices",
    "servicePrincipals",
];

/// The members that a body binds, with their types.
pub(super) fn bound(
    tenant: &Tenant,
    body: &Json,
    name: &str,
) -> Result<Vec<(String, &'static str)>, Refused> {
    let Some(value) = body.get(name) else {
        return Ok(Vec::new());
    };
    let links = value
        .as_array()
        .ok_or_else(|| Refused::bad(format!("'{name}' is a list of links.")))?;
    if links.len() > MOST_BOUND {
        return Err(Refused::bad(format!(
            "The number of references in '{name}' exceeds the maximum allowed number: {MOST_BOUND}."
        )));
    }
    links
        .iter()
        .map(|link| {
            let id = referred(link, &COLLECTIONS)?;
            let kind = kind(tenant, &id).ok_or_else(|| Refused::not_found(&id))?;
            Ok((id, kind))
        })
        .collect()
}

/// The type of an object of the tenant.
pub(super) fn kind(tenant: &Tenant, id: &str) -> Option<&'static str> {
    [
        (&tenant.users, "#microsoft.graph.user"),
        (&tenant.groups, "#microsoft.graph.group"),
        (&tenant.devices, "#microsoft.graph.device"),
        (&tenant.service_principals, "#microsoft.graph.servicePrincipal"),
    ]
    .into_iter()
    .find(|(table, _)| table.get(id).is_some())
    .map(|(_, kind)| kind)
}

/// Refuses what cannot be a member of a group of this kind.
pub(super) fn fits(tenant: &Tenant, group: &Json, member: &str, kind: &str) -> Result<(), Refused> {
    if groups::is_of(group, "DynamicMembership") {
        return Err(Refused::bad(
            "Insufficient privileges to complete the operation: the membership of a dynamic group follows its rule.",
        ));
    }
    if kind != "#microsoft.graph.group" {
        let of_people = groups::is_of(group, "Unified") && kind != "#microsoft.graph.user";
        return if of_people { Err(unfit()) } else { Ok(()) };
    }
    let is_unified = tenant
        .groups
        .get(member)
        .is_some_and(|member| groups::is_of(member, "Unified"));
    let closed = groups::is_of(group, "Unified") || groups::is(group, "isAssignableToRole");
    if is_unified || closed {
        return Err(unfit());
    }
    Ok(())
}

fn unfit() -> Refused {
    Refused::bad("An invalid operation was included in the following modified references: 'members'.")
}

/// Refuses what cannot be added to a group, or is in it.
pub(super) fn addable(tenant: &Tenant, group: &Json, member: &str, kind: &str) -> Result<(), Refused> {
    let id = crate::graph::caller::id_of(group);
    fits(tenant, group, member, kind)?;
    if id == member {
        return Err(unfit());
    }
    if is_in(tenant, id, member) {
        return Err(Refused::bad(
            "One or more added object references already exist for the following modified properties: 'members'.",
        ));
    }
    Ok(())
}

fn is_in(tenant: &Tenant, group: &str, member: &str) -> bool {
    let edge = tenant.members.get(group).and_then(|members| members.get(member));
    edge.is_some_and(|edge| !edge.removed)
}

/// Refuses a call that may not change the members of a group. Owners of a group may without a role; groups that roles
/// can be assigned to take a permission more, and the role for roles in place of that for groups.
fn demand(writer: &Writer<'_>, id: &str, group: &Json) -> Result<(), Refused> {
    let caller = writer.caller()?;
    let for_roles = groups::is(group, "isAssignableToRole");
    if for_roles {
        writer.demand_scope(&ROLES_WRITE)?;
    }
    if owns(&caller, id) {
        return caller.demand(&OWN_MEMBERS_WRITE);
    }
    // Roles of the whole tenant, which all are that are given here, do not reach into such a unit.
    if groups::is(group, "isManagementRestricted") {
        return Err(crate::graph::denied());
    }
    if for_roles {
        writer.demand_scope(&MEMBERS_WRITE)?;
        return caller.demand(&ROLES_WRITE);
    }
    caller.demand(&MEMBERS_WRITE)
}

fn owns(caller: &Caller<'_>, group: &str) -> bool {
    let owners = caller.tenant.register.owners.get(group);
    let oid = caller.call.claims.oid.as_ref();
    !caller.call.claims.app_only && owners.zip(oid).is_some_and(|(owners, oid)| owners.contains(oid))
}

/// Adds one member.
pub(super) fn add(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    writer.demand_scope(&MEMBERS_WRITE)?;
    let group = groups::find(writer, id)?;
    demand(writer, id, &group)?;
    let member = reference(&writer.body()?, &COLLECTIONS)?;
    groups::changeable(&group)?;
    let kind = {
        let tenant = writer.caller()?.tenant;
        let kind = kind(tenant, &member).ok_or_else(|| Refused::not_found(&member))?;
        addable(tenant, &group, &member, kind)?;
        kind
    };
    let now = writer.call.now.to_string();
    let (tenant, version) = writer.change("group.member.add", &format!("{id} {member}"))?;
    tenant.add_member(id, &member, kind, version);
    tenant.inherit(&member, &now, version);
    Ok(Answer::Nothing)
}

/// Takes one member out.
pub(super) fn remove(writer: &mut Writer<'_>, id: &str, member: &str) -> Result<Answer, Refused> {
    writer.demand_scope(&MEMBERS_WRITE)?;
    let group = groups::find(writer, id)?;
    demand(writer, id, &group)?;
    groups::changeable(&group)?;
    fits(writer.caller()?.tenant, &group, member, "#microsoft.graph.user")?;
    if !is_in(writer.caller()?.tenant, id, member) {
        return Err(Refused::not_found(member));
    }
    let now = writer.call.now.to_string();
    let (tenant, version) = writer.change("group.member.remove", &format!("{id} {member}"))?;
    let edge = tenant
        .members
        .get_mut(id)
        .and_then(|members| members.get_mut(member));
    if let Some(edge) = edge {
        edge.removed = true;
        edge.version = version;
    }
    tenant.inherit(member, &now, version);
    Ok(Answer::Nothing)
}

/// Adds an owner.
pub(super) fn add_owner(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    writer.demand_scope(&GROUPS_WRITE)?;
    let group = groups::find(writer, id)?;
    if groups::is(&group, "isAssignableToRole") {
        writer.demand(&ROLES_WRITE)?;
    } else {
        writer.demand(&GROUPS_WRITE)?;
    }
    if groups::is(&group, "isManagementRestricted") {
        return Err(crate::graph::denied());
    }
    groups::changeable(&group)?;
    let owner = reference(&writer.body()?, &["users", "directoryObjects"])?;
    let owner = writer.user(&owner)?;
    {
        let owners = writer.caller()?.tenant.register.owners.get(id);
        if owners.is_some_and(|owners| owners.contains(&owner)) {
            return Err(Refused::bad(
                "One or more added object references already exist for the following modified properties: 'owners'.",
            ));
        }
        if owners.is_some_and(|owners| owners.len() >= MOST_OWNERS) {
            return Err(Refused::bad("The group has as many owners as a group may have."));
        }
    }
    let (tenant, _) = writer.change("group.owner.add", &format!("{id} {owner}"))?;
    let owners = tenant.register.owners.entry(id.to_owned()).or_default();
    owners.insert(owner);
    Ok(Answer::Nothing)
}

/// Takes an owner away, unless it is the last of a Microsoft 365 group.
pub(super) fn remove_owner(writer: &mut Writer<'_>, id: &str, owner: &str) -> Result<Answer, Refused> {
    writer.demand(&GROUPS_WRITE)?;
    let group = groups::find(writer, id)?;
    groups::changeable(&group)?;
    let left = {
        let owners = writer.caller()?.tenant.register.owners.get(id);
        let owners = owners.filter(|owners| owners.contains(owner));
        owners.ok_or_else(|| Refused::not_found(owner))?.len()
    };
    if left == 1 && groups::is_of(&group, "Unified") {
        return Err(Refused::bad(
            "The group must have at least one owner, hence this owner cannot be removed.",
        ));
    }
    let (tenant, _) = writer.change("group.owner.remove", &format!("{id} {owner}"))?;
    if let Some(owners) = tenant.register.owners.get_mut(id) {
        owners.remove(owner);
    }
    Ok(Answer::Nothing)
}

/// Without `$ref` it is the member that is deleted, not its membership.
pub(super) fn delete_object(writer: &mut Writer<'_>, id: &str, member: &str) -> Result<Answer, Refused> {
    let tenant = writer.caller()?.tenant;
    if !is_in(tenant, id, member) {
        return Err(Refused::not_found(member));
    }
    match kind(tenant, member) {
        Some("#microsoft.graph.user") => super::users::delete(writer, member),
        Some("#microsoft.graph.group") => groups::delete(writer, member),
        _ => Err(crate::graph::denied()),
    }
}
