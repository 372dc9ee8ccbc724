//! The permissions of Graph that this cloud knows, and those the simulated apps are registered with.

mod graph;

use self::graph::KNOWN;
use crate::world::change::{GRAPH_APP_ID, PARTNER_CENTER_APP_ID};

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

/// Something that can be granted on Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Permission {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
}

/// Delegated permissions the app is registered with, by the app id of their resource.
pub(crate) fn delegated(resource_app_id: &str) -> &'static [&'static str] {
    match resource_app_id {
        GRAPH_APP_ID => GRAPH_DELEGATED,
        PARTNER_CENTER_APP_ID => PARTNER_CENTER_DELEGATED,
        _ => &[],
    }
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
