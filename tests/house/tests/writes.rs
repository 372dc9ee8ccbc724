//! Each fault of a write has a test that bears its id, and each promise about writes a test that holds it.

use std::fs;

use msp365_house::{files, root};

/// The faults of directory writes; there is none between the first and the last but these.
const FAULTS: [u16; 20] = [
    180, 181, 182, 183, 184, 185, 186, 187, 188, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199, 200,
];
/// What is promised of writes, and a test of each promise.
const PROMISES: [(&str, &str); 13] = [
    (
        "stored before it is sent, and gone on with after a kill",
        "f195_offboardings_killed_at_each_step_are_gone_on_with_over_sqlite",
    ),
    (
        "the same over PostgreSQL",
        "f195_offboardings_killed_at_each_step_are_gone_on_with_over_postgres",
    ),
    (
        "found by its natural key",
        "f180_f195_creations_killed_at_each_step_are_gone_on_with_over_sqlite",
    ),
    (
        "read back from its state",
        "f004_f195_editing_survives_a_mishap_at_every_step",
    ),
    (
        "read back from a membership",
        "f004_f195_groups_survive_a_mishap_at_every_step",
    ),
    (
        "read back from an absence",
        "f195_offboarding_survives_a_mishap_at_every_step",
    ),
    (
        "a secret is never made again by itself",
        "f196_a_pass_survives_a_mishap_at_every_step",
    ),
    (
        "unknown where nothing tells",
        "f199_a_long_operation_that_never_ends_is_asked_for_a_while_and_left_unknown",
    ),
    ("cancelled before the next step", "a_cancelled_plan_does_not_run"),
    (
        "bound to the epoch of its tenant",
        "a_plan_does_not_run_after_its_tenant_was_taken_out_nor_in_another",
    ),
    ("no older than a day", "a_plan_that_is_too_old_is_not_run"),
    ("one worker at a time", "a_plan_in_other_hands_is_left_alone"),
    (
        "refused before it is sent where that can be known",
        "a_permission_that_was_not_consented_to_is_named",
    ),
];
/// Where the tests of writes are.
const PLACES: [&str; 3] = [
    "crates/msp365-actions",
    "crates/msp365-cli/tests",
    "tests/journeys",
];

/// The names of all tests of writes, also of those that are made while they run.
fn all() -> Vec<String> {
    let files = PLACES.iter().flat_map(|place| files(&root().join(place), ".rs"));
    let texts = files.filter_map(|file| fs::read_to_string(file).ok());
    texts
        .flat_map(|text| text.lines().filter_map(name).collect::<Vec<_>>())
        .collect()
}

/// The name that a line gives a function, or as a text a test that is made at run time.
fn name(line: &str) -> Option<String> {
    let line = line.trim_start().trim_start_matches('(');
    if let Some(text) = line.strip_prefix('"') {
        return Some(text.get(..text.find('"')?)?.to_owned());
    }
    let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    let line = line.strip_prefix("fn ")?;
    Some(line.get(..line.find('(')?)?.to_owned())
}

#[test]
fn each_fault_of_a_write_has_a_test_that_bears_its_id() {
    let names = all();
    let bears = |id: &u16| {
        names
            .iter()
            .any(|name| name.split('_').any(|part| part == format!("f{id}")))
    };

    let missing: Vec<_> = FAULTS.iter().filter(|id| !bears(id)).collect();

    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn each_promise_about_writes_has_its_test() {
    let names = all();

    let missing: Vec<_> = PROMISES
        .iter()
        .filter(|(_, test)| !names.iter().any(|name| name == test))
        .collect();

    assert!(missing.is_empty(), "{missing:#?}");
}
