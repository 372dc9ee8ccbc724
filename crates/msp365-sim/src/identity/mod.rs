//! Sign-in: pages for people, tokens for programs.
//!
//! | module | what it does |
//! |---|---|
//! | `authorize`, `admin_consent`, `device` | what an app or a person begins with: a code, consent for a tenant, a device |
//! | `login`, `session`, `pages` | account, second factor and consent, page by page, and what browsers remember |
//! | `consent` | what is asked for, what is missing, and granting it |
//! | `token`, `redeem`, `app_only` | the token endpoint, grant by grant |
//! | `client`, `assertion` | which app asks, and its proof |
//! | `scopes`, `claimed` | what the parameters `scope` and `claims` ask for |
//! | `issue`, `keys`, `claims`, `bearer` | signed tokens, and reading them again |
//! | `policy` | conditions of access, and what recalls tokens |
//! | `desk` | codes, refresh tokens and sign-ins under way |
//! | `discovery`, `nation` | the OpenID documents, keys, and the hosts of each national cloud |
//! | `logout`, `userinfo` | going away, and who am I |
//! | `refusal` | errors with their AADSTS numbers |

mod admin_consent;
mod app_only;
mod assertion;
mod authorize;
mod bearer;
mod claimed;
mod claims;
mod client;
mod consent;
mod desk;
mod device;
mod discovery;
mod edits;
mod invitation;
mod issue;
pub(crate) mod keys;
mod login;
mod logout;
pub(crate) mod nation;
mod pages;
mod policy;
mod redeem;
mod refusal;
mod scopes;
mod session;
#[cfg(test)]
mod tests;
mod token;
mod userinfo;

use bytes::Bytes;
use http::{Method, StatusCode};
use jiff::Timestamp;
use msp365_core::Reply;

pub use policy::AccessPolicy;
pub(crate) use {
    bearer::{Refused, challenge, read},
    claims::Claims,
    desk::Desk,
    session::COOKIE,
};

use crate::{reply, world::World};

/// A request to the sign-in service.
#[derive(Debug)]
pub(crate) struct Visit<'a> {
    /// The first segment of the path: a tenant id, a domain, `common` or `organizations`.
    pub(crate) tenant: &'a str,
    pub(crate) method: &'a Method,
    /// The whole path, which the forms of its pages are sent to.
    pub(crate) path: &'a str,
    pub(crate) style: Style,
    /// Decoded query or form fields.
    pub(crate) fields: Vec<(String, String)>,
    /// HTTP Basic credentials, where the request has them.
    pub(crate) basic: Option<(String, String)>,
    pub(crate) bearer: Option<&'a str>,
    /// Whether a script in a browser asks, which the browser tells by `Origin`.
    pub(crate) has_origin: bool,
    /// The cookie that tells the browser from others.
    pub(crate) browser: Option<String>,
    /// The caller's own id of the request.
    pub(crate) request_id: Option<String>,
    /// Scheme and host of the request.
    pub(crate) base: String,
    pub(crate) now: Timestamp,
}

/// Which generation of an endpoint is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// The first one, which names a `resource`.
    V1,
    /// The present one, which names scopes.
    V2,
}

impl Style {
    /// The generation that a path belongs to.
    pub(crate) fn of(path: &[&str]) -> Self {
        if path.contains(&"v2.0") {
            Self::V2
        } else {
            Self::V1
        }
    }
}

impl Visit<'_> {
    /// A field that is present and not empty.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// The caller's id of the request, or a new one.
    pub(crate) fn correlation(&self, desk: &Desk) -> String {
        let given = self.request_id.as_deref().or(self.field("client-request-id"));
        let given = given.and_then(|id| uuid::Uuid::try_parse(id).ok());
        given.map_or_else(|| desk.id(), |id| id.to_string())
    }
}

/// Answers what is asked of the sign-in service; `None` if there is no such page.
pub(crate) fn handle(world: &mut World, desk: &mut Desk, visit: &Visit<'_>, path: &[&str]) -> Option<Reply> {
    let reply = match (visit.method.as_str(), path) {
        ("GET", ["oauth2", "v2.0", "authorize"] | ["oauth2", "authorize"]) => {
            authorize::begin(world, desk, visit)
        }
        ("GET", ["v2.0", "adminconsent"] | ["adminconsent"]) => admin_consent::begin(world, desk, visit),
        ("GET", ["oauth2", "deviceauth"]) => device::page(world, desk, visit),
        (
            "POST",
            ["oauth2", "v2.0", "authorize"]
            | ["oauth2", "authorize" | "deviceauth"]
            | ["v2.0", "adminconsent"]
            | ["adminconsent"],
        ) => login::go_on(world, desk, visit),
        ("POST", ["oauth2", "v2.0", "devicecode"] | ["oauth2", "devicecode"]) => {
            device::begin(world, desk, visit)
        }
        ("POST", ["oauth2", "v2.0", "token"] | ["oauth2", "token"]) => token::answer(world, desk, visit),
        ("GET" | "POST", ["oauth2", "v2.0", "logout"] | ["oauth2", "logout"]) => {
            logout::leave(world, desk, visit)
        }
        (
            "GET",
            ["v2.0", ".well-known", "openid-configuration"] | [".well-known", "openid-configuration"],
        ) => discovery::document(world, desk, visit),
        ("GET", ["discovery", "instance"]) => discovery::instance(desk, visit),
        ("GET", ["discovery", "v2.0", "keys"] | ["discovery", "keys"]) => discovery::keys(world, desk, visit),
        ("GET" | "POST", ["userinfo"]) if visit.tenant == "oidc" => userinfo::answer(world, desk, visit),
        (method, path) if visit.tenant == "AdminPortal" => match (method, path) {
            ("GET", ["Home"]) => invitation::home(visit),
            ("GET", ["partners", "invitation", "granularAdminRelationships", id]) => {
                invitation::begin(world, desk, visit, id)
            }
            ("POST", ["partners", "invitation", "granularAdminRelationships", _]) => {
                login::go_on(world, desk, visit)
            }
            _ => return None,
        },
        ("GET", []) if visit.tenant == "devicelogin" => reply::redirect(&device::address(visit)),
        (_, path) if is_known(path) => reply::plain(StatusCode::METHOD_NOT_ALLOWED, Bytes::new()),
        _ => return None,
    };
    Some(reply)
}

/// Whether there is something at a path, though not for every method.
fn is_known(path: &[&str]) -> bool {
    matches!(
        path,
        ["oauth2", "v2.0", "authorize" | "token" | "logout" | "devicecode"]
            | [
                "oauth2",
                "authorize" | "token" | "logout" | "devicecode" | "deviceauth"
            ]
            | ["v2.0", "adminconsent"]
            | ["adminconsent"]
            | ["v2.0", ".well-known", "openid-configuration"]
            | [".well-known", "openid-configuration"]
            | ["discovery", "v2.0", "keys"]
            | ["discovery", "keys" | "instance"]
    )
}
