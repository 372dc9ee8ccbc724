//! An exchange as a line of JSON without secrets.
//!
//! A line holds method, URL, headers and body of an exchange with Graph or Partner Center as they were, with secret
//! values replaced. Of sign-in traffic only method, path and status are kept.

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Map, Value, json};

use crate::Reply;

/// What stands in place of a secret.
pub const REDACTED: &str = "[redacted]";

/// Headers that are kept; all others are left out, so that a new one cannot leak.
const HEADERS: [&str; 20] = [
    "accept",
    "accept-encoding",
    "client-request-id",
    "consistencylevel",
    "content-encoding",
    "content-type",
    "date",
    "etag",
    "if-match",
    "location",
    "ms-contract-version",
    "ms-correlationid",
    "ms-requestid",
    "prefer",
    "preference-applied",
    "request-id",
    "retry-after",
    "user-agent",
    "x-ms-resource-unit",
    "x-ms-throttle-limit-percentage",
];

/// Members of JSON bodies whose text is a secret, in lower case.
const MEMBERS: [&str; 10] = [
    "password",
    "newpassword",
    "temporaryaccesspass",
    "secrettext",
    "client_secret",
    "access_token",
    "refresh_token",
    "id_token",
    "client_assertion",
    "clientstate",
];

/// The exchange as one line, without a trailing line break.
pub fn line(request: &Request<Bytes>, reply: &Reply) -> String {
    let url = request.uri().to_string();
    let exchange = if is_api(request.uri().path()) {
        json!({
            "method": request.method().as_str(),
            "url": url,
            "request_headers": headers(request.headers()),
            "request_body": body(request.headers(), request.body()),
            "status": reply.status.as_u16(),
            "response_headers": headers(&reply.headers),
            "response_body": body(&reply.headers, &reply.body),
        })
    } else {
        json!({
            "method": request.method().as_str(),
            "url": url.split(['?', '#']).next(),
            "status": status(reply.status),
        })
    };
    exchange.to_string()
}

const fn status(status: StatusCode) -> u16 {
    status.as_u16()
}

/// Whether a path belongs to Graph or Partner Center rather than to sign-in or a download.
fn is_api(path: &str) -> bool {
    let version = path.split('/').nth(1).unwrap_or_default();
    matches!(version, "v1.0" | "beta" | "v1")
}

fn headers(headers: &HeaderMap) -> Value {
    let mut kept = Map::new();
    for name in HEADERS {
        let values: Vec<_> = headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        if !values.is_empty() {
            let joined = values.join(", ");
            let text = if name == "location" {
                without_query(&joined)
            } else {
                joined
            };
            kept.insert(name.to_owned(), Value::String(text));
        }
    }
    Value::Object(kept)
}

/// The query of a redirect may be as good as a password.
fn without_query(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or_default().to_owned()
}

fn body(headers: &HeaderMap, bytes: &Bytes) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    let kind = headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if kind.contains("form") {
        return Value::String(REDACTED.to_owned());
    }
    match serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        Ok(mut value) => {
            redact(&mut value);
            value
        }
        Err(_) => Value::String(String::from_utf8_lossy(bytes).into_owned()),
    }
}

fn redact(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members.iter_mut() {
                if inner.is_string() && MEMBERS.contains(&name.to_ascii_lowercase().as_str()) {
                    *inner = Value::String(REDACTED.to_owned());
                } else {
                    redact(inner);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(url: &str, body: &'static str, reply: &'static str) -> String {
        let request = Request::post(url)
            .header("authorization", "Bearer canary")
            .header("content-type", "application/json")
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap();
        line(&request, &Reply::new(StatusCode::OK, HeaderMap::new(), reply))
    }

    #[test]
    fn no_secret_reaches_the_line() {
        let graph = exchange(
            "https://graph.microsoft.com/v1.0/users",
            r#"{"displayName":"Ada","passwordProfile":{"password":"canary"}}"#,
            r#"{"id":"1","secretText":"canary"}"#,
        );
        let token = exchange(
            "https://login.microsoftonline.com/t/oauth2/v2.0/token?code=canary",
            "client_secret=canary",
            r#"{"access_token":"canary"}"#,
        );

        for line in [&graph, &token] {
            assert!(!line.contains("canary"), "{line}");
        }
        assert!(graph.contains("\"displayName\":\"Ada\""));
    }

    #[test]
    fn a_line_is_one_line() {
        let text = exchange(
            "https://graph.microsoft.com/v1.0/users",
            "{\"displayName\":\"A\\nB\"}",
            "a\nb",
        );

        assert!(!text.contains('\n'));
    }
}
