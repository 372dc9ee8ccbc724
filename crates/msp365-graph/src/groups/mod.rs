//! The groups of a tenant, their members, and what is attached to them.

mod members;
mod model;
#[cfg(test)]
mod tests;

use msp365_core::{
    Change, Lenient, Operation, Page, Request,
    operation::{DIRECTORY, Verb},
    path,
    query::Property,
};
use serde::Serialize;

pub use members::{
    add_member, add_members, add_owner, is_already_member, members, owners, remove_member, remove_owner,
    transitive_members, user_members,
};
pub use model::{FixedMembership, Group, GroupChange, GroupKind};

pub use crate::changes::{MemberChange, Removed, RemovedReason};
use crate::{app_role_assignments::AppRoleAssignment, changes, teams::Team};

pub(crate) static OPERATIONS: &[&[&Operation]] = &[
    &[&LIST, &GET, &BY_NAME, &UPDATE, &DELTA, &TEAM, &APP_ROLES],
    members::OPERATIONS,
];

/// What [`list`] requests for each group, and what [`Group::kind`] needs.
pub const SYNC_PROPERTIES: [Property<Group>; 12] = [
    Group::ID,
    Group::DISPLAY_NAME,
    Group::DESCRIPTION,
    Group::MAIL,
    Group::MAIL_ENABLED,
    Group::SECURITY_ENABLED,
    Group::GROUP_TYPES,
    Group::MEMBERSHIP_RULE,
    Group::IS_ASSIGNABLE_TO_ROLE,
    Group::ON_PREMISES_SYNC_ENABLED,
    Group::VISIBILITY,
    Group::CREATED_DATE_TIME,
];

/// Rows on a page of groups (seen 2026).
pub(crate) const PAGE: u32 = 999;
/// Longest name of a group, in characters.
const NAME: usize = 256;

static LIST: Operation = Operation::pages("groups.list", "groups", PAGE)
    .permission(&["GroupMember.Read.All"])
    .options(DIRECTORY);
static GET: Operation = Operation::read("groups.get", "groups/{group}")
    .permission(&["GroupMember.Read.All"])
    .options(&["$select", "$expand"]);
static BY_NAME: Operation = Operation::pages("groups.by_name", "groups", PAGE)
    .permission(&["GroupMember.Read.All"])
    .options(DIRECTORY)
    .note("names are not unique");
static UPDATE: Operation = Operation::new(Verb::Patch, "groups.update", "groups/{group}")
    .permission(&["Group.ReadWrite.All"])
    .note("groups mastered on-premises or in Exchange are refused");
static DELTA: Operation =
    Operation::delta("groups.delta", "groups/delta").permission(&["GroupMember.Read.All"]);
static TEAM: Operation =
    Operation::read("groups.team", "groups/{group}/team").permission(&["Team.ReadBasic.All"]);
static APP_ROLES: Operation = Operation::pages("groups.app_roles", "groups/{group}/appRoleAssignments", PAGE)
    .permission(&["Directory.Read.All"])
    .options(DIRECTORY);

/// All groups with [`SYNC_PROPERTIES`], without their members.
///
/// Permission: `GroupMember.Read.All`. Pages of 999.
pub fn list() -> Request<Page<Group>> {
    LIST.list(path!["groups"]).select(SYNC_PROPERTIES).top(PAGE)
}

/// As [`list`]; an unreadable group does not fail the page.
///
/// Permission: `GroupMember.Read.All`. Pages of 999.
pub fn list_lenient() -> Request<Page<Lenient<Group>>> {
    LIST.list_lenient(path!["groups"])
        .select(SYNC_PROPERTIES)
        .top(PAGE)
}

/// One group, with the properties that the service returns by default.
///
/// Permission: `GroupMember.Read.All`.
pub fn get(group: impl AsRef<str>) -> Request<Group> {
    GET.one(path!["groups", group])
}

/// The groups with this name, such as `AdminAgents` in a partner's tenant.
///
/// Permission: `GroupMember.Read.All`. Pages of 999.
pub fn by_name(name: impl AsRef<str>) -> Request<Page<Group>> {
    BY_NAME
        .list(path!["groups"])
        .select(SYNC_PROPERTIES)
        .filter(Group::DISPLAY_NAME.eq(name.as_ref()))
}

/// Changes a group.
///
/// Permission: `Group.ReadWrite.All`.
pub fn update(group: impl AsRef<str>, edit: &GroupEdit) -> Request<()> {
    let request = UPDATE.command(path!["groups", group]).json_of(edit);
    if *edit == GroupEdit::default() {
        request.refuse("nothing is changed")
    } else if edit
        .display_name
        .as_ref()
        .is_some_and(|name| name.is_empty() || name.chars().count() > NAME)
    {
        request.refuse("a group has a name of 1 to 256 characters")
    } else {
        request
    }
}

/// All groups with these properties and their direct members; resumed from the last page's cursor, what has changed
/// since.
///
/// A large group is returned several times, each time with further members. Rows have no order and may repeat.
///
/// Permission: `GroupMember.Read.All`. The service sets the page size; a cursor lives 7 days.
pub fn delta_with_members<S: AsRef<str>>(
    select: impl IntoIterator<Item = S>,
) -> Request<Page<Lenient<GroupChange>>> {
    let mut names: Vec<String> = select.into_iter().map(|name| name.as_ref().to_owned()).collect();
    names.push("members".to_owned());
    delta(names)
}

/// As [`delta_with_members`], without the members.
///
/// Permission: `GroupMember.Read.All`. The service sets the page size; a cursor lives 7 days.
pub fn delta<S: AsRef<str>>(select: impl IntoIterator<Item = S>) -> Request<Page<Lenient<GroupChange>>> {
    DELTA.list_lenient(path!["groups", "delta"]).select(select)
}

/// No rows, only the cursor from which later changes of groups and members are read.
///
/// Permission: `GroupMember.Read.All`.
pub fn delta_from_now<S: AsRef<str>>(
    select: impl IntoIterator<Item = S>,
) -> Request<Page<Lenient<GroupChange>>> {
    changes::from_now(delta_with_members(select))
}

/// As [`delta_with_members`], for these groups only, at most fifty.
///
/// Permission: `GroupMember.Read.All`.
pub fn delta_of<S: AsRef<str>, I: AsRef<str>>(
    select: impl IntoIterator<Item = S>,
    ids: impl IntoIterator<Item = I>,
) -> Request<Page<Lenient<GroupChange>>> {
    changes::of_ids(delta_with_members(select), ids)
}

/// The team attached to a group; `NotFound` if there is none.
///
/// Permission: `Team.ReadBasic.All`.
pub fn team(group: impl AsRef<str>) -> Request<Team> {
    TEAM.one(path!["groups", group, "team"])
}

/// The applications that are assigned to a group's members.
///
/// Permission: `Directory.Read.All`. Pages of 999.
pub fn app_roles(group: impl AsRef<str>) -> Request<Page<AppRoleAssignment>> {
    APP_ROLES
        .list(path!["groups", group, "appRoleAssignments"])
        .top(PAGE)
}

/// Changes to a group: each field is left, cleared or set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GroupEdit {
    /// The display name, which cannot be cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The alias of the mailbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_nickname: Option<String>,
    /// `Private` or `Public`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<String>,
    /// What the group is for.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub description: Change<String>,
    /// The rule that decides who is in a dynamic group.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub membership_rule: Change<String>,
}
