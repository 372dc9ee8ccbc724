mod links;
mod memory;

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use msp365_core::{
    Cursor, Endpoints, ErrorKind, Page, Reply, Request, SeededRandom, Transport, TransportError,
    manual::{Answer, ScriptedTransport},
};

use crate::{
    Client, Error,
    testing::{Bench, Row, Tokens, contoso, listen, ok, over_sockets, read, rows, status, write},
};

const HOST: &str = "https://graph.microsoft.com";

fn link(number: usize) -> String {
    format!("{HOST}/v1.0/rows?$skiptoken={number}")
}

/// A page as Graph sends it: the link stands before the rows.
fn page(next: Option<&str>, ids: &[&str]) -> String {
    let rows: Vec<_> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
    let link = next.map_or_else(String::new, |next| format!(r#""@odata.nextLink":"{next}","#));
    format!(r#"{{{link}"value":[{}]}}"#, rows.join(","))
}

fn answer(next: Option<&str>, ids: &[&str]) -> Answer {
    Answer::text(200, &[], &page(next, ids))
}

async fn ids(bench: &Bench, request: Request<Page<Row>>) -> Result<Vec<String>, Error> {
    let rows = bench.tenant().stream(request).map_ok(|row| row.id);
    rows.try_collect().await
}

#[tokio::test]
async fn rows_come_in_order_with_one_request_a_page() {
    let bench = Bench::new([
        answer(Some(&link(1)), &["a", "b"]),
        answer(Some(&link(2)), &[]),
        answer(None, &["c"]),
    ]);

    let rows = ids(&bench, rows()).await.unwrap();

    assert_eq!(rows, ["a", "b", "c"]);
    assert_eq!(bench.asked().len(), 3);
}

#[tokio::test]
async fn only_one_page_is_asked_for_ahead() {
    let bench = Bench::new([
        answer(Some(&link(1)), &["a"]),
        answer(Some(&link(2)), &["b"]),
        answer(None, &["c"]),
    ]);
    let mut pages = pin!(bench.tenant().pages(rows()));

    pages.next().await.unwrap().unwrap();

    assert_eq!(bench.asked().len(), 2);
}

#[tokio::test]
async fn a_link_behind_the_rows_is_followed_too() {
    let late = format!(r#"{{"value":[{{"id":"a"}}],"@odata.nextLink":"{}"}}"#, link(1));
    let bench = Bench::new([Answer::text(200, &[], &late), answer(None, &["b"])]);

    assert_eq!(ids(&bench, rows()).await.unwrap(), ["a", "b"]);
    assert_eq!(bench.asked().len(), 2);
}

#[tokio::test]
async fn of_two_links_the_decoded_one_wins() {
    // The last of two members of one name is not what stands early: serde refuses such a page, so a page decoded by
    // other rules is needed.
    let request: Request<Page<Row>> = Request::new(
        http::Method::GET,
        "rows.list",
        msp365_core::Service::Graph,
        msp365_core::path!["rows"],
        |_, reply| {
            let is_first = reply.body.starts_with(b"{\"@odata.nextLink\"");
            let next = is_first.then(|| Cursor::link(link(2)));
            Ok(Page::new(Vec::new(), next))
        },
    );
    let bench = Bench::new([
        answer(Some(&link(1)), &[]),
        answer(None, &["early"]),
        answer(None, &["decoded"]),
    ]);

    let pages: Vec<_> = bench.tenant().pages(request).try_collect().await.unwrap();

    assert_eq!(pages.len(), 2);
    assert_eq!(bench.asked()[2], format!("GET {}", link(2)));
}

#[tokio::test]
async fn f005_a_page_that_breaks_off_is_asked_for_again_as_a_whole() {
    let (listener, base) = listen().await;
    let server = async {
        let mut requests = Vec::new();
        for answer in [
            "HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"value\":[{\"id\":\"half\"},{\"i".to_owned(),
            ok(r#"{"value":[{"id":"whole"}]}"#),
        ] {
            let (mut socket, _) = listener.accept().await.unwrap();
            requests.push(read(&mut socket).await);
            write(&mut socket, &answer).await;
        }
        requests
    };
    let tenant = over_sockets(&base);

    let (requests, pages) = tokio::join!(server, tenant.pages(rows()).try_collect::<Vec<_>>());

    assert_eq!(pages.unwrap()[0].items, [Row { id: "whole".into() }]);
    assert_eq!(requests[0].lines().next(), requests[1].lines().next());
}

#[tokio::test]
async fn f080_rows_come_as_often_and_in_the_order_they_were_sent() {
    let bench = Bench::new([answer(Some(&link(1)), &["a", "b"]), answer(None, &["b", "a"])]);

    assert_eq!(ids(&bench, rows()).await.unwrap(), ["a", "b", "b", "a"]);
}

#[tokio::test]
async fn f083_a_count_that_comes_on_the_first_page_alone_is_no_obstacle() {
    let first = format!(
        r#"{{"@odata.count":900,"@odata.nextLink":"{}","value":[{{"id":"a"}}]}}"#,
        link(1)
    );
    let bench = Bench::new([Answer::text(200, &[], &first), answer(None, &["b"])]);

    let pages: Vec<_> = bench.tenant().pages(rows()).try_collect().await.unwrap();

    assert_eq!((pages[0].count, pages[1].count), (Some(900), None));
}

#[tokio::test]
async fn f051_f053_a_broken_page_is_asked_for_once_more() {
    let whole = page(None, &["a"]);
    for broken in ["", &whole[..whole.len() - 2], "\u{0}\u{0}{", "<html>"] {
        let bench = Bench::new([Answer::text(200, &[], broken), Answer::text(200, &[], &whole)]);
        assert_eq!(ids(&bench, rows()).await.unwrap(), ["a"], "{broken}");

        let again = Bench::new([Answer::text(200, &[], broken), Answer::text(200, &[], broken)]);
        let error = ids(&again, rows()).await.unwrap_err();
        assert_eq!(
            (error.kind(), again.asked().len()),
            (ErrorKind::Decode, 2),
            "{broken}"
        );
    }
}

#[tokio::test]
async fn f082_the_headers_of_a_listing_are_on_every_page() {
    let bench = Bench::new([
        answer(Some(&link(1)), &["a"]),
        answer(Some(&link(2)), &["b"]),
        answer(None, &["c"]),
    ]);

    ids(&bench, rows().header("ConsistencyLevel", "eventual"))
        .await
        .unwrap();

    for number in 0..3 {
        let header = bench.script.header(number, "consistencylevel");
        assert_eq!(header.as_deref(), Some("eventual"), "{number}");
    }
}

#[tokio::test]
async fn f084_a_token_that_ends_between_pages_is_renewed() {
    let bench = Bench::new([answer(Some(&link(1)), &["a"]), status(401), answer(None, &["b"])]);

    let rows = ids(&bench, rows()).await.unwrap();

    assert_eq!(rows, ["a", "b"]);
    assert_eq!((bench.asked().len(), bench.tokens.renewals().len()), (3, 1));
    assert_eq!(bench.asked()[1], bench.asked()[2]);
}

/// Answers the first request by a script, and keeps the others open.
struct Hanging {
    script: ScriptedTransport,
    asked: AtomicUsize,
    open: Arc<AtomicUsize>,
}

struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Transport for Hanging {
    async fn send(&self, request: http::Request<Bytes>) -> Result<Reply, TransportError> {
        if self.asked.fetch_add(1, Ordering::SeqCst) == 0 {
            return self.script.send(request).await;
        }
        self.open.fetch_add(1, Ordering::SeqCst);
        let _open = Open(Arc::clone(&self.open));
        std::future::pending().await
    }
}

#[tokio::test]
async fn f087_a_dropped_listing_cancels_the_page_asked_for_ahead() {
    let open = Arc::<AtomicUsize>::default();
    let transport = Hanging {
        script: ScriptedTransport::new([answer(Some(&link(1)), &["a"])]),
        asked: AtomicUsize::default(),
        open: Arc::clone(&open),
    };
    let client = Client::builder(Endpoints::public(), Arc::new(Tokens::default()))
        .transport(Arc::new(transport))
        .random(Arc::new(SeededRandom::new(7)))
        .build()
        .unwrap();
    let mut pages = Box::pin(client.tenant(contoso()).pages(rows()));

    pages.next().await.unwrap().unwrap();
    let while_open = open.load(Ordering::SeqCst);
    drop(pages);

    assert_eq!((while_open, open.load(Ordering::SeqCst)), (1, 0));
}

#[tokio::test]
async fn f124_a_listing_goes_on_from_a_cursor_that_was_kept() {
    let bench = Bench::new([answer(None, &["b"])]);

    let rest: Vec<_> = bench
        .tenant()
        .pages_from(rows(), Some(Cursor::link(link(1))))
        .try_collect()
        .await
        .unwrap();

    assert_eq!(rest[0].items, [Row { id: "b".into() }]);
    assert_eq!(bench.asked(), [format!("GET {}", link(1))]);
}

#[tokio::test]
async fn a_failing_page_comes_after_the_good_ones_and_ends_the_listing() {
    let bench = Bench::new([answer(Some(&link(1)), &["a"]), status(403)]);
    let mut pages = pin!(bench.tenant().pages(rows()));

    assert!(pages.next().await.unwrap().is_ok());
    assert_eq!(pages.next().await.unwrap().unwrap_err().kind(), ErrorKind::Denied);
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn the_next_page_is_asked_for_before_the_present_one_has_arrived() {
    let (listener, base) = listen().await;
    let body = page(Some(&format!("{base}/v1.0/rows?$skiptoken=1")), &["a"]);
    let (head, tail) = body.split_at(body.find("\"value\"").unwrap());
    let server = async {
        let (mut first, _) = listener.accept().await.unwrap();
        read(&mut first).await;
        let length = body.len();
        write(
            &mut first,
            &format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{head}"),
        )
        .await;
        // The rest of the first page is held back until the second is asked for.
        let (mut second, _) = listener.accept().await.unwrap();
        let request = read(&mut second).await;
        write(&mut first, tail).await;
        write(&mut second, &ok(&page(None, &["b"]))).await;
        request
    };
    let tenant = over_sockets(&base);

    let (request, rows) = tokio::join!(server, tenant.stream(rows()).try_collect::<Vec<_>>());

    assert!(request.starts_with("GET /v1.0/rows?$skiptoken=1 "), "{request}");
    assert_eq!(rows.unwrap().len(), 2);
}
