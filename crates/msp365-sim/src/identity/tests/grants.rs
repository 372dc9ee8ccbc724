use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};

use super::*;
use crate::canary::MARK;

#[tokio::test]
async fn tokens_verify_by_the_published_keys() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let request = Request::get(format!("{HOST}/common/discovery/v2.0/keys"))
        .body(Bytes::new())
        .unwrap();
    let keys: JwkSet = serde_json::from_slice(&cloud.transport().send(request).await.unwrap().body).unwrap();

    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_audience(&[cloud.app().client_id]);
    rules.set_issuer(&[format!("{HOST}/{}/v2.0", cloud.partner_tenant())]);
    rules.validate_exp = false;
    let key = DecodingKey::from_jwk(&keys.keys[0]).unwrap();
    let id = jsonwebtoken::decode::<Value>(tokens["id_token"].as_str().unwrap(), &key, &rules).unwrap();

    assert_eq!(id.header.kid, keys.keys[0].common.key_id);
    assert_eq!(id.claims["nonce"], "n-1");
    assert_eq!(id.claims["preferred_username"], cloud.service_account());
}

#[tokio::test]
async fn an_access_token_says_who_may_what() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;

    let access = claims(&tokens["access_token"]);

    assert_eq!(access["aud"], "https://graph.microsoft.com");
    assert_eq!(access["amr"], serde_json::json!(["pwd", "mfa"]));
    assert!(
        access["wids"]
            .to_string()
            .contains("62e90394-69f5-4237-9190-012177145e10")
    );
    assert!(
        access["scp"]
            .as_str()
            .unwrap()
            .contains("Directory.ReadWrite.All")
    );
}

#[tokio::test]
async fn whatever_is_secret_bears_the_mark() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let text = |name: &str| tokens[name].as_str().unwrap();

    let (access, id) = (claims(&tokens["access_token"]), claims(&tokens["id_token"]));

    let secrets = [
        code(&cloud).await,
        text("refresh_token").to_owned(),
        access["uti"].to_string(),
        id["uti"].to_string(),
        cloud.app().client_secret.expose_secret().to_owned(),
        cloud.app_only().client_secret.expose_secret().to_owned(),
    ];
    for secret in secrets {
        assert!(secret.contains(MARK), "{secret}");
    }
}

#[tokio::test]
async fn a_code_is_good_once_and_for_ten_minutes_and_for_its_verifier() {
    let cloud = cloud();
    let first = code(&cloud).await;
    let wrong = redeem(
        &cloud,
        &first,
        "another-verifier-of-more-than-forty-three-signs-01234",
    )
    .await;
    let used = redeem(&cloud, &first, VERIFIER).await;
    let again = redeem(&cloud, &first, VERIFIER).await;
    let late = code(&cloud).await;
    cloud.advance(Duration::from_secs(601));

    assert_eq!((wrong.0, number(&wrong.1)), (400, 501_481));
    assert_eq!(used.0, 200);
    assert_eq!((again.0, number(&again.1)), (400, 54_005));
    assert_eq!(number(&redeem(&cloud, &late, VERIFIER).await.1), 70_008);
}

#[tokio::test]
async fn a_refresh_token_rotates_and_the_old_one_stays_good() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;

    let (_, next) = refresh(&cloud, &tokens, cloud.partner_tenant(), PARTNER).await;
    let (status, _) = refresh(&cloud, &tokens, cloud.partner_tenant(), GRAPH).await;

    assert_eq!(
        claims(&next["access_token"])["aud"],
        "https://api.partnercenter.microsoft.com"
    );
    assert_ne!(next["refresh_token"], tokens["refresh_token"]);
    assert_eq!(status, 200);
    cloud.advance(Duration::from_hours(91 * 24));
    assert_eq!(
        number(&refresh(&cloud, &tokens, cloud.partner_tenant(), GRAPH).await.1),
        700_082
    );
}

#[tokio::test]
async fn each_customer_refuses_for_its_own_reason() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let mut found = Vec::new();
    for trouble in [
        None,
        Some("NoRelationship"),
        Some("Expired"),
        Some("NewestWithoutGroup"),
        Some("ConsentMissing"),
        Some("ConditionalAccess"),
    ] {
        let (status, body) = refresh(&cloud, &tokens, customer(&cloud, trouble), GRAPH).await;
        assert_eq!(status, 400, "{body}");
        found.push(number(&body));
    }

    assert_eq!(found, [700_016, 50_020, 50_020, 50_020, 65_001, 53_003]);
}

