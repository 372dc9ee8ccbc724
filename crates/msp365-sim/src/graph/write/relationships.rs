//! Relationships with customers: proposed, changed, sent and ended. What follows from that is up to the world.

use http::StatusCode;
use serde_json::Value;

use super::{Writer, access_assignments as assignments, terms::Terms};
use crate::{
    graph::{
        answer::Answer,
        tenant_relationships::{RELATIONSHIP_SET, at_partner, below, evolved, forbidden, missing, typed},
        write_rights::RELATIONSHIPS_WRITE,
    },
    odata::{Refused, access::DELEGATED_ADMIN_RELATIONSHIP, partners::DELEGATED_ADMIN_RELATIONSHIP_REQUEST},
    world::{
        Relationship, World,
        change::derived_id,
        gdap::{Action, Change},
    },
};

/// Answers a call that changes a relationship or what is below it; `None` if there is no such call.
pub(super) fn serve(writer: &mut Writer<'_>, rest: &[&str]) -> Option<Result<Answer, Refused>> {
    type Route = fn(&mut Writer<'_>, &[&str]) -> Result<Answer, Refused>;
    let route: Route = match (writer.call.method.as_str(), rest) {
        ("POST", []) => |writer, _| create(writer),
        ("PATCH", [_]) => |writer, rest| update(writer, first(rest)),
        ("DELETE", [_]) => |writer, rest| delete(writer, first(rest)),
        ("POST", [_, "requests"]) => |writer, rest| request(writer, first(rest)),
        ("POST", [_, "accessAssignments"]) => |writer, rest| assignments::create(writer, first(rest)),
        ("PATCH", [_, "accessAssignments", _]) => {
            |writer, rest| assignments::update(writer, (first(rest), last(rest)))
        }
        ("DELETE", [_, "accessAssignments", _]) => {
            |writer, rest| assignments::delete(writer, (first(rest), last(rest)))
        }
        _ => return None,
    };
    Some(permitted(writer).and_then(|()| route(writer, rest)))
}

fn first<'a>(rest: &[&'a str]) -> &'a str {
    rest.first().copied().unwrap_or_default()
}

fn last<'a>(rest: &[&'a str]) -> &'a str {
    rest.last().copied().unwrap_or_default()
}

/// Admin agents may, once they have shown a second factor, and apps that the partner lets act by themselves.
fn permitted(writer: &Writer<'_>) -> Result<(), Refused> {
    let caller = writer.caller()?;
    caller.demand(&RELATIONSHIPS_WRITE)?;
    at_partner(&caller)?;
    let claims = &caller.call.claims;
    if claims.app_only {
        return Ok(());
    }
    let world = caller.world;
    let oid = claims.oid.as_deref().unwrap_or_default();
    let is_agent = world.partner.transitive_groups(oid).contains(&world.admin_agents);
    if is_agent && claims.amr.iter().any(|way| way == "mfa") {
        Ok(())
    } else {
        Err(forbidden("The user does not have the required permissions."))
    }
}

fn create(writer: &mut Writer<'_>) -> Result<Answer, Refused> {
    let terms = Terms::read(writer.world, &writer.body()?)?;
    let absent = |name: &str| bad(format!("The property '{name}' is required."));
    let display_name = terms.name.ok_or_else(|| absent("displayName"))?;
    let duration_days = terms.days.ok_or_else(|| absent("duration"))?;
    let roles = terms.roles.ok_or_else(|| absent("accessDetails"))?;
    let auto_extends = terms.auto_extends.unwrap_or(false);
    unique(writer.world, &display_name, None)?;
    extendable(&roles, auto_extends)?;
    let (customer, customer_name) = terms.customer.unzip();
    let now = writer.call.now;
    let version = writer.world.next_version();
    let half = |purpose: &str| derived_id(writer.call.tenant, &format!("{purpose} {version}"));
    let relationship = Relationship {
        id: format!("{}-{}", half("relationship"), half("second half")),
        customer,
        customer_name: customer_name.unwrap_or_default(),
        display_name,
        roles,
        duration_days,
        auto_extends,
        extended_days: 0,
        stored_status: "created",
        created: now,
        activated: None,
        modified: now,
        assignments: Vec::new(),
        version,
    };
    let row = typed(relationship.render(now));
    writer
        .world
        .effect(writer.call.tenant, "relationship.create", &relationship.id);
    writer.world.relationships.push(relationship);
    writer.created(RELATIONSHIP_SET, &DELEGATED_ADMIN_RELATIONSHIP, &row)
}

/// Names are unique among all relationships of the partner, ended ones included.
fn unique(world: &World, name: &str, own: Option<&str>) -> Result<(), Refused> {
    let name = name.to_lowercase();
    let mut others = world
        .relationships
        .iter()
        .filter(|one| Some(one.id.as_str()) != own);
    if others.any(|one| one.display_name.to_lowercase() == name) {
        return Err(conflict("A relationship with this displayName exists already."));
    }
    Ok(())
}

fn extendable(roles: &[String], auto_extends: bool) -> Result<(), Refused> {
    if auto_extends && roles.iter().any(|role| is_global(role)) {
        return Err(bad(
            "A relationship with the role Global Administrator cannot be extended automatically.".to_owned(),
        ));
    }
    Ok(())
}

fn is_global(role: &str) -> bool {
    role == crate::graph::rights::GLOBAL_ADMINISTRATOR
}

