//! `msp365 users plans|approve|cancel`: plans that wait for their time, for a second person, or for somebody to go on.

use std::sync::Arc;

use jiff::Timestamp;
use msp365::{
    Msp365,
    actions::{Plan, Risk, Runner, TwoPersons},
    store::{PlanFilter, PlanRecord, PlanState},
};
use serde_json::json;

use super::{actor, done, stored};
use crate::{
    Ended,
    args::{Change, Global, OfPlan, Plans},
    failure::Failure,
    output, session,
};

/// Stores a plan instead of running it.
pub(super) async fn keep(
    global: &Global,
    msp: &Msp365,
    runner: Runner,
    (plan, at, change): (Plan, Option<Timestamp>, &Change),
) -> Result<Ended, Failure> {
    let runner = gated(runner, change);
    let plan = match at {
        Some(at) => plan.not_before(at),
        None => plan,
    };
    let actor = actor(change.actor.as_ref());
    let id = msp.actions().submit_by(&runner, &plan, &actor).await?;
    let record = stored(msp, &id.to_string()).await?;
    if global.json {
        output::json(&document(&record))?;
        return Ok(Ended::Done);
    }
    output::line(&format!("Plan {id} is stored: {}.", record.state.as_str()))?;
    Ok(Ended::Done)
}

/// A runner whose plans wait for a second person, where that is asked for.
pub(super) fn gated(runner: Runner, change: &Change) -> Runner {
    if change.second_person {
        runner.gate(Arc::new(TwoPersons::from(Risk::Low)))
    } else {
        runner
    }
}

/// Lists stored plans, or runs those that may run.
pub(crate) async fn plans(global: &Global, command: &Plans) -> Result<Ended, Failure> {
    let tenant = session::tenant_ids(command.tenant.as_slice())?.first().copied();
    if command.run {
        return run_due(global, tenant).await;
    }
    let store = session::store(global).await?;
    let mut filter = PlanFilter::all();
    filter.tenant = tenant;
    let mut found = store.plans(&filter).await.map_err(msp365::Error::from)?;
    found.retain(|plan| command.all || !is_over(plan));
    if global.json {
        let documents: Vec<_> = found.iter().map(document).collect();
        output::json(&json!({ "count": found.len(), "plans": documents }))?;
        return Ok(Ended::Done);
    }
    let mut table = output::table(&["Plan", "State", "Action", "User", "Tenant", "Who", "Not before"]);
    for plan in &found {
        let cells = [
            plan.id.to_string(),
            plan.state.as_str().to_owned(),
            plan.action.clone(),
            plan.subject.clone(),
            plan.tenant.to_string(),
            plan.actor.clone(),
            plan.not_before.map(|at| at.to_string()).unwrap_or_default(),
        ];
        table.add_row(cells.map(|cell| output::shown(&cell)));
    }
    output::line(&table.to_string())?;
    output::line(&format!("{}.", output::many(found.len(), "plan")))?;
    Ok(Ended::Done)
}

const fn is_over(plan: &PlanRecord) -> bool {
    matches!(plan.state, PlanState::Done | PlanState::Cancelled)
}

async fn run_due(global: &Global, tenant: Option<msp365::TenantId>) -> Result<Ended, Failure> {
    let (msp, _) = session::acting(global).await?;
    let runner = msp.actions().runner()?;
    let mut ended = Ended::Done;
    for plan in runner.due().await.map_err(msp365::Error::from)? {
        if tenant.is_some_and(|tenant| tenant != plan.tenant) {
            continue;
        }
        let one = match msp.actions().resume_by(&runner, &plan).await {
            Ok(outcome) => done(global, outcome)?,
            Err(error) => {
                let failure = Failure::from(error);
                if global.json {
                    output::json(&json!({ "id": plan.id, "error": failure.document()["error"] }))?;
                } else {
                    output::complain(&failure);
                }
                Ended::InPart
            }
        };
        if one == Ended::InPart {
            ended = one;
        }
    }
    Ok(ended)
}

/// Lets a plan run, in the name of somebody else than who made it.
pub(crate) async fn approve(global: &Global, command: &OfPlan) -> Result<Ended, Failure> {
    let (msp, _) = session::acting(global).await?;
    let record = stored(&msp, &command.plan).await?;
    let runner = msp
        .actions()
        .runner()?
        .gate(Arc::new(TwoPersons::from(Risk::Low)));
    let by = actor(command.actor.as_ref());
    runner
        .approve(&record.id, &by)
        .await
        .map_err(msp365::Error::from)?;
    told(global, &msp, &command.plan).await
}

/// Keeps a plan from running.
pub(crate) async fn cancel(global: &Global, command: &OfPlan) -> Result<Ended, Failure> {
    let (msp, _) = session::acting(global).await?;
    let record = stored(&msp, &command.plan).await?;
    let by = actor(command.actor.as_ref());
    let runner = msp.actions().runner()?;
    runner
        .cancel(&record.id, &by)
        .await
        .map_err(msp365::Error::from)?;
    told(global, &msp, &command.plan).await
}

/// How a plan stands now.
async fn told(global: &Global, msp: &Msp365, id: &str) -> Result<Ended, Failure> {
    let record = stored(msp, id).await?;
    if global.json {
        output::json(&document(&record))?;
    } else {
        output::line(&format!("Plan {id}: {}.", record.state.as_str()))?;
    }
    Ok(Ended::Done)
}

fn document(plan: &PlanRecord) -> serde_json::Value {
    json!({
        "id": plan.id, "state": plan.state, "action": plan.action, "user": plan.subject, "tenant": plan.tenant,
        "actor": plan.actor, "not_before": plan.not_before, "expires_at": plan.expires_at,
    })
}
