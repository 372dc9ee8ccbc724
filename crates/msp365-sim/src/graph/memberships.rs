//! Groups and roles an object is in, and the members of a group.

use std::{borrow::Cow, collections::BTreeSet};

use http::Method;
use serde_json::{Value, json};

use super::{
    answer::Answer,
    caller::{Caller, after},
    people,
    relations::{self, Objects, Reach, typed},
    rights::{GROUPS, MEMBERSHIPS, MY_GROUPS, Right},
    unknown,
};
use crate::{
    odata::{
        DIRECTORY_OBJECT, Refused, Rules, Shape,
        access::SERVICE_PRINCIPAL,
        apps::APPLICATION,
        machines::DEVICE,
        people::{GROUP, USER},
        tenant::{ADMINISTRATIVE_UNIT, DIRECTORY_ROLE},
    },
    world::Json,
};

const OBJECTS: Rules = Rules {
    shape: &DIRECTORY_OBJECT,
    page: 100,
    top: Some(999),
    options: "$select $filter $count $orderby $search $expand",
    order: "",
    directory: true,
};
/// The most groups one check may name.
const MOST_CHECKED: usize = 20;

/// Names under which lies what an object is in.
pub(super) const NAMES: [&str; 6] = [
    "memberOf",
    "transitiveMemberOf",
    "checkMemberGroups",
    "checkMemberObjects",
    "getMemberGroups",
    "getMemberObjects",
];

/// What lies below an object.
pub(super) fn serve(
    caller: &Caller<'_>,
    id: Result<&str, Refused>,
    rest: &[&str],
) -> Result<Answer, Refused> {
    route(caller, id, rest, &MEMBERSHIPS)
}

/// What lies below the signed-in user.
pub(super) fn mine(
    caller: &Caller<'_>,
    user: Result<&str, Refused>,
    rest: &[&str],
) -> Result<Answer, Refused> {
    route(caller, user, rest, &MY_GROUPS)
}

fn route(
    caller: &Caller<'_>,
    id: Result<&str, Refused>,
    rest: &[&str],
    right: &Right,
) -> Result<Answer, Refused> {
    match rest {
        [name @ ("memberOf" | "transitiveMemberOf"), below @ ..] => {
            caller.only(&Method::GET)?;
            caller.demand(right)?;
            let reach = if *name == "memberOf" {
                Reach::Direct
            } else {
                Reach::Transitive
            };
            let id = id?;
            cast_of(caller, below, || relations::member_of(caller.tenant, id, reach))
        }
        [name] if NAMES.contains(name) => {
            caller.only(&Method::POST)?;
            caller.demand(right)?;
            if let Some(list) = name.strip_prefix("checkMember") {
                check(caller, id?, if list == "Groups" { "groupIds" } else { "ids" })
            } else {
                all(caller, id?, name)
            }
        }
        rest => Err(unknown(rest)),
    }
}

/// Objects of several kinds: all, those of one type, or how many there are.
pub(super) fn cast_of(
    caller: &Caller<'_>,
    below: &[&str],
    found: impl FnOnce() -> Objects,
) -> Result<Answer, Refused> {
    let (cast, counts) = match below {
        [] => (None, false),
        ["$count"] => (None, true),
        [cast] => (Some(*cast), false),
        [cast, "$count"] => (Some(*cast), true),
        below => return Err(unknown(below)),
    };
    let cast = cast
        .map(|cast| shape_of(cast).ok_or_else(|| Refused::unknown_segment(cast)))
        .transpose()?;
    let rules = cast.map_or(OBJECTS, |shape| Rules { shape, ..OBJECTS });
    let mut rows = found();
    if let Some(cast) = cast {
        rows.retain(|_, row| std::ptr::eq(DIRECTORY_OBJECT.kind_of(row), cast));
    }
    if counts {
        return caller.count(&rules, rows.values().map(Cow::Borrowed));
    }
    people::rows(caller, &plural(rules.shape), &rules, &rows)
}

fn plural(shape: &Shape) -> String {
    format!("{}s", shape.name)
}

