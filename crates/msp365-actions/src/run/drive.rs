//! One worker on one plan.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use msp365_client::TenantClient;
use msp365_core::ErrorKind;
use msp365_store::{Error as StoreError, IntentRecord, IntentState, PlanRecord, PlanState};
use secrecy::SecretString;

use super::{
    Outcome, Runner, StepOutcome, StepState,
    doubt::Doubt,
    is_settled,
    judge::{Context, Next, judge},
    terms::Terms,
    told::{
        about_nobody, as_wished, failure_of, foreign, halted, needs_password, outcome_of, refused,
        told_before,
    },
};
use crate::{
    Activity, Delivery, Error, Handover, Plan, Protection,
    plan::{Place, Seen, StepKind},
    secret,
};

/// The work of one worker on one plan.
pub(super) struct Drive<'a> {
    pub(super) runner: &'a Runner,
    pub(super) tenant: &'a TenantClient,
    pub(super) record: PlanRecord,
    pub(super) plan: Plan,
    fence: i64,
    pub(super) intents: Vec<IntentRecord>,
    steps: Vec<StepOutcome>,
    made: Option<String>,
    /// When the plan made or restored the user.
    fresh_since: Option<Timestamp>,
    secrets: BTreeMap<usize, Handover>,
    /// How these are handed over.
    delivery: Delivery,
    /// Who is left alone, by who stored the plan and by who runs it.
    pub(super) protection: Protection,
    /// Whether this plan alone changes who administers the tenant.
    pub(super) has_turn: bool,
}

/// How the work on one step ended.
pub(super) enum Ended {
    Settled(StepOutcome),
    Stopped(StepOutcome),
}

impl<'a> Drive<'a> {
    pub(super) async fn new(
        runner: &'a Runner,
        tenant: &'a TenantClient,
        (record, plan): (PlanRecord, Plan),
        fence: i64,
    ) -> Result<Self, Error> {
        let intents = runner.store.intents(&record.id).await?;
        let terms = Terms::of(&record)?;
        let steps: Vec<StepOutcome> = intents.iter().map(outcome_of).collect();
        let mut drive = Self {
            runner,
            tenant,
            record,
            fresh_since: plan.made_at,
            plan,
            fence,
            intents,
            steps,
            made: None,
            secrets: BTreeMap::new(),
            delivery: terms.delivery(&runner.delivery)?,
            protection: terms.protection.with(&runner.protection),
            has_turn: false,
        };
        drive.remember();
        drive.complete_records().await?;
        drive.miss_secrets().await?;
        Ok(drive)
    }

    /// Takes up what earlier work has made.
    fn remember(&mut self) {
        for at in 0..self.plan.steps.len() {
            let settled = self
                .intents
                .get(at)
                .filter(|intent| intent.state == IntentState::Applied);
            let Some(settled_at) = settled.map(|intent| intent.settled_at) else {
                continue;
            };
            if let Some(StepKind::CreateUser { .. } | StepKind::RestoreUser { .. }) = self.kind(at) {
                self.fresh_since = settled_at;
                self.made = self
                    .steps
                    .get(at)
                    .and_then(|step| step.id.clone())
                    .or(self.made.take());
            }
        }
    }

    /// Writes the records of steps that were settled right before a crash.
    async fn complete_records(&self) -> Result<(), Error> {
        if self.intents.iter().all(|intent| !is_settled(intent.state)) {
            return Ok(());
        }
        let recorded = self.runner.log.steps_of(&self.record).await?;
        for (at, intent) in self.intents.iter().enumerate() {
            if is_settled(intent.state) && !recorded.contains(&intent.step) {
                self.note(at).await?;
            }
        }
        Ok(())
    }

