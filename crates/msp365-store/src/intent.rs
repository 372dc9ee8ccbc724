//! Plans of changes and how their steps stand: what is stored before the first byte of a write leaves.

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::TenantId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{PlanChange, Result};

/// Remembers plans and the intents of their steps.
///
/// A worker claims a plan before it works on it, and names the fence it was given with each change. Who was overtaken
/// by another worker changes nothing any more.
#[async_trait]
pub trait IntentStore: Send + Sync + 'static {
    /// Stores a plan with so many steps, all of them planned, on the disk before this returns. A plan that comes
    /// [claimed](PlanRecord::claim) is so from its first moment on: nobody else gets hold of it in between.
    ///
    /// # Errors
    /// `Conflict` if a plan of this id is there, or a claimed one is of an older epoch of its tenant; `Storage` if the
    /// database failed.
    async fn add_plan(&self, plan: &PlanRecord, steps: u32) -> Result<()>;

    /// One plan, or `None`.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn plan(&self, id: &Uuid) -> Result<Option<PlanRecord>>;

    /// The plans that pass the filter, oldest first.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn plans(&self, filter: &PlanFilter) -> Result<Vec<PlanRecord>>;

    /// How the steps of a plan stand, in order.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn intents(&self, plan: &Uuid) -> Result<Vec<IntentRecord>>;

    /// Takes a plan until a moment, and answers the fence. A claim of the same plan that has not ended is in the way,
    /// and so is a plan that [may not be worked on](PlanState::may_run), and a tenant whose epoch has moved since the plan
    /// was stored.
    ///
    /// # Errors
    /// `NotFound` if there is no such plan; `Conflict` if it is claimed, waits, is over, or is of an older epoch; `Storage`
    /// if the database failed.
    async fn claim_plan(&self, id: &Uuid, now: Timestamp, until: Timestamp) -> Result<i64>;

    /// Replaces how a step stands, on the disk before this returns, and takes the plan until another moment. Once the plan
    /// was cancelled nothing is [about to be sent](IntentState::Sent) any more; how a step ended that was on its way is
    /// still stored.
    ///
    /// # Errors
    /// `Conflict` if the fence is not the latest, or the plan is over and the step about to be sent; `NotFound` if there is no such plan; `Storage` if the database failed.
    async fn put_intent(&self, intent: &IntentRecord, fence: i64, until: Timestamp) -> Result<()>;

    /// Changes how a plan stands, if it still stands as the change says, and gives up the claim.
    ///
    /// # Errors
    /// `Conflict` if the fence is given and not the latest, or the plan stands otherwise; `NotFound` if there is no such
    /// plan; `Storage` if the database failed.
    async fn change_plan(&self, id: &Uuid, change: &PlanChange) -> Result<()>;

    /// Takes, or keeps, work of which only one program does a kind at a time. Answers whether it was free.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn take_lease(&self, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool>;

    /// Gives up what this holder has taken; what another holds stays.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn end_lease(&self, name: &str, holder: &str) -> Result<()>;
}

/// A plan as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlanRecord {
    /// Its id.
    pub id: Uuid,
    /// The tenant it changes.
    pub tenant: TenantId,
    /// The epoch of that tenant when the plan was stored; 0 where the store does not know the tenant.
    pub epoch: i64,
    /// Who wants it.
    pub actor: String,
    /// What it does, as a short word.
    pub action: String,
    /// Whom it is about: an object id, or a name where there is none yet.
    pub subject: String,
    /// How it stands.
    pub state: PlanState,
    /// When it was stored.
    pub created_at: Timestamp,
    /// Before this it does not run.
    pub not_before: Option<Timestamp>,
    /// From this on it does not run any more.
    pub expires_at: Timestamp,
    /// How often it was claimed.
    pub fence: i64,
    /// Until when it is claimed.
    pub claimed_until: Option<Timestamp>,
    /// The plan itself. It holds no secret.
    pub body: serde_json::Value,
    /// What it is run under beside its steps, such as the public key that its secrets are sealed to. No secret either.
    #[serde(default)]
    pub terms: serde_json::Value,
}

