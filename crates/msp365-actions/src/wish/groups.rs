//! Putting a user into groups and taking the user out of groups.

use super::licences::leavable;
use crate::{
    Facts, Plan, Protection, Refused,
    plan::{Action, StepKind},
    protection::Harm,
    refused::Reason,
};

/// Groups to join and to leave, by their ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Groups {
    /// Groups to join.
    pub join: Vec<String>,
    /// Groups to leave.
    pub leave: Vec<String>,
    /// Whether groups that directory roles can be given to are meant too: to be in one may mean to hold a role.
    pub for_roles: ForRoles,
}

/// Whether groups that roles can be given to may be among those that change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForRoles {
    /// They are refused.
    #[default]
    Refused,
    /// They are meant.
    Meant,
}

impl Groups {
    /// Joins a group.
    #[must_use]
    pub fn join(mut self, group: impl Into<String>) -> Self {
        self.join.push(group.into());
        self
    }

    /// Leaves a group.
    #[must_use]
    pub fn leave(mut self, group: impl Into<String>) -> Self {
        self.leave.push(group.into());
        self
    }

    /// Means groups that roles can be given to as well.
    #[must_use]
    pub const fn for_roles(mut self) -> Self {
        self.for_roles = ForRoles::Meant;
        self
    }

    /// The plan for one user. Groups that are as wished are left out.
    ///
    /// # Errors
    /// `NotFound` for an unknown group; `Invalid` for one whose members are decided elsewhere, with where, and where
    /// nothing would change; `Denied` for one that roles can be given to, unless it is meant, and for an account that
    /// is to be left alone.
    pub fn plan(&self, facts: &Facts, protection: &Protection) -> Result<Plan, Refused> {
        let person = facts.present()?;
        let mut plan = Plan::new(facts.tenant, Action::Groups, person.subject());
        let is_in = |id: &str| {
            person
                .groups
                .iter()
                .any(|group| group.id.eq_ignore_ascii_case(id))
        };
        for (ids, wanted) in [(&self.join, true), (&self.leave, false)] {
            for id in ids {
                if is_in(id) == wanted {
                    continue;
                }
                self.check(facts, id)?;
                let (user, group) = (person.whom(), id.clone());
                plan.push(if wanted {
                    StepKind::AddMember { user, group }
                } else {
                    protection.check(facts, person, Harm::of_leaving(facts, id))?;
                    StepKind::RemoveMember { user, group }
                });
            }
        }
        for owned in person
            .owned()
            .filter(|owned| owned.is_last == Some(true) && self.leave.contains(&owned.group))
        {
            plan.warn(format!(
                "`{}` has no other owner; its member goes, its owner stays",
                owned.name
            ));
        }
        Ok(plan.not_empty()?.naming(&facts.group_names()))
    }

    pub(super) fn check(&self, facts: &Facts, id: &str) -> Result<(), Refused> {
        let group = facts.group(id)?;
        leavable(group)?;
        if group.is_assignable_to_role == Some(true) && self.for_roles == ForRoles::Refused {
            return Err(Reason::GroupIsForRoles.with(
                format!(
                    "directory roles can be given to `{}`",
                    group.display_name.as_deref().unwrap_or(id)
                ),
                "say that groups for roles are meant; it takes a Privileged Role Administrator",
            ));
        }
        Ok(())
    }
}
