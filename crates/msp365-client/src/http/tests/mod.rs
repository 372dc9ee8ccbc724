mod http2;
mod raw;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use httpmock::{Method::GET, MockServer};
use msp365_core::{ErrorKind, Transport, TransportError, seams::BodyWatch};
use tokio::io::AsyncReadExt;

use super::HttpTransport;
use crate::{
    Error,
    pipeline::AttemptLimit,
    testing::{Row, create, listen, ok, over_sockets, read, row, write},
};

fn transport() -> HttpTransport {
    HttpTransport::new()
        .unwrap()
        .attempt_limit(Duration::from_secs(5))
}

fn get(url: &str) -> Request<Bytes> {
    Request::get(url).body(Bytes::new()).unwrap()
}

#[tokio::test]
async fn gzip_is_asked_for_and_read() {
    let zeros = include_bytes!("../../../testdata/two_mebibytes_of_zeros.gz");
    let server = MockServer::start_async().await;
    let page = server
        .mock_async(|when, then| {
            when.method(GET).path("/zeros").header("accept-encoding", "gzip");
            then.status(200).header("content-encoding", "gzip").body(zeros);
        })
        .await;

    let reply = transport().send(get(&server.url("/zeros"))).await.unwrap();

    page.assert_async().await;
    assert_eq!(reply.body.len(), 2 << 20);
}

#[tokio::test]
async fn f016_a_body_is_bounded_after_inflation() {
    let zeros = include_bytes!("../../../testdata/two_mebibytes_of_zeros.gz");
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.path("/zeros");
            then.status(200).header("content-encoding", "gzip").body(zeros);
        })
        .await;

    let error = transport()
        .body_limit(1 << 20)
        .send(get(&server.url("/zeros")))
        .await
        .unwrap_err();

    assert!(matches!(error, TransportError::TooLarge { limit: 1_048_576, .. }));
}

#[tokio::test]
async fn f016_an_announced_size_beyond_the_bound_is_not_read() {
    let (listener, base) = listen().await;
    let server = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        read(&mut socket).await;
        write(
            &mut socket,
            "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n",
        )
        .await;
        socket
    };

    let transport = transport();
    let (_socket, reply) = tokio::join!(server, transport.send(get(&base)));

    assert!(matches!(reply, Err(TransportError::TooLarge { .. })));
}

#[tokio::test]
async fn f001_a_refused_connection_sent_nothing() {
    let (listener, base) = listen().await;
    drop(listener);

    let error = transport().send(get(&base)).await.unwrap_err();

    assert!(error.is_not_sent(), "{error:?}");
}

#[tokio::test]
async fn f002_a_peer_without_valid_tls_is_asked_once_and_sees_no_token() {
    let (listener, base) = listen().await;
    let server = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut hello = [0; 4096];
        let count = socket.read(&mut hello).await.unwrap();
        write(&mut socket, "HTTP/1.1 400 Bad Request\r\n\r\n").await;
        String::from_utf8_lossy(&hello[..count]).into_owned()
    };
    let tenant = over_sockets(&base.replace("http:", "https:"));

    let (hello, reply) = tokio::join!(server, tenant.send(row()));

    let error = reply.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.trail().unwrap().attempts, 1);
    assert!(!hello.contains("token-0") && !hello.contains("GET"));
}

