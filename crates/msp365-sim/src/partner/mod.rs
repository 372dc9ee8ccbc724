//! Partner Center: the customers of the partner, and consent for the partner's app in them.

mod audit;
mod consents;
mod customers;
mod paging;
mod rights;
mod roles;
mod subscriptions;
#[cfg(test)]
mod tests;
mod users;
mod wire;

use http::StatusCode;
use msp365_core::Reply;

use self::wire::{Answer, Refusal};
use crate::{api::ApiCall, world::World};

/// Answers one call.
pub(crate) fn handle(world: &mut World, call: &ApiCall) -> Reply {
    world.settle(call.now);
    let answered = serve(world, call);
    wire::reply(world, call, answered)
}

fn serve(world: &mut World, call: &ApiCall) -> Result<Answer, Refusal> {
    authenticate(world, call)?;
    acceptable(call)?;
    let path: Vec<&str> = call
        .path
        .iter()
        .map(String::as_str)
        .filter(|segment| !segment.is_empty())
        .collect();
    match (call.method.as_str(), path.as_slice()) {
        ("GET", ["applicationmfaadoptionstatus"]) => audit::adoption(world, call),
        ("GET", ["partnerRequests"]) => audit::calls(world, call),
        ("GET", ["nonMfaCompliantPartnerPrincipals"]) => audit::offenders(world, call),
        ("GET", ["auditrecords"]) => audit::records(world, call),
        ("GET", ["relationships"]) => customers::partners(call),
        ("GET", ["customers"]) => customers::list(world, call),
        ("GET", ["customers", "relationshiprequests"]) => Ok(customers::invitation(world)),
        ("GET", ["customers", id]) => customers::get(world, id),
        ("PATCH", ["customers", id]) => customers::update(world, call, id),
        (method, ["customers", id, rest @ ..]) => below(world, call, (method, id, rest)),
        (_, path) => Err(nowhere(path)),
    }
}

fn below(
    world: &mut World,
    call: &ApiCall,
    (method, id, rest): (&str, &str, &[&str]),
) -> Result<Answer, Refusal> {
    match (method, rest) {
        ("GET", ["profiles", "company"]) => customers::company(world, id),
        ("GET", ["managedservices"]) => customers::managed_services(world, id),
        ("GET", ["relationships"]) => customers::relationships(world, id),
        ("POST", ["applicationconsents"]) => consents::create(world, call, id),
        ("DELETE", ["applicationconsents", app]) => consents::remove(world, call, id, app),
        ("GET", ["subscriptions"]) => subscriptions::list(world, call, id),
        ("GET", ["subscriptions", one]) => subscriptions::get(world, id, one),
        ("GET", ["subscribedskus"]) => subscriptions::skus(world, call, id),
        ("GET", ["users"]) => users::list(world, call, id),
        ("GET", ["users", user]) => users::get(world, call, (id, user)),
        ("PATCH", ["users", user]) => users::update(world, call, (id, user)),
        ("GET", ["users", user, "licenses"]) => users::licences(world, call, (id, user)),
        ("POST", ["users", user, "licenseupdates"]) => users::update_licences(world, call, (id, user)),
        ("GET", ["users", user, "directoryroles"]) => roles::of_user(world, call, (id, user)),
        ("GET", ["directoryroles"]) => roles::list(world, call, id),
        ("GET", ["directoryroles", role, "usermembers"]) => roles::members(world, call, (id, role)),
        ("POST", ["directoryroles", role, "usermembers"]) => roles::add(world, call, (id, role)),
        ("DELETE", ["directoryroles", role, "usermembers", user]) => {
            roles::remove(world, call, (id, role, user))
        }
        (_, rest) => Err(nowhere_below(rest)),
    }
}

/// The refusal of what is not served: another method where the path is known, the path itself elsewhere.
fn nowhere(path: &[&str]) -> Refusal {
    match path {
        [
            "applicationmfaadoptionstatus"
            | "partnerRequests"
            | "nonMfaCompliantPartnerPrincipals"
            | "auditrecords"
            | "relationships"
            | "customers",
        ] => not_allowed(),
        _ => not_found(),
    }
}

fn nowhere_below(rest: &[&str]) -> Refusal {
    match rest {
        []
        | ["profiles", "company"]
        | [
            "managedservices"
            | "relationships"
            | "subscriptions"
            | "subscribedskus"
            | "users"
            | "directoryroles"
            | "applicationconsents",
        ]
        | ["applicationconsents" | "subscriptions" | "users", _]
        | ["users", _, "licenses" | "licenseupdates" | "directoryroles"]
        | ["directoryroles", _, "usermembers"]
        | ["directoryroles", _, "usermembers", _] => not_allowed(),
        _ => not_found(),
    }
}

fn not_allowed() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        405,
        "The method is not allowed here.",
    )
}

fn not_found() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, 1_000, "The resource was not found.")
}

/// Refuses clients that take no JSON.
fn acceptable(call: &ApiCall) -> Result<(), Refusal> {
    let fits = |kind: &str| kind.contains("json") || kind.contains("*/*") || kind.contains("application/*");
    match call.header("accept") {
        Some(kinds) if !fits(kinds) => Err(Refusal::new(
            StatusCode::NOT_ACCEPTABLE,
            406,
            "What is served here is application/json.",
        )),
        _ => Ok(()),
    }
}

/// The token is one of the partner; behind a person's there is a second factor.
fn authenticate(world: &mut World, call: &ApiCall) -> Result<(), Refusal> {
    let claims = &call.claims;
    if claims.tid != call.tenant {
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, 400, "Access denied."));
    }
    if call.tenant != world.partner.id {
        return Err(Refusal::denied());
    }
    if claims.app_only {
        return Ok(());
    }
    audit::note(world, call);
    if !claims.amr.iter().any(|way| way == "mfa") {
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, 900_421, "MFA required."));
    }
    if !claims.scp.iter().any(|scope| scope == "user_impersonation") {
        return Err(Refusal::denied());
    }
    rights::agent(world, call)
}
