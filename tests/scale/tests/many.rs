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

/// Kibibytes that so many users may take.
const BOUND: u64 = 6 * 1_024;

#[tokio::test]
async fn a_run_over_many_users_holds_a_page_of_the_tenants_in_hand() {
    for (mode, state) in [(Mode::Look, RowState::Planned), (Mode::Run, RowState::Done)] {
        run::over(20, 100, mode, &mut drop).await;

        let (tally, grown) = run::over(20, 250, mode, &mut drop).await;

        assert_eq!((tally.users, tally.of(state)), (5_000, 5_000), "{tally}");
        assert!(grown < BOUND, "{mode:?}: {grown} KiB");
    }
    let mut all = Vec::new();
    let (_, grown) = run::over(20, 250, Mode::Look, &mut |row| all.push(row)).await;
    assert!(grown > BOUND, "who keeps them all is seen: {grown} KiB");
}
