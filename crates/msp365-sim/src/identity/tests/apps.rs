//! What is done to apps and accounts through Graph, as sign-in sees it.

use super::*;

async fn graph(cloud: &Cloud, token: &Value, (method, path): (Method, &str), body: &Value) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(format!("https://graph.microsoft.com/v1.0/{path}"))
        .header("authorization", format!("Bearer {}", token.as_str().unwrap()))
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()))
        .unwrap();
    let reply = cloud.transport().send(request).await.unwrap();
    let body = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
    (reply.status.as_u16(), body)
}

/// An app made through Graph, with a service principal at home and a secret.
async fn made(cloud: &Cloud, token: &Value, audience: &str) -> (String, String) {
    let body = json!({"displayName": "Bo's app", "signInAudience": audience});
    let (status, app) = graph(cloud, token, (Method::POST, "applications"), &body).await;
    assert_eq!(status, 201, "{app}");
    let client = app["appId"].as_str().unwrap().to_owned();
    let principal = json!({"appId": client});
    let (status, principal) = graph(cloud, token, (Method::POST, "servicePrincipals"), &principal).await;
    assert_eq!(status, 201, "{principal}");
    let path = format!("applications/{}/addPassword", app["id"].as_str().unwrap());
    let (_, secret) = graph(cloud, token, (Method::POST, &path), &json!({})).await;
    (client, secret["secretText"].as_str().unwrap().to_owned())
}

async fn app_token(cloud: &Cloud, tenant: &str, (client, secret): &(String, String)) -> (u16, Value) {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", client.as_str()),
        ("client_secret", secret.as_str()),
        ("scope", GRAPH),
    ];
    token(cloud, tenant, &fields).await
}

#[tokio::test]
async fn an_app_made_through_graph_can_prove_itself() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let home = cloud.partner_tenant().to_string();
    let made = made(&cloud, &tokens["access_token"], "AzureADMyOrg").await;

    let (status, own) = app_token(&cloud, &home, &made).await;
    let elsewhere = app_token(&cloud, &customer(&cloud, None).to_string(), &made).await;

    assert_eq!(status, 200, "{own}");
    assert_eq!(claims(&own["access_token"]).get("roles"), None);
    assert_eq!(number(&elsewhere.1), 700_016);
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", made.0.as_str()),
        ("client_secret", made.1.as_str()),
    ];
    assert_eq!(number(&token(&cloud, "common", &fields).await.1), 50_194);
}

#[tokio::test]
async fn an_app_that_is_switched_off_gets_no_token() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let home = cloud.partner_tenant();
    cloud.edit(|edit| {
        let version = edit.world.next_version();
        let tenant = edit.world.tenant_mut(home).unwrap();
        let principal = tenant.consent.service_principal.clone().unwrap();
        tenant
            .service_principals
            .set(&principal, "accountEnabled", false, version)
    });

    let (_, body) = refresh(&cloud, &tokens, home, GRAPH).await;

    assert_eq!(number(&body), 7_000_112);
}

#[tokio::test]
async fn sessions_revoked_through_graph_end_refresh_tokens() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let path = format!("users/{}/revokeSignInSessions", cloud.service_account());

    let (status, _) = graph(&cloud, &tokens["access_token"], (Method::POST, &path), &json!({})).await;
    let (_, refused) = refresh(&cloud, &tokens, cloud.partner_tenant(), GRAPH).await;

    assert_eq!(status, 200);
    assert_eq!(
        (number(&refused), &refused["suberror"]),
        (50_173, &json!("bad_token"))
    );
}

#[tokio::test]
async fn a_certificate_registered_through_graph_is_known_to_sign_in() {
    let cloud = cloud();
    let other = crate::SimApp::new("bo", "not used".to_owned().into(), "Bo's app");
    other.certificate().unwrap();
    let key = base64::engine::general_purpose::STANDARD.encode(&other.known().unwrap().der);
    let client = cloud.app_only().client_id;
    let count =
        |cloud: &Cloud| cloud.edit(|edit| edit.world.registration(&client).unwrap().certificates().len());
    let before = count(&cloud);

    cloud.edit(|edit| {
        let version = edit.world.next_version();
        let rows = &mut edit.world.partner.register.applications;
        let id = rows
            .present()
            .find(|row| row["appId"] == client.as_str())
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .unwrap();
        rows.set(&id, "keyCredentials", json!([{"key": key}]), version)
    });

    assert_eq!((before, count(&cloud)), (0, 1));
}