impl PlanRecord {
    /// A plan that may run from now on until it expires.
    pub fn new(id: Uuid, tenant: TenantId, created_at: Timestamp, expires_at: Timestamp) -> Self {
        Self {
            id,
            tenant,
            epoch: 0,
            actor: String::new(),
            action: String::new(),
            subject: String::new(),
            state: PlanState::Ready,
            created_at,
            not_before: None,
            expires_at,
            fence: 0,
            claimed_until: None,
            body: serde_json::Value::Null,
            terms: serde_json::Value::Object(serde_json::Map::new()),
        }
    }
}

/// How a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PlanState {
    /// It waits for somebody to approve it.
    Waiting,
    /// It may run.
    Ready,
    /// It was begun, and not all of it is settled.
    Open,
    /// Every step is settled.
    Done,
    /// It is not to run any more.
    Cancelled,
    /// It was known beforehand that it would be refused. It is not run by itself any more; a person may still run it.
    Refused,
    /// Its time went by, and not all of it had happened.
    Expired,
}

impl PlanState {
    const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Ready,
        Self::Open,
        Self::Done,
        Self::Cancelled,
        Self::Refused,
        Self::Expired,
    ];

    /// Whether somebody may work on it: it neither waits nor is over.
    pub const fn may_run(self) -> bool {
        matches!(self, Self::Ready | Self::Open | Self::Refused)
    }

    /// The state as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ready => "ready",
            Self::Open => "open",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Refused => "refused",
            Self::Expired => "expired",
        }
    }

    pub(crate) fn stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// Which plans are wanted; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanFilter {
    /// Those of this tenant.
    pub tenant: Option<TenantId>,
    /// Those that stand so.
    pub state: Option<PlanState>,
    /// Those that may run at this moment: neither too early nor expired.
    pub due_at: Option<Timestamp>,
}

impl PlanFilter {
    /// Every plan.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only those of this tenant.
    #[must_use]
    pub const fn tenant(mut self, tenant: TenantId) -> Self {
        self.tenant = Some(tenant);
        self
    }

    /// Only those that stand so.
    #[must_use]
    pub const fn state(mut self, state: PlanState) -> Self {
        self.state = Some(state);
        self
    }

    /// Only those that may run at this moment.
    #[must_use]
    pub const fn due_at(mut self, now: Timestamp) -> Self {
        self.due_at = Some(now);
        self
    }

    /// Whether this plan passes.
    pub fn accepts(&self, plan: &PlanRecord) -> bool {
        let due = |now: Timestamp| plan.not_before.is_none_or(|from| from <= now) && now < plan.expires_at;
        self.tenant.is_none_or(|tenant| plan.tenant == tenant)
            && self.state.is_none_or(|state| plan.state == state)
            && self.due_at.is_none_or(due)
    }
}

/// How one step of a plan stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IntentRecord {
    /// The plan.
    pub plan: Uuid,
    /// The step, counted from 0.
    pub step: u32,
    /// How it stands.
    pub state: IntentState,
    /// How often it was sent.
    pub sends: u32,
    /// When it was first sent.
    pub sent_at: Option<Timestamp>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
    /// What shows how it stands, without secrets.
    pub evidence: serde_json::Value,
}

impl IntentRecord {
    /// A step that was not sent yet.
    pub const fn planned(plan: Uuid, step: u32) -> Self {
        Self {
            plan,
            step,
            state: IntentState::Planned,
            sends: 0,
            sent_at: None,
            settled_at: None,
            evidence: serde_json::Value::Null,
        }
    }
}

/// How one step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IntentState {
    /// It was not sent.
    Planned,
    /// It is about to be sent, or was: whoever finds it so after a crash has to look.
    Sent,
    /// It happened.
    Applied,
    /// The service refused it.
    Rejected,
    /// It may or may not have happened, and nothing tells.
    Unknown,
}

impl IntentState {
    const ALL: [Self; 5] = [
        Self::Planned,
        Self::Sent,
        Self::Applied,
        Self::Rejected,
        Self::Unknown,
    ];

    /// The state as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sent => "sent",
            Self::Applied => "applied",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        }
    }

    pub(crate) fn stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}
