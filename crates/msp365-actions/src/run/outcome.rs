//! How a plan went, step by step.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Handover, Plan, Refused,
    plan::{Action, Stage, Step, StepKind, Whom},
    refused::Reason,
};

/// How one step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepState {
    /// It was not sent.
    Planned,
    /// It happened.
    Applied,
    /// It was so already.
    NoChange,
    /// It happened, and the service says that it does not work: a licence in error. Undoing takes it back.
    Faulty,
    /// The service refused it.
    Rejected,
    /// It was not sent, as a step that it needs did not succeed.
    Skipped,
    /// It may or may not have happened, and nothing tells.
    Unknown,
    /// A secret was made, and the answer that showed it was lost. Only a new one helps.
    SecretLost,
}

impl StepState {
    /// The state as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Applied => "applied",
            Self::NoChange => "no_change",
            Self::Faulty => "faulty",
            Self::Rejected => "rejected",
            Self::Skipped => "skipped",
            Self::Unknown => "unknown",
            Self::SecretLost => "secret_lost",
        }
    }

    /// Whether it is as wished.
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Applied | Self::NoChange)
    }
}

/// How one step went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StepOutcome {
    /// How it stands.
    pub state: StepState,
    /// What there is to say of it; never a secret.
    pub words: String,
    /// What a person can do, where something is to be done.
    pub remedy: Option<String>,
    /// What kind of failure it was, as [`ErrorKind`](msp365_core::ErrorKind) writes it.
    pub error: Option<String>,
    /// The service's id of the exchange.
    pub request_id: Option<String>,
    /// How often it was sent.
    pub sends: u32,
    /// Whether the answer was lost, or the program ended, and it was found out by looking.
    pub is_reconciled: bool,
    /// Whether it was seen when it was read back.
    pub is_confirmed: bool,
    /// The id of what was made.
    pub id: Option<String>,
    /// Whether it made a secret that nobody knows any more.
    pub is_secret_lost: bool,
}

impl StepOutcome {
    pub(crate) const fn new(state: StepState) -> Self {
        Self {
            state,
            words: String::new(),
            remedy: None,
            error: None,
            request_id: None,
            sends: 0,
            is_reconciled: false,
            is_confirmed: false,
            id: None,
            is_secret_lost: false,
        }
    }

    pub(crate) fn saying(mut self, words: impl Into<String>) -> Self {
        self.words = words.into();
        self
    }

    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

/// How a plan went. Secrets are in it once: take them out, and nothing else holds them.
#[derive(Debug)]
#[must_use = "an outcome says what did not happen, and holds secrets that are shown once"]
#[non_exhaustive]
pub struct Outcome {
    /// The id under which the plan is stored.
    pub id: Uuid,
    /// The plan.
    pub plan: Plan,
    /// How each step went, in the order of the steps.
    pub steps: Vec<StepOutcome>,
    /// Passwords and passes, by the step that made them.
    pub secrets: BTreeMap<usize, Handover>,
    /// Why the plan stopped before its end, if it did; it can be resumed.
    pub stopped: Option<String>,
    /// When the plan made its user, or brought it back.
    pub made_at: Option<Timestamp>,
}

impl Outcome {
    /// Whether every step is as wished.
    pub fn is_done(&self) -> bool {
        self.steps.iter().all(|step| step.state.is_done())
    }

    /// Whether every step of these stages is as wished. A step that a plan has none of is.
    pub fn is_done_until(&self, last: Stage) -> bool {
        let mut steps = self.plan.steps.iter().zip(&self.steps);
        steps.all(|(step, outcome)| step.stage > last.number() || outcome.state.is_done())
    }

    /// Whether every step that was to be run is as wished: of a plan of which the first stages were run alone, those of
    /// these stages.
    pub fn is_done_so_far(&self) -> bool {
        let is_fine = |step: &StepOutcome| step.state.is_done() || step.state == StepState::Planned;
        self.stopped.is_none() && self.steps.iter().all(is_fine)
    }

    /// The id of the user that the plan made.
    pub fn made(&self) -> Option<&str> {
        let steps = self.plan.steps.iter().zip(&self.steps);
        let mut made = steps.filter(|(step, _)| matches!(step.kind, StepKind::CreateUser { .. }));
        made.find_map(|(_, outcome)| outcome.id.as_deref())
    }

