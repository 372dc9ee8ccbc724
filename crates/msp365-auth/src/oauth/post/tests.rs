use std::{collections::HashMap, sync::Arc};

use msp365_core::{
    AccessToken, Audience, TokenError, TokenRequest, TokenSource,
    manual::{Answer, ScriptedTransport},
};
use serde_json::json;

use crate::{App, AppTokens, Certificate, Credential, testing, testing::CLIENT};

fn certificate() -> Certificate {
    Certificate::from_pem(&crate::certificate::tests::pem().into()).unwrap()
}

fn granted() -> Answer {
    Answer::json(
        200,
        &json!({"token_type": "Bearer", "access_token": "canary-access", "expires_in": 3_600}),
    )
}

fn refused(number: u32, date: &str) -> Answer {
    let body = json!({"error": "invalid_client", "error_codes": [number]});
    Answer::text(
        401,
        &[("date", date), ("content-type", "application/json")],
        &body.to_string(),
    )
}

struct Bench {
    transport: Arc<ScriptedTransport>,
    tokens: AppTokens,
}

fn bench(app: App, script: impl IntoIterator<Item = Answer>) -> Bench {
    let transport = Arc::new(ScriptedTransport::new(script));
    let exchange = testing::exchange(&transport, &testing::clock()).by(app);
    Bench {
        transport,
        tokens: AppTokens::new(exchange),
    }
}

impl Bench {
    async fn ask(&self, tenant: msp365_core::TenantId) -> Result<AccessToken, TokenError> {
        self.tokens
            .token(&TokenRequest::new(tenant, Audience::Graph))
            .await
    }

    fn form(&self, number: usize) -> HashMap<String, String> {
        let body = self.transport.body(number).unwrap();
        url::form_urlencoded::parse(&body).into_owned().collect()
    }

    fn claims(&self, number: usize) -> serde_json::Value {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let form = self.form(number);
        let part = form["client_assertion"].split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }
}

#[tokio::test]
async fn each_tenant_gets_an_assertion_of_its_own() {
    let bench = bench(App::proven_by(CLIENT, certificate()), [granted(), granted()]);

    bench.ask(testing::customer()).await.unwrap();
    bench.ask(testing::other_customer()).await.unwrap();

    let (one, two) = (bench.claims(0), bench.claims(1));
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    assert_eq!(bench.form(0)["client_assertion_type"], kind);
    assert!(!bench.form(0).contains_key("client_secret"));
    for (claims, tenant) in [(&one, testing::customer()), (&two, testing::other_customer())] {
        let endpoint = format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token");
        assert_eq!(claims["aud"], endpoint);
    }
    assert_ne!(one["jti"], two["jti"]);
}

#[tokio::test]
async fn f143_an_assertion_follows_the_clock_of_the_service() {
    for (date, seconds) in [
        ("Sun, 22 Nov 2026 14:00:00 GMT", 7_200),
        ("Sun, 22 Nov 2026 10:00:00 GMT", -7_200),
    ] {
        let app = App::proven_by(CLIENT, certificate());
        let bench = bench(app, [refused(700_024, date), granted()]);

        bench.ask(testing::customer()).await.unwrap();

        let began = |number: usize| bench.claims(number)["nbf"].as_i64().unwrap();
        assert_eq!(began(1) - began(0), seconds);
        assert_ne!(bench.claims(0)["jti"], bench.claims(1)["jti"]);
    }
}

#[tokio::test]
async fn f143_a_clock_that_does_not_help_is_asked_once() {
    let date = "Sun, 22 Nov 2026 12:00:00 GMT";
    let app = App::proven_by(CLIENT, certificate());
    let bench = bench(app, [refused(700_024, date), refused(700_024, date), granted()]);

    let error = bench.ask(testing::customer()).await.unwrap_err();

    assert_eq!(
        (error.code.as_str(), bench.transport.asked().len()),
        ("AADSTS700024", 2)
    );
}

#[tokio::test]
async fn f142_a_credential_that_is_not_known_yet_gives_way_to_the_one_before() {
    let date = "Sun, 22 Nov 2026 12:00:00 GMT";
    for (number, app) in [
        (
            700_027,
            App::proven_by(CLIENT, certificate()).before(certificate()),
        ),
        (
            7_000_215,
            App::new(CLIENT, "new".into()).before(Credential::Secret("old".into())),
        ),
    ] {
        let bench = bench(app, [refused(number, date), granted()]);

        bench.ask(testing::customer()).await.unwrap();

        let (first, second) = (bench.form(0), bench.form(1));
        let proof = |form: &HashMap<String, String>| {
            form.get("client_secret")
                .or(form.get("client_assertion"))
                .cloned()
                .unwrap()
        };
        assert_ne!(proof(&first), proof(&second), "{number}");
    }
}

#[tokio::test]
async fn f142_without_one_before_the_answer_stands_for_a_while() {
    let app = App::proven_by(CLIENT, certificate());
    let bench = bench(
        app,
        [refused(700_027, "Sun, 22 Nov 2026 12:00:00 GMT"), granted()],
    );

    let error = bench.ask(testing::customer()).await.unwrap_err();
    let again = bench.ask(testing::other_customer()).await.unwrap_err();

    assert_eq!(
        (error.code.as_str(), again.code.as_str()),
        ("AADSTS700027", "AADSTS700027")
    );
    assert_eq!(bench.transport.asked().len(), 1);
}

#[tokio::test]
async fn a_public_app_proves_nothing() {
    let bench = bench(App::proven_by(CLIENT, Credential::Public), [granted()]);

    bench.ask(testing::customer()).await.unwrap();

    let form = bench.form(0);
    assert_eq!(form["client_id"], CLIENT);
    assert!(!form.contains_key("client_secret") && !form.contains_key("client_assertion"));
}
