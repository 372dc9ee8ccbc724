//! Apps that run as scripts in a browser.

use std::time::Duration;

use super::*;

const PLACE: &str = "http://localhost/app";

/// A code for the delegated app at the address of a script.
async fn code(cloud: &Cloud) -> String {
    cloud.edit(|edit| edit.add_spa_redirect(&cloud.app().client_id, PLACE));
    let url = authorize_url(cloud, &format!("openid offline_access {GRAPH}"), &[]);
    let url = url.replace("localhost%3A4711%2Fcallback", "localhost%2Fapp");
    let callback = sign_in::walk(cloud.transport().as_ref(), &url).await.unwrap();
    let callback = Url::parse(&callback).unwrap();
    let (_, code) = callback.query_pairs().find(|(name, _)| name == "code").unwrap();
    code.into_owned()
}

/// Asks for tokens without a secret, as a browser or as a program.
async fn ask(cloud: &Cloud, origin: Option<&str>, fields: &[(&str, &str)]) -> (u16, Value) {
    let app = cloud.app();
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", &app.client_id)
        .extend_pairs(fields)
        .finish();
    let mut request = Request::post(format!("{HOST}/{}/oauth2/v2.0/token", cloud.partner_tenant()));
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    let request = request.body(Bytes::from(body)).unwrap();
    let reply = cloud.transport().send(request).await.unwrap();
    (reply.status.as_u16(), body_of(&reply))
}

fn redeeming(code: &str) -> [(&str, &str); 4] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", PLACE),
        ("code_verifier", VERIFIER),
    ]
}

#[tokio::test]
async fn a_code_of_a_script_is_redeemed_by_a_browser_alone() {
    let cloud = cloud();
    let code = code(&cloud).await;
    let app = cloud.app();
    let with_secret = [("client_secret", app.client_secret.expose_secret())];

    let (_, program) = ask(&cloud, None, &redeeming(&code)).await;
    let secret = [&redeeming(&code)[..], &with_secret[..]].concat();
    let (_, confidential) = ask(&cloud, Some("http://localhost"), &secret).await;
    let (status, browser) = ask(&cloud, Some("http://localhost"), &redeeming(&code)).await;

    assert_eq!(number(&program), 9_002_327);
    assert_eq!(number(&confidential), 700_025);
    assert_eq!(status, 200, "{browser}");
}

#[tokio::test]
async fn refresh_tokens_of_a_script_end_a_day_after_the_sign_in() {
    let cloud = cloud();
    let code = code(&cloud).await;
    let (_, first) = ask(&cloud, Some("http://localhost"), &redeeming(&code)).await;
    let again = async |tokens: &Value| {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ];
        ask(&cloud, Some("http://localhost"), &fields).await
    };

    cloud.advance(Duration::from_hours(23));
    let (status, second) = again(&first).await;
    cloud.advance(Duration::from_hours(1));

    assert_eq!(status, 200, "{second}");
    assert_eq!(number(&again(&first).await.1), 700_084);
    assert_eq!(
        number(&again(&second).await.1),
        700_084,
        "what came from it ends with it"
    );
}
