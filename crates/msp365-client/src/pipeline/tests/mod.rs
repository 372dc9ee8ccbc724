mod answers;
mod load;

use std::time::Duration;

use http::Method;
use msp365_core::{Audience, Check, ErrorKind, Occurred, Replay, Request, Service, manual::Answer, path};

use crate::{
    Error,
    testing::{Bench, ada, contoso, create, row, status},
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
