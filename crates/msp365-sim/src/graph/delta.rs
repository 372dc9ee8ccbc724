//! What changed since a token was given: users, devices, and groups with their members.

use std::{borrow::Cow, collections::BTreeMap, ops::Bound};

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{answer::Answer, caller::Caller};
use crate::{
    odata::{
        Binding, Fault, Filter, Refused, Selection, Shape,
        access::{O_AUTH2_PERMISSION_GRANT, SERVICE_PRINCIPAL},
        apps::APPLICATION,
        encode,
        machines::DEVICE,
        open,
        people::{GROUP, USER},
        seal, text,
    },
    world::{
        Json, MemberEdge, Removed, Row, Table,
        packed::{Needs, Outline, Unset, write_json},
    },
};

/// The service chooses the size of pages: this many objects, …
const PAGE: usize = 200;
/// … and this many members in all; larger groups go on on later pages.
const MEMBERS: usize = 1_000;
/// How long a token lives.
const LIFE_SECONDS: i64 = 7 * 24 * 60 * 60;
/// The most ids a filter may name.
const MOST_IDS: usize = 50;
/// Tokens carry the options, so a link has nothing else to be bound to.
const BOUND: &str = "delta";

/// What a token holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct State {
    /// Only changes after this version count; 0 in a first round.
    since: u64,
    /// Where the next round starts.
    upto: u64,
    /// Seconds since 1970 when the token was given.
    issued: i64,
    select: Option<String>,
    filter: Option<String>,
    place: Place,
}

/// Where the next page starts.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Place {
    Start,
    After(String),
    /// Within a group, after one of its members.
    Within(String, String),
}

/// The objects of one kind.
struct Kind<'a> {
    name: &'static str,
    shape: &'static Shape,
    table: &'a Table,
    members: Option<&'a BTreeMap<String, BTreeMap<String, MemberEdge>>>,
}

pub(super) fn users(caller: &Caller<'_>) -> Result<Answer, Refused> {
    plain(caller, ("users", &USER), &caller.tenant.users)
}

pub(super) fn devices(caller: &Caller<'_>) -> Result<Answer, Refused> {
    plain(caller, ("devices", &DEVICE), &caller.tenant.devices)
}

pub(super) fn applications(caller: &Caller<'_>) -> Result<Answer, Refused> {
    let table = &caller.tenant.register.applications;
    plain(caller, ("applications", &APPLICATION), table)
}

pub(super) fn principals(caller: &Caller<'_>) -> Result<Answer, Refused> {
    let table = &caller.tenant.service_principals;
    plain(caller, ("servicePrincipals", &SERVICE_PRINCIPAL), table)
}

pub(super) fn grants(caller: &Caller<'_>) -> Result<Answer, Refused> {
    let table = &caller.tenant.permission_grants;
    plain(
        caller,
        ("oauth2PermissionGrants", &O_AUTH2_PERMISSION_GRANT),
        table,
    )
}

/// The objects of a kind that has no members.
fn plain(
    caller: &Caller<'_>,
    (name, shape): (&'static str, &'static Shape),
    table: &Table,
) -> Result<Answer, Refused> {
    let kind = Kind {
        name,
        shape,
        table,
        members: None,
    };
    run(caller, &kind)
}

pub(super) fn groups(caller: &Caller<'_>) -> Result<Answer, Refused> {
    let (table, members) = (&caller.tenant.groups, Some(&caller.tenant.members));
    run(
        caller,
        &Kind {
            name: "groups",
            shape: &GROUP,
            table,
            members,
        },
    )
}

fn run(caller: &Caller<'_>, kind: &Kind<'_>) -> Result<Answer, Refused> {
    let state = state(caller)?;
    let selection = Selection::parse(state.select.as_deref(), kind.shape)?;
    if selection.includes("signInActivity") {
        return Err(Refused::bad("'signInActivity' is not tracked by delta query."));
    }
    let filter = state
        .filter
        .as_deref()
        .map(|text| ids_only(text, kind.shape))
        .transpose()?;
    let latest = caller.call.option("$deltatoken") == Some("latest");
    let round = Round {
        kind,
        state: &state,
        selection: &selection,
        filter: filter.as_ref().map(|filter| (filter, Needs::of(["id"]))),
        outline: outline(&selection, kind.shape, state.since),
    };
    let (rows, next) = if latest { (Vec::new(), None) } else { round.page() };
    let mut head = Json::new();
    head.insert(
        "@odata.context".to_owned(),
        json!(caller.context(kind.name, Some(&selection))),
    );
    let issued = caller.call.now.as_second();
    let (name, option, next) = if let Some(place) = next {
        (
            "@odata.nextLink",
            "$skiptoken",
            State {
                issued,
                place,
                ..state.clone()
            },
        )
    } else {
        let (since, place) = (state.upto, Place::Start);
        (
            "@odata.deltaLink",
            "$deltatoken",
            State {
                since,
                issued,
                place,
                ..state.clone()
            },
        )
    };
    head.insert(
        name.to_owned(),
        json!(format!("{}?{option}={}", caller.url(), token(caller, &next))),
    );
    Ok(Answer::Text(text(&head, rows, |entry, out| {
        round.write(&entry, out);
    })))
}

