//! Devices: two lists put together, three values of compliance, links within what a technician sees.

use msp365_graph::{
    devices::{Compliance, Device, TrustType},
    managed_devices::{ComplianceState, ManagedDevice},
};
use msp365_store::MatchRow;

use super::{
    super::{device::Record, *},
    read,
};
use crate::explain::{Area, Levels, SiteMap};

const ID: &str = "0000000a-0000-0000-0000-00000000000b";
const TENANT: &str = "11111111-2222-3333-4444-555555555555";

#[test]
fn seven_states_of_intune_and_three_of_the_directory_become_three_values() {
    use Compliance::{Compliant, NonCompliant, NotApplicable};

    for (state, value) in [
        ("compliant", Some(Compliant)),
        ("inGracePeriod", Some(Compliant)),
        ("noncompliant", Some(NonCompliant)),
        ("conflict", Some(NonCompliant)),
        ("error", Some(NonCompliant)),
        ("unknown", None),
        ("configManager", None),
        ("aFutureValue", None),
    ] {
        for (directory, fallback) in [
            (Some(true), Compliant),
            (Some(false), NonCompliant),
            (None, NotApplicable),
        ] {
            let said = compliance(Some(&ComplianceState::from(state)), directory);
            assert_eq!(said, value.unwrap_or(fallback), "{state} {directory:?}");
            assert_eq!(compliance(None, directory), fallback);
        }
    }
}

#[test]
fn the_join_type_follows_from_the_type_of_trust() {
    for (word, join, words) in [
        ("AzureAd", Join::Joined, "Entra joined"),
        ("ServerAd", Join::HybridJoined, "hybrid joined"),
        ("Workplace", Join::Registered, "registered"),
        ("Later", Join::Other("Later".to_owned()), "Later"),
    ] {
        assert_eq!(Join::of(&TrustType::from(word)), join);
        assert_eq!(join.words(), words);
    }
}

fn directory(id: &str, device_id: &str) -> Record {
    let device: Device = read(&format!(
        r#"{{"id":"{id}","deviceId":"{device_id}","displayName":"LT-ADA","operatingSystem":"Windows","operatingSystemVersion":"10.0",
            "trustType":"AzureAd","isCompliant":true,"approximateLastSignInDateTime":"2026-02-01T00:00:00Z"}}"#
    ));
    device.into()
}

fn managed(id: &str, device_id: &str, seen: &str) -> Record {
    let device: ManagedDevice = read(&format!(
        r#"{{"id":"{id}","azureADDeviceId":"{device_id}","deviceName":"LT-ADA-NEW","operatingSystem":"Windows","osVersion":"10.1",
            "model":"{id}","complianceState":"noncompliant","lastSyncDateTime":"{seen}"}}"#
    ));
    device.into()
}

#[test]
fn one_device_of_both_lists_is_one_with_the_facts_of_both() {
    let entries = device::merged(
        vec![directory("object", ID), directory("object", ID)],
        vec![managed("m", &ID.to_uppercase(), "2026-02-03T00:00:00Z")],
    );

    assert_eq!(entries.len(), 1);
    let entry = &entries[0];
    assert_eq!(
        (entry.directory_id.as_deref(), entry.intune_id.as_deref()),
        (Some("object"), Some("m"))
    );
    assert_eq!(
        (entry.host_name.as_deref(), entry.os.as_deref()),
        (Some("LT-ADA-NEW"), Some("10.1"))
    );
    assert_eq!(
        (entry.kind.as_deref(), entry.join.clone()),
        (Some("Windows"), Some(Join::Joined))
    );
    assert_eq!(
        (entry.compliance, entry.compliance_state.as_deref()),
        (Compliance::NonCompliant, Some("noncompliant"))
    );
    assert!(entry.last_sign_in_at < entry.last_contact_at);
}

