//! Stored plans and the activity log, as far as a technician may see them and decide about them.

use msp365_actions::{Protection, Runner, explain::Area};
use msp365_store::{JournalFilter, JournalRecord, PlanFilter, PlanRecord};
use uuid::Uuid;

use crate::{
    Actions, Error,
    acting::{REFUSED, broken, refused},
};

/// Where the accounts that are left alone are kept.
const META: &str = "protection";

impl Actions<'_> {
    /// The accounts that every plan leaves alone, whoever makes or runs it: the builder's, and those that are
    /// [stored](Self::protect).
    ///
    /// # Errors
    /// `Storage`.
    pub async fn protection(&self) -> Result<Protection, Error> {
        let own = self.msp.inner.protection.clone();
        Ok(own.with(&self.stored_protection().await?))
    }

    /// Stores the accounts that every plan leaves alone from now on, in place of those that were stored. Plans that are
    /// stored already leave them alone, too. Each account that is new on the list, or is taken off it, is recorded, in the
    /// name of [who does it](crate::Msp365::in_name_of).
    ///
    /// # Errors
    /// `Denied` on behalf of a technician; `Storage`.
    pub async fn protect(&self, protection: &Protection) -> Result<(), Error> {
        self.check_host()?;
        let before = self.stored_protection().await?;
        let text = serde_json::to_string(protection).map_err(|_| Error::Meta { name: META })?;
        let stored = self.msp.inner.store.set_meta(META, &text).await;
        let recorder = self.msp.recorder();
        let named = |action: &'static str, accounts: Vec<String>| {
            let act = move |account: String| recorder.act(action).target(&account);
            accounts.into_iter().map(act)
        };
        let added = named("protect_account", only_in(protection, &before));
        let gone = named("unprotect_account", only_in(&before, protection));
        let acts = added.chain(gone).collect();
        recorder.ended(acts, stored.map_err(Error::from)).await
    }

    async fn stored_protection(&self) -> Result<Protection, Error> {
        let Some(text) = self.msp.inner.store.meta(META).await? else {
            return Ok(Protection::new());
        };
        serde_json::from_str(&text).map_err(|_| Error::Meta { name: META })
    }

    /// The stored plans that match the filter, in tenants that the technician may see, oldest first.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn plans(&self, filter: &PlanFilter) -> Result<Vec<PlanRecord>, Error> {
        let mut found = self.msp.inner.store.plans(filter).await?;
        found.retain(|plan| self.sees(Area::Users, Some(plan.tenant)));
        Ok(found)
    }

    /// The stored plans that may run now, in tenants that the technician may see; see [`Runner::due`].
    ///
    /// # Errors
    /// `Storage`, also without a key for the activity log.
    pub async fn due(&self) -> Result<Vec<PlanRecord>, Error> {
        let mut due = self.own_runner()?.due().await?;
        due.retain(|plan| self.sees(Area::Users, Some(plan.tenant)));
        Ok(due)
    }

    /// Approves a waiting plan, in the name of `by`. A technician approves in the technician's own name, and needs the
    /// permissions that running the plan needs.
    ///
    /// # Errors
    /// `Denied` for what the technician may not do; otherwise as for [`Runner::approve`].
    pub async fn approve(&self, id: &Uuid, by: &str) -> Result<(), Error> {
        self.approve_by(&self.own_runner()?, id, by).await
    }

    /// The same with a [runner](Self::runner) that you configured.
    ///
    /// # Errors
    /// As for [`approve`](Self::approve).
    pub async fn approve_by(&self, runner: &Runner, id: &Uuid, by: &str) -> Result<(), Error> {
        let by = self.named(by);
        self.check_let(runner, id, by).await?;
        Ok(runner.approve(id, by).await?)
    }

    /// Stops a plan from running, or from continuing, in the name of `by`. A technician needs the permissions that
    /// running the plan needs.
    ///
    /// # Errors
    /// `Denied` for what the technician may not do; otherwise as for [`Runner::cancel`].
    pub async fn cancel(&self, id: &Uuid, by: &str) -> Result<(), Error> {
        let (runner, by) = (self.own_runner()?, self.named(by));
        self.check_let(&runner, id, by).await?;
        Ok(runner.cancel(id, by).await?)
    }

    /// Releases a plan held by a program that is known to have ended; see [`Runner::take_over`].
    ///
    /// # Errors
    /// `Denied` for what the technician may not do; else as of [`Runner::take_over`].
    pub async fn take_over(&self, id: &Uuid, by: &str) -> Result<(), Error> {
        let (runner, by) = (self.own_runner()?, self.named(by));
        self.check_let(&runner, id, by).await?;
        Ok(runner.on_behalf_of(by).take_over(id).await?)
    }

    /// The records of the activity log that match the filter, in tenants whose activity the technician may see, in
    /// order.
    ///
    /// # Errors
    /// `Storage`, also without a key for the activity log.
    pub async fn activity(&self, filter: &JournalFilter) -> Result<Vec<JournalRecord>, Error> {
        let (log, mut filter, mut found) = (self.msp.inner.log()?, filter.clone(), Vec::new());
        let limit = filter.limit;
        loop {
            let page = log.query(&filter).await?;
            let Some(last) = page.last() else { return Ok(found) };
            filter.after = last.sequence;
            found.extend(
                page.into_iter()
                    .filter(|record| self.sees(Area::Activity, record.tenant)),
            );
            if found.len() >= limit {
                found.truncate(limit);
                return Ok(found);
            }
        }
    }

    async fn check_let(&self, runner: &Runner, id: &Uuid, by: &str) -> Result<(), Error> {
        let plan = runner.progress(id).await?.plan;
        let Some(link) = self.forbidden(&plan) else {
            return Ok(());
        };
        let mut attempt = runner.attempt(&plan, by, REFUSED);
        attempt.plan = Some(*id);
        Err(refused(runner, attempt, broken(link)).await?)
    }
}

/// The accounts that one list names and the other does not.
fn only_in(one: &Protection, other: &Protection) -> Vec<String> {
    let all = |list: &Protection| [list.own_accounts.clone(), list.break_glass.clone()].concat();
    let (mut own, other) = (all(one), all(other));
    own.retain(|account| !other.iter().any(|known| known.eq_ignore_ascii_case(account)));
    own
}
