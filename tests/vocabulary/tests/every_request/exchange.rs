//! A request and a reply that it decodes.

use http::{HeaderMap, HeaderValue, StatusCode};
use msp365_core::{Body, Call, Endpoints, Reply, Request};
use serde_json::{Map, Value, json};

/// An id of the made-up tenant.
pub(crate) const ID: &str = "0a000000-0000-4000-8000-000000000001";
/// Where pre-authenticated addresses lead.
const PLACE: &str = "https://reports.example/download";

pub(crate) struct Exchange {
    call: Call,
    status: u16,
    body: Value,
}

/// A request answered by an empty page.
pub(crate) fn page<T>(request: Request<T>) -> Exchange {
    let mut body = json!({ "value": [] });
    if request.call().rules().is_some_and(|rules| rules.is_delta) {
        body["@odata.deltaLink"] = "https://graph.microsoft.com/v1.0/users/delta?$deltatoken=x".into();
    }
    answered(request, 200, body)
}

/// A request answered by this object.
pub(crate) fn object<T>(request: Request<T>, body: Value) -> Exchange {
    answered(request, 200, body)
}

/// A request answered by an object of which nothing but the id is told.
pub(crate) fn entity<T>(request: Request<T>) -> Exchange {
    answered(request, 200, json!({ "id": ID }))
}

/// A request answered by an object that it made.
pub(crate) fn made<T>(request: Request<T>) -> Exchange {
    answered(request, 201, json!({ "id": ID }))
}

/// A request that is carried out without an answer to speak of.
pub(crate) fn done<T>(request: Request<T>) -> Exchange {
    answered(request, 204, Value::Null)
}

/// A request answered by an address.
pub(crate) fn leads<T>(request: Request<T>, status: u16) -> Exchange {
    answered(request, status, Value::Null)
}

fn answered<T>(request: Request<T>, status: u16, body: Value) -> Exchange {
    let text = match &body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    let mut headers = HeaderMap::new();
    headers.insert("location", HeaderValue::from_static(PLACE));
    let reply = Reply::new(StatusCode::from_u16(status).unwrap(), headers, text);
    request
        .decode(&reply)
        .unwrap_or_else(|error| panic!("{}: {error}", request.call().operation()));
    Exchange {
        call: request.call().clone(),
        status,
        body,
    }
}

impl Exchange {
    pub(crate) fn operation(&self) -> &'static str {
        self.call.operation()
    }

    pub(crate) const fn call(&self) -> &Call {
        &self.call
    }

    /// The exchange as a line of a recording.
    pub(crate) fn line(&self) -> String {
        let headers: Map<String, Value> = self
            .call
            .send_headers()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().into()))
            .collect();
        let sent = match self.call.body() {
            Body::Json(body) => body.clone(),
            Body::Empty => Value::Null,
        };
        json!({
            "method": self.call.method().as_str(),
            "url": self.call.url(&Endpoints::public()).unwrap(),
            "request_headers": headers,
            "request_body": sent,
            "status": self.status,
            "response_headers": { "Content-Type": "application/json", "Location": PLACE },
            "response_body": self.body,
        })
        .to_string()
    }
}
