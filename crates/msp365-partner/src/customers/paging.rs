//! Pages of Partner Center: the next page is given by a token in the body, a link with headers, or a header.

use msp365_core::{Call, Cursor, Error, Page, Reply, request::decode_json};
use serde::{Deserialize, de::DeserializeOwned};

const TOKEN: &str = "MS-ContinuationToken";
const SEEK: &str = "seekOperation";

/// Headers that a link may not set: they say who asks whom, and how.
const OURS: [&str; 6] = [
    "authorization",
    "host",
    "cookie",
    "content-length",
    "transfer-encoding",
    "connection",
];

/// Decodes a collection of Partner Center.
pub(crate) fn decode<T: DeserializeOwned>(call: &Call, reply: &Reply) -> Result<Page<T>, Error> {
    let wire: Wire<T> = decode_json(call, reply)?;
    let header = || reply.header(TOKEN).map(str::to_owned);
    let next = match wire.links.and_then(|links| links.next) {
        Some(link) => Some(link.cursor(wire.continuation_token.or_else(header))),
        None => wire
            .continuation_token
            .or_else(header)
            .filter(|token| !token.is_empty())
            .map(seek),
    };
    Ok(Page::new(wire.items, next))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire<T> {
    items: Vec<T>,
    continuation_token: Option<String>,
    links: Option<Links>,
}

#[derive(Deserialize)]
struct Links {
    next: Option<Link>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    uri: String,
    headers: Option<Vec<Header>>,
}

#[derive(Deserialize)]
struct Header {
    key: String,
    value: String,
}

impl Link {
    /// The query of the link and its headers. A request for a further page takes neither size nor filter.
    fn cursor(self, token: Option<String>) -> Cursor {
        let query = self.uri.split_once('?').map_or("", |(_, query)| query);
        let mut query: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .filter(|(name, _)| !name.eq_ignore_ascii_case("size") && !name.eq_ignore_ascii_case("filter"))
            .collect();
        if !query.iter().any(|(name, _)| name.eq_ignore_ascii_case(SEEK)) {
            query.push((SEEK.to_owned(), "Next".to_owned()));
        }
        let mut headers: Vec<(String, String)> = self
            .headers
            .into_iter()
            .flatten()
            .filter(|header| !OURS.iter().any(|own| header.key.eq_ignore_ascii_case(own)))
            .map(|header| (header.key, header.value))
            .collect();
        if let Some(token) = token
            && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(TOKEN))
        {
            headers.push((TOKEN.to_owned(), token));
        }
        Cursor::seek(query, headers)
    }
}

fn seek(token: String) -> Cursor {
    Cursor::seek(
        vec![(SEEK.to_owned(), "Next".to_owned())],
        vec![(TOKEN.to_owned(), token)],
    )
}
