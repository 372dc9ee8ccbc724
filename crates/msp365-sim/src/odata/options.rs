//! The query options of one request, read against the rules of the resource.

use serde_json::{Map, Value};

use super::{
    Refused, Selection, Shape,
    filter::Filter,
    search::Search,
    shape::{Occurs, listed},
};
use crate::world::packed::Needs;

/// What a resource allows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) shape: &'static Shape,
    /// Rows on a page when the request does not say.
    pub(crate) page: usize,
    /// The most rows on a page; `None`: the resource comes all at once and takes no `$top`.
    pub(crate) top: Option<usize>,
    /// The options it takes, apart by blanks; `$top` is governed by `top`.
    pub(crate) options: &'static str,
    /// What it may be ordered by without an advanced query.
    pub(crate) order: &'static str,
    /// Whether it is a directory object, with advanced queries.
    pub(crate) directory: bool,
}

/// Whether the request carries `ConsistencyLevel: eventual`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Advanced {
    Asked,
    No,
}

/// Options that fit their resource.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) selection: Selection,
    pub(crate) filter: Option<Filter>,
    pub(crate) top: usize,
    pub(crate) count: bool,
    pub(crate) order: Vec<Order>,
    pub(crate) search: Option<Search>,
    pub(crate) skip_token: Option<String>,
    /// The options but for the page token, as given.
    pub(crate) pairs: Vec<(String, String)>,
}

/// One key of `$orderby`.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) path: Vec<String>,
    pub(crate) direction: Direction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

const KNOWN: &str =
    "$select $filter $top $skip $count $orderby $search $expand $skiptoken $deltatoken $format";

impl Options {
    /// Reads the options of a request.
    ///
    /// # Errors
    /// A refusal in the words of the service.
    pub(crate) fn read(
        query: &[(String, String)],
        advanced: Advanced,
        rules: &Rules,
    ) -> Result<Self, Refused> {
        let given = allowed(query, rules)?;
        let eventual = advanced == Advanced::Asked;
        let count = match given("$count") {
            None | Some("false") => false,
            Some("true") => eventual || !rules.directory,
            Some(other) => return Err(Refused::bad(format!("Invalid value '{other}' for $count."))),
        };
        let filter = given("$filter")
            .map(|text| Filter::parse(text, rules.shape))
            .transpose()?;
        let order = given("$orderby").map_or(Ok(Vec::new()), |text| orders(text, rules.shape))?;
        let search = given("$search")
            .map(|text| Search::parse(text, rules.shape))
            .transpose()?;
        if search.is_some() && !eventual {
            return Err(Refused::bad(
                "Request with $search query parameter only works through MSGraph with a special request header: \
                 'ConsistencyLevel: eventual'",
            ));
        }
        let wants = filter.as_ref().is_some_and(Filter::is_advanced)
            || (rules.directory && filter.is_some() && !order.is_empty())
            || order
                .iter()
                .any(|order| !listed(rules.order, &order.path.join("/")));
        if wants && !(rules.directory && eventual && count) {
            return Err(Refused::unsupported(
                "Unsupported Query: it needs the header 'ConsistencyLevel: eventual' and '$count=true'.",
            ));
        }
        Ok(Self {
            selection: Selection::parse(given("$select"), rules.shape)?,
            filter,
            top: top(given("$top"), rules)?,
            count,
            order,
            search,
            skip_token: given("$skiptoken").map(str::to_owned),
            pairs: query
                .iter()
                .filter(|(name, _)| name != "$skiptoken")
                .cloned()
                .collect(),
        })
    }

    /// The members of a row that the answer holds or depends on; `None`: all of them.
    pub(crate) fn needs(&self) -> Option<Needs> {
        let answered = self.selection.needs()?;
        Some(Needs::of(answered.chain(self.named())))
    }

    /// The members of a row that decide whether and where the answer holds it.
    pub(super) fn looked_at(&self) -> Needs {
        Needs::of(self.named())
    }

    /// Whether every row is part of the answer.
    pub(super) const fn keeps_all(&self) -> bool {
        self.filter.is_none() && self.search.is_none()
    }

    fn named(&self) -> impl Iterator<Item = &str> {
        let filtered = self.filter.iter().flat_map(Filter::paths);
        let filtered = filtered.filter_map(|path| path.split('/').next());
        let ordered = self.order.iter().filter_map(|key| key.path.first());
        let searched = self.search.iter().flat_map(Search::properties);
        filtered.chain(ordered.map(String::as_str)).chain(searched)
    }

    /// Whether a row is part of the answer.
    pub(crate) fn keeps(&self, row: &Map<String, Value>) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.matches(row))
            && self.search.as_ref().is_none_or(|search| search.matches(row))
    }
}

/// A look-up of options, once every one of them is known, allowed here and given once.
fn allowed<'a>(
    query: &'a [(String, String)],
    rules: &Rules,
) -> Result<impl Fn(&str) -> Option<&'a str>, Refused> {
    for (index, (name, _)) in query.iter().enumerate() {
        if !name.starts_with('$') {
            continue; // custom options are ignored, as the service does
        }
        if query.iter().take(index).any(|(earlier, _)| earlier == name) {
            return Err(Refused::bad(format!(
                "Query option '{name}' was specified more than once, but it must be specified at most once."
            )));
        }
        if !listed(KNOWN, name) {
            return Err(Refused::bad(format!(
                "Unrecognized query argument specified: '{name}'."
            )));
        }
        let fine = match name.as_str() {
            "$top" | "$skiptoken" => rules.top.is_some(),
            _ => listed(rules.options, name),
        };
        if !fine {
            return Err(Refused::unsupported(format!(
                "The query option '{name}' is not allowed here."
            )));
        }
    }
    Ok(move |wanted: &str| {
        query
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_str())
    })
}

fn top(text: Option<&str>, rules: &Rules) -> Result<usize, Refused> {
    let Some(most) = rules.top else {
        return Ok(usize::MAX);
    };
    let Some(text) = text else {
        return Ok(rules.page);
    };
    text.parse::<usize>()
        .ok()
        .filter(|top| (1..=most).contains(top))
        .ok_or_else(|| {
            Refused::bad(format!(
                "Invalid page size specified: '{text}'. Must be between 1 and {most} inclusive."
            ))
        })
}

fn orders(text: &str, shape: &'static Shape) -> Result<Vec<Order>, Refused> {
    text.split(',')
        .map(|key| {
            let mut words = key.split_ascii_whitespace();
            let path: Vec<String> = words
                .next()
                .unwrap_or_default()
                .split('/')
                .map(str::to_owned)
                .collect();
            let direction = match (words.next(), words.next()) {
                (None | Some("asc"), None) => Direction::Up,
                (Some("desc"), None) => Direction::Down,
                _ => return Err(Refused::bad(format!("Syntax error in $orderby: '{key}'."))),
            };
            let (_, occurs) = shape.resolve(&path)?;
            if occurs == Occurs::Many {
                return Err(Refused::bad(format!(
                    "Invalid $orderby: '{}' is a collection.",
                    path.join("/")
                )));
            }
            Ok(Order { path, direction })
        })
        .collect()
}
