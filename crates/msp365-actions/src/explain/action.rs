//! What is to be done to a user.

use msp365_graph::{authentication_methods::NewPass, licenses::LicenseChange, users::UserEdit};
use serde::{Deserialize, Serialize};

use super::tables::rows;
use super::technicians::{Area, Tier};

/// Something to be done to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Makes a user of this name.
    Create {
        /// The name for signing in, which nobody has yet.
        user_principal_name: String,
    },
    /// Changes properties.
    Edit(Box<UserEdit>),
    /// Makes somebody, by object id, the manager.
    SetManager(String),
    /// Takes the manager away.
    RemoveManager,
    /// Makes somebody the manager of another user than the one that all of this is about.
    SetManagerOf {
        /// The object id of the other user.
        user: String,
        /// The object id of who becomes the manager; `None`: the user that this is about.
        manager: Option<String>,
    },
    /// Deletes the user, who can be restored for 30 days.
    Delete,
    /// Brings a deleted user back, by object id.
    Restore,
    /// Gives and takes licences, in one step.
    Licenses(LicenseChange),
    /// Takes all licences that the user holds itself.
    RemoveAllLicenses,
    /// Puts the user into a group, by object id.
    JoinGroup(String),
    /// Takes the user out of a group, by object id.
    LeaveGroup(String),
    /// Makes the user an owner of a group, by object id.
    OwnGroup(String),
    /// Makes another user than the one that all of this is about an owner of a group, both by object id.
    HandGroupTo {
        /// The group.
        group: String,
        /// Who becomes its owner.
        heir: String,
    },
    /// Takes the user out of all groups it is in directly.
    LeaveAllGroups,
    /// Gives a directory role, by template id, in the whole tenant.
    AddRole(String),
    /// Takes a directory role, by template id, that counts in the whole tenant.
    RemoveRole(String),
    /// Takes a directory role where it counts in a part of the tenant alone.
    RemoveRoleIn {
        /// The template id.
        role: String,
        /// The part, as `directoryScopeId` names it: `/administrativeUnits/{id}`.
        scope: String,
    },
    /// Takes all directory roles that the user holds itself.
    RemoveAllRoles,
    /// Forbids signing in.
    Block,
    /// Allows signing in again.
    Unblock,
    /// Ends all sessions.
    Revoke,
    /// Sets a new password.
    ResetPassword,
    /// Makes a temporary access pass.
    TemporaryPass(NewPass),
    /// Removes all ways to sign in but the password, so that the user registers anew.
    RemoveMethods,
    /// Changes a device of the user.
    ChangeDevice {
        /// The object id of the device.
        device: String,
        /// What is done to it.
        change: DeviceChange,
    },
    /// Several of these, in this order.
    Offboard(Vec<Self>),
}

impl Action {
    /// What kind of action it is.
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::Create { .. } => ActionKind::Create,
            Self::Edit(_) => ActionKind::Edit,
            Self::SetManager(_) | Self::RemoveManager | Self::SetManagerOf { .. } => ActionKind::Manager,
            Self::Delete => ActionKind::Delete,
            Self::Restore => ActionKind::Restore,
            Self::Licenses(_) | Self::RemoveAllLicenses => ActionKind::Licenses,
            Self::JoinGroup(_)
            | Self::LeaveGroup(_)
            | Self::OwnGroup(_)
            | Self::HandGroupTo { .. }
            | Self::LeaveAllGroups => ActionKind::Groups,
            Self::AddRole(_) | Self::RemoveRole(_) | Self::RemoveRoleIn { .. } | Self::RemoveAllRoles => {
                ActionKind::Roles
            }
            Self::Block => ActionKind::Block,
            Self::Unblock => ActionKind::Unblock,
            Self::Revoke => ActionKind::Revoke,
            Self::ResetPassword => ActionKind::ResetPassword,
            Self::TemporaryPass(_) => ActionKind::TemporaryPass,
            Self::RemoveMethods => ActionKind::RemoveMethods,
            Self::ChangeDevice { .. } => ActionKind::Devices,
            Self::Offboard(_) => ActionKind::Offboard,
        }
    }

    /// The steps it consists of; itself, where it is one.
    pub fn steps(&self) -> &[Self] {
        match self {
            Self::Offboard(steps) => steps,
            one => std::slice::from_ref(one),
        }
    }

    /// The group it is about.
    pub fn group(&self) -> Option<&str> {
        match self {
            Self::JoinGroup(group)
            | Self::LeaveGroup(group)
            | Self::OwnGroup(group)
            | Self::HandGroupTo { group, .. } => Some(group),
            _ => None,
        }
    }

    /// The role it is about.
    pub fn role(&self) -> Option<&str> {
        match self {
            Self::AddRole(role) | Self::RemoveRole(role) | Self::RemoveRoleIn { role, .. } => Some(role),
            _ => None,
        }
    }

    /// The device it is about.
    pub fn device(&self) -> Option<&str> {
        match self {
            Self::ChangeDevice { device, .. } => Some(device),
            _ => None,
        }
    }

    /// Who becomes a manager by it.
    pub(super) fn manager(&self) -> Option<&str> {
        match self {
            Self::SetManager(manager)
            | Self::SetManagerOf {
                manager: Some(manager),
                ..
            } => Some(manager),
            _ => None,
        }
    }

    /// Who becomes an owner by it, where that is not the user that it is about.
    pub(super) fn heir(&self) -> Option<&str> {
        match self {
            Self::HandGroupTo { heir, .. } => Some(heir),
            _ => None,
        }
    }

    /// Whether the first of its steps makes the user, or brings it back.
    pub(super) fn begins_with(&self, fits: impl Fn(&Self) -> bool) -> bool {
        self.steps().first().is_some_and(fits)
    }

    /// The name for signing in that a user would get.
    pub fn new_name(&self) -> Option<&str> {
        match self {
            Self::Create { user_principal_name } => Some(user_principal_name),
            Self::Edit(edit) => edit.user_principal_name.as_deref(),
            _ => None,
        }
    }

    /// The properties of the user that it sets, by Microsoft's names.
    pub(super) fn properties(&self) -> Vec<String> {
        let edit = match self {
            Self::Edit(edit) => serde_json::to_value(edit),
            Self::Block | Self::Unblock => serde_json::to_value(UserEdit::enabling(*self == Self::Unblock)),
            _ => return Vec::new(),
        };
        match edit {
            Ok(serde_json::Value::Object(fields)) => fields.into_iter().map(|(name, _)| name).collect(),
            _ => Vec::new(),
        }
    }
}

