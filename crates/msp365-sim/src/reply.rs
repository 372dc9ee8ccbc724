//! Making answers.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jiff::{Timestamp, fmt::rfc2822};
use msp365_core::Reply;
use serde_json::Value;

/// An answer with a JSON body.
pub(crate) fn json(status: StatusCode, mut headers: HeaderMap, body: &Value) -> Reply {
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    Reply::new(status, headers, body.to_string())
}

/// A page for people. It may run no script, nor stand in a frame.
pub(crate) fn html(status: StatusCode, body: String) -> Reply {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Reply::new(status, headers, body)
}

/// An answer of bytes that need no telling what they are.
pub(crate) fn plain(status: StatusCode, body: Bytes) -> Reply {
    Reply::new(status, HeaderMap::new(), body)
}

/// Sends a browser elsewhere.
pub(crate) fn redirect(location: &str) -> Reply {
    let mut reply = plain(StatusCode::FOUND, Bytes::new());
    set(&mut reply.headers, header::LOCATION, location);
    reply
}

/// Sets a header, unless its value cannot be one.
pub(crate) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// A moment as HTTP dates are written.
pub(crate) fn http_date(now: Timestamp) -> String {
    rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&now)
        .unwrap_or_default()
}
