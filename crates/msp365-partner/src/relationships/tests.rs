use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::testing::{read, segments, shown};

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
