//! The people of a tenant.

mod model;
#[cfg(test)]
mod tests;

use msp365_core::{Lenient, Page, Path, Request, Service, path};

pub use model::{
    AssignedLicense, LicenseAssignmentState, LicenseState, SignInActivity, User, UserActivity, UserType,
};

use crate::directory_objects::DirectoryObject;

/// What [`list`] asks of each user.
pub const SYNC_PROPERTIES: [&str; 25] = [
    "id",
    "userPrincipalName",
    "displayName",
    "givenName",
    "surname",
    "mail",
    "mailNickname",
    "userType",
    "accountEnabled",
    "jobTitle",
    "department",
    "companyName",
    "officeLocation",
    "city",
    "country",
    "usageLocation",
    "mobilePhone",
    "businessPhones",
    "proxyAddresses",
    "employeeId",
    "onPremisesSyncEnabled",
    "createdDateTime",
    "lastPasswordChangeDateTime",
    "assignedLicenses",
    "licenseAssignmentStates",
];

/// Rows on a page of users; more are refused.
const PAGE: u32 = 999;
/// Rows on a page with sign-in activity; larger pages came back empty or were refused (docs of 2025-07).
const ACTIVITY_PAGE: u32 = 500;

/// All users, guests too, with [`SYNC_PROPERTIES`].
///
/// Permission: `User.Read.All`. Pages of 999.
pub fn list() -> Request<Page<User>> {
    Request::list("users.list", Service::Graph, path!["users"])
        .select(SYNC_PROPERTIES)
        .top(PAGE)
}

/// As [`list`]; a user that cannot be read costs only itself.
///
/// Permission: `User.Read.All`. Pages of 999.
pub fn list_lenient() -> Request<Page<Lenient<User>>> {
    Request::list_lenient("users.list", Service::Graph, path!["users"])
        .select(SYNC_PROPERTIES)
        .top(PAGE)
}

/// When each user last signed in. Read apart from the listing, as a tenant without Entra ID P1 refuses the whole
/// request (kind `Unlicensed`).
///
/// Permission: `User.Read.All` and `AuditLog.Read.All`. Pages of 500; no filter goes with it.
pub fn sign_in_activity() -> Request<Page<Lenient<UserActivity>>> {
    Request::list_lenient("users.sign_in_activity", Service::Graph, path!["users"])
        .select(["id", "signInActivity"])
        .top(ACTIVITY_PAGE)
}

/// One user, by object id or user principal name, with the properties the service gives by default.
///
/// Permission: `User.Read.All`.
pub fn get(user: impl AsRef<str>) -> Request<User> {
    Request::get("users.get", Service::Graph, path_of(user.as_ref()))
}

/// The signed-in account: its names, type and whether it is enabled.
///
/// Permission: `User.Read`. Delegated tokens only.
pub fn me() -> Request<User> {
    Request::get("users.me", Service::Graph, path!["me"]).select([
        "id",
        "userPrincipalName",
        "displayName",
        "userType",
        "accountEnabled",
    ])
}

/// The groups, roles and administrative units the signed-in account belongs to, also through other groups.
///
/// Permission: `GroupMember.Read.All`. Delegated tokens only; pages of 999.
pub fn my_memberships() -> Request<Page<DirectoryObject>> {
    Request::list(
        "users.my_memberships",
        Service::Graph,
        path!["me", "transitiveMemberOf"],
    )
    .select(["id", "displayName"])
    .top(PAGE)
}

/// A name with a quote, or with `$` in front, is taken only as a quoted key.
fn path_of(user: &str) -> Path {
    if user.starts_with('$') || user.contains('\'') {
        path!["users"].key("userPrincipalName", user)
    } else {
        path!["users", user]
    }
}
