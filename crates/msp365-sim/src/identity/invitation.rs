//! A customer's answer to a partner's request for a relationship, given by a person.
//!
//! Microsoft's link holds the relationship behind a `#`, which no browser sends and which takes a script to read. So
//! the page at its address asks for it, and the same address without the `#` leads there at once.

use http::StatusCode;
use msp365_core::Reply;

use super::{
    Visit,
    desk::{Desk, Flow, Login, Purpose},
    login,
    pages::{self, Form},
};
use crate::{
    reply,
    world::{
        Relationship, World,
        gdap::Action,
        roles::{name_of, template},
    },
};

/// What stands before the id of a relationship in a link.
const PLACE: &str = "/AdminPortal/partners/invitation/granularAdminRelationships/";
/// What people sign in to.
pub(super) const NAME: &str = "Microsoft 365 admin center";

/// Where Microsoft's links lead: asks which relationship it is about.
pub(super) fn home(visit: &Visit<'_>) -> Reply {
    match visit.field("relationship") {
        Some(link) => {
            let id = link.trim().trim_end_matches('/').rsplit('/').next().into_iter();
            let is_of_an_id = |sign: &char| sign.is_ascii_alphanumeric() || *sign == '-';
            let id: String = id.flat_map(str::chars).filter(is_of_an_id).collect();
            reply::redirect(&format!("{}{PLACE}{id}", visit.base))
        }
        None => pages::which_invitation(visit.path),
    }
}

/// A person who was sent a link.
pub(super) fn begin(world: &World, desk: &mut Desk, visit: &Visit<'_>, relationship: &str) -> Reply {
    desk.tidy(visit.now);
    let Some(one) = waiting(world, visit, relationship) else {
        return void();
    };
    let flow = Flow {
        purpose: Purpose::Invitation(relationship.to_owned()),
        tenant: one.customer,
        client_id: String::new(),
        login: None,
        began: visit.now,
    };
    let id = desk.opaque("f");
    login::step(world, desk, visit, (&id, flow))
}

/// What the partner asks for, for whoever signed in.
pub(super) fn page(world: &World, visit: &Visit<'_>, form: Form<'_>, (login, id): (&Login, &str)) -> Reply {
    let Some(one) = waiting(world, visit, id) else {
        return void();
    };
    let tenant = world
        .tenant(login.home)
        .filter(|_| may_answer(world, visit, login, one));
    let Some(tenant) = tenant else {
        let text = "Only a Global Administrator of the customer can approve what a partner asks for.";
        return pages::message(StatusCode::FORBIDDEN, "You can't approve this request", text);
    };
    let roles = one.roles.iter().map(|role| name_of(role).unwrap_or(role));
    let terms = (one.display_name.as_str(), one.duration_days);
    pages::invitation(form, (&world.partner.name, &tenant.name), terms, roles)
}

/// Takes the answer.
pub(super) fn answer(
    world: &mut World,
    visit: &Visit<'_>,
    (login, id): (&Login, &str),
    action: Action,
) -> Reply {
    let one = waiting(world, visit, id);
    let may = one.is_some_and(|one| may_answer(world, visit, login, one));
    let is_theirs = may && (action != Action::Approve || world.settle_customer(id, login.home));
    if !is_theirs || world.ask(id, action, visit.now).is_none() {
        return void();
    }
    match action {
        Action::Approve => pages::message(
            StatusCode::OK,
            "You approved the partner",
            "The relationship becomes active within minutes. You may close this window.",
        ),
        _ => pages::message(
            StatusCode::OK,
            "You declined",
            "The partner gets no roles. You may close this window.",
        ),
    }
}

/// The relationship, if it waits for an answer.
fn waiting<'a>(world: &'a World, visit: &Visit<'_>, id: &str) -> Option<&'a Relationship> {
    let one = world.relationship(id)?;
    (one.status(visit.now) == Action::Approve.wants()).then_some(one)
}

fn may_answer(world: &World, visit: &Visit<'_>, login: &Login, one: &Relationship) -> bool {
    let held = world.directory_roles(login.home, &login.oid, visit.now);
    login.home != world.partner.id
        && one.customer.is_none_or(|customer| customer == login.home)
        && held.contains(&template("Global Administrator"))
}

fn void() -> Reply {
    let text =
        "It was answered already, it is too old, or the link is not complete. Ask the partner for a new one.";
    pages::message(StatusCode::NOT_FOUND, "This request is no longer there", text)
}
