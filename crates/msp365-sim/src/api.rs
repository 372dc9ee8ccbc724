//! One call of an API after its token was checked: what the Graph and Partner Center routes are given.

use bytes::Bytes;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use msp365_core::TenantId;

use crate::identity::Claims;

/// Which version of Graph is called. Partner Center has one, which is `V1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ApiVersion {
    /// `/v1.0` of Graph, `/v1` of Partner Center.
    V1,
    /// `/beta` of Graph.
    Beta,
}

/// A call with everything decoded once.
#[derive(Debug, Clone)]
pub(crate) struct ApiCall {
    /// The tenant the token was issued in.
    pub(crate) tenant: TenantId,
    /// What the token says.
    pub(crate) claims: Claims,
    pub(crate) method: Method,
    /// Decoded segments after the version.
    pub(crate) path: Vec<String>,
    /// Decoded names and values, in order.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) version: ApiVersion,
    /// Scheme and host of this request, without a slash at the end; links are built from it.
    pub(crate) base: String,
    pub(crate) now: Timestamp,
}

impl ApiCall {
    /// The first value of a query option.
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
