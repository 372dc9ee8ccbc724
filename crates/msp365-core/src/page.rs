//! Pages of rows, and the cursors between them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    Error, Reply,
    request::{Call, from_bytes, halves},
};

/// One page of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The rows, in the order of the service. A page may be empty and still have a next one.
    pub items: Vec<T>,
    /// Where the next page is; `None` on the last page.
    pub next: Option<Cursor>,
    /// Where the next round of changes starts, on the last page of a delta query.
    pub delta: Option<Cursor>,
    /// The total number of rows, if the query asked for it.
    pub count: Option<u64>,
}

impl<T> Page<T> {
    /// A page with these rows and this cursor to the next page.
    pub const fn new(items: Vec<T>, next: Option<Cursor>) -> Self {
        Self {
            items,
            next,
            delta: None,
            count: None,
        }
    }
}

/// The position of a page. Opaque: it is kept and handed back, never inspected or changed.
///
/// Stores keep its text form, which `Display` writes and `FromStr` reads.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cursor(Place);

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    /// An absolute link, followed byte for byte.
    Link(String),
    /// The same path with a different query and further headers.
    Seek {
        query: Vec<(String, String)>,
        headers: Vec<(String, String)>,
    },
}

impl Cursor {
    /// A cursor that is an absolute link (Graph's `@odata.nextLink` and `@odata.deltaLink`).
    pub fn link(url: impl Into<String>) -> Self {
        Self(Place::Link(url.into()))
    }

    /// A cursor that repeats the path of the first request with a different query and these headers (Partner Center).
    pub const fn seek(query: Vec<(String, String)>, headers: Vec<(String, String)>) -> Self {
        Self(Place::Seek { query, headers })
    }

    pub(crate) const fn place(&self) -> &Place {
        &self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Link(url) => f.write_str(url),
            seek @ Place::Seek { .. } => f.write_str(&serde_json::to_string(seek).map_err(|_| fmt::Error)?),
        }
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.starts_with('{') {
            serde_json::from_str(text).map(Self).map_err(|_| Error::Cursor)
        } else if text.contains("://") {
            Ok(Self::link(text))
        } else {
            Err(Error::Cursor)
        }
    }
}

/// A row, or the record that could not be read in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lenient<T> {
    /// A record that was read.
    Row(T),
    /// A record that does not fit the model.
    Odd(OddRow),
}

/// A record that does not fit the model.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OddRow {
    /// Its id, if it has one.
    pub id: Option<String>,
    /// The record as it was read.
    pub raw: String,
    /// What the decoder says about it.
    pub problem: String,
}

#[derive(Deserialize)]
struct Wire<T> {
    value: Vec<T>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<Link>,
    #[serde(rename = "@odata.deltaLink")]
    delta: Option<Link>,
    #[serde(rename = "@odata.count")]
    count: Option<u64>,
}

/// A non-empty link. A blank one does not mean the end: a listing that ends sends none.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Link(String);

impl TryFrom<String> for Link {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if text.trim().is_empty() {
            Err("a link to a further page is blank")
        } else {
            Ok(Self(text))
        }
    }
}

impl<T> Wire<T> {
    /// The page, unless it belongs to a round of changes and says neither how to go on nor where the next round starts:
    /// such a round has not ended.
    fn checked(self, call: &Call) -> Result<Page<T>, Error> {
        let ends = self.next.is_none() && self.delta.is_none();
        if ends && call.rules().is_some_and(|rules| rules.is_delta) {
            return Err(Error::Decode {
                operation: call.operation(),
                at: "@odata.deltaLink".to_owned(),
                source: "a round of changes has neither a next page nor an end".into(),
            });
        }
        Ok(self.into_page())
    }

    fn into_page(self) -> Page<T> {
        let link = |link: Option<Link>| link.map(|Link(text)| Cursor::link(text));
        Page {
            items: self.value,
            next: link(self.next),
            delta: link(self.delta),
            count: self.count,
        }
    }
}

impl<T> Page<T> {
    fn map<U>(self, row: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(row).collect(),
            next: self.next,
            delta: self.delta,
            count: self.count,
        }
    }
}

/// Decodes a collection of Microsoft Graph.
pub(crate) fn decode_page<T: DeserializeOwned>(call: &Call, reply: &Reply) -> Result<Page<T>, Error> {
    crate::request::decode_json::<Wire<T>>(call, reply)?.checked(call)
}

/// Decodes a collection of Microsoft Graph; a record that does not fit does not fail the page.
pub(crate) fn decode_lenient<T: DeserializeOwned>(
    call: &Call,
    reply: &Reply,
) -> Result<Page<Lenient<T>>, Error> {
    if let Ok(wire) = from_bytes::<Wire<T>>(reply.text_bytes()) {
        return Ok(wire.checked(call)?.map(Lenient::Row));
    }
    let wire = crate::request::decode_json::<Wire<Box<RawValue>>>(call, reply)?;
    Ok(wire.checked(call)?.map(|raw| row(raw.get())))
}

