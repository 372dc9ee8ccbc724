use std::time::Duration;

use http::Method;
use msp365_core::{Audience, Check, ErrorKind, Occurred, Replay, Request, Service, manual::Answer, path};

use crate::{
    Error,
    testing::{Bench, ada, busy, contoso, create, fabrikam, row, status},
};

/// Asks for the created row: 404 means that it is not there.
fn check() -> Check {
    Check::new(row(), |reply| match reply.status.as_u16() {
        200 => Occurred::Yes,
        404 => Occurred::No,
        _ => Occurred::Unclear,
    })
}

fn block() -> Request<()> {
    Request::command(
        Method::POST,
        "rows.block",
        Service::Graph,
        path!["rows", "1", "block"],
    )
}

#[tokio::test]
async fn every_request_carries_token_ids_and_names() {
    let bench = Bench::new([ada()]);

    bench.tenant().send(row()).await.unwrap();

    let header = |name: &str| bench.script.header(0, name);
    assert_eq!(bench.asked(), ["GET https://graph.microsoft.com/v1.0/rows/1"]);
    assert_eq!(header("authorization").as_deref(), Some("Bearer token-0"));
    assert_eq!(header("accept").as_deref(), Some("application/json"));
    assert_eq!(header("client-request-id").map(|id| id.len()), Some(36));
    assert!(header("user-agent").is_some_and(|name| name.starts_with("msp365/")));
    assert_eq!(header("ms-requestid"), None);
    assert_eq!(
        bench.tokens.asked()[0],
        msp365_core::TokenRequest::new(contoso(), Audience::Graph)
    );
}

#[tokio::test]
async fn partner_center_sees_one_request_id_over_all_attempts_of_a_call() {
    let bench = Bench::new([status(503), ada(), ada()]);
    let request = || Request::<serde_json::Value>::get("c.list", Service::PartnerCenter, path!["customers"]);

    bench.tenant().send(request()).await.unwrap();
    bench.tenant().send(request()).await.unwrap();

    let id = |number| bench.script.header(number, "ms-requestid").unwrap();
    assert_eq!(id(0), id(1));
    assert_ne!(id(1), id(2));
    assert_ne!(
        bench.script.header(0, "client-request-id"),
        bench.script.header(1, "client-request-id")
    );
    assert_eq!(
        bench.script.header(0, "ms-contract-version").as_deref(),
        Some("v1")
    );
    assert_eq!(bench.tokens.asked()[0].audience, Audience::PartnerCenter);
}

#[tokio::test]
async fn f001_a_create_that_was_not_sent_is_sent_again() {
    let bench = Bench::new([Answer::NotSent, Answer::NotSent, ada()]);

    let created = bench.tenant().send(create()).await.unwrap();

    assert_eq!((created.id.as_str(), bench.asked().len()), ("ada", 3));
    assert_eq!(bench.clock.slept().len(), 2);
}

#[tokio::test]
async fn f004_a_create_whose_answer_was_lost_is_not_sent_again() {
    let bench = Bench::new([Answer::Lost]);

    let error = bench.tenant().send(create()).await.unwrap_err();

    assert!(matches!(error, Error::OutcomeUnknown { source: Some(_), .. }));
    assert_eq!(
        (error.kind(), bench.asked().len()),
        (ErrorKind::OutcomeUnknown, 1)
    );
}

#[tokio::test]
async fn f004_a_lost_command_that_its_check_finds_done_has_succeeded() {
    let bench = Bench::new([Answer::Lost, ada()]);

    bench.tenant().send(block().check(check())).await.unwrap();

    assert_eq!(bench.asked().len(), 2);
}

#[tokio::test]
async fn f004_a_lost_create_that_its_check_finds_done_is_not_sent_again() {
    let bench = Bench::new([Answer::Lost, ada()]);

    let error = bench.tenant().send(create().check(check())).await.unwrap_err();

    assert!(matches!(error, Error::ValueLost { .. }));
    assert_eq!(bench.asked().len(), 2);
}

#[tokio::test]
async fn f004_a_lost_create_that_its_check_finds_undone_is_sent_again() {
    let bench = Bench::new([Answer::Lost, status(404), ada()]);

    let created = bench.tenant().send(create().check(check())).await.unwrap();

    assert_eq!(created.id, "ada");
    assert_eq!(
        bench.asked(),
        [
            "POST https://graph.microsoft.com/v1.0/rows",
            "GET https://graph.microsoft.com/v1.0/rows/1",
            "POST https://graph.microsoft.com/v1.0/rows",
        ]
    );
}

