mod refusals;
mod together;
mod workers;

use std::{collections::HashMap, sync::Arc, time::Duration};

use msp365_core::{
    Audience,
    manual::{Answer, ManualClock, ScriptedTransport},
};
use serde_json::{Value, json};

use super::*;
use crate::testing::{self, CLIENT, MemoryVault, REFRESH, readable};

struct Bench {
    transport: Arc<ScriptedTransport>,
    clock: Arc<ManualClock>,
    kept: Arc<MemoryVault>,
    tokens: PartnerTokens,
}

async fn bench(script: impl IntoIterator<Item = Answer>) -> Bench {
    let transport = Arc::new(ScriptedTransport::new(script));
    let clock = testing::clock();
    let kept: Arc<MemoryVault> = Arc::default();
    let vault = testing::vault(&kept);
    vault.save_connection(&testing::connection()).await.unwrap();
    let tokens = PartnerTokens::new(testing::exchange(&transport, &clock), testing::partner(), vault);
    Bench {
        transport,
        clock,
        kept,
        tokens,
    }
}

impl Bench {
    async fn ask(&self, wanted: &TokenRequest) -> Result<String, TokenError> {
        let token = self.tokens.token(wanted).await?;
        Ok(token.secret.expose_secret().to_owned())
    }

    async fn any(&self, tenant: TenantId) -> Result<String, TokenError> {
        self.ask(&TokenRequest::new(tenant, Audience::Graph)).await
    }

    fn calls(&self) -> usize {
        self.transport.asked().len()
    }

    fn form(&self, number: usize) -> HashMap<String, String> {
        let body = self.transport.body(number).unwrap();
        url::form_urlencoded::parse(&body).into_owned().collect()
    }

    async fn stored(&self) -> String {
        let loaded = testing::vault(&self.kept)
            .load_connection("https://login.microsoftonline.com", testing::partner(), CLIENT)
            .await;
        loaded.unwrap().unwrap().refresh_token.expose_secret().to_owned()
    }
}

fn granted(name: &str) -> Answer {
    granted_with(name, &[])
}

fn granted_with(name: &str, parts: &[(&str, Value)]) -> Answer {
    let mut body = json!({"token_type": "Bearer", "access_token": name, "expires_in": 3_600});
    for (part, value) in parts {
        body[*part] = value.clone();
    }
    Answer::json(200, &body)
}

fn refused(number: u32) -> Answer {
    Answer::json(400, &json!({"error": "invalid_grant", "error_codes": [number]}))
}

#[tokio::test]
async fn the_partners_sign_in_is_exchanged_in_the_customers_tenant() {
    let bench = bench([granted("a")]).await;

    let token = bench
        .tokens
        .token(&TokenRequest::new(testing::customer(), Audience::PartnerCenter))
        .await
        .unwrap();

    assert_eq!(
        bench.transport.asked(),
        ["POST https://login.microsoftonline.com/22222222-0000-4000-8000-000000000002/oauth2/v2.0/token"]
    );
    let form = bench.form(0);
    assert_eq!(
        (form["grant_type"].as_str(), form["refresh_token"].as_str()),
        ("refresh_token", REFRESH)
    );
    assert_eq!(form["scope"], "https://api.partnercenter.microsoft.com/.default");
    assert_eq!(
        (form["client_id"].as_str(), form["client_secret"].as_str()),
        (CLIENT, "canary-client-secret")
    );
    assert_eq!(
        (token.tenant, token.audience),
        (testing::customer(), Audience::PartnerCenter)
    );
    assert_eq!(token.expires_at, testing::noon() + Duration::from_hours(1));
}

#[tokio::test]
async fn a_token_is_kept_until_some_minutes_before_its_end() {
    let bench = bench([granted("a"), granted("b")]).await;

    assert_eq!(bench.any(testing::customer()).await.unwrap(), "a");
    bench.clock.advance(Duration::from_secs(3_200));
    assert_eq!(bench.any(testing::customer()).await.unwrap(), "a");
    bench.clock.advance(Duration::from_secs(41));
    assert_eq!(bench.any(testing::customer()).await.unwrap(), "b");
}

#[tokio::test]
async fn tenants_and_audiences_have_their_own_tokens() {
    let bench = bench([granted("a"), granted("b"), granted("c")]).await;

    assert_eq!(bench.any(testing::customer()).await.unwrap(), "a");
    assert_eq!(bench.any(testing::other_customer()).await.unwrap(), "b");
    let other = TokenRequest::new(testing::customer(), Audience::PartnerCenter);
    assert_eq!(bench.ask(&other).await.unwrap(), "c");
    assert_eq!(bench.any(testing::customer()).await.unwrap(), "a");
}

#[tokio::test]
async fn f147_the_new_refresh_token_is_used_after_a_restart() {
    let bench = bench([
        granted_with("a", &[("refresh_token", json!("canary-refresh-1"))]),
        granted("b"),
    ])
    .await;
    bench.any(testing::customer()).await.unwrap();

    let restarted = PartnerTokens::new(
        testing::exchange(&bench.transport, &bench.clock),
        testing::partner(),
        testing::vault(&bench.kept),
    );
    restarted
        .token(&TokenRequest::new(testing::other_customer(), Audience::Graph))
        .await
        .unwrap();

    assert_eq!(bench.form(1)["refresh_token"], "canary-refresh-1");
}

