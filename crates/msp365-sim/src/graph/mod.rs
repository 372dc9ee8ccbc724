//! Microsoft Graph: which path is what, who may call it, and what it answers.

mod answer;
mod app_rights;
mod applications;
mod audit;
mod batch;
mod caller;
mod cost;
mod deleted;
mod delta;
mod devices;
mod directory;
mod expand;
mod groups;
mod memberships;
mod methods;
mod people;
mod purchases;
mod relations;
mod reports;
mod rights;
mod roles;
mod route;
mod subscriptions;
mod teams;
mod tenant_relationships;
mod tenants;
#[cfg(test)]
pub(crate) mod tests;
mod users;
mod write;
mod write_rights;

use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use msp365_core::Reply;

use self::{answer::Answer, caller::Caller, rights::Right};
pub(crate) use self::{
    cost::units_of,
    methods::pass_policy,
    route::segments,
    write::{Wanted, check_password, wished},
};
use crate::{
    api::ApiCall,
    odata::Refused,
    world::{Download, World},
};

/// How long a report waits at its address. The service says a few minutes.
const DOWNLOAD: SignedDuration = SignedDuration::from_mins(5);

/// Answers one call.
pub(crate) fn handle(world: &mut World, call: &ApiCall) -> Reply {
    world.settle(call.now);
    let path = segments(&call.path);
    let answered = match path.as_slice() {
        [only] if only == "$batch" => batch::run(world, call),
        _ => single(world, call, &path),
    };
    answer::reply(world, call, answered)
}

/// Answers one call that is no batch.
fn single(world: &mut World, call: &ApiCall, path: &[String]) -> Result<Answer, Refused> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    if call.method != Method::GET
        && let Some(answered) = {
            Caller::new(world, call)?;
            world.spread(call.tenant, call.now, |world| write::serve(world, call, &path))
        }
    {
        return answered;
    }
    let answer = world.as_arrived(call.tenant, call.now, |world| {
        let caller = Caller::new(world, call)?;
        dispatch(&caller, &path)
    });
    Ok(match answer? {
        Answer::Download { key, body } => {
            let location = format!("{}/reports-download/{key}", call.base);
            let until = call.now.checked_add(DOWNLOAD).unwrap_or(Timestamp::MAX);
            world.downloads.insert(key, Download { body, until });
            Answer::Found(location)
        }
        other => other,
    })
}

fn dispatch(caller: &Caller<'_>, path: &[&str]) -> Result<Answer, Refused> {
    match path {
        ["me", rest @ ..] => users::me(caller, rest),
        ["users", rest @ ..] => users::serve(caller, rest),
        ["groups", rest @ ..] => groups::serve(caller, rest),
        ["devices", rest @ ..] => devices::serve(caller, rest),
        ["deviceManagement", rest @ ..] => devices::managed(caller, rest),
        ["organization" | "domains" | "subscribedSkus", ..] => directory::serve(caller, path),
        ["admin", rest @ ..] => reports::settings(caller, rest),
        ["reports", rest @ ..] => reports::serve(caller, rest),
        ["roleManagement", "directory", rest @ ..] => roles::serve(caller, rest),
        [
            "applications" | "servicePrincipals" | "oauth2PermissionGrants",
            ..,
        ] => applications::serve(caller, path),
        ["directory", "subscriptions", rest @ ..] => purchases::serve(caller, rest),
        ["subscriptions", rest @ ..] => subscriptions::serve(caller, rest),
        ["teams", rest @ ..] => teams::serve(caller, rest),
        ["directory", "deletedItems", rest @ ..] => deleted::serve(caller, rest),
        ["directoryRoles" | "directoryRoleTemplates", ..] => roles::activated(caller, path),
        ["auditLogs", rest @ ..] => audit::serve(caller, rest),
        ["directoryObjects", rest @ ..] => people::objects(caller, rest),
        ["policies", ..] => methods::policy(caller, path),
        ["contracts", rest @ ..] => tenants::contracts(caller, rest),
        ["tenantRelationships", rest @ ..] => tenant_relationships::serve(caller, rest),
        [] => Err(Refused::unknown_segment("")),
        [first, ..] => Err(Refused::unknown_segment(first)),
    }
}

/// The refusal of a path that goes on where nothing follows.
fn unknown(rest: &[&str]) -> Refused {
    Refused::unknown_segment(rest.last().copied().unwrap_or_default())
}

/// Reads are all that most resources take.
fn read_only(caller: &Caller<'_>, right: &Right) -> Result<(), Refused> {
    caller.only(&Method::GET)?;
    caller.demand(right)
}

/// A refusal for want of a right.
fn denied() -> Refused {
    Refused::new(
        StatusCode::FORBIDDEN,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
    )
}
