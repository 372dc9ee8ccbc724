//! Rounds of changes that end early, come twice, or come in pieces.

use jiff::{SignedDuration, Timestamp};
use msp365_core::Reply;
use serde_json::{Map, Value, json};

use super::super::{
    links::{self, Again},
    pages,
    row::{
        Action::{self, Alter, Instead, Say, World},
        Fault, Meeting, say,
    },
    target::Target::{Delta, DeltaPage, DeltaToken},
};
use crate::world::{Removed, Row, Table, World as Everything};

const fn resync(status: u16, code: &'static str) -> Action {
    Say(say(status).code(code))
}

pub(super) const FAULTS: &[Fault] = &[
    Fault::once(
        "F090",
        "410 with an address to begin anew at",
        DeltaToken,
        &[&[Instead(|meeting| Some(gone(meeting)))]],
    ),
    Fault::once(
        "F091",
        "a round is to begin anew, said in twelve ways",
        DeltaToken,
        &[
            &[resync(400, "syncStateNotFound")],
            &[resync(404, "SyncStateNotFound")],
            &[resync(410, "syncstatenotfound")],
            &[resync(400, "resyncRequired")],
            &[resync(404, "ResyncRequired")],
            &[resync(410, "RESYNCREQUIRED")],
            &[resync(400, "resyncApplyDifferences")],
            &[resync(404, "ResyncApplyDifferences")],
            &[resync(410, "resyncApplyDifferences")],
            &[resync(400, "resyncUploadDifferences")],
            &[resync(404, "ResyncUploadDifferences")],
            &[resync(410, "resyncUploadDifferences")],
        ],
    ),
    Fault::once(
        "F092",
        "tokens given from now on die after `size` days",
        Delta,
        &[&[Instead(aged), Alter(dated)]],
    )
    .always()
    .size(7),
    Fault::once(
        "F093",
        "changes come twice",
        Delta,
        &[&[Alter(|_, reply| {
            pages::edit_rows(reply, |rows| {
                rows.extend_from_within(..);
                true
            })
        })]],
    ),
    Fault::once(
        "F094",
        "an object is changed, removed and changed in one round",
        Delta,
        &[&[Alter(|_, reply| {
            pages::edit_rows(reply, |rows| {
                let Some(first) = rows.first().cloned() else {
                    return false;
                };
                let gone = json!({"id": first["id"], "@removed": {"reason": "changed"}});
                rows.splice(1..1, [gone, first]);
                true
            })
        })]],
    ),
    Fault::once(
        "F095",
        "one user is deleted, another is deleted for good",
        DeltaToken,
        &[&[World(|meeting, world| {
            let one = take(meeting, world, Removed::Changed);
            take(meeting, world, Removed::Deleted) && one
        })]],
    ),
    Fault::once(
        "F096",
        "an object is removed that never was",
        Delta,
        &[&[Alter(|_, reply| {
            let gone = |reason: &str, id: &str| json!({"id": id, "@removed": {"reason": reason}});
            pages::edit(reply, |body| {
                let rows = pages::rows(body);
                rows.map(|rows| rows.push(gone("deleted", "0badc0de-0000-4000-8000-000000000001")))
                    .is_some()
            })
        })]],
    ),
    Fault::once(
        "F097",
        "an object that was deleted is restored, and comes with few properties",
        DeltaToken,
        &[&[World(restore), Alter(sparse)]],
    ),
    Fault::once(
        "F098",
        "an object changes its name, and comes with nothing else",
        DeltaToken,
        &[&[
            World(|meeting, world| {
                touch(meeting, world, |object| {
                    object.insert("displayName".to_owned(), json!("Ada Changed"));
                })
            }),
            Alter(sparse),
        ]],
    ),
    Fault::once(
        "F099",
        "the members of groups come in two parts, on two pages",
        Delta,
        &[&[Instead(second_part), Alter(first_part)]],
    )
    .times(2),
    Fault::once(
        "F100",
        "members leave their groups without a word",
        Delta,
        &[&[Alter(|_, reply| {
            pages::each_row(reply, |row| {
                let members = row.get_mut("members@delta").and_then(Value::as_array_mut);
                members.is_some_and(|members| {
                    let before = members.len();
                    members.retain(|member| member.get("@removed").is_none());
                    members.len() < before
                })
            })
        })]],
    )
    .always(),
    Fault::once(
        "F101",
        "changes show some rounds later",
        DeltaToken,
        &[&[Alter(|meeting, reply| {
            let same = meeting.request.uri().to_string();
            pages::edit(reply, |body| {
                let Some(rows) = pages::rows(body) else {
                    return false;
                };
                rows.clear();
                if let Some(page) = body.as_object_mut() {
                    page.remove("@odata.nextLink");
                    page.insert("@odata.deltaLink".to_owned(), json!(same));
                }
                true
            })
        })]],
    )
    .times(2),
    Fault::once(
        "F102",
        "a user signs in, which no round tells",
        DeltaToken,
        &[&[World(|meeting, world| {
            let now = meeting.now.to_string();
            let tenant = meeting.asked.tenant.and_then(|tenant| world.tenant_mut(tenant));
            let activity = tenant.and_then(|tenant| tenant.sign_in_activity.values_mut().next());
            activity
                .map(|one| one.insert("lastSignInDateTime".to_owned(), json!(now)))
                .is_some()
        })]],
    ),
    Fault::once(
        "F103",
        "neither a next page nor an end, or both",
        Delta,
        &[
            &[Alter(|_, reply| {
                linked(reply, |page| {
                    page.remove("@odata.nextLink");
                    page.remove("@odata.deltaLink");
                })
            })],
            &[Alter(|_, reply| {
                linked(reply, |page| {
                    let one = page
                        .get("@odata.nextLink")
                        .or_else(|| page.get("@odata.deltaLink"))
                        .cloned();
                    for name in ["@odata.nextLink", "@odata.deltaLink"] {
                        page.entry(name)
                            .or_insert_with(|| one.clone().unwrap_or_default());
                    }
                })
            })],
        ],
    ),
    Fault::once(
        "F104",
        "429 or 503 on a later page of a round",
        DeltaPage,
        &[&[Say(say(429).with("Retry-After", "3"))], &[Say(say(503))]],
    ),
    Fault::once(
        "F106",
        "this kind of tenant has no rounds of changes",
        Delta,
        &[&[Say(say(400).code("Request_UnsupportedQuery"))]],
    )
    .always(),
    Fault::once(
        "F107",
        "every token is gone at once",
        DeltaToken,
        &[&[Instead(|meeting| Some(gone(meeting)))]],
    )
    .always(),
    Fault::once(
        "F108",
        "the token of every tenant and resource is gone, once each",
        DeltaToken,
        &[&[Instead(|meeting| {
            let place = meeting.place();
            pages::is_new(meeting, "gone", &place).then(|| gone(meeting))
        })]],
    )
    .always(),
    Fault::once(
        "F109",
        "404 or 403 for a token, while the list itself works",
        DeltaToken,
        &[&[Say(say(404))], &[Say(say(403))]],
    )
    .always(),
];

