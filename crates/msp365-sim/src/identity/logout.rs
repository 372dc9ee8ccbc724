//! Signing out.

use http::StatusCode;
use msp365_core::Reply;

use super::{Visit, authorize, desk::Desk, pages, session};
use crate::{reply, world::World};

/// Ends the browser's session; says good-bye, or goes back to the app if the address is registered.
pub(super) fn leave(world: &World, desk: &mut Desk, visit: &Visit<'_>) -> Reply {
    let registered = |uri: &str| {
        let mut all = world.redirects();
        all.any(|redirect| authorize::is_registered(&redirect.uri, uri))
    };
    let mut reply = match visit.field("post_logout_redirect_uri") {
        Some(uri) if registered(uri) => reply::redirect(&authorize::with_state(uri, visit.field("state"))),
        _ => pages::message(StatusCode::OK, "You signed out", "You may close this window."),
    };
    session::end(world, desk, visit, &mut reply);
    reply
}
