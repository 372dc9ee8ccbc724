//! What a host may do, and what each of these things needs.
//!
//! Source: Microsoft's pages on the requests named by [`crate::operations`] and on "least privileged roles by task", as
//! of January 2026.

use serde::{Deserialize, Serialize};

use crate::roles;

/// Something that a host does in customers' tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Feature {
    /// Read users, groups, licences, devices and directory roles.
    Directory,
    /// Read when users last signed in, and their sign-in logs.
    SignIns,
    /// Read managed devices.
    ManagedDevices,
    /// Read usage reports, and whether they hide names.
    UsageReports,
    /// Create, change and delete users.
    EditUsers,
    /// Assign and remove licences.
    Licenses,
    /// Change group memberships.
    Groups,
    /// Assign directory roles.
    DirectoryRoles,
    /// Reset passwords, block sign-ins and revoke sessions of people without a role.
    Helpdesk,
    /// The same for administrators.
    HelpdeskForAdministrators,
    /// Create temporary access passes for people without a role.
    TemporaryPasses,
    /// Disable and delete directory devices.
    EditDevices,
    /// See which Conditional Access policies applied to a sign-in.
    Policies,
}

/// What a feature needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Need {
    /// Delegated permissions of Microsoft Graph.
    pub scopes: &'static [&'static str],
    /// Permissions of an application alone; empty if the feature needs a person.
    pub app_roles: &'static [&'static str],
    /// The least privileged GDAP role, by template id.
    pub role: &'static str,
}

impl Need {
    /// Whether a role gives what the least privileged one does.
    pub fn is_met_by(&self, role: &str) -> bool {
        let others = MORE.iter().find(|(least, _)| *least == self.role);
        let more = others.map(|(_, more)| *more).unwrap_or_default();
        [self.role, roles::GLOBAL_ADMINISTRATOR]
            .iter()
            .chain(more)
            .any(|own| own.eq_ignore_ascii_case(role))
    }
}

/// Roles that include a lesser one; Global Administrator includes them all.
const MORE: [(&str, &[&str]); 10] = [
    (
        roles::DIRECTORY_READERS,
        &[roles::GLOBAL_READER, roles::USER_ADMINISTRATOR],
    ),
    (roles::REPORTS_READER, &[roles::GLOBAL_READER]),
    (roles::GLOBAL_READER, &[roles::INTUNE_ADMINISTRATOR]),
    (roles::LICENSE_ADMINISTRATOR, &[roles::USER_ADMINISTRATOR]),
    (roles::GROUPS_ADMINISTRATOR, &[roles::USER_ADMINISTRATOR]),
    (
        roles::HELPDESK_ADMINISTRATOR,
        &[
            roles::USER_ADMINISTRATOR,
            roles::PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
        ],
    ),
    (
        roles::AUTHENTICATION_ADMINISTRATOR,
        &[roles::PRIVILEGED_AUTHENTICATION_ADMINISTRATOR],
    ),
    (roles::CLOUD_DEVICE_ADMINISTRATOR, &[roles::INTUNE_ADMINISTRATOR]),
    (
        roles::SECURITY_READER,
        &[
            roles::GLOBAL_READER,
            roles::SECURITY_ADMINISTRATOR,
            roles::CONDITIONAL_ACCESS_ADMINISTRATOR,
        ],
    ),
    (roles::USER_ADMINISTRATOR, &[]),
];

