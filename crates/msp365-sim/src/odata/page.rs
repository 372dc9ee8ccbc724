//! One page of rows, with the link to the next.

use std::{borrow::Cow, cmp::Ordering};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::{
    Options, Refused,
    options::Direction,
    token::{self, Binding},
};

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

/// A row with the id it is ordered by.
pub(crate) type Row<'a> = (&'a str, Cow<'a, Map<String, Value>>);

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

/// The body of one page. `rows_after` gives the rows in the order of their ids, after one of them or from the first.
///
/// # Errors
/// A refusal if the page token is not of this place.
pub(crate) fn list<'a, I>(
    place: &Listing,
    options: &Options,
    rows_after: impl Fn(Option<&str>) -> I,
) -> Result<Value, Refused>
where
    I: Iterator<Item = Row<'a>>,
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
    let (page, next) = if options.order.is_empty() {
        by_id(options, position.as_ref(), &rows_after)
    } else {
        ordered(options, position.as_ref(), &rows_after)
    };
    let mut body = Map::new();
    body.insert("@odata.context".to_owned(), json!(place.context));
    if options.count {
        body.insert(
            "@odata.count".to_owned(),
            json!(rows_after(None).filter(|(_, r)| options.keeps(r)).count()),
        );
    }
    if let Some(next) = next {
        let token = token::seal(binding, &json!([place.now, next]));
        let joint = if query.is_empty() { "" } else { "&" };
        body.insert(
            "@odata.nextLink".to_owned(),
            json!(format!("{}?{query}{joint}$skiptoken={token}", place.url)),
        );
    }
    let rows: Vec<Value> = page
        .into_iter()
        .map(|row| Value::Object(options.selection.cut(row)))
        .collect();
    body.insert("value".to_owned(), Value::Array(rows));
    Ok(Value::Object(body))
}

type Cut<'a> = (Vec<Cow<'a, Map<String, Value>>>, Option<Value>);

fn by_id<'a, I>(
    options: &Options,
    position: Option<&Value>,
    rows_after: &impl Fn(Option<&str>) -> I,
) -> Cut<'a>
where
    I: Iterator<Item = Row<'a>>,
{
    let after = position.and_then(Value::as_str);
    let mut rows = rows_after(after).filter(|(_, row)| options.keeps(row)).peekable();
    let mut page = Vec::new();
    let mut last = "";
    while page.len() < options.top
        && let Some((id, row)) = rows.next()
    {
        last = id;
        page.push(row);
    }
    let next = rows.peek().is_some().then(|| json!(last));
    (page, next)
}

fn ordered<'a, I>(
    options: &Options,
    position: Option<&Value>,
    rows_after: &impl Fn(Option<&str>) -> I,
) -> Cut<'a>
where
    I: Iterator<Item = Row<'a>>,
{
    let mut rows: Vec<Row<'a>> = rows_after(None).filter(|(_, row)| options.keeps(row)).collect();
    rows.sort_by(|(_, left), (_, right)| {
        options.order.iter().fold(Ordering::Equal, |so_far, key| {
            so_far.then_with(|| {
                let order = rank(at(left, &key.path)).cmp(&rank(at(right, &key.path)));
                if key.direction == Direction::Down {
                    order.reverse()
                } else {
                    order
                }
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

/// Nothing first, then by value; case does not count.
fn rank(value: Option<&Value>) -> (u8, String, i64) {
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