#[tokio::test]
async fn consent_in_a_customer_opens_it() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let tenant = customer(&cloud, None);
    cloud.edit(|world| world.consent(tenant));

    let (status, body) = refresh(&cloud, &tokens, tenant, GRAPH).await;

    assert_eq!(status, 200, "{body}");
    let access = claims(&body["access_token"]);
    assert_eq!(access["tid"], tenant.to_string());
    assert!(!access["wids"].as_array().unwrap().is_empty());
    assert!(cloud.edit(|world| world.revoke_consent(tenant)));
    assert_eq!(number(&refresh(&cloud, &tokens, tenant, GRAPH).await.1), 700_016);
    cloud.edit(|world| {
        world.disable_service_account();
    });
    assert_eq!(number(&refresh(&cloud, &tokens, tenant, GRAPH).await.1), 50_057);
}

#[tokio::test]
async fn a_malformed_token_request_is_told_what_is_wrong() {
    let cloud = cloud();
    let home: &str = &cloud.partner_tenant().to_string();
    let credentials = ("grant_type", "client_credentials");
    let cases = [
        (
            "wrong secret",
            home,
            vec![credentials, ("client_secret", "no")],
            401,
            7_000_215,
        ),
        (
            "no secret",
            home,
            vec![credentials, ("client_secret", "-")],
            401,
            7_000_218,
        ),
        (
            "unknown app",
            home,
            vec![credentials, ("client_id", "no")],
            400,
            700_016,
        ),
        ("unknown tenant", "nobody.example", vec![credentials], 400, 90_002),
        ("no tenant", "nobody", vec![credentials], 400, 900_023),
        (
            "named scope",
            home,
            vec![credentials, ("scope", "User.Read")],
            400,
            1_002_012,
        ),
        (
            "any tenant",
            "common",
            vec![credentials, ("scope", GRAPH)],
            400,
            9_001_023,
        ),
        ("no grant", home, vec![], 400, 900_144),
        ("bad grant", home, vec![("grant_type", "password")], 400, 70_003),
    ];
    for (name, tenant, fields, status, expected) in cases {
        let (got, body) = token(&cloud, tenant, &fields).await;
        assert_eq!((got, number(&body)), (status, expected), "{name}: {body}");
    }
}

#[tokio::test]
async fn an_app_gets_a_token_with_its_roles_in_a_customer() {
    let cloud = cloud();
    let app = cloud.app_only();
    let tenant = customer(&cloud, None).to_string();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.expose_secret()),
        ("scope", GRAPH),
    ];

    let (status, body) = token(&cloud, &tenant, &fields).await;

    assert_eq!(status, 200, "{body}");
    let access = claims(&body["access_token"]);
    assert_eq!(access["idtyp"], "app");
    assert!(access["roles"].to_string().contains("User.Read.All"));
    assert_eq!(body.get("refresh_token"), None);
}

#[tokio::test]
async fn the_sign_in_pages_ask_for_consent_once_and_refuse_strangers() {
    let cloud = cloud();
    let transport = cloud.transport();
    let walk = async |url: String| sign_in::walk(transport.as_ref(), &url).await;
    let posts = || cloud.requests_by(|method, _| method == Method::POST);

    let callback = walk(authorize_url(&cloud, GRAPH, &[])).await.unwrap();
    let first = posts();
    walk(authorize_url(&cloud, GRAPH, &[])).await.unwrap();
    let second = posts() - first;
    let wrong_address = authorize_url(&cloud, GRAPH, &[]).replace("callback", "elsewhere");
    let refused = walk(wrong_address).await.unwrap_err();
    let silent = walk(authorize_url(&cloud, GRAPH, &[("prompt", "none")]))
        .await
        .unwrap();

    assert!(
        callback.starts_with("http://localhost:4711/callback?code="),
        "{callback}"
    );
    assert_eq!((first, second), (3, 2));
    assert!(refused.to_string().contains("AADSTS50011"), "{refused}");
    assert!(silent.contains("error=login_required") && silent.contains("state=s-1"));
}

#[tokio::test]
async fn what_was_asked_for_by_default_is_listed_beside_what_it_gave() {
    let cloud = cloud();

    let by_default = signed_in(&cloud).await;
    let (_, by_name) = refresh(&cloud, &by_default, cloud.partner_tenant(), "User.Read").await;

    let listed = by_default["scope"].as_str().unwrap();
    assert!(listed.split(' ').any(|scope| scope == GRAPH), "{listed}");
    assert!(
        !by_name["scope"].as_str().unwrap().contains(".default"),
        "{by_name}"
    );
}

#[tokio::test]
async fn a_renewal_that_asks_for_openid_brings_an_id_token() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let home = cloud.partner_tenant();

    let (_, with) = refresh(&cloud, &tokens, home, &format!("openid {GRAPH}")).await;
    let (_, without) = refresh(&cloud, &tokens, home, GRAPH).await;

    assert!(with["id_token"].is_string(), "{with}");
    assert!(without.get("id_token").is_none(), "{without}");
}
