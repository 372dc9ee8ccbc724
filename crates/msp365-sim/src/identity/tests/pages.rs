//! What a person sees, and what a browser remembers.

use super::*;

fn url(cloud: &Cloud, more: &[(&str, &str)]) -> String {
    authorize_url(cloud, GRAPH, more)
}

/// A browser in which the service account signed in and granted what the app asks for.
async fn known(cloud: &Cloud) -> Browser<'_> {
    let mut browser = Browser::open(cloud, &url(cloud, &[])).await;
    browser.sign_in(cloud.service_account()).await;
    browser.press("decision", "accept").await;
    assert!(browser.sent_to().contains_key("code"));
    browser
}

#[tokio::test]
async fn a_browser_that_is_signed_in_is_not_asked_again() {
    let cloud = cloud();
    let mut browser = known(&cloud).await;

    browser.go(&url(&cloud, &[])).await;
    let plain = browser.sent_to();
    browser.go(&url(&cloud, &[("prompt", "none")])).await;
    let silent = browser.sent_to();

    assert!(plain.contains_key("code") && silent.contains_key("code"));
    assert_eq!(silent["state"], "s-1");
}

#[tokio::test]
async fn prompts_ask_again_for_what_they_name() {
    let cloud = cloud();
    let mut browser = known(&cloud).await;
    let mut titles = Vec::new();
    for prompt in ["login", "select_account", "consent"] {
        browser.go(&url(&cloud, &[("prompt", prompt)])).await;
        let page = browser.page();
        let title = page.split("<h1>").nth(1).unwrap().split("</h1>").next().unwrap();
        titles.push(title.to_owned());
    }

    assert_eq!(
        titles,
        ["Pick an account", "Pick an account", "Permissions requested"]
    );
}

#[tokio::test]
async fn nothing_is_asked_where_nothing_may_be() {
    let cloud = cloud();
    let stranger = Browser::open(&cloud, &url(&cloud, &[("prompt", "none")])).await;
    let mut browser = Browser::open(&cloud, &url(&cloud, &[])).await;
    browser.sign_in(cloud.service_account()).await;
    browser.go(&url(&cloud, &[("prompt", "none")])).await;
    let unconsented = browser.sent_to();
    let hint = [("prompt", "none"), ("login_hint", "ada@elsewhere.example")];
    browser.go(&url(&cloud, &hint)).await;

    assert_eq!(stranger.sent_to()["error"], "login_required");
    assert!(stranger.sent_to()["error_description"].starts_with("AADSTS50058"));
    assert_eq!(unconsented["error"], "consent_required");
    assert!(unconsented["error_description"].starts_with("AADSTS65001"));
    assert_eq!(browser.sent_to()["error"], "login_required");
}

#[tokio::test]
async fn a_hint_puts_its_account_first_unless_somebody_is_to_choose() {
    let cloud = cloud();
    let first = async |more: &[(&str, &str)]| {
        let page = Browser::open(&cloud, &url(&cloud, more)).await.page();
        let value = page.split("name=\"account\" value=\"").nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    };
    let (admin, ada) = people(&cloud, cloud.partner_tenant());

    let hinted = first(&[("login_hint", &ada)]).await;
    let chosen = first(&[("login_hint", &ada), ("prompt", "select_account")]).await;

    assert_ne!(admin, ada);
    assert_eq!(hinted, ada);
    assert_eq!(chosen, cloud.service_account());
}

#[tokio::test]
async fn a_domain_hint_offers_the_accounts_of_its_tenant() {
    let cloud = cloud();
    let tenant = customer(&cloud, None);
    let (admin, _) = people(&cloud, tenant);
    let domain = admin.split('@').nth(1).unwrap();
    let any =
        url(&cloud, &[("domain_hint", domain)]).replace(&cloud.partner_tenant().to_string(), "organizations");

    let browser = Browser::open(&cloud, &any).await;

    assert!(browser.page().contains(&admin), "{}", browser.page());
}

