//! Groups and roles an object is in, and the members of a group.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use http::Method;
use serde_json::{Value, json};

use super::{
    answer::Answer,
    caller::{Caller, after},
    rights::{GROUPS, MEMBERSHIPS, MY_GROUPS, Right},
    unknown,
};
use crate::{
    odata::{
        DIRECTORY_OBJECT, Refused, Rules, Shape,
        machines::DEVICE,
        people::{GROUP, USER},
        tenant::DIRECTORY_ROLE,
    },
    world::{Json, change::derived_id},
};

const OBJECTS: Rules = Rules {
    shape: &DIRECTORY_OBJECT,
    page: 100,
    top: Some(999),
    options: "$select $filter $count $orderby $search",
    order: "",
    directory: true,
};
/// The most groups one check may name.
const MOST_CHECKED: usize = 20;

/// What lies below a user.
pub(super) fn serve(
    caller: &Caller<'_>,
    user: Result<&str, Refused>,
    rest: &[&str],
) -> Result<Answer, Refused> {
    route(caller, user, rest, &MEMBERSHIPS)
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
    user: Result<&str, Refused>,
    rest: &[&str],
    right: &Right,
) -> Result<Answer, Refused> {
    let (name, cast) = match rest {
        [name] => (*name, None),
        [name, cast] => (
            *name,
            Some(shape_of(cast).ok_or_else(|| Refused::unknown_segment(cast))?),
        ),
        rest => return Err(unknown(rest)),
    };
    match (name, cast) {
        ("memberOf" | "transitiveMemberOf", cast) => {
            caller.only(&Method::GET)?;
            caller.demand(right)?;
            member_of(caller, user?, name, cast)
        }
        ("checkMemberGroups", None) => {
            caller.only(&Method::POST)?;
            caller.demand(right)?;
            check(caller, user?)
        }
        _ => Err(unknown(rest)),
    }
}

fn member_of(
    caller: &Caller<'_>,
    user: &str,
    name: &str,
    cast: Option<&'static Shape>,
) -> Result<Answer, Refused> {
    let tenant = caller.tenant;
    let transitive = tenant.transitive_groups(user);
    let direct = |group: &&String| {
        let edge = tenant
            .members
            .get(group.as_str())
            .and_then(|members| members.get(user));
        edge.is_some_and(|edge| !edge.removed)
    };
    let groups: BTreeSet<&String> = if name == "memberOf" {
        transitive.iter().filter(direct).collect()
    } else {
        transitive.iter().collect()
    };
    let mut rows: BTreeMap<String, Json> = BTreeMap::new();
    for id in &groups {
        if let Some(row) = tenant.groups.get(id) {
            rows.insert((*id).clone(), typed(row, "#microsoft.graph.group"));
        }
    }
    let via: Vec<&str> = std::iter::once(user)
        .chain(groups.iter().filter(|_| name != "memberOf").map(|id| id.as_str()))
        .collect();
    for role in roles(caller, &via) {
        rows.insert(super::caller::id_of(&role).to_owned(), role);
    }
    if let Some(cast) = cast {
        rows.retain(|_, row| std::ptr::eq(DIRECTORY_OBJECT.kind_of(row), cast));
    }
    objects(caller, cast, &rows)
}

/// A page of objects of several kinds.
fn objects(
    caller: &Caller<'_>,
    cast: Option<&'static Shape>,
    rows: &BTreeMap<String, Json>,
) -> Result<Answer, Refused> {
    let rules = cast.map_or(OBJECTS, |shape| Rules { shape, ..OBJECTS });
    let options = caller.options(&rules)?;
    let place = crate::odata::Listing {
        tenant: caller.tenant.id.to_string(),
        url: caller.url(),
        context: caller.context(&plural(rules.shape), Some(&options.selection)),
    };
    crate::odata::list(&place, &options, |from| {
        after(rows, from).map(|(id, row)| (id.as_str(), Cow::Borrowed(row)))
    })
    .map(Answer::Json)
}

fn plural(shape: &Shape) -> String {
    format!("{}s", shape.name)
}

