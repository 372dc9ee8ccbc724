//! What is done about each refusal, and for how long.

use std::time::Duration;

use msp365_core::{ErrorKind, manual::Answer};
use serde_json::json;

use super::{bench, granted, refused};
use crate::testing;

#[tokio::test]
async fn f135_f136_a_dead_sign_in_stops_all_tenants_after_one_call() {
    for number in [50_173, 700_082, 70_008, 700_084, 700_003] {
        let bench = bench([refused(number), granted("a")]).await;

        for tenant in [testing::customer(), testing::other_customer(), testing::partner()] {
            let error = bench.any(tenant).await.unwrap_err();
            assert_eq!((error.kind, error.tenant), (ErrorKind::SignIn, tenant));
            assert_eq!(error.code, format!("AADSTS{number}"));
        }
        bench.clock.advance(Duration::from_hours(24));
        assert!(bench.any(testing::customer()).await.is_err());
        assert_eq!(bench.calls(), 1);

        let vault = testing::vault(&bench.kept);
        vault.save_connection(&testing::connection()).await.unwrap();
        assert_eq!(bench.any(testing::customer()).await.unwrap(), "a");
    }
}

#[tokio::test]
async fn f137_f138_f144_f145_f146_a_refusal_in_one_tenant_leaves_the_others() {
    for (number, kind) in [
        (50_076, ErrorKind::SignIn),
        (53_003, ErrorKind::SignIn),
        (65_001, ErrorKind::Consent),
        (700_016, ErrorKind::Consent),
        (90_002, ErrorKind::NotFound),
        (50_020, ErrorKind::Relationship),
    ] {
        let bench = bench([refused(number), granted("b"), granted("a")]).await;

        for _ in 0..3 {
            let error = bench.any(testing::customer()).await.unwrap_err();
            assert_eq!(error.kind, kind, "{number}");
            assert!(!error.remedy.is_empty());
        }
        assert_eq!(bench.any(testing::other_customer()).await.unwrap(), "b");
        assert_eq!(bench.calls(), 2);
        bench.clock.advance(Duration::from_secs(61));
        assert_eq!(bench.any(testing::customer()).await.unwrap(), "a");
    }
}

#[tokio::test]
async fn f141_a_refused_app_secret_is_tried_once_an_hour() {
    let secret = || {
        Answer::json(
            401,
            &json!({"error": "invalid_client", "error_codes": [7_000_222]}),
        )
    };
    let bench = bench([secret(), secret()]).await;

    for _ in 0..2 {
        for tenant in [testing::customer(), testing::other_customer()] {
            assert_eq!(bench.any(tenant).await.unwrap_err().code, "AADSTS7000222");
        }
        bench.clock.advance(Duration::from_secs(3_601));
    }

    assert_eq!(bench.calls(), 2);
}

#[tokio::test]
async fn f133_f134_a_failed_early_renewal_is_silent_while_the_token_lives() {
    let busy = || Answer::text(429, &[("retry-after", "30")], "");
    let bench = bench([granted("a"), busy(), granted("b")]).await;
    bench.any(testing::customer()).await.unwrap();
    bench.clock.advance(Duration::from_mins(55));

    for _ in 0..5 {
        assert_eq!(bench.any(testing::customer()).await.unwrap(), "a");
    }

    assert_eq!(bench.calls(), 2);
    assert!(bench.clock.slept().is_empty());
    bench.clock.advance(Duration::from_secs(301));
    assert_eq!(bench.any(testing::customer()).await.unwrap(), "b");
}

#[tokio::test]
async fn f133_faults_are_waited_out_as_long_as_the_service_asks() {
    let bench = bench([
        Answer::text(429, &[("retry-after", "7")], "<html>"),
        Answer::json(400, &json!({"error": "invalid_grant", "error_codes": [90_033]})),
        granted("a"),
    ])
    .await;

    assert_eq!(bench.any(testing::customer()).await.unwrap(), "a");

    let slept = bench.clock.slept();
    assert_eq!(slept.len(), 2);
    assert!(slept[0] >= Duration::from_secs(7));
}

#[tokio::test]
async fn f133_three_attempts_are_enough_and_the_rest_waits() {
    let busy = || Answer::text(503, &[("retry-after", "20")], "");
    let bench = bench([busy(), busy(), busy(), granted("a")]).await;

    for _ in 0..3 {
        let error = bench.any(testing::customer()).await.unwrap_err();
        assert_eq!(
            (error.kind, error.code.as_str()),
            (ErrorKind::Unavailable, "http_503")
        );
        assert_eq!(error.retry_after, Some(Duration::from_secs(20)));
    }
    assert_eq!(bench.calls(), 3);
    bench.clock.advance(Duration::from_secs(21));
    assert_eq!(bench.any(testing::customer()).await.unwrap(), "a");
}

#[tokio::test]
async fn a_hint_of_hours_is_the_callers_to_wait_for() {
    let bench = bench([Answer::text(429, &[("retry-after", "7200")], "")]).await;

    let error = bench.any(testing::customer()).await.unwrap_err();

    assert_eq!(
        (error.kind, error.retry_after),
        (ErrorKind::Throttled, Some(Duration::from_hours(2)))
    );
    assert_eq!((bench.calls(), bench.clock.slept().len()), (1, 0));
}
