//! All evidence together.

use super::*;

use proptest::prelude::*;

use crate::Verdict;

const DAY: i64 = 24 * 60 * 60;
const ID: &str = "0000000a-0000-0000-0000-00000000000b";

fn everywhere(ours: &[Ours], theirs: &[Theirs]) -> Vec<Pair> {
    match_devices(ours, theirs, &Sites::everywhere())
}

fn told(pairs: &[Pair]) -> Vec<(&str, Option<&str>, &str)> {
    pairs
        .iter()
        .map(|pair| (pair.ours.as_str(), pair.theirs.as_deref(), pair.verdict.as_str()))
        .collect()
}

fn kinds(pair: &Pair) -> Vec<&str> {
    pair.evidence.iter().map(|reason| reason.kind.as_ref()).collect()
}

#[test]
fn a_serial_number_finds_a_device_that_was_renamed() {
    let pairs = everywhere(
        &[Ours::new("d", "LT-OLD").serial("5CG 1234 ABC")],
        &[Theirs::new("7", "LT-NEW").serial("5cg1234abc")],
    );

    assert_eq!(told(&pairs), [("d", Some("7"), "certain")]);
    assert_eq!(kinds(&pairs[0]), ["serial", "other_name"]);
}

#[test]
fn a_device_id_goes_before_everything() {
    let pairs = everywhere(
        &[Ours::new("d", "LT-ADA").device_id(ID)],
        &[
            Theirs::new("7", "LT-ADA"),
            Theirs::new("8", "LT-X").device_id(format!("{{{}}}", ID.to_uppercase())),
        ],
    );

    assert_eq!(told(&pairs), [("d", Some("8"), "certain")]);
}

#[test]
fn placeholder_serials_link_nothing() {
    let serial = "To be filled by O.E.M.";

    let pairs = everywhere(
        &[Ours::new("d", "LT-ADA").serial(serial)],
        &[Theirs::new("7", "LT-BO").serial(serial)],
    );

    assert_eq!(told(&pairs), [("d", None, "none")]);
}

#[test]
fn a_serial_number_that_two_have_is_ignored() {
    let pairs = everywhere(
        &[
            Ours::new("d", "LT-ADA").serial("VM12345"),
            Ours::new("e", "LT-BO").serial("VM12345"),
        ],
        &[Theirs::new("7", "LT-CLEO").serial("VM12345")],
    );

    assert!(pairs.iter().all(|pair| pair.verdict == Verdict::None));
}

#[test]
fn one_name_with_another_serial_number_is_another_machine_until_a_person_says_otherwise() {
    let pairs = everywhere(
        &[Ours::new("d", "LT-ADA").serial("5CG1234ABC")],
        &[Theirs::new("7", "LT-ADA").serial("PF0XYZ12")],
    );

    assert_eq!(told(&pairs), [("d", Some("7"), "suggested")]);
    assert_eq!(kinds(&pairs[0]), ["host_name", "other_serial"]);
}

#[test]
fn one_name_on_another_system_is_a_suggestion() {
    let pairs = everywhere(
        &[Ours::new("d", "ADA").os("macOS 15")],
        &[Theirs::new("7", "ada").os("Microsoft Windows 11 Pro")],
    );

    assert_eq!(told(&pairs), [("d", Some("7"), "suggested")]);
    assert_eq!(pairs[0].evidence[1].text, "ours runs macOS, theirs Windows");
}

#[test]
fn a_name_whose_bearers_were_seen_far_apart_is_a_suggestion() {
    let ours = Ours::new("d", "LT-ADA").last_seen(0);
    let theirs = Theirs::new("7", "LT-ADA").last_seen(91 * DAY);

    let pairs = everywhere(std::slice::from_ref(&ours), std::slice::from_ref(&theirs));
    assert_eq!(told(&pairs), [("d", Some("7"), "suggested")]);
    assert_eq!(pairs[0].evidence[1].text, "last seen 91 days apart");

    let pairs = everywhere(
        &[ours.user("ada@contoso.example")],
        &[theirs.user("CONTOSO\\ada")],
    );
    assert!(pairs[0].is_certain());
}

#[test]
fn serial_numbers_tell_devices_of_one_name_apart() {
    let pairs = everywhere(
        &[
            Ours::new("d", "SRV-01").serial("AAA1111"),
            Ours::new("e", "SRV-01").serial("BBB2222"),
        ],
        &[
            Theirs::new("7", "SRV-01").serial("BBB2222"),
            Theirs::new("8", "SRV-01"),
        ],
    );

    assert_eq!(
        told(&pairs),
        [("d", Some("8"), "suggested"), ("e", Some("7"), "certain")]
    );
}

