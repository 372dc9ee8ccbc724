use jiff::SignedDuration;
use serde_json::{Value, json};

use super::world::*;
use crate::{
    graph::handle,
    world::{Removed, World},
};

/// All rows of a round from a link on, its number of pages, and the delta link at its end.
fn round(world: &mut World, mut call: crate::api::ApiCall) -> (Vec<Value>, usize, Value) {
    let mut rows = Vec::new();
    for pages in 1.. {
        let page = body(&handle(world, &call));
        rows.extend(
            page["value"]
                .as_array()
                .unwrap_or_else(|| panic!("{page}"))
                .iter()
                .cloned(),
        );
        assert_ne!(
            page.get("@odata.nextLink").is_some(),
            page.get("@odata.deltaLink").is_some()
        );
        match page.get("@odata.nextLink") {
            Some(next) => call = follow(CONTOSO, next),
            None => return (rows, pages, page["@odata.deltaLink"].clone()),
        }
    }
    unreachable!("a round ends")
}

#[test]
fn a_first_round_holds_all_groups_with_their_members_and_the_next_what_changed() {
    let mut world = world();
    let (rows, pages, link) = round(
        &mut world,
        get(CONTOSO, "groups/delta?$select=displayName,members"),
    );
    assert_eq!((rows.len(), pages), (2, 1));
    assert_eq!(
        rows[0]["members@delta"],
        json!([{"@odata.type": "#microsoft.graph.group", "id": TEAM}])
    );

    let version = world.next_version();
    let tenant = &mut world.customers[0];
    tenant.groups.set(STAFF, "displayName", "All staff", version);
    tenant.members.get_mut(TEAM).unwrap().get_mut(BO).unwrap().removed = true;
    tenant.members.get_mut(TEAM).unwrap().get_mut(BO).unwrap().version = version;
    let (rows, _, link) = round(&mut world, follow(CONTOSO, &link));
    assert_eq!(
        rows,
        [
            json!({"id": STAFF, "displayName": "All staff"}),
            json!({"id": TEAM, "displayName": "Team", "members@delta": [
                {"@odata.type": "#microsoft.graph.user", "id": BO, "@removed": {"reason": "deleted"}}]}),
        ]
    );

    let version = world.next_version();
    world.customers[0].groups.remove(STAFF, Removed::Changed, version);
    world.customers[0].groups.remove(TEAM, Removed::Deleted, version);
    let (rows, _, link) = round(&mut world, follow(CONTOSO, &link));
    assert_eq!(
        rows,
        [
            json!({"id": STAFF, "@removed": {"reason": "changed"}}),
            json!({"id": TEAM, "@removed": {"reason": "deleted"}}),
        ]
    );

    let (rows, pages, _) = round(&mut world, follow(CONTOSO, &link));
    assert_eq!((rows, pages), (Vec::new(), 1));
}

#[test]
fn large_groups_go_on_on_later_pages_and_no_member_is_lost_or_told_twice() {
    let mut world = world();
    let tenant = &mut world.customers[0];
    for number in 0..450 {
        tenant
            .groups
            .put(security_group(&format!("g{number:04}"), "Group"), 1);
    }
    for (group, size) in [("g0000", 999), ("g0001", 2_500), ("g0002", 1)] {
        for number in 0..size {
            tenant.add_member(group, &format!("m{number:05}"), "#microsoft.graph.user", 1);
        }
    }

    let (rows, pages, _) = round(&mut world, get(CONTOSO, "groups/delta"));

    let members = |group: &str| -> Vec<&str> {
        rows.iter()
            .filter(|row| row["id"] == group)
            .flat_map(|row| row["members@delta"].as_array().into_iter().flatten())
            .map(|member| member["id"].as_str().unwrap())
            .collect()
    };
    for (group, size) in [("g0000", 999), ("g0001", 2_500), ("g0002", 1)] {
        let mut found = members(group);
        assert_eq!(found.len(), size, "{group}");
        found.dedup();
        assert_eq!(found.len(), size, "{group}");
    }
    let mut groups: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    groups.dedup();
    assert_eq!(groups.len(), 452);
    assert!(pages >= 6, "{pages}");
}

#[test]
fn a_round_can_start_from_now() {
    let mut world = world();

    let (rows, _, link) = round(
        &mut world,
        get(CONTOSO, "users/delta?$deltatoken=latest&$select=displayName"),
    );
    assert_eq!(rows, Vec::<Value>::new());
    let version = world.next_version();
    world.customers[0]
        .users
        .set(CLEO, "displayName", "Cleo Ng-Lee", version);
    let (rows, _, _) = round(&mut world, follow(CONTOSO, &link));

    assert_eq!(rows, [json!({"id": CLEO, "displayName": "Cleo Ng-Lee"})]);
}

#[test]
fn a_token_older_than_seven_days_is_gone_and_says_where_to_start_again() {
    let mut world = world();
    let (_, _, link) = round(&mut world, get(CONTOSO, "groups/delta?$select=displayName"));
    let later = |days: i64| {
        let mut call = follow(CONTOSO, &link);
        call.now = now() + SignedDuration::from_hours(days * 24);
        call
    };

    assert_eq!(handle(&mut world, &later(7)).status, 200);
    let mut late = later(7);
    late.now += SignedDuration::from_secs(1);
    let reply = handle(&mut world, &late);

    assert_eq!(refusal(&reply), (410, "syncStateNotFound".to_owned()));
    let location = json!(reply.header("location").unwrap());
    let (rows, _, _) = round(&mut world, follow(CONTOSO, &location));
    assert_eq!(rows[0], json!({"id": STAFF, "displayName": "Staff"}));
}

#[test]
fn delta_refuses_options_it_cannot_keep_and_tokens_of_others() {
    let mut world = world();
    let (_, _, link) = round(&mut world, get(CONTOSO, "groups/delta"));
    let token = link.as_str().unwrap().split_once("$deltatoken=").unwrap().1;
    for target in [
        "groups/delta?$top=5".to_owned(),
        "groups/delta?$orderby=displayName".to_owned(),
        "groups/delta?$expand=members".to_owned(),
        "groups/delta?$search=\"displayName:a\"".to_owned(),
        "groups/delta?$filter=displayName eq 'Staff'".to_owned(),
        "users/delta?$select=signInActivity".to_owned(),
        format!("users/delta?$deltatoken={token}"),
        format!("groups/delta?$deltatoken={token}&$select=displayName"),
        "groups/delta?$deltatoken=nonsense".to_owned(),
    ] {
        assert_eq!(handle(&mut world, &get(CONTOSO, &target)).status, 400, "{target}");
    }
    assert_eq!(
        handle(
            &mut world,
            &get(PARTNER, &format!("groups/delta?$deltatoken={token}"))
        )
        .status,
        400
    );
    let one = get(CONTOSO, &format!("groups/delta?$filter=id eq '{STAFF}'"));
    assert_eq!(ids(&body(&handle(&mut world, &one))), [STAFF]);
}