#[test]
fn zeros_join_nothing_and_of_two_enrolments_the_newest_speaks() {
    let zeros = "00000000-0000-0000-0000-000000000000";
    let entries = device::merged(
        vec![directory("object", ID)],
        vec![
            managed("one", zeros, "2026-02-01T00:00:00Z"),
            managed("two", zeros, "2026-02-01T00:00:00Z"),
            managed("old", ID, "2026-02-01T00:00:00Z"),
            managed("new", ID, "2026-02-09T00:00:00Z"),
        ],
    );

    assert_eq!(entries.len(), 3, "{entries:#?}");
    let joined = entries.iter().find(|entry| entry.directory_id.is_some()).unwrap();
    assert_eq!(joined.intune_id.as_deref(), Some("new"));
    assert!(
        entries
            .iter()
            .filter(|entry| entry.directory_id.is_none())
            .all(|entry| entry.join.is_none())
    );
}

#[test]
fn a_host_name_that_microsoft_does_not_supply_is_not_made_up() {
    let device: Device = read(r#"{"id":"object","displayName":" ","trustType":null}"#);

    let entries = device::merged(vec![device.into()], Vec::new());

    let entry = &entries[0];
    assert_eq!((entry.host_name.as_ref(), entry.join.as_ref()), (None, None));
    assert_eq!(entry.compliance, Compliance::NotApplicable);
}

fn pair(ours: &str, theirs: Option<&str>, verdict: &str) -> MatchRow {
    let mut row = MatchRow::new(None, ours);
    row.theirs = theirs.map(str::to_owned);
    verdict.clone_into(&mut row.verdict);
    row
}

fn linked(viewer: &Viewer<'_>) -> Vec<Link> {
    let pairs = [
        pair("a", Some("d1"), "certain"),
        pair("b", Some("d2"), "suggested"),
        pair("c", None, "ambiguous"),
        pair("d", None, "none"),
    ];
    let records = ["a", "b", "c", "d", "e"].map(|id| directory(id, id));
    let mut details = Details::new(TENANT.parse().unwrap(), "ada", super::at("2026-03-01T00:00:00Z"));
    let entries = device::merged(records.into(), Vec::new());
    details.devices = Some(Card::live(details.at, entries));
    details.link_devices(&pairs, viewer);
    details
        .devices
        .unwrap()
        .rows()
        .iter()
        .map(|entry| entry.link.clone())
        .collect()
}

#[test]
fn a_device_is_linked_where_the_match_is_certain() {
    let to = Link::To { id: "d1".to_owned() };
    let all = [to, unsure(&["d2"]), unsure(&[]), Link::None, Link::NotMatched];

    assert_eq!(linked(&Viewer::host()), all);
}

/// One that may be one of these.
fn unsure(ids: &[&str]) -> Link {
    let candidates = ids.iter().map(|id| Candidate {
        id: (*id).to_owned(),
        score: 0.0,
        evidence: serde_json::Value::Null,
    });
    Link::Unsure {
        candidates: candidates.collect(),
    }
}

/// The link of the one device "a" by these pairs, as far as devices are seen.
fn link_of(pairs: &[MatchRow], is_seen: fn(&str) -> bool) -> Link {
    let mut devices = device::merged(vec![directory("a", "a")], Vec::new());
    device::link(&mut devices, pairs, is_seen);
    devices.remove(0).link
}

#[test]
fn of_several_that_a_device_may_be_all_are_shown_with_what_speaks_for_each() {
    let scored = |theirs: &str, score: f64| {
        let mut row = pair("a", Some(theirs), "ambiguous");
        row.score = score;
        row.evidence = serde_json::json!([{"name": "ADA-1"}]);
        row
    };
    let pairs = [scored("d1", 0.5), scored("d3", 0.9), scored("d2", 0.5)];

    let Link::Unsure { candidates } = link_of(&pairs, |_| true) else {
        panic!("nothing is certain");
    };

    let shown: Vec<_> = candidates
        .iter()
        .map(|one| (one.id.as_str(), one.score))
        .collect();
    assert_eq!(shown, [("d3", 0.9), ("d1", 0.5), ("d2", 0.5)]);
    assert!(candidates.iter().all(|one| one.evidence == pairs[0].evidence));
}

#[test]
fn a_certain_pair_goes_before_others_and_hidden_ones_are_not_shown() {
    let certain = [
        pair("a", Some("d1"), "certain"),
        pair("a", Some("d2"), "suggested"),
    ];
    let to = Link::To { id: "d1".to_owned() };
    assert_eq!(link_of(&certain, |_| true), to);
    assert_eq!(link_of(&certain, |id| id != "d1"), Link::None);

    let open = ["d1", "d2"].map(|id| pair("a", Some(id), "ambiguous"));
    assert_eq!(link_of(&open, |id| id == "d1"), unsure(&["d1"]));
    assert_eq!(link_of(&open, |id| id == "d2"), unsure(&["d2"]));
    assert_eq!(link_of(&open, |_| false), Link::None);
}

fn levels() -> Levels {
    read(
        r#"{"levels":{"desk":{"areas":{"users":"view","devices":"view"}},"blind":{"areas":{"users":"view"}}},
            "technicians":{"bo":{"level":"desk","tenants":"all","sites":{"only":["s1"]}},
            "cleo":{"level":"blind","tenants":"all","sites":"all"}}}"#,
    )
}

