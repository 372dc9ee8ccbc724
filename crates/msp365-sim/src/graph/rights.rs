//! Which permissions and roles each operation accepts, as data.

use http::StatusCode;

use super::denied;
use crate::{identity::Claims, odata::Refused};

/// What it takes to do something.
#[derive(Debug)]
pub(super) struct Right {
    /// Delegated permissions, any of which will do.
    pub(super) scopes: &'static [&'static str],
    /// Application permissions, any of which will do.
    pub(super) roles: &'static [&'static str],
    /// Directory roles of the signed-in user, any of which will do; none listed: no role is asked for.
    pub(super) directory: &'static [&'static str],
    /// Whether users of the tenant itself may without a role, as members may read their directory.
    pub(super) members_may: bool,
    /// What a call without it is told.
    pub(super) refusal: fn() -> Refused,
}

impl Right {
    /// Whether the token carries the permission.
    pub(super) fn is_permitted(&self, claims: &Claims) -> bool {
        let (held, wanted) = if claims.app_only {
            (&claims.roles, self.roles)
        } else {
            (&claims.scp, self.scopes)
        };
        held.iter().any(|one| wanted.contains(&one.as_str()))
    }
}

pub(super) const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
pub(super) const GLOBAL_READER: &str = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
pub(super) const DIRECTORY_READERS: &str = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";
pub(super) const DIRECTORY_WRITERS: &str = "9360feb5-f418-4baa-8175-e2a00bac4301";
pub(super) const USER_ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
pub(super) const GROUPS_ADMINISTRATOR: &str = "fdd7a751-b60b-444a-984c-02652fe8fa1c";
pub(super) const LICENSE_ADMINISTRATOR: &str = "4d6ac14f-3453-41d0-bef9-a3e0c569773a";
pub(super) const HELPDESK_ADMINISTRATOR: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
pub(super) const AUTHENTICATION_ADMINISTRATOR: &str = "c4e39bd9-1100-46d3-8c65-fb160da0071f";
pub(super) const PRIVILEGED_AUTHENTICATION_ADMINISTRATOR: &str = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13";
pub(super) const PRIVILEGED_ROLE_ADMINISTRATOR: &str = "e8611ab8-c189-46e8-94e1-60213ab1f814";
pub(super) const APPLICATION_ADMINISTRATOR: &str = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";
pub(super) const CLOUD_APPLICATION_ADMINISTRATOR: &str = "158c047a-c907-4556-b7ef-446551a6b5f7";
pub(super) const CLOUD_DEVICE_ADMINISTRATOR: &str = "7698a772-787b-4ac8-901f-60d6b08affd2";
pub(super) const INTUNE_ADMINISTRATOR: &str = "3a2c62db-5318-420d-8d74-23affee5d9d5";
pub(super) const REPORTS_READER: &str = "4a5d8f65-41da-4de4-8968-e035b65339cf";
pub(super) const SECURITY_READER: &str = "5d6b6bb7-de71-4623-b4af-96380a352509";
pub(super) const SECURITY_OPERATOR: &str = "5f2222b1-57c3-48ba-8ad5-d4759f1fde6f";
pub(super) const SECURITY_ADMINISTRATOR: &str = "194ae4cb-b126-40b2-bd5b-6091b380977d";
pub(super) const CONDITIONAL_ACCESS_ADMINISTRATOR: &str = "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9";
pub(super) const EXCHANGE_ADMINISTRATOR: &str = "29232cdf-9323-42fd-ade2-1d097af3e4de";
pub(super) const SHAREPOINT_ADMINISTRATOR: &str = "f28a1f50-f6e7-4571-818b-6a12f2af6b6c";
pub(super) const TEAMS_ADMINISTRATOR: &str = "69091246-20e8-4a56-aa4d-066075b2a7a8";

/// Roles that read the directory of a tenant they are given in.
pub(super) const READERS: &[&str] = &[
    GLOBAL_ADMINISTRATOR,
    GLOBAL_READER,
    DIRECTORY_READERS,
    DIRECTORY_WRITERS,
    USER_ADMINISTRATOR,
    GROUPS_ADMINISTRATOR,
    LICENSE_ADMINISTRATOR,
    HELPDESK_ADMINISTRATOR,
    AUTHENTICATION_ADMINISTRATOR,
    PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
    INTUNE_ADMINISTRATOR,
    SECURITY_READER,
    SECURITY_OPERATOR,
    SECURITY_ADMINISTRATOR,
    EXCHANGE_ADMINISTRATOR,
    SHAREPOINT_ADMINISTRATOR,
    TEAMS_ADMINISTRATOR,
];

