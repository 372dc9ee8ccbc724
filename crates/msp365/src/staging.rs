//! Users who are made stage by stage.

use msp365_actions::{Outcome, Plan, Runner, Stage};
use msp365_store::{PlanRecord, PlanState};

use crate::{Actions, Error};

impl Actions<'_> {
    /// Stores the first stages of a plan and runs these alone, as [`Runner::run_stages`] does. The whole plan is looked
    /// at first; what is left of one that has just made its user is run as it is, since the user may not be known
    /// everywhere yet.
    ///
    /// # Errors
    /// As of [`run`](Self::run); `Invalid` for no stage.
    pub async fn run_stages(&self, plan: &Plan, upto: usize, actor: &str) -> Result<Outcome, Error> {
        self.run_stages_by(&self.own_runner()?, (plan, upto), actor).await
    }

    /// The same by a [runner](Self::runner) that was set up further.
    ///
    /// # Errors
    /// As of [`run_stages`](Self::run_stages).
    pub async fn run_stages_by(
        &self,
        runner: &Runner,
        (plan, upto): (&Plan, usize),
        actor: &str,
    ) -> Result<Outcome, Error> {
        let (runner, actor) = (self.prepared(runner).await?, self.named(actor));
        self.check_new(&runner, plan, actor).await?;
        let tenant = self.msp.tenant(&plan.tenant);
        Ok(runner.run_stages(&tenant, plan, upto, actor).await?)
    }

    /// Goes on with a plan of which the first stages were run alone, by its id or that of a later stage: what is left of the
    /// whole is run until this stage is over. A stage that was cut off is ended first, and then nothing else is run, so that
    /// somebody looks at it.
    ///
    /// # Errors
    /// `Invalid` where nothing is left until then; else as of [`run_by`](Self::run_by) and
    /// [`resume_by`](Self::resume_by).
    pub async fn go_on_by(&self, runner: &Runner, plan: &PlanRecord, until: Stage) -> Result<Outcome, Error> {
        let latest = runner.latest_stages(&plan.id).await?;
        if latest.state != PlanState::Done {
            return self.resume_by(runner, &latest).await;
        }
        let runner = self.prepared(runner).await?;
        let stands = runner.progress(&latest.id).await?;
        let (rest, upto) = stands.rest_until(until).map_err(msp365_actions::Error::from)?;
        let actor = self.named(runner.behalf().unwrap_or(&latest.actor)).to_owned();
        self.check_new(&runner, &rest, &actor).await?;
        let tenant = self.msp.tenant(&rest.tenant);
        Ok(runner.go_on(&tenant, &latest.id, (&rest, upto), &actor).await?)
    }
}