/// What is done to a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeviceChange {
    /// Nobody can sign in with it any more.
    Disable,
    /// It can be signed in with again.
    Enable,
    /// It is deleted from the directory, for good.
    Delete,
}

/// The kinds of actions, which levels of technicians are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ActionKind {
    /// Making a user.
    Create,
    /// Changing properties.
    Edit,
    /// Setting or removing the manager.
    Manager,
    /// Deleting.
    Delete,
    /// Bringing a deleted user back.
    Restore,
    /// Giving and taking licences.
    Licenses,
    /// Joining and leaving groups.
    Groups,
    /// Giving and taking directory roles.
    Roles,
    /// Forbidding to sign in.
    Block,
    /// Allowing to sign in.
    Unblock,
    /// Ending sessions.
    Revoke,
    /// Setting a password.
    ResetPassword,
    /// Making a temporary access pass.
    TemporaryPass,
    /// Removing ways to sign in.
    RemoveMethods,
    /// Disabling and deleting devices of a user.
    Devices,
    /// Several of these at once.
    Offboard,
}

impl ActionKind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::Create,
        Self::Edit,
        Self::Manager,
        Self::Delete,
        Self::Restore,
        Self::Licenses,
        Self::Groups,
        Self::Roles,
        Self::Block,
        Self::Unblock,
        Self::Revoke,
        Self::ResetPassword,
        Self::TemporaryPass,
        Self::RemoveMethods,
        Self::Devices,
        Self::Offboard,
    ];

    /// The kind as it stands in documents: `create`, `reset_password`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Manager => "manager",
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Licenses => "licenses",
            Self::Groups => "groups",
            Self::Roles => "roles",
            Self::Block => "block",
            Self::Unblock => "unblock",
            Self::Revoke => "revoke",
            Self::ResetPassword => "reset_password",
            Self::TemporaryPass => "temporary_pass",
            Self::RemoveMethods => "remove_methods",
            Self::Devices => "devices",
            Self::Offboard => "offboard",
        }
    }

    /// The area that a technician has to be let into for it.
    pub(super) const fn area(self) -> Area {
        match self {
            Self::Devices => Area::Devices,
            _ => Area::Users,
        }
    }

    /// The least tier it takes where a level says nothing of its own.
    pub(super) fn tier(self) -> Tier {
        let own = rows(include_str!("data/tiers.tsv")).find(|cells| cells.first() == Some(&self.as_str()));
        own.and_then(|cells| Tier::named(cells.get(1)?))
            .unwrap_or(Tier::Administer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_tier_of_its_own_in_the_table() {
        let table: Vec<_> = rows(include_str!("data/tiers.tsv")).collect();

        for kind in ActionKind::ALL {
            let own = table.iter().find(|cells| cells[0] == kind.as_str()).unwrap();
            assert_eq!(Tier::named(own[1]), Some(kind.tier()), "{kind:?}");
        }
        assert_eq!(table.len(), ActionKind::ALL.len());
    }

    #[test]
    fn blocking_sets_one_property() {
        assert_eq!(Action::Block.properties(), ["accountEnabled"]);
        assert_eq!(Action::Delete.properties(), [""; 0]);
    }
}