fn gone(meeting: &Meeting<'_>) -> Reply {
    let mut reply = pages::refusal(410, "syncStateNotFound");
    let anew = format!("{}{}?$deltatoken=", meeting.base(), meeting.request.uri().path());
    pages::set(&mut reply, "location", &anew);
    reply
}

/// Refuses tokens that are older than `size` days.
fn aged(meeting: &mut Meeting<'_>) -> Option<Reply> {
    let token = meeting.asked.option("$deltatoken")?;
    let given: Timestamp = meeting.memory.get(token)?.as_str()?.parse().ok()?;
    let days = i64::try_from(meeting.size).ok()?;
    let age = meeting.now.duration_since(given);
    (age >= SignedDuration::from_hours(days.saturating_mul(24))).then(|| gone(meeting))
}

/// Keeps when a token was given; that changes nothing yet.
fn dated(meeting: &mut Meeting<'_>, reply: &mut Reply) -> bool {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let link = body["@odata.deltaLink"].as_str().unwrap_or_default();
    if let Some((_, token)) = link.split_once("$deltatoken=") {
        meeting
            .memory
            .insert(token.to_owned(), json!(meeting.now.to_string()));
    }
    false
}

/// Removes the first user of the tenant.
fn take(meeting: &mut Meeting<'_>, world: &mut Everything, how: Removed) -> bool {
    let version = world.next_version();
    let Some(tenant) = meeting.asked.tenant.and_then(|tenant| world.tenant_mut(tenant)) else {
        return false;
    };
    let mut users = tenant.users.present();
    let id = users.find_map(|user| user.get("id").and_then(Value::as_str).map(str::to_owned));
    drop(users);
    id.is_some_and(|id| tenant.users.remove(&id, how, version))
}

