//! The documents that clients read first, errors, and who a token is about.

use super::*;

#[tokio::test]
async fn the_document_of_a_tenant_names_all_endpoints() {
    let cloud = cloud();
    let tenant = cloud.partner_tenant();
    let root = format!("{HOST}/{tenant}");

    let document = body_of(&get(&cloud, &format!("{root}/v2.0/.well-known/openid-configuration")).await);

    for (name, path) in [
        ("issuer", "/v2.0"),
        ("authorization_endpoint", "/oauth2/v2.0/authorize"),
        ("token_endpoint", "/oauth2/v2.0/token"),
        ("device_authorization_endpoint", "/oauth2/v2.0/devicecode"),
        ("end_session_endpoint", "/oauth2/v2.0/logout"),
        ("jwks_uri", "/discovery/v2.0/keys"),
    ] {
        assert_eq!(document[name], format!("{root}{path}"));
    }
    assert_eq!(document["msgraph_host"], "graph.microsoft.com");
    assert_eq!(document["cloud_instance_name"], "microsoftonline.com");
    assert_eq!(
        document["userinfo_endpoint"],
        "https://graph.microsoft.com/oidc/userinfo"
    );
}

#[tokio::test]
async fn the_document_for_any_tenant_has_a_template_for_its_issuer() {
    let cloud = cloud();

    let any = body_of(
        &get(
            &cloud,
            &format!("{HOST}/common/v2.0/.well-known/openid-configuration"),
        )
        .await,
    );
    let older = body_of(&get(&cloud, &format!("{HOST}/common/.well-known/openid-configuration")).await);

    assert_eq!(any["issuer"], format!("{HOST}/{{tenantid}}/v2.0"));
    assert_eq!(older["issuer"], "https://sts.windows.net/{tenantid}/");
    assert_eq!(older["token_endpoint"], format!("{HOST}/common/oauth2/token"));
}

#[tokio::test]
async fn a_document_under_another_root_stays_under_it() {
    let cloud = cloud();
    let root = "https://127.0.0.1:8443";

    let document = body_of(
        &get(
            &cloud,
            &format!("{root}/common/v2.0/.well-known/openid-configuration"),
        )
        .await,
    );
    let instance = format!(
        "{root}/common/discovery/instance?api-version=1.1&authorization_endpoint={root}/common/oauth2/v2.0/authorize"
    );
    let instance = body_of(&get(&cloud, &instance).await);

    assert_eq!(document["issuer"], format!("{root}/{{tenantid}}/v2.0"));
    assert_eq!(document["userinfo_endpoint"], format!("{root}/oidc/userinfo"));
    assert_eq!(
        instance["tenant_discovery_endpoint"],
        format!("{root}/common/v2.0/.well-known/openid-configuration")
    );
    let own = instance["metadata"].as_array().unwrap().last().unwrap();
    assert_eq!(own["aliases"], json!(["127.0.0.1:8443"]));
}

#[tokio::test]
async fn instance_discovery_tells_which_hosts_belong_together() {
    let cloud = cloud();
    let url = |endpoint: &str, version: &str| {
        format!("{HOST}/common/discovery/instance?api-version={version}&authorization_endpoint={endpoint}")
    };

    let known = format!("{HOST}/common/oauth2/v2.0/authorize");
    let known = body_of(&get(&cloud, &url(&known, "1.1")).await);
    let unknown = get(
        &cloud,
        &url("https://login.nowhere.example/common/oauth2/authorize", "1.1"),
    )
    .await;

    assert_eq!(
        known["metadata"][0]["preferred_network"],
        "login.microsoftonline.com"
    );
    assert_eq!(known["metadata"][0]["preferred_cache"], "login.windows.net");
    assert!(
        known["metadata"]
            .to_string()
            .contains("login.partner.microsoftonline.cn")
    );
    assert_eq!(number(&body_of(&unknown)), 50_049);
    assert_eq!(body_of(&unknown)["error"], "invalid_instance");
}

