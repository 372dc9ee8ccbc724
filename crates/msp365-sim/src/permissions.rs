//! The permissions of Graph that this cloud knows, and those the simulated apps are registered with.

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

/// What a permission of Graph can be granted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Both,
    /// For somebody who is signed in.
    Delegated,
    /// To an app itself.
    Application,
}

/// All permissions of Graph that some operation here takes.
const KNOWN: &[(Kind, &str)] = &[
    (
        Kind::Both,
        "Application.Read.All Application.ReadWrite.All AppRoleAssignment.ReadWrite.All AuditLog.Read.All \
         CrossTenantInformation.ReadBasic.All DelegatedAdminRelationship.Read.All \
         DelegatedAdminRelationship.ReadWrite.All DelegatedPermissionGrant.ReadWrite.All Device.Read.All \
         DeviceManagementManagedDevices.Read.All DeviceManagementManagedDevices.ReadWrite.All Directory.Read.All \
         Directory.ReadWrite.All Domain.Read.All Domain.ReadWrite.All Group.Read.All Group.ReadWrite.All \
         GroupMember.Read.All GroupMember.ReadWrite.All LicenseAssignment.Read.All \
         LicenseAssignment.ReadWrite.All Member.Read.Hidden Organization.Read.All Organization.ReadWrite.All \
         Policy.Read.All Policy.Read.AuthenticationMethod Policy.ReadWrite.AuthenticationMethod Reports.Read.All \
         ReportSettings.Read.All ReportSettings.ReadWrite.All RoleAssignmentSchedule.Read.Directory \
         RoleAssignmentSchedule.ReadWrite.Directory RoleEligibilitySchedule.Read.Directory \
         RoleEligibilitySchedule.ReadWrite.Directory RoleManagement.Read.All RoleManagement.Read.Directory \
         RoleManagement.ReadWrite.Directory Team.ReadBasic.All TeamSettings.Read.All \
         User.DeleteRestore.All User.EnableDisableAccount.All User.ManageIdentities.All User.Read.All \
         User.ReadBasic.All User.ReadUpdate.All User.ReadWrite.All User.RevokeSessions.All \
         User-LifeCycleInfo.Read.All User-LifeCycleInfo.ReadWrite.All User-Mail.ReadWrite.All \
         User-PasswordProfile.ReadWrite.All User-Phone.ReadWrite.All UserAuthenticationMethod.Read.All \
         UserAuthenticationMethod.ReadWrite.All",
    ),
    (
        Kind::Delegated,
        "Directory.AccessAsUser.All User.Read User.ReadWrite UserAuthenticationMethod.Read \
         UserAuthenticationMethod.ReadWrite openid profile email offline_access",
    ),
    (
        Kind::Application,
        "Application.ReadWrite.OwnedBy Device.ReadWrite.All",
    ),
];

/// Delegated permissions the app is registered with, by the app id of their resource.
pub(crate) fn delegated(resource_app_id: &str) -> &'static [&'static str] {
    match resource_app_id {
        GRAPH_APP_ID => GRAPH_DELEGATED,
        PARTNER_CENTER_APP_ID => PARTNER_CENTER_DELEGATED,
        _ => &[],
    }
}

/// All delegated permissions of Graph.
pub(crate) fn scopes() -> impl Iterator<Item = &'static str> {
    known(Kind::Delegated)
}

/// All app roles of Graph.
pub(crate) fn app_roles() -> impl Iterator<Item = &'static str> {
    known(Kind::Application)
}

fn known(kind: Kind) -> impl Iterator<Item = &'static str> {
    KNOWN
        .iter()
        .filter(move |(own, _)| *own == Kind::Both || *own == kind)
        .flat_map(|(_, names)| names.split_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_apps_are_registered_with_is_known() {
        assert!(
            GRAPH_DELEGATED
                .iter()
                .all(|name| scopes().any(|one| one == *name))
        );
        assert!(APP_ROLES.iter().all(|name| app_roles().any(|one| one == *name)));
    }
}
