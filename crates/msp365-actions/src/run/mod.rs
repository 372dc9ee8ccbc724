//! Running plans: each step is stored before it is sent, and looked into where its answer was lost.

mod admit;
mod approval;
mod decide;
mod doubt;
mod drive;
mod judge;
mod outcome;
mod stages;
mod terms;
mod told;

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use msp365_client::TenantClient;
use msp365_core::{Clock, Random, random};
use msp365_store::{
    Error as StoreError, IntentState, IntentStore, PlanChange, PlanRecord, PlanState, TenantStore,
};
use uuid::Uuid;

pub use approval::{ApprovalGate, Decision, Open, TwoPersons};
pub(crate) use judge::WINDOW;
pub use outcome::{Outcome, StepOutcome, StepState};
pub(crate) use stages::derived;
use terms::Terms;

use crate::{Activity, ActivityLog, Delivery, Error, PasswordRules, Plan, Protection};

/// How long a plan may wait from being stored to being run to its end.
const AGE: SignedDuration = SignedDuration::from_hours(24);
/// How long a worker holds a plan without a sign of life. No single wait between two steps is that long.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// Stores, runs, resumes and records plans. Cheap to clone.
#[derive(Clone)]
pub struct Runner {
    store: Arc<dyn IntentStore>,
    tenants: Option<Arc<dyn TenantStore>>,
    log: ActivityLog,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    gate: Arc<dyn ApprovalGate>,
    delivery: Delivery,
    rules: PasswordRules,
    protection: Protection,
    by: Option<String>,
}

/// Who holds a plan that is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    /// Whoever takes it.
    Nobody,
    /// Who stores it.
    Own,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner")
            .field("delivery", &self.delivery)
            .finish_non_exhaustive()
    }
}

