//! Sign-in on another device, and by a refresh token that is there already.

use std::time::Duration;

use msp365_core::{Clock, ErrorKind, manual::Answer};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{ISSUER, Service, answering, begun, finish, service};
use crate::{
    Connection, DeviceSignIn, Error, IdTokenFlaw, Mfa, testing,
    testing::{CLIENT, Signer, readable},
};

fn code(parts: &[(&str, Value)]) -> Answer {
    let mut body = json!({
        "device_code": "canary-device-code", "user_code": "ABCD1234", "interval": 5, "expires_in": 900,
        "verification_uri": "https://microsoft.com/devicelogin",
    });
    for (name, value) in parts {
        body[*name] = value.clone();
    }
    Answer::json(200, &body)
}

fn pending(error: &str) -> Answer {
    Answer::json(400, &json!({"error": error, "error_codes": [70_016]}))
}

/// The answers to a token question that is answered, and to that for the keys.
fn granted(claims: &[(&str, Value)]) -> [Answer; 2] {
    let signer = Signer::new("one");
    let now = testing::noon().as_second();
    let mut token = json!({
        "iss": ISSUER, "aud": CLIENT, "nbf": now, "exp": now + 3_600, "tid": testing::partner(),
        "oid": "aaaaaaaa-0000-4000-8000-00000000000a", "preferred_username": "ada@partner.example",
    });
    for (name, value) in claims {
        token[*name] = value.clone();
    }
    let reply = json!({
        "token_type": "Bearer", "expires_in": 3_600, "refresh_token": "canary-refresh-1",
        "access_token": readable(&json!({"amr": ["pwd", "mfa"], "tid": testing::partner()})),
        "id_token": signer.sign(&token),
    });
    [
        Answer::json(200, &reply),
        Answer::json(200, &json!({ "keys": [signer.jwk()] })),
    ]
}

async fn on_a_device(service: &Service) -> Result<Connection, Error> {
    let sign_in = DeviceSignIn::begin(&service.exchange, testing::partner(), ["scope"]).await?;
    sign_in.finish(&service.exchange).await
}

#[tokio::test]
async fn a_code_is_asked_about_at_the_pace_that_the_service_sets() {
    let mut script = vec![
        code(&[]),
        pending("authorization_pending"),
        pending("slow_down"),
        pending("authorization_pending"),
    ];
    script.extend(granted(&[]));
    let service = service(script);

    let connection = on_a_device(&service).await.unwrap();

    assert_eq!(
        (connection.tenant, connection.mfa),
        (testing::partner(), Mfa::Proven)
    );
    assert_eq!(connection.refresh_token.expose_secret(), "canary-refresh-1");
    assert_eq!(
        connection.scopes,
        ["scope", "openid", "profile", "offline_access"]
    );
    assert_eq!(service.clock.slept(), [5, 5, 10, 10].map(Duration::from_secs));
    let form = String::from_utf8(service.transport.body(1).unwrap().to_vec()).unwrap();
    assert!(
        form.contains("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"),
        "{form}"
    );
    assert!(
        form.contains("device_code=canary-device-code") && form.contains("client_secret="),
        "{form}"
    );
}

#[tokio::test]
async fn a_code_that_nobody_uses_ends() {
    let unused = service([
        code(&[("expires_in", json!(9))]),
        pending("authorization_pending"),
    ]);
    let told = service([code(&[]), pending("expired_token")]);

    for service in [unused, told] {
        let error = on_a_device(&service).await.unwrap_err();

        assert!(matches!(error, Error::CodeExpired { .. }), "{error}");
        assert_eq!(
            (error.kind(), service.transport.asked().len()),
            (ErrorKind::Timeout, 2)
        );
    }
}

#[tokio::test]
async fn a_person_who_declines_on_the_device_is_not_asked_again() {
    let answer = json!({"error": "authorization_declined", "error_codes": [65_004]});
    let service = service([code(&[]), Answer::json(400, &answer)]);

    let error = on_a_device(&service).await.unwrap_err();

    assert_eq!(
        (error.kind(), service.transport.asked().len()),
        (ErrorKind::Consent, 2)
    );
}

