//! Tokens that are recalled, and what conditional access asks for.

use super::*;
use crate::AccessPolicy;

const CAPABLE: &str = r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#;

async fn refreshed(cloud: &Cloud, tokens: &Value, more: &[(&str, &str)]) -> (u16, Value) {
    let mut fields = vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ("scope", GRAPH),
    ];
    fields.extend_from_slice(more);
    token(cloud, &cloud.partner_tenant().to_string(), &fields).await
}

async fn capable(cloud: &Cloud, tokens: &Value) -> Value {
    let (status, body) = refreshed(cloud, tokens, &[("claims", CAPABLE)]).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// The claims in a challenge of Graph.
fn demanded(challenge: Option<String>) -> String {
    let challenge = challenge.expect("a challenge");
    assert!(challenge.contains("error=\"insufficient_claims\""), "{challenge}");
    let claims = challenge.split("claims=\"").nth(1).unwrap();
    let claims = claims.split('"').next().unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

#[tokio::test]
async fn an_app_that_takes_challenges_gets_long_tokens() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;

    let long = capable(&cloud, &tokens).await;

    let lifetime = long["expires_in"].as_i64().unwrap();
    assert!((20 * 3_600..=28 * 3_600).contains(&lifetime), "{lifetime}");
    assert_eq!(long["refresh_in"].as_i64().unwrap(), lifetime / 2);
    assert_eq!(claims(&long["access_token"])["xms_cc"], json!(["cp1"]));
    let short = tokens["expires_in"].as_i64().unwrap();
    assert!((3_600..=5_400).contains(&short), "{short}");
    assert_eq!(tokens.get("refresh_in"), None);
}

#[tokio::test]
async fn partner_center_takes_no_long_tokens() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;

    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ("scope", PARTNER),
        ("claims", CAPABLE),
    ];
    let (_, partner) = token(&cloud, &cloud.partner_tenant().to_string(), &fields).await;
    assert!(partner["expires_in"].as_i64().unwrap() <= 5_400);
}

#[tokio::test]
async fn revoked_sessions_recall_long_tokens_and_leave_short_ones() {
    let cloud = cloud();
    let short = signed_in(&cloud).await;
    let long = capable(&cloud, &short).await;
    assert_eq!(me(&cloud, &long["access_token"]).await.0, 200);

    cloud.edit(|edit| {
        edit.revoke_service_sessions();
    });

    let (status, challenge) = me(&cloud, &long["access_token"]).await;
    let claims = demanded(challenge);
    assert_eq!(status, 401);
    assert!(
        claims.contains(r#""nbf":{"essential":true,"value":""#),
        "{claims}"
    );
    assert_eq!(me(&cloud, &short["access_token"]).await.0, 200);
    let (_, refused) = refreshed(&cloud, &long, &[("claims", &claims)]).await;
    assert_eq!(
        (number(&refused), &refused["error"]),
        (50_173, &json!("invalid_grant"))
    );
    let again = signed_in(&cloud).await;
    let fresh = capable(&cloud, &again).await;
    assert_eq!(me(&cloud, &fresh["access_token"]).await.0, 200);
}

#[tokio::test]
async fn a_challenge_after_a_change_of_policy_is_answered_with_a_fresh_token() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let long = capable(&cloud, &tokens).await;
    let home = cloud.partner_tenant();
    cloud.edit(|edit| edit.set_access_policy(home, AccessPolicy::SecondFactor));

    let claims = demanded(me(&cloud, &long["access_token"]).await.1);
    let mut both: Value = serde_json::from_str(&claims).unwrap();
    both["access_token"]["xms_cc"] = json!({"values": ["cp1"]});
    let (status, fresh) = refreshed(&cloud, &long, &[("claims", &both.to_string())]).await;

    assert_eq!(status, 200, "{fresh}");
    assert_eq!(me(&cloud, &fresh["access_token"]).await.0, 200);
}

#[tokio::test]
async fn a_disabled_account_loses_its_long_tokens() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let long = capable(&cloud, &tokens).await;

    cloud.edit(|edit| {
        edit.disable_service_account();
    });

    demanded(me(&cloud, &long["access_token"]).await.1);
    assert_eq!(number(&refreshed(&cloud, &long, &[]).await.1), 50_057);
}

#[tokio::test]
async fn a_deleted_account_is_not_found() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let account = claims(&tokens["access_token"])["oid"]
        .as_str()
        .unwrap()
        .to_owned();
    let home = cloud.partner_tenant();

    cloud.edit(|edit| edit.delete_user(home, &account));

    assert_eq!(number(&refreshed(&cloud, &tokens, &[]).await.1), 50_034);
}

#[tokio::test]
async fn a_sign_in_without_a_second_factor_does_not_satisfy_a_policy_that_asks_for_one() {
    let cloud = cloud();
    let home = cloud.partner_tenant();
    cloud.edit(|edit| edit.set_access_policy(home, AccessPolicy::Open));
    let tokens = signed_in(&cloud).await;
    assert_eq!(claims(&tokens["access_token"])["amr"], json!(["pwd"]));

    cloud.edit(|edit| edit.set_access_policy(home, AccessPolicy::SecondFactor));
    let (status, body) = refreshed(&cloud, &tokens, &[]).await;

    assert_eq!((status, number(&body)), (400, 50_076));
    assert_eq!(
        (&body["error"], &body["suberror"]),
        (&json!("interaction_required"), &json!("basic_action"))
    );
    let wanted = body["claims"].as_str().unwrap();
    assert!(wanted.contains("capolids"), "{wanted}");
    let strong = signed_in(&cloud).await;
    assert_eq!(refreshed(&cloud, &strong, &[("claims", wanted)]).await.0, 200);
}

#[tokio::test]
async fn a_policy_may_block_everybody() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let home = cloud.partner_tenant();
    cloud.edit(|edit| edit.set_access_policy(home, AccessPolicy::Block));

    let (_, body) = refreshed(&cloud, &tokens, &[]).await;

    assert_eq!(
        (number(&body), &body["suberror"]),
        (53_003, &json!("message_only"))
    );
    assert!(body["claims"].is_string());
}

#[tokio::test]
async fn a_sign_in_grows_too_old_for_a_policy() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let home = cloud.partner_tenant();
    let policy = AccessPolicy::SignInFrequency(Duration::from_hours(12));
    cloud.edit(|edit| edit.set_access_policy(home, policy));
    let early = refreshed(&cloud, &tokens, &[]).await.0;

    cloud.advance(Duration::from_hours(12));

    assert_eq!(early, 200);
    assert_eq!(number(&refreshed(&cloud, &tokens, &[]).await.1), 70_043);
}

#[tokio::test]
async fn an_authentication_context_that_is_asked_for_is_in_the_token() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let claims_wanted = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;

    let (status, body) = refreshed(&cloud, &tokens, &[("claims", claims_wanted)]).await;

    assert_eq!(status, 200, "{body}");
    assert_eq!(claims(&body["access_token"])["acrs"], json!(["c1"]));
}

#[tokio::test]
async fn claims_that_are_no_json_are_refused() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;

    for odd in ["{", "[]", r#"{"access_token":1}"#] {
        let (_, body) = refreshed(&cloud, &tokens, &[("claims", odd)]).await;
        assert_eq!(number(&body), 90_013, "{odd}");
    }
}
