//! What to do if it is unknown whether a write happened.

use std::time::Duration;

use msp365_core::{
    Occurred,
    request::Check,
    retry::{Doubt, WRITE_ATTEMPTS, Wait},
};

use super::{Attempted, Ending, Exchange};
use crate::Error;

/// First step of the back-off after a check found that nothing happened.
const AFTER_CHECK: Wait = Wait {
    hint: None,
    base: Duration::from_millis(500),
};

/// What was found out about a write in doubt.
pub(crate) enum Settled {
    /// It happened.
    Happened,
    /// It did not happen: send it again after this wait.
    Again(Wait),
    /// It cannot be determined.
    Unknown,
}

impl Exchange<'_> {
    /// Finds out about a write in doubt, namely this call, which is then tried again, ends, or ends unknown.
    pub(super) async fn settle(&mut self, doubt: Doubt, answer: Attempted) -> Result<Option<Ending>, Error> {
        match self.find_out(doubt).await {
            Settled::Happened => Ok(Some(Ending::Happened)),
            Settled::Unknown => {
                let source = Some(Box::new(self.error_of(answer)));
                Err(self.unknown(source))
            }
            Settled::Again(wait) => {
                self.is_doubtful = false;
                if self.attempts >= WRITE_ATTEMPTS {
                    return self.end(answer).map(Some);
                }
                self.wait(wait, answer).await.map(|()| None)
            }
        }
    }

    /// Runs this call's check. Without a check, a refusal due to load counts as not done; anything else that the check
    /// cannot tell stays unknown.
    pub(crate) async fn find_out(&self, doubt: Doubt) -> Settled {
        match (self.call.check(), doubt) {
            (None, Doubt::Refused(wait)) => Settled::Again(wait),
            (None, Doubt::Lost) => Settled::Unknown,
            (Some(check), _) => match self.occurred(check).await {
                Occurred::Yes => Settled::Happened,
                Occurred::No => Settled::Again(AFTER_CHECK),
                Occurred::Unclear => Settled::Unknown,
            },
        }
    }

    async fn occurred(&self, check: &Check) -> Occurred {
        let read = Exchange::new(self.tenant, check.call()).by(self.deadline);
        match Box::pin(read.run()).await.map(|done| done.ending) {
            Ok(Ending::Reply(reply)) if !reply.status.is_server_error() => check.judge(&reply),
            _ => Occurred::Unclear,
        }
    }
}
