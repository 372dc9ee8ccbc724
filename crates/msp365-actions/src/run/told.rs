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
    let mut outcome = StepOutcome::new(StepState::Rejected).saying("assigned, and in error");
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
