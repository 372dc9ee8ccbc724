//! What the tests of all requests use.

use http::{HeaderMap, StatusCode};
use msp365_core::{Body, Endpoints, Error, Reply, Request};

/// A request as text: method and relative URL, then a line per header, then the body.
pub(crate) fn shown<T>(request: &Request<T>) -> String {
    let call = request.call();
    let mut lines = vec![request.to_string()];
    for (name, value) in &call.send_headers().unwrap() {
        lines.push(format!("{name}: {}", value.to_str().unwrap()));
    }
    if let Body::Json(body) = call.body() {
        lines.push(body.to_string());
    }
    lines.join("\n")
}

/// What a request makes of this body with status 200.
pub(crate) fn read<T>(request: &Request<T>, body: impl Into<String>) -> Result<T, Error> {
    request.decode(&Reply::new(StatusCode::OK, HeaderMap::new(), body.into()))
}

/// The number of segments of a request's path below the version; `None` if it cannot be sent at all.
pub(crate) fn segments<T>(request: &Request<T>) -> Option<usize> {
    let url = request.call().url(&Endpoints::public()).ok()?;
    let path = url.split(['?', '#']).next().unwrap_or_default();
    Some(path.split('/').skip(4).count())
}

/// Whether a request is refused before it is sent.
pub(crate) fn refused<T>(request: &Request<T>) -> bool {
    matches!(request.call().relative_url(), Err(Error::Refused { .. }))
}
