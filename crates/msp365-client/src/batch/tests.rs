use http::Method;
use msp365_core::{Batch, Check, ErrorKind, Occurred, Replay, Request, Service, manual::Answer, path};
use serde_json::{Value, json};

use crate::{
    Error,
    testing::{Bench, Row, busy, create, rows, status},
};

fn number(number: usize) -> Request<Row> {
    Request::get("rows.get", Service::Graph, path!["rows", number.to_string()])
}

fn rename() -> Request<()> {
    Request::command(Method::PATCH, "rows.rename", Service::Graph, path!["rows", "1"]).json(json!({}))
}

fn answers(entries: &[Value]) -> Answer {
    Answer::json(200, &json!({ "responses": entries }))
}

fn row(id: usize) -> Value {
    json!({ "id": id.to_string(), "status": 200, "body": { "id": format!("row-{id}") } })
}

fn refused(id: usize, code: u16, seconds: &str) -> Value {
    json!({ "id": id.to_string(), "status": code, "headers": { "Retry-After": seconds }, "body": null })
}

/// The ids in the request with this number.
fn sent(bench: &Bench, at: usize) -> Vec<String> {
    let body: Value = serde_json::from_slice(&bench.script.body(at).unwrap()).unwrap();
    let requests = body["requests"].as_array().unwrap();
    requests
        .iter()
        .map(|entry| entry["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn forty_five_requests_take_three_round_trips() {
    let rounds = [0..20, 20..40, 40..45];
    let bench = Bench::new(rounds.map(|round| answers(&round.map(row).collect::<Vec<_>>())));
    let mut batch = Batch::new();
    let slots: Vec<_> = (0..45).map(|id| batch.add(number(id))).collect();

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    let ids: Vec<_> = slots
        .into_iter()
        .map(|slot| replies.take(slot).unwrap().id)
        .collect();
    assert_eq!((ids[0].as_str(), ids[44].as_str()), ("row-0", "row-44"));
    assert_eq!(bench.asked(), ["POST https://graph.microsoft.com/v1.0/$batch"; 3]);
}

#[tokio::test]
async fn an_empty_batch_asks_nothing() {
    let bench = Bench::new([]);

    bench.tenant().batch(Batch::new()).await.unwrap();

    assert!(bench.asked().is_empty());
}

#[tokio::test]
async fn f115_only_throttled_entries_are_sent_again_after_the_largest_wait() {
    let bench = Bench::new([
        answers(&[row(0), refused(1, 429, "3"), refused(2, 429, "9")]),
        answers(&[row(2), row(1)]),
    ]);
    let mut batch = Batch::new();
    let slots: Vec<_> = (0..3).map(|id| batch.add(number(id))).collect();

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert!(slots.into_iter().all(|slot| replies.take(slot).is_ok()));
    assert_eq!(sent(&bench, 1), ["1", "2"]);
    let slept = bench.slept().as_secs_f64();
    assert!((9.0..=9.9).contains(&slept), "{slept}");
    let counts = bench.client.meter().snapshot()["rows.get"];
    assert_eq!((counts.throttled, counts.retried), (2, 2));
}

#[tokio::test]
async fn f115_a_batch_that_is_refused_as_a_whole_waits_as_any_request() {
    let bench = Bench::new([busy("7"), answers(&[row(0)])]);
    let mut batch = Batch::new();
    let slot = batch.add(number(0));

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert_eq!(replies.take(slot).unwrap().id, "row-0");
    assert!(bench.slept().as_secs() >= 7);
}

#[tokio::test]
async fn f115_a_wait_beyond_the_deadline_keeps_the_answers_that_came() {
    let bench = Bench::new([answers(&[row(0), refused(1, 429, "86400")])]);
    let mut batch = Batch::new();
    let (good, late) = (batch.add(number(0)), batch.add(number(1)));

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert!(replies.take(good).is_ok());
    let error = replies.take(late).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert!(error.retry_at().is_some());
}

#[tokio::test]
async fn f116_answers_inside_of_a_424_are_read_as_any() {
    let whole = json!({ "responses": [row(0), refused(1, 429, "3")] });
    let bench = Bench::new([Answer::json(424, &whole), answers(&[row(1)])]);
    let mut batch = Batch::new();
    let slots: Vec<_> = (0..2).map(|id| batch.add(number(id))).collect();

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert!(slots.into_iter().all(|slot| replies.take(slot).is_ok()));
    assert_eq!(sent(&bench, 1), ["1"]);
}

#[tokio::test]
async fn f117_a_dependent_goes_again_only_with_its_predecessor() {
    let failed = |id: usize| json!({ "id": id.to_string(), "status": 424, "body": {} });
    let bench = Bench::new([
        answers(&[refused(0, 429, "1"), failed(1), refused(2, 404, "1"), failed(3)]),
        answers(&[row(0), row(1)]),
    ]);
    let mut batch = Batch::new();
    let first = batch.add(number(0));
    let second = batch.add_after(number(1), &first);
    let gone = batch.add(number(2));
    let stuck = batch.add_after(number(3), &gone);

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert_eq!(sent(&bench, 1), ["0", "1"]);
    assert_eq!(replies.take(second).unwrap().id, "row-1");
    assert_eq!(replies.take(gone).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(replies.take(stuck).unwrap_err().service().unwrap().status, 424);
}

#[tokio::test]
async fn a_dependent_in_a_later_round_is_not_sent_once_its_predecessor_failed() {
    let mut first: Vec<_> = (0..19).map(row).collect();
    first.push(refused(19, 404, "1"));
    let bench = Bench::new([answers(&first), answers(&[row(21)])]);
    let mut batch = Batch::new();
    let mut slots: Vec<_> = (0..20).map(|id| batch.add(number(id))).collect();
    let stuck = batch.add_after(number(20), &slots.pop().unwrap());
    let free = batch.add_after(number(21), &slots[0]);

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert_eq!(sent(&bench, 1), ["21"]);
    assert_eq!(replies.take(free).unwrap().id, "row-21");
    assert_eq!(replies.take(stuck).unwrap_err().service().unwrap().status, 424);
}

#[tokio::test]
async fn f118_answers_out_of_order_find_their_requests() {
    let bench = Bench::new([answers(&[row(2), row(0), row(1)])]);
    let mut batch = Batch::new();
    let slots: Vec<_> = (0..3).map(|id| batch.add(number(id))).collect();

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    let ids: Vec<_> = slots
        .into_iter()
        .map(|slot| replies.take(slot).unwrap().id)
        .collect();
    assert_eq!(ids, ["row-0", "row-1", "row-2"]);
}

#[tokio::test]
async fn f119_a_missing_answer_repeats_a_read_and_leaves_a_write_unknown() {
    let bench = Bench::new([answers(&[]), answers(&[row(0)])]);
    let mut batch = Batch::new();
    let (read, renamed, created) = (batch.add(number(0)), batch.add(rename()), batch.add(create()));

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert_eq!(sent(&bench, 1), ["0"]);
    assert_eq!(replies.take(read).unwrap().id, "row-0");
    for error in [
        replies.take(renamed).unwrap_err(),
        replies.take(created).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    }
}

#[tokio::test]
async fn f119_a_read_that_is_never_answered_is_unavailable() {
    let bench = Bench::new((0..5).map(|_| answers(&[])));
    let mut batch = Batch::new();
    let slot = batch.add(number(0));

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert_eq!(replies.take(slot).unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(bench.asked().len(), 5);
}

#[tokio::test]
async fn f120_of_answers_nobody_asked_for_none_counts_and_of_repeated_ones_the_first() {
    let second = json!({ "id": "0", "status": 200, "body": { "id": "second" } });
    let bench = Bench::new([answers(&[row(7), row(0), second])]);
    let mut batch = Batch::new();
    let slot = batch.add(number(0));

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert_eq!(replies.take(slot).unwrap().id, "row-0");
}

#[tokio::test]
async fn f121_bodies_are_read_by_their_type_and_headers_in_any_case() {
    let typed = |id: usize, kind: &str, body: Value| json!({ "id": id.to_string(), "status": 503, "headers": { "CONTENT-Type": kind, "Age": 7 }, "body": body });
    let gone = |id| typed(id, "text/html", json!("<html>busy</html>"));
    let encoded = |id| typed(id, "text/plain", json!("YnVzeQ=="));
    let nothing = |id| typed(id, "application/json", Value::Null);
    let bench = Bench::new((0..5).map(|_| answers(&[gone(0), encoded(1), nothing(2)])));
    let mut batch = Batch::new();
    let slots: Vec<_> = (0..3).map(|id| batch.add(number(id))).collect();

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    let said: Vec<_> = slots
        .into_iter()
        .map(|slot| replies.take(slot).unwrap_err().service().unwrap().message.clone())
        .collect();
    assert_eq!(said, ["<html>busy</html>", "busy", ""]);
}

#[tokio::test]
async fn f123_a_batch_refused_as_malformed_goes_entry_by_entry() {
    let alone = |id: usize| Answer::json(200, &json!({ "id": format!("row-{id}") }));
    let bench = Bench::new([status(400), alone(0), status(404)]);
    let mut batch = Batch::new();
    let (good, gone) = (batch.add(number(0)), batch.add(number(1)));

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert_eq!(bench.asked()[1], "GET https://graph.microsoft.com/v1.0/rows/0");
    assert_eq!(replies.take(good).unwrap().id, "row-0");
    assert_eq!(replies.take(gone).unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn f043_a_batch_that_is_too_large_goes_in_halves() {
    let bench = Bench::new([
        status(413),
        answers(&[row(0), row(1)]),
        answers(&[row(2), row(3)]),
    ]);
    let mut batch = Batch::new();
    let slots: Vec<_> = (0..4).map(|id| batch.add(number(id))).collect();

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert_eq!(
        (sent(&bench, 1), sent(&bench, 2)),
        (vec!["0".into(), "1".into()], vec!["2".into(), "3".into()])
    );
    assert!(slots.into_iter().all(|slot| replies.take(slot).is_ok()));
}

#[tokio::test]
async fn f126_at_most_four_entries_of_a_round_go_to_one_mailbox() {
    let settings = |user: &str| -> Request<Row> {
        Request::get(
            "mailbox.get",
            Service::Graph,
            path!["users", user, "mailboxSettings"],
        )
    };
    let bench = Bench::new([answers(&[0, 1, 2, 3, 6].map(row)), answers(&[4, 5].map(row))]);
    let mut batch = Batch::new();
    let mut slots: Vec<_> = (0..6).map(|_| batch.add(settings("ada"))).collect();
    slots.push(batch.add(settings("bo")));

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert_eq!(sent(&bench, 0), ["0", "1", "2", "3", "6"]);
    assert!(slots.into_iter().all(|slot| replies.take(slot).is_ok()));
}

#[tokio::test]
async fn f122_a_lost_round_repeats_its_reads_and_asks_the_check_of_a_write() {
    let check = Check::new(number(9), |reply| match reply.status.as_u16() {
        404 => Occurred::No,
        _ => Occurred::Unclear,
    });
    let made = json!({ "id": "1", "status": 201, "body": { "id": "made" } });
    let bench = Bench::new([Answer::Lost, status(404), answers(&[row(0), made])]);
    let mut batch = Batch::new();
    let (read, write) = (batch.add(number(0)), batch.add(create().check(check)));

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert_eq!(bench.asked()[1], "GET https://graph.microsoft.com/v1.0/rows/9");
    assert_eq!(sent(&bench, 2), ["0", "1"]);
    assert_eq!(replies.take(read).unwrap().id, "row-0");
    assert_eq!(replies.take(write).unwrap().id, "made");
}

#[tokio::test]
async fn f124_a_page_inside_a_batch_leads_on_outside_of_it() {
    let next = "https://graph.microsoft.com/v1.0/rows?$skiptoken=1";
    let first = json!({ "@odata.nextLink": next, "value": [{ "id": "a" }] });
    let bench = Bench::new([
        answers(&[json!({ "id": "0", "status": 200, "body": first })]),
        Answer::text(200, &[], r#"{"value":[{"id":"b"}]}"#),
    ]);
    let mut batch = Batch::new();
    let slot = batch.add(rows());

    let mut replies = bench.tenant().batch(batch).await.unwrap();
    let page = replies.take(slot).unwrap();
    let rest: Vec<_> = futures_util::StreamExt::collect(bench.tenant().pages_from(rows(), page.next)).await;

    assert_eq!(page.items, [Row { id: "a".into() }]);
    assert_eq!(rest[0].as_ref().unwrap().items, [Row { id: "b".into() }]);
}

#[tokio::test]
async fn f125_refused_tokens_inside_a_batch_are_renewed_once() {
    let bench = Bench::new([
        answers(&[row(0), refused(1, 401, "1"), refused(2, 401, "1")]),
        answers(&[row(1), refused(2, 401, "1")]),
    ]);
    let mut batch = Batch::new();
    let slots: Vec<_> = (0..3).map(|id| batch.add(number(id))).collect();

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    let results: Vec<_> = slots.into_iter().map(|slot| replies.take(slot)).collect();
    assert!(results[0].is_ok() && results[1].is_ok());
    assert_eq!(results[2].as_ref().unwrap_err().kind(), ErrorKind::SignIn);
    assert_eq!((bench.asked().len(), bench.tokens.renewals().len()), (2, 1));
    assert_eq!(
        bench.script.header(1, "authorization").as_deref(),
        Some("Bearer token-1")
    );
}

#[tokio::test]
async fn f127_an_answer_that_breaks_off_answers_nothing() {
    let bench = Bench::new([Answer::text(200, &[], r#"{"responses":[{"id":"0","#)]);
    let mut batch = Batch::new();
    let slot = batch.add(rename().replay(Replay::Once));

    let mut replies = bench.tenant().batch(batch).await.unwrap();

    assert_eq!(replies.take(slot).unwrap_err().kind(), ErrorKind::OutcomeUnknown);
}

#[tokio::test]
async fn a_refused_batch_is_one_error() {
    let bench = Bench::new([status(403)]);
    let mut batch = Batch::new();
    let _slot = batch.add(number(0));

    let error = bench.tenant().batch(batch).await.unwrap_err();

    assert!(matches!(error, Error::Answer { .. }));
    assert_eq!(error.kind(), ErrorKind::Denied);
}
