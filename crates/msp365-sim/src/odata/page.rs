//! One page of rows, with the link to the next.

use std::{borrow::Cow, cmp::Ordering};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::{
    Options, Refused, Selection,
    options::Direction,
    token::{self, Binding},
};
use crate::world::packed::{Needs, Packed, write_json};

/// Where a page belongs.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    pub(crate) tenant: String,
    /// The absolute URL of the collection, without a query.
    pub(crate) url: String,
    pub(crate) context: String,
    /// Seconds since 1970.
    pub(crate) now: i64,
}

/// How long a page can be followed, in seconds: a day, where the service does not say.
const PAGE_LIFE: i64 = 24 * 60 * 60;

/// A row of a listing: as it is kept, or made for this answer.
#[derive(Debug)]
pub(crate) enum Listed<'a> {
    Kept(&'a Packed),
    Made(Cow<'a, Map<String, Value>>),
}

impl<'a> From<&'a Packed> for Listed<'a> {
    fn from(row: &'a Packed) -> Self {
        Self::Kept(row)
    }
}

impl<'a> From<Cow<'a, Map<String, Value>>> for Listed<'a> {
    fn from(row: Cow<'a, Map<String, Value>>) -> Self {
        Self::Made(row)
    }
}

impl<'a> Listed<'a> {
    /// At least these members.
    fn look(&self, needs: &Needs) -> Cow<'_, Map<String, Value>> {
        match self {
            Self::Kept(row) => Cow::Owned(row.pick(needs)),
            Self::Made(row) => Cow::Borrowed(row),
        }
    }

    /// All members.
    pub(crate) fn into_json(self) -> Map<String, Value> {
        self.into_row().into_owned()
    }

    fn into_row(self) -> Cow<'a, Map<String, Value>> {
        match self {
            Self::Kept(row) => Cow::Owned(row.to_json()),
            Self::Made(row) => row,
        }
    }
}

/// The rows of one page, and what stands before them.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    head: Map<String, Value>,
    rows: Vec<Listed<'a>>,
}

impl Page<'_> {
    /// The body as a tree, to add to.
    pub(crate) fn into_value(self, selection: &Selection) -> Value {
        let mut body = self.head;
        let rows = self.rows.into_iter();
        let rows = rows.map(|row| Value::Object(selection.cut(row.into_row())));
        body.insert("value".to_owned(), Value::Array(rows.collect()));
        Value::Object(body)
    }

    /// The body as text.
    pub(crate) fn into_text(self, selection: &Selection) -> Vec<u8> {
        text(&self.head, self.rows, |row, out| match row {
            Listed::Kept(row) => selection.write(row, out),
            Listed::Made(row) => write_json(&selection.cut(row), out),
        })
    }
}

/// A collection as text: what stands before the rows, and the rows.
pub(crate) fn text<T>(head: &Map<String, Value>, rows: Vec<T>, write: impl Fn(T, &mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::with_capacity(ROOM.saturating_mul(rows.len().saturating_add(1)));
    write_json(head, &mut out);
    out.pop();
    if !head.is_empty() {
        out.push(b',');
    }
    out.extend_from_slice(b"\"value\":[");
    for (number, row) in rows.into_iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        write(row, &mut out);
    }
    out.extend_from_slice(b"]}");
    out
}

/// Bytes that most rows need.
const ROOM: usize = 1_024;

/// Kept as they are in a query: what RFC 3986 allows there and no service misreads.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b',')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'\'')
    .remove(b':')
    .remove(b'/');

