//! One user of a run.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use msp365_core::{ErrorKind, TenantId};
use msp365_store::{PlanRecord, PlanState, UserQuery, UserRef};
use uuid::Uuid;

use super::{
    Bulk, Hands, Mode, Row, RowState, Stop,
    row::{is_so_already, judged},
};
use crate::{
    Activity, Ask, Create, Error, Facts, Outcome, Plan, Protection, Refused, gather,
    plan::StepKind,
    refused::Reason,
    run::{Hold, derived},
};

/// How an attempt is recorded that was not let.
const REFUSED: &str = "refused";

/// How often users of one name may have been made, and have gone again.
const TURNS: u32 = 100;

/// How often a user is taken up whom the service would not hear of, and how long it is waited for each time: together ten
/// minutes, sixty times the window that its limits are counted over.
const TRIES: u32 = 40;
const PATIENCE: Duration = Duration::from_secs(15);

/// Somebody who is due.
pub(super) struct Work {
    pub(super) tenant: TenantId,
    pub(super) person: Person,
}

/// Who is due.
pub(super) enum Person {
    /// A user who is there, by object id or name.
    There(String),
    /// A user to be made.
    New(Box<Create>),
}

impl Work {
    pub(super) const fn there(tenant: TenantId, id: String) -> Self {
        Self {
            tenant,
            person: Person::There(id),
        }
    }

    /// What the user is known by in this run.
    fn key(&self) -> &str {
        match &self.person {
            Person::There(id) => id,
            Person::New(user) => &user.user_principal_name,
        }
    }

    fn row(&self, state: RowState) -> Row {
        Row::new(self.tenant, self.key(), state)
    }

    fn stopped(&self, state: RowState, stop: impl Into<Stop>) -> Row {
        let mut row = self.row(state);
        row.stop = Some(stop.into());
        row
    }
}

/// Works on the users of a run.
pub(super) struct Worker<'a> {
    pub(super) bulk: &'a Bulk,
    pub(super) hands: Hands<'a>,
    pub(super) mode: Mode,
    /// The question that the users were found by, where they were.
    pub(super) query: Option<UserQuery>,
    /// Units of a product that plans of this run want, while it only looks.
    pub(super) pools: Mutex<HashMap<(TenantId, String), i64>>,
}

/// What there is to be done about a user, so far.
enum Found {
    /// Nothing more: the row is told.
    Told(Box<Row>),
    /// A plan is to be made, and stored under this id.
    Due(Uuid),
}

