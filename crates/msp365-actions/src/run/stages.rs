//! Plans that are run stage by stage, with somebody who looks in between.

use aws_lc_rs::digest::{SHA256, digest};
use msp365_client::TenantClient;
use msp365_store::PlanRecord;
use uuid::{Builder, Uuid};

use super::{Hold, Outcome, Runner};
use crate::{Error, Plan};

/// How often a plan is gone on with, stage by stage, at most: a stage that failed may be tried again and again.
const TURNS: u32 = 1_000;

impl Runner {
    /// Stores the first stages of a plan and runs these alone; the outcome is one of the whole plan. What is left of it,
    /// by [`Outcome::rest`], is run next in the same way, once somebody has looked: its first stage holds what did not
    /// succeed, without what is done. Nothing runs by itself between stages, and after a crash `resume` goes on with
    /// the stages that were begun.
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
        self.run(tenant, &head, actor).await
    }

    /// The plan by which stages were gone on with last that began with this one; itself where nobody went on yet.
    ///
    /// # Errors
    /// `NotFound` for an unknown plan; `Storage` if the database failed.
    pub async fn latest_stages(&self, id: &Uuid) -> Result<PlanRecord, Error> {
        let (mut latest, _) = self.stored(id).await?;
        for _ in 0..TURNS {
            match self.find(&after(&latest.id)).await? {
                Some(next) => latest = next,
                None => break,
            }
        }
        Ok(latest)
    }

    /// Goes on with stages: stores the first ones of what is left and runs these alone, once only after this plan, however
    /// many try at once. [`latest_stages`](Self::latest_stages) finds it from then on.
    ///
    /// # Errors
    /// As of [`run_stages`](Self::run_stages); `Conflict` where somebody else went on meanwhile.
    pub async fn go_on(
        &self,
        tenant: &TenantClient,
        last: &Uuid,
        (rest, upto): (&Plan, usize),
        actor: &str,
    ) -> Result<Outcome, Error> {
        if tenant.id() != rest.tenant {
            return Err(Error::OtherTenant);
        }
        let head = rest.head(upto).not_empty()?;
        let record = self.keep(after(last), &head, actor, Hold::Own).await?;
        self.run_kept(tenant, record, &head).await
    }
}

/// The id of the plan that goes on after this one.
fn after(id: &Uuid) -> Uuid {
    derived(&format!("after {id}"))
}

/// An id that follows from a text.
pub(crate) fn derived(text: &str) -> Uuid {
    let mut bytes = [0; 16];
    for (byte, own) in bytes.iter_mut().zip(digest(&SHA256, text.as_bytes()).as_ref()) {
        *byte = *own;
    }
    Builder::from_random_bytes(bytes).into_uuid()
}
