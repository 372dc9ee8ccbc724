//! What a request asks, as throttling, ledger and faults see it: read once, nothing verified.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{Method, Request, header};
use msp365_core::TenantId;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::graph;

/// Which part of the cloud a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    Graph,
    PartnerCenter,
    SignIn,
    Download,
}

/// Actions of Graph that are sent by POST and change nothing.
const QUESTIONS: [&str; 8] = [
    "checkMemberGroups",
    "checkMemberObjects",
    "getMemberGroups",
    "getMemberObjects",
    "getByIds",
    "getAvailableExtensionProperties",
    "isMemberOf",
    "validateProperties",
];

/// A request or an item of a batch, taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) family: Family,
    pub(crate) method: Method,
    /// Decoded segments after the version, or after the tenant of a sign-in.
    pub(crate) path: Vec<String>,
    /// Decoded query; of a posted form, its fields.
    pub(crate) query: Vec<(String, String)>,
    /// The tenant of the token, or of the sign-in.
    pub(crate) tenant: Option<TenantId>,
    pub(crate) app: Option<String>,
    /// The audience of the token that is shown.
    pub(crate) audience: Option<String>,
    /// A print of the token that is shown, which tells it from others and nothing else.
    pub(crate) token: Option<u64>,
    /// Where it was sent, with the port if there is one.
    pub(crate) host: String,
    pub(crate) body: Bytes,
}

impl Asked {
    pub(crate) fn of(request: &Request<Bytes>) -> Self {
        let raw: Vec<&str> = request.uri().path().trim_matches('/').split('/').collect();
        let (family, rest) = match raw.as_slice() {
            ["v1.0" | "beta", rest @ ..] => (Family::Graph, rest),
            ["v1", rest @ ..] => (Family::PartnerCenter, rest),
            ["reports-download", rest @ ..] => (Family::Download, rest),
            rest => (Family::SignIn, rest.get(1..).unwrap_or_default()),
        };
        let mut query = pairs(request.uri().query().unwrap_or_default().as_bytes());
        if family == Family::SignIn && request.method() == Method::POST {
            query.extend(pairs(request.body()));
        }
        let shown = bearer(request);
        let claims = shown.and_then(claims).unwrap_or_default();
        let claim = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let tenant = match family {
            Family::SignIn => raw.first().and_then(|tenant| tenant.parse().ok()),
            _ => claim("tid").and_then(|tenant| tenant.parse().ok()),
        };
        let decoded = rest.iter().map(|segment| decode(segment)).collect::<Vec<_>>();
        Self {
            family,
            method: request.method().clone(),
            path: segments(family, &decoded),
            query,
            tenant,
            app: claim("appid"),
            audience: claim("aud"),
            token: shown.map(print),
            host: request
                .uri()
                .authority()
                .map(|host| host.as_str().to_ascii_lowercase())
                .unwrap_or_default(),
            body: request.body().clone(),
        }
    }

    /// One item of this batch.
    pub(crate) fn item(&self, method: Method, url: &str, body: Bytes) -> Self {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let decoded: Vec<String> = path.trim_matches('/').split('/').map(decode).collect();
        Self {
            method,
            path: segments(self.family, &decoded),
            query: pairs(query.as_bytes()),
            body,
            ..self.clone()
        }
    }

    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    pub(crate) fn is_batch(&self) -> bool {
        self.family == Family::Graph && self.path.first().is_some_and(|first| first == "$batch")
    }

    /// Whether it means to change something in Graph or Partner Center. A batch changes nothing by itself.
    pub(crate) fn is_write(&self) -> bool {
        let is_api = matches!(self.family, Family::Graph | Family::PartnerCenter);
        let last = self.path.last().map_or("", String::as_str);
        let name = last.rsplit('.').next().unwrap_or(last);
        is_api && self.method != Method::GET && !self.is_batch() && !QUESTIONS.contains(&name)
    }
}

fn segments(family: Family, decoded: &[String]) -> Vec<String> {
    match family {
        Family::Graph => graph::segments(decoded),
        _ => decoded.to_vec(),
    }
}

fn decode(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

fn bearer(request: &Request<Bytes>) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (kind, token) = value.split_once(' ')?;
    kind.eq_ignore_ascii_case("bearer").then_some(token)
}

fn print(token: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    token.hash(&mut hasher);
    hasher.finish()
}

/// What a token claims, whoever signed it.
fn claims(token: &str) -> Option<Value> {
    let body = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()
}
