//! Looking whether a step happened.

use std::time::Duration;

use jiff::Timestamp;
use msp365_core::ErrorKind;
use msp365_graph::{
    authentication_methods::{self, OperationStatus},
    users::{self, User},
};
use secrecy::{ExposeSecret, SecretString};

use super::{
    LEASE, StepOutcome, StepState,
    drive::{Drive, Ended},
    judge::WINDOW,
    told::{failure_of, faulty, foreign, lost_secret, overtaken, perhaps_ours, refused},
};
use crate::{
    Error,
    names::product,
    plan::{Action, Answered, IfChanged, Seen, StepKind},
};

/// Waits before each look whether something happened, in seconds. They stay well within the lease.
const LOOKS: [u64; 5] = [0, 2, 5, 10, 20];
/// The same for a user whose name is taken after a lost answer: as long as what was made may be unknown to reads.
const LONG_LOOKS: [u64; 8] = [0, 2, 5, 10, 20, 30, 40, 50];
/// Waits before each look that only confirms an answer.
const CONFIRMS: [u64; 3] = [0, 1, 3];
/// How often a step is sent at most.
const SENDS: u32 = 4;
/// Questions after a long operation, and seconds between them.
const POLLS: (u32, u64) = (12, 10);

/// Why nobody knows whether a step happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Its answer was lost, or the program ended.
    Lost,
    /// The name of the user to be made is refused as taken.
    Taken,
    /// The same after an answer was lost: it may be taken by the very user.
    TakenByOurs,
}

