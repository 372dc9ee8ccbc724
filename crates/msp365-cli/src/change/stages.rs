//! `msp365 users create --until STAGE`: users who are made stage by stage.

use msp365::{
    Msp365,
    actions::{Outcome, Plan, Runner, Stage},
    store::PlanRecord,
};

use super::show;
use crate::{
    Ended,
    args::{Change, ChangeCommand, Global, Until},
    failure::Failure,
    session::actor,
};

impl Until {
    const fn stage(self) -> Stage {
        match self {
            Self::Details => Stage::Details,
            Self::Licences => Stage::Licences,
            Self::Groups => Stage::Groups,
        }
    }
}

/// The stage to stop after, where one was typed.
pub(super) fn until(command: &ChangeCommand) -> Result<Option<Stage>, Failure> {
    let ChangeCommand::Create(create) = command else {
        return Ok(None);
    };
    match create.until {
        Some(_) if !create.change.apply && create.change.resume.is_none() => Err(Failure::usage(
            "`--until` runs stages of a plan, and nothing is to be run",
        )
        .remedy("add `--apply`, or `--resume` with the id of a plan that was begun so")),
        until => Ok(until.map(Until::stage)),
    }
}

/// Until which stage a stored plan is gone on with, if it was begun in stages: all, where nothing else was typed.
pub(super) fn left(
    command: &ChangeCommand,
    record: &PlanRecord,
    until: Option<Stage>,
) -> Result<Option<Stage>, Failure> {
    let is_staged = !record.body["whole"].is_null();
    match (command, until) {
        (ChangeCommand::Create(_), _) if is_staged => Ok(Some(until.unwrap_or(Stage::Groups))),
        (_, Some(_)) => Err(
            Failure::usage(format!("plan `{}` was not begun in stages", record.id))
                .remedy("leave out `--until` to go on with all of it"),
        ),
        _ => Ok(None),
    }
}

/// Runs the first stages of a plan.
pub(super) async fn begin(
    global: &Global,
    (msp, runner): (&Msp365, &Runner),
    (plan, change): (&Plan, &Change),
    until: Stage,
) -> Result<Ended, Failure> {
    let actor = actor(change.actor.as_ref());
    let first = (plan, plan.stages_until(until));
    let outcome = msp.actions().run_stages_by(runner, first, &actor).await?;
    done(global, outcome, until)
}

/// Runs the next stages of a plan.
pub(super) async fn go_on(
    global: &Global,
    (msp, runner): (&Msp365, &Runner),
    record: &PlanRecord,
    until: Stage,
) -> Result<Ended, Failure> {
    let actions = msp.actions();
    let outcome = Box::pin(actions.go_on_by(runner, record, until)).await?;
    done(global, outcome, until)
}

fn done(global: &Global, outcome: Outcome, until: Stage) -> Result<Ended, Failure> {
    let ended = if outcome.is_done_until(until) {
        Ended::Done
    } else {
        Ended::InPart
    };
    show::stages(global, outcome)?;
    Ok(ended)
}
