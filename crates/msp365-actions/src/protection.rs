//! Accounts that plans leave alone: the program's own, those for emergencies, the last administrator.

use serde::{Deserialize, Serialize};

use crate::{
    Refused,
    facts::{Facts, GLOBAL_ADMINISTRATOR, Person},
    refused::Reason,
};

/// Which accounts no plan may harm. The last Global Administrator is among them without being named.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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

    /// Refuses harm to an account that is to be left alone.
    pub(crate) fn check(&self, facts: &Facts, person: &Person, harm: Harm) -> Result<(), Refused> {
        let name = person.name();
        let is_among = |list: &[String]| {
            list.iter()
                .any(|one| one.eq_ignore_ascii_case(&person.user.id) || one.eq_ignore_ascii_case(name))
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
        if matches!(harm, Harm::SignIn | Harm::Role) {
            check_last(facts, person)?;
        }
        Ok(())
    }
}

fn check_last(facts: &Facts, person: &Person) -> Result<(), Refused> {
    let is_administrator = person.roles.iter().any(|role| {
        role.is_tenant_wide() && role.role_definition_id.as_deref() == Some(GLOBAL_ADMINISTRATOR)
    });
    if !is_administrator {
        return Ok(());
    }
    let Some(all) = &facts.global_administrators else {
        return Err(Reason::NotKnown.with(
            format!(
                "`{}` is Global Administrator, and who else is could not be read",
                person.name()
            ),
            "allow `RoleManagement.Read.Directory`",
        ));
    };
    if all.iter().any(|id| !id.eq_ignore_ascii_case(&person.user.id)) {
        return Ok(());
    }
    Err(Reason::LastGlobalAdministrator.with(
        format!(
            "nobody else than `{}` is Global Administrator of the tenant",
            person.name()
        ),
        "make somebody else Global Administrator first",
    ))
}
