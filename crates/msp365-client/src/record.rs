//! A transport that records what passes through it.

use std::{
    fmt,
    io::{self, Write},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use bytes::Bytes;
use http::Request;
use msp365_core::{Reply, Transport, TransportError, record};

/// Writes one line of JSON per answered exchange, without secrets, and otherwise acts as the transport it wraps.
pub struct Recorder<T> {
    inner: T,
    lines: Mutex<Box<dyn Write + Send>>,
    is_broken: AtomicBool,
}

impl<T: Transport> Recorder<T> {
    /// Wraps a transport, and writes the lines here. A line that cannot be written fails no request.
    pub fn new(inner: T, lines: Box<dyn Write + Send>) -> Self {
        Self {
            inner,
            lines: Mutex::new(lines),
            is_broken: AtomicBool::new(false),
        }
    }

    fn write(&self, line: &str) -> io::Result<()> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.write_all(format!("{line}\n").as_bytes())?;
        lines.flush()
    }
}

#[async_trait]
impl<T: Transport> Transport for Recorder<T> {
    async fn send(&self, request: Request<Bytes>) -> Result<Reply, TransportError> {
        let sent = request.clone();
        let reply = self.inner.send(request).await?;
        if let Err(error) = self.write(&record::line(&sent, &reply))
            && !self.is_broken.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(%error, "traffic is no longer recorded in full");
        }
        Ok(reply)
    }
}

impl<T> fmt::Debug for Recorder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use msp365_core::manual::{Answer, ScriptedTransport};

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn get() -> Request<Bytes> {
        Request::get("https://graph.microsoft.com/v1.0/users")
            .header("authorization", "Bearer canary")
            .body(Bytes::new())
            .unwrap()
    }

    #[tokio::test]
    async fn each_exchange_is_one_line_without_its_token() {
        let lines = Shared::default();
        let script = ScriptedTransport::new([Answer::text(200, &[], "{}"), Answer::text(404, &[], "")]);
        let recorder = Recorder::new(script, Box::new(lines.clone()));

        recorder.send(get()).await.unwrap();
        recorder.send(get()).await.unwrap();

        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert!(text.ends_with('\n') && !text.contains("canary"), "{text}");
    }

    #[tokio::test]
    async fn a_full_disk_fails_no_request() {
        let script = ScriptedTransport::new([Answer::text(200, &[], "{}")]);
        let recorder = Recorder::new(script, Box::new(Full));

        assert!(recorder.send(get()).await.is_ok());
    }
}
