//! What one step does, as data.

use msp365_graph::{authentication_methods::MethodKind, users::UserEdit};
use serde::{Deserialize, Serialize};

use super::request::Place;

/// A user whom a step is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// The user of this object id.
    Id(String),
    /// The user that the plan makes.
    Made,
}

/// A product with the service plans of it that stay off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Grant {
    /// The id of the product.
    pub sku_id: String,
    /// The ids of its service plans that stay off.
    pub disabled_plans: Vec<String>,
}

impl Grant {
    /// A product with all its service plans.
    pub fn new(sku_id: impl Into<String>) -> Self {
        Self {
            sku_id: sku_id.into(),
            disabled_plans: Vec::new(),
        }
    }

    /// A product without these service plans.
    #[must_use]
    pub fn without(mut self, plans: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.disabled_plans = plans.into_iter().map(Into::into).collect();
        self
    }
}

/// What an edit does where somebody else has changed one of its fields since the plan was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfChanged {
    /// It sets its fields all the same: the last writer wins.
    #[default]
    Overwrite,
    /// Nothing is written, and the step is rejected as a conflict that names the fields. They are read right before the
    /// write, since the service has no condition for it: what is changed within that moment is overwritten.
    Refuse,
}

/// How a password is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordRoute {
    /// In the cloud, at once.
    Profile,
    /// Through the authentication method, which writes it back to the directory on-premises a little later.
    Writeback,
}

/// What one step does. Each is one request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are what the requests of these names take")]
pub enum StepKind {
    /// Makes the user, with a password made while it runs.
    CreateUser {
        display_name: String,
        user_principal_name: String,
        mail_nickname: String,
        account_enabled: bool,
        profile: Box<UserEdit>,
    },
    /// Changes fields of the user; `was` are the values before, to go back to.
    UpdateUser {
        user: Whom,
        edit: Box<UserEdit>,
        was: Box<UserEdit>,
        #[serde(default)]
        if_changed: IfChanged,
    },
    /// Sets a password made while it runs, to be changed at the next sign-in.
    SetPassword { user: Whom, route: PasswordRoute },
    /// Makes a temporary access pass.
    CreatePass {
        user: Whom,
        lifetime_in_minutes: Option<i64>,
        is_usable_once: Option<bool>,
    },
    /// Removes a temporary access pass.
    DeletePass { user: Whom, pass: String },
    /// Removes a method by which the user proves who they are.
    DeleteMethod {
        user: Whom,
        method: String,
        kind: MethodKind,
    },
    /// Gives and takes direct licences, in one request; `was` is how those were held before that are given.
    AssignLicenses {
        user: Whom,
        add: Vec<Grant>,
        remove: Vec<Grant>,
        #[serde(default)]
        was: Vec<Grant>,
    },
    /// Puts the user into a group.
    AddMember { user: Whom, group: String },
    /// Takes the user out of a group.
    RemoveMember { user: Whom, group: String },
    /// Makes the user an owner of a group.
    AddOwner { user: Whom, group: String },
    /// Gives a directory role.
    AssignRole { user: Whom, role: String, scope: String },
    /// Takes a directory role.
    RemoveRole {
        user: Whom,
        role: String,
        scope: String,
        assignment: String,
    },
    /// Makes somebody the manager of a user, who need not be the one the plan is about.
    SetManager {
        user: Whom,
        manager: Whom,
        was: Option<String>,
    },
    /// Takes the manager from a user.
    RemoveManager { user: Whom, was: Option<String> },
    /// Ends all sessions.
    RevokeSessions { user: Whom },
    /// Deletes the user, who can be restored for 30 days.
    DeleteUser { user: Whom },
    /// Brings a deleted user back.
    RestoreUser { user: Whom },
    /// Lets one of the user's devices be signed in with, or not.
    EnableDevice {
        user: Whom,
        device: String,
        name: String,
        is_enabled: bool,
    },
    /// Deletes one of the user's devices from the directory.
    DeleteDevice {
        user: Whom,
        device: String,
        name: String,
    },
}

