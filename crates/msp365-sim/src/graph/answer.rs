//! What a route answers, and how that goes out.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use msp365_core::{Reply, SeededRandom, random};
use serde_json::{Value, json};

use super::cost;
use crate::{api::ApiCall, odata::Refused, world::World};

/// The outcome of a call that is not refused.
#[derive(Debug)]
pub(super) enum Answer {
    Json(Value),
    /// JSON that is written already.
    Text(Vec<u8>),
    /// A bare number, as text.
    Count(usize),
    /// A file to keep for fetching under a key of its own.
    Download {
        key: String,
        body: Bytes,
    },
    /// Elsewhere, without a body.
    Found(String),
    /// Something new, with where it can be read.
    Created {
        location: String,
        body: Value,
    },
    /// Done, and nothing to tell.
    Nothing,
    /// An operation has begun; it is read there, after a while.
    Underway {
        location: String,
    },
    /// Begun; `location` tells how it goes on.
    Accepted {
        location: Option<String>,
        body: Option<Value>,
    },
}

const JSON: &str =
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/// The reply to a call.
pub(super) fn reply(world: &World, call: &ApiCall, answered: Result<Answer, Refused>) -> Reply {
    let request_id = request_id(world);
    let mut headers = HeaderMap::new();
    set(&mut headers, "request-id", &request_id);
    set(
        &mut headers,
        "client-request-id",
        call.header("client-request-id").unwrap_or(&request_id),
    );
    match answered {
        Ok(answer) => {
            set(&mut headers, "x-ms-resource-unit", &cost::units(call).to_string());
            set(&mut headers, "odata-version", "4.0");
            succeed(headers, answer)
        }
        Err(refused) => refuse(headers, call, &refused, &request_id),
    }
}

fn succeed(mut headers: HeaderMap, answer: Answer) -> Reply {
    match answer {
        Answer::Json(body) => succeed(headers, Answer::Text(body.to_string().into_bytes())),
        Answer::Text(body) => {
            set(&mut headers, header::CONTENT_TYPE.as_str(), JSON);
            Reply::new(StatusCode::OK, headers, body)
        }
        Answer::Count(count) => {
            set(&mut headers, header::CONTENT_TYPE.as_str(), "text/plain");
            Reply::new(StatusCode::OK, headers, count.to_string())
        }
        Answer::Created { location, body } => {
            set(&mut headers, header::LOCATION.as_str(), &location);
            set(&mut headers, header::CONTENT_TYPE.as_str(), JSON);
            Reply::new(StatusCode::CREATED, headers, body.to_string())
        }
        Answer::Nothing => Reply::new(StatusCode::NO_CONTENT, headers, Bytes::new()),
        Answer::Underway { location } => {
            set(&mut headers, header::LOCATION.as_str(), &location);
            set(&mut headers, header::RETRY_AFTER.as_str(), "10");
            set(&mut headers, header::CONTENT_TYPE.as_str(), JSON);
            Reply::new(StatusCode::ACCEPTED, headers, "{}")
        }
        Answer::Accepted { location, body } => {
            if let Some(location) = location {
                set(&mut headers, header::LOCATION.as_str(), &location);
            }
            if body.is_some() {
                set(&mut headers, header::CONTENT_TYPE.as_str(), JSON);
            }
            let body = body.map(|body| body.to_string()).unwrap_or_default();
            Reply::new(StatusCode::ACCEPTED, headers, body)
        }
        Answer::Found(location) => {
            set(&mut headers, header::LOCATION.as_str(), &location);
            Reply::new(StatusCode::FOUND, headers, Bytes::new())
        }
        Answer::Download { body, .. } => {
            set(
                &mut headers,
                header::CONTENT_TYPE.as_str(),
                "application/octet-stream",
            );
            Reply::new(StatusCode::OK, headers, body)
        }
    }
}

fn refuse(mut headers: HeaderMap, call: &ApiCall, refused: &Refused, request_id: &str) -> Reply {
    set(&mut headers, header::CONTENT_TYPE.as_str(), "application/json");
    if let Some(location) = &refused.location {
        set(&mut headers, header::LOCATION.as_str(), location);
    }
    let mut body = json!({"error": {
        "code": refused.code,
        "message": refused.message,
        "innerError": {
            "date": call.now.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            "request-id": request_id,
            "client-request-id": call.header("client-request-id").unwrap_or(request_id),
        },
    }});
    if let Some((code, target)) = refused.detail {
        let detail = json!([{"code": code, "message": refused.message, "target": target}]);
        if let Some(error) = body.get_mut("error").and_then(Value::as_object_mut) {
            error.insert("details".to_owned(), detail);
        }
    }
    Reply::new(refused.status, headers, body.to_string())
}

/// An id of this exchange: the same seed and the same exchanges before it give the same.
fn request_id(world: &World) -> String {
    let purpose = format!("graph exchange {}", world.exchanges);
    random::uuid(&SeededRandom::for_purpose(world.seed, &purpose)).to_string()
}

fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        headers.insert(name, value);
    }
}
