//! Writes to the directory that half-happen, collide, or come too soon.

use http::Method;
use jiff::{SignedDuration, Timestamp};
use msp365_core::Reply;
use serde_json::{Value, json};

use super::{
    super::{
        fate::Fate,
        pages,
        row::{
            Action::{self, Alter, End, Ending, Instead, Later, Say, World},
            Fault, Meeting, Text, say,
        },
        target::Target::{
            CreateUser, DeleteUser, Directory, GraphWrite, Licence, Members, Password, People, Secret,
            UpdateUser,
        },
    },
    collisions::{self, Flag, Pool},
};

/// The account's own permissions and roles do not allow it.
const fn denied() -> Action {
    Say(say(403).code("Authorization_RequestDenied"))
}

const fn refused(text: &'static str) -> Action {
    Say(say(400).body(Text::Json(text)))
}

const TAKEN: &str = "{\"error\":{\"code\":\"Request_BadRequest\",\"message\":\"Another object with the same value for \
    property userPrincipalName already exists.\",\"details\":[{\"code\":\"ObjectConflict\",\"message\":\"Another object \
    with the same value for property userPrincipalName already exists.\",\"target\":\"userPrincipalName\"}],\
    \"innerError\":{}}}";
const ADDRESS_TAKEN: &str = "{\"error\":{\"code\":\"Request_BadRequest\",\"message\":\"Another object with the same value \
    for property proxyAddresses already exists.\",\"details\":[{\"code\":\"ConflictingObjects\",\"message\":\"Another \
    object with the same value for property proxyAddresses already exists.\",\"target\":\"proxyAddresses\"}],\
    \"innerError\":{}}}";
const EXTERNAL: &str = "{\"error\":{\"code\":\"Request_BadRequest\",\"message\":\"Unable to update the specified properties \
    for objects that have originated within an external service.\",\"innerError\":{}}}";
const WEAK: &str = "{\"error\":{\"code\":\"Request_BadRequest\",\"message\":\"The specified password does not comply with \
    password complexity requirements. Please provide a different password.\",\"details\":[{\"code\":\"InvalidPassword\",\
    \"message\":\"The specified password does not comply with password complexity requirements.\",\"target\":\
    \"password\"}],\"innerError\":{}}}";
const BANNED: &str = "{\"error\":{\"code\":\"Request_BadRequest\",\"message\":\"The specified password has been found in a \
    list of commonly used passwords. Please choose a different password.\",\"details\":[{\"code\":\"InvalidPassword\",\
    \"message\":\"The specified password is banned.\",\"target\":\"password\"}],\"innerError\":{}}}";
const NO_PLACE: &str = "{\"error\":{\"code\":\"Request_BadRequest\",\"message\":\"License assignment cannot be done for user \
    with invalid usage location.\",\"innerError\":{}}}";

