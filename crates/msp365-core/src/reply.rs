//! What came back from a service.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// A reply that was read to its end and decompressed.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Reply {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers; for a batch entry, its own.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Reply {
    /// A reply with these parts.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    /// A header as text; `None` if it is absent or not valid text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The service's own id of this exchange, which its support asks for.
    pub fn request_id(&self) -> Option<&str> {
        ["request-id", "x-ms-request-id", "ms-requestid"]
            .iter()
            .find_map(|name| self.header(name))
    }

    /// The body without a UTF-8 byte order mark.
    pub fn text_bytes(&self) -> &[u8] {
        self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body)
    }
}
