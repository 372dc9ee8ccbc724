use serde_json::{Value, json};

use super::*;
use crate::graph::tests::world::*;

fn security() -> Value {
    json!({"displayName": "New", "mailEnabled": false, "mailNickname": "new", "securityEnabled": true})
}

fn unified() -> Value {
    json!({"displayName": "Club", "mailEnabled": true, "mailNickname": "club", "securityEnabled": false,
        "groupTypes": ["Unified"]})
}

fn make(world: &mut World, group: &Value) -> String {
    let reply = send(world, "POST", "groups", group);
    assert_eq!(reply.status, 201, "{}", body(&reply));
    body(&reply)["id"].as_str().unwrap().to_owned()
}

fn links(ids: &[&str]) -> Value {
    ids.iter()
        .map(|id| format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}"))
        .collect()
}

fn add(world: &mut World, group: &str, member: &str) -> Reply {
    send(
        world,
        "POST",
        &format!("groups/{group}/members/$ref"),
        &link(member),
    )
}

#[test]
fn a_group_is_created_with_members_and_owners() {
    let mut world = ours();
    let mut wanted = unified();
    wanted["members@odata.bind"] = links(&[ADA, BO]);
    wanted["owners@odata.bind"] = links(&[CLEO]);

    let id = make(&mut world, &wanted);

    assert_eq!(ids(&read(&mut world, &format!("groups/{id}/members"))), [ADA, BO]);
    assert_eq!(ids(&read(&mut world, &format!("groups/{id}/owners"))), [CLEO]);
    assert_eq!(
        read(&mut world, &format!("groups/{id}"))["mail"],
        "club@contoso.example"
    );
    assert_bad(
        &send(&mut world, "POST", "groups", &unified()),
        "mailNickname already exists",
    );
}

#[test]
fn kinds_of_groups_that_graph_cannot_make_are_refused() {
    let changed = |name: &str, value: Value| {
        let mut body = security();
        body[name] = value;
        body
    };
    for (body, words) in [
        (changed("mailEnabled", json!(true)), "mail-enabled groups"),
        (changed("securityEnabled", json!(false)), "mail-enabled groups"),
        (changed("groupTypes", json!(["Odd"])), "groupTypes"),
        (
            changed("groupTypes", json!(["DynamicMembership"])),
            "membershipRule",
        ),
        (changed("mailNickname", json!("a b")), "mailNickname"),
        (changed("displayName", Value::Null), "displayName"),
    ] {
        assert_bad(&send(&mut ours(), "POST", "groups", &body), words);
    }
}

#[test]
fn members_come_and_go_by_reference() {
    let mut world = ours();

    assert_eq!(add(&mut world, TEAM, CLEO).status, 204);
    assert_bad(
        &add(&mut world, TEAM, CLEO),
        "already exist for the following modified properties: 'members'",
    );
    assert_eq!(
        said(&add(&mut world, TEAM, "99999999-0000-4000-8000-000000000000")).0,
        404
    );
    let remove = format!("groups/{TEAM}/members/{CLEO}/$ref");
    assert_eq!(send(&mut world, "DELETE", &remove, &Value::Null).status, 204);
    assert_eq!(said(&send(&mut world, "DELETE", &remove, &Value::Null)).0, 404);
}

#[test]
fn delta_tells_members_that_came_and_went() {
    let mut world = ours();
    let link = read(&mut world, "groups/delta?$deltatoken=latest")["@odata.deltaLink"].clone();
    add(&mut world, TEAM, CLEO);
    send(
        &mut world,
        "DELETE",
        &format!("groups/{TEAM}/members/{BO}/$ref"),
        &Value::Null,
    );

    let round = body(&handle(&mut world, &follow(CONTOSO, &link)));

    let changes = round["value"][0]["members@delta"].as_array().unwrap();
    assert_eq!(changes.len(), 2);
    assert!(
        changes
            .iter()
            .any(|one| one["id"] == CLEO && one.get("@removed").is_none())
    );
    assert!(
        changes
            .iter()
            .any(|one| one["id"] == BO && one["@removed"]["reason"] == "deleted")
    );
}

