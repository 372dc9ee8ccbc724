//! Connections that break.

use msp365_core::Reply;

use super::super::{
    fate::{CANCEL, Fate, INTERNAL_ERROR, REFUSED_STREAM},
    pages,
    row::{
        Action::{Alter, End, Say},
        Fault, Text, say,
    },
    target::Target::{Any, Api, Read, Write},
};

pub(super) const FAULTS: &[Fault] = &[
    Fault::once("F001", "no connection is made", Any, &[&[End(Fate::NotSent)]]).times(2),
    Fault::once(
        "F002",
        "the certificate is from nobody, for another name, or has expired",
        Any,
        &[
            &[End(Fate::Untrusted("unknown issuer"))],
            &[End(Fate::Untrusted("not valid for this name"))],
            &[End(Fate::Untrusted("expired"))],
        ],
    )
    .times(3),
    Fault::once(
        "F003",
        "the connection of a read ends before the first byte of the answer; or it answers, and is closed without a \
         word before the next request over it, which only a socket shows",
        Read,
        &[&[End(Fate::Lose)], &[End(Fate::ClosedIdle)]],
    ),
    Fault::once(
        "F004",
        "the connection of a write ends before the answer, once with its effect and once without",
        Write,
        &[&[End(Fate::ApplyAndLose)], &[End(Fate::Lose)]],
    ),
    Fault::once(
        "F005",
        "the body of a read ends after `size` bytes, short of its length or without a length",
        Read,
        &[&[End(Fate::Truncate)], &[End(Fate::TruncateOpen)]],
    )
    .size(20),
    Fault::once(
        "F006",
        "the body stops after `size` bytes, for 80 seconds",
        Any,
        &[&[End(Fate::Stall(80))]],
    )
    .size(20),
    Fault::once(
        "F007",
        "nothing comes for a minute",
        Any,
        &[&[End(Fate::Silent(60))]],
    ),
    Fault::once(
        "F008",
        "one byte a second comes, for `size` seconds, and none of use",
        Any,
        &[&[End(Fate::Drip)]],
    )
    .size(900),
    Fault::once(
        "F009",
        "GOAWAY before the request was looked at; over HTTP/1.1 the connection ends",
        Any,
        &[&[End(Fate::GoneBefore)]],
    ),
    Fault::once(
        "F010",
        "GOAWAY for a request that was looked at, once with its effect and once without",
        Any,
        &[&[End(Fate::GoneAfter)], &[End(Fate::GoneDuring)]],
    ),
    Fault::once(
        "F011",
        "the stream is refused before the request was looked at; over HTTP/1.1 the connection ends",
        Any,
        &[&[End(Fate::ResetBefore(REFUSED_STREAM))]],
    ),
    Fault::once(
        "F012",
        "the stream is reset for an internal error or cancelled, with the effect of the request and without",
        Any,
        &[
            &[End(Fate::ResetAfter(INTERNAL_ERROR))],
            &[End(Fate::ResetBefore(INTERNAL_ERROR))],
            &[End(Fate::ResetAfter(CANCEL))],
            &[End(Fate::ResetBefore(CANCEL))],
        ],
    ),
    Fault::once(
        "F013",
        "the connection is silent for `size` seconds, pings included",
        Any,
        &[&[End(Fate::BlackHole)]],
    )
    .size(120),
    Fault::once(
        "F014",
        "what comes is no status line, or no header; interim answers come first; the headers have 96 KiB",
        Any,
        &[
            &[End(Fate::Garbage(b"HTP/1.1 2OO KO\r\n\r\n"))],
            &[End(Fate::Garbage(
                b"HTTP/1.1 200 OK\r\n\0\x01no header\r\n\r\n{}",
            ))],
            &[End(Fate::Garbage(b"\x16\x03\x01\0\0not what was asked for"))],
            &[End(Fate::Interim(103))],
            &[End(Fate::Interim(100))],
            &[Alter(|_, reply| headed(reply))],
        ],
    )
    .times(6),
    Fault::once(
        "F015",
        "a proxy answers: 407, or a sign-in page with status 200",
        Any,
        &[
            &[Say(say(407)
                .with("Proxy-Authenticate", "Basic realm=\"proxy\"")
                .body(Text::Html))],
            &[Say(say(200).body(Text::Html))],
        ],
    ),
    Fault::once(
        "F016",
        "the body has `size` MiB, next to nothing when compressed",
        Read,
        &[&[End(Fate::Vast)]],
    )
    .size(65),
    Fault::once(
        "F018",
        "the answer carries the client-request-id of another request",
        Api,
        &[&[Alter(|_, reply| {
            pages::set(reply, "client-request-id", "0badc0de-0000-4000-8000-000000000000");
            true
        })]],
    ),
];

/// Adds twelve headers of 8,192 bytes each.
fn headed(reply: &mut Reply) -> bool {
    const NAMES: [&str; 12] = [
        "x-pad-1", "x-pad-2", "x-pad-3", "x-pad-4", "x-pad-5", "x-pad-6", "x-pad-7", "x-pad-8", "x-pad-9",
        "x-pad-10", "x-pad-11", "x-pad-12",
    ];
    let text = "p".repeat(8 << 10);
    for name in NAMES {
        pages::set(reply, name, &text);
    }
    true
}
