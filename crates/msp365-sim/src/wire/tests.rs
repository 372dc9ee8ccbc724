//! What faults look like on a socket, byte for byte, over HTTP/1.1 and HTTP/2.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::frames::Boundary;
use crate::{FaultPlan, Server, Sim};

const PLAIN: &str = "GET /v1.0/users HTTP/1.1\r\nHost: localhost\r\n\r\n";
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GO_AWAY: u8 = 7;

async fn server(plan: &str) -> Server {
    let server = Sim::seeded(7).customers(0).manual_clock().start().await.unwrap();
    plan.parse::<FaultPlan>().unwrap().install(&server);
    server
}

async fn open(server: &Server) -> TcpStream {
    TcpStream::connect(server.address()).await.unwrap()
}

async fn plain(server: &Server) -> String {
    let mut stream = open(server).await;
    stream.write_all(PLAIN.as_bytes()).await.unwrap();
    rest(&mut stream).await
}

/// All that comes until the connection ends, however it does.
async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all).await;
    String::from_utf8_lossy(&all).into_owned()
}

/// One answer of HTTP/1.1 whose length is told.
async fn answer(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    loop {
        let mut some = [0; 4_096];
        let count = stream.read(&mut some).await.unwrap();
        all.extend_from_slice(&some[..count]);
        let text = String::from_utf8_lossy(&all).into_owned();
        let length = text
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.lines().next());
        let whole = text.rsplit_once("\r\n\r\n").zip(length);
        let is_whole =
            whole.is_some_and(|((_, body), length)| body.len() == length.parse::<usize>().unwrap());
        if is_whole || count == 0 {
            return text;
        }
    }
}

fn frame(kind: u8, flags: u8, (stream, payload): (u32, &[u8])) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A request without a body on a stream.
fn get(stream: u32) -> Vec<u8> {
    // GET and http from the static table, then path and authority as literals that are not kept.
    let mut block = vec![0x82, 0x86, 0x04, 11];
    block.extend(b"/v1.0/users");
    block.extend([0x01, 9]);
    block.extend(b"localhost");
    frame(HEADERS, 0x5, (stream, &block))
}

/// A connection of HTTP/2.
async fn framed(server: &Server) -> TcpStream {
    let mut stream = open(server).await;
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .await
        .unwrap();
    stream.write_all(&frame(SETTINGS, 0, (0, &[]))).await.unwrap();
    stream
}

/// The next frame: kind, stream and payload; `None` at the end.
async fn next(stream: &mut TcpStream) -> Option<(u8, u32, Vec<u8>)> {
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.ok()?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut payload = vec![0; usize::try_from(length).unwrap()];
    stream.read_exact(&mut payload).await.ok()?;
    let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
    Some((head[3], id, payload))
}

/// The next frame of a kind.
async fn next_of(stream: &mut TcpStream, kind: u8) -> Option<(u32, Vec<u8>)> {
    loop {
        let (came, id, payload) = next(stream).await?;
        if came == kind {
            return Some((id, payload));
        }
    }
}

/// Whether a status stands at the head of a block of headers, as the static table or a literal says it.
fn is_answer(block: &[u8]) -> bool {
    // 401, which no entry of the static table holds: a literal with the name of entry 8, perhaps in Huffman's code.
    block
        .first()
        .is_some_and(|first| matches!(first, 0x48 | 0x08 | 0x18))
}

