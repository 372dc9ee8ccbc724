//! The permissions of Graph that this cloud knows, and those the simulated apps are registered with.

mod described;
mod graph;

pub(crate) use self::described::described;
use self::graph::KNOWN;

/// Delegated permissions on Microsoft Graph that the delegated app asks for.
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

/// Something that can be granted on Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Permission {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
}

/// All delegated permissions of Graph.
pub(crate) fn scopes() -> impl Iterator<Item = Permission> {
    let all = KNOWN.iter().map(|(name, id, _)| Permission { id, name });
    all.filter(|one| !one.id.is_empty())
}

/// All app roles of Graph.
pub(crate) fn app_roles() -> impl Iterator<Item = Permission> {
    let all = KNOWN.iter().map(|(name, _, id)| Permission { id, name });
    all.filter(|one| !one.id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_apps_are_registered_with_is_known() {
        assert!(
            GRAPH_DELEGATED
                .iter()
                .all(|name| scopes().any(|one| one.name == *name))
        );
        assert!(
            APP_ROLES
                .iter()
                .all(|name| app_roles().any(|one| one.name == *name))
        );
    }
}
