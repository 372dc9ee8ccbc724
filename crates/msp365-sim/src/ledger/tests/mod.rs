mod budgets;
mod conduct;

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use jiff::{SignedDuration, Timestamp};

use super::{Book, Heard, SinKind};
use crate::{
    Cloud, Sim, Throttle,
    front::{Asked, bench},
};

pub(super) const USERS: &str = "https://graph.microsoft.com/v1.0/users?$top=1&$select=id";

pub(super) fn cloud(throttle: Throttle) -> Cloud {
    Sim::seeded(7)
        .customers(2)
        .users_each(60)
        .manual_clock()
        .throttle(throttle)
        .build()
}

pub(super) fn kinds(cloud: &Cloud) -> Vec<SinKind> {
    cloud.ledger().sins().iter().map(|sin| sin.kind).collect()
}

fn written(method: Method, url: &str, body: &'static str) -> Asked {
    let request = Request::builder()
        .method(method)
        .uri(url)
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap();
    Asked::of(&request)
}

fn heard(asked: &Asked, status: u16) -> [Heard<'_>; 1] {
    [Heard {
        asked,
        status,
        retry_after: None,
        scope: None,
        code: None,
    }]
}

#[tokio::test]
async fn asking_again_before_the_time_is_a_sin_and_after_it_is_not() {
    let cloud = cloud(Throttle::Divided(5_000)); // one unit in ten seconds
    let tenant = bench::customer(&cloud);
    let request = bench::get(&cloud, tenant, USERS).await;
    for _ in 0..2 {
        bench::send(&cloud, request.clone()).await.unwrap();
    }
    assert_eq!(cloud.ledger().assert_clean(), Ok(()));

    cloud.advance(Duration::from_secs(4));
    bench::send(&cloud, request.clone()).await.unwrap();

    assert_eq!(kinds(&cloud), [SinKind::EarlyRetry]);
    let said = cloud.ledger().assert_clean().unwrap_err();
    assert!(said.contains("GET users: 6.000 s before"), "{said}");
    cloud.advance(Duration::from_secs(10));
    bench::send(&cloud, request).await.unwrap();
    assert_eq!(kinds(&cloud).len(), 1);
}

#[tokio::test]
async fn another_tenant_need_not_wait() {
    let cloud = cloud(Throttle::Divided(5_000));
    let tenant = bench::customer(&cloud);
    let request = bench::get(&cloud, tenant, USERS).await;
    for _ in 0..2 {
        bench::send(&cloud, request.clone()).await.unwrap();
    }

    let other = bench::get(&cloud, cloud.partner_tenant(), USERS).await;
    bench::send(&cloud, other).await.unwrap();

    assert_eq!(cloud.ledger().sins(), []);
}

#[tokio::test]
async fn a_token_for_another_service_is_a_sin() {
    let cloud = cloud(Throttle::Off);
    let tenant = bench::customer(&cloud);
    let token = bench::token(&cloud, tenant).await;

    let url = "https://api.partnercenter.microsoft.com/v1/customers";
    let reply = bench::send(&cloud, bench::with_token(&token, url)).await.unwrap();

    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert_eq!(kinds(&cloud), [SinKind::WrongAudience, SinKind::WrongTenant]);
}

#[tokio::test]
async fn a_page_link_of_one_tenant_with_the_token_of_another_is_a_sin() {
    let cloud = cloud(Throttle::Off);
    let tenant = bench::customer(&cloud);
    let page = bench::send(&cloud, bench::get(&cloud, tenant, USERS).await)
        .await
        .unwrap();
    let page: serde_json::Value = serde_json::from_slice(&page.body).unwrap();
    let link = page["@odata.nextLink"].as_str().unwrap();
    let other = cloud.partner_tenant();
    let token = bench::token(&cloud, tenant).await;
    let mut parts: Vec<&str> = token.split('.').collect();
    let claims = format!("{{\"tid\":\"{other}\",\"aud\":\"https://graph.microsoft.com\",\"appid\":\"a\"}}");
    let claims = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, claims);
    parts[1] = &claims;

    let asked = bench::with_token(&parts.join("."), link);
    bench::send(&cloud, asked).await.unwrap();

    assert_eq!(kinds(&cloud), [SinKind::WrongTenant]);
}

#[test]
fn a_write_that_takes_place_twice_is_one_effect_and_one_sin() {
    let mut book = Book::new(false);
    let now = Timestamp::UNIX_EPOCH;
    let create = written(
        Method::POST,
        "https://graph.microsoft.com/v1.0/users",
        "{\"a\":1}",
    );
    let other = written(
        Method::POST,
        "https://graph.microsoft.com/v1.0/users",
        "{\"a\":2}",
    );

    book.served(&heard(&create, 201), now);
    book.served(&heard(&create, 400), now);
    assert_eq!(book.ledger().sins(), []);
    book.served(&heard(&create, 201), now);
    book.served(&heard(&other, 201), now);

    let ledger = book.ledger();
    assert_eq!(ledger.effects().len(), 2);
    assert_eq!(ledger.effects()[0].count, 2);
    assert_eq!(ledger.count("POST users"), 3);
    assert_eq!(ledger.sins()[0].kind, SinKind::DoubledEffect);
    assert_eq!(ledger.sins().len(), 1);
}

#[test]
fn the_same_write_after_another_or_much_later_is_a_new_wish() {
    let mut book = Book::new(false);
    let now = Timestamp::UNIX_EPOCH;
    let url = "https://graph.microsoft.com/v1.0/users/00000000-0000-4000-8000-000000000001";
    let on = written(Method::PATCH, url, "{\"accountEnabled\":true}");
    let off = written(Method::PATCH, url, "{\"accountEnabled\":false}");
    let minutes = |count| now + SignedDuration::from_mins(count);

    book.served(&heard(&on, 204), now);
    book.served(&heard(&off, 204), minutes(1));
    book.served(&heard(&on, 204), minutes(2));
    book.served(&heard(&on, 204), minutes(30));

    assert_eq!(book.ledger().sins(), []);
    assert_eq!(book.ledger().count("PATCH users/{id}"), 4);
}

#[test]
fn questions_that_are_posted_are_no_effects() {
    let mut book = Book::new(false);
    let url = "https://graph.microsoft.com/v1.0/users/ada@contoso.example/checkMemberGroups";

    book.served(
        &heard(&written(Method::POST, url, "{}"), 200),
        Timestamp::UNIX_EPOCH,
    );

    assert_eq!(book.ledger().effects(), []);
}

#[test]
fn a_wait_on_writes_leaves_reads_alone() {
    let mut book = Book::new(false);
    let now = Timestamp::UNIX_EPOCH;
    let url = "https://graph.microsoft.com/v1.0/users";
    let (read, write) = (written(Method::GET, url, ""), written(Method::POST, url, "{}"));
    let told = Heard {
        retry_after: Some("30,120".to_owned()),
        scope: Some("Tenant_Application/Write/a/t".to_owned()),
        ..heard(&write, 429).into_iter().next().unwrap()
    };
    let nobody = "00000000-0000-4000-8000-00000000000f".parse().unwrap();

    book.delivered(&[told], 1, now);
    book.arrived(&read, (nobody, 1), now);
    assert_eq!(book.ledger().sins(), []);
    book.arrived(&write, (nobody, 0), now);
    assert_eq!(book.ledger().sins(), [], "it was under way already");
    book.arrived(&write, (nobody, 1), now + SignedDuration::from_secs(119));

    assert_eq!(book.ledger().sins()[0].kind, SinKind::EarlyRetry);
}
