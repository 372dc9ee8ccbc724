//! A socket that does what its wire is told.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Line, Manner, Wire};

/// How a connection of HTTP/2 begins.
const PREFACE: &[u8] = b"PRI ";

/// A stream of bytes with a wire.
#[derive(Debug)]
pub(crate) struct Socket<S> {
    inner: S,
    wire: Wire,
}

impl<S> Socket<S> {
    pub(super) fn new(inner: S) -> Self {
        Self {
            inner,
            wire: Wire::default(),
        }
    }

    pub(super) fn wire(&self) -> Wire {
        self.wire.clone()
    }
}

/// Sends what waits, if no frame is under way.
fn send<S: AsyncWrite + Unpin>(
    inner: &mut S,
    line: &mut Line,
    context: &mut Context<'_>,
) -> Poll<io::Result<()>> {
    while !line.waiting.is_empty() && line.boundary.is_clear() && line.manner != Manner::Mute {
        let (bytes, _) = line.waiting.as_slices();
        let sent = ready!(Pin::new(&mut *inner).poll_write(context, bytes))?;
        line.waiting.drain(..sent);
        if line.waiting.is_empty() {
            ready!(Pin::new(&mut *inner).poll_flush(context))?;
        }
    }
    Poll::Ready(Ok(()))
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Socket<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { inner, wire } = self.get_mut();
        let mut line = wire.line();
        line.reader = Some(context.waker().clone());
        // What cannot go out now does not keep from reading: the socket wakes the task for either.
        if let Poll::Ready(Err(broken)) = send(inner, &mut line, context) {
            return Poll::Ready(Err(broken));
        }
        if line.manner == Manner::Ending && line.waiting.is_empty() {
            return Poll::Ready(Ok(()));
        }
        loop {
            let before = buffer.filled().len();
            ready!(Pin::new(&mut *inner).poll_read(context, buffer))?;
            let came = buffer.filled().get(before..).unwrap_or_default();
            if came.is_empty() {
                return Poll::Ready(Ok(()));
            }
            line.framed.get_or_insert_with(|| came.starts_with(PREFACE));
            match line.manner {
                Manner::Open => return Poll::Ready(Ok(())),
                // Only headers are a request; other frames come at any time.
                Manner::Brittle if line.framed == Some(true) && came.get(3) != Some(&1) => {
                    return Poll::Ready(Ok(()));
                }
                Manner::Brittle => {
                    buffer.set_filled(before);
                    line.manner = Manner::Ending;
                    return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
                }
                Manner::Mute | Manner::Ending => buffer.set_filled(before),
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Socket<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Self { inner, wire } = self.get_mut();
        let mut line = wire.line();
        ready!(send(inner, &mut line, context))?;
        match line.manner {
            Manner::Mute => return Poll::Ready(Ok(bytes.len())),
            Manner::Ending => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            Manner::Open | Manner::Brittle => {}
        }
        let sent = ready!(Pin::new(&mut *inner).poll_write(context, bytes))?;
        if line.framed == Some(true) {
            line.boundary.pass(bytes.get(..sent).unwrap_or_default());
        }
        Poll::Ready(Ok(sent))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { inner, wire } = self.get_mut();
        ready!(send(inner, &mut wire.line(), context))?;
        Pin::new(inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(context)
    }
}
