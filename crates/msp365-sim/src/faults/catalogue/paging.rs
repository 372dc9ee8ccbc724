//! Lists whose pages do not follow one another.

use msp365_core::{Reply, SeededRandom, random};
use serde_json::{Value, json};

use super::{
    super::{
        links, pages,
        row::{
            Action::{Alter, Instead, Rewrite, Say},
            Fault, Meeting, say,
        },
        target::Target::{Continued, Graph, Read},
    },
    links::{self as evil, to},
};

pub(super) const FAULTS: &[Fault] = &[
    Fault::once(
        "F070",
        "the page token has expired in the middle of a list",
        Continued,
        &[&[Say(say(400).code("Directory_ExpiredPageToken"))]],
    ),
    Fault::once(
        "F071",
        "the next page is the page itself",
        Read,
        &[&[Alter(|meeting, reply| {
            let to = json!(meeting.request.uri().to_string());
            pages::link(reply, &to)
        })]],
    )
    .always(),
    Fault::once(
        "F072",
        "the same page again and again, under new links",
        Read,
        &[&[Alter(|meeting, reply| {
            let to = json!(links::wrap(meeting.request, meeting.hit));
            pages::link(reply, &to)
        })]],
    )
    .always(),
    Fault::once(
        "F073",
        "after `size` pages the first follows again",
        Read,
        &[&[Alter(cycle)]],
    )
    .always()
    .size(3),
    Fault::once(
        "F074",
        "pages without end, each with rows of its own",
        Read,
        &[&[Alter(|meeting, reply| {
            let (number, to) = (meeting.hit, json!(links::wrap(meeting.request, meeting.hit)));
            fresh(reply, number) && pages::link(reply, &to)
        })]],
    )
    .always(),
    Fault::once(
        "F075",
        "the next page is on another host",
        Graph,
        &[&[Alter(|_, reply| {
            to(reply, "https://graph.evil.example/v1.0/users?$skiptoken=1")
        })]],
    ),
    Fault::once(
        "F076",
        "the next page is somewhere that only looks right",
        Read,
        evil::PAGES,
    ),
    Fault::once(
        "F077",
        "the next page is on another of Microsoft's hosts, or in another version",
        Read,
        &[
            &[Alter(|_, reply| {
                to(
                    reply,
                    "https://graph.windows.net/contoso.example/users?$skiptoken=1",
                )
            })],
            &[Alter(|meeting, reply| {
                let link = format!("{}/beta/users?$skiptoken=1", meeting.base());
                to(reply, &link)
            })],
        ],
    ),
    Fault::once(
        "F078",
        "a page token of signs that must not be decoded, refused unless it comes back as it was",
        Read,
        &[&[Alter(|meeting, reply| {
            let link = json!(links::exact(meeting.request));
            meeting.asked.option("$skiptoken").is_none()
                && pages::edit_rows(reply, |rows| {
                    rows.clear();
                    true
                })
                && pages::link(reply, &link)
        })]],
    ),
    Fault::once(
        "F079",
        "the link is relative, empty, blank, null or no text",
        Read,
        &[
            &[Alter(|_, reply| to(reply, "/v1.0/users?$skiptoken=1"))],
            &[Alter(|_, reply| to(reply, ""))],
            &[Alter(|_, reply| to(reply, " "))],
            &[Alter(|_, reply| pages::link(reply, &Value::Null))],
            &[Alter(|_, reply| pages::link(reply, &json!(7)))],
        ],
    ),
    Fault::once(
        "F080",
        "a row twice: on one page, and changed on the next page too; and rows in another order",
        Read,
        &[
            &[Alter(|_, reply| {
                pages::edit_rows(reply, |rows| {
                    rows.extend(rows.first().cloned());
                    true
                })
            })],
            &[Alter(|_, reply| {
                pages::edit_rows(reply, |rows| {
                    rows.reverse();
                    rows.len() > 1
                })
            })],
            &[Alter(moved_on)],
        ],
    )
    .always(),
    Fault::once(
        "F081",
        "a row is missed",
        Read,
        &[&[Alter(|_, reply| {
            pages::edit_rows(reply, |rows| rows.pop().is_some())
        })]],
    ),
    Fault::once(
        "F082",
        "later pages want the ConsistencyLevel of the first",
        Read,
        &[&[Instead(|meeting| {
            let place = meeting.place();
            let (level, later) = (
                meeting.header("consistencylevel").is_some(),
                meeting.asked.option("$skiptoken"),
            );
            match (level, later.is_some()) {
                (true, false) => {
                    meeting.memory.insert(place, json!(true));
                    None
                }
                (false, true) if meeting.memory.contains_key(&place) => {
                    Some(pages::refusal(400, "Request_UnsupportedQuery"))
                }
                _ => None,
            }
        })]],
    )
    .always(),
    Fault::once(
        "F083",
        "the count is far off, or there is one on later pages too",
        Read,
        &[
            &[Alter(|_, reply| counted(reply, 10_000))],
            &[Alter(|_, reply| counted(reply, 0))],
        ],
    )
    .always(),
    Fault::once(
        "F084",
        "the token has expired between two pages",
        Continued,
        &[&[Say(say(401)
            .with("WWW-Authenticate", "Bearer error=\"invalid_token\"")
            .code("InvalidAuthenticationToken"))]],
    ),
    Fault::once(
        "F085",
        "403 in the middle of a list",
        Continued,
        &[&[Say(say(403))]],
    )
    .always(),
    Fault::once(
        "F086",
        "nothing, where there were rows",
        Read,
        &[&[
            Rewrite(|meeting, request| {
                // The end of a delta round is asked for, so that the empty round has its link.
                let is_first = meeting.asked.path.last().is_some_and(|last| last == "delta")
                    && meeting
                        .asked
                        .query
                        .iter()
                        .all(|(name, _)| !name.ends_with("token"));
                let link = format!(
                    "{}{}?$deltatoken=latest",
                    meeting.base(),
                    meeting.request.uri().path()
                );
                let changed = link.parse().ok().filter(|_| is_first);
                changed.map(|uri| *request.uri_mut() = uri).is_some()
            }),
            Alter(|_, reply| {
                pages::edit(reply, |body| {
                    let Some(rows) = pages::rows(body) else {
                        return false;
                    };
                    rows.clear();
                    body.as_object_mut()
                        .map(|page| page.remove("@odata.nextLink"))
                        .is_some()
                })
            }),
        ]],
    ),
];