#[tokio::test]
async fn f004_a_check_that_fails_leaves_the_outcome_unknown() {
    let bench = Bench::new([Answer::Lost, status(403)]);

    let error = bench.tenant().send(create().check(check())).await.unwrap_err();

    assert_eq!(
        (error.kind(), bench.asked().len()),
        (ErrorKind::OutcomeUnknown, 2)
    );
}

#[tokio::test]
async fn a_repeatable_write_that_stays_lost_has_an_unknown_outcome() {
    let bench = Bench::new([Answer::Lost, Answer::NotSent, Answer::NotSent]);

    let error = bench
        .tenant()
        .send(block().replay(Replay::Same))
        .await
        .unwrap_err();

    assert_eq!(
        (error.kind(), bench.asked().len()),
        (ErrorKind::OutcomeUnknown, 3)
    );
}

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

#[tokio::test]
async fn f033_faults_of_the_service_are_outlasted_by_reads() {
    let bench = Bench::new([status(500), status(502), status(504), Answer::TimedOut, ada()]);

    assert_eq!(bench.tenant().send(row()).await.unwrap().id, "ada");
}

#[tokio::test]
async fn f033_faults_that_do_not_end_are_reported_with_what_was_tried() {
    let bench = Bench::new([500, 502, 503, 504, 500].map(status));

    let error = bench.tenant().send(row()).await.unwrap_err();

    let trail = error.trail().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(
        (trail.operation, trail.tenant, trail.attempts),
        ("rows.get", contoso(), 5)
    );
    assert!(!trail.elapsed.is_zero() && trail.client_request_id.is_some());
    assert_eq!(error.service().unwrap().status, 500);
}

#[tokio::test]
async fn f040_a_redirect_answers_no_write_and_is_no_value() {
    let away = || Answer::text(302, &[("location", "https://evil.example/")], r#"{"id":"evil"}"#);
    let bench = Bench::new([away(), away()]);

    let write = bench.tenant().send(block()).await.unwrap_err();
    let read = bench.tenant().send(row()).await.unwrap_err();

    assert!(matches!(write, Error::UnsafeLink { .. }));
    assert_eq!(read.kind(), ErrorKind::Decode);
    assert_eq!(bench.asked().len(), 2);
}

#[tokio::test]
async fn f130_a_refused_token_is_renewed_once_for_writes_too() {
    let bench = Bench::new([status(401), ada()]);

    bench.tenant().send(create()).await.unwrap();

    assert_eq!(
        bench.script.header(1, "authorization").as_deref(),
        Some("Bearer token-1")
    );
    assert_eq!((bench.asked().len(), bench.tokens.renewals().len()), (2, 1));
}

#[tokio::test]
async fn f131_a_new_token_that_is_refused_too_ends_the_call() {
    let bench = Bench::new([status(401), status(401), ada()]);

    let error = bench.tenant().send(row()).await.unwrap_err();

    assert_eq!((error.kind(), bench.asked().len()), (ErrorKind::SignIn, 2));
}

#[tokio::test]
async fn f132_a_claims_challenge_is_answered_with_a_new_token() {
    let challenge = "Bearer error=\"insufficient_claims\", claims=\"eyJhIjoxfQ==\"";
    let refused = Answer::text(401, &[("www-authenticate", challenge)], "");
    let bench = Bench::new([refused, ada()]);

    bench.tenant().send(row()).await.unwrap();

    assert_eq!(bench.tokens.renewals()[0].claims.as_deref(), Some(r#"{"a":1}"#));
    assert_eq!(
        bench.script.header(1, "authorization").as_deref(),
        Some("Bearer token-1")
    );
}

#[tokio::test]
async fn nothing_is_sent_after_the_deadline() {
    let bench = Bench::new([ada()]);

    let error = bench
        .tenant()
        .deadline(Duration::ZERO)
        .send(row())
        .await
        .unwrap_err();

    assert_eq!((error.kind(), bench.asked().len()), (ErrorKind::Timeout, 0));
}

#[tokio::test]
async fn errors_and_debug_output_hold_no_token() {
    let bench = Bench::new([status(403), Answer::Lost]);
    let denied = bench.tenant().send(row()).await.unwrap_err();
    let unknown = bench.tenant().send(create()).await.unwrap_err();

    for text in [
        format!("{denied} {denied:?}"),
        format!("{unknown} {unknown:?}"),
        format!("{:?} {:?}", bench.tenant(), bench.client),
    ] {
        assert!(!text.contains("token-"), "{text}");
    }
}
