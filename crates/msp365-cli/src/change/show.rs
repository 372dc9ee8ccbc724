//! Plans and how they went, for people and for scripts.

use std::fmt::Display;

use msp365::actions::{
    Handover, Outcome, Plan, Stage, Step, StepKind, StepOutcome, Whom, bulk::Row, explain::Link,
};
use serde_json::{Map, Value, json};

use crate::{args::Global, failure::Failure, output};

/// Shows a plan that was not run.
pub(super) fn plan(global: &Global, plan: &Plan, refusal: Option<&Link>) -> Result<(), Failure> {
    if global.json {
        return output::json(&json!({ "applied": false, "plan": document(plan), "refusal": refusal }));
    }
    lines(plan)?;
    let Some(link) = refusal else {
        return output::line("Nothing was changed; `--apply` runs it.");
    };
    output::line(&format!("It would be refused: {}", output::shown(&link.evidence)))?;
    match &link.remedy {
        Some(remedy) => output::line(&format!("remedy: {}", output::shown(remedy))),
        None => Ok(()),
    }
}

/// Shows how a plan went, with the secrets that it made: this once.
pub(super) fn outcome(global: &Global, mut outcome: Outcome) -> Result<(), Failure> {
    if global.json {
        return output::json(&outcome_document(outcome));
    }
    lines(&outcome)?;
    secrets(&mut outcome)?;
    output::line(&format!("Plan {}.", outcome.id))?;
    if !outcome.is_done() {
        output::note(
            global,
            "`--resume` with the id of the plan goes on with it, as long as steps are left.",
        );
    }
    Ok(())
}

/// Shows how stages of a plan went: whom it made, what is left, and how to go on.
pub(super) fn stages(global: &Global, mut outcome: Outcome) -> Result<(), Failure> {
    let left: Vec<_> = Stage::ALL
        .into_iter()
        .filter(|stage| is_left(&outcome, *stage))
        .map(Stage::as_str)
        .collect();
    let user = outcome.made().or(outcome.plan.subject.id.as_deref());
    let user = user.map(str::to_owned);
    let id = outcome.id;
    let next = left
        .first()
        .map(|stage| format!("msp365 users create --resume {id} --until {stage}"));
    if global.json {
        let mut document = outcome_document(outcome);
        document["user_id"] = json!(user);
        document["stages_left"] = json!(left);
        document["next"] = json!(next);
        return output::json(&document);
    }
    lines(&outcome)?;
    secrets(&mut outcome)?;
    if let Some(user) = user {
        output::line(&format!("The new user's id is {}.", output::shown(&user)))?;
    }
    output::line(&match next {
        Some(next) => format!("Plan {id}; left: {}. `{next}` goes on.", left.join(", ")),
        None => format!("Plan {id}; no stage is left."),
    })
}

/// Whether a step of a stage is not as wished.
fn is_left(outcome: &Outcome, stage: Stage) -> bool {
    let mut steps = outcome.plan.steps.iter().zip(&outcome.steps);
    steps.any(|(step, outcome)| step.stage == stage.number() && !outcome.state.is_done())
}

fn outcome_document(outcome: Outcome) -> Value {
    let mut plan = document(&outcome.plan);
    for (step, own) in steps_of(&mut plan).zip(&outcome.steps) {
        step.extend(result(own));
    }
    let (id, made, done) = (outcome.id, outcome.made().map(str::to_owned), outcome.is_done());
    let secrets: Vec<_> = outcome
        .secrets
        .into_iter()
        .map(|(step, secret)| secret_document(step, secret))
        .collect();
    json!({
        "applied": true, "id": id, "done": done, "stopped": outcome.stopped, "made": made, "plan": plan,
        "secrets": secrets,
    })
}

/// Shows the secrets that a plan made.
fn secrets(outcome: &mut Outcome) -> Result<(), Failure> {
    for (step, secret) in std::mem::take(&mut outcome.secrets) {
        let what = outcome
            .plan
            .steps
            .get(step)
            .map_or("secret", |step| named(&step.kind));
        match secret {
            Handover::Once(secret) => secret.reveal(|text| output::line(&format!("{what}: {text}")))?,
            sealed @ Handover::Sealed(_) => {
                output::line(&format!(
                    "{what}, sealed: {}",
                    secret_document(step, sealed)["sealed"]
                ))?;
            }
        }
    }
    Ok(())
}

