//! Who may change a stored plan, and when: the rules that every store keeps to.

use jiff::Timestamp;

use crate::{Error, IntentRecord, IntentState, PlanRecord, PlanState, Result};

/// A change of how a plan stands.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PlanChange {
    /// How it has to stand before.
    pub from: Vec<PlanState>,
    /// How it stands after that.
    pub to: PlanState,
    /// The fence of who works on it; without one, whoever changes it.
    pub fence: Option<i64>,
    /// Its terms after that; without any they stay.
    pub terms: Option<serde_json::Value>,
}

impl PlanChange {
    /// From one of these states to this one.
    pub fn new(from: impl IntoIterator<Item = PlanState>, to: PlanState) -> Self {
        Self {
            from: from.into_iter().collect(),
            to,
            fence: None,
            terms: None,
        }
    }

    /// By who works on the plan.
    #[must_use]
    pub const fn fence(mut self, fence: i64) -> Self {
        self.fence = Some(fence);
        self
    }

    /// With these terms after that.
    #[must_use]
    pub fn terms(mut self, terms: serde_json::Value) -> Self {
        self.terms = Some(terms);
        self
    }
}

impl PlanRecord {
    /// Takes the plan until a moment: the rule of every store. Answers the fence.
    ///
    /// # Errors
    /// `Conflict` if it is claimed, waits, or is over.
    pub fn claim(&mut self, now: Timestamp, until: Timestamp) -> Result<i64> {
        if !self.state.may_run() {
            return Err(self.stands());
        }
        if self.claimed_until.is_some_and(|until| now < until) {
            return Err(Error::Claimed { plan: self.id });
        }
        self.fence += 1;
        self.claimed_until = Some(until);
        Ok(self.fence)
    }

    /// Changes how it stands: the rule of every store. Without a fence whoever works on it keeps the claim, so that the
    /// step that is on its way is still stored.
    pub(crate) fn change(&mut self, change: &PlanChange) -> Result<()> {
        self.is_held_by(change.fence)?;
        if !change.from.contains(&self.state) {
            return Err(self.stands());
        }
        self.state = change.to;
        self.claimed_until = None;
        if let Some(terms) = &change.terms {
            self.terms.clone_from(terms);
        }
        Ok(())
    }

    /// Whether a step may be stored as it is: the rule of every store.
    pub(crate) fn takes(&self, intent: &IntentRecord, fence: i64) -> Result<()> {
        self.is_held_by(Some(fence))?;
        if intent.state == IntentState::Sent && !self.state.may_run() {
            return Err(self.stands());
        }
        Ok(())
    }

    fn is_held_by(&self, fence: Option<i64>) -> Result<()> {
        match fence {
            Some(fence) if fence != self.fence => Err(Error::Claimed { plan: self.id }),
            _ => Ok(()),
        }
    }

    const fn stands(&self) -> Error {
        Error::Stands {
            plan: self.id,
            found: self.state,
        }
    }
}
