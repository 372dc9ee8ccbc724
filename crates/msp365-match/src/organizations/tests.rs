use std::collections::BTreeMap;

use super::*;

use crate::pair::by_score;
use crate::{MOST_CANDIDATES, Verdict};

use proptest::prelude::*;

fn tenants(names: &[impl AsRef<str>]) -> Vec<Ours> {
    names
        .iter()
        .enumerate()
        .map(|(place, name)| Ours::new(format!("t-{place}"), name.as_ref()))
        .collect()
}

fn companies(names: &[impl AsRef<str>]) -> Vec<Theirs> {
    names
        .iter()
        .enumerate()
        .map(|(place, name)| Theirs::new(format!("o-{place}"), name.as_ref()))
        .collect()
}

fn matched(ours: &[&str], theirs: &[&str]) -> Vec<Pair> {
    suggest(&tenants(ours), &companies(theirs), &Thresholds::default())
}

#[test]
fn a_name_that_one_on_each_side_has_is_certain() {
    let pairs = matched(&["Contoso Ltd."], &["Fabrikam", "CONTOSO Limited"]);

    let certain = Pair::new("t-0", "o-1", Verdict::Certain, 1.0).because("name", "both are called `contoso`");
    assert_eq!(pairs, [certain]);
}

#[test]
fn a_name_that_two_of_theirs_have_is_ambiguous_with_both() {
    let pairs = matched(&["Contoso"], &["Contoso GmbH", "Contoso AG"]);

    assert!(
        pairs
            .iter()
            .all(|pair| pair.verdict == Verdict::Ambiguous && pair.score < 0.6)
    );
    assert_eq!(
        pairs
            .iter()
            .map(|pair| pair.theirs.as_deref())
            .collect::<Vec<_>>(),
        [Some("o-0"), Some("o-1")]
    );
    assert_eq!(
        pairs[0].evidence[1],
        crate::Evidence::new("same_name_elsewhere", "1 of ours and 2 of theirs have that name")
    );
}

#[test]
fn a_name_that_two_of_ours_have_is_ambiguous_for_both() {
    let pairs = matched(&["Contoso", "Contoso Ltd"], &["Contoso GmbH"]);

    assert_eq!(pairs.len(), 2);
    assert!(pairs.iter().all(|pair| pair.verdict == Verdict::Ambiguous));
}

#[test]
fn a_name_that_is_nearly_the_same_is_suggested() {
    let pairs = matched(
        &["Northwind Traders"],
        &["Nothwind Traders", "Northwind Trading", "Adventure Works"],
    );

    assert_eq!(
        pairs
            .iter()
            .map(|pair| pair.theirs.as_deref())
            .collect::<Vec<_>>(),
        [Some("o-0"), Some("o-1")]
    );
    assert!(pairs.iter().all(|pair| pair.verdict == Verdict::Suggested));
    assert_eq!(pairs[0].evidence[0].kind, "similar_name");
}

#[test]
fn another_number_is_no_suggestion() {
    let pairs = matched(&["Area 51"], &["Area 52"]);

    assert_eq!(pairs[0].verdict, Verdict::None);
    assert_eq!(pairs[0].evidence[0].kind, "no_candidate");
}

#[test]
fn the_certain_partner_of_one_is_not_suggested_to_another() {
    let pairs = matched(&["Contoso", "Contosso"], &["Contoso"]);

    assert!(pairs[0].is_certain());
    assert_eq!(pairs[1].verdict, Verdict::None);
}

#[test]
fn a_tenant_without_a_name_matches_nothing() {
    let pairs = matched(&["", " "], &["", "Contoso"]);

    assert!(
        pairs
            .iter()
            .all(|pair| pair.theirs.is_none() && pair.evidence[0].kind == "no_name")
    );
}

#[test]
fn thresholds_bound_the_suggestions() {
    let theirs: Vec<String> = (0..9)
        .map(|number| format!("Contoso Werk {}", "x".repeat(number)))
        .collect();
    let theirs: Vec<Theirs> = theirs.iter().map(|name| Theirs::new(name, name)).collect();
    let ours = tenants(&["Contoso Werke"]);

    assert_eq!(suggest(&ours, &theirs, &Thresholds::default()).len(), 5);
    assert_eq!(
        suggest(&ours, &theirs, &Thresholds::default().at_most(2)).len(),
        2
    );
    assert_eq!(
        suggest(&ours, &theirs, &Thresholds::default().suggest_from(1.0))[0].verdict,
        Verdict::None
    );
}

#[test]
fn a_name_that_thousands_have_stays_small() {
    let names = vec!["Contoso"; 3_000];

    let pairs = matched(&names, &names);

    assert_eq!(pairs.len(), 3_000 * MOST_CANDIDATES);
}

#[test]
fn nothing_against_nothing_is_nothing() {
    assert!(matched(&[], &["Contoso"]).is_empty());
    assert_eq!(matched(&["Contoso"], &[])[0].verdict, Verdict::None);
}

fn name() -> impl Strategy<Value = String> {
    "(Contoso|Contosso|Northwind|Fabrikam|Fabrikan|Area)( 51| 52| Traders)?( Ltd| GmbH)?"
}