#[test]
fn a_technician_is_shown_links_within_their_sites_alone() {
    let (levels, tenant) = (levels(), TENANT.parse().unwrap());
    let sites = |devices: &[(&str, &str)]| {
        let devices = devices
            .iter()
            .map(|(device, site)| (device.to_string(), site.to_string()));
        SiteMap {
            tenants: [(tenant, ["s1".to_owned(), "s2".to_owned()].into())].into(),
            devices: devices.collect(),
        }
    };
    let (near, far) = (
        sites(&[("d1", "s1"), ("d2", "s1")]),
        sites(&[("d1", "s2"), ("d2", "s2")]),
    );
    let nowhere = sites(&[]);
    let bo = Viewer::technician(&levels, "bo", &nowhere);
    let hidden = [Link::None, Link::None, unsure(&[]), Link::None, Link::NotMatched];

    assert_eq!(
        linked(&Viewer::technician(&levels, "bo", &near)),
        linked(&Viewer::host())
    );
    assert_eq!(linked(&Viewer::technician(&levels, "bo", &far)), hidden);
    assert_eq!(linked(&bo), hidden);
    assert!(bo.sees(Area::Users, &tenant));
    assert!(!Viewer::technician(&levels, "nobody", &near).sees(Area::Users, &tenant));
    assert!(!bo.sees(
        Area::Users,
        &"22222222-2222-3333-4444-555555555555".parse().unwrap()
    ));
}

#[test]
fn who_may_see_no_devices_is_told_so() {
    let (levels, tenant, sites) = (levels(), TENANT.parse().unwrap(), SiteMap::default());
    let mut details = Details::new(tenant, "ada", super::at("2026-03-01T00:00:00Z"));
    details.devices = Some(Card::live(
        details.at,
        device::merged(vec![directory("a", "a")], Vec::new()),
    ));

    details.link_devices(&[], &Viewer::technician(&levels, "cleo", &sites));

    let card = details.devices.unwrap();
    assert_eq!((card.count(), card.gaps[0].why), (None, Why::NotPermitted));
}

#[test]
fn a_contact_leads_to_the_user_it_certainly_is() {
    let mut certain = pair("ada", Some("c1"), "certain");
    certain.tenant_id = TENANT.parse().ok();
    let pairs = [pair("bo", Some("c2"), "suggested"), certain];

    let ada = user_of_contact(&pairs, "c1");
    assert_eq!(ada, Some((TENANT.parse().unwrap(), "ada".to_owned())));
    assert_eq!(user_of_contact(&pairs, "c2"), None);
    assert_eq!(user_of_contact(&pairs, "c3"), None);
}
