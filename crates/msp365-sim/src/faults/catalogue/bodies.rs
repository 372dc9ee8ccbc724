//! Bodies and values that nobody expects.

use bytes::Bytes;
use http::StatusCode;
use msp365_core::Reply;
use serde_json::{Map, Value, json};

use super::{
    super::{
        links, pages,
        row::{
            Action::{self, Alter, Say},
            Fault, Text, say,
        },
        target::Target::{Graph, Read},
    },
    errors,
};

const fn page(status: u16) -> Action {
    Say(say(status).body(Text::Html))
}

pub(super) const FAULTS: &[Fault] = &[
    Fault::once(
        "F050",
        "502, 503 and 504 with a page for people",
        Graph,
        &[&[page(502)], &[page(503)], &[page(504)]],
    )
    .times(3),
    Fault::once(
        "F051",
        "no body where one is due: with 200, and as 204",
        Read,
        &[
            &[Alter(|_, reply| emptied(reply, StatusCode::OK))],
            &[Alter(|_, reply| emptied(reply, StatusCode::NO_CONTENT))],
        ],
    ),
    Fault::once("F052", "errors in forty shapes", Graph, errors::WAYS).times(40),
    Fault::once(
        "F053",
        "JSON cut short, behind a byte order mark, in UTF-16, and not UTF-8 at all",
        Read,
        &[
            &[Alter(|_, reply| {
                recoded(reply, |text| text.as_bytes()[..text.len() / 2].to_vec())
            })],
            &[Alter(|_, reply| {
                recoded(reply, |text| format!("\u{feff}{text}").into_bytes())
            })],
            &[Alter(|_, reply| {
                recoded(reply, |text| {
                    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
                })
            })],
            &[Alter(|_, reply| {
                recoded(reply, |text| [text.as_bytes(), b"\xff\xfe"].concat())
            })],
        ],
    ),
    Fault::once(
        "F054",
        "enumerations with members nobody knows",
        Read,
        &[
            &[Alter(|_, reply| enumerated(reply, "unknownFutureValue"))],
            &[Alter(|_, reply| enumerated(reply, "intuneAosp"))],
        ],
    )
    .always(),
    Fault::once(
        "F055",
        "one property after the other is null, then absent",
        Read,
        &[
            &[Alter(|meeting, reply| {
                without(reply, meeting.hit / 2, Some(&Value::Null))
            })],
            &[Alter(|meeting, reply| without(reply, meeting.hit / 2, None))],
        ],
    )
    .always(),
    Fault::once(
        "F056",
        "numbers as text, text as numbers, booleans as text, numbers past all bounds, exponents",
        Read,
        &[
            &[Alter(|_, reply| {
                convert(reply, |value| {
                    value
                        .as_bool()
                        .map(|flag| json!(if flag { "True" } else { "False" }))
                })
            })],
            &[Alter(|_, reply| {
                convert(reply, |value| value.as_number().map(|n| json!(n.to_string())))
            })],
            &[Alter(|_, reply| {
                pages::set_in_rows(reply, "displayName", &json!(12_345))
            })],
            &[Alter(|_, reply| {
                pages::set_in_rows(reply, "storageUsed", &json!("1180591620717411303424"))
            })],
            &[Alter(|_, reply| {
                raw_in_first(reply, "\"itemCount\":1180591620717411303424")
            })],
            &[Alter(|_, reply| raw_in_first(reply, "\"itemCount\":1.2E3"))],
        ],
    ),
    Fault::once(
        "F057",
        "dates at the edges: year 1, nine decimals, no zone, year 9999, second 60",
        Read,
        &[
            &[Alter(|_, reply| dates(reply, "0001-01-01T00:00:00Z"))],
            &[Alter(|_, reply| dates(reply, "2026-01-02T03:04:05.123456789Z"))],
            &[Alter(|_, reply| dates(reply, "2026-01-02T03:04:05.1234567"))],
            &[Alter(|_, reply| dates(reply, "9999-12-31T23:59:59.9999999Z"))],
            &[Alter(|_, reply| dates(reply, "2026-06-30T23:59:60Z"))],
        ],
    ),
    Fault::once(
        "F058",
        "ids in upper case and in braces",
        Read,
        &[
            &[Alter(|_, reply| ids(reply, str::to_uppercase))],
            &[Alter(|_, reply| ids(reply, |id| format!("{{{id}}}")))],
        ],
    ),
    Fault::once(
        "F059",
        "names with marks, control signs, half characters, and 20,000 letters",
        Read,
        &[
            &[Alter(|_, reply| named(reply, "\u{202e}Ada\u{200f}"))],
            &[Alter(|_, reply| named(reply, "Ada\u{0}Bo"))],
            &[Alter(|_, reply| named(reply, "Ada\u{2028}Bo"))],
            &[Alter(|_, reply| {
                named(reply, "half") && pages::replace(reply, "\"half\"", "\"\\ud83d\"")
            })],
            &[Alter(|_, reply| {
                named(reply, "Cle\u{301}o \u{1f9d1}\u{200d}\u{1f4bb}")
            })],
            &[Alter(|_, reply| named(reply, &"A".repeat(20_000)))],
        ],
    ),
    Fault::once(
        "F060",
        "5,000 addresses, 64 KiB in one property, 1 MiB of text",
        Read,
        &[
            &[Alter(|_, reply| {
                let all: Vec<String> = (0..5_000)
                    .map(|n| format!("smtp:ada{n}@contoso.example"))
                    .collect();
                pages::set_in_rows(reply, "proxyAddresses", &json!(all))
            })],
            &[Alter(|_, reply| named(reply, &"A".repeat(64 << 10)))],
            &[Alter(|_, reply| named(reply, &"A".repeat(1 << 20)))],
        ],
    ),
    Fault::once(
        "F061",
        "one row that no model fits",
        Read,
        &[&[Alter(|_, reply| {
            pages::first_row(reply, |row| {
                row.insert("displayName".to_owned(), json!({"not": ["a", "name"]}));
                row.insert("accountEnabled".to_owned(), json!([["perhaps"]]));
                row.insert("createdDateTime".to_owned(), json!({}));
                true
            })
        })]],
    ),
    Fault::once(
        "F062",
        "a key twice in one object; 10,000 arrays in each other",
        Read,
        &[
            &[Alter(|_, reply| {
                raw_in_first(reply, "\"displayName\":\"First\",\"displayName\":\"Second\"")
            })],
            &[Alter(|_, reply| {
                let deep = format!("\"deep\":{}{}", "[".repeat(10_000), "]".repeat(10_000));
                raw_in_first(reply, &deep)
            })],
        ],
    ),
    Fault::once(
        "F064",
        "`value` is missing, null or an object",
        Read,
        &[
            &[Alter(|_, reply| of_value(reply, None))],
            &[Alter(|_, reply| of_value(reply, Some(&Value::Null)))],
            &[Alter(|_, reply| of_value(reply, Some(&json!({}))))],
        ],
    ),
    Fault::once(
        "F065",
        "an empty page with a link to the real one",
        Read,
        &[&[Alter(|meeting, reply| {
            let to = json!(links::wrap(meeting.request, meeting.hit));
            pages::edit_rows(reply, |rows| {
                rows.clear();
                true
            }) && pages::link(reply, &to)
        })]],
    ),
    Fault::once(
        "F066",
        "members of a kind that nobody knows",
        Read,
        &[&[Alter(|_, reply| {
            pages::each_row(reply, |row| {
                let typed = row.get_mut("@odata.type");
                typed
                    .map(|kind| *kind = json!("#microsoft.graph.somethingNew"))
                    .is_some()
            })
        })]],
    )
    .always(),
    Fault::once(
        "F067",
        "a property that may not be read is left out",
        Read,
        &[&[Alter(|_, reply| {
            pages::each_row(reply, |row| {
                let name = ["signInActivity", "assignedLicenses", "mail", "displayName"]
                    .into_iter()
                    .find(|name| row.contains_key(*name));
                name.and_then(|name| row.remove(name)).is_some()
            })
        })]],
    )
    .always(),
    Fault::once(
        "F068",
        "properties that no model knows",
        Read,
        &[&[Alter(|_, reply| {
            pages::set_in_rows(reply, "somethingNew", &json!({"of": ["unknown", 1, null]}))
        })]],
    )
    .always(),
];

