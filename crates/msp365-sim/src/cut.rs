//! Answers on a socket, also those whose connection ends too early.

use std::{
    fmt, io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderValue, header};
use msp365_core::{Clock, Reply};
use tokio::sync::watch;

use crate::{
    front::{Delivery, Length, Seen, vast},
    wire::{Turn, Wire},
};

/// Where an answer goes.
pub(crate) struct Place {
    pub(crate) wire: Wire,
    pub(crate) turn: Turn,
    pub(crate) clock: Arc<dyn Clock>,
    /// Changes, or ends, when the server is to stop.
    pub(crate) stopped: watch::Receiver<()>,
}

impl Place {
    /// Says nothing for a while, then ends the connection.
    async fn black_hole(self, span: Duration) -> Response {
        self.wire.mute();
        self.clock.sleep(span).await;
        self.wire.end();
        self.never().await
    }

    /// Waits for as long as the connection lasts, and no longer than the server.
    async fn never(mut self) -> Response {
        let _ = self.stopped.changed().await;
        cut(Bytes::new())
    }
}

/// A delivery as the server sends it.
pub(crate) async fn response(delivery: Delivery, place: Place) -> Response {
    match delivery {
        Delivery::Whole(reply) => whole(&reply),
        Delivery::ClosedIdle(reply) => {
            place.wire.close_before_next();
            whole(&reply)
        }
        Delivery::Interim(status, reply) => {
            place.wire.interim(place.turn, status);
            whole(&reply)
        }
        Delivery::Vast(mut reply, size) => {
            reply.headers.remove(header::CONTENT_LENGTH);
            with(&reply, Body::from(vast(size)))
        }
        Delivery::Cut(mut reply, at, length) => {
            uncompressed(&mut reply);
            if length == Length::Promised {
                let promised = HeaderValue::from(reply.body.len());
                reply.headers.insert(header::CONTENT_LENGTH, promised);
            }
            let kept = reply.body.slice(..at.min(reply.body.len()));
            with(&reply, Body::from_stream(Pieces::ending(kept)))
        }
        Delivery::Stalled(reply, at, span) => {
            let kept = reply.body.slice(..at.min(reply.body.len()));
            slow(reply, Pieces::slow(place.clock, [(Duration::ZERO, kept)], span))
        }
        Delivery::Drip(reply, seconds) => {
            let second = Duration::from_secs(1);
            let blanks = (0..seconds).map(move |_| (second, Bytes::from_static(b" ")));
            slow(reply, Pieces::slow(place.clock, blanks, second))
        }
        Delivery::Silent(span) => {
            place.clock.sleep(span).await;
            cut(Bytes::new())
        }
        Delivery::BlackHole(span) => place.black_hole(span).await,
        Delivery::Gone(seen) if place.turn.is_stream() => {
            place.wire.go_away(place.turn, seen == Seen::Perhaps);
            place.never().await
        }
        Delivery::Reset(code, _) if place.turn.is_stream() => {
            place.wire.reset(place.turn, code);
            place.never().await
        }
        Delivery::Garbage(bytes) => {
            place.wire.garbage(bytes);
            place.never().await
        }
        Delivery::NotSent(_) | Delivery::Lost | Delivery::Gone(_) | Delivery::Reset(..) => cut(Bytes::new()),
    }
}

/// Keeps an answer from being compressed, which would change how it comes.
fn uncompressed(reply: &mut Reply) {
    let identity = HeaderValue::from_static("identity");
    reply.headers.insert(header::CONTENT_ENCODING, identity);
}

fn whole(reply: &Reply) -> Response {
    with(reply, Body::from(reply.body.clone()))
}

fn slow(mut reply: Reply, pieces: Pieces) -> Response {
    uncompressed(&mut reply);
    with(&reply, Body::from_stream(pieces))
}

fn with(reply: &Reply, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers.clone();
    response
}

/// An answer whose connection ends after these bytes; without any, before its first byte.
fn cut(bytes: Bytes) -> Response {
    Response::new(Body::from_stream(Pieces::ending(bytes)))
}

type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A body in pieces, each after a while, that ends in an error, which closes the connection.
struct Pieces {
    clock: Option<Arc<dyn Clock>>,
    rest: Box<dyn Iterator<Item = (Duration, Bytes)> + Send>,
    last: Duration,
    step: Step,
}

enum Step {
    Next,
    Wait(Sleep, Option<Bytes>),
    /// What was sent leaves before the connection ends.
    Flush,
    Break,
}

impl Pieces {
    fn ending(bytes: Bytes) -> Self {
        // Without a byte of the body not even the head is to leave.
        let step = if bytes.is_empty() { Step::Break } else { Step::Next };
        Self {
            clock: None,
            rest: Box::new(std::iter::once((Duration::ZERO, bytes))),
            last: Duration::ZERO,
            step,
        }
    }

    fn slow(
        clock: Arc<dyn Clock>,
        pieces: impl IntoIterator<Item = (Duration, Bytes), IntoIter: Send + 'static>,
        last: Duration,
    ) -> Self {
        Self {
            clock: Some(clock),
            rest: Box::new(pieces.into_iter()),
            last,
            step: Step::Next,
        }
    }

    fn sleep(&self, span: Duration) -> Option<Sleep> {
        let clock = self.clock.clone().filter(|_| span > Duration::ZERO)?;
        Some(Box::pin(async move { clock.sleep(span).await }))
    }

    /// What comes after a piece, or after the last.
    fn next(&mut self) -> Step {
        match self.rest.next() {
            Some((span, bytes)) => match self.sleep(span) {
                Some(sleep) => Step::Wait(sleep, Some(bytes)),
                None => Step::Wait(Box::pin(std::future::ready(())), Some(bytes)),
            },
            None => match self.sleep(self.last) {
                Some(sleep) => Step::Wait(sleep, None),
                None => Step::Flush,
            },
        }
    }
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pieces").finish_non_exhaustive()
    }
}

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match std::mem::replace(&mut self.step, Step::Break) {
                Step::Next => self.step = self.next(),
                Step::Wait(mut sleep, bytes) => {
                    if sleep.as_mut().poll(context).is_pending() {
                        self.step = Step::Wait(sleep, bytes);
                        return Poll::Pending;
                    }
                    match bytes {
                        Some(bytes) => {
                            self.step = Step::Next;
                            return Poll::Ready(Some(Ok(bytes)));
                        }
                        None => self.step = Step::Flush,
                    }
                }
                Step::Flush => {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Step::Break => {
                    return Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionReset))));
                }
            }
        }
    }
}
