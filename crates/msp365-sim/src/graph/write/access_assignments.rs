//! Which groups of the partner hold which roles of a relationship.

use serde_json::Value;

use super::{
    Writer,
    relationships::{bad, conflict, find, matches, same, underway},
    terms::read_roles,
};
use crate::{
    graph::{
        answer::Answer,
        tenant_relationships::{RELATIONSHIP_SET, below, missing},
    },
    odata::{Refused, access::DELEGATED_ADMIN_ACCESS_ASSIGNMENT},
    world::{Assignment, Json, Relationship, Tenant, gdap::Change},
};

/// Begins to give roles to a group.
pub(super) fn create(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    let one = find(writer, id)?;
    let body = writer.body()?;
    known(&body, &["accessContainer", "accessDetails"])?;
    let group = container(&writer.world.partner, body.get("accessContainer"))?;
    let roles = subset(one, body.get("accessDetails"))?;
    if one.status(writer.call.now) != "active" {
        return Err(conflict(
            "Access can be assigned only while the relationship is active.",
        ));
    }
    let mut others = one.assignments.iter().filter(|other| other.status != "deleted");
    if others.any(|other| other.group == group) {
        return Err(conflict("The resource already exists."));
    }
    let assigned = writer.world.assign(id, (group, roles), writer.call.now);
    let assigned = assigned.ok_or_else(|| missing(id))?;
    writer
        .world
        .effect(writer.call.tenant, "relationship.assign", &assigned.id);
    let location = format!(
        "{}/{RELATIONSHIP_SET}/{id}/accessAssignments/{}",
        writer.caller()?.root(),
        assigned.id
    );
    let body = whole(writer, id, &assigned)?;
    Ok(Answer::Created { location, body })
}

/// Begins to change the roles of an assignment.
pub(super) fn update(writer: &mut Writer<'_>, (id, assignment): (&str, &str)) -> Result<Answer, Refused> {
    let (one, held) = both(writer, (id, assignment))?;
    matches(writer, &held.etag())?;
    let body = writer.body()?;
    known(&body, &["accessDetails"])?;
    let roles = subset(one, body.get("accessDetails"))?;
    if same(&roles, &held.roles) {
        return Ok(Answer::Json(whole(writer, id, held)?));
    }
    let is_active = held.status == "active" && one.status(writer.call.now) == "active";
    if !is_active || writer.world.is_busy(id) {
        return Err(conflict(
            "The access assignment is not active, or it is being changed.",
        ));
    }
    let change = Change::Assignment {
        id: held.id.clone(),
        group: held.group.clone(),
        roles,
    };
    underway(writer, id, change)
}

/// Begins to take an assignment away.
pub(super) fn delete(writer: &mut Writer<'_>, (id, assignment): (&str, &str)) -> Result<Answer, Refused> {
    let (_, held) = both(writer, (id, assignment))?;
    matches(writer, &held.etag())?;
    let from = held.status;
    if !matches!(from, "active" | "error") || writer.world.is_busy(id) {
        return Err(conflict(
            "The access assignment is not active, or it is being changed.",
        ));
    }
    writer
        .world
        .effect(writer.call.tenant, "relationship.unassign", assignment);
    writer.world.unassign((id, assignment), from, writer.call.now);
    Ok(Answer::Nothing)
}

fn both<'a>(
    writer: &'a Writer<'_>,
    (id, assignment): (&str, &str),
) -> Result<(&'a Relationship, &'a Assignment), Refused> {
    let one = find(writer, id)?;
    let held = one.assignment(assignment).ok_or_else(|| missing(assignment))?;
    Ok((one, held))
}

fn whole(writer: &Writer<'_>, id: &str, assignment: &Assignment) -> Result<Value, Refused> {
    writer.whole(
        &below(id, "accessAssignments"),
        &DELEGATED_ADMIN_ACCESS_ASSIGNMENT,
        &assignment.render(),
    )
}

fn known(body: &Json, names: &[&str]) -> Result<(), Refused> {
    let mut others = body
        .keys()
        .filter(|name| !name.contains('@') && !names.contains(&name.as_str()));
    match others.next() {
        Some(other) => Err(bad(format!("The property '{other}' cannot be set."))),
        None => Ok(()),
    }
}

/// The id of a security group of the partner.
fn container(partner: &Tenant, value: Option<&Value>) -> Result<String, Refused> {
    let member = |name: &str| value.and_then(|value| value.get(name)).and_then(Value::as_str);
    if member("accessContainerType") != Some("securityGroup") {
        return Err(bad("The accessContainerType must be securityGroup."));
    }
    let id = member("accessContainerId").unwrap_or_default().to_lowercase();
    let group = partner
        .groups
        .get(&id)
        .ok_or_else(|| bad("The access container does not exist."))?;
    let is_unified = group
        .get("groupTypes")
        .and_then(Value::as_array)
        .is_some_and(|kinds| kinds.iter().any(|kind| kind == "Unified"));
    if is_unified || group.get("securityEnabled") != Some(&Value::Bool(true)) {
        return Err(bad("The access container is not a security group."));
    }
    Ok(id)
}

/// Roles that the relationship has.
fn subset(one: &Relationship, value: Option<&Value>) -> Result<Vec<String>, Refused> {
    let roles = read_roles(value.unwrap_or(&Value::Null))?;
    match roles.iter().find(|role| !one.roles.contains(role)) {
        Some(role) => Err(bad(format!("The role '{role}' is not one of the relationship."))),
        None => Ok(roles),
    }
}
