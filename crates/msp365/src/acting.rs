//! Changing users: facts, plans, runs, and the activity log.

use std::{fmt, io::Write, sync::Arc};

use msp365_actions::{
    ActivityLog, Ask, AuditKey, Export, Exported, Facts, Outcome, Plan, Runner, StepKind, StepState,
    explain::{
        self, Action, Actor, Area, Decision, Gatherer, Link, Permissions, TargetFacts, TenantFacts, Tier,
    },
    gather,
};
use msp365_auth::SystemRandom;
use msp365_core::TenantId;
use msp365_store::{IntentStore, Journal, PlanRecord, TenantFilter, TenantStore, UserQuery};
use uuid::Uuid;

use crate::{Error, Msp365};

/// Changing users, by plans: gather facts, make a plan of them, show it, run it.
#[derive(Clone, Copy)]
#[must_use = "nothing is changed until a plan is run"]
pub struct Actions<'a> {
    msp: &'a Msp365,
    by: Option<Technician<'a>>,
}

/// On whose behalf plans are made and run.
#[derive(Clone, Copy)]
struct Technician<'a> {
    id: &'a str,
    permissions: &'a dyn Permissions,
    sites: &'a [String],
}

impl Technician<'_> {
    /// Whether the users of a tenant may be looked at.
    fn sees(&self, tenant: &TenantId) -> bool {
        let ask = explain::Ask::area(Some(*tenant), Area::Users, Tier::View).in_sites(self.sites);
        self.permissions.decide(self.id, &ask) == Decision::Allowed
    }
}

impl fmt::Debug for Actions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Actions")
    }
}

impl<'a> Actions<'a> {
    pub(crate) const fn new(msp: &'a Msp365) -> Self {
        Self { msp, by: None }
    }

    /// The same on behalf of a technician of the host: what these permissions do not let is refused before anything is
    /// asked of the service, and a tenant that the technician may not see is one that does not exist. `sites` are those
    /// of the host that the tenant belongs to.
    pub const fn by(self, permissions: &'a dyn Permissions, id: &'a str, sites: &'a [String]) -> Self {
        let by = Some(Technician {
            id,
            permissions,
            sites,
        });
        Self { msp: self.msp, by }
    }

    /// Reads the facts that plans are made from, live.
    ///
    /// # Errors
    /// `NotFound` for an unknown user; `Denied` for a tenant that the technician does not see, as for one that is not
    /// there; the kind of the failed request.
    pub async fn facts(&self, tenant: &TenantId, ask: &Ask) -> Result<Facts, Error> {
        if let Some(link) = self.hidden(tenant).await? {
            return Err(Error::WouldBeRefused(Box::new(link)));
        }
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

    /// Writes the users that a query finds as CSV, with records of its start and its end in this person's name. On
    /// [behalf](Self::by) of a technician these are the users of the tenants whose users the technician sees, and the
    /// records bear the technician's id.
    ///
    /// # Errors
    /// `Invalid` for a query that cannot be; `Storage`, also without a key for the activity log.
    pub async fn export(
        &self,
        export: &Export,
        query: &UserQuery,
        actor: &str,
        out: &mut (dyn Write + Send),
    ) -> Result<Exported, Error> {
        let log = self.log()?;
        let store = &*self.msp.inner.store;
        let Some(by) = self.by else {
            return Ok(export.recorded((&log, actor), store, query, out).await?);
        };
        let tenants = store.tenants(&TenantFilter::all()).await?;
        let seen = tenants.iter().filter(|tenant| by.sees(&tenant.id));
        let query = query.clone().only_in(seen.map(|tenant| tenant.id));
        Ok(export.recorded((&log, by.id), store, &query, out).await?)
    }

    /// Why a plan would be refused, as far as that can be known before anything is sent: the first broken link of its
    /// explanation. `None` where nothing is known to stand in the way.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn refusal(&self, plan: &Plan) -> Result<Option<Link>, Error> {
        let Some(action) = explain::of_plan(plan) else {
            return Ok(None);
        };
        let actor = self.actor(plan);
        if actor.decision != Decision::Allowed {
            return Ok(explain::unseen(&actor, false, &action).and_then(|said| said.first_broken().cloned()));
        }
        // Whom another plan has just made the service may not know everywhere yet.
        if plan.is_fresh(self.msp.now()) {
            return Ok(None);
        }
        let user = plan.subject.key();
        let (tenant, target) = match self.msp.known_of(plan.tenant, user, &action).await {
            Err(Error::NotConnected) => return Ok(None),
            known => known?,
        };
        Ok(explain::plan_refusal(&actor, &tenant, plan, &target))
    }

    /// Who wants a plan run, and what the host says of it.
    fn actor(&self, plan: &Plan) -> Actor {
        self.by.map_or_else(Actor::host, |by| {
            let ask = explain::Ask::area(Some(plan.tenant), Area::Users, Tier::View).in_sites(by.sites);
            explain::plan_actor(by.permissions, by.id, &ask, plan)
        })
    }