/// Roles that also read what apps are allowed to do.
const APPLICATION_READERS: &[&str] = &[
    GLOBAL_ADMINISTRATOR,
    GLOBAL_READER,
    DIRECTORY_READERS,
    DIRECTORY_WRITERS,
    APPLICATION_ADMINISTRATOR,
    CLOUD_APPLICATION_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    SECURITY_READER,
    SECURITY_ADMINISTRATOR,
];

pub(super) const fn directory(scopes: &'static [&'static str]) -> Right {
    Right {
        scopes,
        roles: scopes,
        directory: READERS,
        members_may: true,
        refusal: denied,
    }
}

pub(super) const ORGANIZATION: Right = directory(&[
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read",
    "User.Read.All",
]);
/// Without one of these only a few fields of the organization are filled.
pub(super) const ORGANIZATION_IN_FULL: Right = directory(&[
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
pub(super) const DOMAINS: Right = directory(&[
    "Domain.Read.All",
    "Domain.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
pub(super) const SUBSCRIBED_SKUS: Right = directory(&[
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "LicenseAssignment.Read.All",
    "LicenseAssignment.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
pub(super) const USERS: Right = directory(&[
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
/// One's own user needs no role.
pub(super) const ME: Right = Right {
    scopes: &[
        "User.Read",
        "User.ReadWrite",
        "User.Read.All",
        "User.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    roles: &[],
    directory: &[],
    members_may: true,
    refusal: denied,
};
pub(super) const GROUPS: Right = directory(&[
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
pub(super) const MY_GROUPS: Right = Right {
    scopes: &[
        "User.Read",
        "User.Read.All",
        "GroupMember.Read.All",
        "Group.Read.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    roles: &[],
    directory: &[],
    members_may: true,
    refusal: denied,
};
pub(super) const MEMBERSHIPS: Right = directory(&[
    "GroupMember.Read.All",
    "Group.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
pub(super) const DEVICES: Right = directory(&[
    "Device.Read.All",
    "Device.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
pub(super) const OBJECTS_READ: Right = directory(&["Directory.Read.All", "Directory.ReadWrite.All"]);
pub(super) const APP_ROLES: Right = directory(&[
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
]);
pub(super) const ROLES: Right = Right {
    scopes: &[
        "RoleManagement.Read.Directory",
        "RoleManagement.ReadWrite.Directory",
        "RoleManagement.Read.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    roles: &[
        "RoleManagement.Read.Directory",
        "RoleManagement.ReadWrite.Directory",
        "RoleManagement.Read.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    directory: &[
        GLOBAL_ADMINISTRATOR,
        GLOBAL_READER,
        DIRECTORY_READERS,
        DIRECTORY_WRITERS,
        USER_ADMINISTRATOR,
        PRIVILEGED_ROLE_ADMINISTRATOR,
        SECURITY_READER,
        SECURITY_OPERATOR,
        SECURITY_ADMINISTRATOR,
    ],
    members_may: true,
    refusal: denied,
};
pub(super) const SERVICE_PRINCIPALS: Right = Right {
    scopes: &[
        "Application.Read.All",
        "Application.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    roles: &[
        "Application.Read.All",
        "Application.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    directory: APPLICATION_READERS,
    members_may: true,
    refusal: denied,
};
pub(super) const PERMISSION_GRANTS: Right = Right {
    scopes: &[
        "Directory.Read.All",
        "Directory.ReadWrite.All",
        "DelegatedPermissionGrant.ReadWrite.All",
    ],
    roles: &[
        "Directory.Read.All",
        "Directory.ReadWrite.All",
        "DelegatedPermissionGrant.ReadWrite.All",
    ],
    directory: APPLICATION_READERS,
    members_may: true,
    refusal: denied,
};
pub(super) const MANAGED_DEVICES: Right = Right {
    scopes: &[
        "DeviceManagementManagedDevices.Read.All",
        "DeviceManagementManagedDevices.ReadWrite.All",
    ],
    roles: &[
        "DeviceManagementManagedDevices.Read.All",
        "DeviceManagementManagedDevices.ReadWrite.All",
    ],
    directory: &[
        GLOBAL_ADMINISTRATOR,
        GLOBAL_READER,
        INTUNE_ADMINISTRATOR,
        CLOUD_DEVICE_ADMINISTRATOR,
    ],
    members_may: false,
    refusal: intune_denied,
};
pub(super) const SIGN_IN_ACTIVITY: Right = Right {
    scopes: &["AuditLog.Read.All"],
    roles: &["AuditLog.Read.All"],
    directory: &[
        GLOBAL_ADMINISTRATOR,
        GLOBAL_READER,
        REPORTS_READER,
        SECURITY_READER,
        SECURITY_OPERATOR,
        SECURITY_ADMINISTRATOR,
    ],
    members_may: false,
    refusal: audit_denied,
};
/// What it takes to see in the log which policies took part; without it they are left out.
pub(super) const CONDITIONAL_ACCESS: Right = Right {
    scopes: POLICY_READERS,
    roles: POLICY_READERS,
    directory: &[
        GLOBAL_ADMINISTRATOR,
        GLOBAL_READER,
        SECURITY_READER,
        SECURITY_ADMINISTRATOR,
        CONDITIONAL_ACCESS_ADMINISTRATOR,
    ],
    members_may: false,
    refusal: denied,
};
const POLICY_READERS: &[&str] = &["Policy.Read.ConditionalAccess", "Policy.Read.All"];
pub(super) const REPORTS: Right = Right {
    scopes: &["Reports.Read.All"],
    roles: &["Reports.Read.All"],
    directory: &[
        GLOBAL_ADMINISTRATOR,
        GLOBAL_READER,
        REPORTS_READER,
        EXCHANGE_ADMINISTRATOR,
        SHAREPOINT_ADMINISTRATOR,
        TEAMS_ADMINISTRATOR,
    ],
    members_may: false,
    refusal: reports_denied,
};
pub(super) const REPORT_SETTINGS: Right = Right {
    scopes: &["ReportSettings.Read.All", "ReportSettings.ReadWrite.All"],
    roles: &["ReportSettings.Read.All", "ReportSettings.ReadWrite.All"],
    directory: &[GLOBAL_ADMINISTRATOR, GLOBAL_READER, REPORTS_READER],
    members_may: false,
    refusal: reports_denied,
};
pub(super) const RELATIONSHIPS: Right = Right {
    scopes: &[
        "DelegatedAdminRelationship.Read.All",
        "DelegatedAdminRelationship.ReadWrite.All",
    ],
    roles: &[
        "DelegatedAdminRelationship.Read.All",
        "DelegatedAdminRelationship.ReadWrite.All",
    ],
    directory: &[],
    members_may: true,
    refusal: denied,
};

/// What any tenant tells of itself.
pub(super) const TENANT_INFORMATION: Right = Right {
    scopes: &["CrossTenantInformation.ReadBasic.All"],
    roles: &["CrossTenantInformation.ReadBasic.All"],
    directory: &[],
    members_may: true,
    refusal: denied,
};
pub(super) const CONTRACTS: Right = Right {
    scopes: &["Directory.Read.All", "Directory.ReadWrite.All"],
    roles: &["Directory.Read.All", "Directory.ReadWrite.All"],
    directory: READERS,
    members_may: true,
    refusal: denied,
};

fn intune_denied() -> Refused {
    Refused::new(
        StatusCode::FORBIDDEN,
        "Forbidden",
        "{\"_version\":3,\"Message\":\"Application is not authorized to perform this operation. Application must \
         have one of the following scopes: DeviceManagementManagedDevices.Read.All\"}",
    )
}

fn audit_denied() -> Refused {
    Refused::new(
        StatusCode::FORBIDDEN,
        "Authentication_MSGraphPermissionMissing",
        "Calling principal does not have required MSGraph permissions AuditLog.Read.All",
    )
}

pub(super) fn reports_denied() -> Refused {
    Refused::new(
        StatusCode::FORBIDDEN,
        "UnknownError",
        "{\"error\":{\"code\":\"S2SUnauthorized\",\"message\":\"Invalid permission.\"}}",
    )
}
