//! `$batch`: up to twenty calls in one, each answered on its own.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use msp365_core::Reply;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{
    answer::{self, Answer},
    caller::Caller,
    route, single,
};
use crate::{
    api::ApiCall,
    odata::Refused,
    world::{Json, World},
};

/// The most calls of one batch.
const MOST: usize = 20;

/// One call of the batch, as it stands in the body.
struct Item {
    id: String,
    request: Json,
    depends_on: Vec<String>,
}

/// Answers the calls one after the other. The answers come in another order than the calls, as the service's do.
pub(super) fn run(world: &mut World, call: &ApiCall) -> Result<Answer, Refused> {
    let items = {
        let caller = Caller::new(world, call)?;
        caller.only(&Method::POST)?;
        items(&caller.body()?)?
    };
    let mut statuses: BTreeMap<&str, StatusCode> = BTreeMap::new();
    let mut responses = Vec::new();
    for item in &items {
        world.exchanges += 1; // each call has an id of its own
        let held = item.depends_on.iter().any(|other| {
            statuses
                .get(other.as_str())
                .is_none_or(|status| !status.is_success())
        });
        let reply = if held {
            answer::reply(world, call, Err(failed_dependency()))
        } else {
            match inner(call, &item.request) {
                Ok(inner) => serve(world, &inner),
                Err(refused) => answer::reply(world, call, Err(refused)),
            }
        };
        statuses.insert(&item.id, reply.status);
        responses.push(response(&item.id, &reply));
    }
    responses.reverse();
    Ok(Answer::Json(json!({ "responses": responses })))
}

fn serve(world: &mut World, inner: &ApiCall) -> Reply {
    let path = route::segments(&inner.path);
    let answered = if path.first().is_some_and(|first| first == "$batch") {
        Err(envelope("A batch cannot hold another batch."))
    } else {
        single(world, inner, &path)
    };
    answer::reply(world, inner, answered)
}

fn items(body: &Json) -> Result<Vec<Item>, Refused> {
    let requests = body.get("requests").and_then(Value::as_array);
    let requests = requests.ok_or_else(|| envelope("Invalid batch payload format."))?;
    if requests.is_empty() {
        return Err(envelope("Invalid batch payload format: there are no requests."));
    }
    if requests.len() > MOST {
        return Err(envelope(
            "Number of batch request steps exceeds the maximum value of 20.",
        ));
    }
    let mut items: Vec<Item> = Vec::new();
    for request in requests {
        let request = request
            .as_object()
            .ok_or_else(|| envelope("Invalid batch payload format."))?;
        let id = request
            .get("id")
            .and_then(Value::as_str)
            .filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| envelope("Each request of a batch needs an id."))?;
        if items.iter().any(|item| item.id == id) {
            return Err(envelope("Request Id has to be unique in a batch."));
        }
        let depends_on: Vec<String> = match request.get("dependsOn") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(ids)) => ids.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(_) => return Err(envelope("dependsOn is a list of ids.")),
        };
        if depends_on
            .iter()
            .any(|other| !items.iter().any(|item| item.id == *other))
        {
            return Err(envelope("dependsOn names a request that does not come before."));
        }
        items.push(Item {
            id: id.to_owned(),
            request: request.clone(),
            depends_on,
        });
    }
    Ok(items)
}

/// The call an item stands for; token, version and time are those of the batch.
fn inner(call: &ApiCall, request: &Json) -> Result<ApiCall, Refused> {
    let text = |name: &str| request.get(name).and_then(Value::as_str);
    let url = text("url").filter(|url| !url.contains("://") && !url.is_empty());
    let url = url.ok_or_else(|| envelope("The url of a request is relative to the version."))?;
    let method = text("method").and_then(|name| name.to_ascii_uppercase().parse::<Method>().ok());
    let method = method.ok_or_else(|| envelope("A request needs a method."))?;
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut headers = HeaderMap::new();
    for (name, value) in request
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let name = HeaderName::try_from(name.as_str()).ok();
        let value = value.as_str().and_then(|value| HeaderValue::try_from(value).ok());
        let (name, value) = name
            .zip(value)
            .ok_or_else(|| envelope("A header cannot be read."))?;
        headers.insert(name, value);
    }
    let body = match request.get("body") {
        None | Some(Value::Null) => Bytes::new(),
        Some(_) if !headers.contains_key(http::header::CONTENT_TYPE) => {
            return Err(envelope("Write request is missing Content-Type header."));
        }
        Some(body) => Bytes::from(body.to_string()),
    };
    Ok(ApiCall {
        method,
        path: path
            .trim_matches('/')
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect(),
        query: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        headers,
        body,
        ..call.clone()
    })
}

fn response(id: &str, reply: &Reply) -> Value {
    let mut headers = Json::new();
    for name in [
        "content-type",
        "location",
        "retry-after",
        "request-id",
        "x-ms-resource-unit",
    ] {
        if let Some(value) = reply.header(name) {
            headers.insert(titled(name), json!(value));
        }
    }
    let mut out = Json::new();
    out.insert("id".to_owned(), json!(id));
    out.insert("status".to_owned(), json!(reply.status.as_u16()));
    out.insert("headers".to_owned(), Value::Object(headers));
    if !reply.body.is_empty() {
        let body = serde_json::from_slice(&reply.body);
        out.insert(
            "body".to_owned(),
            body.unwrap_or_else(|_| json!(STANDARD.encode(&reply.body))),
        );
    }
    Value::Object(out)
}

/// Header names of items are written as they are on paper.
fn titled(name: &str) -> String {
    match name {
        "content-type" => "Content-Type".to_owned(),
        "location" => "Location".to_owned(),
        "retry-after" => "Retry-After".to_owned(),
        other => other.to_owned(),
    }
}

fn failed_dependency() -> Refused {
    Refused::new(
        StatusCode::FAILED_DEPENDENCY,
        "FailedDependency",
        "A request this one depends on failed.",
    )
}

fn envelope(message: &str) -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, "BadRequest", message)
}
