//! What is told of each user, and of all together.

use std::{collections::BTreeMap, fmt};

use msp365_core::{ErrorKind, TenantId};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    Error, Outcome, Plan, Refused, StepState,
    plan::{Action, Risk},
    refused::Reason,
};

/// How it stands with one user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RowState {
    /// There is a plan, and nothing was sent.
    Planned,
    /// The plan is stored, and runs later.
    Stored,
    /// All of it is as wished.
    Done,
    /// It was done before, by an earlier run.
    Earlier,
    /// It was so already.
    NoChange,
    /// It is not done, which was known before anything was sent.
    Refused,
    /// It stopped before its end, and can be gone on with.
    Open,
    /// Something of it did not succeed.
    Failed,
    /// Nothing tells whether a step of it happened.
    Unknown,
}

impl RowState {
    /// The state as it is shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Stored => "stored",
            Self::Done => "done",
            Self::Earlier => "earlier",
            Self::NoChange => "no_change",
            Self::Refused => "refused",
            Self::Open => "open",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// Whether nothing is to be done about this user.
    pub const fn is_fine(self) -> bool {
        !matches!(self, Self::Refused | Self::Open | Self::Failed | Self::Unknown)
    }
}

/// Why something is not done for a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Stop {
    /// What it means to a caller.
    pub kind: ErrorKind,
    /// A stable word for it, by which it is counted.
    pub reason: String,
    /// What stands in the way.
    pub words: String,
    /// What can be done about it.
    pub remedy: Option<String>,
}

impl Stop {
    /// Something that stands in the way.
    pub fn new(kind: ErrorKind, reason: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            kind,
            reason: reason.into(),
            words: words.into(),
            remedy: None,
        }
    }

    /// With what can be done about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        let reason = serde_json::to_value(refused.reason).unwrap_or_default();
        let reason = reason.as_str().unwrap_or_default();
        Self::new(refused.kind(), reason, refused.words).remedy(refused.remedy)
    }
}

impl From<&Error> for Stop {
    fn from(error: &Error) -> Self {
        let words = match error {
            Error::Client(error) => error.words(),
            error => error.to_string(),
        };
        Self::new(error.kind(), error.kind().as_str(), words)
    }
}

/// One user of a run over many.
#[derive(Debug)]
#[must_use = "a row says what did not happen, and may hold secrets that are shown once"]
#[non_exhaustive]
pub struct Row {
    /// The tenant.
    pub tenant: TenantId,
    /// The user, as chosen: an object id, or a name.
    pub user: String,
    /// The name for signing in, or what was chosen where it is not known.
    pub name: String,
    /// How it stands.
    pub state: RowState,
    /// Why it is not done, where it is not.
    pub stop: Option<Stop>,
    /// The plan, where one was made now.
    pub plan: Option<Plan>,
    /// The id of the plan, where one is stored.
    pub id: Option<Uuid>,
    /// How it went, with its secrets, where it was run now.
    pub outcome: Option<Outcome>,
}

impl Row {
    pub(super) fn new(tenant: TenantId, user: &str, state: RowState) -> Self {
        Self {
            tenant,
            user: user.to_owned(),
            name: user.to_owned(),
            state,
            stop: None,
            plan: None,
            id: None,
            outcome: None,
        }
    }

    /// How it went.
    pub(super) fn went(mut self, outcome: Outcome) -> Self {
        outcome.plan.subject.name.clone_into(&mut self.name);
        self.id = Some(outcome.id);
        (self.state, self.stop) = judged(&outcome);
        self.outcome = Some(outcome);
        self
    }

    /// Whether nothing but the patience of the service was lacking.
    pub(super) fn is_throttled(&self) -> bool {
        let throttled = ErrorKind::Throttled.as_str();
        let stop = self.stop.as_ref().filter(|_| !self.state.is_fine());
        stop.is_some_and(|stop| stop.reason == throttled)
            && self
                .outcome
                .as_ref()
                .is_none_or(|outcome| outcome.secrets.is_empty())
    }

