//! Every program of the tour runs, and prints what it promises.

use std::{fs, io, path::Path, process::Command};

/// What a program prints; an error where it fails, or has anything to complain of.
fn printed(program: &str, arguments: &[&str]) -> io::Result<String> {
    let ended = Command::new(program).args(arguments).output()?;
    let complaint = String::from_utf8_lossy(&ended.stderr).into_owned();
    if !ended.status.success() || !complaint.is_empty() {
        return Err(io::Error::other(format!("{}: {complaint}", ended.status)));
    }
    String::from_utf8(ended.stdout).map_err(io::Error::other)
}

/// The first number of the first line that contains a text.
fn number(printed: &str, beside: &str) -> Option<usize> {
    let line = printed.lines().find(|line| line.contains(beside))?;
    line.split(|c: char| !c.is_ascii_digit())
        .find_map(|digits| digits.parse().ok())
}

#[test]
fn connecting_proves_a_second_factor_and_refuses_a_foreign_callback() {
    let said = printed(env!("CARGO_BIN_EXE_01_connect"), &[]).unwrap();

    assert!(said.contains("/oauth2/v2.0/authorize\n"), "{said}");
    assert!(said.contains("Second factor proven: true"), "{said}");
    assert!(said.contains("The same callback once more: denied"), "{said}");
}

#[test]
fn a_connection_outlives_the_program_that_made_it() {
    let said = printed(env!("CARGO_BIN_EXE_02_build"), &[]).unwrap();

    assert!(
        said.contains("requests go to https://graph.microsoft.com"),
        "{said}"
    );
    assert_eq!(number(&said, "listed without a person"), Some(13), "{said}");
}

#[test]
fn a_program_can_be_built_on_a_database_that_is_there_already() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tour.db");
    let _ = fs::remove_file(&file);
    let address = format!("sqlite:{}", file.display());

    for _ in 0..2 {
        let said = printed(env!("CARGO_BIN_EXE_02_build"), &[&address]).unwrap();
        assert_eq!(number(&said, "listed without a person"), Some(13), "{said}");
    }
    assert!(file.exists());
}

#[test]
fn readiness_names_causes_and_who_mends_them() {
    let said = printed(env!("CARGO_BIN_EXE_03_readiness"), &[]).unwrap();

    for finding in ["A6", "B2", "B6", "B8", "C3"] {
        assert!(said.contains(&format!("\n    {finding} ")), "{finding}: {said}");
    }
    assert!(said.contains("(customer_administrator)"), "{said}");
    assert_eq!(number(&said, "were looked at"), Some(13), "{said}");
    let ready = said.lines().filter(|line| line.ends_with(": ready")).count();
    assert_eq!(number(&said, " are ready."), Some(ready), "{said}");
}

#[test]
fn every_customer_that_is_chosen_ends_in_a_state_and_one_can_go() {
    let said = printed(env!("CARGO_BIN_EXE_04_sync_and_unsync"), &[]).unwrap();

    let [synced, degraded, blocked] =
        ["synced: ", "degraded: ", "blocked: "].map(|state| number(&said, state));
    assert!(
        synced > Some(0) && degraded > Some(0) && blocked > Some(0),
        "{said}"
    );
    assert_eq!(
        synced.unwrap() + degraded.unwrap() + blocked.unwrap(),
        12,
        "{said}"
    );
    assert!(number(&said, "unsynced, ") > Some(100), "{said}");
    assert!(said.contains("invalid: "), "{said}");
}

#[test]
fn a_request_gives_its_own_type_or_an_error_with_a_kind() {
    let said = printed(env!("CARGO_BIN_EXE_05_one_request"), &[]).unwrap();

    assert!(said.contains("GET users?"), "{said}");
    assert!(said.contains("name to sign in with: "), "{said}");
    assert!(said.contains("may sign in: Some("), "{said}");
    assert!(said.contains(".example: not_found"), "{said}");
}