/// Leads back to the first page once so many were seen.
fn cycle(meeting: &mut Meeting<'_>, reply: &mut Reply) -> bool {
    let (place, here) = (meeting.place(), meeting.request.uri().to_string());
    let size = usize::try_from(meeting.size).unwrap_or(1);
    let seen = meeting.memory.entry(place).or_insert_with(|| json!([]));
    let Some(seen) = seen.as_array_mut() else {
        return false;
    };
    if !seen.contains(&json!(here)) {
        seen.push(json!(here));
    }
    let first = seen.first().cloned().unwrap_or_default();
    let place = seen.iter().position(|one| *one == here.as_str()).unwrap_or(0);
    let full = place + 1 >= size;
    pages::edit(reply, |body| {
        let is_last = pages::rows(body).is_some() && body.get("@odata.nextLink").is_none();
        let Some(page) = body.as_object_mut().filter(|_| full || is_last) else {
            return false;
        };
        page.remove("@odata.deltaLink");
        page.insert("@odata.nextLink".to_owned(), first);
        true
    })
}

/// Shows the last row of a page again at the head of the next one, under another name.
fn moved_on(meeting: &mut Meeting<'_>, reply: &mut Reply) -> bool {
    let place = meeting.place();
    let is_later = meeting.asked.option("$skiptoken").is_some();
    let kept = meeting.memory.remove(&place).filter(|_| is_later);
    let mut last = None;
    let shown = pages::edit(reply, |body| {
        let goes_on = body.get("@odata.nextLink").is_some();
        let Some(rows) = pages::rows(body) else {
            return false;
        };
        last = rows.last().cloned().filter(|_| goes_on);
        let shown = kept.is_some();
        rows.splice(0..0, kept);
        shown
    });
    if let Some(mut row) = last {
        row["displayName"] = json!("Cleo Moved");
        meeting.memory.insert(place, row);
    }
    shown
}

/// Gives all rows ids of their own.
fn fresh(reply: &mut Reply, number: u64) -> bool {
    let ids = SeededRandom::for_purpose(number, "endless pages");
    pages::each_row(reply, |row| {
        row.insert("id".to_owned(), json!(random::uuid(&ids)));
        true
    })
}

fn counted(reply: &mut Reply, count: u64) -> bool {
    pages::edit(reply, |body| {
        let is_page = pages::rows(body).is_some_and(|rows| !rows.is_empty());
        if let Some(page) = body.as_object_mut().filter(|_| is_page) {
            page.insert("@odata.count".to_owned(), json!(count));
        }
        is_page
    })
}
