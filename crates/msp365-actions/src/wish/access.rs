//! Forbidding and allowing sign-in, and ending sessions.

use msp365_graph::users::UserEdit;

use crate::{
    Facts, Plan, Protection, Refused,
    plan::{Action, IfChanged, StepKind},
    protection::Harm,
};

/// What a person says who wonders why somebody is still signed in.
pub(super) const AN_HOUR: &str = "who is signed in may keep access for up to 60 minutes";

/// A change of whether, and how long, a user may be signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Forbids signing in.
    Block,
    /// Forbids signing in, and ends all sessions after that.
    BlockAndRevoke,
    /// Allows signing in.
    Unblock,
    /// Ends all sessions; signing in again stays allowed.
    Revoke,
}

impl Access {
    /// The plan for one user.
    ///
    /// # Errors
    /// `Invalid` where it would change nothing, or for a user mastered on-premises; `Denied` for an account that is
    /// to be left alone.
    pub fn plan(self, facts: &Facts, protection: &Protection) -> Result<Plan, Refused> {
        let person = facts.present()?;
        let (action, harm) = match self {
            Self::Block | Self::BlockAndRevoke => (Action::Block, Harm::SignIn),
            Self::Unblock => (Action::Unblock, Harm::Other),
            Self::Revoke => (Action::Revoke, Harm::Other),
        };
        if self != Self::Unblock {
            protection.check(facts, person, harm)?;
        }
        let mut plan = Plan::new(facts.tenant, action, person.subject());
        let is_enabled = person.user.account_enabled;
        let wanted = match self {
            Self::Block | Self::BlockAndRevoke => Some(false),
            Self::Unblock => Some(true),
            Self::Revoke => None,
        };
        if let Some(wanted) = wanted.filter(|wanted| is_enabled != Some(*wanted)) {
            person.check_cloud("change whether signing in is allowed")?;
            plan.push(StepKind::UpdateUser {
                user: person.whom(),
                edit: UserEdit::enabling(wanted).into(),
                was: is_enabled.map(UserEdit::enabling).unwrap_or_default().into(),
                if_changed: IfChanged::Overwrite,
            });
        }
        if matches!(self, Self::BlockAndRevoke | Self::Revoke) {
            plan.push(StepKind::RevokeSessions { user: person.whom() });
        }
        if wanted != Some(true) {
            plan.warn(AN_HOUR);
        }
        plan.not_empty()
    }
}
