//! Changing JSON answers.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use msp365_core::Reply;
use serde_json::{Map, Value, json};

use super::row::Meeting;

/// Changes the JSON body of a successful answer; `false` if there is none or nothing was changed.
pub(crate) fn edit(reply: &mut Reply, change: impl FnOnce(&mut Value) -> bool) -> bool {
    if !reply.status.is_success() {
        return false;
    }
    let Ok(mut body) = serde_json::from_slice::<Value>(reply.text_bytes()) else {
        return false;
    };
    let changed = change(&mut body);
    if changed {
        reply.body = Bytes::from(body.to_string());
    }
    changed
}

/// The rows of a page, of Graph or of Partner Center.
pub(crate) fn rows(body: &mut Value) -> Option<&mut Vec<Value>> {
    let name = if body.get("items").is_some() {
        "items"
    } else {
        "value"
    };
    body.get_mut(name)?.as_array_mut()
}

/// Changes the rows of a page that has some.
pub(crate) fn edit_rows(reply: &mut Reply, change: impl FnOnce(&mut Vec<Value>) -> bool) -> bool {
    edit(reply, |body| {
        rows(body).filter(|rows| !rows.is_empty()).is_some_and(change)
    })
}

/// Changes every row; `true` if any was.
pub(crate) fn each_row(reply: &mut Reply, mut change: impl FnMut(&mut Map<String, Value>) -> bool) -> bool {
    edit_rows(reply, |rows| {
        let objects = rows.iter_mut().filter_map(Value::as_object_mut);
        objects.map(&mut change).filter(|changed| *changed).count() > 0
    })
}

/// Changes the first row that has an id and was not removed.
pub(crate) fn first_row(reply: &mut Reply, change: impl FnOnce(&mut Map<String, Value>) -> bool) -> bool {
    edit_rows(reply, |rows| {
        let mut objects = rows.iter_mut().filter_map(Value::as_object_mut);
        objects
            .find(|row| row.contains_key("id") && !row.contains_key("@removed"))
            .is_some_and(change)
    })
}

/// Sets a value of every row.
pub(crate) fn set_in_rows(reply: &mut Reply, name: &str, value: &Value) -> bool {
    each_row(reply, |row| {
        row.insert(name.to_owned(), value.clone());
        true
    })
}

/// Gives a page of rows a link to a next page.
pub(crate) fn link(reply: &mut Reply, to: &Value) -> bool {
    edit(reply, |body| {
        let is_page = rows(body).is_some();
        if let Some(page) = body.as_object_mut().filter(|_| is_page) {
            page.remove("@odata.deltaLink");
            page.insert("@odata.nextLink".to_owned(), to.clone());
        }
        is_page
    })
}

/// Replaces a text in the body.
pub(crate) fn replace(reply: &mut Reply, from: &str, to: &str) -> bool {
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    let found = text.contains(from);
    if found {
        reply.body = Bytes::from(text.replacen(from, to, 1));
    }
    found
}

/// An error of Graph.
pub(crate) fn refusal(status: u16, code: &str) -> Reply {
    let body = json!({"error": {"code": code, "message": format!("Simulated: {code}."), "innerError": {}}});
    json_reply(status, &body)
}

pub(crate) fn json_reply(status: u16, body: &Value) -> Reply {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Reply::new(status, headers, body.to_string())
}

/// Sets a header of an answer.
pub(crate) fn set(reply: &mut Reply, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        reply.headers.insert(name, value);
    }
}

/// Whether a text is met for the first time under a name of the script's memory.
pub(crate) fn is_new(meeting: &mut Meeting<'_>, name: &str, text: &str) -> bool {
    let all = meeting.memory.entry(name.to_owned()).or_insert_with(|| json!({}));
    let known = all.get(text).is_some();
    if let Some(all) = all.as_object_mut() {
        all.insert(text.to_owned(), json!(true));
    }
    !known
}

/// The items of an answer to a batch.
pub(crate) fn edit_items(reply: &mut Reply, change: impl FnOnce(&mut Vec<Value>) -> bool) -> bool {
    edit(reply, |body| {
        let items = body.get_mut("responses").and_then(Value::as_array_mut);
        items.filter(|items| !items.is_empty()).is_some_and(change)
    })
}

/// An item's answer that refuses.
pub(crate) fn refused_item(id: &str, status: u16, headers: &Value) -> (String, Value) {
    let code = match status {
        401 => "InvalidAuthenticationToken",
        424 => "FailedDependency",
        429 => "TooManyRequests",
        _ => "UnknownError",
    };
    let body = json!({"error": {"code": code, "message": "Simulated."}});
    let answer = json!({"id": id, "status": status, "headers": headers, "body": body});
    (id.to_owned(), answer)
}

pub(crate) type Answers = BTreeMap<String, Value>;
