//! A service that stores nothing: whoever is asked for is there, and what is written has happened.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header::CONTENT_TYPE};
use msp365::core::{AccessToken, Reply, TokenError, TokenRequest, TokenSource, Transport, TransportError};
use serde_json::{Value, json};
use url::Url;

/// Gives a token for everything.
pub(crate) struct Tokens;

#[async_trait::async_trait]
impl TokenSource for Tokens {
    async fn token(&self, wanted: &TokenRequest) -> Result<AccessToken, TokenError> {
        let end = "2099-01-01T00:00:00Z".parse().unwrap();
        Ok(AccessToken::new(
            "token".into(),
            end,
            wanted.tenant,
            wanted.audience,
        ))
    }
}

/// Answers every request.
pub(crate) struct Answering;

#[async_trait::async_trait]
impl Transport for Answering {
    async fn send(&self, request: Request<Bytes>) -> Result<Reply, TransportError> {
        let url = Url::parse(&request.uri().to_string()).unwrap();
        let (status, body) = if url.path().ends_with("/$batch") {
            batch(request.body())
        } else {
            answer(request.method(), &url, State::Blocked)
        };
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        Ok(Reply::new(StatusCode::from_u16(status).unwrap(), headers, body))
    }
}

/// How users stand: in facts, which are read in batches, as before; read back by themselves, as after.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Free,
    Blocked,
}

fn batch(body: &[u8]) -> (u16, Value) {
    let asked: Value = serde_json::from_slice(body).unwrap();
    let entries = asked["requests"].as_array().unwrap().iter();
    let answers: Vec<_> = entries
        .map(|entry| {
            let url = entry["url"].as_str().unwrap().trim_start_matches('/');
            let url = Url::parse(&format!("https://graph.example/v1.0/{url}")).unwrap();
            let method = entry["method"].as_str().unwrap().parse().unwrap();
            let (status, body) = answer(&method, &url, State::Free);
            json!({ "id": entry["id"], "status": status, "headers": {"Content-Type": "application/json"}, "body": body })
        })
        .collect();
    (200, json!({ "responses": answers }))
}

fn answer(method: &Method, url: &Url, state: State) -> (u16, Value) {
    let path: Vec<_> = url.path_segments().unwrap().skip(1).collect();
    match (method.as_str(), path.as_slice()) {
        ("GET", ["users", id]) => (200, user(id, state)),
        ("PATCH", ["users", _]) => (204, Value::Null),
        ("POST", ["users", _, "revokeSignInSessions"]) => (200, json!({ "value": true })),
        ("GET", ["users", _, "manager"]) => {
            let error = json!({ "code": "Request_ResourceNotFound", "message": "none" });
            (404, json!({ "error": error }))
        }
        ("GET", ["domains"]) => {
            let own = json!({ "id": "contoso.example", "isVerified": true, "authenticationType": "Managed" });
            (200, json!({ "value": [own] }))
        }
        ("GET", _) => (200, json!({ "value": [] })),
        (method, path) => panic!("nobody sends {method} {path:?}"),
    }
}

fn user(id: &str, state: State) -> Value {
    json!({
        "id": id, "userPrincipalName": format!("{id}@contoso.example"), "displayName": "Ada",
        "accountEnabled": state == State::Free, "userType": "Member", "assignedLicenses": [],
        "licenseAssignmentStates": [], "proxyAddresses": [], "businessPhones": [], "otherMails": [],
        "signInSessionsValidFromDateTime": "2026-03-01T12:00:00Z",
    })
}