fn update(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    let one = find(writer, id)?.clone();
    matches(writer, &one.etag())?;
    let terms = Terms::read(writer.world, &writer.body()?)?;
    let now = writer.call.now;
    if writer.world.is_busy(id) {
        return Err(conflict("The relationship is being changed."));
    }
    let roles = terms.roles.as_ref().unwrap_or(&one.roles);
    extendable(roles, terms.auto_extends.unwrap_or(one.auto_extends))?;
    match one.status(now) {
        "created" => {
            if let Some(name) = &terms.name {
                unique(writer.world, name, Some(id))?;
            }
        }
        "active" if terms.name.is_none() && terms.days.is_none() && terms.customer.is_none() => {
            if let Some(roles) = &terms.roles
                && !same(roles, &one.roles)
            {
                return drop_global(writer, (&one, roles), terms.auto_extends);
            }
        }
        _ => {
            return Err(conflict(
                "The status of the relationship does not allow this change.",
            ));
        }
    }
    apply(writer, id, terms);
    let row = typed(find(writer, id)?.render(now));
    writer
        .whole(RELATIONSHIP_SET, &DELEGATED_ADMIN_RELATIONSHIP, &row)
        .map(Answer::Json)
}

fn apply(writer: &mut Writer<'_>, id: &str, terms: Terms) {
    let (now, version) = (writer.call.now, writer.world.next_version());
    writer.world.effect(writer.call.tenant, "relationship.update", id);
    let Some(one) = writer.world.relationships.iter_mut().find(|one| one.id == id) else {
        return;
    };
    if let Some((customer, name)) = terms.customer {
        (one.customer, one.customer_name) = (Some(customer), name);
    }
    one.display_name = terms.name.unwrap_or_else(|| one.display_name.clone());
    one.duration_days = terms.days.unwrap_or(one.duration_days);
    if let Some(roles) = terms.roles {
        one.roles = roles;
    }
    if let Some(extends) = terms.auto_extends {
        one.extend_automatically(extends, now);
    }
    (one.modified, one.version) = (now, version);
}

/// The one change that the roles of an active relationship take: to lose Global Administrator.
fn drop_global(
    writer: &mut Writer<'_>,
    (one, roles): (&Relationship, &[String]),
    auto_extends: Option<bool>,
) -> Result<Answer, Refused> {
    let left: Vec<String> = one
        .roles
        .iter()
        .filter(|role| !is_global(role))
        .cloned()
        .collect();
    if auto_extends.is_some() || !same(roles, &left) {
        return Err(bad(
            "The roles of an active relationship cannot be changed, but for the removal of Global Administrator."
                .to_owned(),
        ));
    }
    let change = Change::Relationship { roles: left };
    underway(writer, &one.id, change)
}

/// Begins an operation and says where it is read.
pub(super) fn underway(writer: &mut Writer<'_>, id: &str, change: Change) -> Result<Answer, Refused> {
    writer
        .world
        .effect(writer.call.tenant, "relationship.operation", id);
    let operation = writer.world.begin(id, change, writer.call.now);
    let root = writer.caller()?.root();
    Ok(Answer::Underway {
        location: format!("{root}/{RELATIONSHIP_SET}/{id}/operations/{operation}"),
    })
}

/// Whether two lists hold the same roles.
pub(super) fn same(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().all(|role| other.contains(role))
}

fn delete(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    let one = find(writer, id)?;
    matches(writer, &one.etag())?;
    if one.status(writer.call.now) != "created" || writer.world.is_busy(id) {
        return Err(conflict(
            "A relationship can be deleted only while its status is created.",
        ));
    }
    writer.world.effect(writer.call.tenant, "relationship.delete", id);
    writer.world.relationships.retain(|one| one.id != id);
    Ok(Answer::Nothing)
}

fn request(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    find(writer, id)?;
    let body = writer.body()?;
    let action = match body.get("action").and_then(Value::as_str) {
        Some("lockForApproval") => Action::LockForApproval,
        Some("terminate") => Action::Terminate,
        Some(theirs @ ("approve" | "reject")) => {
            return Err(bad(format!("The action '{theirs}' is for the customer to take.")));
        }
        _ => return Err(bad("The action must be lockForApproval or terminate.")),
    };
    if let Some(other) = body.keys().find(|name| *name != "action" && !name.contains('@')) {
        return Err(bad(format!("The property '{other}' cannot be set.")));
    }
    let taken = writer.world.ask(id, action, writer.call.now);
    let taken = taken.ok_or_else(|| {
        conflict("The status of the relationship does not allow this action, or another is under way.")
    })?;
    writer
        .world
        .effect(writer.call.tenant, "relationship.request", id);
    let caller = writer.caller()?;
    let row = evolved(&caller, taken.render(), ("action", "reject"));
    let location = format!("{}/{RELATIONSHIP_SET}/{id}/requests/{}", caller.root(), taken.id);
    let body = writer.whole(
        &below(id, "requests"),
        &DELEGATED_ADMIN_RELATIONSHIP_REQUEST,
        &row,
    )?;
    Ok(Answer::Created { location, body })
}

/// A relationship of any status.
pub(super) fn find<'a>(writer: &'a Writer<'_>, id: &str) -> Result<&'a Relationship, Refused> {
    writer.world.relationship(id).ok_or_else(|| missing(id))
}

/// Refuses a call that does not know the present state of what it changes.
pub(super) fn matches(writer: &Writer<'_>, etag: &str) -> Result<(), Refused> {
    match writer.call.header("if-match").map(str::trim) {
        Some(known) if known == "*" || known == etag => Ok(()),
        Some(_) => Err(precondition("The etag is not that of the present state.")),
        None => Err(precondition("The header If-Match is required.")),
    }
}

fn precondition(message: &str) -> Refused {
    Refused::new(StatusCode::PRECONDITION_FAILED, "PreconditionFailed", message)
}

pub(super) fn bad(message: impl Into<String>) -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, "BadRequest", message)
}

pub(super) fn conflict(message: &str) -> Refused {
    Refused::new(StatusCode::CONFLICT, "Conflict", message)
}
