//! Signing in on another device.

use super::*;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn begin(cloud: &Cloud) -> Value {
    let fields = [
        ("client_id", cloud.app().client_id.as_str()),
        ("scope", &format!("openid offline_access {GRAPH}")),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let url = format!("{HOST}/{}/oauth2/v2.0/devicecode", cloud.partner_tenant());
    body_of(&post(cloud, &url, &fields).await)
}

async fn poll(cloud: &Cloud, started: &Value) -> (u16, Value) {
    let fields = [
        ("grant_type", GRANT),
        ("client_secret", "-"),
        ("device_code", started["device_code"].as_str().unwrap()),
    ];
    token(cloud, &cloud.partner_tenant().to_string(), &fields).await
}

async fn enter(cloud: &Cloud, started: &Value) -> Result<String, crate::Error> {
    let transport = cloud.transport();
    let address = started["verification_uri"].as_str().unwrap();
    sign_in::enter_code(
        transport.as_ref(),
        address,
        started["user_code"].as_str().unwrap(),
    )
    .await
}

#[tokio::test]
async fn a_device_gets_its_tokens_once_the_code_was_entered() {
    let cloud = cloud();
    let started = begin(&cloud).await;
    assert!(
        started["device_code"]
            .as_str()
            .unwrap()
            .contains(crate::canary::MARK)
    );
    let pending = poll(&cloud, &started).await;

    let said = enter(&cloud, &started).await.unwrap();
    let (status, tokens) = poll(&cloud, &started).await;
    let again = poll(&cloud, &started).await;

    assert_eq!(
        (&started["expires_in"], &started["interval"]),
        (&json!(900), &json!(5))
    );
    assert!(
        started["message"]
            .as_str()
            .unwrap()
            .contains(started["user_code"].as_str().unwrap())
    );
    assert_eq!(
        (pending.0, &pending.1["error"]),
        (400, &json!("authorization_pending"))
    );
    assert_eq!(number(&pending.1), 70_016);
    assert!(said.contains("You have signed in"), "{said}");
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(claims(&tokens["access_token"])["appidacr"], "0");
    assert!(tokens["id_token"].is_string());
    assert_eq!(number(&again.1), 54_005);
}

#[tokio::test]
async fn a_refresh_token_of_a_device_needs_no_secret_either() {
    let cloud = cloud();
    let started = begin(&cloud).await;
    enter(&cloud, &started).await.unwrap();
    let (_, tokens) = poll(&cloud, &started).await;
    let other = signed_in(&cloud).await;
    let refresh = async |tokens: &Value| {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_secret", "-"),
            ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
            ("scope", GRAPH),
        ];
        token(&cloud, &cloud.partner_tenant().to_string(), &fields).await
    };

    let own = refresh(&tokens).await;
    let of_a_server = refresh(&other).await;

    assert_eq!(own.0, 200, "{}", own.1);
    assert_eq!((of_a_server.0, number(&of_a_server.1)), (401, 7_000_218));
}

#[tokio::test]
async fn a_device_that_asks_too_soon_is_told_to_slow_down() {
    let cloud = cloud();
    let started = begin(&cloud).await;
    let first = poll(&cloud, &started).await;
    let soon = poll(&cloud, &started).await;
    cloud.advance(Duration::from_secs(6));
    let still = poll(&cloud, &started).await;
    cloud.advance(Duration::from_secs(16));
    let later = poll(&cloud, &started).await;

    let errors = [first, soon, still, later].map(|(_, body)| body["error"].as_str().unwrap().to_owned());

    assert_eq!(
        errors,
        [
            "authorization_pending",
            "slow_down",
            "slow_down",
            "authorization_pending"
        ]
    );
}

#[tokio::test]
async fn a_device_code_is_good_for_fifteen_minutes() {
    let cloud = cloud();
    let started = begin(&cloud).await;
    cloud.advance(Duration::from_mins(15));

    let (status, body) = poll(&cloud, &started).await;
    let entered = enter(&cloud, &started).await.unwrap_err();

    assert_eq!((status, &body["error"]), (400, &json!("expired_token")));
    assert_eq!(number(&body), 70_019);
    assert!(entered.to_string().contains("didn't work"), "{entered}");
}

#[tokio::test]
async fn a_device_is_told_that_somebody_declined() {
    let cloud = cloud();
    let started = begin(&cloud).await;
    let address = started["verification_uri"].as_str().unwrap();
    let code = started["user_code"].as_str().unwrap();
    let mut browser = Browser::open(&cloud, &format!("{address}?otc={code}")).await;
    browser.sign_in(cloud.service_account()).await;
    assert!(browser.page().contains("Are you trying to sign in to"));

    browser.press("decision", "cancel").await;

    let (_, body) = poll(&cloud, &started).await;
    assert_eq!(body["error"], "authorization_declined");
}

#[tokio::test]
async fn the_second_factor_cannot_be_skipped_on_the_way_to_a_device() {
    let cloud = cloud();
    let started = begin(&cloud).await;
    let address = started["verification_uri"].as_str().unwrap();
    let code = started["user_code"].as_str().unwrap();
    let mut browser = Browser::open(&cloud, &format!("{address}?otc={code}")).await;
    browser.press("account", cloud.service_account()).await;

    browser.press("decision", "continue").await;

    assert_eq!(poll(&cloud, &started).await.1["error"], "authorization_declined");
}

#[tokio::test]
async fn an_unknown_device_code_is_called_so() {
    let cloud = cloud();

    let (status, body) = poll(&cloud, &json!({"device_code": "nobody's"})).await;

    assert_eq!((status, number(&body)), (400, 70_018));
    assert_eq!(body["error"], "bad_verification_code");
}

#[tokio::test]
async fn an_app_without_public_flows_has_to_prove_itself_for_a_device() {
    let cloud = cloud();
    let url = format!("{HOST}/{}/oauth2/v2.0/devicecode", cloud.partner_tenant());
    let fields = [
        ("client_id", cloud.app_only().client_id),
        ("scope", GRAPH.to_owned()),
    ];
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();

    let reply = post(&cloud, &url, &fields).await;

    assert_eq!(number(&body_of(&reply)), 7_000_218);
}

#[tokio::test]
async fn the_short_address_leads_to_the_page_for_codes() {
    let cloud = cloud();

    let reply = get(&cloud, "https://microsoft.com/devicelogin").await;

    assert_eq!(reply.status, 302);
    assert!(
        reply
            .header("location")
            .unwrap()
            .ends_with("/common/oauth2/deviceauth")
    );
}
