//! Changing users: facts, plans, runs, and the activity log.

use std::{fmt, sync::Arc};

use msp365_actions::{
    ActivityLog, Ask, AuditKey, Facts, Outcome, Plan, Runner,
    explain::{self, Actor, Gatherer, Link},
    gather,
};
use msp365_auth::SystemRandom;
use msp365_core::TenantId;
use msp365_store::{IntentStore, Journal, PlanRecord, TenantStore};

use crate::{Error, Msp365};

/// Changing users, by plans: gather facts, make a plan of them, show it, run it.
#[derive(Clone, Copy)]
pub struct Actions<'a> {
    msp: &'a Msp365,
}

impl fmt::Debug for Actions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Actions")
    }
}

impl<'a> Actions<'a> {
    pub(crate) const fn new(msp: &'a Msp365) -> Self {
        Self { msp }
    }

    /// Reads the facts that plans are made from, live.
    ///
    /// # Errors
    /// `NotFound` for an unknown user; the kind of the failed request.
    pub async fn facts(&self, tenant: &TenantId, ask: &Ask) -> Result<Facts, Error> {
        Ok(gather(&self.msp.tenant(tenant), ask, self.msp.now()).await?)
    }

    /// What stores, runs and records plans; set it up further with a gate, a key for secrets, or rules for passwords.
    ///
    /// # Errors
    /// `Storage` without a key for the activity log.
    pub fn runner(&self) -> Result<Runner, Error> {
        let inner = &self.msp.inner;
        let store = Arc::clone(&inner.store);
        let (intents, tenants): (Arc<dyn IntentStore>, Arc<dyn TenantStore>) =
            (Arc::clone(&store) as _, store as _);
        let (log, clock) = (self.log()?, Arc::clone(&inner.clock));
        Ok(Runner::new(intents, log, clock, Arc::new(SystemRandom)).tenants(tenants))
    }

    /// The activity log.
    ///
    /// # Errors
    /// `Storage` without a key for it.
    pub fn log(&self) -> Result<ActivityLog, Error> {
        let inner = &self.msp.inner;
        let key = inner.audit.as_ref().ok_or(Error::NoAuditKey)?;
        let journal: Arc<dyn Journal> = Arc::clone(&inner.store) as _;
        Ok(ActivityLog::new(
            journal,
            Arc::clone(&inner.clock),
            AuditKey::new(key),
        ))
    }

    /// Why a plan would be refused, as far as that can be known before anything is sent: the first broken link of its
    /// explanation. `None` where nothing is known to stand in the way, and for tenants that are reached by an app of
    /// their own, of which explanations know nothing.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn refusal(&self, plan: &Plan) -> Result<Option<Link>, Error> {
        let inner = &self.msp.inner;
        let Some(action) = explain::of_plan(plan) else {
            return Ok(None);
        };
        let partner = match inner.link.partner().await {
            Ok(partner) => partner,
            Err(Error::NotConnected) => return Ok(None),
            Err(error) => return Err(error),
        };
        let direct = self.msp.data_sources().await?;
        if plan.tenant != partner && direct.iter().any(|source| source.tenant == plan.tenant) {
            return Ok(None);
        }
        let client_id = inner.link.exchange().app.client_id();
        let gatherer = Gatherer::new(&inner.client, &*inner.store, partner, client_id);
        let user = plan.subject.key();
        let facts = Box::pin(gatherer.facts(plan.tenant, user, &action, inner.clock.now()));
        let (tenant, target) = facts.await?;
        Ok(explain::plan_refusal(&Actor::host(), &tenant, &action, &target))
    }

    /// Stores a plan and runs it at once, in the name of this person. Secrets are in the outcome, once. What would be
    /// refused is not sent.
    ///
    /// # Errors
    /// `Consent` where changing users was not [turned on](crate::Builder::changing_users); what kind of link is broken,
    /// where the plan [would be refused](Self::refusal); else as of [`Runner::run`].
    pub async fn run(&self, plan: &Plan, actor: &str) -> Result<Outcome, Error> {
        self.run_by(&self.runner()?, plan, actor).await
    }

    /// The same by a [runner](Self::runner) that was set up further.
    ///
    /// # Errors
    /// As of [`run`](Self::run).
    pub async fn run_by(&self, runner: &Runner, plan: &Plan, actor: &str) -> Result<Outcome, Error> {
        self.check_turned_on()?;
        if let Some(link) = self.refusal(plan).await? {
            return Err(Error::WouldBeRefused(Box::new(link)));
        }
        let tenant = self.msp.tenant(&plan.tenant);
        Ok(runner.run(&tenant, plan, actor).await?)
    }

    /// Goes on with a stored plan.
    ///
    /// # Errors
    /// `Consent` where changing users was not [turned on](crate::Builder::changing_users); else as of
    /// [`Runner::resume`].
    pub async fn resume(&self, plan: &PlanRecord) -> Result<Outcome, Error> {
        self.resume_by(&self.runner()?, plan).await
    }

    /// The same by a [runner](Self::runner) that was set up further.
    ///
    /// # Errors
    /// As of [`resume`](Self::resume).
    pub async fn resume_by(&self, runner: &Runner, plan: &PlanRecord) -> Result<Outcome, Error> {
        self.check_turned_on()?;
        let tenant = self.msp.tenant(&plan.tenant);
        Ok(runner.resume(&tenant, &plan.id).await?)
    }

    fn check_turned_on(self) -> Result<(), Error> {
        if self.msp.inner.link.changes_users() {
            Ok(())
        } else {
            Err(Error::ReadOnly)
        }
    }
}
