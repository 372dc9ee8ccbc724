//! The permissions that the simulated apps are registered with.

/// Delegated permissions on Microsoft Graph.
pub(crate) const GRAPH_DELEGATED: &[&str] = &[
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "AuditLog.Read.All",
    "CrossTenantInformation.ReadBasic.All",
    "DelegatedAdminRelationship.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Device.Read.All",
    "DeviceManagementManagedDevices.Read.All",
    "Directory.ReadWrite.All",
    "Domain.Read.All",
    "Group.ReadWrite.All",
    "GroupMember.ReadWrite.All",
    "LicenseAssignment.ReadWrite.All",
    "Organization.Read.All",
    "Reports.Read.All",
    "ReportSettings.Read.All",
    "RoleManagement.Read.Directory",
    "User.Read",
    "User.ReadWrite.All",
    "UserAuthenticationMethod.ReadWrite.All",
];

/// Delegated permissions on Partner Center.
pub(crate) const PARTNER_CENTER_DELEGATED: &[&str] = &["user_impersonation"];

/// App roles on Microsoft Graph that customers granted to the app-only app.
pub(crate) const APP_ROLES: &[&str] = &[
    "AuditLog.Read.All",
    "Device.Read.All",
    "DeviceManagementManagedDevices.Read.All",
    "Directory.Read.All",
    "Group.Read.All",
    "GroupMember.Read.All",
    "Organization.Read.All",
    "Reports.Read.All",
    "ReportSettings.Read.All",
    "RoleManagement.Read.Directory",
    "User.Read.All",
];

/// Whether delegated permissions may be listed on a consent page, and for which resource app id.
pub(crate) fn delegated(resource_app_id: &str) -> &'static [&'static str] {
    match resource_app_id {
        crate::world::change::GRAPH_APP_ID => GRAPH_DELEGATED,
        crate::world::change::PARTNER_CENTER_APP_ID => PARTNER_CENTER_DELEGATED,
        _ => &[],
    }
}