pub(super) const FAULTS: &[Fault] = &[
    Fault::once(
        "F180",
        "a user is created, and the answer is lost",
        CreateUser,
        &[&[End(Fate::ApplyAndLose)]],
    ),
    Fault::once(
        "F181",
        "the name of a new user is taken: by somebody else, or by the user itself from a first attempt",
        CreateUser,
        &[
            &[World(|meeting, world| collisions::twin(meeting, world, None))],
            &[Later(say(400).body(Text::Json(TAKEN)))],
        ],
    ),
    Fault::once(
        "F182",
        "an address of a changed user is taken",
        UpdateUser,
        &[&[refused(ADDRESS_TAKEN)]],
    ),
    Fault::once(
        "F183",
        "the name of a new user is held by a deleted one",
        CreateUser,
        &[&[World(|meeting, world| {
            collisions::twin(meeting, world, Some(crate::world::Removed::Changed))
        })]],
    ),
    Fault::once(
        "F184",
        "for `size` seconds a new user or group is not found",
        Directory,
        &[&[Alter(born), Instead(|meeting| unborn(meeting, false))]],
    )
    .always()
    .size(110),
    Fault::once(
        "F185",
        "for `size` seconds a new user or group cannot be put into groups, or be joined",
        Directory,
        &[&[Alter(born), Instead(|meeting| unborn(meeting, true))]],
    )
    .always()
    .size(110),
    Fault::once(
        "F186",
        "who is added is a member by now, who is taken out is none any more",
        Members,
        &[&[World(collisions::as_wanted)]],
    ),
    Fault::once(
        "F187",
        "the group belongs to Exchange, or to another service",
        Members,
        &[
            &[World(|meeting, world| {
                collisions::flag(meeting, world, Flag::Mail)
            })],
            &[refused(EXTERNAL)],
        ],
    ),
    Fault::once(
        "F188",
        "by now the group follows a rule, is mastered on-premises, or carries roles",
        Members,
        &[
            &[World(|meeting, world| {
                collisions::flag(meeting, world, Flag::Rule)
            })],
            &[World(|meeting, world| {
                collisions::flag(meeting, world, Flag::OnPremises)
            })],
            &[
                World(|meeting, world| collisions::flag(meeting, world, Flag::Roles)),
                denied(),
            ],
        ],
    ),
    Fault::once(
        "F190",
        "no unit of the product is free: at once, or as a licence of a group that is in error",
        Licence,
        &[
            &[World(|meeting, world| {
                collisions::pool(meeting, world, Pool::Empty)
            })],
            &[World(|meeting, world| {
                collisions::pool(meeting, world, Pool::InError("CountViolation"))
            })],
        ],
    ),
    Fault::once(
        "F191",
        "a product excludes another, needs another, may not be used there, or is given twice",
        People,
        &[
            &[Alter(|_, reply| in_error(reply, "MutuallyExclusiveViolation"))],
            &[Alter(|_, reply| in_error(reply, "DependencyViolation"))],
            &[Alter(|_, reply| {
                in_error(reply, "ProhibitedInUsageLocationViolation")
            })],
            &[Alter(|_, reply| in_error(reply, "UniquenessViolation"))],
        ],
    )
    .times(4),
    Fault::once(
        "F192",
        "for `size` seconds from the first request on, the usage location of the user is not known",
        Licence,
        &[&[Instead(|meeting| {
            let refused = say(400).body(Text::Json(NO_PLACE));
            young(meeting, "first").then(|| refused.reply(meeting))
        })]],
    )
    .always()
    .size(30),
    Fault::once(
        "F193",
        "the password is too weak, or banned",
        Password,
        &[&[refused(WEAK)], &[refused(BANNED)]],
    )
    .times(2),
    Fault::once("F194", "no write is allowed", GraphWrite, &[&[denied()]]).always(),
    Fault::once(
        "F195",
        "write number `size` fails, in the end after it took place, or with its answer lost",
        GraphWrite,
        &[
            &[Instead(|meeting| {
                (counted(meeting) == meeting.size).then(|| say(500).reply(meeting))
            })],
            &[Alter(|meeting, reply| {
                let is_it = counted(meeting) == meeting.size;
                if is_it {
                    *reply = say(504).reply(meeting);
                }
                is_it
            })],
            &[Ending(|meeting| {
                (counted(meeting) == meeting.size).then_some(Fate::ApplyAndLose)
            })],
        ],
    )
    .size(4),
    Fault::once(
        "F196",
        "a secret is made, and the answer with it is lost",
        Secret,
        &[&[End(Fate::ApplyAndLose)]],
    ),
    Fault::once(
        "F197",
        "somebody else changes the user right before, and with `If-Match` that is refused",
        UpdateUser,
        &[&[
            World(collisions::touched),
            Instead(|meeting| {
                let conditional = meeting.header("if-match").is_some();
                conditional.then(|| say(412).code("Request_PreconditionFailed").reply(meeting))
            }),
        ]],
    ),
    Fault::once(
        "F198",
        "a user is deleted, and the answer is lost; or it is gone, and its name is somebody else's",
        DeleteUser,
        &[&[End(Fate::ApplyAndLose)], &[World(collisions::renewed)]],
    ),
    Fault::once(
        "F199",
        "a write is accepted, and where it can be watched it runs for ever",
        Directory,
        &[&[Instead(accepted)]],
    )
    .always(),
    Fault::once(
        "F200",
        "after `size` writes no connection is made for others",
        GraphWrite,
        &[&[Ending(|meeting| {
            (counted(meeting) > meeting.size).then_some(Fate::NotSent)
        })]],
    )
    .always()
    .size(5),
];