#[tokio::test]
async fn f003_a_read_on_a_connection_that_died_is_sent_again_and_a_write_is_not() {
    let (listener, base) = listen().await;
    let server = async {
        let (mut first, _) = listener.accept().await.unwrap();
        read(&mut first).await;
        write(&mut first, &ok(r#"{"id":"one"}"#)).await;
        read(&mut first).await;
        drop(first);
        let (mut second, _) = listener.accept().await.unwrap();
        read(&mut second).await;
        write(&mut second, &ok(r#"{"id":"two"}"#)).await;
        let write_seen = read(&mut second).await;
        drop(second);
        write_seen
    };
    let tenant = over_sockets(&base);
    let client = async {
        let one = tenant.send(row()).await.unwrap();
        let two = tenant.send(row()).await.unwrap();
        (one, two, tenant.send(create()).await)
    };

    let (write_seen, (one, two, created)) = tokio::join!(server, client);

    let ids = [one, two].map(|Row { id }| id);
    assert_eq!(ids, ["one", "two"]);
    assert!(write_seen.starts_with("POST /v1.0/rows "), "{write_seen}");
    assert!(matches!(created, Err(Error::OutcomeUnknown { .. })));
    let further = futures_util::FutureExt::now_or_never(listener.accept());
    assert!(further.is_none());
}

#[tokio::test]
async fn f006_a_body_that_stops_half_way_is_given_up() {
    let (listener, base) = listen().await;
    let server = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        read(&mut socket).await;
        write(&mut socket, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{").await;
        socket
    };

    let transport = transport().attempt_limit(Duration::from_millis(200));
    let (_socket, reply) = tokio::join!(server, transport.send(get(&base)));

    assert!(matches!(reply, Err(TransportError::TimedOut { .. })), "{reply:?}");
}

#[tokio::test]
async fn f078_escapes_in_a_link_reach_the_service_as_they_were() {
    let (listener, base) = listen().await;
    let server = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let request = read(&mut socket).await;
        write(&mut socket, &ok("{}")).await;
        request
    };
    let target = "/v1.0/users?$skiptoken=a%23b%2Bc%7Bd%27e%2fF";

    let transport = transport();
    let (request, _) = tokio::join!(server, transport.send(get(&format!("{base}{target}"))));

    assert!(
        request.starts_with(&format!("GET {target} HTTP/1.1")),
        "{request}"
    );
}

#[tokio::test]
async fn f007_no_attempt_outlives_its_limit_or_the_deadline() {
    let (_listener, base) = listen().await;

    let slow = transport().attempt_limit(Duration::from_millis(50));
    let by_limit = slow.send(get(&base)).await.unwrap_err();
    let mut hurried = get(&base);
    hurried
        .extensions_mut()
        .insert(AttemptLimit(Duration::from_millis(50)));
    let by_deadline = transport().send(hurried).await.unwrap_err();

    assert!(matches!(by_limit, TransportError::TimedOut { .. }));
    assert!(matches!(by_deadline, TransportError::TimedOut { .. }));
}

#[tokio::test]
async fn f040_redirects_are_handed_out_and_not_followed() {
    let (elsewhere, target) = listen().await;
    let server = MockServer::start_async().await;
    for status in [301, 302, 303, 307, 308] {
        let path = format!("/{status}");
        server
            .mock_async(|when, then| {
                when.path(path.clone());
                then.status(status).header("location", &target);
            })
            .await;

        let reply = transport().send(get(&server.url(&path))).await.unwrap();

        assert_eq!(reply.status.as_u16(), status);
        assert_eq!(reply.header("location"), Some(target.as_str()));
    }
    let connections = futures_util::FutureExt::now_or_never(elsewhere.accept());
    assert!(connections.is_none());
}

#[tokio::test]
async fn the_growing_body_is_shown_until_enough_was_seen() {
    let (listener, base) = listen().await;
    let server = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        read(&mut socket).await;
        write(&mut socket, &ok("ab")).await;
    };
    let seen = Arc::<Mutex<Vec<Vec<u8>>>>::default();
    let shown = Arc::clone(&seen);
    let mut request = get(&base);
    request.extensions_mut().insert(BodyWatch(Arc::new(move |body| {
        shown.lock().unwrap().push(body.to_vec());
        true
    })));

    let transport = transport();
    let ((), reply) = tokio::join!(server, transport.send(request));

    assert_eq!(reply.unwrap().body, "ab");
    assert_eq!(*seen.lock().unwrap(), [b"ab".to_vec()]);
}

#[tokio::test]
async fn an_error_names_the_host_and_not_the_address() {
    let (listener, base) = listen().await;
    drop(listener);

    let error = transport()
        .send(get(&format!("{base}/report?sig=canary")))
        .await
        .unwrap_err();

    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
}

#[test]
fn a_text_without_a_certificate_is_no_root() {
    let not_pem = "-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----\n";

    for text in ["", "no certificate", not_pem] {
        let refused = HttpTransport::trusting(text).unwrap_err();
        assert!(
            matches!(refused, Error::RootCertificate(_)),
            "{text}: {refused:?}"
        );
        assert_eq!(refused.kind(), ErrorKind::Invalid);
    }
}
