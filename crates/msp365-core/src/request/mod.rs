//! Requests as values.

mod call;
pub(crate) mod halves;
mod query;

use std::fmt;

pub use call::{Body, Call, Check, Occurred, Replay};
use http::{HeaderName, HeaderValue, Method};
use secrecy::SecretString;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    Cursor, Error, Lenient, Page, Path, Reply, Service, ServiceError,
    page::{decode_lenient, decode_page},
};

/// How a reply is decoded.
pub type Decode<T> = fn(&Call, &Reply) -> Result<T, Error>;

/// What to ask of a service, and how to decode its reply. A plain value: it borrows nothing and sends nothing.
#[must_use = "a request does nothing until a client sends it"]
pub struct Request<T> {
    call: Call,
    decode: Decode<T>,
}

impl<T> Request<T> {
    /// A request with these parts and its own decoder.
    pub fn new(
        method: Method,
        operation: &'static str,
        service: Service,
        path: Path,
        decode: Decode<T>,
    ) -> Self {
        Self {
            call: Call::new(method, operation, service, path),
            decode,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                self.call.headers.insert(name, value);
            }
            _ => self.call.refused_header = Some(name),
        }
        self
    }

    /// Sets this JSON as the body.
    pub fn json(mut self, body: Value) -> Self {
        self.call.body = Body::Json(body);
        self
    }

    /// Sets this value as the body, as JSON.
    pub fn json_of<B: Serialize>(self, body: &B) -> Self {
        match serde_json::to_value(body) {
            Ok(body) => self.json(body),
            Err(_) => self.refuse("the body cannot be written as JSON"),
        }
    }

    /// Says how it may be repeated, if the method does not tell.
    pub const fn replay(mut self, replay: Replay) -> Self {
        self.call.replay = replay;
        self
    }

    /// Says how to find out whether the write happened.
    pub fn check(mut self, check: Check) -> Self {
        self.call.check = Some(check);
        self
    }

    /// The same request with another decoder.
    pub fn answering<U>(self, decode: Decode<U>) -> Request<U> {
        Request {
            call: self.call,
            decode,
        }
    }

    /// What is sent.
    pub const fn call(&self) -> &Call {
        &self.call
    }

    /// What is sent, and the decoder.
    pub fn into_parts(self) -> (Call, Decode<T>) {
        (self.call, self.decode)
    }

    /// Decodes the reply: an error status gives the service's error, a success gives `T`.
    ///
    /// # Errors
    /// The kind of the service's error; `Decode` if a success has an unexpected shape.
    pub fn decode(&self, reply: &Reply) -> Result<T, Error> {
        decode_reply(&self.call, self.decode, reply)
    }
}

/// Decodes a reply with this decoder, or returns the service's error for an error status.
///
/// # Errors
/// The kind of the service's error; `Decode` if a success has an unexpected shape.
pub fn decode_reply<T>(call: &Call, decode: Decode<T>, reply: &Reply) -> Result<T, Error> {
    if reply.status.is_client_error() || reply.status.is_server_error() || is_error_in_disguise(reply) {
        let error = Box::new(ServiceError::from_reply(call.service, reply));
        return Err(Error::Service {
            operation: call.operation,
            error,
        });
    }
    decode(call, reply)
}

/// Whether a success holds the body of an error: a model whose members are all optional would read it as a value.
fn is_error_in_disguise(reply: &Reply) -> bool {
    #[derive(serde::Deserialize)]
    struct Envelope {
        error: serde_json::Map<String, Value>,
    }
    let body = reply.text_bytes().trim_ascii_start();
    let Some(members) = body.strip_prefix(b"{") else {
        return false;
    };
    members.trim_ascii_start().starts_with(b"\"error\"")
        && serde_json::from_slice::<Envelope>(body).is_ok_and(|envelope| {
            ["code", "message"]
                .iter()
                .any(|name| envelope.error.contains_key(*name))
        })
}

impl<T: DeserializeOwned> Request<T> {
    /// A GET whose reply is one JSON value.
    pub fn get(operation: &'static str, service: Service, path: Path) -> Self {
        Self::new(Method::GET, operation, service, path, decode_json)
    }

    /// A POST whose reply is one JSON value; [`Replay::Once`] by default.
    pub fn post(operation: &'static str, service: Service, path: Path) -> Self {
        Self::new(Method::POST, operation, service, path, decode_json)
    }
}

impl Request<()> {
    /// A request whose reply is ignored.
    pub fn command(method: Method, operation: &'static str, service: Service, path: Path) -> Self {
        Self::new(method, operation, service, path, |_, _| Ok(()))
    }
}

impl Request<SecretString> {
    /// A GET answered by a redirect to a pre-authenticated address, which is as good as a password.
    pub fn redirect(operation: &'static str, service: Service, path: Path) -> Self {
        Self::new(Method::GET, operation, service, path, decode_location)
    }
}

impl<T: DeserializeOwned> Request<Page<T>> {
    /// A GET whose reply is a page of a Graph collection.
    pub fn list(operation: &'static str, service: Service, path: Path) -> Self {
        Self::new(Method::GET, operation, service, path, decode_page)
    }
}

impl<T: DeserializeOwned> Request<Page<Lenient<T>>> {
    /// A GET whose reply is a page of a Graph collection; an unreadable record does not fail the page.
    pub fn list_lenient(operation: &'static str, service: Service, path: Path) -> Self {
        Self::new(Method::GET, operation, service, path, decode_lenient)
    }
}

