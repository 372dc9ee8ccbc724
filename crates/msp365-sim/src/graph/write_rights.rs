//! Which permissions and roles each change takes, as data.

use http::StatusCode;

use super::{
    denied,
    rights::{
        AUTHENTICATION_ADMINISTRATOR, DIRECTORY_WRITERS, GLOBAL_ADMINISTRATOR, GLOBAL_READER,
        GROUPS_ADMINISTRATOR, HELPDESK_ADMINISTRATOR, LICENSE_ADMINISTRATOR,
        PRIVILEGED_AUTHENTICATION_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR, Right, USER_ADMINISTRATOR,
    },
};
use crate::{odata::Refused, world::ranks::PASSWORD as PASSWORD_ADMINISTRATOR};

const fn writing(scopes: &'static [&'static str], directory: &'static [&'static str]) -> Right {
    Right {
        scopes,
        roles: scopes,
        directory,
        members_may: false,
        refusal: denied,
    }
}

pub(super) const USERS_WRITE: Right = writing(
    &[
        "User.ReadWrite.All",
        "User.ReadUpdate.All",
        "Directory.ReadWrite.All",
    ],
    &[
        GLOBAL_ADMINISTRATOR,
        USER_ADMINISTRATOR,
        DIRECTORY_WRITERS,
        AUTHENTICATION_ADMINISTRATOR,
        PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
    ],
);
pub(super) const USERS_DELETE: Right = writing(
    &["User.ReadWrite.All", "User.DeleteRestore.All"],
    &[
        GLOBAL_ADMINISTRATOR,
        USER_ADMINISTRATOR,
        PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
    ],
);
/// Whoever may change users may not set their passwords yet.
pub(super) const PASSWORDS: Right = Right {
    scopes: &["User-PasswordProfile.ReadWrite.All", "Directory.AccessAsUser.All"],
    roles: &["User-PasswordProfile.ReadWrite.All", "User.ReadWrite.All"],
    directory: RESETTERS,
    members_may: false,
    refusal: denied,
};
pub(super) const REVOKE: Right = Right {
    scopes: &["User.RevokeSessions.All", "User.ReadWrite.All"],
    roles: &[
        "User.RevokeSessions.All",
        "User.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    directory: RESETTERS,
    members_may: false,
    refusal: denied,
};
const RESETTERS: &[&str] = &[
    GLOBAL_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    HELPDESK_ADMINISTRATOR,
    PASSWORD_ADMINISTRATOR,
    AUTHENTICATION_ADMINISTRATOR,
    PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
];
pub(super) const LICENCES_WRITE: Right = writing(
    &[
        "LicenseAssignment.ReadWrite.All",
        "User.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    &[
        GLOBAL_ADMINISTRATOR,
        LICENSE_ADMINISTRATOR,
        USER_ADMINISTRATOR,
        DIRECTORY_WRITERS,
    ],
);
/// Roles that change ordinary groups.
const GROUP_WRITERS: &[&str] = &[
    GLOBAL_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    GROUPS_ADMINISTRATOR,
    DIRECTORY_WRITERS,
];
pub(super) const GROUPS_WRITE: Right =
    writing(&["Group.ReadWrite.All", "Directory.ReadWrite.All"], GROUP_WRITERS);
pub(super) const MEMBERS_WRITE: Right = writing(
    &[
        "GroupMember.ReadWrite.All",
        "Group.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    GROUP_WRITERS,
);
/// Directory roles, and groups that they can be assigned to.
pub(super) const ROLES_WRITE: Right = writing(
    &["RoleManagement.ReadWrite.Directory"],
    &[GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR],
);
/// What an owner of a group needs for its members: no role at all.
pub(super) const OWN_MEMBERS_WRITE: Right = Right {
    directory: &[],
    ..MEMBERS_WRITE
};
/// Only with somebody signed in.
pub(super) const METHODS_RESET: Right = Right {
    roles: &[],
    ..METHODS_WRITE
};
pub(super) const METHODS_WRITE: Right = Right {
    refusal: access_denied,
    ..writing(
        &["UserAuthenticationMethod.ReadWrite.All"],
        &[
            GLOBAL_ADMINISTRATOR,
            AUTHENTICATION_ADMINISTRATOR,
            PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
        ],
    )
};
pub(super) const METHODS_READ: Right = Right {
    refusal: access_denied,
    ..writing(
        &[
            "UserAuthenticationMethod.Read.All",
            "UserAuthenticationMethod.ReadWrite.All",
        ],
        &[
            GLOBAL_ADMINISTRATOR,
            GLOBAL_READER,
            AUTHENTICATION_ADMINISTRATOR,
            PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
        ],
    )
};
pub(super) const PASS_POLICY_READ: Right = writing(
    &[
        "Policy.Read.AuthenticationMethod",
        "Policy.ReadWrite.AuthenticationMethod",
        "Policy.Read.All",
    ],
    &[
        GLOBAL_ADMINISTRATOR,
        GLOBAL_READER,
        AUTHENTICATION_POLICY_ADMINISTRATOR,
        AUTHENTICATION_ADMINISTRATOR,
        PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
    ],
);
pub(super) const PASS_POLICY_WRITE: Right = writing(
    &["Policy.ReadWrite.AuthenticationMethod"],
    &[GLOBAL_ADMINISTRATOR, AUTHENTICATION_POLICY_ADMINISTRATOR],
);
const AUTHENTICATION_POLICY_ADMINISTRATOR: &str = "0526716b-113d-4c15-b2c8-68e3c22b9f80";

/// Delegated administration of customers. The role it takes is a membership: of the group of admin agents.
pub(super) const RELATIONSHIPS_WRITE: Right = writing(&["DelegatedAdminRelationship.ReadWrite.All"], &[]);

/// What the service of sign-in methods says.
pub(super) fn access_denied() -> Refused {
    Refused::new(
        StatusCode::FORBIDDEN,
        "accessDenied",
        "Request Authorization failed",
    )
}
