//! How users prove who they are: registered methods, passwords, temporary passes, and the policy on them.

mod model;
mod passes;
mod registrations;
#[cfg(test)]
mod tests;

use msp365_core::{Operation, Page, Path, Request, operation::Verb, path, request::decode_location};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

pub use model::{AuthenticationMethod, LongOperation, MethodKind, OperationStatus, PhoneType};
pub use passes::{
    NewPass, PassPolicy, PassPolicyEdit, PassTarget, PolicyState, TemporaryAccessPass, Usability,
    create_pass, delete_pass, pass_policy, passes, set_pass_policy,
};
pub use registrations::{Registration, registrations};

use crate::users::path_of;

pub(crate) static OPERATIONS: &[&[&Operation]] = &[
    &[&LIST, &DELETE, &RESET, &RESET_PROGRESS],
    passes::OPERATIONS,
    registrations::OPERATIONS,
];

/// The id of the password method, the same for every user.
pub const PASSWORD: &str = "28c10230-6103-485e-b985-444c60001490";
/// The id of the mobile phone method, the same for every user.
pub const MOBILE_PHONE: &str = "3179e48a-750b-4051-897c-87b9720928f7";
/// The id of the alternate mobile phone method, the same for every user.
pub const ALTERNATE_MOBILE_PHONE: &str = "b6332ec1-7057-4abe-9331-3d72feddfe41";
/// The id of the office phone method, the same for every user.
pub const OFFICE_PHONE: &str = "e37fc753-ff3b-4958-9484-eaa9425c82bc";

static LIST: Operation = Operation::whole(
    "authentication_methods.list",
    "users/{user}/authentication/methods",
)
.permission(&["UserAuthenticationMethod.Read.All"])
.note("those of administrators take a higher role");
static DELETE: Operation = Operation::new(
    Verb::Delete,
    "authentication_methods.delete",
    "users/{user}/authentication/{kind}/{method}",
)
.permission(&["UserAuthenticationMethod.ReadWrite.All"])
.note("the default method goes last");
static RESET: Operation = Operation::new(
    Verb::Post,
    "authentication_methods.reset_password",
    "users/{user}/authentication/methods/{password}/resetPassword",
)
.delegated(&["UserAuthenticationMethod.ReadWrite.All"])
.note("carried out later; not for oneself");
static RESET_PROGRESS: Operation = Operation::read(
    "authentication_methods.reset_progress",
    "users/{user}/authentication/operations/{operation}",
)
.delegated(&["UserAuthenticationMethod.Read.All"])
.options(&[]);

/// The methods a user has registered, including the password.
///
/// Permission: `UserAuthenticationMethod.Read.All`. Comes in one page; those of administrators take a higher role.
pub fn list(user: impl AsRef<str>) -> Request<Page<AuthenticationMethod>> {
    LIST.list(place(user.as_ref()).segment("methods"))
}

/// Removes one of a user's methods. The default method has to be removed last; a password cannot be removed.
///
/// Permission: `UserAuthenticationMethod.ReadWrite.All`. Those of administrators take a higher role.
pub fn delete(user: impl AsRef<str>, kind: &MethodKind, id: impl AsRef<str>) -> Request<()> {
    let place = place(user.as_ref());
    match kind.collection() {
        Some(collection) => DELETE.command(place.segment(collection).segment(id)),
        None => DELETE
            .command(place.segment("methods").segment(id))
            .refuse("a method of this kind cannot be removed"),
    }
}

/// Sets a password, even for users mastered on-premises, if the tenant writes passwords back. It has to be changed at
/// the next sign-in. Without a password the service generates one, but not for users mastered on-premises.
///
/// The reply is the address at which the progress can be read; hand its last part, with the query, to
/// [`reset_progress`].
///
/// Permission: `UserAuthenticationMethod.ReadWrite.All`. Delegated tokens only.
pub fn reset_password(user: impl AsRef<str>, password: Option<&SecretString>) -> Request<SecretString> {
    let path = place(user.as_ref())
        .segment("methods")
        .segment(PASSWORD)
        .segment("resetPassword");
    let body = match password {
        Some(password) => json!({ "newPassword": password.expose_secret() }),
        None => json!({}),
    };
    RESET.request(path, decode_location).json(body)
}

/// The progress of a password reset, by the last part of the address that [`reset_password`] returned, including its
/// query.
///
/// Permission: `UserAuthenticationMethod.Read.All`. Delegated tokens only.
pub fn reset_progress(user: impl AsRef<str>, operation: impl AsRef<str>) -> Request<LongOperation> {
    let (id, query) = operation
        .as_ref()
        .split_once('?')
        .unwrap_or((operation.as_ref(), ""));
    let request = RESET_PROGRESS.one(place(user.as_ref()).segment("operations").segment(id));
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .fold(request, |request, (name, value)| request.query(name, value))
}

fn place(user: &str) -> Path {
    path_of(user).segment("authentication")
}

fn policy() -> Path {
    path![
        "policies",
        "authenticationMethodsPolicy",
        "authenticationMethodConfigurations",
        "temporaryAccessPass"
    ]
}
