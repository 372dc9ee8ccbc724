//! What people and time decide about stored plans: approved, cancelled, gone by.

use std::collections::BTreeMap;

use msp365_store::{Error as StoreError, IntentState, PlanChange, PlanFilter, PlanRecord, PlanState};
use uuid::Uuid;

use super::{Decision, Outcome, Runner, is_settled, terms::Terms, told};
use crate::{Activity, Delivery, Error, Plan, StepKind, plan};

/// Who is recorded for what time alone decided.
const NOBODY: &str = "msp365";
/// How a plan stands that may still run, one day.
const OPEN: [PlanState; 4] = [
    PlanState::Waiting,
    PlanState::Ready,
    PlanState::Open,
    PlanState::Refused,
];

impl Runner {
    /// The stored plans that may run now: scheduled ones whose time has come, and those that were cut off. Those whose time
    /// went by are [marked](Self::expire) first.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    pub async fn due(&self) -> Result<Vec<PlanRecord>, Error> {
        self.expire().await?;
        let now = self.now();
        let mut due = Vec::new();
        for state in [PlanState::Ready, PlanState::Open] {
            let filter = PlanFilter::all().state(state).due_at(now);
            due.extend(self.store.plans(&filter).await?);
        }
        due.retain(|plan| plan.claimed_until.is_none_or(|until| until <= now));
        Ok(due)
    }

    /// Marks the plans whose time went by, each with a record, and answers them.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    pub async fn expire(&self) -> Result<Vec<PlanRecord>, Error> {
        let now = self.now();
        let mut expired = Vec::new();
        for state in OPEN {
            for plan in self.store.plans(&PlanFilter::all().state(state)).await? {
                let is_held = plan.claimed_until.is_some_and(|until| now < until);
                if !is_held && plan.expires_at <= now && self.mark_expired(&plan).await? {
                    expired.push(plan);
                }
            }
        }
        Ok(expired)
    }

    /// `false` if somebody else decided about it meanwhile.
    pub(super) async fn mark_expired(&self, plan: &PlanRecord) -> Result<bool, Error> {
        let change = PlanChange::new([plan.state], PlanState::Expired).fence(plan.fence);
        match self.store.change_plan(&plan.id, &change).await {
            Ok(()) => {}
            Err(StoreError::Claimed { .. } | StoreError::Stands { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        self.note(plan, NOBODY, "expired").await?;
        Ok(true)
    }

    /// Ends the hold that another worker has on a plan, which is known to have ended, so that it need not be waited for
    /// until the hold ends by itself. A worker that goes on all the same stores nothing any more, and so sends nothing. It
    /// is recorded in the name of who [goes on](Self::on_behalf_of).
    ///
    /// # Errors
    /// `NotFound` for an unknown plan; `Conflict` if it is of an older epoch of its tenant; `Storage` if the database
    /// failed.
    pub async fn take_over(&self, id: &Uuid) -> Result<(), Error> {
        let (record, _) = self.stored(id).await?;
        let now = self.now();
        let free = record.claimed_until.map_or(now, |until| until.max(now));
        self.store.claim_plan(id, free, now).await?;
        self.note(&record, self.behalf().unwrap_or(NOBODY), "taken_over")
            .await
    }

    /// How a stored plan stands, without running it; of first stages that were run alone, how the whole stands. Secrets are
    /// never among it.
    ///
    /// # Errors
    /// `NotFound` for an unknown plan; `Storage` if the database failed.
    pub async fn progress(&self, id: &Uuid) -> Result<Outcome, Error> {
        let (_, plan) = self.stored(id).await?;
        let intents = self.store.intents(id).await?;
        let made_at = intents.iter().zip(&plan.steps).find_map(|(intent, step)| {
            let makes = matches!(
                step.kind,
                StepKind::CreateUser { .. } | StepKind::RestoreUser { .. }
            );
            intent
                .settled_at
                .filter(|_| makes && intent.state == IntentState::Applied)
        });
        let outcome = Outcome {
            id: *id,
            steps: intents.iter().map(told::outcome_of).collect(),
            made_at: made_at.or(plan.made_at),
            plan,
            secrets: BTreeMap::new(),
            stopped: None,
        };
        Ok(outcome.within_whole())
    }

    /// Lets a waiting plan run, in the name of this person, who is not the one who wants it.
    ///
    /// # Errors
    /// `Denied` where the gate does not take this person's word, and for who wants the plan, and nobody; `Conflict` if the
    /// plan does not wait; `NotFound` for an unknown plan; `Storage` if the database failed.
    pub async fn approve(&self, id: &Uuid, by: &str) -> Result<(), Error> {
        let (record, plan) = self.stored(id).await?;
        if record.state != PlanState::Waiting {
            return Err(Error::Over { plan: *id });
        }
        let by = by.trim();
        let is_other = !by.is_empty() && by.to_lowercase() != record.actor.trim().to_lowercase();
        if !is_other || !self.gate.may_approve(&plan, &record.actor, by) {
            let error = Error::NotApproved { plan: *id };
            let who = if by.is_empty() { NOBODY } else { by };
            let attempt = self.about(&record, who, "refused");
            self.record(&attempt.because(error.kind(), "approval")).await?;
            return Err(error);
        }
        let mut terms = Terms::of(&record)?;
        terms.approved_by = Some(by.to_owned());
        let change = PlanChange::new([PlanState::Waiting], PlanState::Ready).terms(terms.value(&record)?);
        self.store.change_plan(id, &change).await?;
        self.note(&record, by, "approved").await
    }

    /// Keeps a plan from running, or from going on before its next step: what happened stays, and how a step ends that is
    /// on its way is still stored.
    ///
    /// # Errors
    /// `Conflict` if the plan is done or was cancelled before; `NotFound` for an unknown plan; `Storage` if the database
    /// failed.
    pub async fn cancel(&self, id: &Uuid, by: &str) -> Result<(), Error> {
        let (record, _) = self.stored(id).await?;
        let from = OPEN.into_iter().chain([PlanState::Expired]);
        self.store
            .change_plan(id, &PlanChange::new(from, PlanState::Cancelled))
            .await?;
        self.note(&record, by, "cancelled").await
    }

    /// Says that a plan would be refused, as was found out beforehand: it is not [due](Self::due) any more. A person may
    /// still run it, until its time has gone by. A plan that somebody works on stays as it is.
    ///
    /// # Errors
    /// `NotFound` for an unknown plan; `Storage` if the database failed.
    pub async fn refuse(&self, id: &Uuid, activity: &Activity) -> Result<(), Error> {
        let (record, _) = self.stored(id).await?;
        self.record(activity).await?;
        let is_held = record.claimed_until.is_some_and(|until| self.now() < until);
        if is_held {
            return Ok(());
        }
        let change =
            PlanChange::new([PlanState::Ready, PlanState::Open], PlanState::Refused).fence(record.fence);
        match self.store.change_plan(id, &change).await {
            Ok(()) | Err(StoreError::Claimed { .. } | StoreError::Stands { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether what is left of a stored plan makes a password or a pass that would be shown to whoever runs it: neither
    /// the plan nor this runner names a key to seal it to. A program that runs what is due leaves such a plan to a person.
    ///
    /// # Errors
    /// `NotFound` for an unknown plan; `Storage` if the database failed.
    pub async fn would_show_secrets(&self, id: &Uuid) -> Result<bool, Error> {
        let (record, plan) = self.stored(id).await?;
        let delivery = Terms::of(&record)?.delivery(&self.delivery)?;
        if matches!(delivery, Delivery::Sealed(_)) || plan.action == plan::Action::Offboard {
            return Ok(false);
        }
        let intents = self.store.intents(id).await?;
        let mut left = plan.steps.iter().zip(&intents);
        Ok(left.any(|(step, intent)| step.kind.makes_secret() && !is_settled(intent.state)))
    }

    /// Asks the gate whether a plan may be worked on now; what it let once it may have reasons to hold up later. The plan
    /// is claimed: where the gate says no, it is given up.
    pub(super) async fn ask_again(
        &self,
        (record, plan): &(PlanRecord, Plan),
        fence: i64,
    ) -> Result<(), Error> {
        let approved_by = Terms::of(record)?.approved_by;
        let id = record.id;
        let (to, error) = match self.gate.ask(plan, &record.actor, self.now()).await {
            Decision::Approved => return Ok(()),
            Decision::Waits
                if approved_by
                    .as_ref()
                    .is_some_and(|by| self.gate.may_approve(plan, &record.actor, by)) =>
            {
                return Ok(());
            }
            Decision::Waits => (PlanState::Waiting, Error::NotApproved { plan: id }),
            Decision::Refused(reason) => (record.state, Error::Disapproved { plan: id, reason }),
        };
        let change = PlanChange::new([record.state], to).fence(fence);
        self.store.change_plan(&id, &change).await?;
        self.note_refusal(record, &error).await?;
        Err(error)
    }

    /// Records that the gate said no, and why.
    pub(super) async fn note_refusal(&self, record: &PlanRecord, error: &Error) -> Result<(), Error> {
        let (outcome, reason) = match error {
            Error::Disapproved { reason, .. } => ("refused", reason.as_str()),
            _ => (PlanState::Waiting.as_str(), "approval"),
        };
        let activity = self.about(record, &record.actor, outcome);
        self.record(&activity.because(error.kind(), reason)).await
    }
}
