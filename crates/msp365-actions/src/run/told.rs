//! What is told of a step.

use msp365_client::Error as ClientError;
use msp365_core::ErrorKind;
use msp365_store::{IntentRecord, IntentState, PlanState};

use super::{
    StepOutcome, StepState,
    drive::Ended,
    judge::{Failure, remedy},
};
use crate::plan::{Seen, StepKind};

/// How a step stands, as it is stored.
pub(super) fn outcome_of(intent: &IntentRecord) -> StepOutcome {
    let stored = serde_json::from_value(intent.evidence.clone()).ok();
    stored.unwrap_or_else(|| {
        let state = match intent.state {
            IntentState::Sent | IntentState::Unknown => StepState::Unknown,
            _ => StepState::Planned,
        };
        let mut outcome = StepOutcome::new(state);
        outcome.sends = intent.sends;
        outcome
    })
}

pub(super) const fn needs_password(kind: &StepKind) -> bool {
    matches!(kind, StepKind::CreateUser { .. } | StepKind::SetPassword { .. })
}

pub(super) fn lost_secret() -> StepOutcome {
    let mut outcome = StepOutcome::new(StepState::SecretLost)
        .saying("a secret may have been made, and the answer that showed it was lost")
        .remedy("make a new one; it takes the place of the lost one");
    outcome.error = Some(ErrorKind::OutcomeUnknown.as_str().to_owned());
    outcome.is_secret_lost = true;
    outcome
}

/// What stands of a secret that only an earlier run could tell.
const EARLIER: &str = "its secret was told only by the run that made it";

/// What to say of a settled step that made a secret, when another run takes up its plan; `None` where it was said
/// before. `is_cut_off`: the earlier run died, and told nobody.
pub(super) fn told_before(kind: &StepKind, settled: &StepOutcome, is_cut_off: bool) -> Option<StepOutcome> {
    let is_said = settled.is_secret_lost || settled.words == EARLIER;
    if !kind.makes_secret() || settled.state != StepState::Applied || is_said {
        return None;
    }
    let mut outcome = settled.clone().saying(EARLIER).remedy(match kind {
        StepKind::CreatePass { .. } => "make a new pass if that one was missed",
        _ => "reset the password if it was missed",
    });
    outcome.is_secret_lost = is_cut_off;
    if is_cut_off && !matches!(kind, StepKind::CreateUser { .. }) {
        outcome.state = StepState::SecretLost;
    }
    Some(outcome)
}

/// A name that is taken, perhaps by the user that a lost answer was about.
pub(super) fn perhaps_ours() -> StepOutcome {
    StepOutcome::new(StepState::Unknown)
        .saying("its answer was lost; now the name is taken, and who has it cannot be read yet")
        .remedy("go on with the plan later: it looks whether that is the user it made")
}

/// An edit of fields that somebody else has changed since it was planned.
pub(super) fn overtaken(fields: &[String]) -> StepOutcome {
    let mut outcome = StepOutcome::new(StepState::Rejected)
        .saying(format!(
            "changed by somebody else since it was planned: {}",
            fields.join(", ")
        ))
        .remedy("read the user again, and plan anew");
    outcome.error = Some(ErrorKind::Conflict.as_str().to_owned());
    outcome
}

/// A step about a user whom its plan did not make.
pub(super) fn about_nobody() -> StepOutcome {
    let mut outcome = StepOutcome::new(StepState::Rejected)
        .saying("it is about the user that the plan makes, and none was made")
        .remedy("run the plan that makes the user, and undo its outcome");
    outcome.error = Some(ErrorKind::Invalid.as_str().to_owned());
    outcome
}

/// What to say where the service answers that it is so already: by a sending whose answer was lost, if there was one.
pub(super) fn as_wished(error: &ClientError, is_lost: bool) -> StepOutcome {
    if !is_lost {
        return told(error, StepState::NoChange).saying("it was so already");
    }
    let mut outcome = told(error, StepState::Applied).saying("found done");
    (outcome.is_reconciled, outcome.is_confirmed) = (true, true);
    outcome
}

/// Who has the name that was to be given to a new user.
pub(super) fn foreign(kind: &StepKind, seen: &Seen) -> StepOutcome {
    let name = match kind {
        StepKind::CreateUser {
            user_principal_name, ..
        } => user_principal_name.as_str(),
        _ => "the name",
    };
    let outcome = StepOutcome::new(StepState::Rejected);
    let mut outcome = if *seen == Seen::Held {
        outcome
            .saying(format!("`{name}` is taken, and nobody to be seen has it: a deleted user holds it, or it is an address"))
            .remedy("restore that user, delete it for good, or choose another name")
    } else {
        outcome
            .saying(format!("somebody else has the name `{name}`"))
            .remedy("choose another name")
    };
    outcome.error = Some(ErrorKind::Conflict.as_str().to_owned());
    outcome
}

/// A step that is not sent, as somebody has decided about the plan meanwhile.
pub(super) fn halted(found: PlanState) -> Ended {
    let words = format!("the plan is {}", found.as_str());
    Ended::Stopped(StepOutcome::new(StepState::Planned).saying(words))
}

pub(super) fn faulty(words: String) -> StepOutcome {
    let mut outcome = StepOutcome::new(StepState::Faulty).saying("assigned, and in error");
    outcome.error = Some(ErrorKind::Invalid.as_str().to_owned());
    outcome.remedy(words)
}

pub(super) fn failure_of(error: &ClientError) -> Failure {
    let service = error.service();
    Failure {
        kind: error.kind(),
        status: service.map_or(0, |service| service.status),
        message: service.map(|service| service.message.clone()).unwrap_or_default(),
    }
}

/// What the service said, without secrets: its words are about a request, and a password is in none of them.
pub(super) fn told(error: &ClientError, state: StepState) -> StepOutcome {
    let mut outcome = StepOutcome::new(state);
    outcome.request_id = error.service().and_then(|service| service.request_id.clone());
    outcome
}

pub(super) fn refused(kind: &StepKind, error: &ClientError, failure: &Failure) -> StepOutcome {
    let mut outcome = told(error, StepState::Rejected)
        .saying(error.words())
        .remedy(remedy(kind, failure));
    outcome.error = Some(failure.kind.as_str().to_owned());
    outcome
}