const fn need(
    scopes: &'static [&'static str],
    app_roles: &'static [&'static str],
    role: &'static str,
) -> Need {
    Need {
        scopes,
        app_roles,
        role,
    }
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Directory,
        Self::SignIns,
        Self::ManagedDevices,
        Self::UsageReports,
        Self::EditUsers,
        Self::Licenses,
        Self::Groups,
        Self::DirectoryRoles,
        Self::Helpdesk,
        Self::HelpdeskForAdministrators,
        Self::TemporaryPasses,
        Self::EditDevices,
        Self::Policies,
    ];

    /// What a sync reads.
    pub const READING: [Self; 4] = [
        Self::Directory,
        Self::SignIns,
        Self::ManagedDevices,
        Self::UsageReports,
    ];

    /// What plans change for users who are not administrators; see `msp365-actions`. Administrators and devices also
    /// need [`Self::HelpdeskForAdministrators`] and [`Self::EditDevices`], whose permission is broad.
    pub const CHANGING_USERS: [Self; 6] = [
        Self::EditUsers,
        Self::Licenses,
        Self::Groups,
        Self::DirectoryRoles,
        Self::Helpdesk,
        Self::TemporaryPasses,
    ];

    /// Its name in sentences.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Directory => "reading users, groups, licences and devices",
            Self::SignIns => "reading sign-ins",
            Self::ManagedDevices => "reading managed devices",
            Self::UsageReports => "reading usage reports",
            Self::EditUsers => "changing users",
            Self::Licenses => "assigning licences",
            Self::Groups => "changing who is in groups",
            Self::DirectoryRoles => "assigning directory roles",
            Self::Helpdesk => "resetting and blocking people",
            Self::HelpdeskForAdministrators => "resetting and blocking administrators",
            Self::TemporaryPasses => "making temporary access passes",
            Self::EditDevices => "changing devices",
            Self::Policies => "seeing policies of Conditional Access",
        }
    }

    /// What it needs.
    pub const fn need(self) -> Need {
        const DIRECTORY: &[&str] = &["Directory.Read.All"];
        const SIGN_INS: &[&str] = &["AuditLog.Read.All"];
        const MANAGED: &[&str] = &["DeviceManagementManagedDevices.Read.All"];
        const REPORTS: &[&str] = &["ReportSettings.Read.All", "Reports.Read.All"];
        const USERS: &[&str] = &["User.ReadWrite.All"];
        const HELPDESK: &[&str] = &[
            "User-PasswordProfile.ReadWrite.All",
            "User.ReadWrite.All",
            "User.RevokeSessions.All",
            "UserAuthenticationMethod.ReadWrite.All",
        ];
        // Changing people that only the highest roles reach takes a token with all rights of its person.
        const ADMINISTRATORS: &[&str] = &[
            "Directory.AccessAsUser.All",
            "User-PasswordProfile.ReadWrite.All",
            "User.ReadWrite.All",
            "User.RevokeSessions.All",
            "UserAuthenticationMethod.ReadWrite.All",
        ];
        const LICENSES: &[&str] = &["LicenseAssignment.ReadWrite.All"];
        const GROUPS: &[&str] = &["GroupMember.ReadWrite.All"];
        const ROLES: &[&str] = &["RoleManagement.ReadWrite.Directory"];
        const PASSES: &[&str] = &[
            "Policy.Read.AuthenticationMethod",
            "UserAuthenticationMethod.ReadWrite.All",
        ];
        // A person changes devices by their own rights, an application by a permission of its own.
        const DEVICES: &[&str] = &["Directory.AccessAsUser.All"];
        const DEVICES_ALONE: &[&str] = &["Device.ReadWrite.All"];
        const POLICIES: &[&str] = &["AuditLog.Read.All", "Policy.Read.ConditionalAccess"];
        match self {
            Self::Directory => need(DIRECTORY, DIRECTORY, roles::DIRECTORY_READERS),
            Self::SignIns => need(SIGN_INS, SIGN_INS, roles::REPORTS_READER),
            Self::ManagedDevices => need(MANAGED, MANAGED, roles::GLOBAL_READER),
            Self::UsageReports => need(REPORTS, REPORTS, roles::REPORTS_READER),
            Self::EditUsers => need(USERS, USERS, roles::USER_ADMINISTRATOR),
            Self::Licenses => need(LICENSES, LICENSES, roles::LICENSE_ADMINISTRATOR),
            Self::Groups => need(GROUPS, GROUPS, roles::GROUPS_ADMINISTRATOR),
            Self::DirectoryRoles => need(ROLES, ROLES, roles::PRIVILEGED_ROLE_ADMINISTRATOR),
            Self::Helpdesk => need(HELPDESK, HELPDESK, roles::HELPDESK_ADMINISTRATOR),
            // No permission of an application reaches administrators: its service principal has to hold the role.
            Self::HelpdeskForAdministrators => need(
                ADMINISTRATORS,
                &[],
                roles::PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
            ),
            Self::TemporaryPasses => need(PASSES, PASSES, roles::AUTHENTICATION_ADMINISTRATOR),
            Self::EditDevices => need(DEVICES, DEVICES_ALONE, roles::CLOUD_DEVICE_ADMINISTRATOR),
            Self::Policies => need(POLICIES, POLICIES, roles::SECURITY_READER),
        }
    }
}
