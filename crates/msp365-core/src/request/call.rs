//! What is sent, regardless of what the reply decodes to.

use std::{borrow::Cow, fmt};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::Request;
use crate::{Cursor, Endpoints, Error, Operation, Path, Reply, Service, page::Place};

/// Characters left unescaped in a query value. `&`, `#`, `+` and `%` never are.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'$')
    .remove(b',')
    .remove(b'(')
    .remove(b')')
    .remove(b'\'')
    .remove(b':')
    .remove(b'/')
    .remove(b'=')
    .remove(b'@')
    .remove(b'*');

/// How a request may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Replay {
    /// It reads: repeat at will.
    Safe,
    /// Sent twice, it changes no more than sent once.
    Same,
    /// Each time it is carried out it has a further effect, such as creating another object.
    Once,
}

/// The body of a request. Its `Debug` form shows only the names of members, as there may be a password among them.
#[derive(Clone, PartialEq, Default)]
pub enum Body {
    /// Nothing.
    #[default]
    Empty,
    /// JSON.
    Json(Value),
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Json(Value::Object(members)) => f.debug_tuple("Json").field(&members.keys()).finish(),
            Self::Json(_) => f.write_str("Json"),
        }
    }
}

/// A read, and a rule that tells from its reply whether a write happened whose answer was lost.
#[derive(Clone)]
pub struct Check {
    call: Box<Call>,
    rule: fn(&Reply) -> Occurred,
}

/// What a [`Check`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occurred {
    /// It happened.
    Yes,
    /// It did not happen.
    No,
    /// It cannot be told.
    Unclear,
}

impl Check {
    /// Sends this read, and judges its reply (of any status) by this rule.
    pub fn new<T>(read: Request<T>, rule: fn(&Reply) -> Occurred) -> Self {
        Self {
            call: Box::new(read.call),
            rule,
        }
    }

    /// The read.
    pub const fn call(&self) -> &Call {
        &self.call
    }

    /// What the reply to the read says.
    pub fn judge(&self, reply: &Reply) -> Occurred {
        (self.rule)(reply)
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Check").field(&self.call.operation).finish()
    }
}

/// The part of a request that does not depend on what its reply decodes to: everything that is sent.
#[derive(Debug, Clone)]
pub struct Call {
    pub(super) operation: &'static str,
    pub(super) service: Service,
    method: Method,
    path: Path,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) refused_header: Option<&'static str>,
    pub(super) refusal: Option<Cow<'static, str>>,
    pub(super) rules: Option<&'static Operation>,
    pub(super) body: Body,
    pub(super) replay: Replay,
    pub(super) check: Option<Check>,
    pub(super) cursor: Option<Cursor>,
}

impl Call {
    pub(super) fn new(method: Method, operation: &'static str, service: Service, path: Path) -> Self {
        let replay = if method == Method::GET || method == Method::HEAD {
            Replay::Safe
        } else if method == Method::POST {
            Replay::Once
        } else {
            Replay::Same
        };
        Self {
            operation,
            service,
            method,
            path,
            query: Vec::new(),
            headers: HeaderMap::new(),
            refused_header: None,
            refusal: None,
            rules: None,
            body: Body::Empty,
            replay,
            check: None,
            cursor: None,
        }
    }

    /// The name under which it is logged and counted, `resource.verb`.
    pub const fn operation(&self) -> &'static str {
        self.operation
    }

    /// The service it goes to.
    pub const fn service(&self) -> Service {
        self.service
    }

    /// The HTTP method.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// What the service requires and allows, if that is known.
    pub const fn rules(&self) -> Option<&'static Operation> {
        self.rules
    }

    /// The query, before it is escaped.
    pub fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// The escaped path below the version.
    pub fn path(&self) -> &str {
        self.path.as_str()
    }

    /// Its own headers, without those that every request carries.
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    pub const fn body(&self) -> &Body {
        &self.body
    }

    /// How it may be repeated.
    pub const fn replay(&self) -> Replay {
        self.replay
    }

    /// How to tell whether the write happened.
    pub const fn check(&self) -> Option<&Check> {
        self.check.as_ref()
    }

    /// The escaped path with its query, relative to the version, as a batch entry holds it.
    ///
    /// # Errors
    /// `Invalid` for an id or header that cannot be sent, and for what the service would refuse; `Decode` for a cursor,
    /// which has no relative form.
    pub fn relative_url(&self) -> Result<String, Error> {
        match self.cursor.as_ref().map(Cursor::place) {
            None => {
                self.allowed()?;
                self.with_query(&self.query)
            }
            Some(Place::Seek { query, .. }) => self.with_query(query),
            Some(Place::Link(_)) => Err(Error::ForeignCursor {
                operation: self.operation,
            }),
        }
    }

    /// The whole URL: root and version of the service, path, query; or the link of the cursor it resumes from.
    ///
    /// # Errors
    /// `Invalid` for an id or header that cannot be sent, and for what the service would refuse; `Decode` for a cursor
    /// that leads to another origin or out of the service's version.
    pub fn url(&self, endpoints: &Endpoints) -> Result<String, Error> {
        if let Some(Place::Link(link)) = self.cursor.as_ref().map(Cursor::place) {
            return endpoints.resolve(self.service, link).ok_or(Error::ForeignCursor {
                operation: self.operation,
            });
        }
        Ok(endpoints.base(self.service) + &self.relative_url()?)
    }

    /// All its own headers: those that were set, those of a cursor, and the content type of a body.
    ///
    /// # Errors
    /// `Decode` for a stored cursor whose headers cannot be sent.
    pub fn send_headers(&self) -> Result<HeaderMap, Error> {
        let mut headers = self.headers.clone();
        if let Some(Place::Seek { headers: further, .. }) = self.cursor.as_ref().map(Cursor::place) {
            for (name, value) in further {
                let name = HeaderName::try_from(name.as_str()).map_err(|_| Error::Cursor)?;
                headers.insert(
                    name,
                    HeaderValue::try_from(value.as_str()).map_err(|_| Error::Cursor)?,
                );
            }
        }
        if self.body != Body::Empty {
            headers.insert(
                http::header::CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            );
        }
        Ok(headers)
    }

    /// Whether the service would accept it, as far as is known.
    fn allowed(&self) -> Result<(), Error> {
        let by_rule = || {
            self.rules
                .and_then(|rules| rules.refuses(&self.query))
                .map(Cow::Owned)
        };
        let refusal = self.refusal.clone().or_else(by_rule);
        match refusal {
            Some(reason) => Err(Error::Refused {
                operation: self.operation,
                reason,
            }),
            None => Ok(()),
        }
    }

    fn with_query(&self, query: &[(String, String)]) -> Result<String, Error> {
        let operation = self.operation;
        if let Some(segment) = self.path.refused() {
            return Err(Error::Address {
                operation,
                segment: segment.to_owned(),
            });
        }
        if let Some(header) = self.refused_header {
            return Err(Error::Header { operation, header });
        }
        let mut url = self.path.as_str().to_owned();
        for (at, (name, value)) in query.iter().enumerate() {
            url.push(if at == 0 { '?' } else { '&' });
            url.extend(utf8_percent_encode(name, QUERY));
            url.push('=');
            url.extend(utf8_percent_encode(value, QUERY));
        }
        Ok(url)
    }
}
