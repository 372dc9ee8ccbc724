//! What hangs on what: the objects at the other end of a relation, each saying its type, by id.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{caller::id_of, roles};
use crate::{
    odata::{
        Shape,
        access::SERVICE_PRINCIPAL,
        apps::APPLICATION,
        machines::DEVICE,
        people::{GROUP, USER},
        tenant::{ADMINISTRATIVE_UNIT, DIRECTORY_ROLE},
    },
    world::{Json, Table, Tenant, access::text, units::Over},
};

/// Objects by their id.
pub(super) type Objects = BTreeMap<String, Json>;

/// A row that says its type.
pub(super) fn typed(row: &Json, shape: &Shape) -> Json {
    let mut row = row.clone();
    let name = format!("#microsoft.graph.{}", shape.name);
    row.insert("@odata.type".to_owned(), json!(name));
    row
}

/// An object of the directory, of whatever kind it is.
pub(super) fn object_of(tenant: &Tenant, id: &str) -> Option<(Json, &'static Shape)> {
    let tables: [(&Table, &'static Shape); 5] = [
        (&tenant.users, &USER),
        (&tenant.groups, &GROUP),
        (&tenant.devices, &DEVICE),
        (&tenant.service_principals, &SERVICE_PRINCIPAL),
        (&tenant.register.applications, &APPLICATION),
    ];
    let found = tables
        .into_iter()
        .find_map(|(table, shape)| Some((table.get(id)?, shape)));
    if let Some((row, shape)) = found {
        return Some((typed(row, shape), shape));
    }
    let template = roles::active(tenant)
        .into_iter()
        .find(|template| id_of(&roles::row(tenant, template)) == id)?;
    let row = typed(&roles::row(tenant, &template), &DIRECTORY_ROLE);
    Some((row, &DIRECTORY_ROLE))
}

fn objects<'a>(tenant: &Tenant, ids: impl IntoIterator<Item = &'a String>) -> Objects {
    let found = ids
        .into_iter()
        .filter_map(|id| Some((id.clone(), object_of(tenant, id)?.0)));
    found.collect()
}

/// Who manages a user.
pub(super) fn manager(tenant: &Tenant, user: &str) -> Option<Json> {
    let manager = tenant.register.managers.get(user)?;
    Some(typed(tenant.users.get(manager)?, &USER))
}

/// Whom a user manages.
pub(super) fn reports(tenant: &Tenant, user: &str) -> Objects {
    let managers = tenant.register.managers.iter();
    let own = managers.filter(|(_, manager)| *manager == user);
    objects(tenant, own.map(|(report, _)| report))
}

/// How far a relation is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Direct,
    Transitive,
}

/// The groups, directory roles and administrative units that an object is in.
pub(super) fn member_of(tenant: &Tenant, id: &str, reach: Reach) -> Objects {
    let all = tenant.transitive_groups(id);
    let direct = |group: &&String| {
        let edge = tenant
            .members
            .get(group.as_str())
            .and_then(|members| members.get(id));
        reach == Reach::Transitive || edge.is_some_and(|edge| !edge.removed)
    };
    let groups: BTreeSet<&String> = all.iter().filter(direct).collect();
    let mut found = objects(tenant, groups.iter().copied());
    let via = |principal: &str| {
        principal == id || (reach == Reach::Transitive && groups.iter().any(|group| *group == principal))
    };
    let held = tenant.role_assignments.present();
    let held = held.filter(|row| text(row, "principalId").is_some_and(via) && Over::of(row) == Over::Tenant);
    for template in held.filter_map(|row| text(row, "roleDefinitionId")) {
        let role = typed(&roles::row(tenant, template), &DIRECTORY_ROLE);
        found.insert(id_of(&role).to_owned(), role);
    }
    let units = tenant.units_of(id);
    found.extend(units.map(|(id, unit)| (id.to_owned(), typed(&unit.render(id), &ADMINISTRATIVE_UNIT))));
    found
}

/// The members of a group, and of the groups in it if asked for.
pub(super) fn members(tenant: &Tenant, group: &str, reach: Reach) -> Objects {
    let mut found = Objects::new();
    let mut open = vec![group.to_owned()];
    while let Some(next) = open.pop() {
        for (id, edge) in tenant.members.get(&next).into_iter().flatten() {
            if edge.removed || found.contains_key(id) {
                continue;
            }
            if let Some((row, _)) = object_of(tenant, id) {
                found.insert(id.clone(), row);
                if reach == Reach::Transitive {
                    open.push(id.clone());
                }
            }
        }
    }
    found
}

/// Who owns a group, an application or a service principal.
pub(super) fn owners(tenant: &Tenant, id: &str) -> Objects {
    objects(tenant, tenant.register.owners.get(id).into_iter().flatten())
}

/// The groups, applications and service principals that somebody owns.
pub(super) fn owned_by(tenant: &Tenant, owner: &str) -> Objects {
    let all = tenant.register.owners.iter();
    objects(
        tenant,
        all.filter(|(_, owners)| owners.contains(owner)).map(|(id, _)| id),
    )
}

/// The machines that Intune manages for a user.
pub(super) fn managed<'a>(tenant: &'a Tenant, user: &'a str) -> impl Iterator<Item = &'a Json> {
    let all = tenant.managed_devices.present();
    all.filter(move |row| text(row, "userId") == Some(user))
}

/// The devices somebody uses: those registered for the user, or whose management names it.
pub(super) fn devices(tenant: &Tenant, user: &str) -> Objects {
    let own: Vec<&str> = managed(tenant, user)
        .filter_map(|row| text(row, "azureADDeviceId"))
        .collect();
    let is_own = |row: &&Json| match tenant.register.device_owners.get(id_of(row)) {
        Some(owner) => owner == user,
        None => text(row, "deviceId").is_some_and(|id| own.iter().any(|one| one.eq_ignore_ascii_case(id))),
    };
    let found = tenant.devices.present().filter(is_own);
    found
        .map(|row| (id_of(row).to_owned(), typed(row, &DEVICE)))
        .collect()
}

/// Who a device is registered for.
pub(super) fn registrants(tenant: &Tenant, device: &str) -> Objects {
    if let Some(owner) = tenant.register.device_owners.get(device) {
        return objects(tenant, [owner]);
    }
    let own = tenant.devices.get(device).and_then(|row| text(row, "deviceId"));
    let managed = tenant.managed_devices.present().find(|row| {
        let id = text(row, "azureADDeviceId");
        id.zip(own).is_some_and(|(id, own)| id.eq_ignore_ascii_case(own))
    });
    let user = managed.and_then(|row| text(row, "userId")).map(str::to_owned);
    objects(tenant, user.iter())
}

/// Who holds a directory role.
pub(super) fn holders(tenant: &Tenant, template: &str) -> Objects {
    let held = tenant.role_assignments.present();
    let held =
        held.filter(|row| text(row, "roleDefinitionId") == Some(template) && Over::of(row) == Over::Tenant);
    held.filter_map(|row| {
        let id = text(row, "principalId")?;
        Some((id.to_owned(), object_of(tenant, id)?.0))
    })
    .collect()
}

/// The rows of a table that name an object at one of their ends.
pub(super) fn rows_where(table: &Table, property: &str, wanted: &str) -> Objects {
    let own = table.present().filter(|row| text(row, property) == Some(wanted));
    own.map(|row| (id_of(row).to_owned(), row.clone())).collect()
}
