//! Names and texts that mean harm, and names that look like others.

use msp365_core::Reply;
use serde_json::{Value, json};

use super::super::{
    pages,
    row::{
        Action::{self, Alter, Say},
        Fault, Text, say,
    },
    target::Target::{Machines, Named, Read},
};

/// Cells that a spreadsheet takes for formulas.
const FORMULAS: [&str; 10] = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\u{a0}=1+1",
    "Ada\n=1+1",
    "=HYPERLINK(\"https://evil.example\",\"Ada\")",
];

/// Texts that break lines, colour terminals, or end early.
const LINES: [&str; 4] = [
    "Ada\r\nSet-Cookie: a=b",
    "Ada\nERROR Bo was deleted",
    "Ada \u{1b}[2J\u{1b}[31m",
    "Ada\u{0}Bo",
];

const INJECTED: &str = "{\"error\":{\"code\":\"BadRequest\",\"message\":\"no\\r\\nX-Evil: 1\\u001b[31m\\u0000end\",\
    \"innerError\":{\"date\":\"x\\r\\ny\"}}}";

pub(super) const FAULTS: &[Fault] = &[
    Fault::once(
        "F214",
        "devices of one name, without a name, cut to 15 letters, in other letters and spaces",
        Machines,
        &[
            &[Alter(|_, reply| {
                machines(reply, |_, _| Some("DESKTOP-TWIN".to_owned()))
            })],
            &[Alter(|_, reply| machines(reply, |_, _| Some(String::new())))],
            &[Alter(|_, reply| {
                machines(reply, |name, _| {
                    Some(format!("{name}-WORKSTATION").chars().take(15).collect())
                })
            })],
            &[Alter(|_, reply| {
                machines(reply, |name, place| {
                    Some(match place % 2 {
                        0 => format!(" {} ", name.to_lowercase()),
                        _ => name.to_uppercase(),
                    })
                })
            })],
        ],
    )
    .always(),
    Fault::once(
        "F215",
        "names in letters that look like others, or that run backwards",
        Named,
        &[
            &[Alter(|_, reply| {
                renamed(reply, |name, _| name.replace(['a', 'A'], "\u{430}"))
            })],
            &[Alter(|_, reply| {
                renamed(reply, |name, _| name.replace(['o', 'O'], "\u{3bf}"))
            })],
            &[Alter(|_, reply| {
                renamed(reply, |name, _| {
                    format!("\u{202e}{}", name.chars().rev().collect::<String>())
                })
            })],
        ],
    )
    .always(),
    Fault::once(
        "F216",
        "the address of one user is another's by now",
        Named,
        &[&[Alter(|_, reply| {
            pages::edit_rows(reply, |rows| {
                let addresses: Vec<Value> = rows.iter().map(|row| row["mail"].clone()).collect();
                let moved = addresses.len() > 1 && addresses.iter().any(Value::is_string);
                for (row, address) in rows.iter_mut().zip(addresses.iter().skip(1)).filter(|_| moved) {
                    row["mail"] = address.clone();
                    row["proxyAddresses"] = json!([format!("SMTP:{}", address.as_str().unwrap_or_default())]);
                }
                moved
            })
        })]],
    ),
    Fault::once(
        "F245",
        "names that a spreadsheet takes for formulas, in every row",
        Named,
        &[&[Alter(|_, reply| {
            renamed(reply, |_, place| pick(&FORMULAS, place))
        })]],
    )
    .always(),
    Fault::once(
        "F248",
        "names and texts of errors that break lines and colour terminals",
        Read,
        &[
            &[Alter(|_, reply| renamed(reply, |_, place| pick(&LINES, place)))],
            &[injected()],
        ],
    )
    .times(2),
    Fault::once(
        "F250",
        "names that mean something to a database, and one of 100,000 letters",
        Named,
        &[
            &[Alter(|_, reply| {
                renamed(reply, |_, _| "Ada'); DROP TABLE users; --\" OR ''='".to_owned())
            })],
            &[Alter(|_, reply| renamed(reply, |_, _| "'".repeat(100_000)))],
        ],
    )
    .times(2),
    Fault::once(
        "F251",
        "names that mean something to a file system",
        Named,
        &[
            &[Alter(|_, reply| {
                renamed(reply, |_, _| "../../etc/ada".to_owned())
            })],
            &[Alter(|_, reply| {
                renamed(reply, |_, _| "C:\\CON\\nul.txt:ada".to_owned())
            })],
        ],
    )
    .times(2),
    Fault::once(
        "F252",
        "10,000 members of one length in a row, and names that slow patterns down",
        Named,
        &[
            &[Alter(|_, reply| {
                pages::first_row(reply, |row| {
                    row.extend((0..10_000).map(|number| (format!("extension_{number:08}"), json!(number))));
                    true
                })
            })],
            &[Alter(|_, reply| {
                renamed(reply, |_, _| format!("{}!", "a".repeat(50_000)))
            })],
        ],
    )
    .times(2),
];

const fn injected() -> Action {
    Say(say(400).body(Text::Json(INJECTED)))
}

fn pick(texts: &[&str], place: usize) -> String {
    let place = place.checked_rem(texts.len()).unwrap_or(0);
    texts.get(place).copied().unwrap_or_default().to_owned()
}

/// Gives every row, or the one object there is, another name in whatever it is called by.
fn renamed(reply: &mut Reply, name: impl Fn(&str, usize) -> String) -> bool {
    each(
        reply,
        &["displayName", "deviceName", "companyName"],
        |old, place| Some(name(old, place)),
    )
}

fn machines(reply: &mut Reply, name: impl Fn(&str, usize) -> Option<String>) -> bool {
    each(reply, &["displayName", "deviceName"], name)
}

fn each(reply: &mut Reply, keys: &[&str], name: impl Fn(&str, usize) -> Option<String>) -> bool {
    pages::edit(reply, |body| {
        let mut any = false;
        let mut change = |row: &mut Value, place: usize| {
            let profile = row.get("companyProfile").is_some();
            let target = if profile {
                row.get_mut("companyProfile")
            } else {
                Some(row)
            };
            let Some(members) = target.and_then(Value::as_object_mut) else {
                return;
            };
            for key in keys {
                let new = members
                    .get(*key)
                    .and_then(Value::as_str)
                    .and_then(|old| name(old, place));
                if let Some(new) = new {
                    members.insert((*key).to_owned(), json!(new));
                    any = true;
                }
            }
        };
        match pages::rows(body) {
            Some(rows) => rows
                .iter_mut()
                .enumerate()
                .for_each(|(place, row)| change(row, place)),
            None => change(body, 0),
        }
        any
    })
}