#[tokio::test]
async fn an_unknown_tenant_has_no_document() {
    let cloud = cloud();

    let unknown = get(
        &cloud,
        &format!("{HOST}/nobody.example/v2.0/.well-known/openid-configuration"),
    )
    .await;
    let odd = get(&cloud, &format!("{HOST}/nobody/discovery/v2.0/keys")).await;
    let personal = get(
        &cloud,
        &format!("{HOST}/consumers/v2.0/.well-known/openid-configuration"),
    )
    .await;

    assert_eq!(
        [&unknown, &odd, &personal].map(|reply| number(&body_of(reply))),
        [90_002, 900_023, 9_002_332]
    );
}

#[tokio::test]
async fn an_error_has_all_its_members_and_the_callers_id() {
    let cloud = cloud();
    let id = "0f0e0d0c-0b0a-4909-8807-060504030201";
    let request = Request::post(format!("{HOST}/common/oauth2/v2.0/token"))
        .header("client-request-id", id)
        .body(Bytes::from_static(b"grant_type=refresh_token"))
        .unwrap();

    let reply = cloud.transport().send(request).await.unwrap();

    let body = body_of(&reply);
    assert_eq!(body["correlation_id"], id);
    assert_eq!(reply.header("client-request-id"), Some(id));
    assert_eq!(body["error_codes"], json!([900_144]));
    assert_eq!(body["error_uri"], format!("{HOST}/error?code=900144"));
    let description = body["error_description"].as_str().unwrap();
    for part in [
        format!("Trace ID: {}", body["trace_id"].as_str().unwrap()),
        format!("Correlation ID: {id}"),
        format!("Timestamp: {}", body["timestamp"].as_str().unwrap()),
    ] {
        assert!(description.contains(&part), "{description}");
    }
    assert_eq!(reply.header("cache-control"), Some("no-store, no-cache"));
}

#[tokio::test]
async fn an_app_may_prove_itself_by_basic_authentication() {
    let cloud = cloud();
    let app = cloud.app_only();
    let tenant = customer(&cloud, None);
    let pair = format!("{}:{}", app.client_id, app.client_secret.expose_secret());
    let pair = base64::engine::general_purpose::STANDARD.encode(pair);
    let form = format!("grant_type=client_credentials&scope={GRAPH}");
    let request = Request::post(format!("{HOST}/{tenant}/oauth2/v2.0/token"))
        .header("authorization", format!("Basic {pair}"))
        .body(Bytes::from(form))
        .unwrap();

    let reply = cloud.transport().send(request).await.unwrap();

    assert_eq!(reply.status, 200, "{}", body_of(&reply));
}

#[tokio::test]
async fn user_information_says_who_signed_in() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let ask = async |token: &str| {
        let request = Request::get("https://graph.microsoft.com/oidc/userinfo")
            .header("authorization", format!("Bearer {token}"))
            .body(Bytes::new())
            .unwrap();
        cloud.transport().send(request).await.unwrap()
    };

    let known = ask(tokens["access_token"].as_str().unwrap()).await;
    let unknown = ask("nobody's").await;

    let id = claims(&tokens["id_token"]);
    assert_eq!(body_of(&known)["sub"], id["sub"]);
    assert_eq!(body_of(&known)["email"], cloud.service_account());
    assert_eq!(unknown.status, 401);
}

#[tokio::test]
async fn client_information_names_the_account_at_home() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ("scope", &format!("openid profile email {GRAPH}")),
        ("client_info", "1"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();

    let (_, body) = token(&cloud, "organizations", &fields).await;

    let info = URL_SAFE_NO_PAD
        .decode(body["client_info"].as_str().unwrap())
        .unwrap();
    let info: Value = serde_json::from_slice(&info).unwrap();
    let id = claims(&body["id_token"]);
    assert_eq!(info, json!({"uid": id["oid"], "utid": cloud.partner_tenant()}));
    assert_eq!(id["email"], cloud.service_account());
    assert!(body["scope"].as_str().unwrap().ends_with("openid profile email"));
}
