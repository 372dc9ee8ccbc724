//! Callbacks that are late, foreign, repeated or say no.

use std::time::Duration;

use msp365_core::{ErrorKind, manual::Answer};
use serde_json::json;

use super::{ISSUER, answering, begun, callback, finish, sent, service};
use crate::{CallbackFlaw, Error, IdTokenFlaw};

#[tokio::test]
async fn f152_a_callback_of_another_sign_in_asks_for_no_token() {
    let state = sent(&begun())["state"].clone();
    for query in [
        String::new(),
        "code=c".to_owned(),
        "code=c&state=".to_owned(),
        "code=c&state=another".to_owned(),
        format!("code=c&state={state}x"),
        format!("code=c&state={state}&state={state}"),
        "error=access_denied&state=another".to_owned(),
    ] {
        let service = service([]);

        let error = finish(begun(), &query, &service).await.unwrap_err();

        assert!(
            matches!(
                error,
                Error::Callback {
                    flaw: CallbackFlaw::State,
                    ..
                }
            ),
            "{query}"
        );
        assert_eq!(
            (error.kind(), service.transport.asked().len()),
            (ErrorKind::Denied, 0)
        );
    }
}

#[tokio::test]
async fn f152_a_sign_in_ends_after_ten_minutes() {
    for (seconds, is_late) in [(600, false), (601, true)] {
        let consent = begun();
        let service = answering(&consent, &[], &[]);
        service.clock.advance(Duration::from_secs(seconds));
        let query = callback(&consent);

        let result = finish(consent, &query, &service).await;

        assert_eq!(
            matches!(
                result,
                Err(Error::Callback {
                    flaw: CallbackFlaw::TooOld,
                    ..
                })
            ),
            is_late
        );
        assert_eq!(service.transport.asked().is_empty(), is_late);
    }
}

#[tokio::test]
async fn f152_a_sign_in_is_finished_once() {
    let consent = begun();
    let service = answering(&consent, &[], &[]);
    let query = callback(&consent);
    let copy = consent.clone();
    finish(consent, &query, &service).await.unwrap();

    let error = finish(copy, &query, &service).await.unwrap_err();

    assert!(matches!(
        error,
        Error::Callback {
            flaw: CallbackFlaw::Used,
            ..
        }
    ));
    assert_eq!(service.transport.asked().len(), 2);
}

#[tokio::test]
async fn f153_a_forged_id_token_makes_no_connection() {
    for (claim, value, flaw) in [
        ("nonce", json!("another"), IdTokenFlaw::Nonce),
        ("aud", json!("another"), IdTokenFlaw::Audience),
        ("iss", json!("https://evil.example"), IdTokenFlaw::Issuer),
        ("exp", json!(1), IdTokenFlaw::Expired),
    ] {
        let consent = begun();
        let service = answering(&consent, &[(claim, value)], &[]);
        let query = callback(&consent);

        let error = finish(consent, &query, &service).await.unwrap_err();

        assert!(
            matches!(error, Error::IdToken { flaw: found, .. } if found == flaw),
            "{claim}"
        );
        assert_eq!(error.kind(), ErrorKind::Denied);
    }
}

#[tokio::test]
async fn f154_a_refused_code_is_sent_once() {
    for number in [54_005, 70_008, 501_481] {
        let service = service([Answer::json(
            400,
            &json!({"error": "invalid_grant", "error_codes": [number]}),
        )]);
        let consent = begun();
        let query = callback(&consent);

        let error = finish(consent, &query, &service).await.unwrap_err();

        assert_eq!(error.token().unwrap().code, format!("AADSTS{number}"));
        assert_eq!(service.transport.asked().len(), 1);
    }
}

#[tokio::test]
async fn f155_a_code_is_not_sent_again_after_a_lost_answer() {
    for answer in [Answer::Lost, Answer::TimedOut, Answer::text(503, &[], "")] {
        let service = service([answer]);
        let consent = begun();
        let query = callback(&consent);

        finish(consent, &query, &service).await.unwrap_err();

        assert_eq!(service.transport.asked().len(), 1);
    }
}

#[tokio::test]
async fn f156_a_refusal_by_the_person_is_told_without_markup() {
    let consent = begun();
    let text = format!("AADSTS65004%3A+%3Cscript%3E%0D%0A{}", "x".repeat(3_000));
    let query = format!(
        "error=access_denied&error_description={text}&state={}",
        sent(&consent)["state"]
    );
    let service = service([]);

    let error = finish(consent, &query, &service).await.unwrap_err();

    let Error::Declined { kind, code, text, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!((*kind, code.as_str()), (ErrorKind::Consent, "AADSTS65004"));
    assert!(text.starts_with("AADSTS65004: &lt;script&gt;  x") && text.len() <= 1_024);
    assert!(!error.to_string().contains(['<', '\r', '\n']));
    assert_eq!(service.transport.asked().len(), 0);
}

#[tokio::test]
async fn f156_refusals_without_a_number_go_by_their_name() {
    for (error, expected) in [
        ("access_denied", ErrorKind::Denied),
        ("consent_required", ErrorKind::Consent),
        ("login_required", ErrorKind::SignIn),
        ("temporarily_unavailable", ErrorKind::Unavailable),
        ("no+such+word", ErrorKind::Denied),
    ] {
        let consent = begun();
        let query = format!("error={error}&state={}", sent(&consent)["state"]);

        let refused = finish(consent, &query, &service([])).await.unwrap_err();

        assert_eq!(refused.kind(), expected, "{error}");
    }
}

#[tokio::test]
async fn f157_a_callback_of_another_authority_keeps_its_code() {
    for (issuer, is_ours) in [(ISSUER, true), ("https://evil.example/v2.0", false), ("", false)] {
        let consent = begun();
        let service = answering(&consent, &[], &[]);
        let query = format!("{}&iss={issuer}", callback(&consent));

        let result = finish(consent, &query, &service).await;

        assert_eq!(result.is_ok(), is_ours, "{issuer}");
        assert_eq!(service.transport.asked().is_empty(), !is_ours);
    }
}
