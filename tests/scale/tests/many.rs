//! A run over many users takes no more memory for many than for few.
#![cfg(target_os = "linux")]

#[cfg(test)]
#[path = "../benches/many/cloud.rs"]
mod cloud;
#[cfg(test)]
#[path = "../benches/memory/endless.rs"]
mod endless;
#[cfg(test)]
#[path = "../benches/many/plans.rs"]
mod plans;
#[cfg(test)]
#[path = "../benches/many/run.rs"]
mod run;

use msp365::actions::bulk::{Mode, RowState};

#[tokio::test]
async fn a_run_over_many_users_holds_a_page_of_the_tenants_in_hand() {
    for (mode, state) in [(Mode::Look, RowState::Planned), (Mode::Run, RowState::Done)] {
        run::over(20, 100, mode).await;

        let (tally, grown) = run::over(20, 500, mode).await;

        assert_eq!((tally.users, tally.of(state)), (10_000, 10_000), "{tally}");
        // All plans at once would be more than 32 MiB.
        assert!(grown < 8 * 1_024, "{mode:?}: {grown} KiB");
    }
}
