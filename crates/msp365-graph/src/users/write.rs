//! Creating, changing and deleting users.

use msp365_core::{Endpoints, Operation, Request, operation::Verb, path};
use serde_json::{Value, json};

use super::{NewUser, Password, User, UserEdit, path_of};
use crate::reference;

pub(super) static OPERATIONS: &[&Operation] = &[
    &CREATE,
    &UPDATE,
    &SET_PASSWORD,
    &DELETE,
    &SET_MANAGER,
    &REMOVE_MANAGER,
    &REVOKE,
];

static CREATE: Operation = Operation::new(Verb::Post, "users.create", "users")
    .permission(&["User.ReadWrite.All"])
    .note("a name taken, also by a deleted user, is refused");
static UPDATE: Operation = Operation::new(Verb::Patch, "users.update", "users/{user}")
    .permission(&["User.ReadWrite.All"])
    .note("profiles mastered on-premises are refused; sensitive fields of administrators need a higher role");
static SET_PASSWORD: Operation = Operation::new(Verb::Patch, "users.set_password", "users/{user}")
    .permission(&["User-PasswordProfile.ReadWrite.All"])
    .note("not for federated users; administrators need a higher role");
static DELETE: Operation = Operation::new(Verb::Delete, "users.delete", "users/{user}")
    .permission(&["User.ReadWrite.All"])
    .note("can be restored for 30 days; administrators need a higher role");
static SET_MANAGER: Operation = Operation::new(Verb::Put, "users.set_manager", "users/{user}/manager/$ref")
    .permission(&["User.ReadWrite.All"]);
static REMOVE_MANAGER: Operation =
    Operation::new(Verb::Delete, "users.remove_manager", "users/{user}/manager/$ref")
        .permission(&["User.ReadWrite.All"]);
static REVOKE: Operation = Operation::new(
    Verb::Post,
    "users.revoke_sessions",
    "users/{user}/revokeSignInSessions",
)
.permission(&["User.RevokeSessions.All"])
.same()
.note("takes minutes; an access token lives on to its end");

/// Creates a user; returns the default properties.
///
/// It is sent once: after a lost answer, look for the name before sending it again. The user may not be found
/// immediately afterwards.
///
/// Permission: `User.ReadWrite.All`. Under GDAP the role User Administrator.
pub fn create(user: &NewUser) -> Request<User> {
    carrying(CREATE.one(path!["users"]), user.body())
}

/// Changes a user.
///
/// Permission: `User.ReadWrite.All`. Administrators' sign-in, names and numbers take a higher role.
pub fn update(user: impl AsRef<str>, edit: &UserEdit) -> Request<()> {
    carrying(
        UPDATE.command(path_of(user.as_ref())),
        edit.body().map(Value::Object),
    )
}

/// Sets a password. For users mastered on-premises, use
/// [`reset_password`](crate::authentication_methods::reset_password) instead.
///
/// Permission: `User-PasswordProfile.ReadWrite.All`. Administrators take a higher role.
pub fn set_password(user: impl AsRef<str>, password: &Password) -> Request<()> {
    let body = password
        .body()
        .map(|profile| json!({ "passwordProfile": profile }));
    carrying(SET_PASSWORD.command(path_of(user.as_ref())), body)
}

/// Deletes a user, who can be [restored](crate::directory_objects::restore) for 30 days.
///
/// Permission: `User.ReadWrite.All`. Administrators take a higher role.
pub fn delete(user: impl AsRef<str>) -> Request<()> {
    DELETE.command(path_of(user.as_ref()))
}

/// Makes somebody a user's manager, in place of the present one.
///
/// Permission: `User.ReadWrite.All`.
pub fn set_manager(endpoints: &Endpoints, user: impl AsRef<str>, manager: impl AsRef<str>) -> Request<()> {
    let request = SET_MANAGER.command(path_of(user.as_ref()).segment("manager").segment("$ref"));
    reference::relating(request, reference::to_user(endpoints, manager.as_ref()))
}

/// Removes a user's manager; `NotFound` if there is none.
///
/// Permission: `User.ReadWrite.All`.
pub fn remove_manager(user: impl AsRef<str>) -> Request<()> {
    REMOVE_MANAGER.command(path_of(user.as_ref()).segment("manager").segment("$ref"))
}

/// Ends all sessions of a user. This takes some minutes, and access tokens remain valid until they expire.
///
/// Permission: `User.RevokeSessions.All`; older tokens `User.ReadWrite.All`.
pub fn revoke_sessions(user: impl AsRef<str>) -> Request<()> {
    REVOKE.command(path_of(user.as_ref()).segment("revokeSignInSessions"))
}

fn carrying<T>(request: Request<T>, body: Result<Value, &'static str>) -> Request<T> {
    match body {
        Ok(body) => request.json(body),
        Err(reason) => request.refuse(reason),
    }
}
