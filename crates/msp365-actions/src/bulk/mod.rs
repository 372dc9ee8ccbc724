//! One wish for many users: a plan for each, a summary before anything is sent, a report by user while it runs.
//!
//! A [`Bulk`] says what is wished; [`Chosen`] says for whom. A run [looks](Mode::Look) first, which sends nothing that
//! changes anything, or [runs](Mode::Run) the plans: several users of a tenant and several tenants at once, each user for
//! itself, so that one who fails stops nobody. Rows are told as they end, and counted in a [`Tally`]; in memory are a page
//! of users of the tenants in hand, however many are chosen.
//!
//! Before each user is touched it is looked again whether that user is still among the chosen, as the list has it then, and
//! whether [`Guard`] still lets it.
//!
//! Every plan is stored under an id that follows from the run and the user. A run of the same id goes on: what is done is
//! skipped, what was cut off is looked into and ended. Users who are to be made are known by their names alone, so that a
//! second run over the same file makes nobody twice.

mod choice;
mod engine;
mod row;
mod wish;
mod work;

use async_trait::async_trait;
use msp365_client::Client;
use msp365_store::DirectoryReader;
use uuid::Uuid;

use crate::{Outcome, Plan, Protection, Runner};
use msp365_core::TenantId;

pub use choice::Chosen;
pub use row::{Row, RowState, Stop, Tally};
pub use wish::Wish;

/// Tenants that are worked on at once, and users of each. More only waits: the services limit what one tenant may ask.
const TENANTS: usize = 16;
const USERS: usize = 4;

/// What is wished for many users, in whose name, and how.
#[derive(Debug, Clone)]
#[must_use = "nothing happens until it is run"]
pub struct Bulk {
    run: Uuid,
    wish: Option<Wish>,
    protection: Protection,
    actor: String,
    not_before: Option<jiff::Timestamp>,
    takes_over: bool,
    tenants: usize,
    users: usize,
}

impl Bulk {
    /// A wish for users who are there, under the id of its run, in this person's name.
    pub fn new(run: Uuid, wish: impl Into<Wish>, actor: impl Into<String>) -> Self {
        Self {
            wish: Some(wish.into()),
            ..Self::creating(actor).under(run)
        }
    }

    /// Users to be made, as [`Chosen::Newcomers`] names them, in this person's name.
    pub fn creating(actor: impl Into<String>) -> Self {
        Self {
            run: Uuid::nil(),
            wish: None,
            protection: Protection::new(),
            actor: actor.into(),
            not_before: None,
            takes_over: false,
            tenants: TENANTS,
            users: USERS,
        }
    }

    fn under(mut self, run: Uuid) -> Self {
        self.run = run;
        self
    }

    /// Leaves these accounts alone.
    pub fn protection(mut self, protection: Protection) -> Self {
        self.protection = protection;
        self
    }

    /// In this person's name, whoever was named before.
    pub fn in_name_of(mut self, actor: impl Into<String>) -> Self {
        self.actor = actor.into();
        self
    }

    /// Plans run at this moment or later; for [`Mode::Keep`].
    pub const fn not_before(mut self, at: jiff::Timestamp) -> Self {
        self.not_before = Some(at);
        self
    }

    /// Goes on at once with plans that another program holds, which is known to have ended.
    pub const fn taking_over(mut self) -> Self {
        self.takes_over = true;
        self
    }

    /// So many tenants at once, and so many users of each; 16 and 4 unless told otherwise, and never none.
    pub fn at_a_time(mut self, tenants: usize, users: usize) -> Self {
        (self.tenants, self.users) = (tenants.max(1), users.max(1));
        self
    }

    /// The id under which the run is gone on with.
    pub const fn run(&self) -> Uuid {
        self.run
    }
}

/// How far a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// Plans are made, and neither stored nor sent.
    Look,
    /// Plans are stored, for later.
    Keep,
    /// Plans are run.
    Run,
}

/// What a run works with.
#[derive(Clone, Copy)]
pub struct Hands<'a> {
    /// Sends requests.
    pub client: &'a Client,
    /// The list that users are chosen from.
    pub store: &'a dyn DirectoryReader,
    /// Stores and runs plans.
    pub runner: &'a Runner,
    /// Says what is not let.
    pub guard: &'a dyn Guard,
}

impl std::fmt::Debug for Hands<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hands")
    }
}

/// Says of each user, before anything is sent, what is known to stand in the way. What it cannot find out is `Err`.
#[async_trait]
pub trait Guard: Send + Sync {
    /// Why nothing in a tenant may be touched, or seen.
    async fn hidden(&self, tenant: &TenantId) -> Result<Option<Stop>, Stop>;

    /// Why a plan would be refused.
    async fn refusal(&self, plan: &Plan) -> Result<Option<Stop>, Stop>;

    /// Why what is left of a stored plan would be refused.
    async fn rest_refusal(&self, stands: &Outcome) -> Result<Option<Stop>, Stop>;
}

/// Lets everything: the service alone says what it refuses.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unguarded;

#[async_trait]
impl Guard for Unguarded {
    async fn hidden(&self, _: &TenantId) -> Result<Option<Stop>, Stop> {
        Ok(None)
    }

    async fn refusal(&self, _: &Plan) -> Result<Option<Stop>, Stop> {
        Ok(None)
    }

    async fn rest_refusal(&self, _: &Outcome) -> Result<Option<Stop>, Stop> {
        Ok(None)
    }
}
