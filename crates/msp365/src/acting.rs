//! Changing users: facts, plans, runs, and the activity log.

use std::{fmt, io::Write, sync::Arc};

use msp365_actions::{
    Activity, ActivityLog, Ask, Export, Exported, Facts, Outcome, Plan, Runner, StepKind, StepState,
    TenantsExport,
    explain::{
        self, Action, Actor, Area, Decision, Gatherer, Link, Permissions, TargetFacts, TenantFacts, Tier,
    },
    gather,
};
use msp365_auth::SystemRandom;
use msp365_core::TenantId;
use msp365_store::{IntentStore, Listing, PlanRecord, Query, TenantFilter, TenantStore};
use uuid::Uuid;

use crate::{Error, Msp365};

/// Changing users, by plans: gather facts, make a plan of them, show it, run it.
#[derive(Clone, Copy)]
#[must_use = "nothing is changed until a plan is run"]
pub struct Actions<'a> {
    pub(crate) msp: &'a Msp365,
    by: Option<Technician<'a>>,
}

/// How an attempt is recorded that was not let.
pub(crate) const REFUSED: &str = "refused";

/// On whose behalf plans are made and run.
#[derive(Clone, Copy)]
struct Technician<'a> {
    id: &'a str,
    permissions: &'a dyn Permissions,
    sites: &'a [String],
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

    /// The same on behalf of a technician of the host. What these permissions do not allow is refused before the
    /// service is asked anything, and a tenant that the technician may not see is treated as one that does not exist.
    /// `sites` are the host's sites that the tenant belongs to.
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
    /// `NotFound` for an unknown user; `Denied` for a tenant that the technician may not see, as for one that does not
    /// exist; the kind of the failed request.
    pub async fn facts(&self, tenant: &TenantId, ask: &Ask) -> Result<Facts, Error> {
        if let Some(link) = self.hidden(tenant).await? {
            return Err(Error::WouldBeRefused(Box::new(link)));
        }
        Ok(gather(&self.msp.tenant(tenant), ask, self.msp.now()).await?)
    }

    /// Stores, runs and records plans, with the builder's gate and protected accounts; you can add a key for secrets,
    /// or rules for passwords. It is for the host only, because it checks no permissions; a technician cannot get one.
    ///
    /// # Errors
    /// `Denied` on behalf of a technician; `Storage` without a key for the activity log.
    pub fn runner(&self) -> Result<Runner, Error> {
        self.check_host()?;
        self.own_runner()
    }

    pub(crate) fn own_runner(&self) -> Result<Runner, Error> {
        let inner = &self.msp.inner;
        let store = Arc::clone(&inner.store);
        let (intents, tenants): (Arc<dyn IntentStore>, Arc<dyn TenantStore>) =
            (Arc::clone(&store) as _, store as _);
        let (log, clock) = (inner.log()?, Arc::clone(&inner.clock));
        let runner = Runner::new(intents, log, clock, Arc::new(SystemRandom))
            .tenants(tenants)
            .protection(inner.protection.clone());
        Ok(match &inner.gate {
            Some(gate) => runner.gate(Arc::clone(gate)),
            None => runner,
        })
    }

    /// The activity log. It is for the host only; on behalf of a technician, use [`activity`](Self::activity).
    ///
    /// # Errors
    /// `Denied` on behalf of a technician; `Storage` without a key for the log.
    pub fn log(&self) -> Result<ActivityLog, Error> {
        self.check_host()?;
        self.msp.inner.log()
    }

    pub(crate) fn check_host(&self) -> Result<(), Error> {
        match self.by {
            None => Ok(()),
            Some(_) => Err(Error::HostOnly),
        }
    }

    /// Writes the users, or the rows of a resource, that a query finds as CSV, with records of its start and its end in this
    /// person's name. On [behalf](Self::by) of a technician these are those of the tenants whose
    /// [area](crate::area_of) the technician sees, and the records bear the technician's id.
    ///
    /// # Errors
    /// `Invalid` for a query that cannot be; `Storage`, also without a key for the activity log.
    pub async fn export<L: Listing>(
        &self,
        export: &Export<L>,
        query: &Query<L>,
        actor: &str,
        out: &mut (dyn Write + Send),
    ) -> Result<Exported, Error> {
        let log = self.msp.inner.log()?;
        let store = &*self.msp.inner.store;
        let Some(by) = self.by else {
            return Ok(export.recorded((&log, actor), store, query, out).await?);
        };
        let area = crate::area_of(query.resource());
        let tenants = store.tenants(&TenantFilter::all()).await?;
        let seen = tenants.iter().filter(|tenant| self.sees(area, Some(tenant.id)));
        let query = query.clone().only_in(seen.map(|tenant| tenant.id));
        Ok(export.recorded((&log, by.id), store, &query, out).await?)
    }

    /// Writes the tenants that pass a filter as CSV, by name, with records of its start and its end; on
    /// [behalf](Self::by) of a technician those whose list the technician sees.
    ///
    /// # Errors
    /// `Storage`, also without a key for the activity log.
    pub async fn export_tenants(
        &self,
        export: &TenantsExport,
        filter: &TenantFilter,
        actor: &str,
        out: &mut (dyn Write + Send),
    ) -> Result<Exported, Error> {
        let log = self.msp.inner.log()?;
        let mut tenants = self.msp.inner.store.tenants(filter).await?;
        tenants.retain(|tenant| self.sees(Area::Tenants, Some(tenant.id)));
        let by = Some((&log, self.named(actor)));
        Ok(export.write(&tenants, by, out).await?)
    }

    /// Why a plan would be refused, as far as that can be known before anything is sent: the first broken link of its
    /// explanation. `None` if nothing is known to stand in the way.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn refusal(&self, plan: &Plan) -> Result<Option<Link>, Error> {
        if let Some(link) = self.forbidden(plan) {
            return Ok(Some(link));
        }
        let Some(action) = explain::of_plan(plan) else {
            return Ok(None);
        };
        // Whom another plan has just made the service may not know everywhere yet.
        if plan.is_fresh(self.msp.now()) {
            return Ok(None);
        }
        let user = plan.subject.key();
        let (tenant, target) = match self.msp.known_of(plan.tenant, user, &action).await {
            Err(Error::NotConnected) => return Ok(None),
            known => known?,
        };
        Ok(explain::plan_refusal(&self.actor(plan), &tenant, plan, &target))
    }

    /// What the technician may not do of a plan, or not see. It is asked first and of every plan, whatever is left of it.
    pub(crate) fn forbidden(&self, plan: &Plan) -> Option<Link> {
        let actor = self.actor(plan);
        let action = explain::of_plan(plan).unwrap_or(Action::Revoke);
        explain::unseen(&actor, false, &action).and_then(|said| said.first_broken().cloned())
    }

    /// Who wants a plan run, and what the host says of it.
    fn actor(&self, plan: &Plan) -> Actor {
        self.by.map_or_else(Actor::host, |by| {
            let ask = explain::Ask::area(Some(plan.tenant), Area::Users, Tier::View).in_sites(by.sites);
            explain::plan_actor(by.permissions, by.id, &ask, plan)
        })
    }

    /// Whether an area of a tenant may be looked at; of none: what belongs to no tenant.
    pub(crate) fn sees(&self, area: Area, tenant: Option<TenantId>) -> bool {
        self.by.is_none_or(|by| {
            let ask = explain::Ask::area(tenant, area, Tier::View).in_sites(by.sites);
            by.permissions.decide(by.id, &ask) == Decision::Allowed
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

    /// Stores a plan and runs it at once, in the name of `actor`. A technician's plan runs in the technician's name,
    /// whatever `actor` says. Secrets are in the outcome, once. A plan that would be refused is not sent; the attempt
    /// is recorded.
    ///
    /// # Errors
    /// `Consent` if changing users was not [turned on](crate::Builder::changing_users); the kind of the broken link if
    /// the plan [would be refused](Self::refusal); otherwise as for [`Runner::run`].
    pub async fn run(&self, plan: &Plan, actor: &str) -> Result<Outcome, Error> {
        self.run_by(&self.own_runner()?, plan, actor).await
    }

    /// The same with a [runner](Self::runner) that you configured.
    ///
    /// # Errors
    /// As of [`run`](Self::run).
    pub async fn run_by(&self, runner: &Runner, plan: &Plan, actor: &str) -> Result<Outcome, Error> {
        let (runner, actor) = (self.prepared(runner).await?, self.named(actor));
        self.check_new(&runner, plan, actor).await?;
        let tenant = self.msp.tenant(&plan.tenant);
        Ok(runner.run(&tenant, plan, actor).await?)
    }

    /// Refuses, with a record, what is known not to be let or to be refused.
    pub(crate) async fn check_new(&self, runner: &Runner, plan: &Plan, actor: &str) -> Result<(), Error> {
        let error = match self.turned_off() {
            Some(error) => Some(error),
            None => self.refusal(plan).await?.map(broken),
        };
        match error {
            Some(error) => Err(refused(runner, runner.attempt(plan, actor, REFUSED), error).await?),
            None => Ok(()),
        }
    }

    /// Stores a plan to be run later, by [`resume_by`](Self::resume_by): at its time, or when somebody let it, as the
    /// gate of the runner says. Answers its id. In whose name is as of [`run`](Self::run).
    ///
    /// # Errors
    /// `Consent` if changing users was not [turned on](crate::Builder::changing_users); `Denied` for what the
    /// technician may not do; otherwise as for [`Runner::submit`].
    pub async fn submit_by(&self, runner: &Runner, plan: &Plan, actor: &str) -> Result<Uuid, Error> {
        let (runner, actor) = (self.prepared(runner).await?, self.named(actor));
        if let Some(error) = self.turned_off().or_else(|| self.forbidden(plan).map(broken)) {
            return Err(refused(&runner, runner.attempt(plan, actor, REFUSED), error).await?);
        }
        Ok(runner.submit(plan, actor).await?)
    }

    /// Resumes a stored plan. What the technician may not do is refused first. The rest of the plan is then checked
    /// like a new plan, with two exceptions: if a step is in doubt, that step is checked instead; and if the plan
    /// created its user, there is no check, because the service may not know the user everywhere yet. If the plan would
    /// be refused, the attempt is recorded, and the plan is no longer [due](Runner::due).
    ///
    /// # Errors
    /// `Consent` if changing users was not [turned on](crate::Builder::changing_users); the kind of the broken link if
    /// the rest [would be refused](Self::refusal); otherwise as for [`Runner::resume`].
    pub async fn resume(&self, plan: &PlanRecord) -> Result<Outcome, Error> {
        self.resume_by(&self.own_runner()?, plan).await
    }

    /// The same with a [runner](Self::runner) that you configured.
    ///
    /// # Errors
    /// As for [`resume`](Self::resume).
    pub async fn resume_by(&self, runner: &Runner, plan: &PlanRecord) -> Result<Outcome, Error> {
        let runner = self.prepared(runner).await?;
        let stands = runner.progress(&plan.id).await?;
        let who = runner.behalf().unwrap_or(&plan.actor);
        let attempt = runner.about(plan, who, REFUSED);
        let forbidden = || self.forbidden(&stands.plan).map(broken);
        if let Some(error) = self.turned_off().or_else(forbidden) {
            return Err(refused(&runner, attempt, error).await?);
        }
        if let Some(rest) = stands.rest().filter(|_| is_plain(&stands))
            && let Some(link) = self.refusal(&rest).await?
        {
            let reason = link.id.as_str();
            let error = broken(link);
            runner
                .refuse(&plan.id, &attempt.because(error.kind(), reason))
                .await?;
            return Err(error);
        }
        let tenant = self.msp.tenant(&stands.plan.tenant);
        Ok(runner.resume(&tenant, &plan.id).await?)
    }

    /// In whose name it is done: the technician's, else who is named.
    pub(crate) fn named<'n>(&self, actor: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.by.map_or(actor, |by| by.id)
    }

    /// The runner, leaving alone what is stored to be left alone, in the technician's name.
    pub(crate) async fn prepared(&self, runner: &Runner) -> Result<Runner, Error> {
        let protection = runner.protected().clone().with(&self.protection().await?);
        let runner = runner.clone().protection(protection);
        Ok(match self.by {
            Some(by) => runner.on_behalf_of(by.id),
            None => runner,
        })
    }

    pub(crate) fn turned_off(&self) -> Option<Error> {
        (!self.msp.inner.link.changes_users()).then_some(Error::ReadOnly)
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

/// Records an attempt that was refused, with the reason as a stable word; answers the error.
pub(crate) async fn refused(runner: &Runner, attempt: Activity, error: Error) -> Result<Error, Error> {
    let reason = match &error {
        Error::WouldBeRefused(link) => link.id.as_str(),
        _ => "read_only",
    };
    runner.record(&attempt.because(error.kind(), reason)).await?;
    Ok(error)
}

/// What a broken link is to a caller.
pub(crate) fn broken(link: Link) -> Error {
    Error::WouldBeRefused(Box::new(link))
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
