//! The main job while the cloud throttles or misbehaves: the same rows in the end, and no sin on the way.

use msp365::sim::Throttle;

use crate::{
    journey::{Journey, world},
    rows,
};

/// Runs the job with these faults installed, and once more without. The rows are those of the truth.
async fn ends_well_with(faults: &[&str]) {
    let journey = Journey::begin(world(2, 30)).await;
    journey.choose_all().await;
    let installed: Vec<_> = faults
        .iter()
        .map(|id| journey.cloud.faults().script(id).unwrap().install())
        .collect();

    journey.run().await;

    assert!(
        installed.iter().all(|fault| fault.hits() > 0),
        "{faults:?} met no request"
    );
    for fault in installed {
        fault.uninstall();
    }
    journey.run().await;
    rows::assert_same(&journey.stored().await, &journey.expected());
    assert_eq!(journey.cloud.ledger().assert_clean(), Ok(()), "{faults:?}");
}

#[tokio::test]
async fn f020_a_throttled_request_waits_as_it_was_told() {
    ends_well_with(&["F020"]).await;
}

#[tokio::test]
async fn f033_f130_faults_of_the_service_and_ended_tokens_are_gone_over() {
    ends_well_with(&["F033", "F130"]).await;
}

#[tokio::test]
async fn f115_throttled_entries_of_a_batch_are_sent_again() {
    ends_well_with(&["F115"]).await;
}

#[tokio::test]
async fn at_the_documented_limits_nothing_is_refused() {
    let journey = Journey::begin(world(12, 60).throttle(Throttle::Documented)).await;
    journey.choose_all().await;

    let report = journey.run().await;

    assert_eq!(report.throttled, 0);
    rows::assert_same(&journey.stored().await, &journey.expected());
    assert_eq!(journey.cloud.ledger().assert_clean(), Ok(()));
}
