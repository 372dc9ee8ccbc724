//! Groups.

use std::collections::BTreeMap;

use super::{answer::Answer, caller::Caller, delta, memberships, people, read_only, rights::GROUPS, unknown};
use crate::{
    odata::{
        Advanced, DIRECTORY_OBJECT, Options, Refused, Rules,
        access::SERVICE_PRINCIPAL,
        machines::DEVICE,
        people::{GROUP, USER},
    },
    world::{Json, Tenant},
};

const LIST: Rules = Rules {
    shape: &GROUP,
    page: 100,
    top: Some(999),
    options: "$select $filter $count $orderby $search",
    order: "displayName",
    directory: true,
};

pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    match rest {
        [] => {
            read_only(caller, &GROUPS)?;
            caller.table("groups", &LIST, &caller.tenant.groups)
        }
        ["$count"] => {
            read_only(caller, &GROUPS)?;
            if caller.advanced() == Advanced::No {
                return Err(Refused::bad("$count is not currently supported."));
            }
            let mut query = caller.call.query.clone();
            query.push(("$count".to_owned(), "true".to_owned()));
            let rules = Rules {
                options: "$filter $search $count",
                ..LIST
            };
            let options = Options::read(&query, Advanced::Asked, &rules)?;
            Ok(Answer::Count(
                caller
                    .tenant
                    .groups
                    .present()
                    .filter(|row| options.keeps(row))
                    .count(),
            ))
        }
        ["delta"] => {
            read_only(caller, &GROUPS)?;
            delta::groups(caller)
        }
        [id] => {
            read_only(caller, &GROUPS)?;
            caller.entity("groups", &GROUP, caller.tenant.groups.get(id), id)
        }
        [id, "members"] => memberships::members(caller, id, None),
        [id, "members", cast] => memberships::members(caller, id, Some(cast)),
        [id, rest @ ..] => below(caller, id, rest),
    }
}

/// What lies below a group.
fn below(caller: &Caller<'_>, group: &str, rest: &[&str]) -> Result<Answer, Refused> {
    let (name, cast) = match rest {
        [name @ ("transitiveMembers" | "owners")] => (*name, None),
        [name @ ("transitiveMembers" | "owners"), cast] => {
            let shape = memberships::shape_of(cast).ok_or_else(|| Refused::unknown_segment(cast))?;
            (*name, Some(shape))
        }
        ["appRoleAssignments"] => return people::app_roles(caller, "groups/appRoleAssignments", group),
        rest => return Err(unknown(rest)),
    };
    read_only(caller, &GROUPS)?;
    let tenant = caller.tenant;
    if tenant.groups.get(group).is_none() {
        return Err(Refused::not_found(group));
    }
    let mut found = if name == "owners" {
        let owners = tenant.register.owners.get(group).into_iter().flatten();
        owners
            .filter_map(|id| Some((id.clone(), people::typed(tenant.users.get(id)?, &USER))))
            .collect()
    } else {
        everyone_in(tenant, group)
    };
    if let Some(cast) = cast {
        found.retain(|_, row| std::ptr::eq(DIRECTORY_OBJECT.kind_of(row), cast));
    }
    let rules = Rules {
        shape: cast.unwrap_or(&DIRECTORY_OBJECT),
        ..LIST
    };
    let what = format!("{}s", rules.shape.name);
    people::rows(caller, &what, &rules, &found)
}

/// All members of a group, and of the groups in it.
fn everyone_in(tenant: &Tenant, group: &str) -> BTreeMap<String, Json> {
    let mut found = BTreeMap::new();
    let mut open = vec![group.to_owned()];
    while let Some(next) = open.pop() {
        for (id, edge) in tenant.members.get(&next).into_iter().flatten() {
            if edge.removed || found.contains_key(id) {
                continue;
            }
            let (table, shape) = match edge.odata_type.as_str() {
                "#microsoft.graph.user" => (&tenant.users, &USER),
                "#microsoft.graph.group" => (&tenant.groups, &GROUP),
                "#microsoft.graph.device" => (&tenant.devices, &DEVICE),
                _ => (&tenant.service_principals, &SERVICE_PRINCIPAL),
            };
            if let Some(row) = table.get(id) {
                found.insert(id.clone(), people::typed(row, shape));
                open.push(id.clone());
            }
        }
    }
    found
}
