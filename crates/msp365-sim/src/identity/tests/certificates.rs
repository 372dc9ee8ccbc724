//! Apps that prove themselves by certificate.

use aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};

use super::*;
use crate::SimApp;

/// A name, the number of the refusal, and what is done to a good assertion.
type Case<'a> = (&'a str, u64, &'a dyn Fn(&mut Proof));

/// What an assertion is made of.
struct Proof {
    header: Header,
    claims: Value,
    key: EncodingKey,
}

fn section<'a>(pem: &'a str, name: &str) -> &'a str {
    let start = pem.find(&format!("-----BEGIN {name}-----")).unwrap();
    let end = format!("-----END {name}-----");
    let length = pem[start..].find(&end).unwrap() + end.len();
    &pem[start..start + length]
}

fn der(app: &SimApp) -> Vec<u8> {
    let pem = app.certificate().unwrap();
    let certificate = section(pem.expose_secret(), "CERTIFICATE");
    let lines: String = certificate
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    STANDARD.decode(lines).unwrap()
}

/// A good assertion of an app for a tenant, by SHA-256.
fn proof(cloud: &Cloud, app: &SimApp, tenant: &str) -> Proof {
    let pem = app.certificate().unwrap();
    let key = section(pem.expose_secret(), "PRIVATE KEY").to_owned();
    let now = cloud.clock().now().as_second();
    let mut header = Header::new(Algorithm::PS256);
    header.x5t_s256 = Some(URL_SAFE_NO_PAD.encode(digest(&SHA256, &der(app))));
    Proof {
        header,
        claims: json!({
            "aud": format!("{HOST}/{tenant}/oauth2/v2.0/token"),
            "iss": app.client_id,
            "sub": app.client_id,
            "jti": "5f0c7a0e-9a6f-4d51-9f3e-0a7c1b2d3e4f",
            "nbf": now,
            "exp": now + 600,
        }),
        key: EncodingKey::from_rsa_pem(key.as_bytes()).unwrap(),
    }
}

async fn ask(cloud: &Cloud, app: &SimApp, tenant: &str, proof: &Proof) -> (u16, Value) {
    let assertion = encode(&proof.header, &proof.claims, &proof.key).unwrap();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", app.client_id.as_str()),
        ("client_secret", "-"),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_assertion", &assertion),
        ("scope", GRAPH),
    ];
    token(cloud, tenant, &fields).await
}

#[tokio::test]
async fn a_certificate_proves_an_app_by_either_thumbprint() {
    let cloud = cloud();
    let app = cloud.app_only();
    let tenant = customer(&cloud, None).to_string();
    let sha256 = proof(&cloud, &app, &tenant);
    let mut sha1 = proof(&cloud, &app, &tenant);
    sha1.header = Header::new(Algorithm::RS256);
    sha1.header.x5t = Some(URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &der(&app))));

    let modern = ask(&cloud, &app, &tenant, &sha256).await;
    let older = ask(&cloud, &app, &tenant, &sha1).await;

    assert_eq!((modern.0, older.0), (200, 200), "{modern:?} {older:?}");
    assert_eq!(claims(&modern.1["access_token"])["appidacr"], "2");
}

#[tokio::test]
async fn an_issuer_of_the_tenant_is_an_audience_too() {
    let cloud = cloud();
    let app = cloud.app_only();
    let tenant = customer(&cloud, None).to_string();

    for audience in [
        format!("{HOST}/{tenant}/v2.0"),
        format!("https://sts.windows.net/{tenant}/"),
        format!("{HOST}/{tenant}/oauth2/token"),
        format!("https://login.windows.net/{tenant}/oauth2/v2.0/token"),
    ] {
        let mut proof = proof(&cloud, &app, &tenant);
        proof.claims["aud"] = json!(audience);
        let (status, body) = ask(&cloud, &app, &tenant, &proof).await;
        assert_eq!(status, 200, "{audience}: {body}");
    }
}

