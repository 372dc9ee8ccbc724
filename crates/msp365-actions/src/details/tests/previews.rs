//! What a change of groups brings and takes, from plain facts.

use std::collections::BTreeMap;

use msp365_core::ErrorKind;
use msp365_graph::groups::Group;

use super::{
    super::{role::Holders, *},
    read,
};

const SKU: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";

fn group(id: &str, more: &str) -> GroupEntry {
    let group: Group = read(&format!(
        r#"{{"id":"{id}","displayName":"Group {id}","securityEnabled":true{more}}}"#
    ));
    GroupEntry::live(&group)
}

/// A group with a product, an application and a role on it.
fn hanging(entry: GroupEntry) -> Hanging {
    let names: BTreeMap<_, _> = [(entry.id.clone(), entry.name.clone())].into();
    let holders = Holders {
        user: "",
        groups: &names,
    };
    let ends = (
        Some("88d8e3e3-8f55-4a1e-953a-9b9898b8876b"),
        Some(entry.id.as_str()),
    );
    let role = role::entry(ends, Some("/"), &holders, Standing::InForce).unwrap();
    Hanging {
        licenses: vec![Product {
            sku_id: SKU.to_owned(),
            name: "Microsoft 365 E3".to_owned(),
        }],
        applications: vec![application(Some(Named::new(&entry.id, entry.name.clone())))],
        roles: vec![role],
        gaps: Vec::new(),
        group: entry,
    }
}

fn application(group: Option<Named>) -> Application {
    Application {
        id: "app".to_owned(),
        name: Some("Portal".to_owned()),
        role: None,
        group,
    }
}

const TEAM: &str = r#","groupTypes":["Unified"],"resourceProvisioningOptions":["Team"]"#;