/// The state of the round: from the token, or a new one.
fn state(caller: &Caller<'_>) -> Result<State, Refused> {
    let query = &caller.call.query;
    let refused = query.iter().find(|(name, _)| {
        name.starts_with('$') && !["$select", "$filter", "$deltatoken", "$skiptoken"].contains(&name.as_str())
    });
    if let Some((name, _)) = refused {
        return Err(Refused::bad(format!(
            "The query option '{name}' is not supported by delta query."
        )));
    }
    let own = |name: &str| caller.call.option(name).map(str::to_owned);
    let given = caller
        .call
        .option("$skiptoken")
        .or_else(|| caller.call.option("$deltatoken"));
    let Some(text) = given.filter(|text| !text.is_empty() && *text != "latest") else {
        return Ok(State {
            since: 0,
            upto: caller.world.arrived(caller.tenant),
            issued: 0,
            select: own("$select"),
            filter: own("$filter"),
            place: Place::Start,
        });
    };
    let (tenant, resource) = (caller.tenant.id.to_string(), caller.url());
    let binding = Binding {
        tenant: &tenant,
        resource: &resource,
        query: BOUND,
    };
    let state: State = open(binding, text)
        .and_then(|value| serde_json::from_value(value).map_err(|_| Fault::Malformed))
        .map_err(|_| Refused::bad("Badly formed token."))?;
    if caller.call.option("$select").is_some() || caller.call.option("$filter").is_some() {
        return Err(Refused::bad(
            "The options of a delta query are part of its token: do not add them again.",
        ));
    }
    if caller.call.now.as_second().saturating_sub(state.issued) > LIFE_SECONDS {
        return Err(expired(caller, &state));
    }
    let upto = if matches!(state.place, Place::Start) {
        caller.world.arrived(caller.tenant)
    } else {
        state.upto
    };
    Ok(State { upto, ..state })
}

fn expired(caller: &Caller<'_>, state: &State) -> Refused {
    let mut pairs = Vec::new();
    pairs.extend(state.select.clone().map(|select| ("$select".to_owned(), select)));
    pairs.extend(state.filter.clone().map(|filter| ("$filter".to_owned(), filter)));
    pairs.push(("$deltatoken".to_owned(), String::new()));
    let mut refused = Refused::new(
        StatusCode::GONE,
        "syncStateNotFound",
        "The sync state generation is not found; continue at the location with an empty token.",
    );
    refused.location = Some(format!("{}?{}", caller.url(), encode(&pairs)));
    refused
}

fn token(caller: &Caller<'_>, state: &State) -> String {
    let (tenant, resource) = (caller.tenant.id.to_string(), caller.url());
    let binding = Binding {
        tenant: &tenant,
        resource: &resource,
        query: BOUND,
    };
    seal(binding, &json!(state))
}

fn ids_only(text: &str, shape: &'static Shape) -> Result<Filter, Refused> {
    let filter = Filter::parse(text, shape)?;
    let fine = !filter.is_advanced() && filter.paths().iter().all(|path| path == "id");
    if fine && filter.paths().len() <= MOST_IDS {
        Ok(filter)
    } else {
        Err(Refused::unsupported(format!(
            "Delta query filters by 'id eq' joined with 'or', of at most {MOST_IDS} ids."
        )))
    }
}

/// One page of one round.
struct Round<'a> {
    kind: &'a Kind<'a>,
    state: &'a State,
    selection: &'a Selection,
    filter: Option<(&'a Filter, Needs)>,
    /// The members that are told; `None`: all of them.
    outline: Option<Outline>,
}

/// One object that is told of, with the memberships that are.
struct Entry<'a> {
    id: &'a str,
    row: &'a Row,
    edges: Vec<(&'a String, &'a MemberEdge)>,
}

