//! Running plans: each step is stored before it is sent, and looked into where its answer was lost.

mod approval;
mod doubt;
mod drive;
mod judge;
mod outcome;
mod told;

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use msp365_client::TenantClient;
use msp365_core::{Clock, Random, random};
use msp365_store::{IntentState, IntentStore, PlanFilter, PlanRecord, PlanState, TenantStore};
use uuid::Uuid;

pub use approval::{ApprovalGate, Decision, Open, TwoPersons};
pub(crate) use judge::WINDOW;
pub use outcome::{Outcome, StepOutcome, StepState};

use crate::{Activity, ActivityLog, Delivery, Error, PasswordRules, Plan, StepKind};

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

    /// Stores a plan for this person, and answers its id. It waits where the gate says so.
    ///
    /// # Errors
    /// `Denied` where the gate says no; `Storage` if the database failed.
    pub async fn submit(&self, plan: &Plan, actor: &str) -> Result<Uuid, Error> {
        self.submit_as(random::uuid(&*self.random), plan, actor).await
    }

    /// The same under an id that was chosen before.
    pub(crate) async fn submit_as(&self, id: Uuid, plan: &Plan, actor: &str) -> Result<Uuid, Error> {
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
        let steps = u32::try_from(plan.steps.len()).unwrap_or(u32::MAX);
        self.store.add_plan(&record, steps).await?;
        self.note(&record, actor, record.state.as_str()).await?;
        match decision {
            Decision::Refused(reason) => Err(Error::Disapproved { plan: id, reason }),
            _ => Ok(id),
        }
    }

    /// Stores a plan and runs it at once.
    ///
    /// # Errors
    /// As of [`submit`](Self::submit) and [`resume`](Self::resume).
    pub async fn run(&self, tenant: &TenantClient, plan: &Plan, actor: &str) -> Result<Outcome, Error> {
        let id = self.submit(plan, actor).await?;
        self.resume(tenant, &id).await
    }

    /// Stores the first stages of a plan and runs these alone; the outcome is one of the whole plan. What is left of it,
    /// by [`Outcome::rest`], is run next in the same way, once somebody has looked: its first stage holds what did not
    /// succeed, without what is done. Nothing runs by itself between stages, and after a crash `resume` goes on with
    /// the stages that were begun: [`Outcome::within`] makes its outcome one of the whole plan.
    ///
    /// # Errors
    /// As of [`run`](Self::run); `Invalid` for no stage.
    pub async fn run_stages(
        &self,
        tenant: &TenantClient,
        plan: &Plan,
        upto: usize,
        actor: &str,
    ) -> Result<Outcome, Error> {
        let head = plan.head(upto).not_empty()?;
        Ok(self.run(tenant, &head, actor).await?.within(plan))
    }

    /// Runs a stored plan, from its first step that is not settled on. Steps that may have been sent before are looked
    /// into first, and never sent again blindly.
    ///
    /// Dropping the future is like a crash: the plan can be resumed, five minutes later by anybody.
    ///
    /// # Errors
    /// `NotFound` for an unknown plan; `Conflict` if it is in other hands, too early, expired, over, or of an older
    /// epoch of its tenant; `Denied` while it waits for approval; `Invalid` for the client of another tenant; `Storage`
    /// if the database failed, unless a secret was made by then: it comes with an outcome that says why it stopped.
    pub async fn resume(&self, tenant: &TenantClient, id: &Uuid) -> Result<Outcome, Error> {
        let (record, plan) = self.stored(id).await?;
        if tenant.id() != plan.tenant {
            return Err(Error::OtherTenant);
        }
        self.may_run(&record)?;
        let now = self.now();
        let fence = self.store.claim_plan(id, now, self.lease()).await?;
        let drive = drive::Drive::new(self, tenant, (record, plan), fence).await?;
        Box::pin(drive.run()).await
    }

    /// Ends the hold that another worker has on a plan, which is known to have ended, so that it need not be waited for
    /// until the hold ends by itself. A worker that goes on all the same stores nothing any more, and so sends nothing.
    ///
    /// # Errors
    /// `NotFound` for an unknown plan; `Conflict` if it is of an older epoch of its tenant; `Storage` if the database
    /// failed.
    pub async fn take_over(&self, id: &Uuid) -> Result<(), Error> {
        let (record, _) = self.stored(id).await?;
        let now = self.now();
        let free = record.claimed_until.map_or(now, |until| until.max(now));
        self.store.claim_plan(id, free, now).await?;
        Ok(())
    }

    /// How a stored plan stands, without running it. Secrets are never among it.
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
        Ok(Outcome {
            id: *id,
            steps: intents.iter().map(told::outcome_of).collect(),
            made_at: made_at.or(plan.made_at),
            plan,
            secrets: std::collections::BTreeMap::new(),
            stopped: None,
        })
    }

    /// The stored plans that may run now: scheduled ones whose time has come, and those that were cut off.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    pub async fn due(&self) -> Result<Vec<PlanRecord>, Error> {
        let now = self.now();
        let mut due = Vec::new();
        for state in [PlanState::Ready, PlanState::Open] {
            let filter = PlanFilter::all().state(state).due_at(now);
            due.extend(self.store.plans(&filter).await?);
        }
        due.retain(|plan| plan.claimed_until.is_none_or(|until| until <= now));
        Ok(due)
    }

    /// Lets a waiting plan run, in the name of this person.
    ///
    /// # Errors
    /// `Denied` where the gate does not take this person's word; `Conflict` if the plan does not wait; `NotFound` for an
    /// unknown plan; `Storage` if the database failed.
    pub async fn approve(&self, id: &Uuid, by: &str) -> Result<(), Error> {
        let (record, plan) = self.stored(id).await?;
        if record.state != PlanState::Waiting {
            return Err(Error::Over { plan: *id });
        }
        if !self.gate.may_approve(&plan, &record.actor, by) {
            return Err(Error::NotApproved { plan: *id });
        }
        self.store.set_plan_state(id, PlanState::Ready, None).await?;
        self.note(&record, by, "approved").await
    }

    /// Keeps a plan from running, or from going on: what happened stays.
    ///
    /// # Errors
    /// `NotFound` for an unknown plan; `Storage` if the database failed.
    pub async fn cancel(&self, id: &Uuid, by: &str) -> Result<(), Error> {
        let (record, _) = self.stored(id).await?;
        self.store.set_plan_state(id, PlanState::Cancelled, None).await?;
        self.note(&record, by, "cancelled").await
    }

    fn may_run(&self, record: &PlanRecord) -> Result<(), Error> {
        let (plan, now) = (record.id, self.now());
        match record.state {
            PlanState::Waiting => return Err(Error::NotApproved { plan }),
            PlanState::Cancelled | PlanState::Done => return Err(Error::Over { plan }),
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
        let mut activity = Activity::new(actor, &record.action, outcome).on(record.tenant, &record.subject);
        activity.plan = Some(record.id);
        self.log.add(&activity).await?;
        Ok(())
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
