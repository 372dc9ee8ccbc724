//! Changing users: facts, plans, runs, and the activity log.

use std::{fmt, sync::Arc};

use msp365_actions::{ActivityLog, Ask, AuditKey, Facts, Outcome, Plan, Runner, gather};
use msp365_auth::SystemRandom;
use msp365_core::TenantId;
use msp365_store::{IntentStore, Journal, PlanRecord, TenantStore};
use uuid::Uuid;

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

    /// Stores a plan and runs it at once, in the name of this person. Secrets are in the outcome, once.
    ///
    /// # Errors
    /// As of [`Runner::run`].
    pub async fn run(&self, plan: &Plan, actor: &str) -> Result<Outcome, Error> {
        let tenant = self.msp.tenant(&plan.tenant);
        Ok(self.runner()?.run(&tenant, plan, actor).await?)
    }

    /// Goes on with a stored plan.
    ///
    /// # Errors
    /// As of [`Runner::resume`].
    pub async fn resume(&self, plan: &PlanRecord) -> Result<Outcome, Error> {
        let tenant = self.msp.tenant(&plan.tenant);
        let id: Uuid = plan.id;
        Ok(self.runner()?.resume(&tenant, &id).await?)
    }
}