/// Shows one user of a run over many, as soon as it stands.
pub(super) fn row(global: &Global, mut row: Row) -> Result<(), Failure> {
    if global.json {
        let mut members = match (row.outcome.take(), &row.plan) {
            (Some(outcome), _) => outcome_document(outcome),
            (None, plan) => json!({ "applied": false, "plan": plan.as_ref().map(document) }),
        };
        if let Value::Object(members) = &mut members {
            members.extend([
                ("tenant".to_owned(), json!(row.tenant)),
                ("user".to_owned(), json!(row.user)),
                ("name".to_owned(), json!(row.name)),
                ("state".to_owned(), json!(row.state)),
                ("id".to_owned(), json!(row.id)),
                ("stop".to_owned(), json!(row.stop)),
            ]);
        }
        return output::json(&members);
    }
    let mut text = format!("{:<9} {} {}", row.state.as_str(), row.tenant, row.name);
    if let Some(plan) = row.plan.as_ref().filter(|_| row.stop.is_none()) {
        let steps: Vec<_> = plan.steps.iter().map(|step| plan.words(step)).collect();
        text = format!("{text}: {}", steps.join("; "));
    }
    if let Some(stop) = &row.stop {
        text = format!("{text}: {}", stop.words);
        if let Some(remedy) = &stop.remedy {
            text = format!("{text}; {remedy}");
        }
    }
    if let Some(id) = row.id {
        text = format!("{text} (plan {id})");
    }
    output::line(&output::shown(&text))?;
    row.outcome.as_mut().map_or(Ok(()), secrets)
}

/// What a plan or an outcome says of itself, line by line: names in it are those of a directory.
fn lines(of: &impl Display) -> Result<(), Failure> {
    of.to_string()
        .lines()
        .try_for_each(|line| output::line(&output::shown(line)))
}

fn named(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::CreatePass { .. } => "Temporary access pass",
        _ => "Password",
    }
}

fn secret_document(step: usize, secret: Handover) -> Value {
    let number = step + 1;
    match secret {
        Handover::Once(secret) => secret.reveal(|text| json!({ "step": number, "secret": text })),
        Handover::Sealed(sealed) => json!({ "step": number, "sealed": sealed }),
    }
}

fn document(plan: &Plan) -> Value {
    let steps: Vec<_> = (1..)
        .zip(&plan.steps)
        .map(|(number, step)| step_document(number, step, plan))
        .collect();
    json!({
        "tenant": plan.tenant, "action": plan.action, "user": plan.subject.name, "user_id": plan.subject.id,
        "risk": plan.risk(), "roles": plan.roles(), "permissions": plan.permissions(), "steps": steps,
        "warnings": plan.warnings, "left": plan.left,
    })
}

fn step_document(number: usize, step: &Step, plan: &Plan) -> Value {
    let inverse = step.kind.inverse(&Whom::Made);
    let needs: Vec<_> = step.needs.iter().map(|at| at + 1).collect();
    json!({
        "step": number, "words": plan.words(step), "request": step.kind.preview(), "stage": step.stage,
        "needs": needs, "role": step.kind.role(&plan.subject), "permissions": step.kind.permissions(),
        "risk": step.kind.risk(&plan.subject), "reversible": inverse.is_ok(),
        "inverse": inverse.as_ref().ok().map(StepKind::preview), "irreversible_because": inverse.as_ref().err(),
        "implied": step.implies,
    })
}

fn steps_of(plan: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let steps = plan.get_mut("steps").and_then(Value::as_array_mut);
    steps.into_iter().flatten().filter_map(Value::as_object_mut)
}

/// How a step went, as members beside those of the step.
fn result(own: &StepOutcome) -> Map<String, Value> {
    Map::from_iter([("result".to_owned(), json!(own))])
}