fn emptied(reply: &mut Reply, status: StatusCode) -> bool {
    let was = reply.status.is_success() && !reply.body.is_empty();
    if was {
        reply.status = status;
        reply.body = Bytes::new();
    }
    was
}

fn recoded(reply: &mut Reply, code: impl FnOnce(&str) -> Vec<u8>) -> bool {
    let text = String::from_utf8_lossy(reply.text_bytes()).into_owned();
    let fits = reply.status.is_success() && text.len() > 1;
    if fits {
        reply.body = Bytes::from(code(&text));
    }
    fits
}

/// Enumerations of several resources; rows have those of their own.
const ENUMERATIONS: [&str; 9] = [
    "userType",
    "trustType",
    "complianceState",
    "managementAgent",
    "visibility",
    "capabilityStatus",
    "appliesTo",
    "ownerType",
    "status",
];

fn enumerated(reply: &mut Reply, member: &str) -> bool {
    pages::each_row(reply, |row| {
        let names = ENUMERATIONS.into_iter().filter(|name| row.contains_key(*name));
        let names: Vec<_> = names.collect();
        for name in &names {
            row.insert((*name).to_owned(), json!(member));
        }
        !names.is_empty()
    })
}

/// Takes the n-th property away, or sets it.
fn without(reply: &mut Reply, n: u64, to: Option<&Value>) -> bool {
    pages::each_row(reply, |row| {
        let names: Vec<String> = row.keys().filter(|name| *name != "id").cloned().collect();
        let place = usize::try_from(n).unwrap_or(0).checked_rem(names.len());
        let Some(name) = place.and_then(|place| names.get(place)) else {
            return false;
        };
        match to {
            Some(value) => row.insert(name.clone(), value.clone()),
            None => row.remove(name),
        };
        true
    })
}

