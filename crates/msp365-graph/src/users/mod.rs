//! The people of a tenant: reading, changing, and what is attached to them.

mod edit;
mod model;
mod related;
#[cfg(test)]
mod tests;
mod write;

use msp365_core::{
    Error, Lenient, Operation, Page, Path, Request,
    operation::DIRECTORY,
    path,
    query::{Filter, Property},
};

pub use edit::{NewUser, NextSignIn, Password, UserEdit};
pub use model::{
    EmployeeOrgData, ObjectIdentity, PasswordState, SignInActivity, User, UserActivity, UserChange, UserType,
};
pub use related::{
    app_roles, direct_reports, groups, manager, manager_chain, member_of, owned_groups, roles, teams,
    transitive_groups, transitive_member_of,
};
pub use write::{create, delete, remove_manager, revoke_sessions, set_manager, set_password, update};

use crate::{changes, directory_objects::DirectoryObject, licenses::is_guid};

pub use crate::licenses::{AssignedLicense, LicenseAssignmentState, LicenseState};

pub(crate) static OPERATIONS: &[&[&Operation]] = &[
    &[
        &LIST,
        &COUNT,
        &GET,
        &ACTIVITY,
        &ACTIVITY_OF,
        &ME,
        &MY_MEMBERSHIPS,
        &DELTA,
        &DELETED,
    ],
    related::OPERATIONS,
    write::OPERATIONS,
];

/// What [`list`] requests for each user.
pub const SYNC_PROPERTIES: [Property<User>; 25] = [
    User::ID,
    User::USER_PRINCIPAL_NAME,
    User::DISPLAY_NAME,
    User::GIVEN_NAME,
    User::SURNAME,
    User::MAIL,
    User::MAIL_NICKNAME,
    User::USER_TYPE,
    User::ACCOUNT_ENABLED,
    User::JOB_TITLE,
    User::DEPARTMENT,
    User::COMPANY_NAME,
    User::OFFICE_LOCATION,
    User::CITY,
    User::COUNTRY,
    User::USAGE_LOCATION,
    User::MOBILE_PHONE,
    User::BUSINESS_PHONES,
    User::PROXY_ADDRESSES,
    User::EMPLOYEE_ID,
    User::ON_PREMISES_SYNC_ENABLED,
    User::CREATED_DATE_TIME,
    User::LAST_PASSWORD_CHANGE_DATE_TIME,
    User::ASSIGNED_LICENSES,
    User::LICENSE_ASSIGNMENT_STATES,
];

/// Rows on a page of users; more are refused.
pub(crate) const PAGE: u32 = 999;
/// Rows on a page with sign-in activity; larger pages came back empty or were refused (docs of 2025-07).
const ACTIVITY_PAGE: u32 = 500;

static LIST: Operation = Operation::pages("users.list", "users", PAGE)
    .permission(&["User.Read.All"])
    .options(DIRECTORY)
    .narrower("signInActivity", ACTIVITY_PAGE)
    .note("`$expand` of one relation, 20 objects of it");
static COUNT: Operation = Operation::read("users.count", "users/$count")
    .permission(&["User.Read.All"])
    .options(&["$filter", "$search"])
    .note("`ConsistencyLevel: eventual`");
static GET: Operation = Operation::read("users.get", "users/{user}")
    .permission(&["User.Read.All"])
    .options(&["$select", "$expand"]);
static ACTIVITY: Operation = Operation::pages("users.sign_in_activity", "users", ACTIVITY_PAGE)
    .permission(&["User.Read.All", "AuditLog.Read.All"])
    .options(&["$select", "$filter"])
    .license("Entra ID P1")
    .note("no filter but on the activity itself");
static ACTIVITY_OF: Operation = Operation::read("users.sign_in_activity_of", "users/{user}")
    .permission(&["User.Read.All", "AuditLog.Read.All"])
    .license("Entra ID P1")
    .note("by object id alone");
static ME: Operation = Operation::read("users.me", "me").delegated(&["User.Read"]);
static MY_MEMBERSHIPS: Operation = Operation::pages("users.my_memberships", "me/transitiveMemberOf", PAGE)
    .delegated(&["GroupMember.Read.All"])
    .options(DIRECTORY);
static DELTA: Operation = Operation::delta("users.delta", "users/delta").permission(&["User.Read.All"]);
static DELETED: Operation = Operation::pages(
    "users.deleted",
    "directory/deletedItems/microsoft.graph.user",
    PAGE,
)
.permission(&["User.Read.All"])
.options(DIRECTORY)
.note("kept for 30 days");

/// All users, including guests, with [`SYNC_PROPERTIES`].
///
/// Permission: `User.Read.All`. Pages of 999.
pub fn list() -> Request<Page<User>> {
    LIST.list(path!["users"]).select(SYNC_PROPERTIES).top(PAGE)
}

/// As [`list`]; an unreadable user does not fail the page.
///
/// Permission: `User.Read.All`. Pages of 999.
pub fn list_lenient() -> Request<Page<Lenient<User>>> {
    LIST.list_lenient(path!["users"])
        .select(SYNC_PROPERTIES)
        .top(PAGE)
}