#[tokio::test]
async fn an_answer_comes_back_in_the_mode_that_is_asked_for() {
    let cloud = cloud();
    let mut browser = known(&cloud).await;

    browser.go(&url(&cloud, &[("response_mode", "fragment")])).await;
    let fragment = browser.reply.header("location").unwrap().to_owned();
    browser.go(&url(&cloud, &[("response_mode", "form_post")])).await;
    let page = browser.page();

    assert!(
        fragment.starts_with("http://localhost:4711/callback#code="),
        "{fragment}"
    );
    assert!(fragment.contains("&state=s-1"));
    assert!(
        page.contains("action=\"http://localhost:4711/callback\""),
        "{page}"
    );
    assert!(page.contains("name=\"code\"") && page.contains("name=\"state\" value=\"s-1\""));
}

#[tokio::test]
async fn a_walk_ends_where_a_page_would_post_to_the_app() {
    let cloud = cloud();
    let address = url(&cloud, &[("response_mode", "form_post")]);

    let callback = sign_in::walk(cloud.transport().as_ref(), &address).await.unwrap();

    assert!(
        callback.starts_with("http://localhost:4711/callback?code="),
        "{callback}"
    );
}

#[tokio::test]
async fn signing_out_ends_the_browsers_session_and_returns_to_registered_addresses_alone() {
    let cloud = cloud();
    let mut browser = known(&cloud).await;
    let out = format!("{HOST}/common/oauth2/v2.0/logout?state=s-2&post_logout_redirect_uri=");

    browser.go(&format!("{out}http://evil.example/")).await;
    let foreign = browser.reply.status.as_u16();
    let cleared = browser.reply.header("set-cookie").unwrap().to_owned();
    browser.go(&url(&cloud, &[("prompt", "none")])).await;
    let after = browser.sent_to();
    browser.go(&format!("{out}http://localhost:4711/callback")).await;

    assert_eq!(foreign, 200);
    assert!(cleared.contains("Max-Age=0"), "{cleared}");
    assert_eq!(after["error"], "login_required");
    assert_eq!(
        browser.reply.header("location"),
        Some("http://localhost:4711/callback?state=s-2")
    );
}

#[tokio::test]
async fn refresh_tokens_outlive_the_browsers_session() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;
    post(&cloud, &format!("{HOST}/common/oauth2/v2.0/logout"), &[]).await;

    let (status, _) = refresh(&cloud, &tokens, cloud.partner_tenant(), GRAPH).await;

    assert_eq!(status, 200);
}

#[tokio::test]
async fn revoked_sessions_end_in_browsers_too() {
    let cloud = cloud();
    let mut browser = known(&cloud).await;
    cloud.edit(|edit| {
        edit.revoke_service_sessions();
    });

    browser.go(&url(&cloud, &[("prompt", "none")])).await;

    assert_eq!(browser.sent_to()["error"], "login_required");
}

#[tokio::test]
async fn denying_the_second_factor_ends_the_sign_in() {
    let cloud = cloud();
    let mut browser = Browser::open(&cloud, &url(&cloud, &[])).await;
    browser.press("account", cloud.service_account()).await;

    browser.press("approval", "deny").await;

    let back = browser.sent_to();
    assert_eq!(back["error"], "access_denied");
    assert!(back["error_description"].starts_with("AADSTS50074"));
}

#[tokio::test]
async fn declining_consent_is_told_to_the_app() {
    let cloud = cloud();
    let mut browser = Browser::open(&cloud, &url(&cloud, &[])).await;
    browser.sign_in(cloud.service_account()).await;

    browser.press("decision", "cancel").await;

    let back = browser.sent_to();
    assert_eq!(
        (back["error"].as_str(), back["error_subcode"].as_str()),
        ("access_denied", "cancel")
    );
    assert!(back["error_description"].starts_with("AADSTS65004"));
}

