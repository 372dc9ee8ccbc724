use super::*;

use crate::{MOST_CANDIDATES, Verdict};

const DAY: i64 = 24 * 60 * 60;

fn ours(id: &str, hostname: &str) -> Ours {
    Ours::new(id, hostname).tenant("contoso")
}

fn theirs(id: &str, hostname: &str) -> Theirs {
    Theirs::new(id, hostname).site("hq")
}

fn everywhere(ours: &[Ours], theirs: &[Theirs]) -> Vec<Pair> {
    match_hosts(ours, theirs, &Sites::everywhere())
}

fn told(pairs: &[Pair]) -> Vec<(&str, Option<&str>, &str)> {
    pairs
        .iter()
        .map(|pair| (pair.ours.as_str(), pair.theirs.as_deref(), pair.verdict.as_str()))
        .collect()
}

#[test]
fn a_device_is_linked_to_the_one_of_the_same_host_name() {
    let pairs = everywhere(
        &[ours("d", "LT-ADA-01")],
        &[theirs("8", "lt-bo-02"), theirs("7", "lt-ada-01.contoso.example")],
    );

    let certain =
        Pair::new("d", "7", Verdict::Certain, 1.0).because("host_name", "both are called `lt-ada-01`");
    assert_eq!(pairs, [certain]);
}

#[test]
fn a_device_that_nobody_knows_is_alone() {
    let pairs = everywhere(&[ours("d", "lt-ada-01")], &[theirs("7", "lt-bo-02")]);

    assert_eq!(told(&pairs), [("d", None, "none")]);
    assert_eq!(pairs[0].evidence[0].kind, "no_candidate");
}

#[test]
fn a_name_borne_twice_by_theirs_is_ambiguous_with_both() {
    let pairs = everywhere(
        &[ours("d", "srv-01")],
        &[theirs("8", "SRV-01"), theirs("7", "srv-01")],
    );

    assert_eq!(
        told(&pairs),
        [("d", Some("7"), "ambiguous"), ("d", Some("8"), "ambiguous")]
    );
    assert_eq!(
        pairs[0].evidence[1].text,
        "1 of ours and 2 of theirs have that name"
    );
}

#[test]
fn a_name_borne_twice_by_ours_is_ambiguous_for_both() {
    let pairs = everywhere(
        &[ours("d", "srv-01"), ours("e", "srv-01")],
        &[theirs("7", "srv-01")],
    );

    assert_eq!(
        told(&pairs),
        [("d", Some("7"), "ambiguous"), ("e", Some("7"), "ambiguous")]
    );
}

#[test]
fn the_same_name_in_two_tenants_is_told_apart_by_site() {
    let devices = [
        Ours::new("d", "srv-01").tenant("contoso"),
        Ours::new("e", "srv-01").tenant("fabrikam"),
    ];
    let known = [
        Theirs::new("7", "srv-01").site("hq"),
        Theirs::new("8", "srv-01").site("works"),
    ];
    let sites: Sites = [("contoso", "hq"), ("contoso", "depot"), ("fabrikam", "works")]
        .into_iter()
        .collect();

    assert!(
        everywhere(&devices, &known)
            .iter()
            .all(|pair| pair.verdict == Verdict::Ambiguous)
    );
    let pairs = match_hosts(&devices, &known, &sites);
    assert_eq!(
        told(&pairs),
        [("d", Some("7"), "certain"), ("e", Some("8"), "certain")]
    );
}

#[test]
fn a_site_that_is_not_permitted_is_out_of_reach() {
    let sites = Sites::everywhere().allow("contoso", "hq");
    let known = [
        Theirs::new("7", "srv-01").site("works"),
        Theirs::new("8", "srv-02"),
    ];

    let pairs = match_hosts(&[ours("d", "srv-01"), ours("e", "srv-02")], &known, &sites);

    assert_eq!(told(&pairs), [("d", None, "none"), ("e", None, "none")]);
}

#[test]
fn a_tenant_without_an_entry_reaches_nothing_once_there_are_rules() {
    let sites = Sites::everywhere().allow("fabrikam", "works");

    let pairs = match_hosts(
        &[ours("d", "srv-01"), Ours::new("e", "srv-01")],
        &[theirs("7", "srv-01")],
        &sites,
    );

    assert_eq!(told(&pairs), [("d", None, "none"), ("e", None, "none")]);
    assert!(pairs.iter().all(|pair| pair.evidence[0].kind == "no_site"));
}

