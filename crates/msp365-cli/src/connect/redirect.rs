//! The browser's way back to this machine.

use msp365::ErrorKind;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::failure::Failure;

/// Bytes of a callback request that are read at most.
const CALLBACK_BOUND: usize = 16 * 1024;

/// The redirect address on this machine: the registered one with the port that was free. The sign-in service compares
/// all but the port.
pub(super) fn local(registered: Option<&str>, port: u16) -> String {
    let path = registered
        .and_then(|url| url.strip_prefix("http://localhost"))
        .unwrap_or("/");
    let path = path.find('/').and_then(|at| path.get(at..)).unwrap_or("/");
    format!("http://localhost:{port}{path}")
}

pub(super) async fn listen() -> Result<TcpListener, Failure> {
    TcpListener::bind(("127.0.0.1", 0))
        .await
        .map_err(|error| unheard(&error))
}

pub(super) fn unheard(error: &std::io::Error) -> Failure {
    Failure::new(
        ErrorKind::Unavailable,
        format!("cannot wait for the redirect on loopback: {error}"),
    )
}

/// Waits for the browser's redirect and answers it. Requests without a query, such as for an icon, are not it.
pub(super) async fn callback(listener: &TcpListener) -> Result<String, Failure> {
    loop {
        let (mut browser, _) = listener.accept().await.map_err(|error| unheard(&error))?;
        if let Some(query) = answered(&mut browser).await {
            return Ok(query);
        }
    }
}

async fn answered(browser: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    let mut piece = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < CALLBACK_BOUND {
        match browser.read(&mut piece).await {
            Ok(0) | Err(_) => break,
            Ok(read) => request.extend_from_slice(piece.get(..read)?),
        }
    }
    let text = String::from_utf8_lossy(&request);
    let target = text.strip_prefix("GET ")?.split(' ').next()?;
    let query = target.split_once('?').map(|(_, query)| query.to_owned());
    let (status, words) = if query.is_some() {
        ("200 OK", "You can close this page and go back to the terminal.")
    } else {
        ("404 Not Found", "Nothing here.")
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{words}",
        words.len()
    );
    let _ = browser.write_all(answer.as_bytes()).await;
    query
}
