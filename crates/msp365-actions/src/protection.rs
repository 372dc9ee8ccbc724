//! Accounts that plans leave alone: the program's own, those for emergencies, the last administrator.

use serde::{Deserialize, Serialize};

use crate::{
    Refused,
    facts::{Facts, GLOBAL_ADMINISTRATOR, Person},
    plan::StepKind,
    refused::Reason,
};

/// Which accounts no plan may harm. The last Global Administrator is among them without being named.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Protection {
    /// Accounts that this program signs in with, by object id or name for signing in.
    pub own_accounts: Vec<String>,
    /// Accounts for emergencies, by object id or name for signing in.
    pub break_glass: Vec<String>,
}

/// What a plan would do to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Harm {
    /// Forbid signing in, or delete.
    SignIn,
    /// Take this directory role, or all of them.
    Role,
    /// Take licences, end sessions, set a password, remove methods.
    Other,
}

impl Protection {
    /// Nothing but the last Global Administrator.
    pub fn new() -> Self {
        Self::default()
    }

    /// An account that this program signs in with, too.
    #[must_use]
    pub fn own_account(mut self, id_or_name: impl Into<String>) -> Self {
        self.own_accounts.push(id_or_name.into());
        self
    }

    /// An account for emergencies, too.
    #[must_use]
    pub fn break_glass(mut self, id_or_name: impl Into<String>) -> Self {
        self.break_glass.push(id_or_name.into());
        self
    }

    /// All that this one names, and all that the other does.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        let lists = [
            (&mut self.own_accounts, &other.own_accounts),
            (&mut self.break_glass, &other.break_glass),
        ];
        for (own, more) in lists {
            for account in more {
                if !own.contains(account) {
                    own.push(account.clone());
                }
            }
        }
        self
    }

    /// Refuses harm to an account that is to be left alone.
    pub(crate) fn check(&self, facts: &Facts, person: &Person, harm: Harm) -> Result<(), Refused> {
        self.check_named(&person.user.id, person.name())?;
        if matches!(harm, Harm::SignIn | Harm::Role) {
            check_last(facts, person)?;
        }
        Ok(())
    }

    /// Refuses harm to an account that is on a list.
    pub(crate) fn check_named(&self, id: &str, name: &str) -> Result<(), Refused> {
        let is_among = |list: &[String]| {
            list.iter()
                .any(|one| one.eq_ignore_ascii_case(id) || one.eq_ignore_ascii_case(name))
        };
        if is_among(&self.own_accounts) {
            return Err(Reason::OwnAccount.with(
                format!("this program signs in as `{name}`"),
                "connect with another account first",
            ));
        }
        if is_among(&self.break_glass) {
            return Err(Reason::BreakGlass.with(
                format!("`{name}` is kept for emergencies"),
                "take it off the list of such accounts first",
            ));
        }
        Ok(())
    }
}

impl Harm {
    /// What a step does to the user it is about; `None` for one that does no harm.
    pub(crate) fn of(kind: &StepKind) -> Option<Self> {
        match kind {
            StepKind::UpdateUser { edit, .. } if edit.account_enabled == Some(false) => Some(Self::SignIn),
            StepKind::UpdateUser { edit, .. } if edit.user_principal_name.is_some() => Some(Self::Other),
            StepKind::DeleteUser { .. } => Some(Self::SignIn),
            StepKind::RemoveRole { .. } => Some(Self::Role),
            StepKind::AssignLicenses { remove, .. } if !remove.is_empty() => Some(Self::Other),
            StepKind::SetPassword { .. }
            | StepKind::CreatePass { .. }
            | StepKind::DeleteMethod { .. }
            | StepKind::RevokeSessions { .. }
            | StepKind::RemoveMember { .. }
            | StepKind::DeleteDevice { .. }
            | StepKind::EnableDevice {
                is_enabled: false, ..
            } => Some(Self::Other),
            _ => None,
        }
    }

    /// Whether a step with this harm may take an administrator from the tenant. Groups that give roles are those of users
    /// who were guarded when the plan was made: a group is made for roles, and stays so.
    pub(crate) fn may_end_administration(self, kind: &StepKind, is_guarded: bool) -> bool {
        match (self, kind) {
            (Self::SignIn, _) => true,
            (Self::Role, StepKind::RemoveRole { role, .. }) => {
                role.eq_ignore_ascii_case(GLOBAL_ADMINISTRATOR)
            }
            (_, StepKind::RemoveMember { .. }) => is_guarded,
            _ => false,
        }
    }

    /// What leaving a group does: of one that makes administrators it takes the role.
    pub(crate) fn of_leaving(facts: &Facts, group: &str) -> Self {
        let mut makes = facts.administrator_groups.iter();
        if makes.any(|id| id.eq_ignore_ascii_case(group)) {
            Self::Role
        } else {
            Self::Other
        }
    }
}

fn check_last(facts: &Facts, person: &Person) -> Result<(), Refused> {
    let is_direct = person.roles.iter().any(|role| {
        let id = role.role_definition_id.as_deref();
        role.is_tenant_wide() && id.is_some_and(|id| id.eq_ignore_ascii_case(GLOBAL_ADMINISTRATOR))
    });
    let through_group = || {
        let mut groups = person.groups.iter();
        groups.any(|group| Harm::of_leaving(facts, &group.id) == Harm::Role)
    };
    if !is_direct && !through_group() {
        return Ok(());
    }
    let Some(all) = &facts.global_administrators else {
        return Err(not_known(person.name()));
    };
    if all.iter().any(|id| !id.eq_ignore_ascii_case(&person.user.id)) {
        return Ok(());
    }
    Err(last_of(person.name()))
}

/// Why the last administrator is left alone.
pub(crate) fn last_of(name: &str) -> Refused {
    Reason::LastGlobalAdministrator.with(
        format!("nobody else than `{name}` is Global Administrator of the tenant and may sign in"),
        "make somebody else Global Administrator first",
    )
}

/// Why an administrator is left alone where the others cannot be read.
pub(crate) fn not_known(name: &str) -> Refused {
    Reason::NotKnown.with(
        format!("`{name}` is Global Administrator, and who else is could not be read"),
        "allow `RoleManagement.Read.Directory`, `User.Read.All` and `GroupMember.Read.All`",
    )
}