#[test]
fn up_to_twenty_members_are_bound_all_or_none() {
    let mut world = ours();
    let target = format!("groups/{STAFF}");
    let mut bind = |ids: &[&str]| {
        send(
            &mut world,
            "PATCH",
            &target,
            &json!({"members@odata.bind": links(ids)}),
        )
    };

    assert_eq!(said(&bind(&[ADA, "99999999-0000-4000-8000-000000000000"])).0, 404);
    assert_bad(&bind(&[ADA; 21]), "maximum");
    assert_eq!(bind(&[ADA, BO]).status, 204);
    assert_bad(&bind(&[CLEO, BO]), "already exist");
    assert_eq!(
        ids(&read(
            &mut world,
            &format!("groups/{STAFF}/members/microsoft.graph.user")
        )),
        [ADA, BO]
    );
}

#[test]
fn kinds_whose_master_is_elsewhere_cannot_be_changed() {
    let with_kind = |properties: &[(&str, Value)]| {
        let mut world = ours();
        for (name, value) in properties {
            world.customers[0].groups.set(TEAM, name, value.clone(), 1);
        }
        world
    };
    let mail = [("mailEnabled", json!(true))];
    let list = [("mailEnabled", json!(true)), ("securityEnabled", json!(false))];
    let synced = [("onPremisesSyncEnabled", json!(true))];
    let owned_by_exchange = "Cannot Update a mail-enabled security groups and or distribution list.";
    for (kind, words) in [
        (&mail[..], owned_by_exchange),
        (&list[..], owned_by_exchange),
        (&synced[..], "on-premises mastered"),
    ] {
        let mut world = with_kind(kind);
        assert_bad(&add(&mut world, TEAM, CLEO), words);
        assert_bad(
            &send(
                &mut world,
                "DELETE",
                &format!("groups/{TEAM}/members/{BO}/$ref"),
                &Value::Null,
            ),
            words,
        );
        assert_bad(
            &send(
                &mut world,
                "PATCH",
                &format!("groups/{TEAM}"),
                &json!({"description": "x"}),
            ),
            words,
        );
        assert_bad(
            &send(&mut world, "DELETE", &format!("groups/{TEAM}"), &Value::Null),
            words,
        );
    }
    let mut world = with_kind(&[("groupTypes", json!(["DynamicMembership"]))]);
    assert_bad(&add(&mut world, TEAM, CLEO), "dynamic");
}

#[test]
fn groups_that_roles_are_assigned_to_take_a_permission_and_role_of_their_own() {
    let mut world = ours();
    world.customers[0].groups.set(TEAM, "isAssignableToRole", true, 1);
    acting_as(&mut world, USER_ADMINISTRATOR);
    assert_eq!(said(&add(&mut world, TEAM, CLEO)).0, 403);
    acting_as(&mut world, GLOBAL);
    let mut weak = call(
        "POST",
        CONTOSO,
        &format!("groups/{TEAM}/members/$ref"),
        &link(CLEO),
    );
    weak.claims
        .scp
        .retain(|scope| scope != "RoleManagement.ReadWrite.Directory");
    assert_eq!(said(&handle(&mut world, &weak)).0, 403);
    assert_bad(&add(&mut world, TEAM, STAFF), "invalid operation");
    assert_eq!(add(&mut world, TEAM, CLEO).status, 204);
    let update = json!({"isAssignableToRole": false});
    assert_bad(
        &send(&mut world, "PATCH", &format!("groups/{TEAM}"), &update),
        "isAssignableToRole",
    );
}

#[test]
fn microsoft_365_groups_hold_people_and_stand_in_no_group() {
    let mut world = ours();
    let club = make(&mut world, &unified());

    assert_bad(&add(&mut world, &club, TEAM), "invalid operation");
    assert_bad(&add(&mut world, TEAM, &club), "invalid operation");
    assert_bad(&add(&mut world, TEAM, TEAM), "invalid operation");
}

