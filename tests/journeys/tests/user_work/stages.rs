//! Users made in stages: somebody looks between them, and a stage that failed is done again without what is done.

use std::time::Duration;

use msp365::actions::{Outcome, Plan, StepKind, StepState};

use crate::{
    cases::Case,
    desk::{ACTOR, Desk},
    wire::Mishap,
};

async fn stages(desk: &Desk, plan: &Plan, upto: usize) -> Outcome {
    let runner = desk.runner();
    runner
        .run_stages(&desk.client(), plan, upto, ACTOR)
        .await
        .unwrap()
}

fn states(outcome: &Outcome) -> Vec<StepState> {
    outcome.steps.iter().map(|step| step.state).collect()
}

#[tokio::test]
async fn a_user_is_made_stage_by_stage() {
    let desk = Desk::new();
    let plan = Case::Create.plan(&desk).await;
    assert_eq!(plan.stages(), [vec![0, 1], vec![2, 3], vec![4]]);

    let details = stages(&desk, &plan, 1).await;

    assert_eq!(
        states(&details),
        [
            StepState::Applied,
            StepState::Applied,
            StepState::Planned,
            StepState::Planned,
            StepState::Planned
        ]
    );
    assert!(details.secrets.contains_key(&0) && !details.is_done());
    let made = details.made().unwrap().to_owned();
    desk.cloud.advance(Duration::from_mins(6));
    assert!(
        desk.runner().due().await.unwrap().is_empty(),
        "nothing runs by itself"
    );

    let rest = details.rest().unwrap();
    let rights = stages(&desk, &rest, 1).await;

    assert_eq!(
        states(&rights),
        [StepState::Applied, StepState::Applied, StepState::Planned]
    );
    assert_eq!(rights.plan.subject.id.as_ref(), Some(&made));
    let rest = rights.rest().unwrap();
    assert!(matches!(rest.steps[0].kind, StepKind::AddMember { .. }), "{rest}");
    let groups = stages(&desk, &rest, 1).await;
    assert!(groups.is_done() && groups.rest().is_none(), "{groups}");
    let is_member = |line: &serde_json::Value| line["member"] == made.as_str();
    assert!(desk.truth("membership").iter().any(is_member));
}

#[tokio::test]
async fn a_stage_that_failed_is_done_again_without_what_is_done() {
    let desk = Desk::new();
    let plan = Case::Create.plan(&desk).await;
    let empty = desk.cloud.faults().script("F190").unwrap().install();
    let failed = stages(&desk, &plan, 2).await;
    empty.uninstall();
    assert_eq!(failed.steps[3].state, StepState::Rejected, "{failed}");
    let bought = desk.truth("license");
    desk.cloud.edit(|world| {
        for line in &bought {
            world.buy(desk.tenant, line["skuPartNumber"].as_str().unwrap(), 1_000);
        }
    });
    desk.wire.take();

    let again = stages(&desk, &failed.rest().unwrap(), 1).await;

    assert_eq!(
        states(&again),
        [StepState::Applied, StepState::Planned],
        "{again}"
    );
    let writes = desk.wire.take();
    assert!(
        writes.len() == 1 && writes[0].ends_with("assignLicense"),
        "{writes:?}"
    );
}

#[tokio::test]
async fn the_stage_after_the_making_waits_until_the_user_is_known() {
    for fault in ["F184", "F185"] {
        let desk = Desk::new();
        let plan = Case::Create.plan(&desk).await;
        let lag = desk.cloud.faults().script(fault).unwrap().size(110).install();
        let details = stages(&desk, &plan, 1).await;

        let rest = stages(&desk, &details.rest().unwrap(), 2).await;

        assert!(rest.is_done() && lag.hits() > 0, "{fault}\n{rest}");
        assert_eq!(desk.cloud.ledger().assert_clean(), Ok(()));
    }
}

#[tokio::test]
async fn a_stage_that_was_cut_off_is_taken_up_alone() {
    let mut desk = Desk::new();
    let plan = Case::Create.plan(&desk).await;
    desk.wire.mishap(1, Mishap::CrashAfter);
    tokio::select! {
        biased;
        outcome = stages(&desk, &plan, 1) => panic!("{outcome}"),
        () = desk.wire.died.notified() => {}
    }

    let mut taken_up = desk.take_up().await;

    assert_eq!(taken_up.len(), 1);
    let whole = taken_up.remove(0).within(&plan);
    assert_eq!(
        states(&whole)[..3],
        [StepState::Applied, StepState::Applied, StepState::Planned]
    );
    let rest = stages(&desk, &whole.rest().unwrap(), 2).await;
    assert!(rest.is_done(), "{rest}");
}
