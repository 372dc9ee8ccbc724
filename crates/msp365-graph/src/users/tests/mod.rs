mod writes;

use http::{HeaderMap, StatusCode};
use insta::assert_snapshot;
use msp365_core::{ErrorKind, Reply};
use proptest::prelude::*;

use super::*;
use crate::{
    directory_objects::ObjectType,
    testing::{read, refused, segments, shown},
};

#[test]
fn users_are_asked_for_by_what_is_kept() {
    assert_snapshot!(shown(&list()), @"GET users?$select=id,userPrincipalName,displayName,givenName,surname,mail,mailNickname,userType,accountEnabled,jobTitle,department,companyName,officeLocation,city,country,usageLocation,mobilePhone,businessPhones,proxyAddresses,employeeId,onPremisesSyncEnabled,createdDateTime,lastPasswordChangeDateTime,assignedLicenses,licenseAssignmentStates&$top=999");
    assert_eq!(shown(&list_lenient()), shown(&list()));
}

#[test]
fn sign_in_activity_is_asked_for_apart() {
    assert_snapshot!(shown(&sign_in_activity()), @"GET users?$select=id,signInActivity&$top=500");
}

#[test]
fn one_user_is_asked_for_by_id_or_name() {
    assert_snapshot!(shown(&get("ada@contoso.example")), @"GET users/ada%40contoso.example");
}

#[test]
fn a_guest_is_asked_for_by_an_escaped_name() {
    assert_snapshot!(shown(&get("bo_fabrikam.example#EXT#@contoso.example")), @"GET users/bo_fabrikam.example%23EXT%23%40contoso.example");
}

#[test]
fn a_name_with_a_quote_or_dollar_becomes_a_quoted_key() {
    assert_snapshot!(shown(&get("o'neil@contoso.example")), @"GET users(userPrincipalName='o%27%27neil%40contoso.example')");
    assert_snapshot!(shown(&get("$cleo@contoso.example")), @"GET users(userPrincipalName='$cleo%40contoso.example')");
}

#[test]
fn the_signed_in_account_is_asked_for() {
    assert_snapshot!(shown(&me()), @"GET me?$select=id,userPrincipalName,displayName,userType,accountEnabled");
}

#[test]
fn memberships_include_those_through_other_groups() {
    assert_snapshot!(shown(&my_memberships()), @"GET me/transitiveMemberOf?$select=id,displayName&$top=999");
}

#[test]
fn a_user_is_read() {
    let body = r#"{"@odata.context":"c","@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$skiptoken=x","value":[{
        "id":"0a000000-0000-4000-8000-000000000001","userPrincipalName":"ada@contoso.example","displayName":"Ada",
        "userType":"Member","accountEnabled":true,"businessPhones":[],"proxyAddresses":null,"mail":null,
        "onPremisesSyncEnabled":false,"createdDateTime":"2020-05-04T03:02:01Z","employeeOrgData":{"division":"x"},
        "lastPasswordChangeDateTime":"1601-01-01T00:00:00Z",
        "assignedLicenses":[{"skuId":"05e9a617-0261-4cee-bb44-138d3ef5d965","disabledPlans":[]}],
        "licenseAssignmentStates":[{"skuId":"05e9a617-0261-4cee-bb44-138d3ef5d965","assignedByGroup":"9a",
            "state":"ActiveWithError","error":"CountViolation","lastUpdatedDateTime":"2026-01-01T00:00:00Z",
            "disabledPlans":[]}]}]}"#;

    let page = read(&list(), body).unwrap();

    let ada = &page.items[0];
    assert!(page.next.is_some());
    assert_eq!(ada.user_type, Some(UserType::Member));
    assert_eq!(ada.on_premises_sync_enabled, Some(false));
    assert_eq!(ada.last_password_change_date_time, None);
    assert_eq!(
        ada.license_assignment_states[0].state,
        Some(LicenseState::ActiveWithError)
    );
    assert_eq!(
        ada.license_assignment_states[0].assigned_by_group.as_deref(),
        Some("9a")
    );
    assert!(ada.proxy_addresses.is_empty());
}

#[test]
fn a_user_of_an_odd_shape_costs_only_itself() {
    let body =
        r#"{"value":[{"id":"ada"},{"id":"bo","displayName":{"first":"Bo"}},{"displayName":"no key"}]}"#;

    let page = read(&list_lenient(), body).unwrap();

    assert!(matches!(
        &page.items[..],
        [Lenient::Row(_), Lenient::Odd(_), Lenient::Odd(_)]
    ));
}

