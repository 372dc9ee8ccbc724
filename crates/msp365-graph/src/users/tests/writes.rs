use insta::assert_snapshot;
use msp365_core::{Change, Endpoints, Replay};
use proptest::prelude::*;
use secrecy::SecretString;

use super::super::*;
use crate::testing::{refused, segments, shown};

fn ada() -> NewUser {
    NewUser::new("Ada", "ada@contoso.example", SecretString::from("Sommer-2026!"))
}

fn edited(change: impl FnOnce(&mut UserEdit)) -> Request<()> {
    let mut edit = UserEdit::default();
    change(&mut edit);
    update("ada", &edit)
}

#[test]
fn a_user_is_made_with_what_the_service_demands() {
    let mut ada = ada();
    ada.profile.usage_location = Some("NO".into());
    ada.profile.department = Change::Clear;

    assert_snapshot!(shown(&create(&ada)), @r#"
    POST users
    content-type: application/json
    {"accountEnabled":true,"displayName":"Ada","mailNickname":"ada","passwordProfile":{"forceChangePasswordNextSignIn":true,"password":"Sommer-2026!"},"usageLocation":"NO","userPrincipalName":"ada@contoso.example"}
    "#);
    assert_eq!(create(&ada).call().replay(), Replay::Once);
}

#[test]
fn fields_are_left_cleared_or_set() {
    let request = edited(|edit| {
        edit.job_title = Change::Set("Engineer".into());
        edit.department = Change::Clear;
        edit.business_phones = Some(Vec::new());
    });

    assert_snapshot!(shown(&request), @r#"
    PATCH users/ada
    content-type: application/json
    {"businessPhones":[],"department":null,"jobTitle":"Engineer"}
    "#);
}

#[test]
fn signing_in_is_forbidden_by_one_field() {
    assert_snapshot!(shown(&update("ada", &UserEdit::enabling(false))), @r#"
    PATCH users/ada
    content-type: application/json
    {"accountEnabled":false}
    "#);
}

#[test]
fn what_the_directory_would_not_take_is_refused() {
    assert!(refused(&update("ada", &UserEdit::default())));
    assert!(refused(&edited(
        |edit| edit.employee_id = Change::Set("1".repeat(17))
    )));
    assert!(refused(&edited(
        |edit| edit.job_title = Change::Set(String::new())
    )));
    assert!(refused(&edited(
        |edit| edit.business_phones = Some(vec!["1".into(), "2".into()])
    )));
    assert!(refused(&edited(
        |edit| edit.other_mails = Some(vec!["a@contoso.example".into(); 251])
    )));
    assert!(refused(&edited(
        |edit| edit.usage_location = Some("Norway".into())
    )));
    assert!(refused(&edited(|edit| edit.mail_nickname = Some("a b".into()))));
    assert!(refused(&edited(
        |edit| edit.user_principal_name = Some("æda@contoso.example".into())
    )));
    assert!(!refused(&edited(
        |edit| edit.user_principal_name = Some("o'neil#x@contoso.example".into())
    )));
}

#[test]
fn a_password_is_set_and_its_fate_said() {
    let mut password = Password::new(SecretString::from("Sommer-2026!"));
    password.next_sign_in = NextSignIn::ChangeWithSecondFactor;

    assert_snapshot!(shown(&set_password("ada", &password)), @r#"
    PATCH users/ada
    content-type: application/json
    {"passwordProfile":{"forceChangePasswordNextSignInWithMfa":true,"password":"Sommer-2026!"}}
    "#);
    assert!(refused(&set_password(
        "ada",
        &Password::new(SecretString::from("short"))
    )));
}

#[test]
fn no_password_is_shown_by_a_request() {
    let password = Password::new(SecretString::from("canary-2026!"));

    let shown = format!(
        "{:?}{:?}{password:?}",
        set_password("ada", &password),
        create(&ada())
    );

    assert!(!shown.contains("canary") && !shown.contains("Sommer"), "{shown}");
}

#[test]
fn managers_are_set_and_removed() {
    assert_snapshot!(shown(&set_manager(&Endpoints::public(), "ada", "bo")), @r#"
    PUT users/ada/manager/$ref
    content-type: application/json
    {"@odata.id":"https://graph.microsoft.com/v1.0/users/bo"}
    "#);
    assert_snapshot!(shown(&remove_manager("ada")), @"DELETE users/ada/manager/$ref");
    assert!(refused(&set_manager(&Endpoints::public(), "ada", "..")));
}

#[test]
fn users_are_deleted_and_signed_out() {
    assert_snapshot!(shown(&delete("ada")), @"DELETE users/ada");
    assert_snapshot!(shown(&revoke_sessions("ada")), @"POST users/ada/revokeSignInSessions");
    assert_eq!(revoke_sessions("ada").call().replay(), Replay::Same);
}

proptest! {
    #[test]
    fn no_name_leads_a_write_elsewhere(name in "\\PC*") {
        for request in [delete(&name), remove_manager(&name), revoke_sessions(&name)] {
            let Some(path) = segments(&request) else { continue };

            prop_assert!(path[0] == "users" || path[0].starts_with("users("));
            prop_assert!(path.len() <= 4);
        }
    }

    #[test]
    fn no_id_leaves_its_link(id in "\\PC+") {
        let request = set_manager(&Endpoints::public(), "ada", &id);

        if let msp365_core::Body::Json(body) = request.call().body() {
            let link = body["@odata.id"].as_str().unwrap().to_owned();
            let rest = link.strip_prefix("https://graph.microsoft.com/v1.0/users/").unwrap();
            prop_assert!(!rest.contains(['/', '?', '#']), "{}", link);
        } else {
            prop_assert!(refused(&request));
        }
    }
}