#[tokio::test]
async fn consent_cannot_be_given_before_the_second_factor() {
    let cloud = cloud();
    let mut browser = Browser::open(&cloud, &url(&cloud, &[])).await;
    browser.press("account", cloud.service_account()).await;

    browser.press("decision", "accept").await;

    assert!(browser.page().contains("AADSTS90094"), "{}", browser.page());
}

#[tokio::test]
async fn an_account_that_is_not_there_or_disabled_cannot_sign_in() {
    let cloud = cloud();
    let mut browser = Browser::open(&cloud, &url(&cloud, &[])).await;
    browser.press("account", "nobody@nowhere.example").await;
    let unknown = browser.page();
    cloud.edit(|edit| {
        edit.disable_service_account();
    });
    browser.go(&url(&cloud, &[])).await;
    browser.press("account", cloud.service_account()).await;

    assert!(unknown.contains("AADSTS50034"));
    assert!(browser.page().contains("AADSTS50057"));
}

#[tokio::test]
async fn a_page_left_open_too_long_is_told_to_start_anew() {
    let cloud = cloud();
    let mut browser = Browser::open(&cloud, &url(&cloud, &[])).await;
    cloud.advance(Duration::from_mins(10));

    browser.press("account", cloud.service_account()).await;

    assert!(browser.page().contains("AADSTS50089"));
}

#[tokio::test]
async fn an_authorize_request_is_told_what_is_wrong_with_it() {
    let cloud = cloud();
    let cases = [
        ("response_type=code", "response_type=token", "AADSTS70005"),
        ("response_type=code", "", "AADSTS900144"),
        ("state=s-1", "state=s-1&response_mode=odd", "AADSTS70007"),
        ("state=s-1", "state=s-1&prompt=odd", "AADSTS90023"),
        ("state=s-1", "state=s-1&resource=odd", "AADSTS901002"),
        ("state=s-1", "state=s-1&claims=odd", "AADSTS90013"),
        ("code_challenge=", "code_challenge=short&code_was=", "AADSTS50147"),
        ("graph.microsoft.com", "graph.nowhere.example", "AADSTS500011"),
    ];

    for (good, bad, expected) in cases {
        let browser = Browser::open(&cloud, &url(&cloud, &[]).replace(good, bad)).await;
        let description = browser.sent_to()["error_description"].clone();
        assert!(description.starts_with(expected), "{bad}: {description}");
    }
}

#[tokio::test]
async fn a_program_on_a_device_may_not_show_a_secret_for_its_code() {
    let cloud = cloud();
    let app = cloud.app();
    cloud.edit(|edit| edit.add_native_redirect(&app.client_id, "http://localhost/native"));
    let address = url(&cloud, &[]).replace("callback", "native");
    let callback = sign_in::walk(cloud.transport().as_ref(), &address).await.unwrap();
    let callback = Url::parse(&callback).unwrap();
    let (_, code) = callback.query_pairs().find(|(name, _)| name == "code").unwrap();
    let redeem = async |secret: &str| {
        let fields = [
            ("grant_type", "authorization_code"),
            ("client_secret", secret),
            ("code", &code),
            ("redirect_uri", "http://localhost:4711/native"),
            ("code_verifier", VERIFIER),
        ];
        token(&cloud, &cloud.partner_tenant().to_string(), &fields).await
    };

    let with = redeem(app.client_secret.expose_secret()).await;
    let without = redeem("-").await;

    assert_eq!((with.0, number(&with.1)), (401, 700_025));
    assert_eq!(without.0, 200, "{}", without.1);
}

#[tokio::test]
async fn pages_run_no_script_and_can_be_used_by_keyboard() {
    let cloud = cloud();

    let page = Browser::open(&cloud, &url(&cloud, &[])).await.page();

    assert!(!page.contains("<script") && !page.contains("onclick"));
    assert!(page.contains("autofocus") && page.contains("<label for=\"other\">"));
    assert!(page.contains("lang=\"en\""));
}
