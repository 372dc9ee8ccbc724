//! The groups of a tenant and who is in them.

mod model;
#[cfg(test)]
mod tests;

use msp365_core::{Lenient, Page, Request, Service, path};

pub use model::{Group, GroupChange, GroupKind, MemberChange, Removed, RemovedReason};

/// What [`list`] asks of each group, and what [`Group::kind`] needs.
pub const SYNC_PROPERTIES: [&str; 12] = [
    "id",
    "displayName",
    "description",
    "mail",
    "mailEnabled",
    "securityEnabled",
    "groupTypes",
    "membershipRule",
    "isAssignableToRole",
    "onPremisesSyncEnabled",
    "visibility",
    "createdDateTime",
];

/// Rows on a page of groups (seen 2026).
const PAGE: u32 = 999;

/// All groups with [`SYNC_PROPERTIES`], without their members.
///
/// Permission: `GroupMember.Read.All`. Pages of 999.
pub fn list() -> Request<Page<Group>> {
    Request::list("groups.list", Service::Graph, path!["groups"])
        .select(SYNC_PROPERTIES)
        .top(PAGE)
}

/// As [`list`]; a group that cannot be read costs only itself.
///
/// Permission: `GroupMember.Read.All`. Pages of 999.
pub fn list_lenient() -> Request<Page<Lenient<Group>>> {
    Request::list_lenient("groups.list", Service::Graph, path!["groups"])
        .select(SYNC_PROPERTIES)
        .top(PAGE)
}

/// One group, with the properties the service gives by default.
///
/// Permission: `GroupMember.Read.All`.
pub fn get(group: impl AsRef<str>) -> Request<Group> {
    Request::get("groups.get", Service::Graph, path!["groups", group])
}

/// All groups with these properties and their direct members; from the last page's cursor on, what changed since.
///
/// A large group comes several times, each time with further members. Rows have no order and may repeat.
///
/// Permission: `GroupMember.Read.All`. The service sets the page size; a cursor lives 7 days.
pub fn delta_with_members<S: AsRef<str>>(
    select: impl IntoIterator<Item = S>,
) -> Request<Page<Lenient<GroupChange>>> {
    let mut names: Vec<String> = select.into_iter().map(|name| name.as_ref().to_owned()).collect();
    names.push("members".to_owned());
    Request::list_lenient("groups.delta", Service::Graph, path!["groups", "delta"]).select(names)
}
