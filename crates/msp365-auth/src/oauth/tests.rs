use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use httpmock::{Method::POST, MockServer};
use msp365_core::{
    AccessToken, Audience, Endpoints, ErrorKind, Reply, TokenError, TokenRequest, TokenSource, Transport,
    TransportError,
    manual::{Answer, ScriptedTransport},
};
use serde_json::json;

use super::*;
use crate::{AppTokens, testing};

/// The smallest transport that talks.
struct Wire(reqwest::Client);

impl Wire {
    fn new() -> Self {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        Self(client.build().unwrap())
    }
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: http::Request<Bytes>) -> Result<Reply, TransportError> {
        let (parts, body) = request.into_parts();
        let sent = self
            .0
            .request(parts.method, parts.uri.to_string())
            .headers(parts.headers)
            .body(body);
        let reply = sent.send().await.unwrap();
        let (status, headers) = (reply.status(), reply.headers().clone());
        Ok(Reply::new(status, headers, reply.bytes().await.unwrap()))
    }
}

fn at<T: Transport>(root: &str, transport: &Arc<T>) -> AppTokens {
    let mut exchange = testing::exchange(transport, &testing::clock());
    exchange.endpoints = Endpoints::custom(root, root, root);
    AppTokens::new(exchange)
}

async fn ask(tokens: &AppTokens) -> Result<AccessToken, TokenError> {
    tokens
        .token(&TokenRequest::new(testing::customer(), Audience::Graph))
        .await
}

async fn refusal(status: u16, body: &serde_json::Value) -> TokenError {
    let transport = Arc::new(ScriptedTransport::new([Answer::json(status, body)]));
    ask(&at("https://login.example", &transport)).await.unwrap_err()
}

#[tokio::test]
async fn a_token_of_the_app_crosses_the_wire() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.method(POST)
                .path("/22222222-0000-4000-8000-000000000002/oauth2/v2.0/token")
                .header("content-type", "application/x-www-form-urlencoded")
                .header_exists("client-request-id")
                .form_urlencoded_tuple("grant_type", "client_credentials")
                .form_urlencoded_tuple("client_id", testing::CLIENT)
                .form_urlencoded_tuple("client_secret", "canary-client-secret")
                .form_urlencoded_tuple("scope", "https://graph.microsoft.com/.default");
            then.status(200)
                .header("content-type", "application/json; charset=utf-8")
                .body("\u{feff}{\"token_type\":\"Bearer\",\"expires_in\":\"3599\",\"access_token\":\"canary-access\"}");
        })
        .await;
    let tokens = at(&server.base_url(), &Arc::new(Wire::new()));

    let token = ask(&tokens).await.unwrap();
    ask(&tokens).await.unwrap();

    mock.assert_async().await;
    assert_eq!(token.secret.expose_secret(), "canary-access");
    assert_eq!(
        token.expires_at,
        testing::noon() + std::time::Duration::from_secs(3_599)
    );
}

#[tokio::test]
async fn a_token_request_goes_nowhere_else() {
    for status in [301, 302, 303, 307, 308] {
        let away = Answer::text(status, &[("location", "https://evil.example/token")], "");
        let transport = Arc::new(ScriptedTransport::new([away]));

        let error = ask(&at("https://login.example", &transport)).await.unwrap_err();

        assert_eq!(
            (error.kind, transport.asked().len()),
            (ErrorKind::Decode, 1),
            "{status}"
        );
    }
}

#[tokio::test]
async fn secrets_do_not_go_over_plain_http() {
    let transport = Arc::new(ScriptedTransport::new([]));

    let error = ask(&at("http://login.example", &transport)).await.unwrap_err();

    assert_eq!((error.kind, transport.asked().len()), (ErrorKind::Invalid, 0));
}

#[tokio::test]
async fn an_unknown_number_keeps_the_class_of_the_error() {
    for (error, kind) in [
        ("invalid_grant", ErrorKind::SignIn),
        ("interaction_required", ErrorKind::SignIn),
        ("consent_required", ErrorKind::Consent),
        ("invalid_client", ErrorKind::SignIn),
        ("invalid_resource", ErrorKind::Unlicensed),
        ("invalid_scope", ErrorKind::Invalid),
        ("brand_new", ErrorKind::Other),
    ] {
        let answer = refusal(400, &json!({"error": error, "error_codes": [4_242_424]})).await;

        assert_eq!(
            (answer.kind, answer.code.as_str()),
            (kind, "AADSTS4242424"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn the_number_is_found_in_the_list_or_in_the_text() {
    let text = json!({"error": "invalid_grant", "error_description": "AADSTS65001: no consent. Trace ID: x"});
    let second = json!({"error": "invalid_grant", "error_codes": [1, 65_001]});

    for body in [text, second] {
        let answer = refusal(400, &body).await;

        assert_eq!(
            (answer.kind, answer.code.as_str()),
            (ErrorKind::Consent, "AADSTS65001")
        );
    }
    let named = refusal(400, &json!({"error": "invalid_grant"})).await;
    assert_eq!(named.code, "invalid_grant");
    let suberror = json!({"error": "invalid_grant", "suberror": "consent_required"});
    assert_eq!(refusal(400, &suberror).await.kind, ErrorKind::Consent);
}

#[tokio::test]
async fn hostile_answers_are_errors_without_their_text() {
    for body in [
        "",
        "<html>canary</html>",
        r#"{"error":"<b>canary</b>\r\n"}"#,
        r#"{"error":7,"error_description":"canary"}"#,
        "[]",
        "null",
    ] {
        let transport = Arc::new(ScriptedTransport::new([Answer::text(400, &[], body)]));

        let error = ask(&at("https://login.example", &transport)).await.unwrap_err();

        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn a_success_of_odd_shape_is_an_error_without_its_tokens() {
    for body in [
        r#"{"token_type":"Bearer","access_token":7,"refresh_token":"canary"}"#,
        r#"{"token_type":"Bearer","refresh_token":"canary"}"#,
        r#"{"access_token":"canary"}"#,
        r#"{"token_type":"Bearer","access_token":"canary","expires_in":0}"#,
        r#"{"token_type":"Bearer","access_token":"can"#,
        "",
    ] {
        let transport = Arc::new(ScriptedTransport::new([Answer::text(200, &[], body)]));

        let error = ask(&at("https://login.example", &transport)).await.unwrap_err();

        assert_eq!(error.kind, ErrorKind::Decode, "{body}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}