fn row<T: DeserializeOwned>(raw: &str) -> Lenient<T> {
    let problem = match serde_json::from_str(raw) {
        Ok(row) => return Lenient::Row(row),
        Err(problem) => problem,
    };
    let mended = halves::mend(raw.as_bytes()).and_then(|mended| serde_json::from_slice(&mended).ok());
    mended.map_or_else(|| Lenient::Odd(odd(raw, &problem)), Lenient::Row)
}

fn odd(raw: &str, problem: &serde_json::Error) -> OddRow {
    #[derive(Deserialize)]
    struct Key {
        id: Option<String>,
    }
    OddRow {
        id: serde_json::from_str::<Key>(raw).ok().and_then(|key| key.id),
        raw: raw.to_owned(),
        problem: problem.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Request, Service, path};

    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        id: String,
        size: Option<u8>,
    }

    fn read<T>(request: &Request<T>, body: &str) -> Result<T, Error> {
        request.decode(&Reply::new(
            http::StatusCode::OK,
            http::HeaderMap::new(),
            body.to_owned(),
        ))
    }

    #[test]
    fn f065_an_empty_page_may_have_a_next_one() {
        let request: Request<Page<Row>> = Request::list("rows.list", Service::Graph, path!["rows"]);

        let page = read(
            &request,
            r#"{"@odata.nextLink":"https://g/v1.0/rows?x","value":[]}"#,
        )
        .unwrap();

        assert_eq!(page.next, Some(Cursor::link("https://g/v1.0/rows?x")));
        assert!(page.items.is_empty());
    }

    #[test]
    fn f064_a_page_without_value_is_no_empty_page() {
        let request: Request<Page<Row>> = Request::list("rows.list", Service::Graph, path!["rows"]);

        for body in [r"{}", r#"{"value":null}"#, r#"{"value":{}}"#, "[]", ""] {
            assert!(
                matches!(read(&request, body), Err(Error::Decode { .. })),
                "{body}"
            );
        }
    }

    #[test]
    fn f079_a_link_that_is_blank_or_no_text_is_no_end() {
        let request: Request<Page<Row>> = Request::list("rows.list", Service::Graph, path!["rows"]);

        for link in ["\"\"", "\" \"", "7", "{}", "true"] {
            for name in ["@odata.nextLink", "@odata.deltaLink"] {
                let page = read(&request, &format!(r#"{{"{name}":{link},"value":[]}}"#));

                assert!(matches!(page, Err(Error::Decode { .. })), "{name} {link}");
            }
        }
        let last = read(&request, r#"{"@odata.nextLink":null,"value":[]}"#).unwrap();
        assert_eq!(last.next, None);
    }

    #[test]
    fn f103_a_round_without_a_next_page_or_an_end_is_broken_and_with_both_it_goes_on() {
        static DELTA: crate::Operation = crate::Operation::delta("rows.delta", "rows/delta");
        let request: Request<Page<Row>> = DELTA.list(path!["rows", "delta"]);
        let link = |name: &str| format!(r#","@odata.{name}":"https://g/v1.0/rows/delta?{name}""#);
        let body = |links: &str| format!(r#"{{"value":[]{links}}}"#);

        let broken = read(&request, &body(""));
        let both = read(&request, &body(&(link("nextLink") + &link("deltaLink")))).unwrap();

        assert!(matches!(broken, Err(Error::Decode { .. })), "{broken:?}");
        assert!(both.next.is_some());
    }

    #[test]
    fn f061_one_odd_record_costs_only_itself() {
        let request: Request<Page<Lenient<Row>>> =
            Request::list_lenient("rows.list", Service::Graph, path!["rows"]);

        let page = read(
            &request,
            r#"{"value":[{"id":"a"},{"id":"b","size":"big"},{"id":"c","size":3}]}"#,
        )
        .unwrap();

        let [Lenient::Row(_), Lenient::Odd(odd), Lenient::Row(last)] = &page.items[..] else {
            panic!("{page:?}")
        };
        assert_eq!(
            (odd.id.as_deref(), odd.raw.as_str()),
            (Some("b"), r#"{"id":"b","size":"big"}"#)
        );
        assert_eq!(last.size, Some(3));
    }

    #[test]
    fn a_cursor_survives_its_text_form() {
        let seek = Cursor::seek(
            vec![("seekOperation".into(), "Next".into())],
            vec![("t".into(), "{1}".into())],
        );

        for cursor in [seek, Cursor::link("https://g/v1.0/rows?$skiptoken=%23a")] {
            assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        }
        assert!("nothing".parse::<Cursor>().is_err());
    }
}