#[test]
fn a_name_that_the_tool_cut_is_found_second() {
    let pairs = everywhere(
        &[ours("d", "accounting-laptop-ada")],
        &[theirs("7", "ACCOUNTING-LAPT")],
    );

    assert_eq!(told(&pairs), [("d", Some("7"), "certain")]);
    assert_eq!(pairs[0].evidence[0].kind, "host_name_cut");
    assert_eq!(
        pairs[0].evidence[0].text,
        "`accounting-laptop-ada` cut to 15 characters is `accounting-lapt`"
    );
}

#[test]
fn a_name_that_the_directory_cut_is_found_second() {
    let pairs = everywhere(
        &[ours("d", "ACCOUNTING-LAPT")],
        &[theirs("7", "accounting-laptop-ada.contoso.example")],
    );

    assert_eq!(told(&pairs), [("d", Some("7"), "certain")]);
}

#[test]
fn two_long_names_with_one_beginning_are_two_devices() {
    let pairs = everywhere(
        &[ours("d", "accounting-laptop-ada")],
        &[theirs("7", "accounting-laptop-bo")],
    );

    assert_eq!(told(&pairs), [("d", None, "none")]);
}

#[test]
fn a_cut_name_that_may_be_of_two_devices_is_ambiguous() {
    let devices = [
        ours("d", "accounting-laptop-ada"),
        ours("e", "accounting-laptop-bo"),
    ];

    let pairs = everywhere(&devices, &[theirs("7", "accounting-lapt")]);
    assert_eq!(
        told(&pairs),
        [("d", Some("7"), "ambiguous"), ("e", Some("7"), "ambiguous")]
    );

    let pairs = everywhere(
        &devices,
        &[
            theirs("7", "accounting-lapt"),
            theirs("8", "accounting-laptop-ada"),
        ],
    );
    assert_eq!(
        told(&pairs),
        [("d", Some("8"), "certain"), ("e", Some("7"), "ambiguous")]
    );
}

#[test]
fn a_whole_name_goes_before_a_cut_one() {
    let devices = [ours("d", "accounting-laptop-ada"), ours("e", "accounting-lapt")];

    let pairs = everywhere(&devices, &[theirs("7", "accounting-lapt")]);

    assert_eq!(told(&pairs), [("d", None, "none"), ("e", Some("7"), "certain")]);
}

#[test]
fn generic_names_are_never_certain() {
    for name in [
        "iPhone",
        "LOCALHOST",
        "desktop",
        "Android",
        "iPhone (2)",
        "localhost.localdomain",
        "10.0.0.7",
    ] {
        let pairs = everywhere(&[ours("d", name)], &[theirs("7", name)]);

        assert_eq!(told(&pairs), [("d", Some("7"), "suggested")], "{name}");
        assert_eq!(pairs[0].evidence[1].kind, "generic_name");
    }
}

/// F214 and F215: names that are worn twice, empty, cut, padded or in other case, and letters of another script or marks
/// that turn the direction of reading.
#[test]
fn worn_and_hostile_names_are_never_linked_by_themselves() {
    let cases: [(&[&str], &[&str]); 5] = [
        (&["DESKTOP-TWIN", " desktop-twin "], &["Desktop-Twin"]),
        (&["", " "], &[""]),
        (
            &["ACCOUNTING-LAPT", "ACCOUNTING-LAPTOP-2"],
            &["ACCOUNTING-LAPTOP-1"],
        ),
        (&["LT-\u{430}da-01"], &["LT-ada-01"]),
        (&["\u{202e}LT-ADA-01"], &["LT-ADA-01"]),
    ];
    for (ours, theirs) in cases {
        let ours: Vec<Ours> = (0..)
            .zip(ours)
            .map(|(at, name)| Ours::new(format!("d-{at}"), *name))
            .collect();
        let theirs: Vec<Theirs> = (0..)
            .zip(theirs)
            .map(|(at, name)| Theirs::new(format!("{at}"), *name))
            .collect();
        let sites = Sites::everywhere();

        for pairs in [
            match_hosts(&ours, &theirs, &sites),
            match_devices(&ours, &theirs, &sites),
        ] {
            assert!(pairs.iter().all(|pair| !pair.is_certain()), "{pairs:#?}");
            assert!(pairs.iter().all(|pair| !pair.evidence.is_empty()), "{pairs:#?}");
        }
    }
}