fn in_order(pairs: &[Pair]) -> bool {
    pairs.is_sorted_by(|one, other| {
        one.ours
            .cmp(&other.ours)
            .then_with(|| by_score(one, other))
            .is_le()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_order_of_the_input_does_not_matter(
        ours in prop::collection::vec(name(), 0..8),
        theirs in prop::collection::vec(name(), 0..8),
        turn in 0_usize..8,
    ) {
        let ours = tenants(&ours);
        let theirs = companies(&theirs);
        let (mut our_turned, mut their_turned) = (ours.clone(), theirs.clone());
        our_turned.rotate_left(turn.min(ours.len()));
        their_turned.reverse();

        let pairs = suggest(&ours, &theirs, &Thresholds::default());

        prop_assert_eq!(&suggest(&our_turned, &their_turned, &Thresholds::default()), &pairs);
        prop_assert!(in_order(&pairs));
    }

    #[test]
    fn every_tenant_is_answered_and_no_organization_is_certain_twice(
        ours in prop::collection::vec(name(), 0..8),
        theirs in prop::collection::vec(name(), 0..8),
    ) {
        let ours = tenants(&ours);
        let theirs = companies(&theirs);

        let pairs = suggest(&ours, &theirs, &Thresholds::default());

        for tenant in &ours {
            let verdicts: Vec<Verdict> =
                pairs.iter().filter(|pair| pair.ours == tenant.id).map(|pair| pair.verdict).collect();
            prop_assert!(!verdicts.is_empty());
            let has_candidates = matches!(verdicts[0], Verdict::Ambiguous | Verdict::Suggested);
            prop_assert!(verdicts.len() == 1 || has_candidates);
        }
        let certain = pairs.iter().filter(|pair| pair.is_certain());
        let mut certain: Vec<_> = certain.map(|pair| &pair.theirs).collect();
        let count = certain.len();
        certain.sort();
        certain.dedup();
        prop_assert_eq!(certain.len(), count);
        prop_assert!(pairs.iter().all(|pair| (0.0..=1.0).contains(&pair.score) && !pair.evidence.is_empty()));
    }

    #[test]
    fn same_names_score_the_same_from_either_side(
        ours in prop::collection::vec(name(), 0..8),
        theirs in prop::collection::vec(name(), 0..8),
    ) {
        let rows = |ours: &[String], theirs: &[String]| -> Vec<(String, String, Verdict, u64)> {
            suggest(&tenants(ours), &companies(theirs), &Thresholds::default())
                .into_iter()
                .filter(|pair| matches!(pair.verdict, Verdict::Certain | Verdict::Ambiguous))
                .filter_map(|pair| Some((pair.ours, pair.theirs?, pair.verdict, pair.score.to_bits())))
                .map(|row| (row.0[2..].to_owned(), row.1[2..].to_owned(), row.2, row.3))
                .collect()
        };

        let mut there = rows(&ours, &theirs);
        there.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
        let mut back: Vec<_> =
            rows(&theirs, &ours).into_iter().map(|row| (row.1, row.0, row.2, row.3)).collect();
        back.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));

        prop_assert_eq!(there, back);
    }
}

/// A record of either side: its name, and where it has addresses.
type Row = (String, Vec<&'static str>);

fn row() -> impl Strategy<Value = Row> {
    let domains = vec!["a.example", "b.example", "c.example", "x.onmicrosoft.com"];
    // The second name has a Cyrillic letter.
    let named = prop_oneof![9 => name(), 1 => Just("C\u{43e}ntoso".to_owned()), 1 => Just(String::new())];
    (named, prop::sample::subsequence(domains, 0..3))
}

fn pairs_with_scores(
    ours: &[Row],
    theirs: &[Row],
    links: &[(usize, usize)],
) -> BTreeMap<(usize, usize), f64> {
    let tenant = |(place, (name, domains)): (usize, &Row)| {
        let tenant = Ours::new(place.to_string(), name);
        domains
            .iter()
            .fold(tenant, |tenant, domain| tenant.domain(*domain))
    };
    let company = |(place, (name, domains)): (usize, &Row)| {
        let company = Theirs::new(place.to_string(), name);
        domains
            .iter()
            .fold(company, |company, domain| company.domain(*domain))
    };
    let ours: Vec<Ours> = ours.iter().enumerate().map(tenant).collect();
    let theirs: Vec<Theirs> = theirs.iter().enumerate().map(company).collect();
    let overlaps: Overlaps = links
        .iter()
        .map(|(one, other)| (one.to_string(), other.to_string()))
        .collect();
    suggest_with(&ours, &theirs, &overlaps, &Thresholds::default())
        .into_iter()
        .filter_map(|pair| Some(((pair.ours.parse().ok()?, pair.theirs?.parse().ok()?), pair.score)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_024))]

    #[test]
    fn a_pair_scores_the_same_from_either_side(
        one in prop::collection::vec(row(), 1..7),
        other in prop::collection::vec(row(), 1..7),
        links in prop::collection::vec((0_usize..3, 0_usize..3), 0..9),
    ) {
        let back: Vec<_> = links.iter().map(|(ours, theirs)| (*theirs, *ours)).collect();

        let there = pairs_with_scores(&one, &other, &links);
        let back = pairs_with_scores(&other, &one, &back);

        for ((ours, theirs), score) in &there {
            if let Some(other) = back.get(&(*theirs, *ours)) {
                prop_assert_eq!(score.to_bits(), other.to_bits(), "{} and {}: {} {}", ours, theirs, score, other);
            }
        }
    }
}
