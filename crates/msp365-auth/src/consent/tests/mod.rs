mod callbacks;
mod matrix;
mod others;

use std::collections::HashMap;

use msp365_core::{
    SeededRandom,
    manual::{Answer, ManualClock, ScriptedTransport},
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::testing::{self, CLIENT, Signer, readable};

const REDIRECT: &str = "https://tool.example/callback";
const ISSUER: &str = "https://login.microsoftonline.com/11111111-0000-4000-8000-000000000001/v2.0";

fn request(redirect: &str, endpoints: Endpoints) -> ConsentRequest {
    ConsentRequest::new(
        testing::app(),
        endpoints,
        testing::partner(),
        redirect,
        ["https://graph.microsoft.com/Directory.Read.All"],
    )
}

fn begun() -> Consent {
    let request = request(REDIRECT, Endpoints::public());
    Consent::begin(&request, &SeededRandom::new(7), testing::noon()).unwrap()
}

fn sent(consent: &Consent) -> HashMap<String, String> {
    let url = Url::parse(consent.url()).unwrap();
    url.query_pairs().into_owned().collect()
}

struct Service {
    transport: Arc<ScriptedTransport>,
    clock: Arc<ManualClock>,
    exchange: Exchange,
}

fn service(script: impl IntoIterator<Item = Answer>) -> Service {
    let transport = Arc::new(ScriptedTransport::new(script));
    let clock = testing::clock();
    let exchange = testing::exchange(&transport, &clock);
    Service {
        transport,
        clock,
        exchange,
    }
}

/// A service that answers this sign-in rightly, but for these claims and parts of the reply.
fn answering(consent: &Consent, claims: &[(&str, Value)], parts: &[(&str, Value)]) -> Service {
    let signer = Signer::new("one");
    let now = testing::noon().as_second();
    let mut token = json!({
        "iss": ISSUER, "aud": CLIENT, "nbf": now, "exp": now + 3_600, "nonce": sent(consent)["nonce"],
        "tid": testing::partner(), "oid": "aaaaaaaa-0000-4000-8000-00000000000a",
        "preferred_username": "ada@partner.example",
    });
    for (name, value) in claims {
        token[*name] = value.clone();
    }
    let mut reply = json!({
        "token_type": "Bearer", "expires_in": 3_600, "refresh_token": "canary-refresh",
        "access_token": readable(&json!({"amr": ["pwd", "mfa"], "tid": testing::partner()})),
        "scope": "https://graph.microsoft.com/User.Read profile", "id_token": signer.sign(&token),
    });
    for (name, value) in parts {
        reply[*name] = value.clone();
    }
    service([
        Answer::json(200, &reply),
        Answer::json(200, &json!({ "keys": [signer.jwk()] })),
    ])
}

fn callback(consent: &Consent) -> String {
    format!("code=canary-code&state={}", sent(consent)["state"])
}

async fn finish(consent: Consent, query: &str, service: &Service) -> Result<Connection, Error> {
    consent.finish(query, &service.exchange).await
}

#[test]
fn the_address_asks_for_a_code_with_pkce_state_and_nonce() {
    let consent = begun();

    let url = Url::parse(consent.url()).unwrap();
    let sent = sent(&consent);

    assert_eq!(
        url.path(),
        "/11111111-0000-4000-8000-000000000001/oauth2/v2.0/authorize"
    );
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", REDIRECT),
        ("response_mode", "query"),
        ("prompt", "select_account"),
        ("code_challenge_method", "S256"),
        (
            "scope",
            "https://graph.microsoft.com/Directory.Read.All openid profile offline_access",
        ),
    ] {
        assert_eq!(sent[name], value);
    }
    for secret in ["state", "nonce", "code_challenge"] {
        assert_eq!(sent[secret].len(), 43, "{secret}");
    }
    assert_ne!(sent["state"], sent["nonce"]);
}

