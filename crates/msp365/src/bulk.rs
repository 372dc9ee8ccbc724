//! Changing many users at once.

use std::fmt;

use async_trait::async_trait;
use msp365_actions::{
    Outcome, Plan, Runner,
    bulk::{Bulk, Chosen, Guard, Hands, Mode, Row, Stop, Tally},
    explain::{Area, Link, Permissions, Sites, Viewer},
};
use msp365_core::TenantId;

use crate::{Actions, Error, Msp365, acting::is_plain};

/// One wish for many users, in any tenants: preview it, then run it.
#[derive(Clone, Copy)]
#[must_use = "nothing is changed until it is run"]
pub struct ManyUsers<'a> {
    msp: &'a Msp365,
    by: Option<(&'a dyn Permissions, &'a str, &'a dyn Sites)>,
}

impl fmt::Debug for ManyUsers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ManyUsers")
    }
}

impl Msp365 {
    /// Changing many users at once, with one plan per user.
    pub const fn many_users(&self) -> ManyUsers<'_> {
        ManyUsers { msp: self, by: None }
    }
}

impl<'a> ManyUsers<'a> {
    /// The same on behalf of a technician of the host. When a user's turn comes, the permissions are checked for that
    /// user, and users of tenants that the technician may not see are treated as missing. Everything is in the
    /// technician's name, whoever is named.
    pub const fn by(self, permissions: &'a dyn Permissions, id: &'a str, sites: &'a dyn Sites) -> Self {
        Self {
            msp: self.msp,
            by: Some((permissions, id, sites)),
        }
    }

    /// Makes a plan for each user, and reports it without storing it: what a run would do now, how many users of which
    /// risk, and who would be refused and why. It takes about ten reads per user.
    ///
    /// # Errors
    /// As for [`Bulk::go`]; `Storage` without a key for the activity log.
    pub async fn look(
        &self,
        bulk: &Bulk,
        chosen: &Chosen,
        told: &mut (dyn FnMut(Row) + Send),
    ) -> Result<Tally, Error> {
        let runner = self.msp.actions().runner()?;
        self.go((bulk, &runner), (chosen, Mode::Look), told).await
    }

    /// Runs the plans, several at once, and reports each user. A run with the same id resumes what was interrupted, and
    /// skips what is done.
    ///
    /// # Errors
    /// As for [`run_by`](Self::run_by); `Storage` without a key for the activity log.
    pub async fn run(
        &self,
        bulk: &Bulk,
        chosen: &Chosen,
        told: &mut (dyn FnMut(Row) + Send),
    ) -> Result<Tally, Error> {
        let runner = self.msp.actions().runner()?;
        self.run_by((bulk, &runner), (chosen, Mode::Run), told).await
    }

    /// The same with a [runner](Actions::runner) that you configured, as far as the mode says.
    ///
    /// # Errors
    /// `Consent` if changing users was not [turned on](crate::Builder::changing_users); otherwise as for [`Bulk::go`].
    pub async fn run_by(
        &self,
        (bulk, runner): (&Bulk, &Runner),
        (chosen, mode): (&Chosen, Mode),
        told: &mut (dyn FnMut(Row) + Send),
    ) -> Result<Tally, Error> {
        if mode != Mode::Look
            && let Some(error) = self.msp.actions().turned_off()
        {
            return Err(error);
        }
        self.go((bulk, runner), (chosen, mode), told).await
    }

    async fn go(
        &self,
        (bulk, runner): (&Bulk, &Runner),
        (chosen, mode): (&Chosen, Mode),
        told: &mut (dyn FnMut(Row) + Send),
    ) -> Result<Tally, Error> {
        let viewer = self.by.map_or_else(Viewer::host, |(permissions, id, sites)| {
            Viewer::technician(permissions, id, sites)
        });
        let runner = self.acting(&[]).prepared(runner).await?;
        let bulk = match self.by {
            Some((_, id, _)) => bulk.clone().in_name_of(id),
            None => bulk.clone(),
        };
        let tenants = self.msp.in_view(&viewer, Area::Users).await?;
        let hands = Hands {
            client: &self.msp.inner.client,
            store: &*self.msp.inner.store,
            runner: &runner,
            guard: self,
        };
        Ok(Box::pin(bulk.go(hands, (chosen, &tenants, mode), told)).await?)
    }

    /// Where a tenant belongs, as far as that bears on who asks.
    fn sites_of(&self, tenant: &TenantId) -> Vec<String> {
        self.by
            .map_or_else(Vec::new, |(_, _, sites)| sites.of_tenant(tenant))
    }

    /// Plans on behalf of whoever asks.
    fn acting<'s>(&'s self, own: &'s [String]) -> Actions<'s> {
        let actions = self.msp.actions();
        match self.by {
            None => actions,
            Some((permissions, id, _)) => actions.by(permissions, id, own),
        }
    }
}

/// What is asked of each user when the user is due: permissions as they are then.
#[async_trait]
impl Guard for ManyUsers<'_> {
    async fn hidden(&self, tenant: &TenantId) -> Result<Option<Stop>, Stop> {
        let own = self.sites_of(tenant);
        let hidden = self.acting(&own).hidden(tenant).await;
        told(hidden)
    }

    async fn refusal(&self, plan: &Plan) -> Result<Option<Stop>, Stop> {
        let own = self.sites_of(&plan.tenant);
        let refusal = Box::pin(self.acting(&own).refusal(plan)).await;
        told(refusal)
    }

    async fn rest_refusal(&self, stands: &Outcome) -> Result<Option<Stop>, Stop> {
        let own = self.sites_of(&stands.plan.tenant);
        if let Some(link) = self.acting(&own).forbidden(&stands.plan) {
            return told(Ok(Some(link)));
        }
        match stands.rest().filter(|_| is_plain(stands)) {
            Some(rest) => self.refusal(&rest).await,
            None => Ok(None),
        }
    }
}

/// A broken link, or why none could be looked for, as rows tell it.
fn told(found: Result<Option<Link>, Error>) -> Result<Option<Stop>, Stop> {
    match found {
        Ok(None) => Ok(None),
        Ok(Some(link)) => Ok(Some(stop(
            link.id.as_str(),
            &Error::WouldBeRefused(Box::new(link.clone())),
        ))),
        Err(error) => Err(stop(error.kind().as_str(), &error)),
    }
}

fn stop(reason: &str, error: &Error) -> Stop {
    let stop = Stop::new(error.kind(), reason, error.words());
    match error.remedy() {
        Some(remedy) => stop.remedy(remedy),
        None => stop,
    }
}