#[test]
fn devices_without_names_are_not_matched_with_each_other() {
    let pairs = everywhere(
        &[ours("d", ""), ours("e", " . ")],
        &[theirs("7", ""), theirs("8", "\t")],
    );

    assert!(
        pairs
            .iter()
            .all(|pair| pair.theirs.is_none() && pair.evidence[0].kind == "no_name")
    );
}

#[test]
fn a_crowd_of_one_name_stays_small() {
    let crowd = |name: &str| -> (Vec<Ours>, Vec<Theirs>) {
        (0..3_000)
            .map(|number| {
                (
                    ours(&format!("d-{number}"), name),
                    theirs(&number.to_string(), name),
                )
            })
            .unzip()
    };

    let (devices, known) = crowd("iphone");
    assert_eq!(everywhere(&devices, &known).len(), 3_000);
    let (devices, known) = crowd("srv-01");
    assert_eq!(everywhere(&devices, &known).len(), 3_000 * MOST_CANDIDATES);
}

#[test]
fn a_stale_twin_leaves_the_link_to_its_successor() {
    let devices = [
        ours("old", "lt-ada-01").last_seen(0),
        ours("new", "LT-ADA-01").last_seen(45 * DAY),
    ];

    let pairs = everywhere(&devices, &[theirs("7", "lt-ada-01")]);

    assert_eq!(
        told(&pairs),
        [("new", Some("7"), "certain"), ("old", None, "none")]
    );
    assert_eq!(pairs[0].evidence[1].kind, "newest_twin");
    assert_eq!(pairs[1].evidence[0].kind, "stale_twin");
    assert_eq!(
        pairs[1].evidence[0].text,
        "`new` has the same name and was seen 45 days later"
    );
}

#[test]
fn a_stale_twin_does_not_count_against_a_cut_name() {
    let long = "accounting-laptop-ada";
    let devices = [
        ours("old", long).last_seen(0),
        ours("new", long).last_seen(45 * DAY),
    ];

    let pairs = everywhere(&devices, &[theirs("7", "accounting-lapt")]);

    assert_eq!(
        told(&pairs),
        [("new", Some("7"), "certain"), ("old", None, "none")]
    );
}

#[test]
fn twins_seen_close_to_each_other_are_ambiguous() {
    let devices = [
        ours("d", "lt-ada-01").last_seen(0),
        ours("e", "lt-ada-01").last_seen(29 * DAY),
    ];

    let pairs = everywhere(&devices, &[theirs("7", "lt-ada-01")]);

    assert_eq!(
        told(&pairs),
        [("d", Some("7"), "ambiguous"), ("e", Some("7"), "ambiguous")]
    );
}

#[test]
fn devices_of_two_tenants_or_of_none_are_no_twins() {
    for (one, other) in [(Some("contoso"), Some("fabrikam")), (None, None)] {
        let device = |id: &str, tenant: Option<&str>, day: i64| {
            let device = Ours::new(id, "lt-ada-01").last_seen(day * DAY);
            tenant.into_iter().fold(device, Ours::tenant)
        };

        let pairs = everywhere(
            &[device("d", one, 0), device("e", other, 90)],
            &[theirs("7", "lt-ada-01")],
        );

        assert!(
            pairs.iter().all(|pair| pair.verdict == Verdict::Ambiguous),
            "{one:?} {other:?}"
        );
    }
}

#[test]
fn phones_with_the_name_of_their_product_are_no_twins() {
    let devices = [
        ours("d", "iPhone").last_seen(0),
        ours("e", "iPhone").last_seen(90 * DAY),
    ];

    let pairs = everywhere(&devices, &[theirs("7", "iPhone")]);

    assert!(pairs.iter().all(|pair| pair.verdict == Verdict::Ambiguous));
}
