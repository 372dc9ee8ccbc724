//! What an answer to a step means: the rule, as a function of values.

use std::time::Duration;

use msp365_core::ErrorKind;

use crate::plan::StepKind;

/// How long something that we made may be unknown to the service (reads and references after writes).
pub(crate) const WINDOW: Duration = Duration::from_secs(150);
/// Repetitions of a step that another operation on the object holds up.
const CONFLICTS: u32 = 3;

/// A failure, as far as the rule needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) kind: ErrorKind,
    pub(super) status: u16,
    pub(super) message: String,
}

/// What is known beside the failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Context {
    /// How long ago the plan made or restored the user, or set what the step needs.
    pub(super) fresh_for: Option<Duration>,
    /// How long ago the step was first sent.
    pub(super) waited: Duration,
    /// Definite refusals of this step so far.
    pub(super) refusals: u32,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Look whether it happened.
    Look,
    /// It is so already, which is what was wished.
    NoChange,
    /// Send it again after this wait.
    Again(Duration),
    /// Stop the plan; it can be resumed.
    Stop,
    /// The service refused it for good.
    Reject,
}

/// Decides after a failure of a step.
pub(super) fn judge(kind: &StepKind, failure: &Failure, context: Context) -> Next {
    match failure.kind {
        ErrorKind::OutcomeUnknown => return Next::Look,
        ErrorKind::Throttled
        | ErrorKind::Unavailable
        | ErrorKind::Timeout
        | ErrorKind::SignIn
        | ErrorKind::Relationship
        | ErrorKind::Consent => return Next::Stop,
        _ => {}
    }
    if is_as_wished(kind, failure) {
        return Next::NoChange;
    }
    if matches!(kind, StepKind::CreateUser { .. }) && is_taken(failure) {
        return Next::Look;
    }
    let wait = Duration::from_secs(1 << context.refusals.min(4));
    let is_early = match failure.kind {
        // Made a moment ago: the directory has not told all of itself.
        ErrorKind::NotFound => context.fresh_for.is_some_and(|age| age < WINDOW),
        _ => {
            matches!(kind, StepKind::AssignLicenses { .. })
                && failure.message.contains("usage location")
                && context.waited < WINDOW
        }
    };
    if is_early {
        return Next::Again(wait);
    }
    if matches!(failure.status, 409 | 423) && context.refusals < CONFLICTS {
        return Next::Again(wait);
    }
    Next::Reject
}

/// Whether the refusal says that things are as the step wants them.
fn is_as_wished(kind: &StepKind, failure: &Failure) -> bool {
    let says = |words: &str| failure.message.contains(words);
    match kind {
        StepKind::AddMember { .. } | StepKind::AddOwner { .. } => {
            says("added object references already exist")
        }
        StepKind::AssignRole { .. } => says("conflicting object") || says("already exist"),
        StepKind::RemoveMember { .. }
        | StepKind::RemoveRole { .. }
        | StepKind::RemoveManager { .. }
        | StepKind::DeleteUser { .. }
        | StepKind::DeleteDevice { .. }
        | StepKind::DeleteMethod { .. }
        | StepKind::DeletePass { .. } => failure.kind == ErrorKind::NotFound,
        _ => false,
    }
}

fn is_taken(failure: &Failure) -> bool {
    failure.kind == ErrorKind::Conflict || failure.message.contains("Another object with the same value")
}

/// What a person can do about a refusal.
pub(super) fn remedy(kind: &StepKind, failure: &Failure) -> &'static str {
    let says = |words: &str| failure.message.contains(words);
    if says("mail-enabled security groups") || says("originated within an external service") {
        "change the members in the Exchange admin centre"
    } else if says("dynamic group") {
        "change the rule of the group, or the field of the user that it looks at"
    } else if says("on-premises mastered") {
        "change it in the directory on-premises"
    } else if says("does not have any available licenses") {
        "buy more units, or take one from somebody else"
    } else if says("usage location") {
        "set the country where the services are used"
    } else if says("inherited from a group") {
        "take the user out of that group"
    } else if says("assword") {
        "try again: another password is made"
    } else {
        match failure.kind {
            ErrorKind::Denied => {
                "ask `explain` which role or permission is missing, or whether the target is protected"
            }
            ErrorKind::NotFound => "look whether it was deleted meanwhile",
            ErrorKind::Conflict if matches!(kind, StepKind::CreateUser { .. }) => "choose another name",
            ErrorKind::Conflict => "read it again: somebody else has changed it",
            ErrorKind::Unlicensed => "the plan of the tenant lacks this",
            _ => "see what the service said",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Whom;

    fn failure(kind: ErrorKind, status: u16, message: &str) -> Failure {
        Failure {
            kind,
            status,
            message: message.to_owned(),
        }
    }

    fn judged(kind: &StepKind, failure: &Failure, fresh_for: Option<u64>) -> Next {
        let context = Context {
            fresh_for: fresh_for.map(Duration::from_secs),
            waited: Duration::ZERO,
            refusals: 0,
        };
        judge(kind, failure, context)
    }

    fn join() -> StepKind {
        StepKind::AddMember {
            user: Whom::Made,
            group: "g".to_owned(),
        }
    }

    #[test]
    fn f186_a_member_that_is_there_is_no_failure() {
        let there = failure(
            ErrorKind::Invalid,
            400,
            "One or more added object references already exist for …",
        );
        let leave = StepKind::RemoveMember {
            user: Whom::Made,
            group: "g".to_owned(),
        };

        assert_eq!(judged(&join(), &there, None), Next::NoChange);
        assert_eq!(
            judged(&leave, &failure(ErrorKind::NotFound, 404, ""), None),
            Next::NoChange
        );
        assert_eq!(judged(&leave, &there, None), Next::Reject);
    }

    #[test]
    fn f185_what_is_new_may_be_unknown_for_a_while() {
        let gone = failure(ErrorKind::NotFound, 404, "does not exist");

        assert_eq!(
            judged(&join(), &gone, Some(110)),
            Next::Again(Duration::from_secs(1))
        );
        assert_eq!(judged(&join(), &gone, Some(151)), Next::Reject);
        assert_eq!(judged(&join(), &gone, None), Next::Reject);
    }

    #[test]
    fn f194_a_refusal_for_lack_of_rights_is_final() {
        let denied = failure(ErrorKind::Denied, 403, "Insufficient privileges");

        assert_eq!(judged(&join(), &denied, Some(1)), Next::Reject);
    }

    #[test]
    fn f039_another_operation_is_waited_for_three_times() {
        let busy = failure(ErrorKind::Conflict, 423, "locked");
        let after = |refusals| {
            judge(
                &join(),
                &busy,
                Context {
                    fresh_for: None,
                    waited: Duration::ZERO,
                    refusals,
                },
            )
        };

        assert_eq!(after(2), Next::Again(Duration::from_secs(4)));
        assert_eq!(after(3), Next::Reject);
    }

    #[test]
    fn an_outage_stops_the_plan_and_a_lost_answer_is_looked_into() {
        assert_eq!(
            judged(&join(), &failure(ErrorKind::Unavailable, 503, ""), None),
            Next::Stop
        );
        assert_eq!(
            judged(&join(), &failure(ErrorKind::OutcomeUnknown, 0, ""), None),
            Next::Look
        );
    }
}
