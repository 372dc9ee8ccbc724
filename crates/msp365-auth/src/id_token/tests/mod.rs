mod forged;

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use msp365_core::manual::{Answer, ScriptedTransport};
use serde_json::{Value, json};

use super::*;
use crate::testing::{self, CLIENT, Signer, part};

const ISSUER: &str = "https://login.microsoftonline.com/11111111-0000-4000-8000-000000000001/v2.0";

fn claims() -> Value {
    let now = testing::noon().as_second();
    json!({
        "iss": ISSUER, "aud": CLIENT, "iat": now, "nbf": now - 5, "exp": now + 3_600, "nonce": "the nonce",
        "tid": testing::partner(), "oid": "aaaaaaaa-0000-4000-8000-00000000000a",
        "preferred_username": "ada@partner.example", "name": "Ada",
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn keys(signer: &Signer) -> KeySet {
    serde_json::from_value(json!({ "keys": [signer.jwk()] })).unwrap()
}

fn check(keys: &KeySet, token: &str) -> Result<Identity, Error> {
    keys.check(
        &token.into(),
        &Expected {
            issuer: ISSUER,
            client_id: CLIENT,
            tenant: testing::partner(),
            nonce: Some(&"the nonce".into()),
            now: testing::noon(),
        },
    )
}

fn flaw(keys: &KeySet, token: &str) -> IdTokenFlaw {
    match check(keys, token).unwrap_err() {
        Error::IdToken { flaw, .. } => flaw,
        error => panic!("{error}"),
    }
}

#[test]
fn a_true_token_tells_who_signed_in() {
    let signer = Signer::new("one");

    let identity = check(&keys(&signer), &signer.sign(&claims())).unwrap();

    assert_eq!(identity.account_id, "aaaaaaaa-0000-4000-8000-00000000000a");
    assert_eq!(identity.account_name, "ada@partner.example");
}

#[test]
fn f153_claims_that_are_not_ours_are_refused() {
    let signer = Signer::new("one");
    let keys = keys(&signer);
    let now = testing::noon().as_second();
    for (claims, expected) in [
        (
            with("iss", json!("https://login.evil.example/x/v2.0")),
            IdTokenFlaw::Issuer,
        ),
        (with("iss", json!(format!("{ISSUER}/"))), IdTokenFlaw::Issuer),
        (with("aud", json!("another app")), IdTokenFlaw::Audience),
        (with("aud", json!([CLIENT])), IdTokenFlaw::Malformed),
        (with("nonce", json!("another")), IdTokenFlaw::Nonce),
        (without("nonce"), IdTokenFlaw::Nonce),
        (with("exp", json!(now - 300)), IdTokenFlaw::Expired),
        (with("nbf", json!(now + 301)), IdTokenFlaw::NotYetValid),
        (with("exp", json!(i64::MAX)), IdTokenFlaw::Malformed),
        (with("tid", json!("contoso.example")), IdTokenFlaw::Malformed),
        (without("exp"), IdTokenFlaw::Malformed),
        (without("oid"), IdTokenFlaw::Malformed),
        (without("tid"), IdTokenFlaw::Malformed),
    ] {
        assert_eq!(flaw(&keys, &signer.sign(&claims)), expected, "{claims}");
    }
}

#[test]
fn clocks_may_differ_by_five_minutes() {
    let signer = Signer::new("one");
    let keys = keys(&signer);
    let now = testing::noon().as_second();

    assert!(check(&keys, &signer.sign(&with("exp", json!(now - 299)))).is_ok());
    assert!(check(&keys, &signer.sign(&with("nbf", json!(now + 300)))).is_ok());
}

#[test]
fn f159_a_sign_in_to_another_tenant_names_both() {
    let signer = Signer::new("one");

    let error = check(
        &keys(&signer),
        &signer.sign(&with("tid", json!(testing::customer()))),
    )
    .unwrap_err();

    assert!(matches!(error, Error::OtherTenant { entered, signed_in }
        if entered == testing::partner() && signed_in == testing::customer()));
}

#[test]
fn f153_signatures_of_others_are_refused() {
    let (signer, stranger) = (Signer::new("one"), Signer::new("one"));
    let keys = keys(&signer);
    let token = signer.sign(&claims());
    let (message, _) = token.rsplit_once('.').unwrap();
    let (head, _) = message.split_once('.').unwrap();
    let signature = token.rsplit('.').next().unwrap();

    assert_eq!(flaw(&keys, &stranger.sign(&claims())), IdTokenFlaw::Signature);
    assert_eq!(flaw(&keys, &format!("{message}.")), IdTokenFlaw::Signature);
    let changed = format!("{head}.{}.{signature}", part(&with("oid", json!("bo"))));
    assert_eq!(flaw(&keys, &changed), IdTokenFlaw::Signature);
}

#[test]
fn f153_headers_that_choose_the_method_are_refused() {
    let signer = Signer::new("one");
    let keys = keys(&signer);
    let none = format!(
        "{}.{}.",
        part(&json!({"alg": "none", "kid": "one"})),
        part(&claims())
    );
    assert_eq!(flaw(&keys, &none), IdTokenFlaw::Malformed);
    for secret in [
        signer.public_der(),
        signer.jwk()["n"].as_str().unwrap().as_bytes().to_vec(),
    ] {
        let message = format!(
            "{}.{}",
            part(&json!({"alg": "HS256", "kid": "one"})),
            part(&claims())
        );
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let tag = hmac::sign(&key, message.as_bytes());
        let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag));

        assert_eq!(flaw(&keys, &token), IdTokenFlaw::Algorithm);
    }
    for algorithm in ["RS384", "PS256", "ES256"] {
        let token = signer.sign_under(&json!({"alg": algorithm, "kid": "one"}), &claims());

        assert_eq!(flaw(&keys, &token), IdTokenFlaw::Algorithm, "{algorithm}");
    }
}

#[test]
fn f153_keys_that_are_not_the_tenants_are_refused() {
    let signer = Signer::new("one");
    let token = signer.sign(&claims());
    let with_key = |name: &str, value: Value| -> KeySet {
        let mut key = signer.jwk();
        key[name] = value;
        serde_json::from_value(json!({ "keys": [key] })).unwrap()
    };

    let unnamed = signer.sign_under(&json!({"alg": "RS256"}), &claims());
    assert_eq!(flaw(&keys(&signer), &unnamed), IdTokenFlaw::Key);
    let bare = json!({"alg": "RS256", "kid": "two", "jwk": signer.jwk()});
    assert_eq!(
        flaw(&keys(&signer), &signer.sign_under(&bare, &claims())),
        IdTokenFlaw::Key
    );
    assert_eq!(flaw(&with_key("use", json!("enc")), &token), IdTokenFlaw::Key);
    assert_eq!(flaw(&with_key("kty", json!("oct")), &token), IdTokenFlaw::Key);
    assert_eq!(flaw(&with_key("n", json!(null)), &token), IdTokenFlaw::Key);
    let consumers = "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0";
    assert_eq!(
        flaw(&with_key("issuer", json!(consumers)), &token),
        IdTokenFlaw::Issuer
    );
}

#[test]
fn a_text_that_is_no_token_is_refused() {
    let keys = keys(&Signer::new("one"));

    for text in ["", ".", "..", "a.b.c", "eyJhbGciOiJSUzI1NiJ9"] {
        assert!(
            matches!(flaw(&keys, text), IdTokenFlaw::Malformed | IdTokenFlaw::Key),
            "{text}"
        );
    }
}

#[tokio::test]
async fn the_keys_are_asked_for_again_after_a_fault() {
    let transport = std::sync::Arc::new(ScriptedTransport::new([
        Answer::text(503, &[], "busy"),
        Answer::json(200, &json!({"keys": [{"kty": "EC", "kid": "other"}]})),
    ]));
    let exchange = testing::exchange(&transport, &testing::clock());

    let keys = fetch_keys(&exchange, testing::partner()).await.unwrap();

    assert_eq!(keys.keys.len(), 1);
    assert_eq!(
        transport.asked(),
        ["GET https://login.microsoftonline.com/11111111-0000-4000-8000-000000000001/discovery/v2.0/keys"; 2]
    );
}
