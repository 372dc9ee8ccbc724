//! A look at who is left alone, right before a step that would do harm: the facts that its plan was made from are old.

use std::time::Duration;

use msp365_client::Error as ClientError;
use msp365_core::ErrorKind;

use super::{
    LEASE, StepOutcome, StepState,
    drive::{Drive, Ended},
    told::told,
};
use crate::{
    Error, Refused,
    facts::Administrators,
    plan::StepKind,
    protection::{self, Harm},
};

/// How often, and after how many seconds each, it is looked whether another plan has ended its step.
const TURNS: (u32, u64) = (60, 2);

impl Drive<'_> {
    /// How a step ends that may not be sent; `None` if it may. Where it takes an administrator from the tenant, no other
    /// plan does the same meanwhile.
    pub(super) async fn admit(&mut self, kind: &StepKind) -> Result<Option<Ended>, Error> {
        let Some(harm) = Harm::of(kind) else {
            return Ok(None);
        };
        let user = self.place(None).id(&kind.user());
        let is_subject = self.plan.subject.id.as_ref().is_none_or(|id| *id == user);
        let name = if is_subject {
            &self.plan.subject.name
        } else {
            &user
        }
        .clone();
        if let Err(refused) = self.protection.check_named(&user, &name) {
            return Ok(Some(spared(refused)));
        }
        if !harm.may_end_administration(kind, self.plan.subject.is_guarded) {
            return Ok(None);
        }
        let takes = |found: &Administrators| found.is_taken_by(kind, &user);
        match Box::pin(Administrators::read(self.tenant)).await {
            Ok(found) if !takes(&found) => return Ok(None),
            Ok(_) => {}
            Err(error) => return Ok(self.unread(&error)),
        }
        if !self.take_turn().await? {
            let words = "another plan is changing the administrators of the tenant";
            return Ok(Some(Ended::Stopped(
                StepOutcome::new(StepState::Planned).saying(words),
            )));
        }
        // Read again: it is nobody else's turn from here on.
        match Box::pin(Administrators::read(self.tenant)).await {
            Ok(found) if takes(&found) && !found.has_other_than(&user) => {
                Ok(Some(spared(protection::last_of(&name))))
            }
            Ok(_) => Ok(None),
            Err(error) => Ok(self.unread(&error)),
        }
    }

    /// What becomes of a step where it cannot be read who the administrators are.
    fn unread(&self, error: &ClientError) -> Option<Ended> {
        match error.kind() {
            ErrorKind::Denied | ErrorKind::Consent | ErrorKind::Unlicensed | ErrorKind::NotFound => {
                let is_guarded = self.plan.subject.is_guarded;
                is_guarded.then(|| spared(protection::not_known(&self.plan.subject.name)))
            }
            _ => Some(Ended::Stopped(
                told(error, StepState::Planned).saying(error.words()),
            )),
        }
    }

    /// Takes the turn at the tenant's administrators, or keeps it. `false` if another plan does not give it up.
    async fn take_turn(&mut self) -> Result<bool, Error> {
        let (name, holder) = (self.turn(), self.record.id.to_string());
        let runner = self.runner;
        for _ in 0..TURNS.0 {
            let (now, until) = (runner.now(), runner.lease());
            if runner.store.take_lease(&name, &holder, now, until).await? {
                self.has_turn = true;
                return Ok(true);
            }
            runner.sleep(Duration::from_secs(TURNS.1)).await;
        }
        Ok(false)
    }

    /// Gives up the turn, if it was taken.
    pub(super) async fn end_turn(&mut self) -> Result<(), Error> {
        if std::mem::take(&mut self.has_turn) {
            let holder = self.record.id.to_string();
            self.runner.store.end_lease(&self.turn(), &holder).await?;
        }
        Ok(())
    }

    fn turn(&self) -> String {
        format!("administrators of {}", self.record.tenant)
    }
}

fn spared(refused: Refused) -> Ended {
    let kind = refused.kind();
    let mut outcome = StepOutcome::new(StepState::Rejected)
        .saying(refused.words)
        .remedy(refused.remedy);
    outcome.error = Some(kind.as_str().to_owned());
    Ended::Settled(outcome)
}

// The claim on the plan outlasts the wait for a turn.
const _: () = assert!((TURNS.0 as u64) * TURNS.1 < LEASE.as_secs().unsigned_abs());
