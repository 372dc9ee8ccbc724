//! Connections that break.

use super::super::{
    pages,
    row::{
        Action::{Alter, End, Say},
        Fate, Fault, Text, say,
    },
    target::Target::{Any, Api, Read, Write},
};

pub(super) const FAULTS: &[Fault] = &[
    Fault::once("F001", "no connection is made", Any, &[&[End(Fate::NotSent)]]).times(2),
    Fault::once(
        "F003",
        "the connection of a read ends before the first byte of the answer",
        Read,
        &[&[End(Fate::Lose)]],
    ),
    Fault::once(
        "F004",
        "the connection of a write ends before the answer, once with its effect and once without",
        Write,
        &[&[End(Fate::ApplyAndLose)], &[End(Fate::Lose)]],
    ),
    Fault::once(
        "F005",
        "the body of a read ends after `size` bytes",
        Read,
        &[&[End(Fate::Truncate)]],
    )
    .size(20),
    Fault::once(
        "F006",
        "nothing comes for 80 seconds, as when a body stops half way",
        Any,
        &[&[End(Fate::Silent(80))]],
    ),
    Fault::once(
        "F007",
        "nothing comes for a minute",
        Any,
        &[&[End(Fate::Silent(60))]],
    ),
    Fault::once(
        "F008",
        "nothing of use comes for a quarter of an hour",
        Any,
        &[&[End(Fate::Silent(900))]],
    ),
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