impl StepKind {
    /// The user it changes.
    pub fn user(&self) -> Whom {
        match self {
            Self::CreateUser { .. } => Whom::Made,
            Self::UpdateUser { user, .. }
            | Self::SetPassword { user, .. }
            | Self::CreatePass { user, .. }
            | Self::DeletePass { user, .. }
            | Self::DeleteMethod { user, .. }
            | Self::AssignLicenses { user, .. }
            | Self::AddMember { user, .. }
            | Self::RemoveMember { user, .. }
            | Self::AddOwner { user, .. }
            | Self::AssignRole { user, .. }
            | Self::RemoveRole { user, .. }
            | Self::SetManager { user, .. }
            | Self::RemoveManager { user, .. }
            | Self::EnableDevice { user, .. }
            | Self::DeleteDevice { user, .. }
            | Self::RevokeSessions { user }
            | Self::DeleteUser { user }
            | Self::RestoreUser { user } => user.clone(),
        }
    }

    /// Whether it yields a password or a pass.
    pub const fn makes_secret(&self) -> bool {
        matches!(
            self,
            Self::CreateUser { .. } | Self::SetPassword { .. } | Self::CreatePass { .. }
        )
    }
}

impl StepKind {
    /// The same step, about this user wherever it was about the one that the plan makes.
    pub(crate) fn about(&self, known: &Whom) -> Self {
        let mut step = self.clone();
        let mend = |whom: &mut Whom| {
            if *whom == Whom::Made {
                known.clone_into(whom);
            }
        };
        match &mut step {
            Self::CreateUser { .. } => {}
            Self::SetManager { user, manager, .. } => {
                mend(user);
                mend(manager);
            }
            Self::UpdateUser { user, .. }
            | Self::SetPassword { user, .. }
            | Self::CreatePass { user, .. }
            | Self::DeletePass { user, .. }
            | Self::DeleteMethod { user, .. }
            | Self::AssignLicenses { user, .. }
            | Self::AddMember { user, .. }
            | Self::RemoveMember { user, .. }
            | Self::AddOwner { user, .. }
            | Self::AssignRole { user, .. }
            | Self::RemoveRole { user, .. }
            | Self::RemoveManager { user, .. }
            | Self::EnableDevice { user, .. }
            | Self::DeleteDevice { user, .. }
            | Self::RevokeSessions { user }
            | Self::DeleteUser { user }
            | Self::RestoreUser { user } => mend(user),
        }
        step
    }

    /// Whether it is about a user that its plan has yet to make.
    pub(crate) fn is_about_made(&self) -> bool {
        self.about(&Whom::Id(String::new())) != *self
    }

    /// What it does, as one word for records.
    pub(crate) const fn tag(&self) -> &'static str {
        match self {
            Self::CreateUser { .. } => "create_user",
            Self::UpdateUser { .. } => "update_user",
            Self::SetPassword { .. } => "set_password",
            Self::CreatePass { .. } => "create_pass",
            Self::DeletePass { .. } => "delete_pass",
            Self::DeleteMethod { .. } => "delete_method",
            Self::AssignLicenses { .. } => "assign_licenses",
            Self::AddMember { .. } => "add_member",
            Self::RemoveMember { .. } => "remove_member",
            Self::AddOwner { .. } => "add_owner",
            Self::AssignRole { .. } => "assign_role",
            Self::RemoveRole { .. } => "remove_role",
            Self::SetManager { .. } => "set_manager",
            Self::RemoveManager { .. } => "remove_manager",
            Self::RevokeSessions { .. } => "revoke_sessions",
            Self::DeleteUser { .. } => "delete_user",
            Self::RestoreUser { .. } => "restore_user",
            Self::EnableDevice { .. } => "enable_device",
            Self::DeleteDevice { .. } => "delete_device",
        }
    }

    /// What it changes, by ids.
    pub(crate) fn target(&self, place: &Place<'_>) -> String {
        let user = place.id(&self.user());
        match self {
            Self::AddMember { group, .. }
            | Self::RemoveMember { group, .. }
            | Self::AddOwner { group, .. } => {
                format!("{user} {group}")
            }
            Self::AssignRole { role, .. } | Self::RemoveRole { role, .. } => format!("{user} {role}"),
            Self::EnableDevice { device, .. } | Self::DeleteDevice { device, .. } => {
                format!("{user} {device}")
            }
            Self::CreateUser { .. } => place.made.unwrap_or_default().to_owned(),
            _ => user,
        }
    }
}
