//! The items of a `$batch`, taken out and put back from outside, so that what happens to one happens to it alone.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use msp365_core::Reply;
use serde_json::{Value, json};

use super::asked::Asked;

/// One item as it stands in the request.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) asked: Asked,
    raw: Value,
}

/// All items, in order.
#[derive(Debug, Clone)]
pub(crate) struct Parcel {
    pub(crate) items: Vec<Item>,
}

impl Parcel {
    /// The items of a batch; `None` of what is no batch, or one so malformed that the service refuses it whole.
    pub(crate) fn of(asked: &Asked) -> Option<Self> {
        if !asked.is_batch() {
            return None;
        }
        let body: Value = serde_json::from_slice(&asked.body).ok()?;
        let items: Option<Vec<Item>> = body
            .get("requests")?
            .as_array()?
            .iter()
            .map(|raw| item(asked, raw))
            .collect();
        items.map(|items| Self { items })
    }

    /// The request without the items that have an answer already. Whatever depends on one of them fails with it;
    /// those answers are added. `None` if nothing is left to ask.
    pub(crate) fn without(
        &self,
        request: &Request<Bytes>,
        answers: &mut BTreeMap<String, Value>,
    ) -> Option<Request<Bytes>> {
        let mut left = Vec::new();
        for item in &self.items {
            if answers.contains_key(&item.id) {
                continue;
            }
            let depends = item.raw.get("dependsOn").and_then(Value::as_array);
            let fails = depends.into_iter().flatten().filter_map(Value::as_str).any(|on| {
                answers
                    .get(on)
                    .is_some_and(|answer| answer["status"].as_u64() >= Some(300))
            });
            if fails {
                answers.insert(item.id.clone(), failed_dependency(&item.id));
            } else {
                left.push(item.raw.clone());
            }
        }
        if left.is_empty() {
            return None;
        }
        Some(with_body(request, &json!({ "requests": left })))
    }
}

fn item(outer: &Asked, raw: &Value) -> Option<Item> {
    let text = |name: &str| raw.get(name).and_then(Value::as_str);
    let method = text("method")?.to_ascii_uppercase().parse::<Method>().ok()?;
    let body = raw
        .get("body")
        .map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
    Some(Item {
        id: text("id")?.to_owned(),
        asked: outer.item(method, text("url")?, body),
        raw: raw.clone(),
    })
}

/// The same request with another JSON body.
pub(crate) fn with_body(request: &Request<Bytes>, body: &Value) -> Request<Bytes> {
    let mut changed = request.clone();
    *changed.body_mut() = Bytes::from(body.to_string());
    changed.headers_mut().remove(header::CONTENT_LENGTH);
    changed
}

/// An item's answer.
pub(crate) fn answer(id: &str, reply: &Reply) -> Value {
    let headers: serde_json::Map<String, Value> = reply
        .headers
        .iter()
        .filter_map(|(name, value)| Some((titled(name.as_str()), json!(value.to_str().ok()?))))
        .collect();
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
    json!({"id": id, "status": reply.status.as_u16(), "headers": headers, "body": body})
}

fn titled(name: &str) -> String {
    match name {
        "content-type" => "Content-Type".to_owned(),
        "location" => "Location".to_owned(),
        "retry-after" => "Retry-After".to_owned(),
        other => other.to_owned(),
    }
}

fn failed_dependency(id: &str) -> Value {
    json!({"id": id, "status": 424, "headers": {"Content-Type": "application/json"}, "body": {"error": {
        "code": "FailedDependency",
        "message": "A request this one depends on failed.",
    }}})
}

/// A batch's answer with no item that the service itself answered.
pub(crate) fn empty() -> Reply {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Reply::new(StatusCode::OK, headers, json!({"responses": []}).to_string())
}

/// Puts answers beside those of the service.
pub(crate) fn add(reply: &mut Reply, answers: BTreeMap<String, Value>) {
    let Some(mut body) = responses(reply) else {
        return;
    };
    if let Some(list) = body.get_mut("responses").and_then(Value::as_array_mut) {
        list.extend(answers.into_values());
    }
    reply.body = Bytes::from(body.to_string());
}

/// The body of a batch's answer, if it is one.
pub(crate) fn responses(reply: &Reply) -> Option<Value> {
    let body: Value = serde_json::from_slice(reply.text_bytes()).ok()?;
    body.get("responses")?.as_array()?;
    Some(body)
}
