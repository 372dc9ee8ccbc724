//! What browsers remember of who signed in.

use http::header;
use msp365_core::Reply;

use super::{
    Visit,
    desk::{Desk, Login},
};
use crate::{
    reply,
    world::{Json, World, access::text},
};

/// The cookie that tells a browser from others.
pub(crate) const COOKIE: &str = "ESTSAUTH";

/// Who is signed in to the browser of a visit and may still be, the latest first.
pub(super) fn logins(world: &World, desk: &Desk, visit: &Visit<'_>) -> Vec<Login> {
    let known = visit.browser.as_ref().and_then(|id| desk.browsers.get(id));
    let mut all: Vec<Login> = known
        .into_iter()
        .flatten()
        .filter(|login| !login.is_old(visit.now))
        .filter(|login| user(world, login).is_some_and(|user| user["accountEnabled"] != false))
        .cloned()
        .collect();
    all.reverse();
    all
}

/// The account that signed in, if it is still there.
pub(super) fn user<'a>(world: &'a World, login: &Login) -> Option<&'a Json> {
    world.tenant(login.home)?.users.get(&login.oid)
}

/// The address of the account that signed in.
pub(super) fn address<'a>(world: &'a World, login: &Login) -> Option<&'a str> {
    text(user(world, login)?, "userPrincipalName")
}

/// Remembers a sign-in in the browser of a visit, and tells the browser so.
pub(super) fn keep(desk: &mut Desk, visit: &Visit<'_>, login: &Login, reply: &mut Reply) {
    let known = visit.browser.clone().filter(|id| desk.browsers.contains_key(id));
    let id = known.unwrap_or_else(|| desk.opaque("0.A"));
    let logins = desk.browsers.entry(id.clone()).or_default();
    logins.retain(|one| one.oid != login.oid);
    logins.push(login.clone());
    set_cookie(visit, reply, &format!("{COOKIE}={id}; Path=/; HttpOnly"));
}

/// Signs everybody out of the browser of a visit; of several people, the one that is hinted at alone.
pub(super) fn end(world: &World, desk: &mut Desk, visit: &Visit<'_>, reply: &mut Reply) {
    let Some(id) = &visit.browser else {
        return;
    };
    let hint = visit.field("logout_hint");
    if let Some(logins) = desk.browsers.get_mut(id) {
        logins.retain(|login| {
            hint.is_some_and(|hint| {
                !address(world, login).is_some_and(|address| address.eq_ignore_ascii_case(hint))
            })
        });
        if logins.is_empty() {
            desk.browsers.remove(id);
            set_cookie(visit, reply, &format!("{COOKIE}=; Path=/; HttpOnly; Max-Age=0"));
        }
    }
}

fn set_cookie(visit: &Visit<'_>, reply: &mut Reply, cookie: &str) {
    // An app may come here from its own site by a form or a link, which `Lax` lets through for links alone; over
    // plain HTTP a browser takes nothing laxer.
    let site = if visit.base.starts_with("https") {
        "; Secure; SameSite=None"
    } else {
        "; SameSite=Lax"
    };
    reply::set(&mut reply.headers, header::SET_COOKIE, &format!("{cookie}{site}"));
}
