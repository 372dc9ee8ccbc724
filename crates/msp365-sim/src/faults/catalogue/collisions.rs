//! What somebody else does to the directory right before a write arrives.

use http::Method;
use serde_json::{Value, json};

use super::super::row::Meeting;
use crate::{
    front::Asked,
    world::{
        Json, Removed, Tenant, World,
        access::{object, text},
        change::derived_id,
        groups,
    },
};

/// What became of a group.
#[derive(Debug, Clone, Copy)]
pub(super) enum Flag {
    Mail,
    Rule,
    OnPremises,
    Roles,
}

/// What became of the units of a product.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pool {
    Empty,
    /// A group has them, with this error.
    InError(&'static str),
}

fn body(asked: &Asked) -> Json {
    serde_json::from_slice(&asked.body).unwrap_or_default()
}

/// The tenant that is written to, and the version of the change.
fn here<'w>(meeting: &Meeting<'_>, world: &'w mut World) -> Option<(&'w mut Tenant, u64)> {
    let version = world.next_version();
    let tenant = world.tenant_mut(meeting.asked.tenant?)?;
    Some((tenant, version))
}

/// The id of the user or group that the path names.
fn named(asked: &Asked, tenant: &Tenant) -> Option<String> {
    let name = asked.path.get(1)?;
    let by_name = |user: &&Json| {
        ["id", "userPrincipalName"]
            .iter()
            .any(|key| text(user, key).is_some_and(|value| value.eq_ignore_ascii_case(name)))
    };
    if tenant.groups.get(name).is_some() {
        return Some(name.clone());
    }
    let user = tenant.users.present().find(by_name)?;
    text(user, "id").map(str::to_owned)
}

/// The member that a body refers to.
pub(super) fn member(asked: &Asked) -> Option<String> {
    let body = body(asked);
    let link = text(&body, "@odata.id")?;
    link.rsplit('/').next().map(str::to_owned)
}

/// Puts another user in the place of the one to be created; deleted, if told.
pub(super) fn twin(meeting: &mut Meeting<'_>, world: &mut World, gone: Option<Removed>) -> bool {
    let wanted = body(meeting.asked);
    let Some((tenant, version)) = here(meeting, world) else {
        return false;
    };
    let Some(name) = text(&wanted, "userPrincipalName") else {
        return false;
    };
    let id = derived_id(tenant.id, &format!("twin {version}"));
    let user = stranger(&id, name, meeting);
    tenant.users.put(user, version);
    gone.is_none_or(|how| tenant.users.remove(&id, how, version))
}

/// Somebody of this name, whom nobody here made.
fn stranger(id: &str, name: &str, meeting: &Meeting<'_>) -> Json {
    object(json!({
        "id": id,
        "userPrincipalName": name,
        "displayName": "Bo Already",
        "mailNickname": name.split('@').next(),
        "accountEnabled": true,
        "userType": "Member",
        "createdDateTime": meeting.now.to_string(),
        "businessPhones": [],
        "proxyAddresses": [],
    }))
}

/// Adds the member that is to be added, takes out the one that is to be taken out.
pub(super) fn as_wanted(meeting: &mut Meeting<'_>, world: &mut World) -> bool {
    let asked = meeting.asked;
    let Some((tenant, version)) = here(meeting, world) else {
        return false;
    };
    let Some(group) = named(asked, tenant) else {
        return false;
    };
    if asked.method == Method::DELETE {
        let member = asked.path.get(3);
        let edges = tenant.members.get_mut(&group);
        let edge = edges
            .zip(member)
            .and_then(|(edges, member)| edges.get_mut(member));
        return edge.is_some_and(|edge| {
            let was = !edge.removed;
            (edge.removed, edge.version) = (true, version);
            was
        });
    }
    member(asked).is_some_and(|member| {
        let known = tenant.users.get(&member).is_some();
        if known {
            tenant.add_member(&group, &member, groups::USER, version);
        }
        known
    })
}

/// Changes what kind of group it is.
pub(super) fn flag(meeting: &mut Meeting<'_>, world: &mut World, flag: Flag) -> bool {
    let Some((tenant, version)) = here(meeting, world) else {
        return false;
    };
    let Some(group) = named(meeting.asked, tenant) else {
        return false;
    };
    let mut set = |name: &str, value: Value| tenant.groups.set(&group, name, value, version);
    match flag {
        Flag::Mail => set("mailEnabled", json!(true)) && set("groupTypes", json!([])),
        Flag::Rule => {
            set("groupTypes", json!(["DynamicMembership"]))
                && set("membershipRule", json!("user.department -eq \"Sales\""))
        }
        Flag::OnPremises => set("onPremisesSyncEnabled", json!(true)),
        Flag::Roles => set("isAssignableToRole", json!(true)),
    }
}

/// Takes the free units of the product that is to be assigned.
pub(super) fn pool(meeting: &mut Meeting<'_>, world: &mut World, pool: Pool) -> bool {
    let wanted = body(meeting.asked);
    let add = wanted.get("addLicenses").and_then(Value::as_array);
    let sku = add
        .and_then(|add| add.first())
        .and_then(|one| one.get("skuId"))
        .cloned();
    let Some(((tenant, version), sku)) = here(meeting, world).zip(sku) else {
        return false;
    };
    match pool {
        Pool::Empty => {
            let rows = tenant.subscribed_skus.iter_mut();
            let mut rows = rows.filter(|row| row.get("skuId") == Some(&sku));
            rows.next().is_some_and(|row| {
                let units = json!({"enabled": 0, "warning": 0, "suspended": 0, "lockedOut": 0});
                row.insert("prepaidUnits".to_owned(), units) != row.get("prepaidUnits").cloned()
            })
        }
        Pool::InError(error) => {
            let Some(user) = named(meeting.asked, tenant) else {
                return false;
            };
            let group = tenant.groups.present().find_map(|group| text(group, "id"));
            let state = json!([{
                "skuId": sku, "disabledPlans": [], "assignedByGroup": group, "state": "Error", "error": error,
                "lastUpdatedDateTime": meeting.now.to_string(),
            }]);
            tenant.users.set(&user, "licenseAssignmentStates", state, version)
        }
    }
}

/// Changes a property of the user that is about to be changed.
pub(super) fn touched(meeting: &mut Meeting<'_>, world: &mut World) -> bool {
    let Some((tenant, version)) = here(meeting, world) else {
        return false;
    };
    let user = named(meeting.asked, tenant);
    user.is_some_and(|user| {
        let title = json!("Changed by somebody else");
        tenant.users.set(&user, "jobTitle", title, version)
    })
}

/// The user that is to be deleted is gone, and another one has its name.
pub(super) fn renewed(meeting: &mut Meeting<'_>, world: &mut World) -> bool {
    let Some((tenant, version)) = here(meeting, world) else {
        return false;
    };
    let Some(user) = named(meeting.asked, tenant) else {
        return false;
    };
    let name = tenant
        .users
        .get(&user)
        .and_then(|user| text(user, "userPrincipalName"));
    let Some(name) = name.map(str::to_owned) else {
        return false;
    };
    let id = derived_id(tenant.id, &format!("renewed {version}"));
    tenant.users.remove(&user, Removed::Changed, version);
    tenant.users.put(stranger(&id, &name, meeting), version);
    true
}
