use std::time::Duration;

use msp365_core::{ErrorKind, manual::Answer};

use super::{block, check};
use crate::{
    Error,
    testing::{Bench, ada, busy, create, fabrikam, row, rows, status},
};

#[tokio::test]
async fn f020_a_standing_wait_holds_back_the_tenant_and_no_other() {
    let bench = Bench::new([busy("7"), ada(), ada(), ada()]);
    let tenant = bench.tenant();
    let hurried = tenant.clone().deadline(Duration::from_secs(3));

    let error = hurried.send(row()).await.unwrap_err();
    let parked = hurried.send(row()).await.unwrap_err();
    bench.client.tenant(fabrikam()).send(row()).await.unwrap();

    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(parked.retry_at(), Some("2026-11-22T12:00:07Z".parse().unwrap()));
    assert_eq!(bench.asked().len(), 2);
    assert_eq!(bench.slept(), Duration::ZERO);

    tenant.send(row()).await.unwrap();

    let slept = bench.slept().as_secs_f64();
    assert!((7.0..=7.7).contains(&slept), "{slept}");
}

#[tokio::test]
async fn f020_a_throttled_request_is_sent_again_after_its_wait_also_a_create() {
    let bench = Bench::new([busy("7"), ada()]);

    bench.tenant().send(create()).await.unwrap();

    let slept = bench.slept().as_secs_f64();
    assert!((7.0..=7.7).contains(&slept), "{slept}");
    let counts = bench.client.meter().snapshot()["rows.create"];
    assert_eq!((counts.requests, counts.throttled, counts.retried), (2, 1, 1));
}

#[tokio::test]
async fn f024_a_refusal_without_hint_backs_off_within_its_bounds() {
    for seed in 0..1_000 {
        let bench = Bench::seeded(seed, [status(429), status(429), status(429), ada()]);

        bench.tenant().send(row()).await.unwrap();

        let slept = bench.clock.slept();
        let bounds = [1.1, 2.2, 4.4];
        assert_eq!(slept.len(), bounds.len());
        assert!(
            slept
                .iter()
                .zip(bounds)
                .all(|(span, bound)| span.as_secs_f64() <= bound)
        );
    }
}

#[tokio::test]
async fn f025_a_huge_wait_is_not_begun() {
    let bench = Bench::new([busy("1000000000000")]);

    let error = bench.tenant().send(row()).await.unwrap_err();

    assert_eq!(error.retry_at(), Some("2026-11-23T12:00:00Z".parse().unwrap()));
    assert_eq!(bench.slept(), Duration::ZERO);
}

#[tokio::test]
async fn f030_a_throttled_create_asks_its_check_before_it_is_sent_again() {
    let bench = Bench::new([busy("7"), ada()]);

    let error = bench.tenant().send(create().check(check())).await.unwrap_err();

    assert!(matches!(error, Error::ValueLost { .. }));
    assert_eq!(bench.asked()[1], "GET https://graph.microsoft.com/v1.0/rows/1");
    assert!(bench.slept().as_secs() >= 7);
}

fn scoped(scope: &str) -> Answer {
    Answer::text(429, &[("retry-after", "7"), ("x-ms-throttle-scope", scope)], "")
}

#[tokio::test]
async fn f021_a_wait_of_parts_of_a_second_is_kept() {
    let bench = Bench::new([busy("2.128"), ada()]);

    bench.tenant().send(row()).await.unwrap();

    let slept = bench.slept().as_secs_f64();
    assert!((2.128..=2.35).contains(&slept), "{slept}");
}

#[tokio::test]
async fn f027_reads_go_on_while_writes_wait() {
    let bench = Bench::new([scoped("Tenant_Application/Write/a/t"), ada()]);
    let hurried = bench.tenant().deadline(Duration::from_secs(3));

    let refused = hurried.send(block()).await.unwrap_err();
    hurried.send(row()).await.unwrap();
    let parked = hurried.send(block()).await.unwrap_err();

    assert_eq!(
        (refused.kind(), parked.kind()),
        (ErrorKind::Throttled, ErrorKind::Throttled)
    );
    assert_eq!((bench.asked().len(), bench.slept()), (2, Duration::ZERO));
}

#[tokio::test]
async fn f028_a_wait_of_the_application_holds_back_every_tenant() {
    let bench = Bench::new([scoped("Application/ReadWrite/a/t"), ada()]);
    let hurried = bench.tenant().deadline(Duration::from_secs(3));

    hurried.send(row()).await.unwrap_err();
    bench.client.tenant(fabrikam()).send(row()).await.unwrap();

    assert!(bench.slept().as_secs() >= 7);
}

#[tokio::test]
async fn f029_a_warning_slows_the_tenant_before_it_is_refused() {
    let warned = |load| {
        Answer::text(
            200,
            &[("x-ms-throttle-limit-percentage", load)],
            r#"{"id":"ada"}"#,
        )
    };
    let bench = Bench::new([warned("1.2"), ada(), ada()]);

    bench.tenant().send(row()).await.unwrap();
    bench.client.tenant(fabrikam()).send(row()).await.unwrap();
    let before = bench.slept();
    bench.tenant().send(row()).await.unwrap();

    assert_eq!(before, Duration::ZERO);
    assert!(bench.slept() >= Duration::from_secs(4), "{:?}", bench.slept());
}

#[tokio::test]
async fn f032_unavailability_with_or_without_a_wait_is_outlasted() {
    let told = Answer::text(503, &[("retry-after", "9")], "");
    let bench = Bench::new([told, status(503), status(509), ada()]);

    bench.tenant().send(row()).await.unwrap();

    assert!(bench.slept().as_secs() >= 9);
}

#[tokio::test]
async fn f037_a_resource_that_keeps_failing_is_left_alone_and_the_others_are_not() {
    let bench = Bench::new((0..5).map(|_| status(500)).chain([ada(), ada()]));
    let other = || {
        msp365_core::Request::<serde_json::Value>::get(
            "lines.get",
            msp365_core::Service::Graph,
            msp365_core::path!["lines"],
        )
    };
    bench.tenant().send(row()).await.unwrap_err();

    let left_alone = bench.tenant().send(row()).await.unwrap_err();
    bench.tenant().send(other()).await.unwrap();
    let asked = bench.asked().len();
    bench.clock.advance(Duration::from_secs(31));
    bench.tenant().send(row()).await.unwrap();

    assert!(matches!(left_alone, Error::CircuitOpen { .. }));
    assert_eq!(left_alone.kind(), ErrorKind::Unavailable);
    assert!(left_alone.retry_at().is_some());
    assert_eq!((asked, bench.asked().len()), (6, 7));
}

#[tokio::test]
async fn f038_an_outage_does_not_multiply_what_is_sent() {
    let bench = Bench::new((0..2_000).map(|_| status(503)));

    for number in 0..1_000_u32 {
        let tenant = msp365_core::TenantId::new(uuid::Uuid::from_u128(u128::from(number)));
        bench.client.tenant(tenant).send(row()).await.unwrap_err();
    }

    let asked = bench.asked().len();
    assert!(asked <= 1_100, "{asked}");
}

#[tokio::test]
async fn f028_f031_a_listing_goes_on_after_its_refusals() {
    let page = Answer::text(200, &[], r#"{"value":[{"id":"a"}]}"#);
    let bench = Bench::new([scoped("Application/ReadWrite/a/t"), status(429), page]);

    let rows: Vec<_> = futures_util::TryStreamExt::try_collect(bench.tenant().stream(rows()))
        .await
        .unwrap();

    assert_eq!(rows.len(), 1);
}