impl<T> Request<Page<T>> {
    /// The same listing from this cursor on. Headers are kept, because links do not carry them.
    pub fn resume(&self, cursor: Cursor) -> Self {
        let mut next = self.clone();
        next.call.cursor = Some(cursor);
        next
    }
}

/// Decodes one JSON value; an error names the JSON path. Half characters are replaced, as no text can hold them.
///
/// # Errors
/// `Decode` if the body does not fit.
pub fn decode_json<T: DeserializeOwned>(call: &Call, reply: &Reply) -> Result<T, Error> {
    let bytes = reply.text_bytes();
    let first = match from_bytes(bytes) {
        Ok(value) => return Ok(value),
        Err(first) => first,
    };
    let mended = halves::mend(bytes);
    let bytes = mended.as_deref().unwrap_or(bytes);
    // Finding the path takes time, so it is done only after a failure.
    let found = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(bytes));
    let (at, source) = match found {
        Ok(value) if mended.is_some() => return Ok(value),
        Ok(_) => ("$".to_owned(), first),
        Err(error) => (error.path().to_string(), error.into_inner()),
    };
    Err(Error::Decode {
        operation: call.operation,
        at,
        source: source.into(),
    })
}

/// Reads JSON. It is checked once for UTF-8, which is quicker than checking each text.
pub(crate) fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(bytes),
    }
}

/// The address that a reply redirects to.
///
/// # Errors
/// `Decode` if there is none.
pub fn decode_location(call: &Call, reply: &Reply) -> Result<SecretString, Error> {
    reply
        .header("location")
        .map(SecretString::from)
        .ok_or_else(|| Error::Decode {
            operation: call.operation,
            at: "Location".to_owned(),
            source: "the header is absent".into(),
        })
}

impl<T> Clone for Request<T> {
    fn clone(&self) -> Self {
        Self {
            call: self.call.clone(),
            decode: self.decode,
        }
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Request").field(&self.call).finish()
    }
}

impl<T> fmt::Display for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self
            .call
            .relative_url()
            .unwrap_or_else(|_| self.call.path().to_owned());
        write!(f, "{} {url}", self.call.method())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path;

    #[test]
    fn a_later_selection_replaces_the_earlier_one() {
        let request: Request<Page<String>> = Request::list("users.list", Service::Graph, path!["users"])
            .select(["id"])
            .top(999);

        let narrowed = request.select(["id", "mail"]).top(5);

        assert_eq!(narrowed.to_string(), "GET users?$select=id,mail&$top=5");
    }

    #[test]
    fn a_header_value_with_a_line_break_is_refused_when_sent() {
        let request: Request<String> =
            Request::get("users.get", Service::Graph, path!["users"]).header("prefer", "a\r\nevil: 1");

        assert!(matches!(request.call().relative_url(), Err(Error::Header { .. })));
    }

    #[test]
    fn a_resumed_listing_keeps_its_headers_and_follows_its_link() {
        let request: Request<Page<String>> = Request::list("users.list", Service::Graph, path!["users"])
            .header("consistencylevel", "eventual")
            .resume(Cursor::link(
                "https://graph.microsoft.com/v1.0/users?$skiptoken=%23x'",
            ));

        let url = request.call().url(&crate::Endpoints::public()).unwrap();

        assert_eq!(url, "https://graph.microsoft.com/v1.0/users?$skiptoken=%23x'");
        assert!(
            request
                .call()
                .send_headers()
                .unwrap()
                .contains_key("consistencylevel")
        );
    }

    #[test]
    fn f036_an_error_with_a_status_of_success_is_an_error() {
        #[derive(Debug, serde::Deserialize)]
        struct Sparse {
            #[serde(rename = "displayName")]
            _name: Option<String>,
        }
        let request: Request<Sparse> = Request::get("users.get", Service::Graph, path!["users"]);
        let reply = |body: &str| Reply::new(http::StatusCode::OK, http::HeaderMap::new(), body.to_owned());

        let refused = request.decode(&reply(r#" {"error":{"code":"UnknownError","message":"m"}}"#));

        assert!(matches!(refused, Err(Error::Service { .. })), "{refused:?}");
        assert!(request.decode(&reply(r#"{"error":{"phase":"sync"}}"#)).is_ok());
    }

    #[test]
    fn a_request_can_be_answered_in_another_way() {
        let request: Request<Page<String>> =
            Request::list("users.list", Service::Graph, path!["users"]).top(5);
        let reply = Reply::new(http::StatusCode::OK, http::HeaderMap::new(), "anything");

        let length = request.answering(|_, reply| Ok(reply.text_bytes().len()));

        assert_eq!(length.to_string(), "GET users?$top=5");
        assert_eq!(length.decode(&reply).unwrap(), 8);
    }

    #[test]
    fn a_cursor_to_another_place_has_no_url() {
        let request: Request<Page<String>> = Request::list("users.list", Service::Graph, path!["users"])
            .resume(Cursor::link("https://evil.example/v1.0/users"));

        let url = request.call().url(&crate::Endpoints::public());

        assert!(matches!(
            url,
            Err(Error::ForeignCursor {
                operation: "users.list"
            })
        ));
    }
}