/// How many users there are, or how many meet a condition.
///
/// Permission: `User.Read.All`. Counted from an index that lags.
pub fn count(filter: Option<Filter<User>>) -> Request<u64> {
    let request = COUNT
        .request(path!["users", "$count"], count_of)
        .header("consistencylevel", "eventual");
    match filter {
        None => request,
        Some(filter) => match filter.refusal() {
            Some(reason) => request.refuse(reason),
            None => request.query("$filter", filter.as_str()),
        },
    }
}

/// When each user last signed in. This is not part of the listing, because a tenant without Entra ID P1 refuses the
/// whole request (kind `Unlicensed`).
///
/// Permission: `User.Read.All` and `AuditLog.Read.All`. Pages of 500; no filter goes with it but on the activity.
pub fn sign_in_activity() -> Request<Page<Lenient<UserActivity>>> {
    ACTIVITY
        .list_lenient(path!["users"])
        .select([UserActivity::ID, UserActivity::SIGN_IN_ACTIVITY])
        .top(ACTIVITY_PAGE)
}

/// When one user last signed in, by object id; the service accepts no name here.
///
/// Permission: `User.Read.All` and `AuditLog.Read.All`. The tenant needs Entra ID P1.
pub fn sign_in_activity_of(id: impl AsRef<str>) -> Request<UserActivity> {
    let id = id.as_ref();
    let request = ACTIVITY_OF
        .one(path!["users", id])
        .select([UserActivity::ID, UserActivity::SIGN_IN_ACTIVITY]);
    if is_guid(id) {
        request
    } else {
        request.refuse("sign-in activity is read by object id alone")
    }
}

/// One user, by object id or user principal name, with the properties that the service returns by default.
///
/// Permission: `User.Read.All`.
pub fn get(user: impl AsRef<str>) -> Request<User> {
    GET.one(path_of(user.as_ref()))
}

/// The signed-in account: its names, its type and whether it is enabled.
///
/// Permission: `User.Read`. Delegated tokens only.
pub fn me() -> Request<User> {
    ME.one(path!["me"]).select([
        User::ID,
        User::USER_PRINCIPAL_NAME,
        User::DISPLAY_NAME,
        User::USER_TYPE,
        User::ACCOUNT_ENABLED,
    ])
}

/// The groups, roles and administrative units the signed-in account belongs to, directly or through other groups.
///
/// Permission: `GroupMember.Read.All`. Delegated tokens only; pages of 999.
pub fn my_memberships() -> Request<Page<DirectoryObject>> {
    MY_MEMBERSHIPS
        .list(path!["me", "transitiveMemberOf"])
        .select([DirectoryObject::ID, DirectoryObject::DISPLAY_NAME])
        .top(PAGE)
}

/// All users with these properties; resumed from the last page's cursor, what has changed since. Select `manager` to
/// include managers. Sign-in activity is not tracked.
///
/// Rows have no order and may repeat; the last one counts. An empty page may have a next one.
///
/// Permission: `User.Read.All`. The service sets the page size; a cursor lives 7 days.
pub fn delta<S: AsRef<str>>(select: impl IntoIterator<Item = S>) -> Request<Page<Lenient<UserChange>>> {
    DELTA.list_lenient(path!["users", "delta"]).select(select)
}

/// No rows, only the cursor from which later changes are read.
///
/// Permission: `User.Read.All`.
pub fn delta_from_now<S: AsRef<str>>(
    select: impl IntoIterator<Item = S>,
) -> Request<Page<Lenient<UserChange>>> {
    changes::from_now(delta(select))
}

/// As [`delta`], for these users only, at most fifty, by object id.
///
/// Permission: `User.Read.All`.
pub fn delta_of<S: AsRef<str>, I: AsRef<str>>(
    select: impl IntoIterator<Item = S>,
    ids: impl IntoIterator<Item = I>,
) -> Request<Page<Lenient<UserChange>>> {
    changes::of_ids(delta(select), ids)
}

/// Users deleted within the last 30 days, who can be restored.
///
/// Permission: `User.Read.All`. Pages of 999.
pub fn deleted() -> Request<Page<User>> {
    DELETED
        .list(path!["directory", "deletedItems", "microsoft.graph.user"])
        .select([
            User::ID,
            User::USER_PRINCIPAL_NAME,
            User::DISPLAY_NAME,
            User::MAIL,
            User::USER_TYPE,
            User::DELETED_DATE_TIME,
        ])
        .top(PAGE)
}

/// A name that contains a quote or starts with `$` is accepted only as a quoted key.
pub(crate) fn path_of(user: &str) -> Path {
    if user.starts_with('$') || user.contains('\'') {
        path!["users"].key("userPrincipalName", user)
    } else {
        path!["users", user]
    }
}

/// A count is plain text.
fn count_of(call: &msp365_core::Call, reply: &msp365_core::Reply) -> Result<u64, Error> {
    let text = String::from_utf8_lossy(reply.text_bytes());
    text.trim().parse().map_err(|source| Error::Decode {
        operation: call.operation(),
        at: "$".to_owned(),
        source: Box::new(source),
    })
}