/// The members of a group.
pub(super) fn members(caller: &Caller<'_>, group: &str, below: &[&str]) -> Result<Answer, Refused> {
    caller.only(&Method::GET)?;
    caller.demand(&GROUPS)?;
    let tenant = caller.tenant;
    if tenant.groups.get(group).is_none() {
        return Err(Refused::not_found(group));
    }
    if !below.is_empty() {
        return cast_of(caller, below, || relations::members(tenant, group, Reach::Direct));
    }
    let options = caller.options(&OBJECTS)?;
    let edges = tenant.members.get(group);
    caller.collection(&plural(OBJECTS.shape), &options, |from| {
        let from = from.map(str::to_owned);
        edges
            .into_iter()
            .flat_map(move |edges| after(edges, from.as_deref()))
            .filter(|(_, edge)| !edge.removed)
            .filter_map(|(id, edge)| {
                let (table, shape) = match edge.odata_type.as_str() {
                    "#microsoft.graph.user" => (&tenant.users, &USER),
                    "#microsoft.graph.group" => (&tenant.groups, &GROUP),
                    "#microsoft.graph.device" => (&tenant.devices, &DEVICE),
                    _ => (&tenant.service_principals, &SERVICE_PRINCIPAL),
                };
                Some((id.as_str(), typed(table.get(id)?, shape)))
            })
            .map(|(id, row)| (id, Cow::Owned(row)))
    })
}

/// Which of the named groups or roles hold the object, directly or through others.
fn check(caller: &Caller<'_>, id: &str, list: &str) -> Result<Answer, Refused> {
    let body = caller.body()?;
    let wanted: Option<Vec<&str>> = body
        .get(list)
        .and_then(Value::as_array)
        .and_then(|ids| ids.iter().map(Value::as_str).collect());
    let wanted = wanted
        .ok_or_else(|| Refused::bad(format!("The parameter '{list}' is missing or no list of ids.")))?;
    if wanted.len() > MOST_CHECKED {
        return Err(Refused::bad(format!(
            "The number of values specified for the parameter '{list}' is greater than the maximum allowed number \
             of values: {MOST_CHECKED}."
        )));
    }
    if body.len() > 1 {
        return Err(Refused::bad(format!("The action takes '{list}' alone.")));
    }
    let held = relations::member_of(caller.tenant, id, Reach::Transitive);
    let found = wanted.into_iter().filter(|id| {
        let held = held.get(&id.to_lowercase());
        held.is_some_and(|row| list == "ids" || is_group(row))
    });
    Ok(ids(caller, &found.collect::<Vec<_>>()))
}

/// All groups that hold the object, directly or through others; and its roles, if it is about objects.
fn all(caller: &Caller<'_>, id: &str, name: &str) -> Result<Answer, Refused> {
    let body = caller.body()?;
    let secure = match body.get("securityEnabledOnly") {
        Some(Value::Bool(secure)) => *secure,
        _ => {
            return Err(Refused::bad(
                "The parameter 'securityEnabledOnly' is missing or no yes or no.",
            ));
        }
    };
    let held = relations::member_of(caller.tenant, id, Reach::Transitive);
    let wanted = |row: &Json| {
        let is_secure = row.get("securityEnabled") == Some(&Value::Bool(true));
        if is_group(row) {
            !secure || is_secure
        } else {
            name == "getMemberObjects"
        }
    };
    let found: BTreeSet<&str> = held
        .iter()
        .filter(|(_, row)| wanted(row))
        .map(|(id, _)| id.as_str())
        .collect();
    Ok(ids(caller, &found.into_iter().collect::<Vec<_>>()))
}

fn is_group(row: &Json) -> bool {
    DIRECTORY_OBJECT.kind_of(row).name == GROUP.name
}

fn ids(caller: &Caller<'_>, found: &[&str]) -> Answer {
    Answer::Json(json!({
        "@odata.context": caller.context("Collection(Edm.String)", None),
        "value": found,
    }))
}

/// The type that a cast in a path names.
pub(super) fn shape_of(cast: &str) -> Option<&'static Shape> {
    match cast.strip_prefix("microsoft.graph.")? {
        "user" => Some(&USER),
        "group" => Some(&GROUP),
        "device" => Some(&DEVICE),
        "administrativeUnit" => Some(&ADMINISTRATIVE_UNIT),
        "directoryRole" => Some(&DIRECTORY_ROLE),
        "servicePrincipal" => Some(&SERVICE_PRINCIPAL),
        "application" => Some(&APPLICATION),
        _ => None,
    }
}