/// The directory roles that are assigned to one of these.
fn roles(caller: &Caller<'_>, principals: &[&str]) -> Vec<Json> {
    let text = |row: &Json, name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    caller
        .tenant
        .role_assignments
        .present()
        .filter(|row| text(row, "principalId").is_some_and(|id| principals.contains(&id.as_str())))
        .filter_map(|row| text(row, "roleDefinitionId"))
        .map(|template| {
            let definition = caller.tenant.role_definitions.get(&template);
            let known = |name: &str| {
                definition
                    .and_then(|row| row.get(name))
                    .cloned()
                    .unwrap_or(Value::Null)
            };
            let mut role = Json::new();
            role.insert("@odata.type".to_owned(), json!("#microsoft.graph.directoryRole"));
            let purpose = format!("directory role {template}");
            role.insert("id".to_owned(), json!(derived_id(caller.tenant.id, &purpose)));
            role.insert("displayName".to_owned(), known("displayName"));
            role.insert("description".to_owned(), known("description"));
            role.insert("roleTemplateId".to_owned(), json!(template));
            role
        })
        .collect()
}

/// The members of a group.
pub(super) fn members(caller: &Caller<'_>, group: &str, cast: Option<&str>) -> Result<Answer, Refused> {
    caller.only(&Method::GET)?;
    caller.demand(&GROUPS)?;
    let cast = cast
        .map(|cast| shape_of(cast).ok_or_else(|| Refused::unknown_segment(cast)))
        .transpose()?;
    let tenant = caller.tenant;
    if tenant.groups.get(group).is_none() {
        return Err(Refused::not_found(group));
    }
    let rules = cast.map_or(OBJECTS, |shape| Rules { shape, ..OBJECTS });
    let options = caller.options(&rules)?;
    let edges = tenant.members.get(group);
    caller.collection(&plural(rules.shape), &options, |from| {
        let from = from.map(str::to_owned);
        edges
            .into_iter()
            .flat_map(move |edges| after(edges, from.as_deref()))
            .filter(|(_, edge)| !edge.removed)
            .filter_map(|(id, edge)| {
                let table = match edge.odata_type.as_str() {
                    "#microsoft.graph.user" => &tenant.users,
                    "#microsoft.graph.group" => &tenant.groups,
                    "#microsoft.graph.device" => &tenant.devices,
                    _ => &tenant.service_principals,
                };
                Some((id.as_str(), typed(table.get(id)?, &edge.odata_type)))
            })
            .filter(move |(_, row)| cast.is_none_or(|cast| std::ptr::eq(DIRECTORY_OBJECT.kind_of(row), cast)))
            .map(|(id, row)| (id, Cow::Owned(row)))
    })
}

/// Which of the named groups hold the user, directly or through others.
fn check(caller: &Caller<'_>, user: &str) -> Result<Answer, Refused> {
    let body = caller.body()?;
    let wanted: Option<Vec<&str>> = body
        .get("groupIds")
        .and_then(Value::as_array)
        .and_then(|ids| ids.iter().map(Value::as_str).collect());
    let wanted =
        wanted.ok_or_else(|| Refused::bad("The parameter 'groupIds' is missing or no list of ids."))?;
    if wanted.len() > MOST_CHECKED {
        return Err(Refused::bad(format!(
            "The number of values specified for the parameter 'groupIds' is greater than the maximum allowed \
             number of values: {MOST_CHECKED}."
        )));
    }
    if body.len() > 1 {
        return Err(Refused::bad(
            "The action 'checkMemberGroups' takes 'groupIds' alone.",
        ));
    }
    let held = caller.tenant.transitive_groups(user);
    let found: Vec<&str> = wanted
        .into_iter()
        .filter(|id| held.contains(&id.to_lowercase()))
        .collect();
    Ok(Answer::Json(json!({
        "@odata.context": caller.context("Collection(Edm.String)", None),
        "value": found,
    })))
}

fn typed(row: &Json, odata_type: &str) -> Json {
    let mut row = row.clone();
    row.insert("@odata.type".to_owned(), json!(odata_type));
    row
}

/// The type that a cast in a path names.
pub(super) fn shape_of(cast: &str) -> Option<&'static Shape> {
    match cast.strip_prefix("microsoft.graph.")? {
        "user" => Some(&USER),
        "group" => Some(&GROUP),
        "device" => Some(&DEVICE),
        "directoryRole" => Some(&DIRECTORY_ROLE),
        _ => None,
    }
}