    /// Says of the secrets that an earlier run made that this one cannot tell them.
    async fn miss_secrets(&mut self) -> Result<(), Error> {
        // Who ends in order gives up the claim.
        let is_cut_off = self.record.claimed_until.is_some();
        let steps = if self.is_untold() { 0 } else { self.steps.len() };
        for at in 0..steps {
            let (Some(kind), Some(settled)) = (self.kind(at), self.steps.get(at)) else {
                continue;
            };
            if let Some(outcome) = told_before(&kind, settled, is_cut_off) {
                self.store(at, IntentState::Applied, outcome).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn run(mut self) -> Result<Outcome, Error> {
        let stopped = match self.work().await {
            Ok(stopped) => stopped,
            // What was made is known to nobody else: it is told, though how it stands could not be stored.
            Err(error) if !self.secrets.is_empty() => Some(format!("it could not be stored: {error}")),
            Err(error) => return Err(error),
        };
        Ok(Outcome {
            id: self.record.id,
            plan: self.plan,
            steps: self.steps,
            secrets: self.secrets,
            stopped,
            made_at: self.fresh_since,
        })
    }

    /// Works on all steps; answers why it stopped before the last, if it did.
    async fn work(&mut self) -> Result<Option<String>, Error> {
        let mut stopped = None;
        for at in 0..self.plan.steps.len() {
            if self.intents.get(at).is_none_or(|intent| is_settled(intent.state)) {
                continue;
            }
            let (Some(step), Some(kind)) = (self.plan.steps.get(at), self.kind(at)) else {
                continue;
            };
            let lacks = step
                .needs
                .iter()
                .any(|need| self.steps.get(*need).is_none_or(|step| !step.state.is_done()));
            if lacks {
                let skipped = StepOutcome::new(StepState::Skipped).saying("a step before it did not succeed");
                self.store(at, IntentState::Planned, skipped).await?;
                continue;
            }
            let ended = self.perform(at, &kind).await?;
            self.end_turn().await?;
            match ended {
                Ended::Settled(outcome) => self.settle(at, &kind, outcome).await?,
                Ended::Stopped(outcome) => {
                    stopped = Some(outcome.words.clone());
                    self.reopen(at, outcome).await?;
                    break;
                }
            }
        }
        let is_over = stopped.is_none() && self.steps.iter().all(|step| step.state != StepState::Unknown);
        let state = if is_over { PlanState::Done } else { PlanState::Open };
        self.runner.end_work(&self.record.id, state, self.fence).await?;
        Ok(stopped)
    }

    fn kind(&self, at: usize) -> Option<StepKind> {
        self.plan.steps.get(at).map(|step| step.kind.clone())
    }

    pub(super) fn place<'p>(&'p self, secret: Option<&'p SecretString>) -> Place<'p> {
        Place {
            endpoints: self.tenant.endpoints(),
            made: self.made.as_deref(),
            secret,
        }
    }

    /// Works on one step until it is settled or the plan has to stop.
    async fn perform(&mut self, at: usize, kind: &StepKind) -> Result<Ended, Error> {
        let mut secret = None;
        let mut refusals = 0;
        // Whether it may have happened by a sending before the present one.
        let mut is_lost = self.is_sent(at);
        let mut doubt = is_lost.then_some(Doubt::Lost);
        if kind.is_about_made() && self.made.is_none() {
            return Ok(Ended::Settled(about_nobody()));
        }
        if !is_lost && let Some(ended) = self.overtaken(kind).await {
            return Ok(ended);
        }
        loop {
            if let Some(doubt) = doubt.take() {
                match self.find_out((at, kind), doubt, secret.as_ref()).await? {
                    Some(outcome) => return Ok(Ended::Settled(self.hand_over(at, outcome, secret)?)),
                    // The name is refused, and nobody who can be seen has it.
                    None if doubt == Doubt::Taken => return Ok(Ended::Settled(foreign(kind, &Seen::Held))),
                    None => self.unsent(at, kind),
                }
            }
            if let Some(ended) = self.admit(kind).await? {
                return Ok(ended);
            }
            if needs_password(kind) && secret.is_none() {
                secret = Some(self.password());
            }
            let since = match self.mark_sent(at).await {
                Err(Error::Store(StoreError::Stands { found, .. })) => return Ok(halted(found)),
                marked => marked?,
            };
            let request = kind.request(&self.place(secret.as_ref()));
            match self.tenant.send(request).await {
                Ok(answered) => {
                    let outcome = self.applied(kind, since, &answered).await;
                    let secret = answered.secret.or(secret);
                    return Ok(Ended::Settled(self.hand_over(at, outcome, secret)?));
                }
                Err(error) => {
                    let failure = failure_of(&error);
                    let context = self.context(since, refusals);
                    match judge(kind, &failure, context) {
                        Next::Look if failure.kind == ErrorKind::OutcomeUnknown => {
                            (doubt, is_lost) = (Some(Doubt::Lost), true);
                        }
                        Next::Look if is_lost => doubt = Some(Doubt::TakenByOurs),
                        Next::Look => doubt = Some(Doubt::Taken),
                        Next::NoChange => return Ok(Ended::Settled(as_wished(&error, is_lost))),
                        Next::Again(wait) => {
                            refusals += 1;
                            self.runner.sleep(wait).await;
                        }
                        Next::Stop => return Ok(Ended::Stopped(refused(kind, &error, &failure))),
                        Next::Reject => return Ok(Ended::Settled(refused(kind, &error, &failure))),
                    }
                }
            }
        }
    }

    /// Whether a step may have been sent by earlier work.
    fn is_sent(&self, at: usize) -> bool {
        let own = self.intents.get(at);
        own.is_some_and(|own| matches!(own.state, IntentState::Sent | IntentState::Unknown))
    }

    /// Forgets when a step was sent that was seen not to have happened, so that what somebody else does before the next
    /// sending is not taken for it. A user is told by its names as well, and may be seen late.
    fn unsent(&mut self, at: usize, kind: &StepKind) {
        if let Some(intent) = self.intents.get_mut(at)
            && !matches!(kind, StepKind::CreateUser { .. })
        {
            intent.sent_at = None;
        }
    }

    fn context(&self, since: Timestamp, refusals: u32) -> Context {
        let now = self.runner.now();
        let age = |from: Timestamp| Duration::try_from(now.duration_since(from)).unwrap_or_default();
        Context {
            fresh_for: self.fresh_since.map(age),
            waited: age(since),
            refusals,
        }
    }

    fn password(&self) -> SecretString {
        let name = self.plan.subject.name.split('@').next().unwrap_or_default();
        let parts: Vec<&str> = name.split(['.', '-', '_']).chain([name]).collect();
        secret::password(self.runner.rules, &*self.runner.random, &parts)
    }

    /// Stores that the step is about to be sent, before its first byte leaves.
    async fn mark_sent(&mut self, at: usize) -> Result<Timestamp, Error> {
        let now = self.runner.now();
        let Some(own) = self.intents.get_mut(at) else {
            return Ok(now);
        };
        let mut intent = own.clone();
        intent.state = IntentState::Sent;
        intent.sends += 1;
        let since = *intent.sent_at.get_or_insert(now);
        self.runner
            .store
            .put_intent(&intent, self.fence, self.runner.lease())
            .await?;
        *own = intent;
        Ok(since)
    }

    /// Packs the secret of a step that succeeded.
    fn hand_over(
        &mut self,
        at: usize,
        outcome: StepOutcome,
        secret: Option<SecretString>,
    ) -> Result<StepOutcome, Error> {
        let makes = self.kind(at).is_some_and(|kind| kind.makes_secret());
        if let Some(secret) = secret.filter(|_| makes && outcome.state.is_done() && !self.is_untold()) {
            let label = format!("plan {} step {at}", self.record.id);
            let packed = self.delivery.pack(secret, &label)?;
            self.secrets.insert(at, packed);
        }
        Ok(outcome)
    }

    async fn settle(&mut self, at: usize, kind: &StepKind, outcome: StepOutcome) -> Result<(), Error> {
        let state = match outcome.state {
            StepState::Applied | StepState::NoChange => IntentState::Applied,
            StepState::Unknown => IntentState::Unknown,
            _ => IntentState::Rejected,
        };
        if outcome.state.is_done()
            && matches!(kind, StepKind::CreateUser { .. } | StepKind::RestoreUser { .. })
        {
            self.fresh_since = Some(self.runner.now());
            self.made = outcome.id.clone().or(self.made.take());
        }
        self.store(at, state, outcome).await?;
        self.note(at).await
    }

    /// Puts back a step that certainly did not happen, for another time.
    async fn reopen(&mut self, at: usize, mut outcome: StepOutcome) -> Result<(), Error> {
        outcome.state = StepState::Planned;
        if let Some(intent) = self.intents.get_mut(at) {
            intent.sent_at = None;
        }
        self.store(at, IntentState::Planned, outcome).await
    }

    async fn store(&mut self, at: usize, state: IntentState, mut outcome: StepOutcome) -> Result<(), Error> {
        let Some(intent) = self.intents.get_mut(at) else {
            return Ok(());
        };
        outcome.sends = intent.sends;
        intent.state = state;
        let settled_at = intent.settled_at.unwrap_or_else(|| self.runner.now());
        intent.settled_at = is_settled(state).then_some(settled_at);
        intent.evidence = serde_json::to_value(&outcome).unwrap_or_default();
        let intent = intent.clone();
        self.keep(at, outcome);
        self.runner
            .store
            .put_intent(&intent, self.fence, self.runner.lease())
            .await?;
        Ok(())
    }

    fn keep(&mut self, at: usize, outcome: StepOutcome) {
        if let Some(step) = self.steps.get_mut(at) {
            *step = outcome;
        }
    }

    /// Records a settled step.
    async fn note(&self, at: usize) -> Result<(), Error> {
        let (Some(kind), Some(outcome)) = (self.kind(at), self.steps.get(at)) else {
            return Ok(());
        };
        let mut target = kind.target(&self.place(None));
        if target.is_empty() {
            target = self.runner.log.mark(&self.plan.subject.name);
        }
        let mut activity = Activity::new(&self.record.actor, kind.tag(), outcome.state.as_str());
        activity = activity.on(self.record.tenant, target);
        activity.plan = Some(self.record.id);
        activity.step = u32::try_from(at).ok();
        activity.request_id.clone_from(&outcome.request_id);
        activity.error.clone_from(&outcome.error);
        self.runner.log.add(&activity).await?;
        Ok(())
    }
}
