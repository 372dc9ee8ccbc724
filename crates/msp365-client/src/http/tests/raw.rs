//! Servers that do not keep to the protocol.

use std::time::Duration;

use msp365_core::{ErrorKind, Transport, TransportError};

use super::{get, transport};
use crate::{
    Error,
    testing::{Row, create, listen, ok, over_sockets, read, row, write},
};

#[tokio::test]
async fn f014_garbage_in_place_of_a_status_is_no_answer() {
    let (listener, base) = listen().await;
    let server = async {
        let (mut first, _) = listener.accept().await.unwrap();
        read(&mut first).await;
        write(&mut first, "\u{1}\u{2}garbage\r\n\r\n").await;
        let (mut second, _) = listener.accept().await.unwrap();
        read(&mut second).await;
        write(&mut second, &ok(r#"{"id":"ada"}"#)).await;
        read(&mut second).await;
        write(&mut second, "HTTP/9.9 what\r\n\r\n").await;
    };
    let tenant = over_sockets(&base);
    let client = async { (tenant.send(row()).await, tenant.send(create()).await) };

    let ((), (read, created)) = tokio::join!(server, client);

    assert_eq!(read.unwrap(), Row { id: "ada".into() });
    assert!(matches!(created, Err(Error::OutcomeUnknown { .. })));
}

#[tokio::test]
async fn f014_an_interim_answer_is_not_the_answer() {
    let (listener, base) = listen().await;
    let server = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        read(&mut socket).await;
        write(&mut socket, "HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n").await;
        write(&mut socket, &ok(r#"{"id":"ada"}"#)).await;
    };

    let tenant = over_sockets(&base);
    let ((), read) = tokio::join!(server, tenant.send(row()));

    assert_eq!(read.unwrap().id, "ada");
}

#[tokio::test]
async fn f014_headers_without_measure_are_refused() {
    let (listener, base) = listen().await;
    let server = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        read(&mut socket).await;
        let header = "a".repeat(70_000);
        write(
            &mut socket,
            &format!("HTTP/1.1 200 OK\r\nx: {header}\r\ncontent-length: 2\r\n\r\n{{}}"),
        )
        .await;
        socket
    };

    let tenant = over_sockets(&base);
    let (_socket, read) = tokio::join!(server, tenant.send(row()));

    let error = read.unwrap_err();
    assert_eq!(
        (error.kind(), error.trail().unwrap().attempts),
        (ErrorKind::Decode, 1)
    );
}

#[tokio::test]
async fn f008_a_body_that_drips_for_ever_is_given_up() {
    let (listener, base) = listen().await;
    let server = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        read(&mut socket).await;
        write(&mut socket, "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n").await;
        let mut dripped = 0;
        while tokio::io::AsyncWriteExt::write_all(&mut socket, b" ")
            .await
            .is_ok()
            && dripped < 100_000
        {
            dripped += 1;
            tokio::task::yield_now().await;
        }
        dripped
    };
    let transport = transport().attempt_limit(Duration::from_millis(100));

    let (dripped, reply) = tokio::join!(server, transport.send(get(&base)));

    assert!(matches!(reply, Err(TransportError::TimedOut { .. })), "{reply:?}");
    assert!(dripped > 0);
}