#[tokio::test]
async fn f153_f159_who_signed_in_on_a_device_is_checked_as_well() {
    for (claim, value) in [
        ("aud", json!("another")),
        ("iss", json!("https://evil.example")),
        ("exp", json!(1)),
    ] {
        let mut script = vec![code(&[])];
        script.extend(granted(&[(claim, value)]));

        let error = on_a_device(&service(script)).await.unwrap_err();

        assert!(matches!(error, Error::IdToken { .. }), "{claim}: {error}");
    }
    let mut script = vec![code(&[])];
    script.extend(granted(&[("tid", json!(testing::customer()))]));
    let error = on_a_device(&service(script)).await.unwrap_err();
    assert!(matches!(error, Error::OtherTenant { .. }), "{error}");
}

#[tokio::test]
async fn a_refresh_token_that_is_there_tells_who_signed_in() {
    let service = service(granted(&[]));
    let token = "canary-refresh-0".into();

    let connection = Connection::from_refresh_token(token, testing::partner(), &service.exchange)
        .await
        .unwrap();

    assert_eq!(connection.account_name, "ada@partner.example");
    assert_eq!(connection.refresh_token.expose_secret(), "canary-refresh-1");
    let form = String::from_utf8(service.transport.body(0).unwrap().to_vec()).unwrap();
    assert!(
        form.contains("refresh_token=canary-refresh-0") && form.contains("openid"),
        "{form}"
    );
}

#[tokio::test]
async fn f159_a_refresh_token_of_another_tenant_makes_no_connection() {
    for (claims, is_tenant) in [
        ([("tid", json!(testing::customer()))], true),
        ([("nonce", json!(null))], false),
    ] {
        let mut answers = granted(&claims);
        if !is_tenant {
            answers[0] = Answer::json(200, &json!({"token_type": "Bearer", "access_token": "opaque"}));
        }
        let service = service(answers);

        let error = Connection::from_refresh_token("canary".into(), testing::partner(), &service.exchange)
            .await
            .unwrap_err();

        match error {
            Error::OtherTenant { .. } => assert!(is_tenant),
            Error::IdToken { flaw, .. } => assert_eq!((flaw, is_tenant), (IdTokenFlaw::Missing, false)),
            other => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn f158_f174_each_cloud_is_asked_at_its_own_address_whatever_answers_name() {
    use msp365_core::{Endpoints, service::Cloud};
    for (cloud, host) in [
        (Cloud::Public, "https://login.microsoftonline.com/"),
        (Cloud::UsGov, "https://login.microsoftonline.us/"),
        (Cloud::UsGovDod, "https://login.microsoftonline.us/"),
        (Cloud::China, "https://login.partner.microsoftonline.cn/"),
    ] {
        let issuer = format!("{host}{}/v2.0", testing::partner());
        let mut answers = granted(&[
            ("iss", json!(issuer)),
            ("jku", json!("https://evil.example/keys")),
        ]);
        if let Some(Answer::Reply(reply)) = answers.first_mut() {
            reply
                .headers
                .insert("location", "https://evil.example/token".parse().unwrap());
        }
        let mut service = service(answers);
        service.exchange.endpoints = Endpoints::of(cloud);

        // The key of the test is bound to the issuer of the global cloud, so the others end there.
        let _ = Connection::from_refresh_token("canary".into(), testing::partner(), &service.exchange).await;

        let asked = service.transport.asked();
        assert_eq!(asked.len(), 2);
        for address in asked {
            assert!(address.contains(&format!(" {host}")), "{address}");
        }
        assert!(service.clock.now() >= testing::noon());
    }
}

#[tokio::test]
async fn f160_permissions_that_were_not_granted_are_named() {
    let consent = begun();
    let scope = "https://graph.microsoft.com/User.Read profile";
    let service = answering(&consent, &[], &[("scope", json!(scope))]);
    let query = super::callback(&consent);

    let connection = finish(consent, &query, &service).await.unwrap();

    let asked = [
        "https://graph.microsoft.com/Directory.Read.All",
        "https://graph.microsoft.com/user.read",
    ];
    assert_eq!(
        connection.not_granted(&asked),
        ["https://graph.microsoft.com/Directory.Read.All"]
    );
}
