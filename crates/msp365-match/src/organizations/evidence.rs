//! Evidence from stored ids, domains and overlaps.

use super::*;

use crate::Verdict;

fn matched(ours: &[Ours], theirs: &[Theirs]) -> Vec<Pair> {
    suggest(ours, theirs, &Thresholds::default())
}

fn told(pairs: &[Pair]) -> Vec<(&str, Option<&str>, &str)> {
    pairs
        .iter()
        .map(|pair| (pair.ours.as_str(), pair.theirs.as_deref(), pair.verdict.as_str()))
        .collect()
}

fn has(pair: &Pair, kind: &str) -> bool {
    pair.evidence.iter().any(|reason| reason.kind == kind)
}

#[test]
fn a_stored_tenant_id_goes_before_names_and_domains() {
    let pairs = matched(
        &[Ours::new("T-1", "Contoso").domain("contoso.example")],
        &[
            Theirs::new("7", "Contoso").domain("contoso.example"),
            Theirs::new("8", "Something Else").tenant("t-1"),
        ],
    );

    assert_eq!(told(&pairs), [("T-1", Some("8"), "certain")]);
    assert_eq!(pairs[0].evidence[0].kind, "tenant_id");
}

#[test]
fn an_organization_on_record_for_another_tenant_is_no_candidate() {
    let pairs = matched(
        &[Ours::new("t-1", "Contoso")],
        &[Theirs::new("7", "Contoso").tenant("t-2")],
    );

    assert_eq!(told(&pairs), [("t-1", None, "none")]);
}

#[test]
fn a_verified_domain_links_what_is_called_otherwise() {
    let pairs = matched(
        &[Ours::new("t-1", "Adventure Works Cycles").domain("adventure.example")],
        &[Theirs::new("7", "AWC").domain("https://www.adventure.example/home")],
    );

    assert_eq!(told(&pairs), [("t-1", Some("7"), "certain")]);
}

#[test]
fn a_domain_is_compared_as_a_whole() {
    let pairs = matched(
        &[Ours::new("t-1", "One").domain("a.example")],
        &[Theirs::new("7", "Two").domain("ba.example")],
    );

    assert_eq!(told(&pairs), [("t-1", None, "none")]);
}

#[test]
fn mail_providers_link_nobody() {
    let pairs = matched(
        &[Ours::new("t-1", "One").domain("gmail.com")],
        &[Theirs::new("7", "Two").domain("ada@gmail.com")],
    );

    assert_eq!(told(&pairs), [("t-1", None, "none")]);
}

#[test]
fn a_foreign_domain_among_others_is_a_suggestion() {
    let pairs = matched(
        &[Ours::new("t-1", "Fabrikam Consulting").domain("fabrikam.example")],
        &[Theirs::new("7", "Northwind")
            .domain("northwind.example")
            .domain("bo@fabrikam.example")],
    );

    assert_eq!(told(&pairs), [("t-1", Some("7"), "suggested")]);
    assert!(has(&pairs[0], "domain"));
}

#[test]
fn a_domain_tells_two_of_one_name_apart() {
    let pairs = matched(
        &[
            Ours::new("t-1", "Contoso").domain("contoso.example"),
            Ours::new("t-2", "Contoso").domain("contoso-bakers.example"),
        ],
        &[
            Theirs::new("7", "Contoso").domain("contoso-bakers.example"),
            Theirs::new("8", "Contoso").domain("contoso.example"),
        ],
    );

    assert_eq!(
        told(&pairs),
        [("t-1", Some("8"), "certain"), ("t-2", Some("7"), "certain")]
    );
}

#[test]
fn one_name_with_other_domains_or_another_legal_form_is_a_suggestion() {
    let pairs = matched(
        &[Ours::new("t-1", "Contoso").domain("contoso.example")],
        &[Theirs::new("7", "Contoso").domain("contoso-bakers.example")],
    );
    assert_eq!(told(&pairs), [("t-1", Some("7"), "suggested")]);
    assert!(has(&pairs[0], "other_domains"));

    let pairs = matched(
        &[Ours::new("t-1", "Contoso Ltd")],
        &[Theirs::new("7", "Contoso GmbH")],
    );
    assert_eq!(told(&pairs), [("t-1", Some("7"), "suggested")]);
    assert!(has(&pairs[0], "other_legal_form"));
}

#[test]
fn a_tenant_that_two_organizations_claim_is_ambiguous() {
    let pairs = matched(
        &[Ours::new("t-1", "Contoso").domain("contoso.example")],
        &[
            Theirs::new("7", "Contoso"),
            Theirs::new("8", "Contoso Holding").domain("contoso.example"),
        ],
    );

    assert!(
        pairs.iter().all(|pair| pair.verdict == Verdict::Ambiguous),
        "{pairs:?}"
    );
    assert_eq!(pairs.len(), 2);
}

#[test]
fn a_majority_of_devices_is_a_suggestion() {
    let overlaps: Overlaps = [("t-1", "7"), ("t-1", "7"), ("t-1", "7"), ("t-1", "8")]
        .into_iter()
        .collect();

    let pairs = suggest_with(
        &[Ours::new("t-1", "One")],
        &[Theirs::new("7", "Two"), Theirs::new("8", "Three")],
        &overlaps,
        &Thresholds::default(),
    );

    assert_eq!(told(&pairs), [("t-1", Some("7"), "suggested")]);
    assert_eq!(pairs[0].evidence[0].text, "devices or people in common: 3");
}

#[test]
fn a_name_in_other_letters_is_never_certain() {
    let mixed = "C\u{43e}ntoso";

    for theirs in ["Contoso", mixed] {
        let pairs = matched(&[Ours::new("t-1", mixed)], &[Theirs::new("7", theirs)]);

        assert_eq!(told(&pairs), [("t-1", Some("7"), "suggested")], "{theirs}");
    }
}

#[test]
fn common_abbreviations_are_the_words_they_stand_for() {
    let pairs = matched(
        &[Ours::new("t-1", "Contoso Intl. Mfg.")],
        &[Theirs::new("7", "Contoso International Manufacturing Inc")],
    );

    assert!(pairs[0].is_certain());
}

#[test]
fn streamed_rows_are_the_rows() {
    let ours: Vec<Ours> = (0..9)
        .map(|number| Ours::new(format!("t-{number}"), format!("Contoso {number}")))
        .collect();
    let theirs: Vec<Theirs> = (0..9)
        .map(|number| Theirs::new(number.to_string(), format!("Contoso {number}")))
        .collect();
    let wanted = matched(&ours, &theirs);

    let streamed: Vec<Pair> = Matcher::of(ours, theirs, &Thresholds::default())
        .chunks()
        .flatten()
        .collect();

    assert_eq!(streamed, wanted);
}
