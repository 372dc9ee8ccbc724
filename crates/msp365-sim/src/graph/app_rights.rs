//! Which permissions and roles it takes to change apps, consent, what is bought and reported, as data.

use super::{
    denied,
    rights::{
        APPLICATION_ADMINISTRATOR, CLOUD_APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR,
        PRIVILEGED_ROLE_ADMINISTRATOR, Right, directory,
    },
};

/// Roles that look after apps.
const KEEPERS: &[&str] = &[
    GLOBAL_ADMINISTRATOR,
    APPLICATION_ADMINISTRATOR,
    CLOUD_APPLICATION_ADMINISTRATOR,
];

/// An app may be allowed to look after those alone that it owns.
pub(super) const OWNED_BY: &str = "Application.ReadWrite.OwnedBy";

/// Creating applications, which members of a tenant may as well.
pub(super) const APPS_CREATE: Right = Right {
    members_may: true,
    ..APPS_WRITE
};
pub(super) const APPS_WRITE: Right = Right {
    scopes: &["Application.ReadWrite.All", "Directory.ReadWrite.All"],
    roles: &["Application.ReadWrite.All", "Directory.ReadWrite.All", OWNED_BY],
    directory: KEEPERS,
    members_may: false,
    refusal: denied,
};
pub(super) const GRANTS_WRITE: Right = Right {
    scopes: &[
        "DelegatedPermissionGrant.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    roles: &[
        "DelegatedPermissionGrant.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    directory: KEEPERS,
    members_may: false,
    refusal: denied,
};
pub(super) const ROLES_GRANT: Right = Right {
    scopes: &["AppRoleAssignment.ReadWrite.All", "Directory.ReadWrite.All"],
    roles: &["AppRoleAssignment.ReadWrite.All"],
    directory: KEEPERS,
    members_may: false,
    refusal: denied,
};
/// Roles of Graph itself are not for those to give who look after apps.
pub(super) const GRAPH_ROLES_GRANT: Right = Right {
    directory: &[GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR],
    ..ROLES_GRANT
};
/// Team memberships of a user, and the team of a group.
pub(super) const TEAMS: Right = directory(&[
    "Team.ReadBasic.All",
    "TeamSettings.Read.All",
    "TeamSettings.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