#[test]
fn secrets_go_to_https_or_this_machine_only() {
    for (redirect, authority, begins) in [
        ("https://tool.example/cb", "https://login.example", true),
        ("http://localhost:8400/cb", "http://127.0.0.1:9", true),
        ("http://tool.example/cb", "https://login.example", false),
        ("https://tool.example/cb", "http://login.example", false),
        ("javascript:alert(1)", "https://login.example", false),
    ] {
        let endpoints = Endpoints::custom(authority, authority, authority);

        let consent = Consent::begin(
            &request(redirect, endpoints),
            &SeededRandom::new(7),
            testing::noon(),
        );

        assert_eq!(consent.is_ok(), begins, "{redirect} {authority}");
        assert!(
            consent
                .err()
                .is_none_or(|error| error.kind() == ErrorKind::Invalid)
        );
    }
}

#[tokio::test]
async fn a_finished_sign_in_is_a_connection() {
    let consent = begun();
    let service = answering(&consent, &[], &[]);
    let query = callback(&consent);
    let verifier = consent.secrets.verifier.expose_secret().to_owned();

    let connection = finish(consent, &format!("?{query}&session_state=1"), &service)
        .await
        .unwrap();

    assert_eq!(connection.tenant, testing::partner());
    assert_eq!(connection.account_name, "ada@partner.example");
    assert_eq!(
        connection.scopes,
        ["https://graph.microsoft.com/User.Read", "profile"]
    );
    assert_eq!(
        (connection.mfa, connection.signed_in_at),
        (Mfa::Proven, testing::noon())
    );
    assert_eq!(connection.refresh_token.expose_secret(), "canary-refresh");
    let body = service.transport.body(0).unwrap();
    let form: HashMap<_, _> = url::form_urlencoded::parse(&body).into_owned().collect();
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(
        (form["code"].as_str(), &form["code_verifier"]),
        ("canary-code", &verifier)
    );
    assert_eq!(
        (form["redirect_uri"].as_str(), form["client_secret"].as_str()),
        (REDIRECT, "canary-client-secret")
    );
}

#[tokio::test]
async fn f159_another_tenant_makes_no_connection() {
    let consent = begun();
    let service = answering(&consent, &[("tid", json!(testing::customer()))], &[]);
    let query = callback(&consent);

    let error = finish(consent, &query, &service).await.unwrap_err();

    assert!(matches!(error, Error::OtherTenant { signed_in, .. } if signed_in == testing::customer()));
}

#[tokio::test]
async fn f159_a_sign_in_without_a_second_factor_says_so() {
    for (access, expected) in [
        (readable(&json!({"amr": ["pwd"]})), Mfa::NotProven),
        ("opaque".to_owned(), Mfa::Unknown),
    ] {
        let consent = begun();
        let service = answering(&consent, &[], &[("access_token", json!(access))]);
        let query = callback(&consent);

        let connection = finish(consent, &query, &service).await.unwrap();

        assert_eq!(connection.mfa, expected);
    }
}

#[tokio::test]
async fn a_sign_in_without_refresh_or_id_token_is_none() {
    for (part, kind) in [
        ("refresh_token", ErrorKind::Consent),
        ("id_token", ErrorKind::Denied),
    ] {
        let consent = begun();
        let service = answering(&consent, &[], &[(part, json!(null))]);
        let query = callback(&consent);

        assert_eq!(finish(consent, &query, &service).await.unwrap_err().kind(), kind);
    }
}

#[tokio::test]
async fn a_sign_in_is_finished_with_the_app_it_was_begun_with() {
    let consent = begun();
    let mut service = answering(&consent, &[], &[]);
    service.exchange.app = App::new("another", "secret".into());
    let query = callback(&consent);

    let error = finish(consent, &query, &service).await.unwrap_err();

    assert!(matches!(error, Error::OtherApp { .. }));
    assert_eq!(service.transport.asked().len(), 0);
}

#[test]
fn nothing_shown_of_a_sign_in_is_secret() {
    let consent = begun();
    let sent = sent(&consent);

    let shown = format!("{consent:?} {:?}", request(REDIRECT, Endpoints::public()));

    let verifier = consent.secrets.verifier.expose_secret();
    for secret in [&sent["state"], &sent["nonce"], verifier, "canary"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
