//! Groups.

use super::{
    answer::Answer,
    caller::{Caller, present_after},
    delta, memberships, people, read_only,
    relations::{self, Reach},
    rights::GROUPS,
    teams, unknown,
};
use crate::odata::{Refused, Rules, people::GROUP};

const LIST: Rules = Rules {
    shape: &GROUP,
    page: 100,
    top: Some(999),
    options: "$select $filter $count $orderby $search $expand",
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
            let rows = present_after(&caller.tenant.groups, None);
            caller.count(&LIST, rows.map(|(_, row)| row))
        }
        ["delta"] => {
            read_only(caller, &GROUPS)?;
            delta::groups(caller)
        }
        [id] => {
            read_only(caller, &GROUPS)?;
            caller.entity("groups", &GROUP, caller.tenant.groups.get(id), id)
        }
        [id, "members", below @ ..] => memberships::members(caller, id, below),
        [id, "team"] => teams::one(caller, id),
        [id, "appRoleAssignments"] => people::app_roles(caller, "groups/appRoleAssignments", id),
        [id, rest @ ..] if rest.first().is_some_and(|name| memberships::NAMES.contains(name)) => {
            let group = caller.tenant.groups.get(id).map(|_| *id);
            memberships::serve(caller, group.ok_or_else(|| Refused::not_found(id)), rest)
        }
        [id, rest @ ..] => below(caller, id, rest),
    }
}

/// What lies below a group.
fn below(caller: &Caller<'_>, group: &str, rest: &[&str]) -> Result<Answer, Refused> {
    let tenant = caller.tenant;
    let found = || match rest.first() {
        Some(&"owners") => relations::owners(tenant, group),
        _ => relations::members(tenant, group, Reach::Transitive),
    };
    match rest {
        ["transitiveMembers" | "owners", cast @ ..] => {
            read_only(caller, &GROUPS)?;
            if tenant.groups.get(group).is_none() {
                return Err(Refused::not_found(group));
            }
            memberships::cast_of(caller, cast, found)
        }
        rest => Err(unknown(rest)),
    }
}