impl Worker<'_> {
    /// Does all there is to be done about one user. Where the service asks for patience for longer than a single request
    /// waits, the user is taken up again a little later.
    pub(super) async fn row(&self, work: Work) -> Row {
        let mut tries = 1;
        loop {
            let done = Box::pin(self.worked(&work)).await;
            let row = done.unwrap_or_else(|error| work.stopped(RowState::Failed, &error));
            if !row.is_throttled() || tries == TRIES {
                return row;
            }
            tries += 1;
            self.hands.runner.sleep(PATIENCE).await;
        }
    }

    async fn worked(&self, work: &Work) -> Result<Row, Error> {
        match self.hands.guard.hidden(&work.tenant).await {
            Ok(None) => {}
            Ok(Some(stop)) => return Ok(work.stopped(RowState::Refused, stop)),
            Err(stop) => return Ok(work.stopped(RowState::Failed, stop)),
        }
        let id = match self.before(work).await? {
            Found::Told(row) => return Ok(*row),
            Found::Due(id) => id,
        };
        if !self.is_still_chosen(work).await? {
            let words = "the user is not among those chosen any more";
            let stop = Stop::new(ErrorKind::NotFound, "not_chosen", words);
            return Ok(work.stopped(RowState::Refused, stop.remedy("look at the list again")));
        }
        let facts = match self.facts(work).await {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let stop = Stop::new(ErrorKind::NotFound, "no_such_user", "there is no such user");
                return Ok(work.stopped(RowState::Refused, stop.remedy("check the id in this tenant")));
            }
            facts => facts?,
        };
        let name = facts.person.as_ref().map(|person| person.name().to_owned());
        let mut row = match self.planned(work, &facts) {
            Err(refused) if is_so_already(&refused, self.bulk.action()) => {
                work.stopped(RowState::NoChange, refused)
            }
            Err(refused) => work.stopped(RowState::Refused, refused),
            Ok(plan) => self.with(work, id, plan).await?,
        };
        row.name = name.unwrap_or(row.name);
        Ok(row)
    }

    /// What an earlier run, or this one before it was cut off, left of a user.
    async fn before(&self, work: &Work) -> Result<Found, Error> {
        let mut id = self.id(&work.tenant, work.key(), 0);
        for turn in 1..TURNS {
            let Some(record) = self.hands.runner.find(&id).await? else {
                break;
            };
            match record.state {
                PlanState::Done if self.is_gone(work).await? => {}
                PlanState::Cancelled | PlanState::Expired if matches!(work.person, Person::New(_)) => {}
                _ => return Ok(Found::Told(Box::new(self.again(work, &record).await?))),
            }
            id = self.id(&work.tenant, work.key(), turn);
        }
        Ok(Found::Due(id))
    }

    /// Whether a user that was made is not there any more.
    async fn is_gone(&self, work: &Work) -> Result<bool, Error> {
        Ok(match work.person {
            Person::New(_) => self.facts(work).await?.is_name_taken == Some(false),
            Person::There(_) => false,
        })
    }

    /// Goes on with a plan that is stored.
    async fn again(&self, work: &Work, record: &PlanRecord) -> Result<Row, Error> {
        let runner = self.hands.runner;
        if record.action != self.bulk.action().as_str() {
            let words = format!("this run was begun to do `{}`", record.action);
            let stop = Stop::new(ErrorKind::Conflict, "other_run", words);
            return Ok(work.stopped(RowState::Refused, stop.remedy("begin a run of its own")));
        }
        let stands = runner.progress(&record.id).await?;
        let mut row = work.row(RowState::Earlier);
        row.id = Some(record.id);
        stands.plan.subject.name.clone_into(&mut row.name);
        let (judged, stop) = judged(&stands);
        match (record.state, self.mode) {
            (PlanState::Done, _) => {
                if judged != RowState::Done {
                    (row.state, row.stop) = (judged, stop);
                }
                return Ok(row);
            }
            (over @ (PlanState::Cancelled | PlanState::Expired), _) => {
                let why = over.as_str();
                let words = format!("the plan for this user is {why}");
                let stop = Stop::new(ErrorKind::Conflict, why, words);
                (row.state, row.stop) = (
                    RowState::Refused,
                    Some(stop.remedy("begin a run of its own for it")),
                );
                return Ok(row);
            }
            (PlanState::Waiting, _) | (PlanState::Ready, Mode::Keep) => {
                row.state = RowState::Stored;
                return Ok(row);
            }
            (_, Mode::Look | Mode::Keep) => {
                let words = "the plan for this user was begun, and is not over";
                let stop = Stop::new(ErrorKind::Conflict, "open", words);
                (row.state, row.stop) = (RowState::Open, Some(stop.remedy("go on with this run")));
                return Ok(row);
            }
            (_, Mode::Run) => {}
        }
        match self.hands.guard.rest_refusal(&stands).await {
            Ok(None) => {}
            Ok(Some(stop)) => {
                self.note_refusal(runner.about(record, &self.bulk.actor, REFUSED), &stop)
                    .await?;
                return Ok(work.stopped(RowState::Refused, stop));
            }
            Err(stop) => return Ok(work.stopped(RowState::Failed, stop)),
        }
        if self.bulk.takes_over {
            let own = runner.clone().on_behalf_of(&self.bulk.actor);
            own.take_over(&record.id).await?;
        }
        let client = self.hands.client.tenant(row.tenant);
        Ok(told(row, runner.resume(&client, &record.id).await))
    }

    /// Whether a user that a list showed is still shown by it.
    async fn is_still_chosen(&self, work: &Work) -> Result<bool, Error> {
        let (Some(query), Person::There(id)) = (&self.query, &work.person) else {
            return Ok(true);
        };
        let asked = query.clone().only([(work.tenant, id.as_str())]);
        Ok(self.hands.store.user_count(&asked, 1).await?.0 > 0)
    }

    async fn facts(&self, work: &Work) -> Result<Facts, Error> {
        let ask = match (&work.person, &self.bulk.wish) {
            (Person::New(user), _) => Ask::newcomer(&user.user_principal_name)
                .groups(&user.template.groups)
                .others(&user.manager),
            (Person::There(id), Some(wish)) => {
                let user = UserRef {
                    tenant_id: work.tenant,
                    id: id.clone(),
                };
                wish.ask(self.resolved(&user).await?)
            }
            (Person::There(id), None) => Ask::user(id),
        };
        let client = self.hands.client.tenant(work.tenant);
        Ok(gather(&client, &ask, self.hands.runner.now()).await?)
    }

    fn planned(&self, work: &Work, facts: &Facts) -> Result<Plan, Refused> {
        let plan = match (&work.person, &self.bulk.wish) {
            (Person::New(user), _) => user.plan(facts),
            (Person::There(_), Some(wish)) => wish.plan(facts, &self.protection()),
            (Person::There(_), None) => {
                Err(Reason::NothingToDo.with("nothing is wished", "say what is wished"))
            }
        }?;
        self.reserve(&plan, facts)?;
        Ok(match self.bulk.not_before {
            Some(at) => plan.not_before(at),
            None => plan,
        })
    }

    /// Who is left alone: by this run, and by whatever runs its plans.
    fn protection(&self) -> Protection {
        self.bulk.protection.clone().with(self.hands.runner.protected())
    }

    /// Counts the units that plans want while none of them runs, so that a look does not promise more than are free.
    fn reserve(&self, plan: &Plan, facts: &Facts) -> Result<(), Refused> {
        if self.mode == Mode::Run {
            return Ok(());
        }
        let held = facts
            .person
            .iter()
            .flat_map(|person| &person.user.assigned_licenses);
        let held: Vec<_> = held
            .filter_map(|license| Some(license.sku_id.as_deref()?.to_lowercase()))
            .collect();
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        for step in &plan.steps {
            let StepKind::AssignLicenses { add, .. } = &step.kind else {
                continue;
            };
            for grant in add
                .iter()
                .filter(|grant| !held.contains(&grant.sku_id.to_lowercase()))
            {
                let product = facts.product(&grant.sku_id)?;
                let wanted = pools
                    .entry((facts.tenant, grant.sku_id.to_lowercase()))
                    .or_default();
                if *wanted >= product.available_units() {
                    return Err(Reason::PoolEmpty.with(
                        format!("no unit of `{}` is left by those before", product.label()),
                        "buy more units, or choose fewer users",
                    ));
                }
                *wanted += 1;
            }
        }
        Ok(())
    }

    /// Does with a new plan what the mode says.
    async fn with(&self, work: &Work, id: Uuid, plan: Plan) -> Result<Row, Error> {
        let mut row = match self.hands.guard.refusal(&plan).await {
            Ok(None) => work.row(RowState::Planned),
            Ok(Some(stop)) => {
                let attempt = self.hands.runner.attempt(&plan, &self.bulk.actor, REFUSED);
                self.note_refusal(attempt, &stop).await?;
                work.stopped(RowState::Refused, stop)
            }
            Err(stop) => work.stopped(RowState::Failed, stop),
        };
        if self.mode == Mode::Look || !row.state.is_fine() {
            row.plan = Some(plan);
            return Ok(row);
        }
        let (runner, is_kept) = (self.hands.runner, self.mode == Mode::Keep);
        let hold = if is_kept { Hold::Nobody } else { Hold::Own };
        let record = runner.keep(id, &plan, &self.bulk.actor, hold).await?;
        row.id = Some(id);
        if is_kept {
            (row.state, row.plan) = (RowState::Stored, Some(plan));
            return Ok(row);
        }
        let client = self.hands.client.tenant(row.tenant);
        Ok(told(row, runner.run_kept(&client, record, &plan).await))
    }

    /// Records an attempt that was not let; a look is none.
    async fn note_refusal(&self, attempt: Activity, stop: &Stop) -> Result<(), Error> {
        if self.mode == Mode::Look {
            return Ok(());
        }
        let attempt = attempt.because(stop.kind, &stop.reason);
        self.hands.runner.record(&attempt).await
    }

    /// The id of the plan for a user: the same for the same run, or, for users to be made, the same for the name.
    pub(super) fn id(&self, tenant: &TenantId, key: &str, turn: u32) -> Uuid {
        let text = format!("{} {tenant} {} {turn}", self.bulk.run, key.to_lowercase());
        derived(&text)
    }
}

/// How the run of a plan is told.
fn told(mut row: Row, ran: Result<Outcome, Error>) -> Row {
    match ran {
        Ok(outcome) => return row.went(outcome),
        Err(Error::NotApproved { .. }) => row.state = RowState::Stored,
        Err(error) => (row.state, row.stop) = (RowState::Open, Some(Stop::from(&error))),
    }
    row
}
