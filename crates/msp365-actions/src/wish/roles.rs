//! Giving and taking directory roles.

use msp365_graph::role_assignments::{RoleAssignment, TENANT};

use crate::{
    Facts, Plan, Protection, Refused,
    facts::{GLOBAL_ADMINISTRATOR, Person},
    plan::{Action, StepKind},
    protection::Harm,
};

/// Directory roles to give and to take in the whole tenant, by the ids of their definitions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Roles {
    /// Roles to give.
    pub give: Vec<String>,
    /// Roles to take, wherever they count.
    pub take: Vec<String>,
}

impl Roles {
    /// Gives a role.
    #[must_use]
    pub fn give(mut self, role: impl Into<String>) -> Self {
        self.give.push(role.into());
        self
    }

    /// Takes a role.
    #[must_use]
    pub fn take(mut self, role: impl Into<String>) -> Self {
        self.take.push(role.into());
        self
    }

    /// The plan for one user.
    ///
    /// # Errors
    /// `Invalid` where nothing would change; `Denied` for an account that is to be left alone.
    pub fn plan(&self, facts: &Facts, protection: &Protection) -> Result<Plan, Refused> {
        let person = facts.present()?;
        let mut plan = Plan::new(facts.tenant, Action::Roles, person.subject());
        for role in &self.give {
            if !person
                .roles
                .iter()
                .any(|own| own.is_tenant_wide() && is(own, role))
            {
                plan.push(StepKind::AssignRole {
                    user: person.whom(),
                    role: role.clone(),
                    scope: TENANT.to_owned(),
                });
            }
        }
        for own in person
            .roles
            .iter()
            .filter(|own| self.take.iter().any(|role| is(own, role)))
        {
            let harm = if is(own, GLOBAL_ADMINISTRATOR) {
                Harm::Role
            } else {
                Harm::Other
            };
            protection.check(facts, person, harm)?;
            plan.push(removal(person, own));
        }
        plan.not_empty()
    }
}

fn is(own: &RoleAssignment, role: &str) -> bool {
    own.role_definition_id
        .as_deref()
        .is_some_and(|own| own.eq_ignore_ascii_case(role))
}

pub(super) fn removal(person: &Person, own: &RoleAssignment) -> StepKind {
    StepKind::RemoveRole {
        user: person.whom(),
        role: own.role_definition_id.clone().unwrap_or_default(),
        scope: own
            .directory_scope_id
            .clone()
            .unwrap_or_else(|| TENANT.to_owned()),
        assignment: own.id.clone(),
    }
}