/// What is told of an object: in a first round nothing of what is unset.
fn outline(selection: &Selection, shape: &Shape, since: u64) -> Option<Outline> {
    let names: Vec<&str> = match (selection.named(), shape.by_default) {
        (Some(named), _) => named.iter().map(String::as_str).collect(),
        (None, Some(usual)) => usual.split_ascii_whitespace().collect(),
        (None, None) => return None,
    };
    let unset = if since == 0 { Unset::Absent } else { Unset::AsIs };
    Some(Outline::new(
        names.into_iter().map(|name| (name.to_owned(), unset)),
    ))
}

impl<'a> Round<'a> {
    fn page(&self) -> (Vec<Entry<'a>>, Option<Place>) {
        let (from, within) = match &self.state.place {
            Place::Start => (Bound::Unbounded, None),
            Place::After(id) => (Bound::Excluded(id.as_str()), None),
            Place::Within(id, member) => (Bound::Included(id.as_str()), Some((id, member.as_str()))),
        };
        let mut out = Vec::new();
        let mut room = MEMBERS;
        let mut last: Option<String> = None;
        for (id, row) in self.kind.table.rows.range::<str, _>((from, Bound::Unbounded)) {
            let resumed = within.filter(|(group, _)| *group == id).map(|(_, member)| member);
            let mut edges = self.edges(id, row, resumed).peekable();
            let due = row.version > self.state.since || resumed.is_some() || edges.peek().is_some();
            let is_other = |(filter, id): &(&Filter, Needs)| !filter.matches(&row.json.pick(id));
            if !due || self.filter.as_ref().is_some_and(is_other) {
                continue;
            }
            let full = out.len() == PAGE || (room == 0 && edges.peek().is_some());
            if full && let Some(last) = last {
                return (out, Some(Place::After(last)));
            }
            last = Some(id.clone());
            if row.removed.is_some() && self.state.since == 0 {
                continue; // never seen, so nothing to take back
            }
            let slice: Vec<(&String, &MemberEdge)> = edges.by_ref().take(room).collect();
            room -= slice.len();
            let last = slice.last().map(|(member, _)| (*member).clone());
            out.push(Entry {
                id,
                row,
                edges: slice,
            });
            if let (Some(_), Some(member)) = (edges.peek(), last) {
                return (out, Some(Place::Within(id.clone(), member)));
            }
        }
        (out, None)
    }

    /// The memberships that changed, after a member.
    fn edges(
        &self,
        id: &str,
        row: &Row,
        after: Option<&str>,
    ) -> impl Iterator<Item = (&'a String, &'a MemberEdge)> + use<'a> {
        let tracked = self.selection.named().is_none() || self.selection.includes("members");
        let since = self.state.since;
        let after = after.map(str::to_owned);
        self.kind
            .members
            .filter(|_| tracked && row.removed.is_none())
            .and_then(|members| members.get(id))
            .into_iter()
            .flat_map(move |edges| super::caller::after(edges, after.as_deref()))
            .filter(move |(_, edge)| edge.version > since && !(since == 0 && edge.removed))
    }

    fn write(&self, entry: &Entry<'_>, out: &mut Vec<u8>) {
        match (&self.outline, entry.row.removed) {
            (Some(outline), None) if entry.edges.is_empty() => entry.row.json.write(outline, out),
            _ => write_json(&self.tree(entry), out),
        }
    }

    fn tree(&self, entry: &Entry<'_>) -> Json {
        let mut out = Json::new();
        out.insert("id".to_owned(), json!(entry.id));
        if let Some(how) = entry.row.removed {
            let reason = match how {
                Removed::Changed => "changed",
                Removed::Deleted => "deleted",
            };
            out.insert("@removed".to_owned(), json!({"reason": reason}));
            return out;
        }
        let first = self.state.since == 0;
        let json = entry.row.json.to_json();
        let told = match &self.outline {
            Some(outline) => outline.cut(Cow::Owned(json)),
            None => json,
        };
        out.extend(told.into_iter().filter(|(_, value)| !(first && value.is_null())));
        if !entry.edges.is_empty() {
            let edges: Vec<Value> = entry.edges.iter().map(|(id, edge)| member(id, edge)).collect();
            out.insert("members@delta".to_owned(), Value::Array(edges));
        }
        out
    }
}

fn member(id: &str, edge: &MemberEdge) -> Value {
    let mut out = Json::new();
    out.insert("@odata.type".to_owned(), json!(edge.odata_type));
    out.insert("id".to_owned(), json!(id));
    if edge.removed {
        out.insert("@removed".to_owned(), json!({"reason": "deleted"}));
    }
    Value::Object(out)
}
