//! Which permissions and roles each change takes, as data.

use http::StatusCode;

use super::{
    denied,
    rights::{
        AUTHENTICATION_ADMINISTRATOR, CLOUD_DEVICE_ADMINISTRATOR, DIRECTORY_WRITERS, GLOBAL_ADMINISTRATOR,
        GLOBAL_READER, GROUPS_ADMINISTRATOR, HELPDESK_ADMINISTRATOR, INTUNE_ADMINISTRATOR,
        LICENSE_ADMINISTRATOR, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR, Right,
        SECURITY_ADMINISTRATOR, SECURITY_OPERATOR, SECURITY_READER, USER_ADMINISTRATOR, reports_denied,
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

/// Creating users, and saying whom they report to.
pub(super) const USERS_WRITE: Right = writing(&["User.ReadWrite.All", "Directory.ReadWrite.All"], EDITORS);
/// Changing users. It takes this for every property, or one of [`NARROW`] for all of them.
pub(super) const USERS_UPDATE: Right = writing(
    &[
        "User.ReadWrite.All",
        "User.ReadUpdate.All",
        "Directory.ReadWrite.All",
    ],
    EDITORS,
);
/// Deleting and restoring users, which is a sensitive action.
pub(super) const USERS_DELETE: Right = writing(&["User.ReadWrite.All", "User.DeleteRestore.All"], GUARDIANS);
/// Roles that edit profiles.
const EDITORS: &[&str] = &[GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR];
/// Roles that perform sensitive actions, each on those it reaches.
pub(super) const GUARDIANS: &[&str] = &[
    GLOBAL_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    AUTHENTICATION_ADMINISTRATOR,
    PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
];
/// Permissions to set these properties of users and no others; the second goes with one to read users.
pub(super) const NARROW: &[(&str, &str)] = &[
    ("accountEnabled", "User.EnableDisableAccount.All"),
    ("businessPhones mobilePhone faxNumber", "User-Phone.ReadWrite.All"),
    ("otherMails", "User-Mail.ReadWrite.All"),
    ("identities", "User.ManageIdentities.All"),
    (
        "employeeHireDate employeeLeaveDateTime",
        "User-LifeCycleInfo.ReadWrite.All",
    ),
];
/// What allowing and forbidding to sign in takes beside its own permission.
pub(super) const READS_USERS: &[&str] = &["User.Read.All", "User.ReadWrite.All"];
/// What users change of themselves.
pub(super) const SELF_WRITE: Right = Right {
    roles: &[],
    ..writing(
        &["User.ReadWrite", "User.ReadWrite.All", "Directory.ReadWrite.All"],
        &[],
    )
};
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
    directory: ENDERS,
    members_may: false,
    refusal: denied,
};
/// Roles that end sessions, each of those it reaches.
const ENDERS: &[&str] = &[
    GLOBAL_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    HELPDESK_ADMINISTRATOR,
    AUTHENTICATION_ADMINISTRATOR,
    PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
];
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
    &[GLOBAL_ADMINISTRATOR, LICENSE_ADMINISTRATOR, USER_ADMINISTRATOR],
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
    &[GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR, GROUPS_ADMINISTRATOR],
);
/// Directory roles, and groups that they can be assigned to.
pub(super) const ROLES_WRITE: Right = writing(
    &["RoleManagement.ReadWrite.Directory"],
    &[GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR],
);
pub(super) const REPORT_SETTINGS_WRITE: Right = Right {
    refusal: reports_denied,
    ..writing(&["ReportSettings.ReadWrite.All"], &[GLOBAL_ADMINISTRATOR])
};
pub(super) const DEVICES_WRITE: Right = Right {
    scopes: &["Directory.AccessAsUser.All"],
    roles: &["Device.ReadWrite.All", "Directory.ReadWrite.All"],
    directory: &[
        GLOBAL_ADMINISTRATOR,
        INTUNE_ADMINISTRATOR,
        CLOUD_DEVICE_ADMINISTRATOR,
    ],
    members_may: false,
    refusal: denied,
};
/// Letting somebody activate a role.
pub(super) const ELIGIBILITY_WRITE: Right = writing(
    &[
        "RoleEligibilitySchedule.ReadWrite.Directory",
        "RoleManagement.ReadWrite.Directory",
    ],
    &[GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR],
);
/// Reading who may activate a role.
pub(super) const ELIGIBILITY_READ: Right = writing(
    &[
        "RoleEligibilitySchedule.Read.Directory",
        "RoleEligibilitySchedule.ReadWrite.Directory",
        "RoleManagement.Read.Directory",
        "RoleManagement.ReadWrite.Directory",
        "RoleManagement.Read.All",
    ],
    ROLE_READERS,
);
/// Reading who has a role since when.
pub(super) const SCHEDULE_READ: Right = writing(
    &[
        "RoleAssignmentSchedule.Read.Directory",
        "RoleAssignmentSchedule.ReadWrite.Directory",
        "RoleManagement.Read.Directory",
        "RoleManagement.ReadWrite.Directory",
        "RoleManagement.Read.All",
    ],
    ROLE_READERS,
);
const ROLE_READERS: &[&str] = &[
    GLOBAL_ADMINISTRATOR,
    GLOBAL_READER,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    SECURITY_READER,
    SECURITY_OPERATOR,
    SECURITY_ADMINISTRATOR,
];
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
/// How one signs in oneself.
pub(super) const OWN_METHODS_READ: Right = Right {
    roles: &[],
    refusal: access_denied,
    ..writing(
        &[
            "UserAuthenticationMethod.Read",
            "UserAuthenticationMethod.ReadWrite",
            "UserAuthenticationMethod.Read.All",
            "UserAuthenticationMethod.ReadWrite.All",
        ],
        &[],
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
