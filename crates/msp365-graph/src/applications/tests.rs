use insta::assert_snapshot;

use super::*;
use crate::testing::{read, refused, shown};

#[test]
fn applications_are_asked_for_with_their_credentials() {
    assert_snapshot!(shown(&list()), @"GET applications?$select=id,appId,displayName,createdDateTime,signInAudience,passwordCredentials,keyCredentials&$top=999");
    assert_snapshot!(shown(&get("a")), @"GET applications/a");
    assert_snapshot!(shown(&by_app_id("aa")), @"GET applications(appId='aa')?$select=id,appId,displayName,createdDateTime,signInAudience,passwordCredentials,keyCredentials");
}

#[test]
fn the_first_end_of_all_credentials_is_found() {
    let body = r#"{"value":[{"id":"a","passwordCredentials":[{"endDateTime":"2027-01-01T00:00:00Z"}],
        "keyCredentials":[{"endDateTime":"2026-06-01T00:00:00Z"},{"endDateTime":null}]},{"id":"b"}]}"#;

    let apps = read(&list(), body).unwrap().items;

    assert_eq!(apps[0].first_end(), Some("2026-06-01T00:00:00Z".parse().unwrap()));
    assert_eq!(apps[1].first_end(), None);
}

#[test]
fn a_secret_is_made_and_removed() {
    let end = "2026-12-31T00:00:00Z".parse().unwrap();
    assert_snapshot!(shown(&add_secret("a", "connector", Some(end))), @r#"
    POST applications/a/addPassword
    content-type: application/json
    {"passwordCredential":{"displayName":"connector","endDateTime":"2026-12-31T00:00:00Z"}}
    "#);
    assert_snapshot!(shown(&remove_secret("a", "f0b0b335-1d71-4883-8f98-567911bfdca6")), @r#"
    POST applications/a/removePassword
    content-type: application/json
    {"keyId":"f0b0b335-1d71-4883-8f98-567911bfdca6"}
    "#);
    assert!(refused(&remove_secret("a", "connector")));

    let made = read(
        &add_secret("a", "x", None),
        r#"{"keyId":"k","secretText":"canary","hint":"can"}"#,
    )
    .unwrap();

    assert_eq!(
        made.secret_text.as_ref().map(msp365_core::model::Secret::expose),
        Some("canary")
    );
    assert!(!format!("{made:?}").contains("canary"));
}
