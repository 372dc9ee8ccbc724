//! What consent pages say of permissions.

/// What a permission is called on consent pages, and what it lets an app do; its own name where nobody wrote one.
pub(crate) fn described(name: &str) -> (&str, &'static str) {
    let found = DESCRIBED.iter().find(|(known, ..)| *known == name);
    found.map_or((name, ""), |(_, title, text)| (*title, *text))
}

const DESCRIBED: &[(&str, &str, &str)] = &[
    (
        "Application.ReadWrite.All",
        "Manage applications",
        "Add, change and delete applications and service principals.",
    ),
    (
        "AppRoleAssignment.ReadWrite.All",
        "Manage app roles",
        "Grant permissions to any application, and assign users and groups to applications.",
    ),
    (
        "AuditLog.Read.All",
        "Read audit logs",
        "See who changed what, and who signed in when.",
    ),
    (
        "CrossTenantInformation.ReadBasic.All",
        "Find other organisations",
        "Look up name and domain of other organisations.",
    ),
    (
        "DelegatedAdminRelationship.ReadWrite.All",
        "Manage relationships with customers",
        "Add, change and end delegated administration relationships and who works under them.",
    ),
    (
        "DelegatedPermissionGrant.ReadWrite.All",
        "Manage permissions of applications",
        "Grant and take away what applications may do for users.",
    ),
    (
        "Device.Read.All",
        "Read devices",
        "See the devices of your organisation.",
    ),
    (
        "DeviceManagementManagedDevices.Read.All",
        "Read managed devices",
        "See the devices that Intune manages.",
    ),
    (
        "Directory.Read.All",
        "Read the directory",
        "See users, groups, devices and applications.",
    ),
    (
        "Directory.ReadWrite.All",
        "Change the directory",
        "See and change users, groups and devices.",
    ),
    (
        "Domain.Read.All",
        "Read domains",
        "See the domains of your organisation.",
    ),
    ("Group.Read.All", "Read groups", "See groups and who is in them."),
    (
        "Group.ReadWrite.All",
        "Manage groups",
        "Make, change and delete groups, and change who is in them.",
    ),
    (
        "GroupMember.Read.All",
        "Read who is in groups",
        "See names of groups and who is in them.",
    ),
    (
        "GroupMember.ReadWrite.All",
        "Manage who is in groups",
        "Add people to groups and remove them.",
    ),
    (
        "LicenseAssignment.ReadWrite.All",
        "Manage licences",
        "Assign licences to users and groups, and take them away.",
    ),
    (
        "Organization.Read.All",
        "Read about the organisation",
        "See the organisation and what it subscribed to.",
    ),
    (
        "Reports.Read.All",
        "Read usage reports",
        "See how services are used.",
    ),
    (
        "ReportSettings.Read.All",
        "Read settings of reports",
        "See whether usage reports show names.",
    ),
    (
        "RoleManagement.Read.Directory",
        "Read directory roles",
        "See directory roles and who holds them.",
    ),
    ("User.Read", "Sign you in", "Sign you in and read your profile."),
    (
        "User.Read.All",
        "Read users",
        "See the full profile of everybody.",
    ),
    (
        "User.ReadWrite.All",
        "Manage users",
        "See and change the full profile of everybody.",
    ),
    (
        "UserAuthenticationMethod.ReadWrite.All",
        "Manage sign-in methods",
        "See and change how everybody signs in.",
    ),
    (
        "user_impersonation",
        "Use Partner Center as you",
        "Do in Partner Center what you may do there.",
    ),
];
