//! What is attached to a user: managers, groups, roles, teams, applications.

use msp365_core::{Operation, Page, Path, Request, operation::DIRECTORY};

use super::{PAGE, User, path_of};
use crate::{
    app_role_assignments::AppRoleAssignment, directory_objects::DirectoryObject, groups::Group, teams::Team,
};

pub(super) static OPERATIONS: &[&Operation] = &[
    &MANAGER,
    &REPORTS,
    &OWNED,
    &CHAIN,
    &MEMBER_OF,
    &TRANSITIVE,
    &GROUPS,
    &TRANSITIVE_GROUPS,
    &ROLES,
    &TEAMS,
    &APP_ROLES,
];

static MANAGER: Operation =
    Operation::read("users.manager", "users/{user}/manager").permission(&["User.Read.All"]);
static REPORTS: Operation = Operation::pages(
    "users.direct_reports",
    "users/{user}/directReports/microsoft.graph.user",
    PAGE,
)
.permission(&["User.Read.All"])
.options(DIRECTORY);
static OWNED: Operation = Operation::pages(
    "users.owned_groups",
    "users/{user}/ownedObjects/microsoft.graph.group",
    PAGE,
)
.permission(&["Directory.Read.All"])
.options(DIRECTORY);
static CHAIN: Operation = Operation::read("users.manager_chain", "users/{user}")
    .permission(&["User.Read.All"])
    .options(&["$select", "$expand", "$count"])
    .note("`ConsistencyLevel: eventual`");
static MEMBER_OF: Operation = Operation::pages("users.member_of", "users/{user}/memberOf", PAGE)
    .delegated(&["GroupMember.Read.All"])
    .application(&["Directory.Read.All"])
    .options(DIRECTORY)
    .note("types the caller may not read come with their id alone");
static TRANSITIVE: Operation = Operation::pages(
    "users.transitive_member_of",
    "users/{user}/transitiveMemberOf",
    PAGE,
)
.delegated(&["GroupMember.Read.All"])
.application(&["Directory.Read.All"])
.options(DIRECTORY);
static GROUPS: Operation = Operation::pages(
    "users.groups",
    "users/{user}/memberOf/microsoft.graph.group",
    PAGE,
)
.delegated(&["GroupMember.Read.All"])
.application(&["Directory.Read.All"])
.options(DIRECTORY);
static TRANSITIVE_GROUPS: Operation = Operation::pages(
    "users.transitive_groups",
    "users/{user}/transitiveMemberOf/microsoft.graph.group",
    PAGE,
)
.delegated(&["GroupMember.Read.All"])
.application(&["Directory.Read.All"])
.options(DIRECTORY);
static ROLES: Operation = Operation::pages(
    "users.roles",
    "users/{user}/transitiveMemberOf/microsoft.graph.directoryRole",
    PAGE,
)
.permission(&["Directory.Read.All"])
.options(DIRECTORY)
.note("roles in force alone");
static TEAMS: Operation =
    Operation::whole("users.teams", "users/{user}/joinedTeams").permission(&["Team.ReadBasic.All"]);
static APP_ROLES: Operation = Operation::pages("users.app_roles", "users/{user}/appRoleAssignments", PAGE)
    .permission(&["Directory.Read.All"])
    .options(DIRECTORY)
    .note("`$filter` by resource alone");

/// The manager of a user; `NotFound` if there is none.
///
/// Permission: `User.Read.All`.
pub fn manager(user: impl AsRef<str>) -> Request<DirectoryObject> {
    MANAGER.one(path_of(user.as_ref()).segment("manager")).select([
        DirectoryObject::ID,
        DirectoryObject::DISPLAY_NAME,
        DirectoryObject::USER_PRINCIPAL_NAME,
    ])
}

/// The users who have this user as their manager, each with whether it is mastered on-premises.
///
/// Permission: `User.Read.All`. Pages of 999.
pub fn direct_reports(user: impl AsRef<str>) -> Request<Page<User>> {
    let path = path_of(user.as_ref())
        .segment("directReports")
        .segment("microsoft.graph.user");
    REPORTS
        .list(path)
        .select([User::ID, User::DISPLAY_NAME, User::ON_PREMISES_SYNC_ENABLED])
        .top(PAGE)
}