/// The objects that the round is of.
fn objects<'w>(meeting: &Meeting<'_>, world: &'w mut Everything) -> Option<&'w mut Table> {
    let tenant = world.tenant_mut(meeting.asked.tenant?)?;
    let path = meeting.request.uri().path();
    Some(if path.contains("/groups/") {
        &mut tenant.groups
    } else {
        &mut tenant.users
    })
}

/// Changes the first object, and keeps its id.
fn touch(
    meeting: &mut Meeting<'_>,
    world: &mut Everything,
    change: impl FnOnce(&mut Map<String, Value>),
) -> bool {
    let version = world.next_version();
    let Some(table) = objects(meeting, world) else {
        return false;
    };
    let Some(mut object) = table.present().next().cloned() else {
        return false;
    };
    let id = object.get("id").cloned().unwrap_or_default();
    change(&mut object);
    table.put(object, version);
    meeting.memory.insert("touched".to_owned(), id);
    true
}

/// Restores the first object that can be; where none was deleted, one comes again as it was.
fn restore(meeting: &mut Meeting<'_>, world: &mut Everything) -> bool {
    let version = world.next_version();
    let Some(table) = objects(meeting, world) else {
        return false;
    };
    let is_kept = |row: &Row| matches!(row.removed, Some(Removed::Changed));
    let deleted = table.rows.iter().find(|(_, row)| is_kept(row));
    let Some((id, object)) = deleted.map(|(id, row)| (id.clone(), row.json.to_json())) else {
        return touch(meeting, world, |_| {});
    };
    table.put(object, version);
    meeting.memory.insert("touched".to_owned(), json!(id));
    true
}

/// Leaves the touched object with its id and name alone.
fn sparse(meeting: &mut Meeting<'_>, reply: &mut Reply) -> bool {
    let touched = meeting.memory.get("touched").cloned();
    pages::each_row(reply, |row| {
        let is_it = row.get("id") == touched.as_ref();
        if is_it {
            row.retain(|name, _| matches!(name.as_str(), "id" | "displayName"));
        }
        is_it
    })
}

fn linked(reply: &mut Reply, change: impl FnOnce(&mut Map<String, Value>)) -> bool {
    pages::edit(reply, |body| body.as_object_mut().map(change).is_some())
}

/// Keeps half of the members of each group for a page that comes after this one.
fn first_part(meeting: &mut Meeting<'_>, reply: &mut Reply) -> bool {
    if meeting.request.extensions().get::<Again>().is_some() {
        return false;
    }
    let mut kept = Vec::new();
    let split = pages::each_row(reply, |row| {
        let id = row.get("id").cloned().unwrap_or_default();
        let members = row.get_mut("members@delta").and_then(Value::as_array_mut);
        let Some(members) = members.filter(|members| members.len() > 1) else {
            return false;
        };
        let rest = members.split_off(members.len() / 2);
        kept.push(json!({"id": id, "members@delta": rest}));
        true
    });
    if !split {
        return false;
    }
    let link = links::wrap(meeting.request, 1);
    pages::edit(reply, |body| {
        let Some(page) = body.as_object_mut() else {
            return false;
        };
        let mut next = page.clone();
        next.insert("value".to_owned(), Value::Array(kept));
        meeting.memory.insert("second".to_owned(), Value::Object(next));
        page.remove("@odata.deltaLink");
        page.insert("@odata.nextLink".to_owned(), json!(link));
        true
    })
}

fn second_part(meeting: &mut Meeting<'_>) -> Option<Reply> {
    meeting.request.extensions().get::<Again>()?;
    let page = meeting.memory.get("second")?;
    Some(pages::json_reply(200, page))
}