fn convert(reply: &mut Reply, to: impl Fn(&Value) -> Option<Value>) -> bool {
    pages::each_row(reply, |row| {
        let mut any = false;
        for value in row.values_mut() {
            if let Some(other) = to(value) {
                *value = other;
                any = true;
            }
        }
        any
    })
}

fn dates(reply: &mut Reply, text: &str) -> bool {
    pages::each_row(reply, |row| {
        row.insert("createdDateTime".to_owned(), json!(text));
        let others = row
            .iter_mut()
            .filter(|(name, value)| name.ends_with("DateTime") && value.is_string());
        for (_, value) in others {
            *value = json!(text);
        }
        true
    })
}

fn ids(reply: &mut Reply, change: impl Fn(&str) -> String) -> bool {
    pages::each_row(reply, |row| {
        let id = row.get("id").and_then(Value::as_str).map(&change);
        id.map(|id| row.insert("id".to_owned(), json!(id))).is_some()
    })
}

fn named(reply: &mut Reply, name: &str) -> bool {
    pages::first_row(reply, |row| {
        row.insert("displayName".to_owned(), json!(name));
        true
    })
}

/// Puts members into the first row as they stand, past what a JSON value can hold.
fn raw_in_first(reply: &mut Reply, members: &str) -> bool {
    let marked = |row: &mut Map<String, Value>| row.insert("@raw".to_owned(), json!("here")).is_none();
    pages::first_row(reply, marked) && pages::replace(reply, "\"@raw\":\"here\"", members)
}

fn of_value(reply: &mut Reply, to: Option<&Value>) -> bool {
    pages::edit(reply, |body| {
        let page = body.as_object_mut().filter(|page| page.contains_key("value"));
        let Some(page) = page else { return false };
        match to {
            Some(value) => page.insert("value".to_owned(), value.clone()),
            None => page.remove("value"),
        };
        true
    })
}
