//! Partner Center: the customers of the partner, and consent for the partner's app in them.

mod consents;
mod customers;
#[cfg(test)]
mod tests;
mod wire;

use http::{Method, StatusCode};
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
    let path: Vec<&str> = call
        .path
        .iter()
        .map(String::as_str)
        .filter(|segment| !segment.is_empty())
        .collect();
    match (path.as_slice(), &call.method) {
        (["customers"], &Method::GET) => customers::list(world, call),
        (["customers", id], &Method::GET) => customers::get(world, id),
        (["customers", id, "profiles", "company"], &Method::GET) => customers::company(world, id),
        (["customers", id, "applicationconsents"], &Method::POST) => consents::create(world, call, id),
        (["customers", id, "applicationconsents", app], &Method::DELETE) => {
            consents::remove(world, call, id, app)
        }
        (
            ["customers"]
            | ["customers", _]
            | ["customers", _, "profiles", "company"]
            | ["customers", _, "applicationconsents"]
            | ["customers", _, "applicationconsents", _],
            _,
        ) => Err(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            405,
            "The method is not allowed here.",
        )),
        _ => Err(Refusal::new(
            StatusCode::NOT_FOUND,
            1000,
            "The resource was not found.",
        )),
    }
}

/// The token is one of the partner; behind a person's there is a second factor.
fn authenticate(world: &World, call: &ApiCall) -> Result<(), Refusal> {
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
    if !claims.amr.iter().any(|way| way == "mfa") {
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, 900_421, "MFA required."));
    }
    if !claims.scp.iter().any(|scope| scope == "user_impersonation") {
        return Err(Refusal::denied());
    }
    Ok(())
}
