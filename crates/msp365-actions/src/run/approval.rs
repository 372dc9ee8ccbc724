//! Who has to say yes before a plan may run.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    Plan,
    plan::{Action, Risk},
};

/// What a gate says of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// It may run.
    Approved,
    /// It waits until somebody approves it.
    Waits,
    /// It may not run, for this reason.
    Refused(String),
}

/// Decides which plans need somebody's approval, and whose. A host puts its own rules here: windows of time, levels.
#[async_trait]
pub trait ApprovalGate: Send + Sync + 'static {
    /// What becomes of a plan that this person wants.
    async fn ask(&self, plan: &Plan, actor: &str, now: Timestamp) -> Decision;

    /// Whether this person's word lets the plan of that person run.
    fn may_approve(&self, plan: &Plan, actor: &str, by: &str) -> bool;
}

/// Every plan may run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Open;

#[async_trait]
impl ApprovalGate for Open {
    async fn ask(&self, _: &Plan, _: &str, _: Timestamp) -> Decision {
        Decision::Approved
    }

    fn may_approve(&self, _: &Plan, _: &str, _: &str) -> bool {
        true
    }
}

/// Plans from this risk on, and those of these actions, wait for a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TwoPersons {
    /// The least risk that needs a second person.
    pub from: Risk,
    /// Actions that need one whatever their risk.
    pub always: Vec<Action>,
}

impl TwoPersons {
    /// From this risk on.
    pub const fn from(risk: Risk) -> Self {
        Self {
            from: risk,
            always: Vec::new(),
        }
    }

    /// These actions too.
    #[must_use]
    pub fn always(mut self, action: Action) -> Self {
        self.always.push(action);
        self
    }
}

#[async_trait]
impl ApprovalGate for TwoPersons {
    async fn ask(&self, plan: &Plan, _: &str, _: Timestamp) -> Decision {
        if plan.risk() >= self.from || self.always.contains(&plan.action) {
            Decision::Waits
        } else {
            Decision::Approved
        }
    }

    fn may_approve(&self, _: &Plan, actor: &str, by: &str) -> bool {
        !by.is_empty() && !by.eq_ignore_ascii_case(actor)
    }
}
