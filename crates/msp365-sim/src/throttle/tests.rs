use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use msp365_core::{Reply, TenantId};
use serde_json::{Value, json};

use super::limits::LIMITS;
use crate::{Cloud, Sim, Throttle, front::bench};

const USERS: &str = "https://graph.microsoft.com/v1.0/users?$top=1&$select=id";

fn cloud(throttle: Throttle) -> Cloud {
    Sim::seeded(7)
        .customers(1)
        .users_each(60)
        .manual_clock()
        .throttle(throttle)
        .build()
}

async fn ask(cloud: &Cloud, tenant: TenantId, url: &str) -> Reply {
    bench::send(cloud, bench::get(cloud, tenant, url).await)
        .await
        .unwrap()
}

#[tokio::test]
async fn nothing_is_refused_unless_it_is_asked_for() {
    let cloud = cloud(Throttle::Off);
    let tenant = bench::customer(&cloud);

    for _ in 0..50 {
        assert_eq!(ask(&cloud, tenant, USERS).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn units_of_a_tenant_run_out_and_come_back_once_the_time_named_has_passed() {
    let cloud = cloud(Throttle::Divided(1_000)); // 60 users: 5 units in 10 s
    let tenant = bench::customer(&cloud);

    let mut last = ask(&cloud, tenant, USERS).await;
    for _ in 0..4 {
        assert_eq!(last.status, StatusCode::OK);
        last = ask(&cloud, tenant, USERS).await;
    }
    assert_eq!(last.header("x-ms-throttle-limit-percentage"), Some("1.00"));
    let refused = ask(&cloud, tenant, USERS).await;

    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), Some("10"));
    let scope = refused.header("x-ms-throttle-scope").unwrap();
    assert!(scope.starts_with("Tenant_Application/ReadWrite/"), "{scope}");
    assert!(scope.ends_with(&tenant.to_string()), "{scope}");
    assert_eq!(
        refused.header("x-ms-throttle-information"),
        Some("ResourceUnitLimitExceeded")
    );
    cloud.advance(Duration::from_secs(10));
    assert_eq!(ask(&cloud, tenant, USERS).await.status, StatusCode::OK);
}

#[tokio::test]
async fn requests_while_throttled_still_count() {
    let cloud = cloud(Throttle::Divided(1_000));
    let tenant = bench::customer(&cloud);
    for _ in 0..6 {
        ask(&cloud, tenant, USERS).await;
    }

    for _ in 0..3 {
        cloud.advance(Duration::from_secs(5));
        for _ in 0..5 {
            ask(&cloud, tenant, USERS).await;
        }
    }

    assert_eq!(
        ask(&cloud, tenant, USERS).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn a_choice_of_properties_and_small_pages_cost_less() {
    let cloud = cloud(Throttle::Divided(1_000));
    let tenant = bench::customer(&cloud);
    let url = "https://graph.microsoft.com/v1.0/users";

    let statuses = [
        ask(&cloud, tenant, url).await,
        ask(&cloud, tenant, url).await,
        ask(&cloud, tenant, url).await,
    ]
    .map(|reply| reply.status.as_u16());

    assert_eq!(statuses, [200, 200, 429]);
}

#[tokio::test]
async fn items_of_a_batch_are_throttled_one_by_one() {
    let cloud = cloud(Throttle::Divided(1_000));
    let tenant = bench::customer(&cloud);
    let mut items: Vec<Value> = (0..7)
        .map(|id| json!({"id": id.to_string(), "method": "GET", "url": "/users?$top=1&$select=id"}))
        .collect();
    items.push(json!({"id": "late", "method": "GET", "url": "/organization", "dependsOn": ["6"]}));

    let request = bench::batch(&cloud, tenant, &items).await;
    let reply = bench::send(&cloud, request).await.unwrap();

    assert_eq!(reply.status, StatusCode::OK);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    let status = |id: &str| {
        let all = body["responses"].as_array().unwrap();
        all.iter().find(|one| one["id"] == id).unwrap().clone()
    };
    assert_eq!(body["responses"].as_array().unwrap().len(), 8);
    assert_eq!(status("4")["status"], 200);
    assert_eq!(status("5")["status"], 429);
    assert_eq!(status("6")["headers"]["Retry-After"], "10");
    assert_eq!(status("late")["status"], 429);
}

#[tokio::test]
async fn usage_reports_have_a_limit_each() {
    let cloud = cloud(Throttle::Documented);
    let tenant = bench::customer(&cloud);
    let url = "https://graph.microsoft.com/v1.0/reports/getMailboxUsageDetail(period='D7')";

    for _ in 0..14 {
        assert_eq!(ask(&cloud, tenant, url).await.status, StatusCode::FOUND);
    }
    let refused = ask(&cloud, tenant, url).await;

    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), Some("600"));
    assert_eq!(ask(&cloud, tenant, USERS).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_shows_no_token_is_refused_for_that() {
    let cloud = cloud(Throttle::Divided(u32::MAX));

    for _ in 0..3 {
        let request = Request::get(USERS).body(Bytes::new()).unwrap();
        let reply = bench::send(&cloud, request).await.unwrap();
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    }
}

#[test]
fn every_limit_says_where_it_is_from() {
    assert!(LIMITS.iter().all(|limit| limit.source.contains("202")));
}
