//! An HTTP/2 server that goes away, refuses and falls silent.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use h2::{
    Reason,
    server::{Connection, SendResponse, handshake},
};
use msp365_core::{ErrorKind, TransportError};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{HttpTransport, get};
use crate::{
    Client, Error, TenantClient,
    testing::{Tokens, contoso, create, listen},
};

type Peer = Connection<TcpStream, Bytes>;

fn over_http2(base: &str) -> TenantClient {
    Client::builder(
        msp365_core::Endpoints::custom(base, base, base),
        Arc::new(Tokens::default()),
    )
    .transport(Arc::new(transport()))
    .clock(Arc::new(msp365_core::manual::ManualClock::at(
        "2026-11-22T12:00:00Z".parse().unwrap(),
    )))
    .random(Arc::new(msp365_core::SeededRandom::new(7)))
    .build()
    .unwrap()
    .tenant(contoso())
}

fn transport() -> HttpTransport {
    let alive = Duration::from_millis(200);
    let builder = reqwest::Client::builder().http2_prior_knowledge();
    HttpTransport::build_with(builder, alive)
        .unwrap()
        .attempt_limit(Duration::from_secs(5))
}

async fn accept(listener: &TcpListener) -> Peer {
    let (socket, _) = listener.accept().await.unwrap();
    handshake(socket).await.unwrap()
}

/// The next request, answered by nobody yet.
async fn next(peer: &mut Peer) -> (http::Request<h2::RecvStream>, SendResponse<Bytes>) {
    peer.accept().await.unwrap().unwrap()
}

fn answer(mut respond: SendResponse<Bytes>) {
    let response = http::Response::new(());
    let mut body = respond.send_response(response, false).unwrap();
    body.send_data(Bytes::from_static(br#"{"id":"ada"}"#), true)
        .unwrap();
}

/// Reads what a client sends up to the headers of its first request.
async fn read_to_headers(socket: &mut TcpStream) {
    let mut preface = [0; 24];
    socket.read_exact(&mut preface).await.unwrap();
    loop {
        let mut head = [0; 9];
        socket.read_exact(&mut head).await.unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        socket.read_exact(&mut payload).await.unwrap();
        if head[3] == 1 {
            return;
        }
    }
}

/// Goes on until the other side is done.
async fn drain(mut peer: Peer) {
    while let Some(Ok(_)) = peer.accept().await {}
}

#[tokio::test]
async fn f009_a_request_behind_the_last_of_a_connection_goes_again_on_a_new_one() {
    let (listener, base) = listen().await;
    let server = tokio::spawn(async move {
        let (mut first, _) = listener.accept().await.unwrap();
        // By hand, as a server made by the library has looked at every stream it knows of.
        first.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
        read_to_headers(&mut first).await;
        let go_away_from_stream_0 = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        first.write_all(&go_away_from_stream_0).await.unwrap();
        let mut second = accept(&listener).await;
        let (request, respond) = next(&mut second).await;
        answer(respond);
        drain(second).await;
        drop(first);
        request.method().clone()
    });

    let created = over_http2(&base).send(create()).await;

    assert_eq!(created.map_err(|error| format!("{error:?}")).unwrap().id, "ada");
    assert_eq!(server.await.unwrap(), http::Method::POST);
}

#[tokio::test]
async fn f010_a_write_on_a_connection_that_closes_under_it_is_in_doubt() {
    let (listener, base) = listen().await;
    let server = async {
        let mut peer = accept(&listener).await;
        let (_request, respond) = next(&mut peer).await;
        peer.graceful_shutdown();
        let _ = tokio::time::timeout(Duration::from_millis(50), peer.accept()).await;
        drop((respond, peer));
    };
    let tenant = over_http2(&base);

    let ((), created) = tokio::join!(server, tenant.send(create()));

    assert!(
        matches!(created, Err(Error::OutcomeUnknown { .. })),
        "{created:?}"
    );
}

#[tokio::test]
async fn f011_a_refused_stream_is_sent_again_also_a_create() {
    let (listener, base) = listen().await;
    let server = tokio::spawn(async move {
        let mut peer = accept(&listener).await;
        let (_request, mut respond) = next(&mut peer).await;
        respond.send_reset(Reason::REFUSED_STREAM);
        let (_request, respond) = next(&mut peer).await;
        answer(respond);
        drain(peer).await;
    });

    let created = over_http2(&base).send(create()).await;

    assert_eq!(created.map_err(|error| format!("{error:?}")).unwrap().id, "ada");
    server.await.unwrap();
}

#[tokio::test]
async fn f012_a_stream_that_ends_in_an_error_leaves_a_create_in_doubt() {
    for reason in [Reason::INTERNAL_ERROR, Reason::CANCEL] {
        let (listener, base) = listen().await;
        let server = tokio::spawn(async move {
            let mut peer = accept(&listener).await;
            let (_request, mut respond) = next(&mut peer).await;
            respond.send_reset(reason);
            drain(peer).await;
        });

        let error = over_http2(&base).send(create()).await.unwrap_err();

        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error:?}");
        server.await.unwrap();
    }
}

#[tokio::test]
async fn f013_a_connection_that_fell_silent_is_not_used_again() {
    let (listener, base) = listen().await;
    let server = tokio::spawn(async move {
        let mut silent = accept(&listener).await;
        let (_request, respond) = next(&mut silent).await;
        answer(respond);
        // The answer goes out; nothing else does, pings unanswered.
        let _ = tokio::time::timeout(Duration::from_millis(50), silent.accept()).await;
        let mut alive = accept(&listener).await;
        let (_request, respond) = next(&mut alive).await;
        answer(respond);
        let _ = tokio::time::timeout(Duration::from_millis(200), alive.accept()).await;
        drop(silent);
    });
    let transport = transport();
    let first = msp365_core::Transport::send(&transport, get(&base)).await;

    let second = msp365_core::Transport::send(&transport, get(&base)).await;
    let third = msp365_core::Transport::send(&transport, get(&base)).await;

    assert!(first.is_ok());
    assert!(
        matches!(
            second,
            Err(TransportError::MaybeSent { .. } | TransportError::TimedOut { .. })
        ),
        "{second:?}"
    );
    assert!(third.is_ok(), "{third:?}");
    server.await.unwrap();
}
