use std::collections::BTreeSet;

use super::*;

use proptest::prelude::*;

use crate::Verdict;
use crate::pair::by_score;

const DAY: i64 = 24 * 60 * 60;

fn everywhere(ours: &[Ours], theirs: &[Theirs]) -> Vec<Pair> {
    match_hosts(ours, theirs, &Sites::everywhere())
}

fn host() -> impl Strategy<Value = String> {
    "(LT-ADA-01|lt-ada-01\\.contoso\\.example|srv-01|iphone|\
     accounting-lapt|Accounting-Laptop-ada|accounting-laptop-bo|)"
}

fn row() -> impl Strategy<Value = (String, Option<String>, Option<i64>)> {
    (
        host(),
        prop::option::of("[ab]"),
        prop::option::of((0_i64..4).prop_map(|months| months * 20 * DAY)),
    )
}

fn our_side(rows: &[(String, Option<String>, Option<i64>)], twins: bool) -> Vec<Ours> {
    let device = |(place, (host, tenant, seen)): (usize, &(String, Option<String>, Option<i64>))| {
        let mut device = Ours::new(format!("d-{place}"), host);
        device.tenant.clone_from(tenant);
        device.last_seen = seen.filter(|_| twins);
        device
    };
    rows.iter().enumerate().map(device).collect()
}

fn their_side(rows: &[(String, Option<String>, Option<i64>)]) -> Vec<Theirs> {
    let device = |(place, (host, site, _)): (usize, &(String, Option<String>, Option<i64>))| {
        let mut device = Theirs::new(format!("r-{place}"), host);
        device.site.clone_from(site);
        device
    };
    rows.iter().enumerate().map(device).collect()
}

fn rules() -> impl Strategy<Value = Sites> {
    prop::collection::vec(("[ab]", "[ab]"), 0..3).prop_map(|rows| rows.into_iter().collect())
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
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_order_of_the_input_does_not_matter(
        one in prop::collection::vec(row(), 0..10),
        other in prop::collection::vec(row(), 0..10),
        sites in rules(),
        turn in 0_usize..10,
    ) {
        let (ours, theirs) = (our_side(&one, true), their_side(&other));
        let (mut our_turned, mut their_turned) = (ours.clone(), theirs.clone());
        our_turned.reverse();
        their_turned.rotate_left(turn.min(theirs.len()));

        let pairs = match_hosts(&ours, &theirs, &sites);

        prop_assert_eq!(&match_hosts(&our_turned, &their_turned, &sites), &pairs);
        prop_assert!(in_order(&pairs));
    }

    #[test]
    fn every_device_is_answered_within_its_sites_and_none_is_linked_twice(
        one in prop::collection::vec(row(), 0..10),
        other in prop::collection::vec(row(), 0..10),
        sites in rules(),
    ) {
        let (ours, theirs) = (our_side(&one, true), their_side(&other));

        let pairs = match_hosts(&ours, &theirs, &sites);

        let mut linked = BTreeSet::new();
        for device in &ours {
            let rows: Vec<&Pair> = pairs.iter().filter(|pair| pair.ours == device.id).collect();
            prop_assert!(!rows.is_empty());
            prop_assert!(rows.len() == 1 || rows.iter().all(|pair| pair.verdict == Verdict::Ambiguous));
            for pair in rows {
                prop_assert!((0.0..=1.0).contains(&pair.score) && !pair.evidence.is_empty());
                prop_assert_eq!(pair.theirs.is_none(), pair.verdict == Verdict::None);
                prop_assert!(!pair.is_certain() || linked.insert(pair.theirs.clone()));
                let known = theirs.iter().find(|known| Some(&known.id) == pair.theirs.as_ref());
                if let Some(known) = known {
                    prop_assert!(sites.permits(device.tenant.as_deref(), known.site.as_deref()));
                }
            }
        }
    }

    #[test]
    fn the_sides_may_be_swapped(
        one in prop::collection::vec(row(), 0..10),
        other in prop::collection::vec(row(), 0..10),
    ) {
        let rows = |ours: &[Ours], theirs: &[Theirs]| -> Vec<(String, String, &str, u64)> {
            everywhere(ours, theirs)
                .into_iter()
                .filter_map(|pair| Some((pair.ours, pair.theirs?, pair.verdict.as_str(), pair.score.to_bits())))
                .map(|row| (row.0[2..].to_owned(), row.1[2..].to_owned(), row.2, row.3))
                .collect()
        };

        let there: BTreeSet<_> = rows(&our_side(&one, false), &their_side(&other)).into_iter().collect();
        let back: BTreeSet<_> = rows(&our_side(&other, false), &their_side(&one))
            .into_iter()
            .map(|(ours, theirs, verdict, score)| (theirs, ours, verdict, score))
            .collect();

        prop_assert_eq!(there, back);
    }
}
