//! The first generation of the endpoints.

use super::*;

const GRAPH_RESOURCE: &str = "https://graph.microsoft.com";

async fn token_v1(cloud: &Cloud, fields: &[(&str, &str)]) -> (u16, Value) {
    let app = cloud.app();
    let mut all = vec![
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.expose_secret()),
    ];
    all.extend_from_slice(fields);
    let url = format!("{HOST}/{}/oauth2/token", cloud.partner_tenant());
    let reply = post(cloud, &url, &all).await;
    (reply.status.as_u16(), body_of(&reply))
}

async fn code_v1(cloud: &Cloud) -> String {
    let url = format!(
        "{HOST}/{}/oauth2/authorize?response_type=code&client_id={}&redirect_uri=http://localhost/callback&resource={GRAPH_RESOURCE}",
        cloud.partner_tenant(),
        cloud.app().client_id
    );
    let callback = sign_in::walk(cloud.transport().as_ref(), &url).await.unwrap();
    let callback = Url::parse(&callback).unwrap();
    let (_, code) = callback.query_pairs().find(|(name, _)| name == "code").unwrap();
    code.into_owned()
}

#[tokio::test]
async fn a_code_is_redeemed_for_a_resource_and_numbers_are_texts() {
    let cloud = cloud();
    let code = code_v1(&cloud).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", "http://localhost/callback"),
        ("resource", GRAPH_RESOURCE),
    ];

    let (status, body) = token_v1(&cloud, &fields).await;

    assert_eq!(status, 200, "{body}");
    for name in ["expires_in", "ext_expires_in", "expires_on", "not_before"] {
        assert!(body[name].as_str().unwrap().parse::<i64>().is_ok(), "{name}");
    }
    assert_eq!(body["resource"], GRAPH_RESOURCE);
    assert!(body["refresh_token"].is_string());
    assert!(body["scope"].as_str().unwrap().contains("User.Read"));
    let id = claims(&body["id_token"]);
    assert_eq!(id["ver"], "1.0");
    assert_eq!(
        id["iss"],
        format!("https://sts.windows.net/{}/", cloud.partner_tenant())
    );
    assert_eq!(id["amr"], json!(["pwd", "mfa"]));
}

#[tokio::test]
async fn a_refresh_token_is_good_for_another_resource() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ("resource", "https://api.partnercenter.microsoft.com"),
    ];

    let (status, body) = token_v1(&cloud, &fields).await;

    assert_eq!(status, 200, "{body}");
    assert_eq!(
        claims(&body["access_token"])["aud"],
        "https://api.partnercenter.microsoft.com"
    );
}

#[tokio::test]
async fn a_resource_that_is_missing_or_unknown_is_refused() {
    let cloud = cloud();
    let credentials = ("grant_type", "client_credentials");

    let missing = token_v1(&cloud, &[credentials]).await.1;
    let unknown = token_v1(&cloud, &[credentials, ("resource", "https://nowhere.example")])
        .await
        .1;

    assert_eq!((number(&missing), number(&unknown)), (900_144, 500_011));
}

#[tokio::test]
async fn the_second_generation_takes_no_resource() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ("resource", GRAPH_RESOURCE),
    ];

    let (_, body) = token(&cloud, &cloud.partner_tenant().to_string(), &fields).await;

    assert_eq!(number(&body), 901_002);
}
