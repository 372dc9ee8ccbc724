//! Refusals, throttling and outages.

use jiff::SignedDuration;
use msp365_core::Reply;
use serde_json::json;

use super::super::{
    pages,
    row::{
        Action::{self, Alter, Instead, Later, Say},
        Fault, Meeting, Text, say,
    },
    target::Target::{Any, Api, Entity, Graph, Read, Write},
};
use crate::reply::http_date;

const fn throttled(retry_after: &'static str) -> Action {
    Say(say(429).with("Retry-After", retry_after))
}

const fn scoped(scope: &'static str) -> Action {
    Say(say(429)
        .with("Retry-After", "10")
        .with("x-ms-throttle-scope", scope))
}

const fn moved(status: u16, to: &'static str) -> Action {
    Say(say(status).with("Location", to).body(Text::Nothing))
}

const ELSEWHERE: &str = "https://graph.evil.example/v1.0/users";

pub(super) const FAULTS: &[Fault] = &[
    Fault::once(
        "F020",
        "429 with whole seconds to wait",
        Api,
        &[&[throttled("7")]],
    ),
    Fault::once(
        "F021",
        "429 with parts of seconds to wait",
        Api,
        &[&[throttled("2.128")], &[throttled("0.249")]],
    )
    .times(2),
    Fault::once(
        "F022",
        "429 with two waits, in one header or in two",
        Api,
        &[
            &[throttled("30,120")],
            &[Say(say(429).with("Retry-After", "30").with("Retry-After", "120"))],
        ],
    )
    .times(2),
    Fault::once(
        "F023",
        "429 with a date to wait until, the server's clock an hour ahead or behind, or the date in the past",
        Api,
        &[
            &[Instead(|meeting| dated(meeting, 3_600, 30))],
            &[Instead(|meeting| dated(meeting, -3_600, 30))],
            &[Instead(|meeting| dated(meeting, 0, -60))],
        ],
    )
    .times(3),
    Fault::once("F024", "429 without a word on waiting", Api, &[&[Say(say(429))]]),
    Fault::once(
        "F025",
        "429 with a wait that makes no sense",
        Api,
        &[
            &[throttled("0")],
            &[throttled("-5")],
            &[throttled("abc")],
            &[throttled("1000000000000")],
            &[throttled("")],
        ],
    )
    .times(5),
    Fault::once(
        "F026",
        "429 with a wait in milliseconds",
        Api,
        &[
            &[Say(say(429).with("retry-after-ms", "1500"))],
            &[Say(say(429).with("x-ms-retry-after-ms", "2500"))],
            &[Say(say(429)
                .with("retry-after-ms", "1500")
                .with("x-ms-retry-after-ms", "2500"))],
        ],
    )
    .times(3),
    Fault::once(
        "F027",
        "writes of one tenant are throttled",
        Write,
        &[&[scoped("Tenant_Application/Write/simulated/simulated")]],
    ),
    Fault::once(
        "F028",
        "the app is throttled for all tenants",
        Graph,
        &[&[scoped("Application/ReadWrite/simulated/simulated")]],
    ),
    Fault::once(
        "F029",
        "answers warn that the limit is near or passed",
        Graph,
        &[
            &[Alter(|_, reply| percentage(reply, "0.85"))],
            &[Alter(|_, reply| percentage(reply, "1.2"))],
            &[Alter(|_, reply| percentage(reply, "1.8"))],
        ],
    )
    .times(3),
    Fault::once(
        "F030",
        "429 for a write that took place",
        Write,
        &[&[Later(say(429).with("Retry-After", "5"))]],
    ),
    Fault::once(
        "F031",
        "429 while more than `size` requests are under way",
        Graph,
        &[&[Instead(|meeting| {
            let many = u64::try_from(meeting.open).is_ok_and(|open| open > meeting.size);
            many.then(|| pages::refusal(429, "TooManyRequests"))
        })]],
    )
    .always()
    .size(4),
    Fault::once(
        "F032",
        "503 with and without a wait, 509",
        Graph,
        &[
            &[Say(say(503).with("Retry-After", "5"))],
            &[Say(say(503))],
            &[Say(say(509))],
        ],
    )
    .times(3),
    Fault::once(
        "F033",
        "500, 502 and 504 without a message",
        Graph,
        &[&[silent(500)], &[silent(502)], &[silent(504)]],
    )
    .times(3),
    Fault::once(
        "F034",
        "504 or 502 for a write that took place",
        Write,
        &[&[Later(say(504))], &[Later(say(502))]],
    ),
    Fault::once(
        "F035",
        "504 for pages of more than `size` rows",
        Read,
        &[&[Instead(|meeting| {
            let top = meeting
                .asked
                .option("$top")
                .and_then(|top| top.parse::<u64>().ok());
            let large = top.is_none_or(|top| top > meeting.size);
            large.then(|| pages::refusal(504, "GatewayTimeout"))
        })]],
    )
    .always()
    .size(100),
    Fault::once(
        "F036",
        "200 with an error for a body",
        Read,
        &[&[Say(say(200).code("UnknownError"))]],
    ),
    Fault::once(
        "F037",
        "503 for one resource of one tenant, the first that is asked for",
        Read,
        &[&[Instead(|meeting| {
            let tenant = meeting.asked.tenant.map(|tenant| tenant.to_string());
            let here = json!([tenant, meeting.asked.path.first()]);
            let chosen = meeting
                .memory
                .entry("resource".to_owned())
                .or_insert_with(|| here.clone());
            (*chosen == here).then(|| pages::refusal(503, "ServiceUnavailable"))
        })]],
    )
    .always(),
    Fault::once("F038", "503 for everything", Any, &[&[Say(say(503))]]).always(),
    Fault::once(
        "F039",
        "409 or 423: another operation is under way",
        Write,
        &[&[Say(say(409).code("Conflict"))], &[Say(say(423).code("Locked"))]],
    ),
    Fault::once(
        "F040",
        "redirects of four kinds, to elsewhere and to the same place",
        Api,
        &[
            &[moved(301, ELSEWHERE)],
            &[moved(302, ELSEWHERE)],
            &[moved(307, ELSEWHERE)],
            &[moved(308, ELSEWHERE)],
            &[moved(302, "http://graph.microsoft.com/v1.0/users")],
            &[Instead(|meeting| Some(here(meeting, 301)))],
            &[Instead(|meeting| Some(here(meeting, 302)))],
            &[Instead(|meeting| Some(here(meeting, 307)))],
            &[Instead(|meeting| Some(here(meeting, 308)))],
        ],
    ),
    Fault::once(
        "F041",
        "404 for an object that is there",
        Entity,
        &[&[Say(say(404))]],
    ),
    Fault::once(
        "F042",
        "405, 406, 415 and 501: no such thing in this cloud",
        Graph,
        &[
            &[Say(say(405).code("Request_BadRequest"))],
            &[Say(say(406).code("BadRequest"))],
            &[Say(say(415).code("BadRequest"))],
            &[Say(say(501).code("NotImplemented"))],
        ],
    )
    .times(4),
    Fault::once(
        "F043",
        "413 and 414 for more than `size` bytes of body or address",
        Graph,
        &[&[Instead(|meeting| {
            let over = |length: usize| u64::try_from(length).is_ok_and(|length| length > meeting.size);
            if over(meeting.request.body().len()) {
                Some(pages::refusal(413, "RequestEntityTooLarge"))
            } else if over(meeting.request.uri().to_string().len()) {
                Some(pages::refusal(414, "RequestUriTooLong"))
            } else {
                None
            }
        })]],
    )
    .always()
    .size(2_000),
    Fault::once(
        "F044",
        "503: for a while the service only reads",
        Write,
        &[&[Say(say(503).code("serviceReadOnly"))]],
    ),
];

const fn silent(status: u16) -> Action {
    Say(say(status).body(Text::Json(
        "{\"error\":{\"code\":\"UnknownError\",\"message\":\"\",\"innerError\":{}}}",
    )))
}

/// 429 by a server whose clock is off, with a date so many seconds after its own.
fn dated(meeting: &Meeting<'_>, skew: i64, wait: i64) -> Option<Reply> {
    let server = meeting.now.checked_add(SignedDuration::from_secs(skew)).ok()?;
    let until = server.checked_add(SignedDuration::from_secs(wait)).ok()?;
    let mut reply = pages::refusal(429, "TooManyRequests");
    pages::set(&mut reply, "date", &http_date(server));
    pages::set(&mut reply, "retry-after", &http_date(until));
    Some(reply)
}

fn percentage(reply: &mut Reply, used: &str) -> bool {
    pages::set(reply, "x-ms-throttle-limit-percentage", used);
    true
}

/// A redirect to where the request already is.
fn here(meeting: &Meeting<'_>, status: u16) -> Reply {
    let mut reply = pages::refusal(status, "Redirect");
    pages::set(&mut reply, "location", &meeting.request.uri().to_string());
    reply
}