impl Runner {
    /// A runner over this store. The randomness becomes passwords: it has to be the operating system's.
    pub fn new(
        store: Arc<dyn IntentStore>,
        log: ActivityLog,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            store,
            tenants: None,
            log,
            clock,
            random,
            gate: Arc::new(Open),
            delivery: Delivery::default(),
            rules: PasswordRules::default(),
            protection: Protection::new(),
            by: None,
        }
    }

    /// Binds plans to the epoch of their tenant, so that none runs after the tenant was taken out of sync.
    #[must_use]
    pub fn tenants(mut self, tenants: Arc<dyn TenantStore>) -> Self {
        self.tenants = Some(tenants);
        self
    }

    /// Asks this before a plan may run; without it every plan may.
    #[must_use]
    pub fn gate(mut self, gate: Arc<dyn ApprovalGate>) -> Self {
        self.gate = gate;
        self
    }

    /// Hands secrets over in this way; without it as values that show themselves once.
    #[must_use]
    pub fn delivery(mut self, delivery: Delivery) -> Self {
        self.delivery = delivery;
        self
    }

    /// Makes passwords by these rules.
    #[must_use]
    pub const fn passwords(mut self, rules: PasswordRules) -> Self {
        self.rules = rules;
        self
    }

    /// Leaves these accounts alone, too, whatever a plan was made with. What is named here when a plan is stored is stored
    /// with it. The last Global Administrator is left alone without being named.
    #[must_use]
    pub fn protection(mut self, protection: Protection) -> Self {
        self.protection = protection;
        self
    }

    /// The accounts that are left alone.
    pub const fn protected(&self) -> &Protection {
        &self.protection
    }

    /// Records this person as who goes on with stored plans.
    #[must_use]
    pub fn on_behalf_of(mut self, person: impl Into<String>) -> Self {
        self.by = Some(person.into());
        self
    }

    /// Who goes on with stored plans, where that was said.
    pub fn behalf(&self) -> Option<&str> {
        self.by.as_deref()
    }

    /// Adds to the activity log that this runner writes.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    pub async fn record(&self, activity: &Activity) -> Result<(), Error> {
        self.log.add(activity).await?;
        Ok(())
    }

    /// What is to be recorded of an attempt at a plan that is not stored.
    pub fn attempt(&self, plan: &Plan, actor: &str, outcome: &str) -> Activity {
        let target = self.log.target(plan.subject.key());
        Activity::new(actor, plan.action.as_str(), outcome).on(plan.tenant, target)
    }

    /// Stores a plan for this person, and answers its id. It waits where the gate says so. The key that secrets are sealed
    /// to, and the accounts that are left alone, are stored with it.
    ///
    /// # Errors
    /// `Denied` where the gate says no; `Storage` if the database failed.
    pub async fn submit(&self, plan: &Plan, actor: &str) -> Result<Uuid, Error> {
        let id = random::uuid(&*self.random);
        Ok(self.keep(id, plan, actor, Hold::Nobody).await?.id)
    }

    /// Stores a plan under an id that was chosen before.
    pub(crate) async fn keep(
        &self,
        id: Uuid,
        plan: &Plan,
        actor: &str,
        hold: Hold,
    ) -> Result<PlanRecord, Error> {
        let now = self.now();
        let decision = self.gate.ask(plan, actor, now).await;
        let from = plan.not_before.unwrap_or(now).max(now);
        let expires = from.checked_add(AGE).unwrap_or(Timestamp::MAX);
        let mut record = PlanRecord::new(id, plan.tenant, now, expires);
        actor.clone_into(&mut record.actor);
        plan.action.as_str().clone_into(&mut record.action);
        plan.subject.key().clone_into(&mut record.subject);
        record.not_before = plan.not_before;
        record.state = match &decision {
            Decision::Approved => PlanState::Ready,
            Decision::Waits => PlanState::Waiting,
            Decision::Refused(_) => PlanState::Cancelled,
        };
        if let Some(tenants) = &self.tenants {
            record.epoch = tenants
                .tenant(&plan.tenant)
                .await?
                .map_or(0, |tenant| tenant.epoch);
        }
        record.body = serde_json::to_value(plan).map_err(|source| Error::Stored { plan: id, source })?;
        record.terms = Terms::new(&self.delivery, &self.protection).value(&record)?;
        if hold == Hold::Own && from <= now && decision == Decision::Approved {
            record.claim(now, self.lease())?;
        }
        let steps = u32::try_from(plan.steps.len()).unwrap_or(u32::MAX);
        self.store.add_plan(&record, steps).await?;
        if let Decision::Refused(reason) = decision {
            let error = Error::Disapproved { plan: id, reason };
            self.note_refusal(&record, &error).await?;
            return Err(error);
        }
        self.note(&record, actor, record.state.as_str()).await?;
        Ok(record)
    }

    /// Stores a plan and runs it at once. Nobody else gets hold of it in between.
    ///
    /// # Errors
    /// As of [`submit`](Self::submit) and [`resume`](Self::resume).
    pub async fn run(&self, tenant: &TenantClient, plan: &Plan, actor: &str) -> Result<Outcome, Error> {
        if tenant.id() != plan.tenant {
            return Err(Error::OtherTenant);
        }
        let id = random::uuid(&*self.random);
        let record = self.keep(id, plan, actor, Hold::Own).await?;
        self.run_kept(tenant, record, plan).await
    }

    /// Runs a plan that was just stored to be held by who stored it.
    pub(crate) async fn run_kept(
        &self,
        tenant: &TenantClient,
        record: PlanRecord,
        plan: &Plan,
    ) -> Result<Outcome, Error> {
        if record.claimed_until.is_none() {
            return self.resume(tenant, &record.id).await;
        }
        let fence = record.fence;
        self.work(tenant, (record, plan.clone()), fence).await
    }

    /// Runs a stored plan, from its first step that is not settled on. Steps that may have been sent before are looked
    /// into first, and never sent again blindly. The gate is asked again, and who is left alone is looked at right before
    /// each step that would do harm. Secrets are sealed to the key that was stored with the plan, if one was.
    ///
    /// Dropping the future is like a crash: the plan can be resumed, five minutes later by anybody.
    ///
    /// # Errors
    /// `NotFound` for an unknown plan; `Conflict` if it is in other hands, too early, expired, over, or of an older
    /// epoch of its tenant; `Denied` while it waits for approval, and where the gate says no; `Invalid` for the client of
    /// another tenant; `Storage` if the database failed, unless a secret was made by then: it comes with an outcome that
    /// says why it stopped.
    pub async fn resume(&self, tenant: &TenantClient, id: &Uuid) -> Result<Outcome, Error> {
        let stored = self.stored(id).await?;
        if tenant.id() != stored.1.tenant {
            return Err(Error::OtherTenant);
        }
        let may_run = self.may_run(&stored.0);
        if let Err(Error::Expired { .. }) = may_run {
            self.mark_expired(&stored.0).await?;
        }
        may_run?;
        let fence = self.store.claim_plan(id, self.now(), self.lease()).await?;
        self.ask_again(&stored, fence).await?;
        if let Some(by) = &self.by {
            self.note(&stored.0, by, "resumed").await?;
        }
        self.work(tenant, stored, fence).await
    }

    async fn work(
        &self,
        tenant: &TenantClient,
        stored: (PlanRecord, Plan),
        fence: i64,
    ) -> Result<Outcome, Error> {
        let drive = drive::Drive::new(self, tenant, stored, fence).await?;
        Ok(Box::pin(drive.run()).await?.within_whole())
    }

    /// Says how a plan stands that was worked on. One that was cancelled meanwhile stays so.
    async fn end_work(&self, id: &Uuid, state: PlanState, fence: i64) -> Result<(), Error> {
        let from = [PlanState::Ready, PlanState::Open, PlanState::Refused];
        let change = PlanChange::new(from, state).fence(fence);
        match self.store.change_plan(id, &change).await {
            Err(StoreError::Stands { .. }) => Ok(()),
            ended => Ok(ended?),
        }
    }

    fn may_run(&self, record: &PlanRecord) -> Result<(), Error> {
        let (plan, now) = (record.id, self.now());
        match record.state {
            PlanState::Waiting => return Err(Error::NotApproved { plan }),
            PlanState::Cancelled | PlanState::Done => return Err(Error::Over { plan }),
            PlanState::Expired => {
                return Err(Error::Expired {
                    plan,
                    at: record.expires_at,
                });
            }
            _ => {}
        }
        match record.not_before {
            Some(at) if now < at => Err(Error::TooEarly { plan, at }),
            _ if now >= record.expires_at => Err(Error::Expired {
                plan,
                at: record.expires_at,
            }),
            _ => Ok(()),
        }
    }

    /// A stored plan, or `None`.
    pub(crate) async fn find(&self, id: &Uuid) -> Result<Option<PlanRecord>, Error> {
        Ok(self.store.plan(id).await?)
    }

    async fn stored(&self, id: &Uuid) -> Result<(PlanRecord, Plan), Error> {
        let record = self.store.plan(id).await?.ok_or(Error::Unknown { plan: *id })?;
        let plan = serde_json::from_value(record.body.clone())
            .map_err(|source| Error::Stored { plan: *id, source })?;
        Ok((record, plan))
    }

    async fn note(&self, record: &PlanRecord, actor: &str, outcome: &str) -> Result<(), Error> {
        self.record(&self.about(record, actor, outcome)).await
    }

    /// What is to be recorded of a stored plan.
    pub fn about(&self, record: &PlanRecord, actor: &str, outcome: &str) -> Activity {
        let target = self.log.target(&record.subject);
        let mut activity = Activity::new(actor, &record.action, outcome).on(record.tenant, target);
        activity.plan = Some(record.id);
        activity
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn lease(&self) -> Timestamp {
        self.now().checked_add(LEASE).unwrap_or(Timestamp::MAX)
    }

    pub(crate) async fn sleep(&self, span: Duration) {
        self.clock.sleep(span).await;
    }
}

/// Whether a step needs nothing any more.
const fn is_settled(state: IntentState) -> bool {
    matches!(state, IntentState::Applied | IntentState::Rejected)
}