    /// What is not as wished yet, as a plan; `None` where all is. A step of which nothing tells whether it happened is
    /// in it: look before it runs. A secret that was lost is made anew by it.
    pub fn rest(&self) -> Option<Plan> {
        let open: Vec<usize> = (0..self.plan.steps.len())
            .filter(|at| self.steps.get(*at).is_none_or(|step| !step.state.is_done()))
            .collect();
        if open.is_empty() {
            return None;
        }
        let mut rest = self.plan.clone();
        rest.not_before = None;
        rest.whole = None;
        rest.made_at = self.made_at.or(rest.made_at);
        if let Some(made) = self.made() {
            rest.subject.id = Some(made.to_owned());
        }
        rest.steps = open.iter().filter_map(|at| self.step(*at, &open)).collect();
        Some(rest)
    }

    /// What is left, and how many of its stages there are until this one is over.
    ///
    /// # Errors
    /// `Invalid` where nothing is left until then.
    pub fn rest_until(&self, last: Stage) -> Result<(Plan, usize), Refused> {
        let rest = self.rest();
        let upto = rest.as_ref().map_or(0, |rest| rest.stages_until(last));
        match rest {
            Some(rest) if upto > 0 => Ok((rest, upto)),
            rest => Err(Reason::NothingToDo.with(
                format!("nothing is left to do until `{}` is over", last.as_str()),
                if rest.is_some() {
                    "go on with a later stage"
                } else {
                    "all of its stages are done"
                },
            )),
        }
    }

    /// The plan that undoes what happened.
    ///
    /// # Errors
    /// `Invalid` if nothing happened, or nothing of it can be undone.
    pub fn inverse(&self) -> Result<Plan, Refused> {
        let mut done = self.plan.clone();
        let places: Vec<usize> = (0..done.steps.len())
            .filter(|at| {
                self.steps
                    .get(*at)
                    .is_some_and(|step| matches!(step.state, StepState::Applied | StepState::Faulty))
            })
            .collect();
        if let Some(made) = self.made() {
            done.subject.id = Some(made.to_owned());
        }
        done.steps = places.iter().filter_map(|at| self.step(*at, &places)).collect();
        done.whole = None;
        let mut undo = done.inverse()?;
        undo.action = Action::Undo;
        Ok(undo)
    }

    /// How the whole of a plan stands of which this ran the first stages: what comes later is planned, so that
    /// [`rest`](Self::rest) goes on with it. Secrets stay with the steps that made them.
    pub fn within(mut self, whole: &Plan) -> Self {
        let mut own = self.steps.drain(..).zip(&self.plan.steps).enumerate().peekable();
        let (mut steps, mut secrets) = (Vec::new(), BTreeMap::new());
        for (at, step) in whole.steps.iter().enumerate() {
            match own.next_if(|(_, (_, ran))| ran.kind == step.kind) {
                Some((place, (outcome, _))) => {
                    secrets.extend(self.secrets.remove(&place).map(|secret| (at, secret)));
                    steps.push(outcome);
                }
                None => steps.push(StepOutcome::new(StepState::Planned)),
            }
        }
        drop(own);
        self.secrets.append(&mut secrets);
        Self {
            plan: whole.clone(),
            steps,
            ..self
        }
    }

    /// The same within the whole of a plan, where this ran the first stages alone.
    pub(super) fn within_whole(self) -> Self {
        match self.plan.whole.clone() {
            Some(whole) => self.within(&whole),
            None => self,
        }
    }

    /// One step of a shorter plan, with the user that was made in place of the one to be made.
    fn step(&self, at: usize, places: &[usize]) -> Option<Step> {
        let mut step = self.plan.steps.get(at)?.among(places);
        if let Some(made) = self
            .made()
            .filter(|_| !matches!(step.kind, StepKind::CreateUser { .. }))
        {
            step.kind = step.kind.about(&Whom::Id(made.to_owned()));
        }
        Some(step)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = self.steps.iter().filter(|step| step.state.is_done()).count();
        writeln!(
            f,
            "{} {}: {done} of {} steps done",
            self.plan.action,
            self.plan.subject.name,
            self.steps.len()
        )?;
        for ((number, step), outcome) in (1..).zip(&self.plan.steps).zip(&self.steps) {
            write!(
                f,
                "{number:>3}. {:<11} {}",
                outcome.state.as_str(),
                self.plan.words(step)
            )?;
            if !outcome.words.is_empty() {
                write!(f, ": {}", outcome.words)?;
            }
            if let Some(remedy) = &outcome.remedy {
                write!(f, "; {remedy}")?;
            }
            writeln!(f)?;
        }
        match &self.stopped {
            Some(why) => writeln!(f, "stopped: {why}"),
            None => Ok(()),
        }
    }
}
