//! Consent of an administrator.

use super::*;

fn consent_url(cloud: &Cloud, tenant: &str, more: &str) -> String {
    let app = cloud.app_only();
    format!(
        "{HOST}/{tenant}/v2.0/adminconsent?client_id={}&redirect_uri=http://localhost/callback&state=s-1&scope={GRAPH}{more}",
        app.client_id
    )
}

/// Takes the app-only app out of a customer, as if it had never been there.
fn forget(cloud: &Cloud, tenant: TenantId) {
    cloud.edit(|edit| {
        let target = edit.world.tenant_mut(tenant).unwrap();
        target.app_consent = crate::world::Consent::default();
    });
}

async fn app_token(cloud: &Cloud, tenant: TenantId) -> (u16, Value) {
    let app = cloud.app_only();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.expose_secret()),
        ("scope", GRAPH),
    ];
    token(cloud, &tenant.to_string(), &fields).await
}

#[tokio::test]
async fn an_administrator_grants_an_app_its_roles_in_the_tenant() {
    let cloud = cloud();
    let tenant = customer(&cloud, None);
    forget(&cloud, tenant);
    let (admin, _) = people(&cloud, tenant);
    let before = app_token(&cloud, tenant).await;
    let mut browser = Browser::open(&cloud, &consent_url(&cloud, &tenant.to_string(), "")).await;
    browser.sign_in(&admin).await;
    assert!(browser.page().contains("Read users"), "{}", browser.page());
    assert!(browser.page().contains("User.Read.All"));

    browser.press("decision", "accept").await;

    let back = browser.sent_to();
    assert_eq!(back["admin_consent"], "True");
    assert_eq!(back["tenant"], tenant.to_string());
    assert_eq!(back["state"], "s-1");
    let (status, after) = app_token(&cloud, tenant).await;
    assert_eq!((number(&before.1), status), (700_016, 200));
    assert!(
        claims(&after["access_token"])["roles"]
            .to_string()
            .contains("User.Read.All")
    );
    let assigned = cloud.edit(|edit| {
        let target = edit.world.tenant(tenant).unwrap();
        let rows = target.register.app_roles.present();
        rows.filter(|row| row["principalType"] == "ServicePrincipal")
            .count()
    });
    assert_eq!(assigned, 11);
}

#[tokio::test]
async fn an_administrator_of_no_fixed_tenant_grants_in_its_own() {
    let cloud = cloud();
    let tenant = customer(&cloud, None);
    forget(&cloud, tenant);
    let (admin, _) = people(&cloud, tenant);
    let mut browser = Browser::open(&cloud, &consent_url(&cloud, "organizations", "")).await;
    browser.sign_in(&admin).await;

    browser.press("decision", "accept").await;

    assert_eq!(browser.sent_to()["tenant"], tenant.to_string());
    assert_eq!(app_token(&cloud, tenant).await.0, 200);
}

#[tokio::test]
async fn whoever_is_no_administrator_of_the_tenant_may_not_grant() {
    let cloud = cloud();
    let tenant = customer(&cloud, None);
    forget(&cloud, tenant);
    let (_, bo) = people(&cloud, tenant);
    let provider = cloud.service_account().to_owned();

    for address in [bo, provider] {
        let mut browser = Browser::open(&cloud, &consent_url(&cloud, &tenant.to_string(), "")).await;
        browser.sign_in(&address).await;
        assert!(browser.page().contains("AADSTS90094"), "{}", browser.page());
        browser.press("decision", "accept").await;
        assert_eq!(number(&app_token(&cloud, tenant).await.1), 700_016, "{address}");
    }
}

#[tokio::test]
async fn an_administrator_may_decline() {
    let cloud = cloud();
    let tenant = customer(&cloud, None);
    let (admin, _) = people(&cloud, tenant);
    let url = consent_url(&cloud, &tenant.to_string(), "");
    let mut browser = Browser::open(&cloud, &url).await;
    browser.sign_in(&admin).await;
    browser.press("decision", "cancel").await;
    let newer = browser.sent_to();
    let older = url.replace("/v2.0/adminconsent", "/adminconsent");
    let mut browser = Browser::open(&cloud, &older).await;
    browser.sign_in(&admin).await;
    browser.press("decision", "cancel").await;

    let older = browser.sent_to();

    assert_eq!(newer["error"], "consent_required");
    assert!(newer["error_description"].starts_with("AADSTS65004"));
    assert_eq!(
        (newer["state"].as_str(), newer["admin_consent"].as_str()),
        ("s-1", "True")
    );
    assert_eq!(older["error"], "permission_denied");
}

#[tokio::test]
async fn the_older_page_grants_all_that_is_registered() {
    let cloud = cloud();
    let tenant = customer(&cloud, None);
    let (admin, _) = people(&cloud, tenant);
    let url = format!(
        "{HOST}/{tenant}/adminconsent?client_id={}&redirect_uri=http://localhost/callback",
        cloud.app().client_id
    );
    let mut browser = Browser::open(&cloud, &url).await;
    browser.sign_in(&admin).await;

    browser.press("decision", "accept").await;

    assert_eq!(browser.sent_to()["admin_consent"], "True");
    let granted = cloud.edit(|edit| edit.world.tenant(tenant).unwrap().consent.scopes.len());
    assert_eq!(granted, 2);
}

#[tokio::test]
async fn a_page_for_consent_refuses_what_it_cannot_serve() {
    let cloud = cloud();
    let tenant = customer(&cloud, None).to_string();
    let good = consent_url(&cloud, &tenant, "");
    let cases = [
        (good.replace("localhost/callback", "evil.example/"), "AADSTS50011"),
        (good.replace(&tenant, "common"), "AADSTS90124"),
        (
            good.replace(&cloud.app_only().client_id, "nobody"),
            "AADSTS700016",
        ),
        (good.replace(&format!("&scope={GRAPH}"), ""), "AADSTS900144"),
        (good.replace(&tenant, "nobody.example"), "AADSTS90002"),
    ];

    for (url, expected) in cases {
        let reply = get(&cloud, &url).await;
        let page = String::from_utf8_lossy(&reply.body).into_owned();
        assert!(reply.status == 400 && page.contains(expected), "{url}: {page}");
    }
}
