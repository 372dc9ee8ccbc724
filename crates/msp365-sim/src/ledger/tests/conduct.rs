//! Sins against what clients were told: each committed once and avoided once.

use std::time::Duration;

use http::{Request, header};
use serde_json::Value;

use super::{USERS, cloud, kinds};
use crate::{Cloud, FaultPlan, Sim, SinKind, Throttle, front::bench};

async fn json(cloud: &Cloud, request: Request<bytes::Bytes>) -> Value {
    let reply = bench::send(cloud, request).await.unwrap();
    serde_json::from_slice(reply.text_bytes()).unwrap_or_default()
}

fn install(cloud: &Cloud, plan: &str) {
    plan.parse::<FaultPlan>().unwrap().install(cloud);
}

#[tokio::test]
async fn a_link_to_another_host_that_is_followed_with_the_token_is_a_sin() {
    let cloud = cloud(Throttle::Off);
    let tenant = bench::customer(&cloud);
    install(&cloud, "F075");
    let page = json(&cloud, bench::get(&cloud, tenant, USERS).await).await;
    assert_eq!(cloud.ledger().assert_clean(), Ok(()), "it was not followed yet");

    let link = page["@odata.nextLink"].as_str().unwrap();
    let followed = bench::get(&cloud, tenant, link).await;
    bench::send(&cloud, followed).await.unwrap();

    assert_eq!(kinds(&cloud), [SinKind::ForeignHost]);
    let said = cloud.ledger().assert_clean().unwrap_err();
    assert!(
        said.contains("graph.evil.example is no host of the service, with a token"),
        "{said}"
    );
}

#[tokio::test]
async fn hosts_of_national_clouds_and_of_a_served_cloud_are_the_services_own() {
    let cloud = cloud(Throttle::Off);
    let tenant = bench::customer(&cloud);
    for host in [
        "graph.microsoft.com",
        "graph.microsoft.us",
        "GRAPH.microsoft.com:443",
    ] {
        let url = format!("https://{host}/v1.0/users?$top=1");
        bench::send(&cloud, bench::get(&cloud, tenant, &url).await)
            .await
            .unwrap();
    }
    assert_eq!(kinds(&cloud), []);

    let wrong = bench::get(&cloud, tenant, "https://login.microsoftonline.com/v1.0/users").await;
    bench::send(&cloud, wrong).await.unwrap();
    assert_eq!(kinds(&cloud), [SinKind::ForeignHost]);

    let server = Sim::seeded(7)
        .customers(1)
        .users_each(3)
        .manual_clock()
        .start()
        .await
        .unwrap();
    let url = format!("http://{}/v1.0/users", server.address());
    let tenant = bench::customer(&server);
    bench::send(&server, bench::get(&server, tenant, &url).await)
        .await
        .unwrap();
    assert_eq!(kinds(&server), []);
}

#[tokio::test]
async fn the_storage_of_reports_is_shown_no_token() {
    let cloud = cloud(Throttle::Off);
    let tenant = bench::customer(&cloud);
    let report = "https://graph.microsoft.com/v1.0/reports/getMailboxUsageDetail(period='D7')";
    let reply = bench::send(&cloud, bench::get(&cloud, tenant, report).await)
        .await
        .unwrap();
    let at = reply.header("location").unwrap().to_owned();
    let plain = Request::get(&at).body(bytes::Bytes::new()).unwrap();

    bench::send(&cloud, plain).await.unwrap();
    assert_eq!(kinds(&cloud), []);
    bench::send(&cloud, bench::get(&cloud, tenant, &at).await)
        .await
        .unwrap();

    assert_eq!(kinds(&cloud), [SinKind::ForeignHost]);
}

#[tokio::test]
async fn a_token_that_was_refused_is_not_shown_again() {
    let cloud = cloud(Throttle::Off);
    let tenant = bench::customer(&cloud);
    install(&cloud, "F130");
    let old = bench::get(&cloud, tenant, USERS).await;
    bench::send(&cloud, old.clone()).await.unwrap();

    let new = bench::get(&cloud, tenant, USERS).await;
    assert_ne!(
        new.headers()[header::AUTHORIZATION],
        old.headers()[header::AUTHORIZATION]
    );
    bench::send(&cloud, new).await.unwrap();
    assert_eq!(kinds(&cloud), [], "the second token is another one");
    bench::send(&cloud, old).await.unwrap();

    assert_eq!(kinds(&cloud), [SinKind::RefusedToken]);
}

#[tokio::test]
async fn a_token_that_was_refused_inside_a_batch_is_not_shown_again() {
    let cloud = cloud(Throttle::Off);
    let items = [serde_json::json!({"id": "1", "method": "GET", "url": "/users?$top=1"})];
    install(&cloud, "F125");
    let batch = bench::batch(&cloud, bench::customer(&cloud), &items).await;
    bench::send(&cloud, batch.clone()).await.unwrap();
    assert_eq!(kinds(&cloud), []);

    bench::send(&cloud, batch).await.unwrap();

    assert_eq!(kinds(&cloud), [SinKind::RefusedToken]);
}