#[test]
fn of_several_with_one_name_those_with_one_user_are_suggested() {
    let pairs = everywhere(
        &[
            Ours::new("d", "PC-01").user("ada@contoso.example"),
            Ours::new("e", "PC-01").user("bo@contoso.example"),
        ],
        &[
            Theirs::new("7", "PC-01").user("CONTOSO\\bo"),
            Theirs::new("8", "PC-01").user("CONTOSO\\ada"),
        ],
    );

    assert_eq!(
        told(&pairs),
        [("d", Some("8"), "suggested"), ("e", Some("7"), "suggested")]
    );
}

#[test]
fn whose_namesake_is_somebody_elses_partner_is_told_so() {
    let pairs = everywhere(
        &[
            Ours::new("d", "LT-ADA").serial("5CG1234ABC"),
            Ours::new("e", "LT-ADA"),
        ],
        &[Theirs::new("7", "LT-ADA").serial("5CG1234ABC")],
    );

    assert_eq!(told(&pairs), [("d", Some("7"), "certain"), ("e", None, "none")]);
    assert_eq!(kinds(&pairs[1]), ["taken"]);
}

#[test]
fn the_record_of_an_earlier_agent_is_set_aside() {
    let theirs = |id: &str, day: i64| Theirs::new(id, "LT-ADA").site("hq").last_seen(day * DAY);

    let pairs = everywhere(&[Ours::new("d", "LT-ADA")], &[theirs("7", 0), theirs("8", 40)]);

    assert_eq!(told(&pairs), [("d", Some("8"), "certain")]);
    assert_eq!(kinds(&pairs[0]), ["host_name", "newest_twin"]);
}

#[test]
fn letters_of_another_script_are_never_linked_by_themselves() {
    // The second name has a Cyrillic letter.
    let (latin, mixed) = ("LT-ADA-01", "LT-\u{410}DA-01");

    let pairs = everywhere(&[Ours::new("d", latin)], &[Theirs::new("7", mixed)]);
    assert_eq!(told(&pairs), [("d", Some("7"), "suggested")]);
    assert_eq!(pairs[0].evidence[0].kind, "look_alike");

    let pairs = everywhere(&[Ours::new("d", mixed)], &[Theirs::new("7", mixed)]);
    assert_eq!(told(&pairs), [("d", Some("7"), "suggested")]);
}

#[test]
fn what_serial_numbers_exclude_does_not_come_back_because_something_else_is_in_other_letters() {
    // The second name of ours has a Cyrillic letter.
    let ours = [
        Ours::new("d", "LT-ADA-01").serial("PF0AAAA1"),
        Ours::new("e", "LT-\u{410}DA-01").serial("5CG1234ABC"),
    ];
    let theirs = [
        Theirs::new("7", "LT-ADA-01").serial("PF0XYZ12"),
        Theirs::new("8", "LT-ADA-01").serial("5CG1234ABC"),
    ];

    let pairs = everywhere(&ours, &theirs);

    assert_eq!(told(&pairs), [("d", None, "none"), ("e", Some("8"), "certain")]);
}

#[test]
fn tenants_that_share_sites_reach_only_their_own() {
    let sites: Sites = [("a", "x"), ("a", "y"), ("b", "y"), ("b", "z")]
        .into_iter()
        .collect();
    let theirs = ["x", "y", "z"].map(|site| Theirs::new(site, "SRV-01").site(site));

    let pairs = match_devices(&[Ours::new("d", "SRV-01").tenant("a")], &theirs[2..], &sites);
    assert_eq!(told(&pairs), [("d", None, "none")]);
    let pairs = match_devices(&[Ours::new("d", "SRV-01").tenant("a")], &theirs[1..], &sites);
    assert_eq!(told(&pairs), [("d", Some("y"), "certain")]);
    let pairs = match_devices(&[Ours::new("d", "SRV-01").tenant("a")], &theirs, &sites);
    assert_eq!(
        told(&pairs),
        [("d", Some("x"), "ambiguous"), ("d", Some("y"), "ambiguous")]
    );
}

#[test]
fn a_person_who_may_see_fewer_sites_matches_within_them() {
    let sites = Sites::everywhere().allow("a", "x").allow("a", "y");
    let seen = sites.seen_by(&["y".to_owned()].into());

    assert!(!seen.permits(Some("a"), Some("x")) && seen.permits(Some("a"), Some("y")));
}

#[test]
fn one_more_device_is_answered_as_all_at_once_would_be() {
    let theirs = [
        Theirs::new("7", "LT-ADA").serial("5CG1234ABC"),
        Theirs::new("8", "LT-BO"),
    ];
    let ours = [
        Ours::new("d", "LT-ADA"),
        Ours::new("e", "LT-BO"),
        Ours::new("f", "LT-X").serial("5CG1234ABC"),
    ];
    let mut live = Live::of(&ours[..2], &theirs, &Sites::everywhere());

    let near = live.add_ours(&ours[2]);

    let all = everywhere(&ours, &theirs);
    let expected: Vec<Pair> = all.into_iter().filter(|pair| pair.ours != "e").collect();
    assert_eq!(near, expected);
}

