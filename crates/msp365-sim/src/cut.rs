//! Answers on a socket, also those whose connection ends too early.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderValue, header};

use crate::front::{Delivery, vast};

/// A delivery as the server sends it.
pub(crate) fn response(delivery: Delivery) -> Response {
    let (reply, body) = match delivery {
        Delivery::Whole(reply) => {
            let body = Body::from(reply.body.clone());
            (reply, body)
        }
        Delivery::Vast(mut reply, size) => {
            reply.headers.remove(header::CONTENT_LENGTH);
            (reply, Body::from(vast(size)))
        }
        Delivery::Cut(mut reply, at) => {
            let whole = HeaderValue::from(reply.body.len());
            reply.headers.insert(header::CONTENT_LENGTH, whole);
            let kept = reply.body.slice(..at.min(reply.body.len()));
            (reply, Body::from_stream(Cut::after(kept)))
        }
        Delivery::NotSent | Delivery::Lost | Delivery::Silent(_) => {
            return Response::new(Body::from_stream(Cut { step: Step::Break }));
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    response
}

/// A body that ends in an error, which closes the connection.
struct Cut {
    step: Step,
}

enum Step {
    Send(Bytes),
    /// What was sent leaves before the connection ends.
    Flush,
    Break,
}

impl Cut {
    const fn after(bytes: Bytes) -> Self {
        Self {
            step: Step::Send(bytes),
        }
    }
}

impl Stream for Cut {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match std::mem::replace(&mut self.step, Step::Break) {
            Step::Send(bytes) => {
                self.step = Step::Flush;
                Poll::Ready(Some(Ok(bytes)))
            }
            Step::Flush => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Step::Break => Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionReset)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    use crate::{Server, Sim};

    /// All that comes over a connection of its own.
    async fn bytes(server: &Server) -> String {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let request = "GET /v1.0/users HTTP/1.1\r\nHost: localhost\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut all = Vec::new();
        // How the connection ends does not matter, only what came before.
        let _ = stream.read_to_end(&mut all).await;
        String::from_utf8(all).unwrap()
    }

    #[tokio::test]
    async fn a_lost_answer_closes_the_connection_before_its_first_byte() {
        let server = Sim::seeded(7).customers(0).start().await.unwrap();
        let _script = server.faults().script("F003").unwrap().install();

        assert_eq!(bytes(&server).await, "");
    }

    #[tokio::test]
    async fn a_truncated_answer_ends_before_the_length_it_promised() {
        let server = Sim::seeded(7).customers(0).start().await.unwrap();
        let _script = server.faults().script("F005").unwrap().size(9).install();

        let text = bytes(&server).await;

        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert_eq!(body, "{\"error\":");
        let length = head.to_lowercase();
        let length = length.split("content-length: ").nth(1).unwrap();
        let length: usize = length.lines().next().unwrap().parse().unwrap();
        assert!(length > 9, "{head}");
    }
}