#[tokio::test]
async fn an_assertion_is_refused_for_what_is_wrong_with_it() {
    let cloud = cloud();
    let (app, other) = (cloud.app_only(), cloud.app());
    let tenant = customer(&cloud, None).to_string();
    let now = cloud.clock().now().as_second();
    let elsewhere = format!("{HOST}/{}/oauth2/v2.0/token", cloud.partner_tenant());
    let cases: [Case<'_>; 10] = [
        ("another tenant", 700_023, &|one| {
            one.claims["aud"] = json!(elsewhere);
        }),
        ("expired", 700_024, &|one| one.claims["exp"] = json!(now - 301)),
        ("not yet", 700_024, &|one| one.claims["nbf"] = json!(now + 301)),
        ("without an end", 50_027, &|one| one.claims["exp"] = Value::Null),
        ("of nobody", 50_048, &|one| one.claims["sub"] = json!("ada")),
        ("of another app", 700_021, &|one| {
            one.claims["iss"] = json!("ada");
            one.claims["sub"] = json!("ada");
        }),
        ("unknown key", 700_027, &|one| {
            one.header.x5t_s256 = Some(URL_SAFE_NO_PAD.encode([7; 32]));
        }),
        ("another key", 700_027, &|one| {
            one.key = proof(&cloud, &other, &tenant).key;
        }),
        ("no thumbprint", 5_002_723, &|one| one.header.x5t_s256 = None),
        ("by a secret", 5_002_738, &|one| {
            one.header.alg = Algorithm::HS256;
            one.key = EncodingKey::from_secret(b"ada");
        }),
    ];

    for (name, number_expected, spoil) in cases {
        let mut proof = proof(&cloud, &app, &tenant);
        spoil(&mut proof);
        let (status, body) = ask(&cloud, &app, &tenant, &proof).await;
        let expected = if number_expected == 50_027 { 400 } else { 401 };
        assert_eq!(
            (status, number(&body)),
            (expected, number_expected),
            "{name}: {body}"
        );
    }
}

#[tokio::test]
async fn a_chain_that_is_of_another_certificate_is_refused() {
    let cloud = cloud();
    let app = cloud.app_only();
    let tenant = customer(&cloud, None).to_string();
    let mut own = proof(&cloud, &app, &tenant);
    let mut lines = STANDARD.encode(der(&app));
    lines.insert(64, '\n');
    own.header.x5c = Some(vec![lines]);
    let mut foreign = proof(&cloud, &app, &tenant);
    foreign.header.x5c = Some(vec![STANDARD.encode(der(&cloud.app()))]);

    let good = ask(&cloud, &app, &tenant, &own).await;
    let bad = ask(&cloud, &app, &tenant, &foreign).await;

    assert_eq!(good.0, 200);
    assert_eq!(number(&bad.1), 50_012);
}

#[tokio::test]
async fn a_certificate_past_its_end_proves_nothing() {
    let cloud = cloud();
    let app = cloud.app_only();
    let tenant = customer(&cloud, None).to_string();
    cloud.advance(Duration::from_hours(24 * 365 * 74));

    let late = ask(&cloud, &app, &tenant, &proof(&cloud, &app, &tenant)).await;

    assert_eq!(number(&late.1), 1_000_502);
}

#[tokio::test]
async fn a_secret_is_good_until_it_ends() {
    let cloud = cloud();
    let app = cloud.app_only();
    let tenant = customer(&cloud, None).to_string();
    let end = cloud.clock().now() + jiff::SignedDuration::from_hours(1);
    cloud.edit(|edit| edit.add_secret(&app.client_id, "the new one".into(), end));
    let ask = async |secret: &str| {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", app.client_id.as_str()),
            ("client_secret", secret),
            ("scope", GRAPH),
        ];
        token(&cloud, &tenant, &fields).await
    };

    let both = (
        ask(app.client_secret.expose_secret()).await.0,
        ask("the new one").await.0,
    );
    cloud.advance(Duration::from_hours(1));
    let (status, late) = ask("the new one").await;
    cloud.edit(|edit| edit.expire_secrets(&app.client_id));

    assert_eq!(both, (200, 200));
    assert_eq!((status, number(&late)), (401, 7_000_222));
    assert_eq!(number(&ask(app.client_secret.expose_secret()).await.1), 7_000_222);
}

#[test]
fn the_announcement_names_a_file_with_certificate_and_key_of_each_app() {
    let cloud = cloud();

    let announcement = cloud.announcement();

    for (said, app) in [(0, cloud.app()), (1, cloud.app_only())] {
        let file = announcement["apps"][said]["certificate"].as_str().unwrap();
        let pem = std::fs::read_to_string(file).unwrap();
        assert_eq!(pem, app.certificate().unwrap().expose_secret());
        assert!(section(&pem, "CERTIFICATE").len() > 500);
        assert!(section(&pem, "PRIVATE KEY").len() > 500);
    }
}

#[test]
fn the_files_with_certificates_go_with_the_cloud() {
    let cloud = cloud();
    let announcement = cloud.announcement();
    let file = announcement["apps"][0]["certificate"].as_str().unwrap();

    drop(cloud);

    assert!(!std::path::Path::new(file).exists());
}