#[test]
fn no_activity_is_not_the_same_as_none_asked_for() {
    let body = r#"{"value":[{"id":"ada","signInActivity":{"lastSignInDateTime":"2026-02-03T04:05:06Z",
        "lastSignInRequestId":"x","lastNonInteractiveSignInDateTime":"0001-01-01T00:00:00Z"}},{"id":"bo"}]}"#;

    let page = read(&sign_in_activity(), body).unwrap();

    let [Lenient::Row(ada), Lenient::Row(bo)] = &page.items[..] else {
        panic!("{page:?}")
    };
    let activity = ada.sign_in_activity.as_ref().unwrap();
    assert_eq!(
        activity.last_sign_in_date_time,
        Some("2026-02-03T04:05:06Z".parse().unwrap())
    );
    assert_eq!(activity.last_non_interactive_sign_in_date_time, None);
    assert_eq!(bo.sign_in_activity, None);
}

#[test]
fn a_tenant_without_premium_says_so() {
    let body = r#"{"error":{"code":"Authentication_RequestFromNonPremiumTenantOrB2CTenant","message":"m"}}"#;

    let error = sign_in_activity()
        .decode(&Reply::new(StatusCode::FORBIDDEN, HeaderMap::new(), body))
        .unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Unlicensed);
}

#[test]
fn memberships_of_unknown_type_are_kept() {
    let body = r##"{"value":[{"@odata.type":"#microsoft.graph.group","id":"9a","displayName":"AdminAgents"},
        {"@odata.type":"#microsoft.graph.somethingNew","id":"9b"},{"id":"9c","displayName":null}]}"##;

    let found = read(&my_memberships(), body).unwrap().items;

    assert!(found[0].is_group() && !found[1].is_group() && !found[2].is_group());
    assert_eq!(
        found[1].object_type,
        Some(ObjectType::Other("#microsoft.graph.somethingNew".into()))
    );
}

proptest! {
    #[test]
    fn no_name_leaves_its_segment(name in "\\PC*") {
        let Some(path) = segments(&get(&name)) else { return Ok(()) };

        let segments = if path[0] == "users" { 2 } else { 1 };
        prop_assert_eq!(path.len(), segments);
    }

    #[test]
    fn unknown_values_and_members_do_no_harm(kind in "\\PC*", member in "[a-z]{8}", value in "\\PC*") {
        let text = serde_json::to_string(&serde_json::json!({ "id": "ada", "userType": kind, member: value })).unwrap();

        let user: User = serde_json::from_str(&text).unwrap();

        let found = user.user_type.unwrap();
        prop_assert_eq!(found.as_str(), kind);
    }
}

#[test]
fn f056_a_name_written_as_a_number_does_not_cost_the_row() {
    let page = read(
        &list_lenient(),
        r#"{"value":[{"id":"bo","displayName":12345,"accountEnabled":"True"}]}"#,
    )
    .unwrap();

    let [Lenient::Row(bo)] = &page.items[..] else {
        panic!("{page:?}")
    };
    assert_eq!(
        (bo.display_name.as_deref(), bo.account_enabled),
        (Some("12345"), Some(true))
    );
}

#[test]
fn f055_every_property_of_a_user_may_be_null() {
    for property in User::PROPERTIES.iter().filter(|property| property.name() != "id") {
        let user: User =
            serde_json::from_value(serde_json::json!({ "id": "ada", property.name(): null })).unwrap();

        assert!(user.has(*property), "{property}");
    }
}

#[test]
fn f066_a_manager_of_unknown_type_is_kept() {
    let body = r##"{"@odata.type":"#microsoft.graph.hologram","id":"h","displayName":"Cleo","wings":2}"##;

    let boss = read(&manager("ada"), body).unwrap();

    assert_eq!(
        boss.object_type,
        Some(ObjectType::Other("#microsoft.graph.hologram".into()))
    );
    assert_eq!(serde_json::to_value(&boss).unwrap()["wings"], 2);
}

#[test]
fn a_chain_of_managers_nests() {
    let body = r##"{"id":"ada","manager":{"@odata.type":"#microsoft.graph.user","id":"bo","manager":{"id":"cleo"}}}"##;

    let ada = read(&manager_chain("ada"), body).unwrap();

    let bo = ada.manager.as_ref().unwrap();
    assert_eq!(
        (bo.id.as_str(), bo.extra["manager"]["id"].as_str()),
        ("bo", Some("cleo"))
    );
}

