use super::*;

use proptest::prelude::*;

use crate::Verdict;

fn linked(ours: &str, theirs: &str) -> Decision {
    Decision::new("contacts", ours, Said::Linked)
        .theirs(theirs)
        .by("Bo")
}

fn certain(ours: &str, theirs: &str) -> Pair {
    Pair::new(ours, theirs, Verdict::Certain, 1.0).because("name", "same")
}

fn held(ours: &str, theirs: &str) -> [(String, String); 1] {
    [(ours.to_owned(), theirs.to_owned())]
}

fn told(rows: &[Reviewed]) -> Vec<(&str, Option<&str>, Standing)> {
    rows.iter()
        .map(|row| (row.pair.ours.as_str(), row.pair.theirs.as_deref(), row.standing))
        .collect()
}

#[test]
fn a_decision_is_not_overwritten_by_a_pass() {
    let ends = Ends::of(["a"], ["7", "8"]);

    let rows = review(vec![certain("a", "8")], &[], &[linked("a", "7")], &ends);

    assert_eq!(told(&rows), [("a", Some("7"), Standing::Recheck)]);
    assert_eq!(rows[0].pair.evidence[1].kind, "recheck");
}

#[test]
fn an_ignored_record_is_not_unmatched() {
    let ignored = Decision::new("contacts", "a", Said::Ignored);
    let ends = Ends::of(["a"], ["7"]);

    let rows = review(vec![Pair::alone("a")], &[], &[ignored], &ends);

    assert_eq!(told(&rows), [("a", None, Standing::Ignored)]);
    assert!(!rows[0].is_unmatched());
}

#[test]
fn a_refused_pair_does_not_come_back() {
    let refused = Decision::new("contacts", "a", Said::Refused).theirs("7");
    let ends = Ends::of(["a"], ["7"]);

    let rows = review(vec![certain("a", "7")], &held("a", "7"), &[refused], &ends);

    assert_eq!(told(&rows), [("a", None, Standing::Open)]);
}

#[test]
fn a_link_survives_a_rename() {
    let ends = Ends::of(["a"], ["7"]);

    let rows = review(vec![Pair::alone("a")], &held("a", "7"), &[], &ends);

    assert_eq!(told(&rows), [("a", Some("7"), Standing::Held)]);
    assert!(rows[0].pair.is_certain());
}

/// F216.
#[test]
fn an_address_that_moved_to_another_user_steals_no_link() {
    let ends = Ends::of(["a", "b"], ["7"]);

    let rows = review(
        vec![Pair::alone("a"), certain("b", "7")],
        &held("a", "7"),
        &[],
        &ends,
    );

    assert_eq!(
        told(&rows),
        [("a", Some("7"), Standing::Held), ("b", None, Standing::Open)]
    );
}

#[test]
fn a_link_that_lost_an_end_is_broken() {
    let rows = review(
        vec![certain("a", "8")],
        &held("a", "7"),
        &[],
        &Ends::of(["a"], ["8"]),
    );
    assert_eq!(
        told(&rows),
        [
            ("a", Some("7"), Standing::Broken),
            ("a", Some("8"), Standing::Automatic)
        ]
    );

    let rows = review(Vec::new(), &[], &[linked("a", "7")], &Ends::of(["b"], ["7"]));
    assert_eq!(told(&rows), [("a", Some("7"), Standing::Broken)]);
    assert!(rows[0].is_unmatched());
}

#[test]
fn a_later_decision_replaces_an_earlier_one_on_the_same_question() {
    let refused = Decision::new("contacts", "a", Said::Refused).theirs("7");

    assert!(linked("a", "8").replaces(&linked("a", "7")));
    assert!(linked("a", "7").replaces(&refused));
    assert!(!linked("a", "8").replaces(&refused));
    assert!(!linked("b", "7").replaces(&linked("a", "7")));
}

#[test]
fn bad_lines_are_named_and_the_others_taken() {
    let file = "kind,ours,theirs,said,by,at,note\r\ncontacts,a,7,linked,Bo,,\r\ncontacts,b,8,liked,,,\nx\n";

    let (decisions, bad) = read(file);

    assert_eq!(decisions, [linked("a", "7")]);
    assert_eq!(bad.iter().map(|bad| bad.line).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(bad[1].why, "it has 1 cells, not 7");
}

proptest! {
    #[test]
    fn a_file_says_what_was_written(notes in prop::collection::vec("[a,\"\n x]{0,6}", 0..5)) {
        let mut decisions: Vec<Decision> = notes.iter().enumerate()
            .map(|(place, note)| linked(&format!("a-{place}"), "7").note(note))
            .collect();

        let (read, bad) = read(&write(&decisions));

        decisions.sort();
        prop_assert_eq!(bad, vec![]);
        prop_assert_eq!(read, decisions);
    }
}
