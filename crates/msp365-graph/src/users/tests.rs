use http::{HeaderMap, StatusCode};
use insta::assert_snapshot;
use msp365_core::{ErrorKind, Reply};
use proptest::prelude::*;

use super::*;
use crate::{
    directory_objects::ObjectType,
    testing::{read, segments, shown},
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
    let body = r#"{"value":[{"id":"ada"},{"id":"bo","displayName":7},{"displayName":"no key"}]}"#;

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