#[test]
fn one_more_device_with_a_name_that_looks_like_another_is_answered_as_all_at_once_would_be() {
    let ours = [Ours::new("d", "LT-ADA-01")];
    // The name has a Cyrillic letter.
    let theirs = Theirs::new("7", "LT-\u{410}DA-01");
    let mut live = Live::of(&ours, &[], &Sites::everywhere());

    let near = live.add_theirs(&theirs);

    assert_eq!(near, everywhere(&ours, &[theirs]));
    assert_eq!(near[0].evidence[0].kind, "look_alike");
}

/// A device of either side.
#[derive(Debug, Clone)]
struct Row {
    host: String,
    serial: Option<&'static str>,
    user: Option<&'static str>,
    seen: Option<i64>,
    os: Option<&'static str>,
    id: Option<&'static str>,
}

fn row() -> impl Strategy<Value = Row> {
    let host = "(LT-ADA-01|lt-ada-01\\.contoso\\.example|LT-\u{410}DA-01|srv-01|iphone|accounting-lapt|\
                accounting-laptop-ada|accounting-laptop-bo|)";
    let serial = prop::sample::select(vec!["5CG1234ABC", "PF0XYZ12", "0", "A17"]);
    let user = prop::sample::select(vec!["ada@contoso.example", "CONTOSO\\bo", "Administrator"]);
    let seen = (0_i64..4).prop_map(|months| months * 40 * DAY);
    let os = prop::sample::select(vec!["Windows 11", "macOS"]);
    let id = prop::sample::select(vec![ID, "0000000c-0000-0000-0000-00000000000d"]);
    (
        host,
        prop::option::of(serial),
        prop::option::of(user),
        prop::option::of(seen),
        prop::option::of(os),
        prop::option::weighted(0.2, id),
    )
        .prop_map(|(host, serial, user, seen, os, id)| Row {
            host,
            serial,
            user,
            seen,
            os,
            id,
        })
}

fn our_side(rows: &[Row]) -> Vec<Ours> {
    let device = |(place, row): (usize, &Row)| {
        let mut device = Ours::new(format!("x-{place}"), &row.host);
        device.serial = row.serial.map(str::to_owned);
        device.user = row.user.map(str::to_owned);
        device.last_seen = row.seen;
        device.os = row.os.map(str::to_owned);
        device.device_id = row.id.map(str::to_owned);
        device.tenant = Some("home".to_owned());
        device
    };
    rows.iter().enumerate().map(device).collect()
}

fn their_side(rows: &[Row]) -> Vec<Theirs> {
    let device = |ours: Ours| {
        let mut device = Theirs::new(ours.id, ours.hostname);
        device.serial = ours.serial;
        device.user = ours.user;
        device.last_seen = ours.last_seen;
        device.os = ours.os;
        device.device_id = ours.device_id;
        device.site = ours.tenant;
        device
    };
    our_side(rows).into_iter().map(device).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_order_of_the_input_does_not_matter(
        one in prop::collection::vec(row(), 0..9),
        other in prop::collection::vec(row(), 0..9),
    ) {
        let (ours, theirs) = (our_side(&one), their_side(&other));
        let (mut our_turned, mut their_turned) = (ours.clone(), theirs.clone());
        our_turned.reverse();
        their_turned.reverse();

        prop_assert_eq!(everywhere(&our_turned, &their_turned), everywhere(&ours, &theirs));
    }

    #[test]
    fn every_row_and_its_score_is_the_same_from_either_side_and_certain_pairs_are_one_to_one(
        one in prop::collection::vec(row(), 0..9),
        other in prop::collection::vec(row(), 0..9),
    ) {
        let rows = |ours: &[Row], theirs: &[Row]| -> Vec<(String, String, &str, u64)> {
            everywhere(&our_side(ours), &their_side(theirs))
                .into_iter()
                .filter_map(|pair| Some((pair.ours, pair.theirs?, pair.verdict.as_str(), pair.score.to_bits())))
                .collect()
        };

        let mut there = rows(&one, &other);
        there.sort();
        let mut back: Vec<_> =
            rows(&other, &one).into_iter().map(|row| (row.1, row.0, row.2, row.3)).collect();
        back.sort();

        prop_assert_eq!(&there, &back);
        let mut theirs: Vec<_> = there.iter().filter(|row| row.2 == "certain").map(|row| &row.1).collect();
        let certain = theirs.len();
        theirs.sort();
        theirs.dedup();
        prop_assert_eq!(theirs.len(), certain);
    }
}
