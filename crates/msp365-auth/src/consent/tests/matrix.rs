//! The matrix of what can be wrong with a callback and its id token, alone and together.

use std::time::Duration;

use msp365_core::ErrorKind;
use serde_json::json;

use super::{ISSUER, answering, begun, callback, finish, sent};
use crate::testing;

const STATES: [(&str, bool); 5] = [
    ("own", true),
    ("another", false),
    ("none", false),
    ("twice", false),
    ("replayed", false),
];
const NONCES: [(&str, bool); 3] = [("own", true), ("another", false), ("none", false)];
const ISSUERS: [(&str, bool); 5] = [
    ("none", true),
    (ISSUER, true),
    (
        "https://login.evil.example/11111111-0000-4000-8000-000000000001/v2.0",
        false,
    ),
    (
        "https://login.microsoftonline.com/22222222-0000-4000-8000-000000000002/v2.0",
        false,
    ),
    ("", false),
];
const AGES: [(u64, bool); 2] = [(0, true), (601, false)];
const TENANTS: [bool; 2] = [true, false];

#[tokio::test]
async fn f152_f153_f157_f159_only_the_answer_to_this_very_sign_in_makes_a_connection() {
    for (state, state_fits) in STATES {
        for (nonce, nonce_fits) in NONCES {
            for (issuer, issuer_fits) in ISSUERS {
                for (age, is_young) in AGES {
                    for own_tenant in TENANTS {
                        let is_asked = state_fits && issuer_fits && is_young;
                        let is_right = is_asked && nonce_fits && own_tenant;
                        let case = format!("{state}, {nonce}, `{issuer}`, {age} s, {own_tenant}");
                        let (made, asked) = attempt(state, nonce, issuer, (age, own_tenant)).await;
                        assert_eq!(made, is_right, "{case}");
                        // Until the callback is found right, nothing leaves this machine.
                        assert_eq!(asked, is_asked, "{case}");
                    }
                }
            }
        }
    }
}

/// Whether a connection came of it, and whether the service was asked for a token.
async fn attempt(state: &str, nonce: &str, issuer: &str, (age, own_tenant): (u64, bool)) -> (bool, bool) {
    let consent = begun();
    let mut claims = Vec::new();
    match nonce {
        "own" => {}
        "none" => claims.push(("nonce", json!(null))),
        other => claims.push(("nonce", json!(other))),
    }
    if !own_tenant {
        claims.push(("tid", json!(testing::customer())));
    }
    let service = answering(&consent, &claims, &[]);
    service.clock.advance(Duration::from_secs(age));
    let own = sent(&consent)["state"].clone();
    let mut query = match state {
        "own" | "replayed" => callback(&consent),
        "twice" => format!("{}&state={own}", callback(&consent)),
        "none" => "code=canary-code".to_owned(),
        other => format!("code=canary-code&state={other}"),
    };
    if issuer != "none" {
        query = format!("{query}&iss={issuer}");
    }
    if state == "replayed" {
        // The first answer was taken by a copy of the same sign-in, and said no.
        let first = format!("error=access_denied&state={own}");
        finish(consent.clone(), &first, &super::service([]))
            .await
            .unwrap_err();
    }

    let result = finish(consent, &query, &service).await;

    if let Err(error) = &result {
        assert_eq!(error.kind(), ErrorKind::Denied, "{error}");
    }
    (result.is_ok(), !service.transport.asked().is_empty())
}