#[tokio::test]
async fn f009_goes_away_before_the_request_and_still_answers_those_before_it() {
    let server = server("F009:skip=1").await;
    let mut stream = framed(&server).await;

    stream.write_all(&get(1)).await.unwrap();
    let (first, _) = next_of(&mut stream, HEADERS).await.unwrap();
    stream.write_all(&get(3)).await.unwrap();
    let (_, gone) = next_of(&mut stream, GO_AWAY).await.unwrap();

    assert_eq!(first, 1);
    assert_eq!(gone, [0, 0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(server.ledger().effects(), []);
}

#[tokio::test]
async fn f010_goes_away_with_the_request_and_ends_the_connection() {
    let server = server("F010").await;
    let mut stream = framed(&server).await;

    stream.write_all(&get(1)).await.unwrap();
    let (_, gone) = next_of(&mut stream, GO_AWAY).await.unwrap();

    assert_eq!(gone[..4], [0, 0, 0, 1]);
    assert_eq!(next(&mut stream).await, None);
}

#[tokio::test]
async fn f011_and_f012_reset_the_stream_and_leave_the_others() {
    for (plan, code) in [("F011", 7), ("F012:variant=1", 2), ("F012:variant=2", 8)] {
        let server = server(plan).await;
        let mut stream = framed(&server).await;

        stream.write_all(&get(1)).await.unwrap();
        let reset = next_of(&mut stream, RESET).await.unwrap();
        stream.write_all(&get(3)).await.unwrap();
        let (answered, block) = next_of(&mut stream, HEADERS).await.unwrap();

        assert_eq!(reset, (1, vec![0, 0, 0, code]), "{plan}");
        assert_eq!(answered, 3, "{plan}");
        assert!(is_answer(&block), "{plan}: {block:?}");
    }
}

#[tokio::test]
async fn f013_answers_not_even_a_ping_until_it_ends() {
    let server = server("F013").await;
    let began = server.clock().now();
    let mut stream = framed(&server).await;
    stream.write_all(&get(1)).await.unwrap();
    stream.write_all(&frame(PING, 0, (0, &[7; 8]))).await.unwrap();

    let mut kinds = Vec::new();
    while let Some((kind, ..)) = next(&mut stream).await {
        kinds.push(kind);
    }

    assert!(!kinds.contains(&HEADERS), "{kinds:?}");
    assert_eq!(server.clock().now().duration_since(began).as_secs(), 120);
}

#[tokio::test]
async fn f014_sends_an_interim_answer_before_the_answer() {
    for (plan, status) in [("F014:variant=3", "103"), ("F014:variant=4", "100")] {
        let server = server(plan).await;
        let mut stream = framed(&server).await;
        stream.write_all(&get(1)).await.unwrap();

        let (_, interim) = next_of(&mut stream, HEADERS).await.unwrap();
        let (id, block) = next_of(&mut stream, HEADERS).await.unwrap();

        assert_eq!(interim, [&[0x08, 3], status.as_bytes()].concat(), "{plan}");
        assert!(id == 1 && is_answer(&block), "{plan}: {block:?}");
    }
    let server = server("F014:variant=3").await;
    let mut stream = open(&server).await;
    stream.write_all(PLAIN.as_bytes()).await.unwrap();
    let text = answer(&mut stream).await;
    let (interim, answer) = text.split_once("\r\n\r\n").unwrap();
    assert!(interim.starts_with("HTTP/1.1 103 "), "{text}");
    assert!(answer.starts_with("HTTP/1.1 401 "), "{text}");
}

#[tokio::test]
async fn f014_sends_bytes_that_are_no_answer() {
    let first = plain(&server("F014:variant=0").await).await;
    let second = plain(&server("F014:variant=1").await).await;
    let third = plain(&server("F014:variant=2").await).await;

    assert_eq!(first, "HTP/1.1 2OO KO\r\n\r\n");
    assert!(
        second.starts_with("HTTP/1.1 200 OK\r\n\0\u{1}no header"),
        "{second}"
    );
    assert!(third.starts_with("\u{16}\u{3}\u{1}"), "{third}");
}

#[tokio::test]
async fn f014_sends_headers_of_96_kib() {
    let server = server("F014:variant=5").await;
    let mut stream = open(&server).await;
    stream.write_all(PLAIN.as_bytes()).await.unwrap();

    let text = answer(&mut stream).await;

    assert!(text.split_once("\r\n\r\n").unwrap().0.len() > 96 << 10);
}

#[tokio::test]
async fn without_http_2_the_connection_ends_before_the_first_byte() {
    for plan in ["F002", "F009", "F010", "F011", "F012"] {
        assert_eq!(plain(&server(plan).await).await, "", "{plan}");
    }
}

#[tokio::test]
async fn f003_closes_an_idle_connection_when_the_next_request_comes() {
    let server = server("F003:variant=1").await;
    let mut stream = open(&server).await;
    stream.write_all(PLAIN.as_bytes()).await.unwrap();
    let first = answer(&mut stream).await;

    stream.write_all(PLAIN.as_bytes()).await.unwrap();
    let second = rest(&mut stream).await;

    assert!(first.starts_with("HTTP/1.1 401 "), "{first}");
    assert!(!first.to_lowercase().contains("connection: close"), "{first}");
    assert_eq!(second, "");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn f005_ends_a_body_short_of_its_length_or_without_its_last_chunk() {
    let short = plain(&server("F005:variant=0:size=9").await).await;
    let open = plain(&server("F005:variant=1:size=9").await).await;

    assert!(short.ends_with("\r\n\r\n{\"error\":"), "{short}");
    assert!(!short.contains("content-length: 9\r\n"), "{short}");
    assert!(open.contains("transfer-encoding: chunked"), "{open}");
    assert!(open.ends_with("\r\n\r\n9\r\n{\"error\":\r\n"), "{open}");
}

#[tokio::test]
async fn f006_and_f008_take_their_time_and_never_end_well() {
    let (stalls, drips) = (server("F006:size=9").await, server("F008:size=30").await);
    let began = stalls.clock().now();

    let (stalled, dripped) = (plain(&stalls).await, plain(&drips).await);

    assert!(stalled.ends_with("9\r\n{\"error\":\r\n"), "{stalled}");
    assert_eq!(stalls.clock().now().duration_since(began).as_secs(), 80);
    assert_eq!(dripped.matches("1\r\n \r\n").count(), 30, "{dripped}");
    assert!(!dripped.ends_with("0\r\n\r\n"), "{dripped}");
    assert!(drips.clock().now().duration_since(began).as_secs() >= 30);
}

#[tokio::test]
async fn a_server_stops_though_a_stream_was_left_without_an_answer() {
    let server = server("F011").await;
    let mut stream = framed(&server).await;
    stream.write_all(&get(1)).await.unwrap();
    next_of(&mut stream, RESET).await.unwrap();

    let pings = async {
        while let Some((kind, _, payload)) = next(&mut stream).await {
            if kind == PING {
                stream.write_all(&frame(PING, 1, (0, &payload))).await.unwrap();
            }
        }
    };
    let stopping = async { tokio::join!(server.stop(), pings).0 };
    let stopped = tokio::time::timeout(Duration::from_secs(20), stopping).await;

    assert!(matches!(stopped, Ok(Ok(()))), "{stopped:?}");
}

#[test]
fn bytes_go_between_frames_and_never_into_one() {
    let mut boundary = Boundary::default();
    let frame = frame(SETTINGS, 0, (0, &[1, 2, 3]));
    let mut clear = Vec::new();

    for byte in &frame {
        boundary.pass(&[*byte]);
        clear.push(boundary.is_clear());
    }
    boundary.pass(&[frame.clone(), frame.clone()].concat());

    assert_eq!(clear.iter().filter(|clear| **clear).count(), 1);
    assert!(clear[11] && boundary.is_clear());
    boundary.pass(&frame[..4]);
    assert!(!boundary.is_clear());
}