    /// Why the technician does not see a tenant: not let, or not listed, in the same words.
    pub(crate) async fn hidden(&self, tenant: &TenantId) -> Result<Option<Link>, Error> {
        let Some(by) = self.by else { return Ok(None) };
        let ask = explain::Ask::area(Some(*tenant), Area::Users, Tier::View).in_sites(by.sites);
        let actor = Actor::technician(by.permissions, by.id, &ask);
        let is_unlisted = self.msp.inner.store.tenant(tenant).await?.is_none();
        let said = explain::unseen(&actor, is_unlisted, &Action::Revoke);
        Ok(said.and_then(|said| said.first_broken().cloned()))
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

    /// Stores the first stages of a plan and runs these alone, as [`Runner::run_stages`] does. The whole plan is looked
    /// at first; what is left of one that has just made its user is run as it is, since the user may not be known
    /// everywhere yet.
    ///
    /// # Errors
    /// As of [`run`](Self::run); `Invalid` for no stage.
    pub async fn run_stages(&self, plan: &Plan, upto: usize, actor: &str) -> Result<Outcome, Error> {
        self.check_turned_on()?;
        if let Some(link) = self.refusal(plan).await? {
            return Err(Error::WouldBeRefused(Box::new(link)));
        }
        let tenant = self.msp.tenant(&plan.tenant);
        Ok(self.runner()?.run_stages(&tenant, plan, upto, actor).await?)
    }

    /// Stores a plan to be run later, by [`resume_by`](Self::resume_by): at its time, or when somebody let it, as the
    /// gate of the runner says. Answers its id.
    ///
    /// # Errors
    /// `Consent` where changing users was not [turned on](crate::Builder::changing_users); `Denied` for what the
    /// technician may not do; else as of [`Runner::submit`].
    pub async fn submit_by(&self, runner: &Runner, plan: &Plan, actor: &str) -> Result<Uuid, Error> {
        self.check_turned_on()?;
        let action = explain::of_plan(plan);
        let refused = action.and_then(|action| explain::unseen(&self.actor(plan), false, &action));
        if let Some(link) = refused.and_then(|said| said.first_broken().cloned()) {
            return Err(Error::WouldBeRefused(Box::new(link)));
        }
        Ok(runner.submit(plan, actor).await?)
    }

    /// Goes on with a stored plan. What is left of it is looked at first as at a plan that is new, unless a step of it is
    /// in doubt, which is looked into instead, or it made its user, who may not be known everywhere yet.
    ///
    /// # Errors
    /// `Consent` where changing users was not [turned on](crate::Builder::changing_users); what kind of link is broken,
    /// where the rest [would be refused](Self::refusal); else as of [`Runner::resume`].
    pub async fn resume(&self, plan: &PlanRecord) -> Result<Outcome, Error> {
        self.resume_by(&self.runner()?, plan).await
    }

    /// The same by a [runner](Self::runner) that was set up further.
    ///
    /// # Errors
    /// As of [`resume`](Self::resume).
    pub async fn resume_by(&self, runner: &Runner, plan: &PlanRecord) -> Result<Outcome, Error> {
        self.check_turned_on()?;
        let stands = runner.progress(&plan.id).await?;
        if let Some(rest) = stands.rest().filter(|_| is_plain(&stands))
            && let Some(link) = self.refusal(&rest).await?
        {
            return Err(Error::WouldBeRefused(Box::new(link)));
        }
        let tenant = self.msp.tenant(&plan.tenant);
        Ok(runner.resume(&tenant, &plan.id).await?)
    }

    pub(crate) fn check_turned_on(self) -> Result<(), Error> {
        if self.msp.inner.link.changes_users() {
            Ok(())
        } else {
            Err(Error::ReadOnly)
        }
    }
}

impl Msp365 {
    /// What explanations have to know of a tenant and a user of it: through the provider's account, or through the app
    /// of a tenant that is connected directly.
    pub(crate) async fn known_of(
        &self,
        tenant: TenantId,
        user: &str,
        action: &Action,
    ) -> Result<(TenantFacts, TargetFacts), Error> {
        let inner = &self.inner;
        let partner = inner.link.partner().await;
        let direct = self.data_sources().await?;
        let direct = direct.iter().find(|source| source.tenant == tenant);
        let own = inner.link.exchange().app.client_id();
        let gatherer = match (partner, direct) {
            (Ok(partner), Some(source)) if partner != tenant => {
                Gatherer::direct(&inner.client, &*inner.store, &source.client_id)
            }
            (Ok(partner), _) => Gatherer::new(&inner.client, &*inner.store, partner, own),
            (Err(Error::NotConnected), Some(source)) => {
                Gatherer::direct(&inner.client, &*inner.store, &source.client_id)
            }
            (Err(error), _) => return Err(error),
        };
        let facts = Box::pin(gatherer.facts(tenant, user, action, inner.clock.now()));
        Ok(facts.await?)
    }
}

/// Whether what is left of a plan can be looked at by itself.
pub(crate) fn is_plain(outcome: &Outcome) -> bool {
    let steps = outcome.plan.steps.iter().zip(&outcome.steps);
    !steps.into_iter().any(|(step, stands)| {
        let makes = matches!(
            step.kind,
            StepKind::CreateUser { .. } | StepKind::RestoreUser { .. }
        );
        stands.state == StepState::Unknown || (makes && stands.state.is_done())
    })
}
