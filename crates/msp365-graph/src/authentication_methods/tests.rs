use http::{HeaderMap, HeaderValue, StatusCode};
use insta::assert_snapshot;
use msp365_core::Reply;

use super::*;
use crate::testing::{read, refused, shown};

#[test]
fn methods_are_listed_and_removed_by_their_kind() {
    assert_snapshot!(shown(&list("ada")), @"GET users/ada/authentication/methods");
    assert_snapshot!(shown(&delete("ada", &MethodKind::Phone, MOBILE_PHONE)), @"DELETE users/ada/authentication/phoneMethods/3179e48a-750b-4051-897c-87b9720928f7");
    assert!(refused(&delete("ada", &MethodKind::Password, PASSWORD)));
    assert!(refused(&delete("ada", &MethodKind::Other("#new".into()), "x")));
}

#[test]
fn methods_of_every_kind_are_read() {
    let body = r##"{"value":[
        {"@odata.type":"#microsoft.graph.passwordAuthenticationMethod","id":"28c10230-6103-485e-b985-444c60001490","password":null},
        {"@odata.type":"#microsoft.graph.phoneAuthenticationMethod","id":"p","phoneNumber":"+1 5550100","phoneType":"mobile"},
        {"@odata.type":"#microsoft.graph.brandNewMethod","id":"n","wings":2}]}"##;

    let methods = read(&list("ada"), body).unwrap().items;

    let kinds: Vec<_> = methods
        .iter()
        .map(|method| method.kind.clone().unwrap())
        .collect();
    assert_eq!(
        (&kinds[0], &kinds[1]),
        (&MethodKind::Password, &MethodKind::Phone)
    );
    assert_eq!(
        (kinds[1].is_second_factor(), kinds[2].is_second_factor()),
        (true, false)
    );
    assert_eq!(methods[2].extra["wings"], 2);
}

#[test]
fn a_password_is_reset_and_its_progress_read() {
    let password = SecretString::from("Sommer-2026!");
    assert_snapshot!(shown(&reset_password("ada", Some(&password))), @r#"
    POST users/ada/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword
    content-type: application/json
    {"newPassword":"Sommer-2026!"}
    "#);
    assert_snapshot!(shown(&reset_password("ada", None)), @r#"
    POST users/ada/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword
    content-type: application/json
    {}
    "#);
    assert_snapshot!(shown(&reset_progress("ada", "op1?aadgdc=DUB&aadgsu=x")), @"GET users/ada/authentication/operations/op1?aadgdc=DUB&aadgsu=x");
}

#[test]
fn the_answer_to_a_reset_is_where_its_progress_is() {
    let mut headers = HeaderMap::new();
    headers.insert(
        "location",
        HeaderValue::from_static("https://graph.example/v1.0/users/ada/authentication/operations/1"),
    );

    let place = reset_password("ada", None)
        .decode(&Reply::new(StatusCode::ACCEPTED, headers, "{}"))
        .unwrap();

    assert!(place.expose_secret().ends_with("operations/1"));
}

#[test]
fn a_pass_is_made_within_its_bounds() {
    let mut pass = NewPass {
        lifetime_in_minutes: Some(60),
        is_usable_once: Some(true),
        start_date_time: None,
    };
    assert_snapshot!(shown(&create_pass("ada", &pass)), @r#"
    POST users/ada/authentication/temporaryAccessPassMethods
    content-type: application/json
    {"isUsableOnce":true,"lifetimeInMinutes":60}
    "#);
    for minutes in [9, 43_201] {
        pass.lifetime_in_minutes = Some(minutes);
        assert!(refused(&create_pass("ada", &pass)), "{minutes}");
    }
    assert_snapshot!(shown(&passes("ada")), @"GET users/ada/authentication/temporaryAccessPassMethods");
    assert_snapshot!(shown(&delete_pass("ada", "t")), @"DELETE users/ada/authentication/temporaryAccessPassMethods/t");
}

#[test]
fn the_code_of_a_pass_is_a_secret_and_may_be_worth_nothing() {
    let body = r#"{"id":"t","temporaryAccessPass":"canary","isUsable":false,"methodUsabilityReason":"DisabledByPolicy"}"#;

    let pass = read(&create_pass("ada", &NewPass::default()), body).unwrap();

    assert_eq!(
        pass.temporary_access_pass
            .as_ref()
            .map(msp365_core::model::Secret::expose),
        Some("canary")
    );
    assert_eq!(
        (pass.is_usable, pass.method_usability_reason.clone()),
        (Some(false), Some(Usability::Disabled))
    );
    assert!(!format!("{pass:?}").contains("canary"));
}

#[test]
fn the_policy_on_passes_is_read_and_changed() {
    assert_snapshot!(shown(&pass_policy()), @"GET policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass");
    let mut edit = PassPolicyEdit::default();
    assert!(refused(&set_pass_policy(&edit)));
    edit.state = Some(PolicyState::Enabled);
    edit.default_length = Some(12);
    assert_snapshot!(shown(&set_pass_policy(&edit)), @r##"
    PATCH policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass
    content-type: application/json
    {"@odata.type":"#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration","defaultLength":12,"state":"enabled"}
    "##);
    edit.default_length = Some(7);
    assert!(refused(&set_pass_policy(&edit)));

    let policy = read(&pass_policy(), r#"{"id":"TemporaryAccessPass","state":"enabled","includeTargets":[{"id":"all_users","targetType":"group"}]}"#).unwrap();

    assert_eq!(
        (policy.state, policy.include_targets[0].id.as_str()),
        (Some(PolicyState::Enabled), "all_users")
    );
}

#[test]
fn registrations_are_read_for_all_users() {
    assert_snapshot!(shown(&registrations()), @"GET reports/authenticationMethods/userRegistrationDetails?$top=999");

    let rows = read(
        &registrations(),
        r#"{"value":[{"id":"ada","isMfaRegistered":true,"methodsRegistered":["fido2"]}]}"#,
    )
    .unwrap()
    .items;

    assert_eq!(
        (rows[0].is_mfa_registered, rows[0].methods_registered.len()),
        (Some(true), 1)
    );
}