#[test]
fn pages_hold_what_the_stream_of_rows_counts() {
    let said = printed(env!("CARGO_BIN_EXE_06_pages"), &[]).unwrap();

    let members = number(&said, " members and ").unwrap();
    let guests: usize = said
        .split(" members and ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next())
        .unwrap()
        .parse()
        .unwrap();
    let pages: Vec<_> = said.lines().filter(|line| line.starts_with("Page ")).collect();
    let named: usize = pages.iter().map(|page| page.split(", ").count()).sum();
    assert_eq!(pages.len(), 4, "{said}");
    assert_eq!(members + guests, named, "{said}");
}

#[test]
fn a_batch_travels_once_and_fails_one_by_one() {
    let said = printed(env!("CARGO_BIN_EXE_07_batch"), &[]).unwrap();

    assert!(said.contains("4 requests, 1 round trip."), "{said}");
    assert!(said.contains(" assigned, "), "{said}");
    assert!(said.contains("nobody@nowhere.example: not_found"), "{said}");
}

#[test]
fn a_pass_reads_what_was_chosen_and_a_second_finds_nothing_new() {
    let said = printed(env!("CARGO_BIN_EXE_08_a_pass"), &[]).unwrap();

    let tenants = said.lines().filter(|line| line.ends_with(" requests")).count();
    assert!(tenants > 0, "{said}");
    assert_eq!(number(&said, "pages stored"), Some(2 * tenants), "{said}");
    assert!(said.contains("    users: 20 rows, 20 of them new"), "{said}");
    assert!(!said.contains("devices"), "{said}");
    assert!(said.contains("nothing has changed: true"), "{said}");
}

#[test]
fn matching_gives_verdicts_with_reasons() {
    let said = printed(env!("CARGO_BIN_EXE_10_matching"), &[]).unwrap();

    assert!(number(&said, "Devices: ") > Some(0), "{said}");
    assert!(said.contains(": certain, 1.00\n    because "), "{said}");
    assert!(said.contains(": ambiguous, "), "{said}");
    assert!(said.contains("Shouted names: 5 of 5 certain."), "{said}");
}

#[test]
fn stored_rows_come_page_by_page_until_all_are_seen() {
    let said = printed(env!("CARGO_BIN_EXE_11_stored_rows"), &[]).unwrap();

    let asleep = said.lines().filter(|line| line.contains(", last seen ")).count();
    assert!(asleep > 5, "more than a page: {said}");
    assert_eq!(number(&said, "are asleep"), Some(asleep), "{said}");
    assert!(number(&said, "are stored") > Some(100), "{said}");
    assert!(number(&said, "never signed in") > Some(0), "{said}");
}

#[test]
fn what_happens_in_the_simulated_cloud_arrives_in_the_database() {
    let said = printed(env!("CARGO_BIN_EXE_12_without_microsoft"), &[]).unwrap();

    assert!(said.contains("10 users are stored."), "{said}");
    assert!(said.contains("Users: 1 added, 1 changed, 1 removed."), "{said}");
}

#[test]
fn an_explanation_names_the_link_that_breaks_and_who_mends_it() {
    let said = printed(env!("CARGO_BIN_EXE_09_explain"), &[]).unwrap();

    assert!(said.contains("Before: will_not\n"), "{said}");
    assert!(said.contains("    broken consent: "), "{said}");
    assert!(
        said.contains("    broken protection: the user is Global Administrator"),
        "{said}"
    );
    assert!(said.contains("Another: will_work\n"), "{said}");
    assert!(said.contains("(partner_administrator)"), "{said}");
    assert!(
        said.contains("For Bo: will_not\n    broken permission: "),
        "{said}"
    );
    assert_eq!(number(&said, "requests were sent for Bo"), Some(0), "{said}");
}

#[test]
fn who_leaves_comes_back_by_the_snapshot() {
    let said = printed(env!("CARGO_BIN_EXE_14_a_plan"), &[]).unwrap();

    assert!(said.starts_with("offboard "), "{said}");
    assert!(said.contains("1. block sign-in\n     PATCH users/"), "{said}");
    assert!(said.contains("  1. applied     block sign-in\n"), "{said}");
    assert!(said.contains("\nrehire "), "{said}");
    assert!(said.contains("  1. applied     allow sign-in\n"), "{said}");
    assert!(!said.contains("rejected"), "{said}");
    assert!(
        number(&said, "Records in the activity log").unwrap() > 6,
        "{said}"
    );
}

#[test]
fn a_second_person_lets_a_plan_run_and_a_level_costs_nothing() {
    let said = printed(env!("CARGO_BIN_EXE_18_two_persons"), &[]).unwrap();

    assert!(said.contains("lacks the tier `administer`"), "{said}");
    assert!(said.contains("requests for that: 0."), "{said}");
    assert!(
        said.contains("The plan is waiting.\nBy the same person: false."),
        "{said}"
    );
    assert!(said.contains("  1. applied     block sign-in\n"), "{said}");
}

#[test]
fn a_user_is_made_stage_by_stage() {
    let said = printed(env!("CARGO_BIN_EXE_19_in_stages"), &[]).unwrap();

    assert!(said.starts_with("3 stages\n"), "{said}");
    let done = |steps: &str| said.contains(&format!(": {steps} steps done\n"));
    assert!(done("1 of 3") && done("1 of 2") && done("1 of 1"), "{said}");
    assert!(!said.contains("rejected"), "{said}");
}

#[test]
fn many_users_are_looked_at_changed_and_gone_on_with() {
    let said = printed(env!("CARGO_BIN_EXE_20_many_users"), &[]).unwrap();

    assert!(
        said.contains("`reset_password` is for one user at a time"),
        "{said}"
    );
    assert!(said.contains("Would be: ") && said.contains(" planned"), "{said}");
    assert!(said.contains("Cut off after 5 users."), "{said}");
    assert!(
        said.contains("At the end: ") && said.contains(" earlier"),
        "{said}"
    );
    assert!(said.contains("Each happened once: true."), "{said}");
}

#[test]
fn cards_tell_what_is_known_and_what_is_not_and_why() {
    let said = printed(env!("CARGO_BIN_EXE_16_cards"), &[]).unwrap();

    assert!(said.contains(" in 1 round trips:\n"), "{said}");
    assert!(said.contains(" services are on\n"), "{said}");
    assert!(said.contains("    ? eligible of roles: "), "{said}");
    assert!(said.contains("Stored: Some("), "{said}");
    assert!(said.contains("    ? sign_ins of sign_ins: ask live"), "{said}");
}

#[test]
fn a_preview_tells_what_groups_bring_and_take() {
    let said = printed(env!("CARGO_BIN_EXE_17_group_preview"), &[]).unwrap();

    assert!(
        said.contains(", a team, ") && said.contains(", 1 roles"),
        "{said}"
    );
    for promised in ["    gains ", "    loses ", " stays: Exchange decides "] {
        assert!(said.contains(promised), "{promised}: {said}");
    }
}

#[test]
fn every_program_of_the_tour_is_on_its_front_page_and_run_here() {
    let here = include_str!("programs.rs");
    let front = include_str!("../src/lib.rs");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin");
    let missing: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| !here.contains(&format!("EXE_{name}\"")) || !front.contains(&format!("`{name}`")))
        .collect();

    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn turning_off_says_what_stays_behind() {
    let said = printed(env!("CARGO_BIN_EXE_13_the_way_out"), &[]).unwrap();

    assert!(number(&said, " events.").unwrap() > 2, "{said}");
    assert!(said.contains("License Administrator"), "{said}");
    assert!(said.contains("enterprise application"), "{said}");
    assert!(said.contains("Nothing stays behind in customers: true"), "{said}");
    assert!(said.contains("On your side: app registration"), "{said}");
}

#[test]
fn users_are_found_selected_exported_and_shown_to_whom_they_may_be() {
    let said = printed(env!("CARGO_BIN_EXE_15_finding"), &[]).unwrap();

    let users = number(&said, "users, filtered by").unwrap();
    assert!(users > 5, "{said}");
    assert_eq!(number(&said, "Exported"), Some(users), "{said}");
    assert!(said.contains("sign-ins as of Some("), "{said}");
    assert!(said.contains("For an action on one user: false"), "{said}");
    let (all, own) = (
        number(&said, "Found everywhere").unwrap(),
        number(&said, "Found by Bo").unwrap(),
    );
    assert!(0 < own && own < all, "{said}");
}

#[test]
fn devices_are_listed_selected_and_exported_as_users_are() {
    let said = printed(env!("CARGO_BIN_EXE_21_other_lists"), &[]).unwrap();

    assert!(number(&said, "devices, filtered by").unwrap() > 5, "{said}");
    assert_eq!(number(&said, "Exported"), Some(5), "{said}");
    let rows = said.lines().filter(|line| line.starts_with("    "));
    assert_eq!(rows.count(), 5, "{said}");
    assert!(number(&said, "Tenants read today").unwrap() > 3, "{said}");
}