/// Which write this is of those the script met.
fn counted(meeting: &mut Meeting<'_>) -> u64 {
    let seen = meeting.memory.get("writes").and_then(Value::as_u64).unwrap_or(0) + 1;
    meeting.memory.insert("writes".to_owned(), json!(seen));
    seen
}

/// Whether less than `size` seconds passed since this was asked first.
fn young(meeting: &mut Meeting<'_>, name: &str) -> bool {
    let place = format!("{name} {}", meeting.place());
    let now = json!(meeting.now.to_string());
    let since = meeting.memory.entry(place).or_insert(now).clone();
    is_recent(meeting, &since)
}

fn is_recent(meeting: &Meeting<'_>, since: &Value) -> bool {
    let since: Option<Timestamp> = since.as_str().and_then(|text| text.parse().ok());
    let span = i64::try_from(meeting.size).map(SignedDuration::from_secs);
    let age = since.map(|since| meeting.now.duration_since(since));
    age.zip(span.ok()).is_some_and(|(age, span)| age < span)
}

/// Keeps when an object was made; that changes nothing yet.
fn born(meeting: &mut Meeting<'_>, reply: &mut Reply) -> bool {
    let made = meeting.asked.method == Method::POST && reply.status.as_u16() == 201;
    if let ("users" | "groups", true) = (meeting.asked.path.first().map_or("", String::as_str), made) {
        let body: Value = serde_json::from_slice(reply.text_bytes()).unwrap_or_default();
        for name in ["id", "userPrincipalName"] {
            if let Some(text) = body[name].as_str() {
                let now = json!(meeting.now.to_string());
                meeting.memory.insert(text.to_ascii_lowercase(), now);
            }
        }
    }
    false
}

/// Refuses to know an object that is too new, by itself or as a member.
fn unborn(meeting: &mut Meeting<'_>, as_member: bool) -> Option<Reply> {
    let path = meeting.asked.segments();
    let joins = matches!(path.as_slice(), ["groups", _, "members", ..]);
    let mut names = vec![path.get(1)?.to_ascii_lowercase()];
    if joins {
        names.extend(path.get(3).map(|name| name.to_ascii_lowercase()));
        names.extend(collisions::member(meeting.asked).map(|name| name.to_ascii_lowercase()));
    }
    let is_new = names
        .iter()
        .filter_map(|name| meeting.memory.get(name))
        .any(|since| is_recent(meeting, since));
    (joins == as_member && is_new).then(|| say(404).reply(meeting))
}

/// Puts an error beside every licence of a user, or beside one where there is none.
fn in_error(reply: &mut Reply, error: &str) -> bool {
    pages::edit(reply, |body| {
        let shown = |user: &mut Value| {
            let states = user
                .get_mut("licenseAssignmentStates")
                .and_then(Value::as_array_mut);
            states.is_some_and(|states| {
                for state in states.iter_mut() {
                    state["state"] = json!("Error");
                    state["error"] = json!(error);
                }
                !states.is_empty()
            })
        };
        match pages::rows(body) {
            Some(rows) => rows.iter_mut().map(shown).filter(|shown| *shown).count() > 0,
            None => shown(body),
        }
    })
}

/// 202 for a write, with an address where it runs for ever.
fn accepted(meeting: &mut Meeting<'_>) -> Option<Reply> {
    let (base, path) = (meeting.base(), meeting.asked.segments());
    if let ["operations", _] = path.as_slice() {
        let mut reply = pages::json_reply(200, &json!({"status": "running", "percentageComplete": 50}));
        pages::set(&mut reply, "retry-after", "5");
        return Some(reply);
    }
    meeting.asked.is_write().then(|| {
        let mut reply = pages::json_reply(202, &json!({}));
        pages::set(
            &mut reply,
            "location",
            &format!("{base}/v1.0/operations/simulated"),
        );
        pages::set(&mut reply, "retry-after", "5");
        reply
    })
}
