use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::{
    directory_objects::ObjectType,
    testing::{read, segments, shown},
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
