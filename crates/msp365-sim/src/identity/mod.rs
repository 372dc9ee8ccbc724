//! Sign-in: pages for people, tokens for programs.
//!
//! | module | what it does |
//! |---|---|
//! | `authorize`, `pages` | account picker, second factor, consent; back to the app with a code |
//! | `token`, `redeem`, `app_only` | the token endpoint, grant by grant |
//! | `scopes` | what a scope parameter asks for |
//! | `issue`, `keys`, `claims` | signed tokens, and reading them again |
//! | `desk` | codes, refresh tokens and sign-ins under way |
//! | `discovery` | the OpenID document, keys and log-out |
//! | `refusal` | errors with their AADSTS numbers |

mod app_only;
mod authorize;
mod claims;
mod desk;
mod discovery;
mod issue;
pub(crate) mod keys;
mod pages;
mod redeem;
mod refusal;
mod scopes;
#[cfg(test)]
mod tests;
mod token;

use bytes::Bytes;
use http::{Method, StatusCode};
use jiff::Timestamp;
use msp365_core::Reply;

pub(crate) use claims::Claims;
pub(crate) use desk::Desk;
pub(crate) use issue::{Refused, read};

use crate::{reply, world::World};

/// A request to the sign-in service.
#[derive(Debug)]
pub(crate) struct Visit<'a> {
    /// The first segment of the path: a tenant id, a domain, `common` or `organizations`.
    pub(crate) tenant: &'a str,
    pub(crate) method: &'a Method,
    /// Decoded query or form fields.
    pub(crate) fields: Vec<(String, String)>,
    /// HTTP Basic credentials, where the request has them.
    pub(crate) basic: Option<(String, String)>,
    /// Scheme and host of the request.
    pub(crate) base: String,
    pub(crate) now: Timestamp,
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
}

/// Answers what is asked of the sign-in service; `None` if there is no such page.
pub(crate) fn handle(world: &mut World, desk: &mut Desk, visit: &Visit<'_>, path: &[&str]) -> Option<Reply> {
    let reply = match (visit.method.as_str(), path) {
        ("GET", ["oauth2", "v2.0", "authorize"]) => authorize::begin(world, desk, visit),
        ("POST", ["oauth2", "v2.0", "authorize"]) => authorize::go_on(world, desk, visit),
        ("POST", ["oauth2", "v2.0", "token"]) => token::answer(world, desk, visit),
        ("GET" | "POST", ["oauth2", "v2.0", "logout"]) => discovery::log_out(world, visit),
        ("GET", ["v2.0", ".well-known", "openid-configuration"]) => discovery::document(world, visit),
        ("GET", ["discovery", "v2.0", "keys"]) => discovery::keys(visit),
        (
            _,
            ["oauth2", "v2.0", "authorize" | "token" | "logout"]
            | ["v2.0", ".well-known", "openid-configuration"]
            | ["discovery", "v2.0", "keys"],
        ) => reply::plain(StatusCode::METHOD_NOT_ALLOWED, Bytes::new()),
        _ => return None,
    };
    Some(reply)
}
