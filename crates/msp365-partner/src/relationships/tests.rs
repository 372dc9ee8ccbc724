use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::testing::{read, refused, segments, shown};

const ID: &str = "5d000000-0000-4000-8000-000000000001-c0000000-0000-4000-8000-000000000001";

#[test]
fn relationships_are_asked_for_whole() {
    assert_snapshot!(shown(&list()), @"GET tenantRelationships/delegatedAdminRelationships?$top=300");
}

#[test]
fn assignments_are_asked_for_by_relationship() {
    assert_snapshot!(shown(&access_assignments(ID)), @"GET tenantRelationships/delegatedAdminRelationships/5d000000-0000-4000-8000-000000000001-c0000000-0000-4000-8000-000000000001/accessAssignments");
}

#[test]
fn a_relationship_is_read() {
    let body = format!(
        r##"{{"value":[{{"@odata.type":"#microsoft.graph.resellerDelegatedAdminRelationship","@odata.etag":"W/\"x\"",
        "id":"{ID}","displayName":"Adatum 2026","duration":"P730D","autoExtendDuration":"P180D",
        "customer":{{"tenantId":"c0000000-0000-4000-8000-000000000001","displayName":"Adatum"}},
        "accessDetails":{{"unifiedRoles":[{{"roleDefinitionId":"88d8e3e3-8f55-4a1e-953a-9b9898b8876b"}}]}},
        "status":"active","createdDateTime":"2026-01-01T00:00:00Z","activatedDateTime":"2026-01-02T00:00:00.1234567Z",
        "endDateTime":"","isPartnerConsentPending":false}}]}}"##
    );

    let page = read(&list(), body).unwrap();

    let adatum = &page.items[0];
    assert_eq!(adatum.status, Some(RelationshipStatus::Active));
    assert_eq!(
        adatum.roles().collect::<Vec<_>>(),
        ["88d8e3e3-8f55-4a1e-953a-9b9898b8876b"]
    );
    assert!(adatum.extends_itself() && !adatum.is_microsoft_led());
    assert_eq!(adatum.end_date_time, None);
}

#[test]
fn an_assignment_is_read() {
    let body = r#"{"value":[{"@odata.etag":"W/\"y\"","id":"a0000000-0000-4000-8000-000000000001","status":"pending",
        "createdDateTime":"2026-01-02T00:00:00Z",
        "accessContainer":{"accessContainerId":"9a000000-0000-4000-8000-000000000001",
            "accessContainerType":"securityGroup"},
        "accessDetails":{"unifiedRoles":[{"roleDefinitionId":"158c047a-c907-4556-b7ef-446551a6b5f7"}]}}]}"#;

    let page = read(&access_assignments(ID), body).unwrap();

    let one = &page.items[0];
    assert_eq!(one.group_id(), Some("9a000000-0000-4000-8000-000000000001"));
    assert_eq!(
        (one.status.clone(), one.roles().count()),
        (Some(AssignmentStatus::Pending), 1)
    );
}

