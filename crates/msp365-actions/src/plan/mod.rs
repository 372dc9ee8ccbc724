//! Plans: what is going to be done, as values that are shown, stored and run.

mod count;
mod inverse;
mod look;
mod names;
mod request;
mod rules;
mod show;
mod stage;
mod step;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use msp365_core::TenantId;
use serde::{Deserialize, Serialize};

pub use count::{Count, RULES};
pub(crate) use look::Seen;
pub use names::GroupNames;
pub(crate) use names::{group_label, named};
pub(crate) use request::{Answered, Place};
pub use show::Preview;
pub use stage::Stage;
pub use step::{Grant, IfChanged, PasswordRoute, StepKind, Whom};

use crate::{Refused, Snapshot, refused::Reason};

/// What a technician wants done, as a word that is shown, stored and ruled by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// Make a user.
    Create,
    /// Change a profile.
    Edit,
    /// Give and take licences.
    Licenses,
    /// Put into groups and take out of groups.
    Groups,
    /// Give and take directory roles.
    Roles,
    /// Forbid signing in.
    Block,
    /// Allow signing in.
    Unblock,
    /// End all sessions.
    Revoke,
    /// Set a new password.
    ResetPassword,
    /// Make a temporary access pass.
    AccessPass,
    /// Remove the methods with which a user proves who they are.
    ResetMethods,
    /// Take a user's access away.
    Offboard,
    /// Give it back.
    Rehire,
    /// Bring a deleted user back.
    Restore,
    /// Undo a plan.
    Undo,
}

impl Action {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Licenses => "licenses",
            Self::Groups => "groups",
            Self::Roles => "roles",
            Self::Block => "block",
            Self::Unblock => "unblock",
            Self::Revoke => "revoke",
            Self::ResetPassword => "reset_password",
            Self::AccessPass => "access_pass",
            Self::ResetMethods => "reset_methods",
            Self::Offboard => "offboard",
            Self::Rehire => "rehire",
            Self::Restore => "restore",
            Self::Undo => "undo",
        }
    }
}

/// Whom a plan is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Subject {
    /// The object id; `None` where the plan makes the user.
    pub id: Option<String>,
    /// The name for signing in.
    pub name: String,
    /// Whether the user holds a directory role, or is in a group that can be given roles: changing such a user takes
    /// a higher role.
    pub is_guarded: bool,
}

impl Subject {
    /// The object id, or the name where there is none yet.
    pub fn key(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.name)
    }
}

/// Something that was wished for and is not among the steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Left {
    /// What.
    pub what: String,
    /// Why not.
    pub why: String,
    /// What a person can do.
    pub remedy: String,
}

impl Left {
    pub(crate) fn new(what: impl Into<String>, why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            why: why.into(),
            remedy: remedy.into(),
        }
    }
}

/// Ordered steps that change one user of one tenant. Nothing happens until it is run.
///
/// It holds no secrets: passwords are made while it runs. It can be stored as JSON and run by another process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use = "a plan does nothing until it is run"]
#[non_exhaustive]
pub struct Plan {
    /// The tenant.
    pub tenant: TenantId,
    /// What it is for.
    pub action: Action,
    /// Whom it is about.
    pub subject: Subject,
    /// What is done, in this order.
    pub steps: Vec<Step>,
    /// What a person should know before it runs.
    pub warnings: Vec<String>,
    /// What is not done by it.
    pub left: Vec<Left>,
    /// How the user was before, where the plan takes access away.
    pub snapshot: Option<Snapshot>,
    /// Before this it does not run.
    pub not_before: Option<Timestamp>,
    /// When its user was made or brought back, where another plan has just done so: the service may not know the user
    /// everywhere yet.
    #[serde(default)]
    pub made_at: Option<Timestamp>,
    /// The names of the groups in its steps, as they were when it was made.
    #[serde(default)]
    pub group_names: GroupNames,
    /// The plan that these are the first stages of, where they are run alone: what comes later is known by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<Box<Self>>,
}

/// One step of a plan: one request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// Steps of one stage belong together; a person may stop between stages.
    pub stage: u32,
    /// The steps, counted from 0, that have to succeed first.
    pub needs: Vec<usize>,
    /// What happens with it, though no request asks for it.
    pub implies: Vec<String>,
}

impl Step {
    /// The same step in a plan of these steps alone.
    pub(crate) fn among(&self, places: &[usize]) -> Self {
        let place = |need: &usize| places.iter().position(|place| place == need);
        Self {
            needs: self.needs.iter().filter_map(place).collect(),
            ..self.clone()
        }
    }
}

/// How much harm a step can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Little, and it is undone at once.
    Low,
    /// Somebody cannot work until it is undone.
    Medium,
    /// It cannot be undone, or only in part, or it gives or takes power over the tenant.
    High,
}

impl Plan {
    pub(crate) fn new(tenant: TenantId, action: Action, subject: Subject) -> Self {
        Self {
            tenant,
            action,
            subject,
            steps: Vec::new(),
            warnings: Vec::new(),
            left: Vec::new(),
            snapshot: None,
            not_before: None,
            made_at: None,
            group_names: GroupNames::new(),
            whole: None,
        }
    }

    /// Adds a step of the latest stage that depends on no other; answers its place.
    pub(crate) fn push(&mut self, kind: StepKind) -> usize {
        let stage = self.steps.last().map_or(0, |step| step.stage);
        self.push_after(kind, stage, Vec::new())
    }

    pub(crate) fn push_after(&mut self, kind: StepKind, stage: u32, needs: Vec<usize>) -> usize {
        self.steps.push(Step {
            kind,
            stage,
            needs,
            implies: Vec::new(),
        });
        self.steps.len() - 1
    }

    pub(crate) fn warn(&mut self, words: impl Into<String>) {
        self.warnings.push(words.into());
    }

    /// Refuses a plan without steps.
    pub(crate) fn not_empty(self) -> Result<Self, Refused> {
        if !self.steps.is_empty() {
            return Ok(self);
        }
        let mut words = format!(
            "`{}` would change nothing of `{}`",
            self.action.as_str(),
            self.subject.name
        );
        let mut remedy = "choose something that differs from how it is".to_owned();
        if let Some(left) = self.left.first() {
            words = format!("{}: {}", left.what, left.why);
            left.remedy.clone_into(&mut remedy);
        }
        Err(Reason::NothingToDo.with(words, remedy))
    }

    /// Whether another plan has made its user so lately that the service may not know the user everywhere yet: reads and
    /// references lag behind writes by two and a half minutes at most.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        let age = self.made_at.map(|at| now.duration_since(at));
        age.is_some_and(|age| std::time::Duration::try_from(age).is_ok_and(|age| age < crate::run::WINDOW))
    }

    /// Runs at this moment or later.
    pub const fn not_before(mut self, at: Timestamp) -> Self {
        self.not_before = Some(at);
        self
    }

    /// The directory roles that it takes, the least for each step.
    pub fn roles(&self) -> Vec<&'static str> {
        let mut roles: Vec<_> = self
            .steps
            .iter()
            .map(|step| step.kind.role(&self.subject))
            .collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// The permissions of the application that it takes.
    pub fn permissions(&self) -> Vec<&'static str> {
        let mut all: Vec<_> = self
            .steps
            .iter()
            .flat_map(|step| step.kind.permissions().iter().copied())
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The greatest risk of its steps.
    pub fn risk(&self) -> Risk {
        self.steps
            .iter()
            .map(|step| step.kind.risk(&self.subject))
            .max()
            .unwrap_or(Risk::Low)
    }
}
