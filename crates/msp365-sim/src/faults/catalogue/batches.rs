//! Batches whose items fare differently, or whose answer is not whole.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, StatusCode};
use msp365_core::Reply;
use serde_json::{Value, json};

use super::super::{
    fate::Fate,
    pages::{self, Answers},
    row::{
        Action::{Alter, End, Items, Later, Rewrite, Say},
        Fault, Meeting, say,
    },
    target::Target::Batch,
};
use crate::front::{Parcel, with_body};

pub(super) const FAULTS: &[Fault] = &[
    Fault::once(
        "F115",
        "every third item is throttled, with a wait of its own",
        Batch,
        &[&[Items(throttled)]],
    ),
    Fault::once(
        "F116",
        "every third item is throttled, and the whole says 424",
        Batch,
        &[&[
            Items(throttled),
            Alter(|_, reply| {
                reply.status = StatusCode::FAILED_DEPENDENCY;
                true
            }),
        ]],
    ),
    Fault::once(
        "F117",
        "the first item fails, and what depends on it",
        Batch,
        &[&[Items(|_, parcel| first(parcel, 500))]],
    ),
    Fault::once(
        "F118",
        "the answers come in another order",
        Batch,
        &[&[Alter(|_, reply| {
            pages::edit_items(reply, |items| {
                items.rotate_left(1);
                items.len() > 1
            })
        })]],
    ),
    Fault::once(
        "F119",
        "an item has no answer: it took effect, or it did not",
        Batch,
        &[
            &[Alter(|_, reply| {
                pages::edit_items(reply, |items| items.pop().is_some())
            })],
            &[
                Items(|_, parcel| {
                    let last = parcel.items.last();
                    last.map(|item| (item.id.clone(), json!({"id": item.id, "status": 0})))
                        .into_iter()
                        .collect()
                }),
                Alter(|_, reply| {
                    pages::edit_items(reply, |items| {
                        items.retain(|item| item["status"] != 0);
                        true
                    })
                }),
            ],
        ],
    ),
    Fault::once(
        "F120",
        "an answer to an item nobody sent, and two to one",
        Batch,
        &[&[Alter(|_, reply| {
            pages::edit_items(reply, |items| {
                let Some(first) = items.first().cloned() else {
                    return false;
                };
                let other =
                    |id: &Value| json!({"id": id, "status": 200, "headers": {}, "body": {"id": "stray"}});
                items.extend([other(&first["id"]), other(&json!("unknown"))]);
                true
            })
        })]],
    ),
    Fault::once(
        "F121",
        "an item's body is null, base64 or a page; headers in odd case, with numbers",
        Batch,
        &[
            &[Alter(|_, reply| {
                body(reply, ("Content-Type", "application/json"), &Value::Null)
            })],
            &[Alter(|_, reply| {
                body(
                    reply,
                    ("content-type", "application/octet-stream"),
                    &json!("QWRh"),
                )
            })],
            &[Alter(|_, reply| {
                body(
                    reply,
                    ("CONTENT-TYPE", "text/html"),
                    &json!("<html><body>503</body></html>"),
                )
            })],
            &[Alter(|_, reply| {
                pages::edit_items(reply, |items| {
                    let Some(first) = items.first_mut() else {
                        return false;
                    };
                    first["headers"]["rEtRy-aFtEr"] = json!(7);
                    true
                })
            })],
        ],
    ),
    Fault::once(
        "F122",
        "the whole batch is throttled, fails, or is lost, in the end with half of it done",
        Batch,
        &[
            &[Say(say(429).with("Retry-After", "7"))],
            &[Say(say(503))],
            &[Say(say(504))],
            &[End(Fate::Lose)],
            &[Items(second_half), Later(say(504))],
        ],
    ),
    Fault::once(
        "F123",
        "the whole batch is refused",
        Batch,
        &[&[Say(say(400).code("BadRequest"))]],
    ),
    Fault::once(
        "F124",
        "lists in a batch have one row a page",
        Batch,
        &[&[Rewrite(short_pages)]],
    )
    .always(),
    Fault::once(
        "F125",
        "an item's token is refused",
        Batch,
        &[&[Items(|_, parcel| first(parcel, 401))]],
    ),
    Fault::once(
        "F126",
        "more than `size` items on one mailbox are throttled",
        Batch,
        &[&[Items(|meeting, parcel| {
            let mut seen: BTreeMap<String, u64> = BTreeMap::new();
            let over = parcel.items.iter().filter(|item| {
                let whose = item.asked.path.get(..2).unwrap_or_default().join("/");
                let count = seen.entry(whose.clone()).or_default();
                *count += 1;
                whose.starts_with("users/") && *count > meeting.size
            });
            let waits = json!({"Retry-After": "1"});
            over.map(|item| pages::refused_item(&item.id, 429, &waits))
                .collect()
        })]],
    )
    .always()
    .size(4),
    Fault::once(
        "F127",
        "the answer ends after `size` bytes",
        Batch,
        &[&[End(Fate::Truncate)]],
    )
    .size(40),
];

fn throttled(_: &mut Meeting<'_>, parcel: &Parcel) -> Answers {
    let places = parcel
        .items
        .iter()
        .enumerate()
        .filter(|(place, _)| place % 3 == 0);
    places
        .map(|(place, item)| {
            let wait = (3 + place).to_string();
            pages::refused_item(&item.id, 429, &json!({"Retry-After": wait}))
        })
        .collect()
}

fn first(parcel: &Parcel, status: u16) -> Answers {
    let item = parcel.items.first().into_iter();
    item.map(|item| pages::refused_item(&item.id, status, &json!({})))
        .collect()
}

fn second_half(_: &mut Meeting<'_>, parcel: &Parcel) -> Answers {
    let half = parcel.items.len() / 2;
    let items = parcel.items.iter().skip(half);
    items
        .map(|item| pages::refused_item(&item.id, 503, &json!({})))
        .collect()
}

fn body(reply: &mut Reply, (name, kind): (&str, &str), body: &Value) -> bool {
    pages::edit_items(reply, |items| {
        let Some(first) = items.first_mut() else {
            return false;
        };
        first["headers"] = json!({name: kind});
        first["body"] = body.clone();
        true
    })
}

/// Adds `$top=1` to every read that has no limit of its own.
fn short_pages(_: &mut Meeting<'_>, request: &mut Request<Bytes>) -> bool {
    let Ok(mut body) = serde_json::from_slice::<Value>(request.body()) else {
        return false;
    };
    let mut any = false;
    for item in body
        .get_mut("requests")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let url = item["url"].as_str().unwrap_or_default().to_owned();
        let path = url.split('?').next().unwrap_or_default().trim_matches('/');
        let is_list = item["method"] == "GET" && matches!(path, "users" | "groups" | "devices");
        if is_list && !url.contains("$top") && !url.contains("$skiptoken") {
            let joint = if url.contains('?') { '&' } else { '?' };
            item["url"] = json!(format!("{url}{joint}$top=1"));
            any = true;
        }
    }
    *request = with_body(request, &body);
    any
}
