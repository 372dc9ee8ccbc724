//! Answers that were lost together with something else: reads that lag behind, an outage in between, a change by
//! somebody else.

use std::time::Duration;

use msp365::{
    actions::{Ask, Create, Outcome, Plan, ResetPassword, StepState},
    core::Clock,
};
use serde_json::json;

use crate::{
    cases::Case,
    desk::{Desk, open},
    wire::Mishap,
};

fn took_place_once(desk: &Desk) -> bool {
    let ledger = desk.cloud.ledger();
    let effects = ledger.effects();
    effects.len() == 1 && effects[0].count == 1
}

/// Makes a user whose answer is lost, and whom nobody can read for so many seconds.
async fn made_unseen(desk: &Desk, seconds: u64) -> (Plan, Outcome) {
    let name = format!("cleo.new@{}", desk.domain());
    let plan = Create::new("Cleo New", &name)
        .plan(&desk.facts(&Ask::newcomer(name)).await)
        .unwrap();
    let faults = desk.cloud.faults();
    let lag = faults.script("F184").unwrap().size(seconds).install();
    let lost = faults.script("F180").unwrap().install();
    let outcome = desk.run(&plan).await;
    assert!(lost.hits() == 1 && lag.hits() > 0, "{outcome}");
    lost.uninstall();
    lag.uninstall();
    (plan, outcome)
}

#[tokio::test]
async fn f180_f184_a_user_whose_answer_was_lost_is_found_though_reads_lag_behind() {
    for seconds in [30, 60, 110, 140] {
        let desk = Desk::new();

        let (_, outcome) = made_unseen(&desk, seconds).await;

        assert!(outcome.is_done(), "{seconds}\n{outcome}");
        assert!(outcome.steps[0].is_reconciled && outcome.secrets.len() == 1);
        assert!(desk.user(outcome.made().unwrap()).is_some());
        assert!(took_place_once(&desk));
    }
}

#[tokio::test]
async fn f180_f184_whether_an_unseen_user_is_ours_is_not_denied() {
    let desk = Desk::new();

    let (_, outcome) = made_unseen(&desk, 3_600).await;

    assert_eq!(outcome.steps[0].state, StepState::Unknown, "{outcome}");
    assert!(outcome.steps[0].remedy.is_some());
    let again = desk.runner().resume(&desk.client(), &outcome.id).await.unwrap();
    assert!(again.is_done() && again.made().is_some(), "{again}");
    assert!(took_place_once(&desk));
}

#[tokio::test]
async fn what_we_did_and_saw_late_is_no_matter_of_somebody_else() {
    let desk = Desk::new();
    let plan = Case::Groups.plan(&desk).await;
    desk.wire.mishap(0, Mishap::LostAfter);
    desk.wire.stale();

    let outcome = desk.run(&plan).await;

    let states: Vec<StepState> = outcome.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [StepState::Applied, StepState::Applied], "{outcome}");
    let step = &outcome.steps[0];
    assert!(step.is_reconciled && step.sends == 2, "{:?}", outcome.steps);
    assert_eq!(outcome.inverse().unwrap().steps.len(), 2);
}

#[tokio::test]
async fn a_password_that_the_user_changed_meanwhile_is_not_taken_for_ours() {
    let desk = Desk::new();
    let ada = desk.plain()[0].clone();
    let plan = ResetPassword.plan(&desk.about(&ada).await, &open()).unwrap();
    let outage = desk.cloud.faults().script("F200").unwrap().size(0).install();
    let stopped = desk.run(&plan).await;
    outage.uninstall();
    assert!(stopped.stopped.is_some(), "{stopped}");
    desk.cloud.advance(Duration::from_hours(1));
    let now = desk.cloud.clock().now().to_string();
    desk.cloud
        .edit(|world| world.set_user(desk.tenant, &ada, "lastPasswordChangeDateTime", json!(now)));
    desk.cloud.advance(Duration::from_mins(1));
    desk.wire.mishap(0, Mishap::LostBefore);

    let outcome = desk.runner().resume(&desk.client(), &stopped.id).await.unwrap();

    assert!(outcome.is_done() && outcome.secrets.len() == 1, "{outcome}");
    assert_eq!(desk.cloud.ledger().effects().len(), 1, "{outcome}");
}
