use http::{HeaderMap, StatusCode};
use insta::assert_snapshot;
use msp365_core::{Endpoints, Occurred, Reply, Service, ServiceError};
use proptest::prelude::*;

use super::*;
use crate::{
    directory_objects::ObjectType,
    testing::{read, refused, segments, shown},
};

#[test]
fn groups_are_asked_for_by_what_is_kept() {
    assert_snapshot!(shown(&list()), @"GET groups?$select=id,displayName,description,mail,mailEnabled,securityEnabled,groupTypes,membershipRule,isAssignableToRole,onPremisesSyncEnabled,visibility,createdDateTime&$top=999");
    assert_eq!(shown(&list_lenient()), shown(&list()));
}

#[test]
fn changes_are_asked_for_with_members_and_without_a_page_size() {
    assert_snapshot!(shown(&delta_with_members(["id", "displayName"])), @"GET groups/delta?$select=id,displayName,members");
}

#[test]
fn one_group_is_asked_for_by_its_id() {
    assert_snapshot!(shown(&get("9a000000-0000-4000-8000-000000000001")), @"GET groups/9a000000-0000-4000-8000-000000000001");
}

#[test]
fn the_kind_of_a_group_is_computed() {
    let rows = [
        (r#"["Unified"]"#, true, false, GroupKind::Microsoft365, false),
        (
            r#"["Unified","DynamicMembership"]"#,
            true,
            true,
            GroupKind::Microsoft365,
            true,
        ),
        ("[]", false, true, GroupKind::Security, false),
        (r#"["DynamicMembership"]"#, false, true, GroupKind::Security, true),
        ("[]", true, true, GroupKind::MailEnabledSecurity, false),
        ("null", true, false, GroupKind::Distribution, false),
    ];
    for (types, mail, security, kind, dynamic) in rows {
        let body = format!(
            r#"{{"id":"9a","groupTypes":{types},"mailEnabled":{mail},"securityEnabled":{security},"theme":"x"}}"#
        );

        let group = read(&get("9a"), body).unwrap();

        assert_eq!((group.kind(), group.is_dynamic()), (kind, dynamic), "{types}");
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
}

#[test]
fn changes_come_with_members_that_came_and_went() {
    let body = r##"{"@odata.deltaLink":"https://graph.microsoft.com/v1.0/groups/delta?$deltatoken=x","value":[
        {"id":"9a","displayName":"Team","mailEnabled":false,"securityEnabled":true,"groupTypes":[],"members@delta":[
            {"@odata.type":"#microsoft.graph.user","id":"ada"},
            {"@odata.type":"#microsoft.graph.user","id":"bo","@removed":{"reason":"deleted"}}]},
        {"id":"9b","@removed":{"reason":"changed"}},
        {"id":"9c","@removed":{"reason":"vanished"}},
        {"displayName":"no key"}]}"##;

    let page = read(&delta_with_members(SYNC_PROPERTIES), body).unwrap();

    let [
        Lenient::Row(team),
        Lenient::Row(gone),
        Lenient::Row(odd),
        Lenient::Odd(_),
    ] = &page.items[..]
    else {
        panic!("{page:?}")
    };
    assert!(page.delta.is_some() && page.next.is_none());
    assert_eq!(
        (team.group.kind(), team.removed.is_none()),
        (GroupKind::Security, true)
    );
    assert_eq!(team.members[0].object_type, Some(ObjectType::User));
    assert!(team.members[0].removed.is_none() && team.members[1].removed.is_some());
    assert_eq!(
        gone.removed.as_ref().unwrap().reason,
        Some(RemovedReason::Changed)
    );
    assert_eq!(
        odd.removed.as_ref().unwrap().reason,
        Some(RemovedReason::Other("vanished".into()))
    );
}

proptest! {
    #[test]
    fn no_id_leaves_its_segment(id in "\\PC*") {
        prop_assert!(segments(&get(&id)).is_none_or(|path| path.len() == 2));
    }
}

#[test]
fn groups_are_found_by_name_and_changed() {
    assert!(shown(&by_name("AdminAgents")).ends_with("$filter=displayName%20eq%20'AdminAgents'"));
    let mut edit = GroupEdit::default();
    assert!(refused(&update("9a", &edit)));
    edit.description = Change::Clear;
    assert_snapshot!(shown(&update("9a", &edit)), @r#"
    PATCH groups/9a
    content-type: application/json
    {"description":null}
    "#);
    edit.display_name = Some("x".repeat(257));
    assert!(refused(&update("9a", &edit)));
}

#[test]
fn members_and_owners_are_listed() {
    assert_snapshot!(shown(&members("9a")), @"GET groups/9a/members?$select=id,displayName&$top=999");
    assert_snapshot!(shown(&transitive_members("9a")), @"GET groups/9a/transitiveMembers?$select=id,displayName&$top=999");
    assert!(shown(&user_members("9a")).starts_with("GET groups/9a/members/microsoft.graph.user?$select=id,"));
    assert_snapshot!(shown(&owners("9a")), @"GET groups/9a/owners?$select=id,displayName&$top=999");
    assert_snapshot!(shown(&app_roles("9a")), @"GET groups/9a/appRoleAssignments?$top=999");
}

#[test]
fn a_member_is_added_and_looked_for_after_a_lost_answer() {
    let request = add_member(&Endpoints::public(), "9a", "ada");

    assert_snapshot!(shown(&request), @r#"
    POST groups/9a/members/$ref
    content-type: application/json
    {"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/ada"}
    "#);
    let check = request.call().check().unwrap();
    let judged = |body: &str| check.judge(&Reply::new(StatusCode::OK, HeaderMap::new(), body.to_owned()));
    assert_eq!(judged(r#"{"value":[{"id":"ada"}]}"#), Occurred::Yes);
    assert_eq!(judged(r#"{"value":[]}"#), Occurred::Unclear);
    assert_eq!(judged("<html>"), Occurred::Unclear);
}

#[test]
fn twenty_members_are_added_at_once() {
    let ids = |count: usize| (0..count).map(|n| n.to_string());

    assert_snapshot!(shown(&add_members(&Endpoints::public(), "9a", ids(2))), @r#"
    PATCH groups/9a
    content-type: application/json
    {"members@odata.bind":["https://graph.microsoft.com/v1.0/directoryObjects/0","https://graph.microsoft.com/v1.0/directoryObjects/1"]}
    "#);
    assert!(!refused(&add_members(&Endpoints::public(), "9a", ids(20))));
    assert!(refused(&add_members(&Endpoints::public(), "9a", ids(21))));
    assert!(refused(&add_members(&Endpoints::public(), "9a", ids(0))));
    assert!(refused(&add_members(&Endpoints::public(), "9a", [".."])));
}

#[test]
fn a_member_is_removed_by_its_reference_never_the_object() {
    assert_snapshot!(shown(&remove_member("9a", "ada")), @"DELETE groups/9a/members/ada/$ref");
    assert_snapshot!(shown(&remove_owner("9a", "ada")), @"DELETE groups/9a/owners/ada/$ref");
    assert!(shown(&add_owner(&Endpoints::public(), "9a", "ada")).starts_with("POST groups/9a/owners/$ref"));
}

#[test]
fn a_member_that_is_there_already_is_told_by_the_text() {
    let refusal = |status: u16, text: &str| {
        let body = format!(r#"{{"error":{{"code":"Request_BadRequest","message":"{text}"}}}}"#);
        let reply = Reply::new(StatusCode::from_u16(status).unwrap(), HeaderMap::new(), body);
        ServiceError::from_reply(Service::Graph, &reply)
    };

    let there =
        "One or more added object references already exist for the following modified properties: 'members'.";
    assert!(is_already_member(&refusal(400, there)));
    assert!(!is_already_member(&refusal(400, "Invalid object identifier")));
}

#[test]
fn membership_that_graph_cannot_change_is_told() {
    for (types, mail, security, synced, fixed) in [
        ("[]", "false", "true", "null", None),
        (r#"["Unified"]"#, "true", "false", "false", None),
        (
            r#"["DynamicMembership"]"#,
            "false",
            "true",
            "null",
            Some(FixedMembership::Rule),
        ),
        ("[]", "true", "true", "null", Some(FixedMembership::Exchange)),
        ("[]", "false", "true", "true", Some(FixedMembership::OnPremises)),
    ] {
        let body = format!(
            r#"{{"id":"9a","groupTypes":{types},"mailEnabled":{mail},"securityEnabled":{security},"onPremisesSyncEnabled":{synced}}}"#
        );

        assert_eq!(
            read(&get("9a"), body).unwrap().fixed_membership(),
            fixed,
            "{types} {synced}"
        );
    }
}

#[test]
fn a_group_with_a_team_says_so() {
    let group = read(
        &get("9a"),
        r#"{"id":"9a","resourceProvisioningOptions":["Team"]}"#,
    )
    .unwrap();

    assert!(group.has_team());
}

#[test]
fn some_groups_or_only_news_of_them_are_asked_for() {
    assert_snapshot!(shown(&delta(["id"])), @"GET groups/delta?$select=id");
    assert_snapshot!(shown(&delta_from_now(["id"])), @"GET groups/delta?$select=id,members&$deltatoken=latest");
    assert_snapshot!(shown(&delta_of(["id"], ["9a"])), @"GET groups/delta?$select=id,members&$filter=id%20eq%20'9a'");
}

#[test]
fn a_change_with_members_is_written_back_as_it_came() {
    let body = r##"{"id":"9a","displayName":"Team","members@delta":[{"id":"ada","@odata.type":"#microsoft.graph.user",
        "@removed":{"reason":"deleted"}}],"owners@delta":[{"id":"bo"}],"new":7}"##;

    let change: GroupChange = serde_json::from_str(body).unwrap();

    assert_eq!(
        serde_json::to_value(&change).unwrap(),
        serde_json::from_str::<serde_json::Value>(body).unwrap()
    );
}