/// One page. `rows_after` gives the rows in the order of their ids, after one of them or from the first.
///
/// # Errors
/// A refusal if the page token is not of this place.
pub(crate) fn list<'a, R, I>(
    place: &Listing,
    options: &Options,
    rows_after: impl Fn(Option<&str>) -> I,
) -> Result<Page<'a>, Refused>
where
    R: Into<Listed<'a>>,
    I: Iterator<Item = (&'a str, R)>,
{
    let query = encode(&options.pairs);
    let binding = Binding {
        tenant: &place.tenant,
        resource: &place.url,
        query: &query,
    };
    let position = options
        .skip_token
        .as_deref()
        .map(|text| token::open(binding, text).map_err(|_| foreign()))
        .transpose()?
        .map(|token| fresh(token, place.now))
        .transpose()?;
    let looked_at = options.looked_at();
    let rows_after = |from: Option<&str>| {
        let rows = rows_after(from).map(|(id, row)| (id, row.into()));
        rows.filter(|(_, row): &(&str, Listed<'_>)| {
            options.keeps_all() || options.keeps(&row.look(&looked_at))
        })
    };
    let (rows, next) = if options.order.is_empty() {
        let after = position.as_ref().and_then(Value::as_str);
        by_id(options.top, rows_after(after))
    } else {
        ordered(options, position.as_ref(), (rows_after(None), &looked_at))
    };
    let mut head = Map::new();
    head.insert("@odata.context".to_owned(), json!(place.context));
    if options.count {
        head.insert("@odata.count".to_owned(), json!(rows_after(None).count()));
    }
    if let Some(next) = next {
        let token = token::seal(binding, &json!([place.now, next]));
        let joint = if query.is_empty() { "" } else { "&" };
        head.insert(
            "@odata.nextLink".to_owned(),
            json!(format!("{}?{query}{joint}$skiptoken={token}", place.url)),
        );
    }
    Ok(Page { head, rows })
}

type Cut<'a> = (Vec<Listed<'a>>, Option<Value>);

fn by_id<'a>(top: usize, rows: impl Iterator<Item = (&'a str, Listed<'a>)>) -> Cut<'a> {
    let mut rows = rows.peekable();
    let mut page = Vec::new();
    let mut last = "";
    while page.len() < top
        && let Some((id, row)) = rows.next()
    {
        last = id;
        page.push(row);
    }
    let next = rows.peek().is_some().then(|| json!(last));
    (page, next)
}

fn ordered<'a>(
    options: &Options,
    position: Option<&Value>,
    (rows, looked_at): (impl Iterator<Item = (&'a str, Listed<'a>)>, &Needs),
) -> Cut<'a> {
    let ranks = |row: &Listed<'a>| -> Vec<Rank> {
        let row = row.look(looked_at);
        options
            .order
            .iter()
            .map(|key| rank(at(&row, &key.path)))
            .collect()
    };
    let mut rows: Vec<(Vec<Rank>, Listed<'a>)> = rows.map(|(_, row)| (ranks(&row), row)).collect();
    rows.sort_by(|(left, _), (right, _)| {
        let keys = options.order.iter().zip(left.iter().zip(right));
        keys.fold(Ordering::Equal, |so_far, (key, (left, right))| {
            so_far.then_with(|| match key.direction {
                Direction::Up => left.cmp(right),
                Direction::Down => right.cmp(left),
            })
        })
    });
    let total = rows.len();
    let from = position
        .and_then(Value::as_u64)
        .and_then(|from| usize::try_from(from).ok())
        .unwrap_or(0);
    let page: Vec<_> = rows
        .into_iter()
        .skip(from)
        .take(options.top)
        .map(|(_, row)| row)
        .collect();
    let to = from.saturating_add(page.len());
    (page, (to < total).then(|| json!(to)))
}

fn at<'a>(row: &'a Map<String, Value>, path: &[String]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter()
        .try_fold(row.get(first)?, |value, name| value.get(name))
}

type Rank = (u8, String, i64);

/// Nothing first, then by value; case does not count.
fn rank(value: Option<&Value>) -> Rank {
    match value {
        None | Some(Value::Null) => (0, String::new(), 0),
        Some(Value::String(text)) => (1, text.to_lowercase(), 0),
        Some(Value::Bool(flag)) => (1, String::new(), i64::from(*flag)),
        Some(other) => (1, String::new(), other.as_i64().unwrap_or(0)),
    }
}

/// Options as a query string.
pub(crate) fn encode(pairs: &[(String, String)]) -> String {
    let parts: Vec<String> = pairs
        .iter()
        .map(|(name, value)| {
            format!(
                "{}={}",
                utf8_percent_encode(name, QUERY),
                utf8_percent_encode(value, QUERY)
            )
        })
        .collect();
    parts.join("&")
}

/// The position in a page token that is not too old.
fn fresh(token: Value, now: i64) -> Result<Value, Refused> {
    let (issued, position): (i64, Value) = serde_json::from_value(token).map_err(|_| foreign())?;
    if now.saturating_sub(issued) <= PAGE_LIFE {
        return Ok(position);
    }
    Err(Refused::new(
        http::StatusCode::BAD_REQUEST,
        "Directory_ExpiredPageToken",
        "The specified page token value has expired and can no longer be included in your request.",
    ))
}

fn foreign() -> Refused {
    Refused::bad("Skip token is malformed or does not belong to this request.")
}