/// The groups that a user owns.
///
/// Permission: `Directory.Read.All`. Pages of 999.
pub fn owned_groups(user: impl AsRef<str>) -> Request<Page<Group>> {
    let path = path_of(user.as_ref())
        .segment("ownedObjects")
        .segment("microsoft.graph.group");
    OWNED.list(path).select(crate::groups::SYNC_PROPERTIES).top(PAGE)
}

/// A user with the manager, the manager's manager, and so on to the top, each nested in the one before.
///
/// Permission: `User.Read.All`. From an index that lags.
pub fn manager_chain(user: impl AsRef<str>) -> Request<User> {
    CHAIN
        .one(path_of(user.as_ref()))
        .select([User::ID, User::DISPLAY_NAME])
        .query("$expand", "manager($levels=max;$select=id,displayName)")
        .counted()
}

/// The groups, roles and administrative units a user belongs to directly.
///
/// Permission: `GroupMember.Read.All`; for the application alone `Directory.Read.All`. Pages of 999.
pub fn member_of(user: impl AsRef<str>) -> Request<Page<DirectoryObject>> {
    objects(&MEMBER_OF, path_of(user.as_ref()).segment("memberOf"))
}

/// The groups, roles and administrative units a user belongs to, directly or through other groups.
///
/// Permission: `GroupMember.Read.All`; for the application alone `Directory.Read.All`. Pages of 999.
pub fn transitive_member_of(user: impl AsRef<str>) -> Request<Page<DirectoryObject>> {
    objects(&TRANSITIVE, path_of(user.as_ref()).segment("transitiveMemberOf"))
}

/// The groups a user belongs to directly.
///
/// Permission: `GroupMember.Read.All`; for the application alone `Directory.Read.All`. Pages of 999.
pub fn groups(user: impl AsRef<str>) -> Request<Page<Group>> {
    let path = path_of(user.as_ref())
        .segment("memberOf")
        .segment("microsoft.graph.group");
    GROUPS.list(path).select(crate::groups::SYNC_PROPERTIES).top(PAGE)
}

/// The groups a user belongs to, directly or through other groups.
///
/// Permission: `GroupMember.Read.All`; for the application alone `Directory.Read.All`. Pages of 999.
pub fn transitive_groups(user: impl AsRef<str>) -> Request<Page<Group>> {
    let path = path_of(user.as_ref())
        .segment("transitiveMemberOf")
        .segment("microsoft.graph.group");
    TRANSITIVE_GROUPS
        .list(path)
        .select(crate::groups::SYNC_PROPERTIES)
        .top(PAGE)
}

/// The directory roles a user holds in the whole tenant, directly or through groups.
///
/// Permission: `Directory.Read.All`. Pages of 999.
pub fn roles(user: impl AsRef<str>) -> Request<Page<DirectoryObject>> {
    let path = path_of(user.as_ref())
        .segment("transitiveMemberOf")
        .segment("microsoft.graph.directoryRole");
    ROLES
        .list(path)
        .select(["id", "displayName", "roleTemplateId"])
        .top(PAGE)
}

/// The teams a user is in.
///
/// Permission: `Team.ReadBasic.All`. Comes in one page.
pub fn teams(user: impl AsRef<str>) -> Request<Page<Team>> {
    TEAMS.list(path_of(user.as_ref()).segment("joinedTeams"))
}

/// The applications assigned to a user, including those through the user's direct groups.
///
/// Permission: `Directory.Read.All`. Pages of 999.
pub fn app_roles(user: impl AsRef<str>) -> Request<Page<AppRoleAssignment>> {
    APP_ROLES
        .list(path_of(user.as_ref()).segment("appRoleAssignments"))
        .top(PAGE)
}

fn objects(operation: &'static Operation, path: Path) -> Request<Page<DirectoryObject>> {
    operation
        .list(path)
        .select([DirectoryObject::ID, DirectoryObject::DISPLAY_NAME])
        .top(PAGE)
}
