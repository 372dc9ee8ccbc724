//! A crash and a lost answer at every step of every action, over each store.

use msp365::actions::{Outcome, StepState};

use crate::{
    cases::Case,
    desk::{Desk, Place},
    wire::Mishap,
};

/// How it goes when nothing goes wrong: writes and the state of the world in the end.
async fn smooth(case: Case) -> (usize, Vec<serde_json::Value>, Vec<String>) {
    let desk = Desk::new();
    let plan = case.plan(&desk).await;
    desk.wire.take();

    let outcome = desk.run(&plan).await;

    assert!(outcome.is_done(), "{case:?}\n{outcome}");
    assert!(
        outcome.steps.iter().all(|step| step.is_confirmed),
        "{case:?}\n{outcome}"
    );
    assert!(outcome.rest().is_none());
    let writes = desk.wire.take().len();
    assert_eq!(writes, plan.steps.len(), "{case:?}: one request for each step");
    (writes, desk.state(), effects(&desk))
}

/// How it goes with one mishap.
async fn rough(case: Case, place: Place, (at, mishap): (usize, Mishap)) -> (Desk, Outcome) {
    let mut desk = Desk::on(place).await;
    let plan = case.plan(&desk).await;
    desk.wire.mishap(at, mishap);
    let outcome = if let Some(outcome) = desk.run_or_die(&plan).await {
        outcome.unwrap()
    } else {
        assert!(mishap.is_crash());
        let mut outcomes = desk.take_up().await;
        assert_eq!(outcomes.len(), 1, "{case:?} {at} {mishap:?}");
        outcomes.remove(0)
    };
    (desk, outcome)
}

/// What took place, and how often.
fn effects(desk: &Desk) -> Vec<String> {
    let ledger = desk.cloud.ledger();
    let all = ledger.effects().iter();
    let mut lines: Vec<_> = all
        .map(|effect| format!("{} {}: {}", effect.operation, effect.target, effect.count))
        .collect();
    lines.sort_unstable();
    lines
}

pub(crate) async fn survives(case: Case, place: Place) {
    let (writes, expected, once) = smooth(case).await;
    for at in 0..writes {
        for mishap in Mishap::ALL {
            let (desk, outcome) = rough(case, place, (at, mishap)).await;
            let said = format!("{case:?}, {place:?}, write {at}, {mishap:?}\n{outcome}");
            assert_eq!(desk.cloud.ledger().assert_clean(), Ok(()), "{said}");
            // The code of a pass is in its answer alone; a password is in our memory until the program dies.
            let lost = matches!(
                (case, mishap),
                (Case::AccessPass, _) | (Case::ResetPassword, Mishap::CrashAfter)
            );
            if lost {
                assert_eq!(outcome.steps[0].state, StepState::SecretLost, "{said}");
                assert!(outcome.secrets.is_empty() && outcome.rest().is_some(), "{said}");
                desk.close().await;
                continue;
            }
            assert!(outcome.is_done(), "{said}");
            assert_eq!(effects(&desk), once, "{said}");
            if case.makes_secret() {
                let is_told = !outcome.secrets.is_empty();
                // What was settled before the program died was told by nobody.
                let is_lost = mishap.is_crash() && (at > 0 || mishap == Mishap::CrashAfter);
                assert_eq!(
                    (is_told, outcome.steps[0].is_secret_lost),
                    (!is_lost, is_lost),
                    "{said}"
                );
            }
            assert_eq!(desk.state(), expected, "{said}");
            let records = desk
                .log()
                .query(&msp365::store::JournalFilter::all())
                .await
                .unwrap();
            for (step, _) in outcome.steps.iter().enumerate() {
                let own = |record: &&msp365::store::JournalRecord| {
                    record.detail["step"] == step && record.detail["plan"] == outcome.id.to_string()
                };
                assert_eq!(
                    records.iter().filter(own).count(),
                    1,
                    "{said}: records of step {step}"
                );
            }
            desk.log().verify(None).await.unwrap();
            desk.close().await;
        }
    }
}
