//! Connections that faults can reach into: below HTTP, above the socket.

mod frames;
mod socket;
#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
};

use self::{frames::Boundary, socket::Socket};
use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};

/// Which request of a connection it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// One of HTTP/1.1.
    Plain,
    /// One of HTTP/2, on this stream. Clients number streams 1, 3, 5 and so on, in the order of their requests.
    Stream(u32),
}

impl Turn {
    pub(crate) const fn is_stream(self) -> bool {
        matches!(self, Self::Stream(_))
    }
}

/// A connection, as far as faults may reach into it. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wire {
    line: Arc<Mutex<Line>>,
}

/// What is to happen on a connection.
#[derive(Debug, Default)]
struct Line {
    /// Whether it speaks HTTP/2; nobody knows before its first bytes.
    framed: Option<bool>,
    requests: u32,
    /// Bytes that go out as soon as no frame is under way.
    waiting: VecDeque<u8>,
    boundary: Boundary,
    manner: Manner,
    reader: Option<Waker>,
}

/// How a connection goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Manner {
    #[default]
    Open,
    /// What comes is dropped, nothing goes out.
    Mute,
    /// The next bytes that come end it.
    Brittle,
    /// It ends once what waits is out.
    Ending,
}

impl Wire {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a request is looked at.
    pub(crate) fn begin(&self) -> Turn {
        let mut line = self.line();
        line.requests = line.requests.saturating_add(1);
        match line.framed {
            Some(true) => Turn::Stream(line.requests.saturating_mul(2).saturating_sub(1)),
            _ => Turn::Plain,
        }
    }

    /// Sends bytes past HTTP, and goes on as told.
    fn send(&self, bytes: &[u8], manner: Option<Manner>) {
        let mut line = self.line();
        line.waiting.extend(bytes);
        line.manner = manner.unwrap_or(line.manner);
        if let Some(reader) = line.reader.take() {
            reader.wake();
        }
    }

    /// An interim answer.
    pub(crate) fn interim(&self, turn: Turn, status: u16) {
        match turn {
            Turn::Plain => {
                let head = format!("HTTP/1.1 {status} Interim\r\nx-simulated: 1\r\n\r\n");
                self.send(head.as_bytes(), None);
            }
            Turn::Stream(stream) => self.send(&frames::interim(stream, status), None),
        }
    }

    /// `GOAWAY`, up to this stream or to the one before. If the stream was looked at, that is the end; otherwise those
    /// before it are still answered.
    pub(crate) fn go_away(&self, turn: Turn, seen: bool) {
        let Turn::Stream(stream) = turn else {
            return self.end();
        };
        let last = if seen { stream } else { stream.saturating_sub(2) };
        self.send(&frames::go_away(last), seen.then_some(Manner::Ending));
    }

    /// `RST_STREAM`.
    pub(crate) fn reset(&self, turn: Turn, code: u32) {
        match turn {
            Turn::Stream(stream) => self.send(&frames::reset(stream, code), None),
            Turn::Plain => self.end(),
        }
    }

    /// Bytes that are no answer, and the end.
    pub(crate) fn garbage(&self, bytes: &[u8]) {
        self.send(bytes, Some(Manner::Ending));
    }

    /// Nothing goes out from now on.
    pub(crate) fn mute(&self) {
        self.send(&[], Some(Manner::Mute));
    }

    /// Ends the connection.
    pub(crate) fn end(&self) {
        self.send(&[], Some(Manner::Ending));
    }

    /// Ends the connection when the next request comes over it.
    pub(crate) fn close_before_next(&self) {
        self.send(&[], Some(Manner::Brittle));
    }
}

/// A listener whose connections can be reached into.
#[derive(Debug)]
pub(crate) struct Listening<L> {
    listener: L,
}

impl<L> Listening<L> {
    pub(crate) const fn new(listener: L) -> Self {
        Self { listener }
    }
}

impl<L: Listener<Addr = SocketAddr>> Listener for Listening<L> {
    type Io = Socket<L::Io>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = self.listener.accept().await;
        (Socket::new(stream), address)
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

impl<L: Listener<Addr = SocketAddr>> Connected<IncomingStream<'_, Listening<L>>> for Wire {
    fn connect_info(stream: IncomingStream<'_, Listening<L>>) -> Self {
        stream.io().wire()
    }
}