#[tokio::test]
async fn f147_a_token_whose_refresh_token_was_not_stored_is_not_used() {
    let rotated = [("refresh_token", json!("canary-refresh-1"))];
    let bench = bench([granted_with("a", &rotated), granted_with("b", &rotated)]).await;
    *bench.kept.broken.lock().unwrap() = true;

    let error = bench.any(testing::customer()).await.unwrap_err();

    assert_eq!((error.kind, error.code.as_str()), (ErrorKind::Storage, "vault"));
    *bench.kept.broken.lock().unwrap() = false;
    assert_eq!(bench.any(testing::customer()).await.unwrap(), "b");
    assert_eq!(bench.stored().await, "canary-refresh-1");
}

#[tokio::test]
async fn f149_the_old_refresh_token_is_kept_where_no_new_one_came() {
    let bench = bench([granted("a")]).await;
    bench.any(testing::customer()).await.unwrap();

    assert_eq!(bench.stored().await, REFRESH);
    assert_eq!(*bench.kept.writes.lock().unwrap(), 1);
}

#[tokio::test]
async fn f150_a_token_that_belongs_elsewhere_is_neither_used_nor_kept() {
    for claims in [
        json!({"tid": testing::other_customer(), "aud": "https://graph.microsoft.com"}),
        json!({"tid": testing::customer(), "aud": "https://api.partnercenter.microsoft.com"}),
        json!({"tid": "contoso.example"}),
    ] {
        let swapped = granted_with(&readable(&claims), &[("refresh_token", json!("canary-foreign"))]);
        let right = readable(&json!({"tid": testing::customer(), "aud": "https://graph.microsoft.com"}));
        let bench = bench([swapped, granted(&right)]).await;

        let error = bench.any(testing::customer()).await.unwrap_err();

        assert_eq!(
            (error.kind, error.code.as_str()),
            (ErrorKind::Decode, "foreign_token"),
            "{claims}"
        );
        assert_eq!(bench.stored().await, REFRESH);
        assert_eq!(bench.any(testing::customer()).await.unwrap(), right);
    }
}

#[tokio::test]
async fn f132_a_challenge_is_answered_past_the_cache() {
    let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#;
    let stepped = json!({"error": "interaction_required", "error_codes": [50_076], "claims": claims});
    let bench = bench([granted("a"), granted("b"), Answer::json(400, &stepped)]).await;
    bench.any(testing::customer()).await.unwrap();
    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);

    assert_eq!(
        bench
            .ask(&wanted.clone().fresh(Some(claims.to_owned())))
            .await
            .unwrap(),
        "b"
    );
    assert_eq!(bench.form(1)["claims"], claims);

    let error = bench.ask(&wanted.fresh(Some("{}".to_owned()))).await.unwrap_err();
    assert_eq!(
        (error.kind, error.claims.as_deref()),
        (ErrorKind::SignIn, Some(claims))
    );
}

#[tokio::test]
async fn f132_a_refused_token_is_not_served_again() {
    let bench = bench([
        granted("a"),
        Answer::NotSent,
        Answer::NotSent,
        Answer::NotSent,
        granted("b"),
    ])
    .await;
    bench.any(testing::customer()).await.unwrap();
    let wanted = TokenRequest::new(testing::customer(), Audience::Graph).fresh(None);

    assert_eq!(bench.ask(&wanted).await.unwrap_err().kind, ErrorKind::Unavailable);

    bench.clock.advance(Duration::from_secs(6));
    assert_eq!(bench.any(testing::customer()).await.unwrap(), "b");
}

#[tokio::test]
async fn a_forgotten_tenant_gets_new_tokens() {
    let bench = bench([granted("a"), granted("b"), granted("c")]).await;
    bench.any(testing::customer()).await.unwrap();
    bench.any(testing::other_customer()).await.unwrap();

    let source: &dyn TokenSource = &bench.tokens;
    source.forget(testing::customer()).await;

    assert_eq!(bench.any(testing::customer()).await.unwrap(), "c");
    assert_eq!(bench.any(testing::other_customer()).await.unwrap(), "b");
}

#[tokio::test]
async fn without_a_connection_nothing_is_asked() {
    let bench = bench([]).await;
    bench.kept.records.lock().unwrap().clear();

    let error = bench.any(testing::customer()).await.unwrap_err();

    assert_eq!(
        (error.kind, error.code.as_str()),
        (ErrorKind::SignIn, "not_connected")
    );
    assert_eq!(bench.calls(), 0);
}

#[tokio::test]
async fn nothing_shown_of_tokens_is_secret() {
    let echo = json!({
        "error": "invalid_grant", "error_description": "AADSTS50173 canary-refresh-0 canary-client-secret",
        "trace_id": "33333333-0000-4000-8000-0000000000ff", "correlation_id": "a canary b",
    });
    let bench = bench([
        granted_with("canary-access", &[("refresh_token", json!("canary-refresh-1"))]),
        Answer::json(400, &echo),
    ])
    .await;
    let token = bench
        .tokens
        .token(&TokenRequest::new(testing::customer(), Audience::Graph))
        .await
        .unwrap();
    let error = bench.any(testing::other_customer()).await.unwrap_err();

    let shown = format!(
        "{token:?} {error:?} {error} {:?} {:?} {:?} {:?}",
        error.source,
        bench.tokens,
        testing::connection(),
        testing::app(),
    );

    assert!(!shown.contains("canary"), "{shown}");
    assert!(shown.contains("33333333-0000-4000-8000-0000000000ff"));
}
