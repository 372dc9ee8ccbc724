//! Collections of Partner Center: pages that are sought one after another, and those that come whole.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::wire::{Answer, Refusal};
use crate::{
    api::ApiCall,
    odata::{Binding, open, seal},
    world::World,
};

/// What a collection can be asked for.
#[derive(Debug)]
pub(super) struct Rules {
    /// Fields to filter by, each with its only operator.
    pub(super) filters: &'static [(&'static str, &'static str)],
    /// Fields to sort by, apart by blanks.
    pub(super) sorts: &'static str,
}

/// Which page is wanted, and of what. Page tokens hold this.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Seek {
    /// The first row; past all rows for the last page.
    from: usize,
    /// 0: all at once.
    size: usize,
    pub(super) filter: Option<Filter>,
    pub(super) sort: Option<Sort>,
}

/// A filter of one field.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(super) struct Filter {
    pub(super) field: String,
    pub(super) value: String,
    operator: String,
}

/// An order by one field.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Sort {
    pub(super) field: String,
    pub(super) descends: bool,
}

/// Reads which page a call wants.
pub(super) fn seek(world: &World, call: &ApiCall, rules: &Rules) -> Result<Seek, Refusal> {
    let Some(operation) = call.option("seekOperation") else {
        return first(call, rules);
    };
    let others = ["size", "filter", "sortField", "sortDirection"];
    if others.iter().any(|name| call.option(name).is_some()) {
        return Err(Refusal::invalid(
            "A seek request takes neither size nor filter nor order.",
        ));
    }
    let token = call
        .header("MS-ContinuationToken")
        .ok_or_else(|| Refusal::invalid("The continuation token is missing."))?;
    let (tenant, resource) = place(world, call);
    let binding = binding(&tenant, &resource);
    let seek: Seek = open(binding, token)
        .ok()
        .and_then(|value| serde_json::from_value(value).ok())
        .ok_or_else(|| Refusal::invalid("The continuation token is not valid."))?;
    let from = match operation {
        "Next" | "0" => seek.from,
        "Previous" | "1" => seek.from.saturating_sub(seek.size.saturating_mul(2)),
        "First" | "2" => 0,
        "Last" | "3" => usize::MAX,
        other => {
            return Err(Refusal::invalid(format!(
                "The seek operation '{other}' is not supported."
            )));
        }
    };
    Ok(Seek { from, ..seek })
}

fn first(call: &ApiCall, rules: &Rules) -> Result<Seek, Refusal> {
    let size = call.option("size").unwrap_or("0");
    let size = size
        .parse()
        .map_err(|_| Refusal::invalid("The size is not a number."))?;
    let filter: Option<Filter> = call
        .option("filter")
        .map(serde_json::from_str)
        .transpose()
        .map_err(|_| Refusal::invalid("The filter is not valid."))?;
    if let Some(filter) = &filter {
        let known = |(field, operator): &(&str, &str)| *field == filter.field && *operator == filter.operator;
        if !rules.filters.iter().any(known) {
            return Err(Refusal::invalid("The filter is not supported here."));
        }
    }
    let sort = call.option("sortField").map(|field| {
        let known = rules
            .sorts
            .split_ascii_whitespace()
            .any(|own| own.eq_ignore_ascii_case(field));
        let descends = match call.option("sortDirection").unwrap_or("ascending") {
            way if way.eq_ignore_ascii_case("ascending") => false,
            way if way.eq_ignore_ascii_case("descending") => true,
            _ => return Err(Refusal::invalid("The sort direction is not valid.")),
        };
        if !known {
            return Err(Refusal::invalid(format!(
                "The field '{field}' cannot be sorted by."
            )));
        }
        Ok(Sort {
            field: field.to_lowercase(),
            descends,
        })
    });
    Ok(Seek {
        from: 0,
        size,
        filter,
        sort: sort.transpose()?,
    })
}

/// The page that is sought of the rows that fit.
pub(super) fn page<T>(
    world: &World,
    call: &ApiCall,
    (seek, fitting): (&Seek, &[T]),
    render: impl Fn(&T) -> Value,
) -> Answer {
    let size = if seek.size == 0 { usize::MAX } else { seek.size };
    let last = fitting.len().saturating_sub(1) / size * size;
    let from = if seek.from == usize::MAX { last } else { seek.from };
    let items: Vec<Value> = fitting.iter().skip(from).take(size).map(render).collect();
    let to = from.saturating_add(items.len());
    let (tenant, resource) = place(world, call);
    let token = (to < fitting.len()).then(|| {
        let next = Seek {
            from: to,
            ..seek.clone()
        };
        seal(binding(&tenant, &resource), &json!(next))
    });
    let mut links = Map::new();
    links.insert("self".to_owned(), link(&format!("/{resource}")));
    let mut body = collection(items);
    if let Some(token) = token {
        let mut next = link(&format!("/{resource}?seekOperation=Next"));
        next["headers"] = json!([{"key": "MS-ContinuationToken", "value": token}]);
        links.insert("next".to_owned(), next);
        body["continuationToken"] = json!(token);
    }
    body["links"] = Value::Object(links);
    Answer::Page(body)
}

/// A collection that comes whole.
pub(super) fn whole(items: Vec<Value>) -> Answer {
    Answer::Page(collection(items))
}

fn collection(items: Vec<Value>) -> Value {
    let mut body = json!({"totalCount": items.len(), "attributes": {"objectType": "Collection"}});
    body["items"] = Value::Array(items);
    body
}

/// A link that is followed with a plain GET.
pub(super) fn link(uri: &str) -> Value {
    json!({"uri": uri, "method": "GET", "headers": []})
}

fn place(world: &World, call: &ApiCall) -> (String, String) {
    let path: Vec<&str> = call
        .path
        .iter()
        .map(String::as_str)
        .filter(|segment| !segment.is_empty())
        .collect();
    (world.partner.id.to_string(), path.join("/"))
}

const fn binding<'a>(tenant: &'a str, resource: &'a str) -> Binding<'a> {
    Binding {
        tenant,
        resource,
        query: "",
    }
}