#[test]
fn what_hangs_on_a_user_is_asked_for() {
    assert_snapshot!(shown(&manager("ada")), @"GET users/ada/manager?$select=id,displayName,userPrincipalName");
    assert_snapshot!(shown(&manager_chain("ada")), @r"
    GET users/ada?$select=id,displayName&$expand=manager($levels=max%3B$select=id,displayName)&$count=true
    consistencylevel: eventual
    ");
    assert_snapshot!(shown(&member_of("ada")), @"GET users/ada/memberOf?$select=id,displayName&$top=999");
    assert_snapshot!(shown(&transitive_member_of("ada")), @"GET users/ada/transitiveMemberOf?$select=id,displayName&$top=999");
    assert!(shown(&groups("ada")).starts_with("GET users/ada/memberOf/microsoft.graph.group?$select=id,"));
    assert!(
        shown(&transitive_groups("ada"))
            .starts_with("GET users/ada/transitiveMemberOf/microsoft.graph.group?")
    );
    assert_snapshot!(shown(&roles("ada")), @"GET users/ada/transitiveMemberOf/microsoft.graph.directoryRole?$select=id,displayName,roleTemplateId&$top=999");
    assert_snapshot!(shown(&app_roles("ada")), @"GET users/ada/appRoleAssignments?$top=999");
}

#[test]
fn changes_and_deleted_users_are_asked_for() {
    assert_snapshot!(shown(&delta(["id", "manager"])), @"GET users/delta?$select=id,manager");
    assert_snapshot!(shown(&delta_from_now(["id"])), @"GET users/delta?$select=id&$deltatoken=latest");
    assert_snapshot!(shown(&delta_of(["id"], ["a", "b"])), @"GET users/delta?$select=id&$filter=id%20eq%20'a'%20or%20id%20eq%20'b'");
    assert!(refused(&delta_of(["id"], (0..51).map(|n| n.to_string()))));
    assert!(refused(&delta(["id"]).top(5)));
    assert_snapshot!(shown(&deleted()), @"GET directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,displayName,mail,userType,deletedDateTime&$top=999");
}

#[test]
fn a_change_tells_of_managers_and_of_who_is_gone() {
    let body = r##"{"@odata.deltaLink":"https://graph.microsoft.com/v1.0/users/delta?$deltatoken=x","value":[
        {"id":"ada","displayName":null,"manager@delta":[{"@odata.type":"#microsoft.graph.user","id":"bo"},
            {"id":"cleo","@removed":{"reason":"changed"}}]},
        {"id":"bo","@removed":{"reason":"deleted"}}]}"##;

    let page = read(&delta(["id"]), body).unwrap();

    let [Lenient::Row(ada), Lenient::Row(bo)] = &page.items[..] else {
        panic!("{page:?}")
    };
    assert_eq!((ada.manager.len(), ada.manager[1].removed.is_some()), (2, true));
    assert!(ada.user.has(User::DISPLAY_NAME) && !ada.user.has(User::MAIL));
    assert!(bo.removed.is_some() && page.delta.is_some());
    assert_eq!(
        serde_json::to_value(ada).unwrap()["manager@delta"][1]["@removed"]["reason"],
        "changed"
    );
}

#[test]
fn sign_in_activity_is_read_by_object_id_alone() {
    let id = "0a000000-0000-4000-8000-000000000001";

    assert_snapshot!(shown(&sign_in_activity_of(id)), @"GET users/0a000000-0000-4000-8000-000000000001?$select=id,signInActivity");
    assert!(refused(&sign_in_activity_of("ada@contoso.example")));
    assert!(refused(&list().select([User::ID, User::SIGN_IN_ACTIVITY])));
    assert!(refused(
        &list().filter(
            User::LAST_SIGN_IN
                .le("2026-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap())
                .and(User::ACCOUNT_ENABLED.eq(true))
        )
    ));
}

#[test]
fn users_are_counted() {
    assert_snapshot!(shown(&count(None)), @r"
    GET users/$count
    consistencylevel: eventual
    ");
    assert_snapshot!(shown(&count(Some(User::ACCOUNT_ENABLED.eq(false)))), @r"
    GET users/$count?$filter=accountEnabled%20eq%20false
    consistencylevel: eventual
    ");
    assert_eq!(read(&count(None), "\u{feff}294").unwrap(), 294);
    assert!(read(&count(None), "many").is_err());
}

#[test]
fn holders_of_a_product_are_asked_for() {
    let request = list().filter(User::holds("05E9A617-0261-4CEE-BB44-138D3EF5D965"));

    assert!(
        request
            .to_string()
            .ends_with("$filter=assignedLicenses/any(x:x/skuId%20eq%2005e9a617-0261-4cee-bb44-138d3ef5d965)"),
        "{request}"
    );
}
