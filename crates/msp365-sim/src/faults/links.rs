//! Links that lead back: a page token that holds the address it stands for.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{Request, Uri};

/// How such a token begins.
const MARK: &str = "again.";
/// How one begins that has to come back as it was given.
const EXACT: &str = "exact.";
/// Signs that a client must send as they came.
const ODD: &str = "%23%2B%7B'%27";

/// The request came by the link of this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Again(pub(crate) u64);

/// A link that looks new for each number and leads to the page of a request.
pub(crate) fn wrap(request: &Request<Bytes>, number: u64) -> String {
    link(request, &format!("{MARK}{number}."), "")
}

/// A link that leads to the page of a request if it is sent byte for byte.
pub(crate) fn exact(request: &Request<Bytes>) -> String {
    link(request, EXACT, ODD)
}

fn link(request: &Request<Bytes>, mark: &str, tail: &str) -> String {
    let uri = request.uri();
    let scheme = uri.scheme_str().unwrap_or("https");
    let host = uri.authority().map_or("localhost", |host| host.as_str());
    let whole = uri.path_and_query().map_or("/", |whole| whole.as_str());
    let held = URL_SAFE_NO_PAD.encode(whole);
    format!("{scheme}://{host}{}?$skiptoken={mark}{held}{tail}", uri.path())
}

/// The request that such a link stands for; `None` if it is none, or was not sent as it was given.
pub(crate) fn unwrapped(request: &Request<Bytes>) -> Option<Request<Bytes>> {
    let uri = request.uri();
    let (number, held) = held(uri.query()?)?;
    let whole = String::from_utf8(URL_SAFE_NO_PAD.decode(held).ok()?).ok()?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(whole.parse().ok()?);
    let mut changed = request.clone();
    *changed.uri_mut() = Uri::from_parts(parts).ok()?;
    changed.extensions_mut().insert(Again(number));
    Some(changed)
}

fn held(query: &str) -> Option<(u64, &str)> {
    let (_, token) = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| matches!(*name, "$skiptoken" | "%24skiptoken"))?;
    if let Some(rest) = token.strip_prefix(EXACT) {
        return Some((0, rest.strip_suffix(ODD)?));
    }
    let (number, held) = token.strip_prefix(MARK)?.split_once('.')?;
    Some((number.parse().ok()?, held))
}