impl Drive<'_> {
    /// What to say of a step whose answer was lost; `None` if it did not happen and may be sent again.
    pub(super) async fn find_out(
        &mut self,
        (at, kind): (usize, &StepKind),
        doubt: Doubt,
        secret: Option<&SecretString>,
    ) -> Result<Option<StepOutcome>, Error> {
        let intent = self.intents.get(at).cloned();
        let since = intent
            .as_ref()
            .and_then(|intent| intent.sent_at)
            .unwrap_or_else(|| self.runner.now());
        let sends = intent.map_or(0, |intent| intent.sends);
        let waits: &[u64] = match doubt {
            Doubt::TakenByOurs => &LONG_LOOKS,
            Doubt::Lost | Doubt::Taken => &LOOKS,
        };
        let seen = self.look(kind, since, waits).await;
        let mut outcome = match seen {
            Seen::Yes(id) => {
                let mut outcome = StepOutcome::new(StepState::Applied).saying("found done");
                (outcome.is_confirmed, outcome.id) = (true, id);
                self.without_secret(kind, outcome, secret)
            }
            Seen::Foreign | Seen::Held => foreign(kind, &seen),
            Seen::Faulty(words) => faulty(words),
            Seen::No if doubt == Doubt::TakenByOurs => perhaps_ours(),
            Seen::No if kind.may_be_sent_again() && sends < SENDS => return Ok(None),
            Seen::No if kind.may_be_sent_again() => StepOutcome::new(StepState::Rejected)
                .saying(format!("sent {sends} times, and it did not happen")),
            Seen::No | Seen::Unclear if kind.makes_secret() && !kind.may_be_sent_again() => lost_secret(),
            Seen::No | Seen::Unclear => StepOutcome::new(StepState::Unknown)
                .saying("its answer was lost, and nothing tells whether it happened")
                .remedy("look whether it happened, then run what is left"),
        };
        outcome.is_reconciled = true;
        Ok(Some(outcome))
    }

    /// How an edit ends that is not to overwrite what somebody else has changed; `None`: it may be sent.
    pub(super) async fn overtaken(&self, kind: &StepKind) -> Option<Ended> {
        let StepKind::UpdateUser {
            if_changed: IfChanged::Refuse,
            ..
        } = kind
        else {
            return None;
        };
        match self.tenant.send(kind.look(&self.place(None))).await {
            Ok(body) => {
                let fields = kind.overtaken(&body);
                (!fields.is_empty()).then(|| Ended::Settled(overtaken(&fields)))
            }
            // The write itself says so.
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => Some(Ended::Stopped(refused(kind, &error, &failure_of(&error)))),
        }
    }

    /// What is said of a secret that was made: without the answer a pass is lost, without our memory a password.
    fn without_secret(
        &self,
        kind: &StepKind,
        mut outcome: StepOutcome,
        secret: Option<&SecretString>,
    ) -> StepOutcome {
        if !kind.makes_secret() || secret.is_some() || self.is_untold() {
            return outcome;
        }
        if let StepKind::CreateUser { .. } = kind {
            outcome.is_secret_lost = true;
            return outcome
                .saying("the user is made; the password is lost")
                .remedy("reset the password");
        }
        lost_secret()
    }

    /// Whether nobody is to be told the secrets of this plan.
    pub(super) fn is_untold(&self) -> bool {
        self.plan.action == Action::Offboard
    }

    /// Looks until it is seen, or for as long as these waits.
    async fn look(&self, kind: &StepKind, since: Timestamp, waits: &[u64]) -> Seen {
        let mut seen = Seen::Unclear;
        for wait in waits {
            self.runner.sleep(Duration::from_secs(*wait)).await;
            let place = self.place(None);
            let found = self
                .tenant
                .send(kind.look(&place))
                .await
                .map_err(|error| error.kind());
            seen = kind.seen(&place, since, &found);
            if !matches!(seen, Seen::No | Seen::Unclear) {
                return seen;
            }
        }
        if seen == Seen::No && matches!(kind, StepKind::CreateUser { .. }) && self.is_held(kind).await {
            return Seen::Held;
        }
        seen
    }

    /// Whether a deleted user holds the name.
    async fn is_held(&self, kind: &StepKind) -> bool {
        let StepKind::CreateUser {
            user_principal_name, ..
        } = kind
        else {
            return false;
        };
        let filter = User::USER_PRINCIPAL_NAME.eq(user_principal_name.as_str());
        let found = self.tenant.send(users::deleted().filter(filter)).await;
        found.is_ok_and(|page| !page.items.is_empty())
    }

    /// A step that was answered: read back, where the answer itself does not show it.
    pub(super) async fn applied(
        &mut self,
        kind: &StepKind,
        since: Timestamp,
        answered: &Answered,
    ) -> StepOutcome {
        let mut outcome = StepOutcome::new(StepState::Applied);
        outcome.request_id.clone_from(&answered.request_id);
        outcome.id.clone_from(&answered.id);
        match kind {
            StepKind::CreateUser { .. } => outcome.is_confirmed = true,
            StepKind::CreatePass { .. } => {
                outcome.is_confirmed = true;
                if answered.is_usable == Some(false) {
                    outcome = outcome
                        .saying("the pass cannot be used")
                        .remedy("see whether the policy on passes includes the user");
                }
            }
            _ => match (&answered.progress, self.look(kind, since, &CONFIRMS).await) {
                (Some(progress), _) => return self.follow(kind, progress, outcome).await,
                (None, Seen::Yes(_)) => {
                    outcome.is_confirmed = true;
                    return self.handed_out(kind, outcome).await;
                }
                (None, Seen::Faulty(words)) => {
                    let mut faulty = faulty(words);
                    faulty.request_id = outcome.request_id;
                    return faulty;
                }
                (None, _) => outcome = outcome.saying("accepted; not seen yet when it was read back"),
            },
        }
        outcome
    }

    /// Looks whether a licence that a group gives works for who just joined it: it may be in error, while the membership
    /// stands.
    async fn handed_out(&self, kind: &StepKind, outcome: StepOutcome) -> StepOutcome {
        let StepKind::AddMember { group, .. } = kind else {
            return outcome;
        };
        let user = self.place(None).id(&kind.user());
        let held = users::get(&user).select([User::ID, User::LICENSE_ASSIGNMENT_STATES]);
        let Ok(held) = self.tenant.send(held).await else {
            return outcome;
        };
        let mut of_group = held.license_assignment_states.iter().filter(|state| {
            let by = state.assigned_by_group.as_deref();
            by.is_some_and(|by| by.eq_ignore_ascii_case(group))
        });
        let Some((state, problem)) = of_group.find_map(|state| Some((state, state.problem()?))) else {
            return outcome;
        };
        let sku = state.sku_id.as_deref().unwrap_or_default();
        let mut outcome = outcome
            .saying(format!(
                "in the group; the licence `{}` that it gives is in error ({})",
                product(sku),
                problem.as_str()
            ))
            .remedy(problem.remedy());
        outcome.error = Some(ErrorKind::Conflict.as_str().to_owned());
        outcome
    }

    /// Asks how a long operation goes on. Of the address that was given only the last part is used: the rest is ours.
    async fn follow(
        &self,
        kind: &StepKind,
        progress: &SecretString,
        mut outcome: StepOutcome,
    ) -> StepOutcome {
        let operation = progress
            .expose_secret()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        let user = self.place(None).id(&kind.user());
        for _ in 0..POLLS.0 {
            self.runner.sleep(Duration::from_secs(POLLS.1)).await;
            let asked = authentication_methods::reset_progress(&user, &operation);
            match self
                .tenant
                .send(asked)
                .await
                .map(|found| (found.status, found.status_detail))
            {
                Ok((Some(OperationStatus::Succeeded), _)) => {
                    outcome.is_confirmed = true;
                    return outcome;
                }
                Ok((Some(OperationStatus::Failed), detail)) => {
                    return StepOutcome::new(StepState::Rejected).saying(detail.unwrap_or_default());
                }
                _ => {}
            }
        }
        outcome.state = StepState::Unknown;
        outcome
            .saying("submitted; the service has not said that it is done")
            .remedy("look again later")
    }
}

const fn sum(waits: &[u64]) -> u64 {
    match waits {
        [] => 0,
        [first, rest @ ..] => *first + sum(rest),
    }
}

// A worker must not be overtaken while it waits: no chain of waits between two signs of life is longer than the lease.
const _: () =
    assert!(sum(&LONG_LOOKS) < LEASE.as_secs().unsigned_abs() && sum(&LONG_LOOKS) > WINDOW.as_secs());
const _: () = assert!(sum(&LOOKS) < LEASE.as_secs().unsigned_abs());
const _: () = assert!((POLLS.0 as u64) * POLLS.1 < LEASE.as_secs().unsigned_abs());
const _: () = assert!(WINDOW.as_secs() < LEASE.as_secs().unsigned_abs());