#[tokio::test]
async fn a_round_that_is_to_begin_anew_is_not_gone_on_with() {
    for plan in ["F090", "F091:variant=3"] {
        let cloud = cloud(Throttle::Off);
        let tenant = bench::customer(&cloud);
        let latest = "https://graph.microsoft.com/v1.0/users/delta?$deltatoken=latest&$select=id";
        let round = json(&cloud, bench::get(&cloud, tenant, latest).await).await;
        let link = round["@odata.deltaLink"].as_str().unwrap();
        install(&cloud, plan);
        let refused = bench::get(&cloud, tenant, link).await;
        bench::send(&cloud, refused).await.unwrap();

        let anew = "https://graph.microsoft.com/v1.0/users/delta?$select=id";
        bench::send(&cloud, bench::get(&cloud, tenant, anew).await)
            .await
            .unwrap();
        assert_eq!(kinds(&cloud), [], "{plan}");
        bench::send(&cloud, bench::get(&cloud, tenant, link).await)
            .await
            .unwrap();

        assert_eq!(kinds(&cloud), [SinKind::IgnoredResync], "{plan}");
    }
}

#[tokio::test]
async fn attempts_that_come_to_nothing_have_an_end() {
    let cloud = cloud(Throttle::Off);
    let request = bench::get(&cloud, bench::customer(&cloud), USERS).await;
    install(&cloud, "F033:first=11");
    for _ in 0..10 {
        bench::send(&cloud, request.clone()).await.unwrap();
    }
    assert_eq!(kinds(&cloud), []);

    bench::send(&cloud, request.clone()).await.unwrap();
    assert_eq!(kinds(&cloud), [SinKind::UnboundedRetry]);
    for _ in 0..20 {
        bench::send(&cloud, request.clone()).await.unwrap();
    }

    // The twelfth attempt is a sin too, and it is answered: with that the row of them has ended.
    assert_eq!(kinds(&cloud), [SinKind::UnboundedRetry; 2]);
}

#[tokio::test]
async fn attempts_that_are_far_apart_are_new_ones_and_lost_answers_count() {
    let cloud = cloud(Throttle::Off);
    let request = bench::get(&cloud, bench::customer(&cloud), USERS).await;
    install(&cloud, "F003:variant=0:always");
    for _ in 0..3 {
        for _ in 0..10 {
            bench::send(&cloud, request.clone()).await.unwrap_err();
        }
        cloud.advance(Duration::from_mins(15));
    }
    assert_eq!(kinds(&cloud), []);

    for _ in 0..11 {
        bench::send(&cloud, request.clone()).await.unwrap_err();
    }

    assert_eq!(kinds(&cloud), [SinKind::UnboundedRetry]);
}

#[tokio::test]
async fn a_wait_covers_the_app_the_tenant_and_the_workload_that_were_throttled() {
    let cloud = cloud(Throttle::Off);
    let tenant = bench::customer(&cloud);
    let read = async |path: &str| {
        bench::get(
            &cloud,
            tenant,
            &format!("https://graph.microsoft.com/v1.0/{path}"),
        )
        .await
    };
    install(&cloud, "F020:path=/v1.0/auditLogs");
    bench::send(&cloud, read("auditLogs/signIns?$top=1").await)
        .await
        .unwrap();

    bench::send(&cloud, read("users?$top=1").await).await.unwrap();
    let (delegated, _) = bench::signed_in(&cloud, "https://graph.microsoft.com").await;
    let other_app = bench::with_token(
        &delegated,
        "https://graph.microsoft.com/v1.0/auditLogs/signIns?$top=1",
    );
    bench::send(&cloud, other_app).await.unwrap();
    assert_eq!(kinds(&cloud), []);
    bench::send(&cloud, read("auditLogs/directoryAudits?$top=1").await)
        .await
        .unwrap();

    assert_eq!(kinds(&cloud), [SinKind::EarlyRetry]);
}

#[tokio::test]
async fn a_wait_for_the_app_covers_all_tenants() {
    let cloud = cloud(Throttle::Off);
    install(&cloud, "F028");
    let first = bench::get(&cloud, bench::customer(&cloud), USERS).await;
    bench::send(&cloud, first).await.unwrap();

    let truth = cloud.truth();
    let tenants: Vec<&Value> = truth.iter().filter(|line| line["kind"] == "tenant").collect();
    let other = tenants[1]["tenant"].as_str().unwrap().parse().unwrap();
    let second = bench::get(&cloud, other, USERS).await;
    bench::send(&cloud, second.clone()).await.unwrap();
    assert_eq!(kinds(&cloud), [SinKind::EarlyRetry]);
    cloud.advance(Duration::from_secs(10));
    bench::send(&cloud, second).await.unwrap();

    assert_eq!(kinds(&cloud), [SinKind::EarlyRetry]);
}