#[test]
fn an_owner_of_a_group_changes_its_members_without_a_role() {
    let mut world = ours();
    acting_as(&mut world, GLOBAL_READER);
    assert_eq!(said(&add(&mut world, TEAM, CLEO)).0, 403);
    let owners = &mut world.customers[0].register.owners;
    owners
        .entry(TEAM.to_owned())
        .or_default()
        .insert(ACCOUNT.to_owned());

    assert_eq!(add(&mut world, TEAM, CLEO).status, 204);
}

#[test]
fn the_last_owner_of_a_microsoft_365_group_stays() {
    let mut world = ours();
    let mut wanted = unified();
    wanted["owners@odata.bind"] = links(&[CLEO]);
    let id = make(&mut world, &wanted);
    let owners = format!("groups/{id}/owners");

    assert_bad(
        &send(
            &mut world,
            "DELETE",
            &format!("{owners}/{CLEO}/$ref"),
            &Value::Null,
        ),
        "at least one owner",
    );
    assert_eq!(
        send(&mut world, "POST", &format!("{owners}/$ref"), &link(ADA)).status,
        204
    );
    assert_bad(
        &send(&mut world, "POST", &format!("{owners}/$ref"), &link(ADA)),
        "already exist",
    );
    assert_eq!(
        send(
            &mut world,
            "DELETE",
            &format!("{owners}/{CLEO}/$ref"),
            &Value::Null
        )
        .status,
        204
    );
}

#[test]
fn transitive_members_are_those_of_groups_in_groups_too() {
    let mut world = ours();

    assert_eq!(
        ids(&read(&mut world, &format!("groups/{STAFF}/transitiveMembers"))),
        [ADA, BO, TEAM]
    );
    let people = read(
        &mut world,
        &format!("groups/{STAFF}/transitiveMembers/microsoft.graph.user"),
    );
    assert_eq!(ids(&people), [ADA, BO]);
}

#[test]
fn a_reference_forgotten_deletes_the_member_itself() {
    let mut world = ours();

    assert_eq!(
        send(
            &mut world,
            "DELETE",
            &format!("groups/{TEAM}/members/{BO}"),
            &Value::Null
        )
        .status,
        204
    );

    assert_eq!(
        said(&send(&mut world, "GET", &format!("users/{BO}"), &Value::Null)).0,
        404
    );
}

#[test]
fn a_deleted_microsoft_365_group_comes_back_and_a_security_group_does_not() {
    let mut world = ours();
    let club = make(&mut world, &unified());
    for id in [club.as_str(), TEAM] {
        assert_eq!(
            send(&mut world, "DELETE", &format!("groups/{id}"), &Value::Null).status,
            204
        );
    }

    assert_eq!(
        ids(&read(&mut world, "directory/deletedItems/microsoft.graph.group")),
        [club.as_str()]
    );
    let restore = |world: &mut World, id: &str| {
        send(
            world,
            "POST",
            &format!("directory/deletedItems/{id}/restore"),
            &Value::Null,
        )
        .status
        .as_u16()
    };
    assert_eq!(
        (restore(&mut world, &club), restore(&mut world, TEAM)),
        (200, 404)
    );
    assert_eq!(read(&mut world, &format!("groups/{club}"))["displayName"], "Club");
}

#[test]
fn properties_that_exchange_keeps_come_alone_and_from_a_person() {
    let mut world = ours();
    let club = format!("groups/{}", make(&mut world, &unified()));
    let mixed = json!({"allowExternalSenders": true, "description": "x"});

    assert_bad(&send(&mut world, "PATCH", &club, &mixed), "apart");
    let alone = json!({"allowExternalSenders": true});
    assert_eq!(send(&mut world, "PATCH", &club, &alone).status, 200);
    let by_app = app_only(call("PATCH", CONTOSO, &club, &alone), &["Group.ReadWrite.All"]);
    assert_eq!(said(&handle(&mut world, &by_app)).0, 403);
}
