//! The command with what not every machine has: a PostgreSQL server, a browser. Where one is missing, its test is
//! reported as ignored with the reason. What runs over either database stands here for both.

#[cfg(test)]
mod browser;
#[cfg(test)]
#[cfg(unix)]
mod bulk_kill;
#[cfg(test)]
#[path = "../process/command.rs"]
#[expect(dead_code, reason = "not all of it is needed here")]
mod command;
#[cfg(test)]
#[path = "../process/office.rs"]
#[expect(dead_code, reason = "not all of it is needed here")]
mod office;
#[cfg(test)]
#[cfg(unix)]
mod plan_kill;
#[cfg(test)]
mod postgres;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use msp365_stores::{on_postgres, plain, unless};

fn main() -> ExitCode {
    let clicks = plain(
        "a_person_connects_by_clicking_through_the_pages_of_a_browser",
        browser::a_person_connects_by_clicking,
    );
    #[cfg_attr(not(unix), expect(unused_mut, reason = "programs are killed by signals"))]
    let mut tests = vec![
        on_postgres(
            "a_provider_connects_syncs_and_reads_on_postgres",
            postgres::a_provider_connects_syncs_and_reads,
        ),
        unless(browser::missing(), clicks),
    ];
    #[cfg(unix)]
    tests.extend(kills());
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}

/// Programs killed in the middle of plans.
#[cfg(unix)]
fn kills() -> [Trial; 6] {
    [
        plain(
            "f200_a_killed_run_over_many_users_is_gone_on_with_over_sqlite",
            bulk_kill::over_sqlite,
        ),
        on_postgres(
            "f200_a_killed_run_over_many_users_is_gone_on_with_over_postgres",
            bulk_kill::over_postgres,
        ),
        plain(
            "f195_offboardings_killed_at_each_step_are_gone_on_with_over_sqlite",
            plan_kill::offboardings_over_sqlite,
        ),
        on_postgres(
            "f195_offboardings_killed_at_each_step_are_gone_on_with_over_postgres",
            plan_kill::offboardings_over_postgres,
        ),
        plain(
            "f180_f195_creations_killed_at_each_step_are_gone_on_with_over_sqlite",
            plan_kill::creations_over_sqlite,
        ),
        on_postgres(
            "f180_f195_creations_killed_at_each_step_are_gone_on_with_over_postgres",
            plan_kill::creations_over_postgres,
        ),
    ]
}