    /// The greatest risk of its plan.
    pub fn risk(&self) -> Option<Risk> {
        let ran = self.outcome.as_ref().map(|outcome| &outcome.plan);
        self.plan.as_ref().or(ran).map(Plan::risk)
    }
}

/// What the steps of a plan come to.
pub(super) fn judged(outcome: &Outcome) -> (RowState, Option<Stop>) {
    if outcome.is_done() {
        return (RowState::Done, None);
    }
    let stop = |reason: &str, step: &crate::StepOutcome| {
        let stop = Stop::new(ErrorKind::Other, reason, step.words.clone());
        Some(match &step.remedy {
            Some(remedy) => stop.remedy(remedy),
            None => stop,
        })
    };
    let unknown = outcome.steps.iter().find(|step| step.state == StepState::Unknown);
    if let Some(step) = unknown {
        return (RowState::Unknown, stop("unknown", step));
    }
    if let Some(words) = &outcome.stopped {
        let error = outcome.steps.iter().find_map(|step| step.error.as_deref());
        let stop = Stop::new(ErrorKind::Other, error.unwrap_or("stopped"), words.clone());
        return (RowState::Open, Some(stop.remedy("go on with this run")));
    }
    let was_sent = |state: StepState| !matches!(state, StepState::Planned | StepState::Skipped);
    let failed = outcome
        .steps
        .iter()
        .find(|step| was_sent(step.state) && !step.state.is_done());
    if let Some(step) = failed {
        let reason = step.error.as_deref().unwrap_or(step.state.as_str());
        return (RowState::Failed, stop(reason, step));
    }
    let stop = Stop::new(ErrorKind::Other, "open", "not all of its steps were run");
    (RowState::Open, Some(stop.remedy("go on with this run")))
}

/// How it stands with all users of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Tally {
    /// How many users there are.
    pub users: u64,
    /// How many of them stand so.
    pub states: BTreeMap<RowState, u64>,
    /// How many plans there are of each greatest risk.
    pub risks: BTreeMap<&'static str, u64>,
    /// How many are not done for which reason.
    pub reasons: BTreeMap<String, u64>,
}

impl Tally {
    pub(super) fn add(&mut self, row: &Row) {
        self.users += 1;
        *self.states.entry(row.state).or_default() += 1;
        if let Some(risk) = row.risk() {
            *self.risks.entry(word(risk)).or_default() += 1;
        }
        if let Some(stop) = row.stop.as_ref().filter(|_| !row.state.is_fine()) {
            *self.reasons.entry(stop.reason.clone()).or_default() += 1;
        }
    }

    /// How many users stand so.
    pub fn of(&self, state: RowState) -> u64 {
        self.states.get(&state).copied().unwrap_or_default()
    }

    /// Whether nothing is to be done about any of them.
    pub fn is_fine(&self) -> bool {
        self.states.keys().all(|state| state.is_fine())
    }
}

const fn word(risk: Risk) -> &'static str {
    match risk {
        Risk::Low => "low",
        Risk::Medium => "medium",
        Risk::High => "high",
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |counts: Vec<(&str, u64)>| {
            let words: Vec<_> = counts
                .into_iter()
                .map(|(what, count)| format!("{count} {}", what.replace('_', " ")))
                .collect();
            words.join(", ")
        };
        let noun = if self.users == 1 { "user" } else { "users" };
        let states = self.states.iter().map(|(state, count)| (state.as_str(), *count));
        write!(f, "{} {noun}: {}", self.users, of(states.collect()))?;
        if !self.risks.is_empty() {
            let risks = self.risks.iter().map(|(risk, count)| (*risk, *count));
            write!(f, "; by risk: {}", of(risks.collect()))?;
        }
        if !self.reasons.is_empty() {
            let reasons = self
                .reasons
                .iter()
                .map(|(reason, count)| (reason.as_str(), *count));
            write!(f, "; not done: {}", of(reasons.collect()))?;
        }
        Ok(())
    }
}

/// A refusal that says no more than that nothing is to be done.
pub(super) fn is_so_already(refused: &Refused, action: Action) -> bool {
    let bare = format!("`{}` would change nothing", action.as_str());
    refused.reason == Reason::NothingToDo && refused.words.starts_with(&bare)
}