/// Somebody in these groups, who holds what hangs on them, and perhaps the product and the application directly.
fn facts(member: &[&str], all: &[&str], directly: bool, free: i64) -> GroupFacts {
    let mut details = Details::new(
        "11111111-2222-3333-4444-555555555555".parse().unwrap(),
        "ada",
        super::at("2026-03-01T00:00:00Z"),
    );
    let entries: Vec<_> = member.iter().map(|id| group(id, TEAM)).collect();
    let hangings: Vec<_> = entries.iter().cloned().map(hanging).collect();
    let mut states: Vec<String> = member
        .iter()
        .map(|id| format!(r#"{{"skuId":"{SKU}","assignedByGroup":"{id}","state":"Active"}}"#))
        .collect();
    let mut applications: Vec<_> = hangings.iter().flat_map(|one| one.applications.clone()).collect();
    if directly {
        states.push(format!(r#"{{"skuId":"{SKU}","state":"Active"}}"#));
        applications.push(application(None));
    }
    let states: Vec<_> = read(&format!("[{}]", states.join(",")));
    let names = group::names(&entries);
    details.licenses = Some(Card::live(details.at, license::held(&states, &[], &names)));
    let left: Availability = Availability::live(&read(&format!(
        r#"{{"id":"t","skuId":"{SKU}","appliesTo":"User","consumedUnits":0,"prepaidUnits":{{"enabled":{free}}}}}"#
    )));
    details.availability = Some(Card::live(details.at, vec![left]));
    details.roles = Some(Card::live(
        details.at,
        hangings.iter().flat_map(|one| one.roles.clone()).collect(),
    ));
    details.applications = Some(Card::live(details.at, applications));
    details.groups = Some(Card::live(details.at, entries));
    GroupFacts {
        details,
        hanging: all
            .iter()
            .map(|id| ((*id).to_owned(), hanging(group(id, TEAM))))
            .collect(),
    }
}

fn names(effects: &[Effect]) -> Vec<&str> {
    effects.iter().map(|effect| effect.name.as_str()).collect()
}

#[test]
fn who_joins_a_group_gains_what_hangs_on_it() {
    let said = preview(&facts(&[], &["a"], false, 5), &Change::default().joining("a"));

    assert_eq!(
        names(&said.gained),
        ["Microsoft 365 E3", "Group a", "Portal", "Directory Readers"]
    );
    assert!(
        said.gained
            .iter()
            .all(|effect| effect.through[0].id == "a" && effect.also.is_empty())
    );
    assert!(said.gained.iter().all(|effect| effect.remark.is_none()));
    assert!(said.lost.is_empty() && said.kept.is_empty() && said.unchanged.is_empty());
    assert_eq!(said.joins[0].label(), "Group a");
    assert_eq!(
        said.gaps.iter().map(|gap| gap.part).collect::<Vec<_>>(),
        ["conditional_access"]
    );
}

#[test]
fn who_leaves_a_group_loses_what_comes_through_it_alone() {
    let change = Change::default().leaving("a");

    let alone = preview(&facts(&["a"], &["a"], false, 5), &change);
    assert_eq!(
        names(&alone.lost),
        ["Microsoft 365 E3", "Group a", "Portal", "Directory Readers"]
    );
    assert!(alone.gained.is_empty() && alone.kept.is_empty());

    let directly = preview(&facts(&["a"], &["a"], true, 5), &change);
    assert_eq!(names(&directly.lost), ["Group a", "Directory Readers"]);
    assert_eq!(names(&directly.kept), ["Microsoft 365 E3", "Portal"]);
    assert!(directly.kept.iter().all(|effect| effect.also == ["directly"]));

    let by_both = preview(&facts(&["a", "b"], &["a"], false, 5), &change);
    assert_eq!(names(&by_both.lost), ["Group a"]);
    assert!(by_both.kept.iter().all(|effect| effect.also == ["Group b"]));
}

#[test]
fn who_changes_from_one_group_to_another_keeps_what_both_give() {
    let said = preview(
        &facts(&["a"], &["a", "b"], false, 0),
        &Change::default().leaving("a").joining("b"),
    );

    assert_eq!(
        (names(&said.gained), names(&said.lost)),
        (vec!["Group b"], vec!["Group a"])
    );
    assert_eq!(said.kept.len(), 3);
}

#[test]
fn a_licence_without_a_free_unit_is_marked() {
    let said = preview(&facts(&[], &["a"], false, 0), &Change::default().joining("a"));

    assert!(
        said.gained[0]
            .remark
            .is_some_and(|remark| remark.contains("no unit is free"))
    );
}

#[test]
fn what_cannot_be_changed_here_is_said_and_brings_nothing() {
    for (more, why) in [
        (r#","groupTypes":["DynamicMembership"]"#, NotChanged::Rule),
        (r#","mailEnabled":true"#, NotChanged::Exchange),
        (r#","onPremisesSyncEnabled":true"#, NotChanged::OnPremises),
    ] {
        let mut facts = facts(&[], &[], false, 5);
        facts.hanging.insert("a".to_owned(), hanging(group("a", more)));

        let said = preview(&facts, &Change::default().joining("a"));

        assert_eq!(said.unchanged[0].why, why);
        assert!(said.is_empty() && said.joins.is_empty());
        assert!(!why.words().is_empty());
    }
}

#[test]
fn what_is_so_already_and_what_is_not_there_is_said() {
    let facts = facts(&["a"], &["a", "b"], false, 5);
    let why = |change: &Change| -> Vec<NotChanged> {
        preview(&facts, change)
            .unchanged
            .iter()
            .map(|left| left.why)
            .collect()
    };

    assert_eq!(why(&Change::default().joining("a")), [NotChanged::AlreadyIn]);
    assert_eq!(why(&Change::default().leaving("b")), [NotChanged::NotIn]);
    assert_eq!(why(&Change::default().joining("c")), [NotChanged::NoSuchGroup]);
    // Who leaves and joins at once stays.
    let both = preview(&facts, &Change::default().leaving("a").joining("a"));
    assert!(both.is_empty() && both.leaves.is_empty());
}

#[test]
fn where_the_products_could_not_be_read_nothing_is_said_of_free_units() {
    let mut facts = facts(&[], &["a"], false, 5);
    let gap = Gap::of_kind("availability", ErrorKind::Consent);
    facts.details.availability = Some(Card::unread(Source::Live, gap));

    let said = preview(&facts, &Change::default().joining("a"));

    assert!(
        said.gained.iter().all(|effect| effect.remark.is_none()),
        "{said:#?}"
    );
    assert!(
        said.gaps.iter().any(|gap| gap.part == "availability"),
        "{said:#?}"
    );
}

#[test]
fn what_is_not_known_of_a_group_is_a_gap_of_the_preview() {
    let mut facts = facts(&[], &["a"], false, 5);
    let gap = Gap::of_kind("eligible", ErrorKind::Consent);
    for one in facts.hanging.values_mut() {
        one.gaps = vec![gap.clone(), gap.clone()];
    }

    let said = preview(&facts, &Change::default().joining("a"));

    assert_eq!(said.gaps.iter().filter(|one| **one == gap).count(), 1);
}
