//! Teams, each of which hangs on a group.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    answer::Answer,
    app_rights::TEAMS,
    caller::{Caller, id_of},
    people, read_only, unknown,
};
use crate::{
    odata::{Refused, Rules, teams::TEAM},
    world::{
        Json, Tenant,
        access::{object, text},
        change::derived_id,
    },
};

const JOINED: Rules = Rules {
    shape: &TEAM,
    page: usize::MAX,
    top: None,
    options: "$select $filter",
    order: "",
    directory: false,
};

/// `teams/{id}` and `groups/{id}/team`.
pub(super) fn one(caller: &Caller<'_>, group: &str) -> Result<Answer, Refused> {
    read_only(caller, &TEAMS)?;
    let row = caller.tenant.groups.get(group).filter(|row| is_team(row));
    let row = row.ok_or_else(|| {
        Refused::new(
            StatusCode::NOT_FOUND,
            "NotFound",
            format!("No team found with Group Id {group}"),
        )
    })?;
    let team = whole(caller.tenant, row);
    caller.entity("teams", &TEAM, Some(&team), group)
}

/// `teams`.
pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    match rest {
        [id] => one(caller, id),
        rest => Err(unknown(rest)),
    }
}

/// `users/{id}/joinedTeams`.
pub(super) fn joined(caller: &Caller<'_>, user: &str) -> Result<Answer, Refused> {
    read_only(caller, &TEAMS)?;
    let tenant = caller.tenant;
    let own = tenant.members.iter().filter(|(_, members)| {
        let edge = members.get(user);
        edge.is_some_and(|edge| !edge.removed)
    });
    let teams = own.filter_map(|(group, _)| tenant.groups.get(group).filter(|row| is_team(row)));
    let found: BTreeMap<String, Json> = teams
        .map(|row| {
            let mut team = whole(tenant, row);
            // The list tells no more of a team than this.
            team.retain(|name, _| {
                ["id", "displayName", "description", "tenantId", "isArchived"].contains(&name.as_str())
            });
            (id_of(row).to_owned(), team)
        })
        .collect();
    people::rows(caller, "teams", &JOINED, &found)
}

fn is_team(group: &Json) -> bool {
    let options = group.get("resourceProvisioningOptions").and_then(Value::as_array);
    options.is_some_and(|options| options.iter().any(|option| option == "Team"))
}

fn whole(tenant: &Tenant, group: &Json) -> Json {
    let id = id_of(group);
    let internal = derived_id(tenant.id, &format!("team {id}"));
    let thread = format!("19:{}@thread.tacv2", internal.replace('-', ""));
    object(json!({
        "id": id,
        "displayName": group.get("displayName"),
        "description": group.get("description"),
        "createdDateTime": group.get("createdDateTime"),
        "classification": Value::Null,
        "visibility": text(group, "visibility").map(str::to_lowercase),
        "internalId": thread,
        "tenantId": tenant.id,
        "webUrl": format!("https://teams.microsoft.com/l/team/{thread}/conversations?groupId={id}&tenantId={}", tenant.id),
        "isArchived": false,
        "memberSettings": {"allowCreateUpdateChannels": true, "allowDeleteChannels": true},
        "messagingSettings": {"allowUserEditMessages": true, "allowUserDeleteMessages": true},
    }))
}
