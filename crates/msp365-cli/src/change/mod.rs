//! `msp365 users create|edit|offboard|rehire|block|…`: a plan is shown, and run where that is asked for.

mod many;
mod protect;
mod show;
mod stages;
mod waiting;
mod wish;

use std::path::Path;

use jiff::Timestamp;
use msp365::{
    Connected, ErrorKind, Msp365, TenantId,
    actions::{Delivery, Outcome, Plan, Protection, RecipientKey, Runner, details::Viewer},
    graph::users::{self, User},
    store::PlanRecord,
};

pub(crate) use protect::protect;
pub(crate) use waiting::{approve, cancel, plans};
pub(crate) use wish::offboard;

use crate::{
    Ended,
    args::{Change, ChangeCommand, Global},
    failure::Failure,
    session::{self, actor},
    which,
};

/// What a wish is made into a plan with.
struct Desk {
    msp: Msp365,
    protection: Protection,
}

pub(crate) async fn run(global: &Global, command: &ChangeCommand) -> Result<Ended, Failure> {
    let change = command.change();
    let until = stages::until(command)?;
    let delivery = delivery(change.seal_to.as_deref())?;
    let (msp, connected) = session::acting(global).await?;
    let protection = protection(change, connected.as_ref());
    let runner = msp
        .actions()
        .runner()?
        .delivery(delivery)
        .protection(protection.clone())
        .on_behalf_of(actor(change.actor.as_ref()));
    if let Some(id) = &change.resume {
        let record = stored(&msp, id).await?;
        if change.take_over {
            let latest = runner.latest_stages(&record.id).await;
            let latest = latest.map_err(msp365::Error::from)?.id;
            runner.take_over(&latest).await.map_err(msp365::Error::from)?;
        }
        if let Some(until) = stages::left(command, &record, until)? {
            return stages::go_on(global, (&msp, &runner), &record, until).await;
        }
        let outcome = msp.actions().resume_by(&runner, &record).await?;
        return done(global, outcome);
    }
    let desk = Desk {
        protection: protection.with(&msp.actions().protection().await?),
        msp,
    };
    if let Some(many) = many::of(&desk, command).await? {
        return many::run(global, &desk.msp, runner, (many, change)).await;
    }
    let plan = Box::pin(wish::plan(&desk, command)).await?;
    if let Some(until) = until {
        return stages::begin(global, (&desk.msp, &runner), (&plan, change), until).await;
    }
    match (moment(change)?, change) {
        (_, Change { apply: true, .. }) => apply(global, &desk.msp, &runner, (&plan, change)).await,
        (
            None,
            Change {
                second_person: false, ..
            },
        ) => shown(global, &desk.msp, &plan).await,
        (at, _) => waiting::keep(global, &desk.msp, runner, (plan, at, change)).await,
    }
}

/// When a plan is to be run, as it was typed.
fn moment(change: &Change) -> Result<Option<Timestamp>, Failure> {
    let parsed = change.at.as_deref().map(str::parse::<Timestamp>).transpose();
    parsed.map_err(|error| {
        Failure::usage(format!("`--at`: {error}"))
            .remedy("write a moment with its zone, such as `2026-03-01T08:00:00Z`")
    })
}

/// Shows a plan, with what is known to stand in its way.
async fn shown(global: &Global, msp: &Msp365, plan: &Plan) -> Result<Ended, Failure> {
    let refusal = msp.actions().refusal(plan).await?;
    show::plan(global, plan, refusal.as_ref())?;
    Ok(match refusal {
        None => Ended::Done,
        Some(_) => Ended::InPart,
    })
}

async fn apply(
    global: &Global,
    msp: &Msp365,
    runner: &Runner,
    (plan, change): (&Plan, &Change),
) -> Result<Ended, Failure> {
    let actor = actor(change.actor.as_ref());
    let outcome = msp.actions().run_by(runner, plan, &actor).await?;
    done(global, outcome)
}

fn done(global: &Global, outcome: Outcome) -> Result<Ended, Failure> {
    let ended = if outcome.is_done_so_far() {
        Ended::Done
    } else {
        Ended::InPart
    };
    show::outcome(global, outcome)?;
    Ok(ended)
}

/// The accounts that are left alone: those named, and the one that signed in.
fn protection(change: &Change, connected: Option<&Connected>) -> Protection {
    let own = own_account(connected);
    change.protect.iter().fold(own, Protection::break_glass)
}

/// The account that signed in, which is left alone.
fn own_account(connected: Option<&Connected>) -> Protection {
    connected.map_or_else(Protection::new, |connected| {
        Protection::new().own_account(&connected.account)
    })
}

fn delivery(key: Option<&Path>) -> Result<Delivery, Failure> {
    let Some(path) = key else {
        return Ok(Delivery::Once);
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", path.display())))?;
    let key: RecipientKey = text
        .parse()
        .map_err(|error| Failure::usage(format!("`{}`: {error}", path.display())))?;
    Ok(Delivery::Sealed(key))
}

async fn stored(msp: &Msp365, id: &str) -> Result<PlanRecord, Failure> {
    let id = id
        .parse()
        .map_err(|_| Failure::usage(format!("`{id}` is no id of a plan")))?;
    let found = msp.store().plan(&id).await.map_err(msp365::Error::from)?;
    found.ok_or_else(|| {
        Failure::new(ErrorKind::NotFound, format!("plan `{id}` is not in the database"))
            .remedy("`msp365 users plans --all` lists the plans that are stored")
    })
}

impl Desk {
    /// The tenant that was typed, or that of the user.
    async fn tenant(&self, change: &Change, user: Option<&String>) -> Result<TenantId, Failure> {
        let typed = (change.tenant.as_deref(), user.map(String::as_str));
        which::tenant(&**self.msp.store(), Viewer::host(), typed).await
    }

    /// The object id of a user that was typed by name or id, live.
    async fn user(&self, tenant: &TenantId, typed: Option<&String>) -> Result<String, Failure> {
        let typed = typed.ok_or_else(|| Failure::usage("the user is missing"))?;
        let found = self
            .msp
            .tenant(tenant)
            .send(users::get(typed).select([User::ID]))
            .await;
        Ok(found.map_err(msp365::Error::from)?.id)
    }
}