#[test]
fn only_a_real_span_extends_a_relationship() {
    for (text, extends) in [
        ("P180D", true),
        ("PT0S", false),
        ("P0D", false),
        ("", false),
        ("soon", false),
    ] {
        let relationship: Relationship =
            serde_json::from_str(&format!(r#"{{"id":"a","autoExtendDuration":"{text}"}}"#)).unwrap();

        assert_eq!(relationship.extends_itself(), extends, "{text}");
    }
}

#[test]
fn microsoft_led_relationships_are_known_by_name() {
    assert!(is_microsoft_led("MLT_Adatum"));
    assert!(!is_microsoft_led("Adatum MLT_") && !is_microsoft_led("ML") && !is_microsoft_led("äöü"));
}

proptest! {
    #[test]
    fn a_new_status_survives(status in "\\PC*") {
        let text = serde_json::to_string(&status).unwrap();

        let relationship: Relationship =
            serde_json::from_str(&format!(r#"{{"id":"a","status":{text}}}"#)).unwrap();

        let found = relationship.status.unwrap();
        prop_assert_eq!(found.as_str(), status);
    }

    #[test]
    fn no_id_leaves_its_segment(id in "\\PC*") {
        prop_assert!(segments(&access_assignments(&id)).is_none_or(|count| count == 4));
    }
}

fn draft() -> NewRelationship {
    NewRelationship::new(
        "Adatum 2026",
        "c0000000-0000-4000-8000-000000000001",
        [crate::roles::DIRECTORY_READERS],
    )
}

fn versioned(json: &str) -> Relationship {
    serde_json::from_str(json).unwrap()
}

#[test]
fn some_relationships_and_one_are_asked_for() {
    let of_one = list().filter(
        Relationship::TENANT
            .eq("c")
            .and(Relationship::STATUS.eq("active")),
    );

    assert_snapshot!(shown(&of_one), @"GET tenantRelationships/delegatedAdminRelationships?$top=300&$filter=customer/tenantId%20eq%20'c'%20and%20status%20eq%20'active'");
    assert_snapshot!(shown(&get("r")), @"GET tenantRelationships/delegatedAdminRelationships/r");
    assert!(refused(&list().top(301)));
}

#[test]
fn a_relationship_is_drafted_and_sent() {
    assert_snapshot!(shown(&create(&draft())), @r#"
    POST tenantRelationships/delegatedAdminRelationships
    content-type: application/json
    {"accessDetails":{"unifiedRoles":[{"roleDefinitionId":"88d8e3e3-8f55-4a1e-953a-9b9898b8876b"}]},"autoExtendDuration":"P180D","customer":{"tenantId":"c0000000-0000-4000-8000-000000000001"},"displayName":"Adatum 2026","duration":"P730D"}
    "#);
    assert_snapshot!(shown(&send_to_customer("r")), @r#"
    POST tenantRelationships/delegatedAdminRelationships/r/requests
    content-type: application/json
    {"action":"lockForApproval"}
    "#);
    assert!(shown(&terminate("r")).ends_with(r#"{"action":"terminate"}"#));
    assert!(refused(&request("r", &RequestAction::Approve)));
}

#[test]
fn a_draft_that_the_service_would_not_take_is_refused() {
    let changed = |change: fn(&mut NewRelationship)| {
        let mut draft = draft();
        change(&mut draft);
        refused(&create(&draft))
    };

    assert!(changed(|draft| draft.display_name = "x".repeat(51)));
    assert!(changed(|draft| draft.roles.clear()));
    assert!(changed(|draft| draft.duration = "P3Y".into()));
    assert!(changed(|draft| draft.duration = "PT1H".into()));
    assert!(changed(
        |draft| draft.roles = vec![crate::roles::GLOBAL_ADMINISTRATOR.into()]
    ));
    assert!(!changed(|draft| draft.duration = "P2Y".into()));
    assert!(!changed(|draft| draft.customer = None));
}

#[test]
fn global_administrator_keeps_a_relationship_from_going_on_by_itself() {
    let draft = NewRelationship::new("x", "c", [crate::roles::GLOBAL_ADMINISTRATOR]);

    assert_eq!(draft.auto_extend, AutoExtend::Off);
    assert!(!refused(&create(&draft)));
}

#[test]
fn changes_name_the_version_they_are_about() {
    let read = versioned(r#"{"id":"r","@odata.etag":"W/\"x\""}"#);
    let unread = versioned(r#"{"id":"r"}"#);
    let edit = RelationshipEdit {
        auto_extend: Some(AutoExtend::HalfYear),
        ..RelationshipEdit::default()
    };

    assert_snapshot!(shown(&update(&read, &edit)), @r#"
    PATCH tenantRelationships/delegatedAdminRelationships/r
    if-match: W/"x"
    content-type: application/json
    {"autoExtendDuration":"P180D"}
    "#);
    assert_snapshot!(shown(&delete(&read)), @r#"
    DELETE tenantRelationships/delegatedAdminRelationships/r
    if-match: W/"x"
    "#);
    assert!(refused(&update(&unread, &edit)) && refused(&delete(&unread)));
    assert!(refused(&update(&read, &RelationshipEdit::default())));
}

#[test]
fn groups_are_given_roles_which_change_and_go() {
    let assignment: AccessAssignment = serde_json::from_str(r#"{"id":"a","@odata.etag":"W/\"y\""}"#).unwrap();

    assert_snapshot!(shown(&assign("r", "9a", ["role"])), @r#"
    POST tenantRelationships/delegatedAdminRelationships/r/accessAssignments
    content-type: application/json
    {"accessContainer":{"accessContainerId":"9a","accessContainerType":"securityGroup"},"accessDetails":{"unifiedRoles":[{"roleDefinitionId":"role"}]}}
    "#);
    assert!(shown(&change_assignment("r", &assignment, ["role"])).contains(r#"if-match: W/"y""#));
    assert!(
        shown(&remove_assignment("r", &assignment))
            .starts_with("DELETE tenantRelationships/delegatedAdminRelationships/r/accessAssignments/a\n")
    );
    assert!(refused(&assign("r", "9a", Vec::<String>::new())));
}

#[test]
fn requests_and_operations_are_asked_for_with_newer_values() {
    assert_snapshot!(shown(&requests("r")), @r"
    GET tenantRelationships/delegatedAdminRelationships/r/requests?$top=300
    prefer: include-unknown-enum-members
    ");
    assert_snapshot!(shown(&operations("r")), @r"
    GET tenantRelationships/delegatedAdminRelationships/r/operations?$top=300
    prefer: include-unknown-enum-members
    ");
    assert!(
        shown(&operation("r", "o"))
            .starts_with("GET tenantRelationships/delegatedAdminRelationships/r/operations/o")
    );

    let body =
        r#"{"value":[{"id":"q","action":"reject","status":"succeeded"},{"id":"w","action":"brandNew"}]}"#;
    let asked = read(&requests("r"), body).unwrap().items;

    assert_eq!(asked[0].action, Some(RequestAction::Reject));
    assert_eq!(asked[1].action, Some(RequestAction::Other("brandNew".into())));
}

#[test]
fn an_invitation_leads_to_the_admin_center_whatever_the_id() {
    let hostile = versioned(r#"{"id":"a-1/../#?x"}"#);

    assert!(hostile.invitation().ends_with("/granularAdminRelationships/a-1x"));
}
