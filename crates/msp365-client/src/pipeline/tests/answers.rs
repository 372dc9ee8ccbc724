use msp365_core::{ErrorKind, Replay, manual::Answer};

use super::{block, check};
use crate::{
    Error,
    testing::{Bench, ada, create, row, rows, status},
};

#[tokio::test]
async fn f015_the_page_of_a_proxy_is_neither_an_empty_page_nor_a_value() {
    let login = || Answer::text(200, &[("content-type", "text/html")], "<html>sign in</html>");
    let bench = Bench::new([login(), login(), Answer::text(407, &[], "")]);

    let listed: Result<Vec<_>, _> =
        futures_util::TryStreamExt::try_collect(bench.tenant().stream(rows())).await;
    let wanted = bench.tenant().send(row()).await.unwrap_err();

    assert_eq!(listed.unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!((wanted.kind(), bench.asked().len()), (ErrorKind::Unavailable, 3));
}

fn stray() -> Answer {
    Answer::text(
        200,
        &[("client-request-id", "0badc0de-0000-4000-8000-000000000000")],
        r#"{"id":"of-another"}"#,
    )
}

#[tokio::test]
async fn f018_the_answer_to_another_request_is_dropped() {
    let bench = Bench::new([stray(), ada()]);

    assert_eq!(bench.tenant().send(row()).await.unwrap().id, "ada");
}

#[tokio::test]
async fn f018_a_second_foreign_answer_ends_the_call() {
    let bench = Bench::new([stray(), stray(), ada()]);

    let error = bench.tenant().send(row()).await.unwrap_err();

    assert_eq!((error.kind(), bench.asked().len()), (ErrorKind::Decode, 2));
}

#[tokio::test]
async fn f018_a_create_with_a_foreign_answer_is_in_doubt() {
    let bench = Bench::new([stray(), ada()]);

    let error = bench.tenant().send(create()).await.unwrap_err();

    assert_eq!(
        (error.kind(), bench.asked().len()),
        (ErrorKind::OutcomeUnknown, 1)
    );
}

#[tokio::test]
async fn f034_a_create_that_a_gateway_gave_up_on_is_looked_for() {
    let bench = Bench::new([status(504), ada()]);

    let error = bench.tenant().send(create().check(check())).await.unwrap_err();

    assert!(matches!(error, Error::ValueLost { .. }));
    assert_eq!(bench.asked()[1], "GET https://graph.microsoft.com/v1.0/rows/1");
}

#[tokio::test]
async fn f036_an_error_in_a_success_is_neither_a_value_nor_an_empty_page() {
    let disguised = || Answer::text(200, &[], r#"{"error":{"code":"UnknownError","message":"m"}}"#);
    let bench = Bench::new([disguised(), disguised()]);

    let listed: Result<Vec<_>, _> =
        futures_util::TryStreamExt::try_collect(bench.tenant().stream(rows())).await;
    let read = bench.tenant().send(row()).await.unwrap_err();

    assert_eq!(listed.unwrap_err().service().unwrap().code, "UnknownError");
    assert_eq!(read.service().unwrap().code, "UnknownError");
    assert_eq!(bench.asked().len(), 2);
}

#[tokio::test]
async fn f039_a_lock_is_waited_for_by_what_may_be_repeated() {
    let bench = Bench::new([status(423), ada(), status(423)]);

    bench.tenant().send(block().replay(Replay::Same)).await.unwrap();
    let error = bench.tenant().send(block()).await.unwrap_err();

    assert_eq!((error.kind(), bench.asked().len()), (ErrorKind::Conflict, 3));
}

#[tokio::test]
async fn f043_what_is_too_large_is_refused_once() {
    for code in [413, 414] {
        let bench = Bench::new([status(code)]);

        let error = bench.tenant().send(row()).await.unwrap_err();

        assert_eq!((error.kind(), bench.asked().len()), (ErrorKind::Invalid, 1));
    }
}

#[tokio::test]
async fn f044_a_service_that_only_reads_is_unavailable_for_writes() {
    let closed = Answer::text(503, &[], r#"{"error":{"code":"serviceReadOnly","message":"m"}}"#);
    let bench = Bench::new([
        closed,
        status(404),
        status(503),
        status(404),
        status(503),
        status(404),
        ada(),
    ]);

    let error = bench.tenant().send(create().check(check())).await.unwrap_err();
    bench.tenant().send(row()).await.unwrap();

    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn f050_the_page_of_a_gateway_keeps_its_status_and_some_of_its_words() {
    let page = || Answer::text(502, &[], "<html>Bad gateway, ref 0A1B</html>");
    let bench = Bench::new((0..5).map(|_| page()));

    let error = bench.tenant().send(row()).await.unwrap_err();

    let said = error.service().unwrap();
    assert_eq!((error.kind(), said.status), (ErrorKind::Unavailable, 502));
    assert!(said.message.contains("ref 0A1B"));
}

#[tokio::test]
async fn f051_f053_a_read_with_an_empty_or_broken_answer_is_sent_once_more() {
    for broken in ["", "{\"id\":\"ad", "\u{fffd}\u{0}"] {
        let bench = Bench::new([Answer::text(200, &[], broken), ada()]);
        assert_eq!(bench.tenant().send(row()).await.unwrap().id, "ada");

        let twice = Bench::new([
            Answer::text(200, &[], broken),
            Answer::text(200, &[], broken),
            ada(),
        ]);
        let error = twice.tenant().send(row()).await.unwrap_err();
        assert_eq!((error.kind(), twice.asked().len()), (ErrorKind::Decode, 2));
    }
}

#[tokio::test]
async fn f051_a_create_answered_with_nothing_is_not_sent_again() {
    let bench = Bench::new([Answer::text(204, &[], ""), ada()]);

    bench.tenant().send(create()).await.unwrap_err();

    assert_eq!(bench.asked().len(), 1);
}

#[tokio::test]
async fn f053_a_byte_order_mark_is_no_fault() {
    let bench = Bench::new([Answer::text(200, &[], "\u{feff}{\"id\":\"ada\"}")]);

    assert_eq!(bench.tenant().send(row()).await.unwrap().id, "ada");
}
