//! The members and owners of groups.

use msp365_core::{
    Check, Endpoints, Occurred, Operation, Page, Reply, Request, ServiceError,
    operation::{DIRECTORY, Verb},
    path,
};
use serde::Deserialize;

use super::PAGE;
use crate::{
    directory_objects::DirectoryObject,
    reference::{self, binding, relating},
    users::{self, User},
};

pub(super) static OPERATIONS: &[&Operation] = &[
    &MEMBERS,
    &TRANSITIVE,
    &USERS,
    &ADD,
    &ADD_MANY,
    &REMOVE,
    &OWNERS,
    &ADD_OWNER,
    &REMOVE_OWNER,
];

static MEMBERS: Operation = Operation::pages("groups.members", "groups/{group}/members", PAGE)
    .permission(&["GroupMember.Read.All"])
    .options(DIRECTORY);
static TRANSITIVE: Operation = Operation::pages(
    "groups.transitive_members",
    "groups/{group}/transitiveMembers",
    PAGE,
)
.permission(&["GroupMember.Read.All"])
.options(DIRECTORY);
static USERS: Operation = Operation::pages(
    "groups.user_members",
    "groups/{group}/members/microsoft.graph.user",
    PAGE,
)
.permission(&["GroupMember.Read.All", "User.Read.All"])
.options(DIRECTORY);
static ADD: Operation = Operation::new(Verb::Post, "groups.add_member", "groups/{group}/members/$ref")
    .permission(&["GroupMember.ReadWrite.All"])
    .note("refused for groups of Exchange, dynamic ones and those mastered on-premises");
static ADD_MANY: Operation = Operation::new(Verb::Patch, "groups.add_members", "groups/{group}")
    .permission(&["GroupMember.ReadWrite.All"])
    .note("20 members, all or none");
static REMOVE: Operation = Operation::new(
    Verb::Delete,
    "groups.remove_member",
    "groups/{group}/members/{member}/$ref",
)
.permission(&["GroupMember.ReadWrite.All"]);
static OWNERS: Operation = Operation::pages("groups.owners", "groups/{group}/owners", PAGE)
    .permission(&["GroupMember.Read.All"])
    .options(DIRECTORY);
static ADD_OWNER: Operation = Operation::new(Verb::Post, "groups.add_owner", "groups/{group}/owners/$ref")
    .permission(&["Group.ReadWrite.All"])
    .note("100 owners");
static REMOVE_OWNER: Operation = Operation::new(
    Verb::Delete,
    "groups.remove_owner",
    "groups/{group}/owners/{owner}/$ref",
)
.permission(&["Group.ReadWrite.All"])
.note("the last owner of a Microsoft 365 group stays");

/// The direct members of a group.
///
/// Permission: `GroupMember.Read.All`. Pages of 999.
pub fn members(group: impl AsRef<str>) -> Request<Page<DirectoryObject>> {
    objects(&MEMBERS, group.as_ref(), "members")
}

/// The members of a group, directly or through other groups.
///
/// Permission: `GroupMember.Read.All`. Pages of 999.
pub fn transitive_members(group: impl AsRef<str>) -> Request<Page<DirectoryObject>> {
    objects(&TRANSITIVE, group.as_ref(), "transitiveMembers")
}

/// The users who are direct members of a group.
///
/// Permission: `GroupMember.Read.All` and `User.Read.All`. Pages of 999.
pub fn user_members(group: impl AsRef<str>) -> Request<Page<User>> {
    USERS
        .list(path!["groups", group, "members", "microsoft.graph.user"])
        .select(users::SYNC_PROPERTIES)
        .top(PAGE)
}

/// Adds a member. If it already is one, this is refused; [`is_already_member`] recognizes that.
///
/// Permission: `GroupMember.ReadWrite.All`, which includes the `GroupMember.Read.All` of the look after a lost answer.
/// Groups that roles can be given to also take `RoleManagement.ReadWrite.Directory`.
pub fn add_member(endpoints: &Endpoints, group: impl AsRef<str>, member: impl AsRef<str>) -> Request<()> {
    let (group, member) = (group.as_ref(), member.as_ref());
    let look = MEMBERS
        .list(path!["groups", group, "members"])
        .filter(DirectoryObject::ID.eq(member))
        .select([DirectoryObject::ID])
        .counted();
    relating(
        ADD.command(path!["groups", group, "members", "$ref"]),
        reference::to_object(endpoints, member),
    )
    .check(Check::new::<Page<DirectoryObject>>(look, is_listed))
}

/// Adds up to twenty members, all or none: if one id is wrong, or one is already a member, none is added.
///
/// Permission: `GroupMember.ReadWrite.All`.
pub fn add_members<S: AsRef<str>>(
    endpoints: &Endpoints,
    group: impl AsRef<str>,
    members: impl IntoIterator<Item = S>,
) -> Request<()> {
    let links = members
        .into_iter()
        .map(|id| reference::to_object(endpoints, id.as_ref()))
        .collect();
    binding(
        ADD_MANY.command(path!["groups", group]),
        "members@odata.bind",
        links,
    )
}

/// Removes a member; `NotFound` if it is not one. The object itself stays.
///
/// Permission: `GroupMember.ReadWrite.All`.
pub fn remove_member(group: impl AsRef<str>, member: impl AsRef<str>) -> Request<()> {
    REMOVE.command(path!["groups", group, "members", member, "$ref"])
}

/// The owners of a group.
///
/// Permission: `GroupMember.Read.All`. Pages of 999.
pub fn owners(group: impl AsRef<str>) -> Request<Page<DirectoryObject>> {
    objects(&OWNERS, group.as_ref(), "owners")
}

/// Adds an owner; a group has at most 100.
///
/// Permission: `Group.ReadWrite.All`.
pub fn add_owner(endpoints: &Endpoints, group: impl AsRef<str>, owner: impl AsRef<str>) -> Request<()> {
    relating(
        ADD_OWNER.command(path!["groups", group, "owners", "$ref"]),
        reference::to_object(endpoints, owner.as_ref()),
    )
}

/// Removes an owner. Removing the last one of a Microsoft 365 group is refused.
///
/// Permission: `Group.ReadWrite.All`.
pub fn remove_owner(group: impl AsRef<str>, owner: impl AsRef<str>) -> Request<()> {
    REMOVE_OWNER.command(path!["groups", group, "owners", owner, "$ref"])
}

/// Whether a refusal says that a member or owner already is one, which is what was wanted.
pub fn is_already_member(error: &ServiceError) -> bool {
    // 2026: the code is that of any bad request; only the text tells.
    error.status == 400 && error.message.contains("added object references already exist")
}

fn objects(operation: &'static Operation, group: &str, relation: &str) -> Request<Page<DirectoryObject>> {
    operation
        .list(path!["groups", group, relation])
        .select([DirectoryObject::ID, DirectoryObject::DISPLAY_NAME])
        .top(PAGE)
}

/// If the member is listed, it was added; if not, it may just not show yet.
fn is_listed(reply: &Reply) -> Occurred {
    #[derive(Deserialize)]
    struct Listed {
        value: Vec<serde::de::IgnoredAny>,
    }
    match serde_json::from_slice::<Listed>(reply.text_bytes()) {
        Ok(listed) if reply.status == 200 && !listed.value.is_empty() => Occurred::Yes,
        _ => Occurred::Unclear,
    }
}
