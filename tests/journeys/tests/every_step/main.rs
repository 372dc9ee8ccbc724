//! A crash and a lost answer at every step of every action, over each store.

#[cfg(test)]
#[path = "../user_work/cases.rs"]
mod cases;
#[cfg(test)]
#[path = "../user_work/desk.rs"]
#[expect(dead_code, reason = "not all of it is needed here")]
mod desk;
#[cfg(test)]
mod every_step;
#[cfg(test)]
#[path = "../user_work/wire.rs"]
#[expect(dead_code, reason = "not all of it is needed here")]
mod wire;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use msp365_stores::{plain, with_server};

use crate::{cases::Case, desk::Place, every_step::survives};

const CASES: [(&str, Case); 15] = [
    ("f004_f195_blocking_survives_a_mishap_at_every_step", Case::Block),
    (
        "f004_f195_unblocking_survives_a_mishap_at_every_step",
        Case::Unblock,
    ),
    ("f004_f195_revoking_survives_a_mishap_at_every_step", Case::Revoke),
    ("f004_f195_editing_survives_a_mishap_at_every_step", Case::Edit),
    (
        "f004_f195_licences_survive_a_mishap_at_every_step",
        Case::Licenses,
    ),
    ("f004_f195_groups_survive_a_mishap_at_every_step", Case::Groups),
    ("f004_f195_roles_survive_a_mishap_at_every_step", Case::Roles),
    (
        "f196_resetting_a_password_survives_a_mishap_at_every_step",
        Case::ResetPassword,
    ),
    ("f196_a_pass_survives_a_mishap_at_every_step", Case::AccessPass),
    (
        "f004_f195_resetting_methods_survives_a_mishap_at_every_step",
        Case::ResetMethods,
    ),
    ("f180_f195_creating_survives_a_mishap_at_every_step", Case::Create),
    ("f195_offboarding_survives_a_mishap_at_every_step", Case::Offboard),
    ("f195_rehiring_survives_a_mishap_at_every_step", Case::Rehire),
    ("f195_restoring_survives_a_mishap_at_every_step", Case::Restore),
    (
        "f195_deleting_devices_survives_a_mishap_at_every_step",
        Case::Devices,
    ),
];

fn main() -> ExitCode {
    let tests = CASES.iter().flat_map(|(name, case)| trials(name, *case));
    libtest_mimic::run(&Arguments::from_args(), tests.collect()).exit_code()
}

/// A test for each store.
fn trials(name: &str, case: Case) -> [Trial; 3] {
    let name = |place: &str| format!("{name}_{place}");
    [
        plain(&name("in_memory"), async move || {
            survives(case, Place::Memory).await;
        }),
        plain(&name("in_sqlite"), async move || {
            survives(case, Place::Sqlite).await;
        }),
        with_server(&name("in_postgres"), async move || {
            survives(case, Place::Postgres).await;
        }),
    ]
}
