//! `$expand=manager` of users.

use serde_json::{Value, json};

use super::caller::{Caller, id_of};
use crate::{
    api::ApiCall,
    odata::{Advanced, Refused, Selection, people::USER},
};

/// The most levels a chain of managers has.
const MOST_LEVELS: usize = 1_000;

/// What is asked for with each user.
pub(super) struct Expansion {
    selection: Selection,
    levels: usize,
}

/// Reads `$expand`; `None` if there is none.
pub(super) fn of(caller: &Caller<'_>) -> Result<Option<Expansion>, Refused> {
    let Some(text) = caller.call.option("$expand") else {
        return Ok(None);
    };
    let inner = text.strip_prefix("manager").map(|rest| {
        let inner = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        inner.or_else(|| rest.is_empty().then_some(""))
    });
    let inner = inner
        .flatten()
        .ok_or_else(|| Refused::unsupported(format!("The expansion '{text}' is not served here.")))?;
    let mut select = None;
    let mut levels = 1;
    for option in inner.split(';').filter(|option| !option.is_empty()) {
        match option.split_once('=') {
            Some(("$select", names)) => select = Some(names),
            Some(("$levels", count)) => levels = depth(caller, count)?,
            _ => {
                return Err(Refused::bad(format!(
                    "Parsing OData Select and Expand failed: '{option}'."
                )));
            }
        }
    }
    Ok(Some(Expansion {
        selection: Selection::parse(select, &USER)?,
        levels,
    }))
}

fn depth(caller: &Caller<'_>, count: &str) -> Result<usize, Refused> {
    let counted = caller.call.option("$count") == Some("true");
    if caller.advanced() == Advanced::No || !counted {
        return Err(Refused::unsupported(
            "Unsupported Query: $levels needs the header 'ConsistencyLevel: eventual' and '$count=true'.",
        ));
    }
    if count == "max" {
        return Ok(MOST_LEVELS);
    }
    let levels = count
        .parse()
        .ok()
        .filter(|count| (1..=MOST_LEVELS).contains(count));
    levels.ok_or_else(|| Refused::bad(format!("Invalid value '{count}' for $levels.")))
}

/// The call without its expansion, to read one object with.
pub(super) fn without(call: &ApiCall) -> ApiCall {
    let mut call = call.clone();
    call.query
        .retain(|(name, _)| !["$expand", "$count"].contains(&name.as_str()));
    call
}

impl Expansion {
    /// Adds to a user, or to each of a page, who manages it.
    pub(super) fn apply(&self, caller: &Caller<'_>, body: &mut Value) {
        if let Some(rows) = body.get_mut("value").and_then(Value::as_array_mut) {
            for row in rows {
                self.add(caller, row);
            }
        } else {
            self.add(caller, body);
        }
    }

    fn add(&self, caller: &Caller<'_>, row: &mut Value) {
        let Some(row) = row.as_object_mut() else {
            return;
        };
        let mut chain = Vec::new();
        let mut next = id_of(row).to_owned();
        while chain.len() < self.levels
            && let Some(manager) = caller.tenant.register.managers.get(&next)
            && !chain.contains(manager)
        {
            chain.push(manager.clone());
            next.clone_from(manager);
        }
        let mut above: Option<Value> = None;
        for id in chain.iter().rev() {
            let Some(user) = caller.tenant.users.get(id) else {
                continue;
            };
            let mut user = self.selection.project(user);
            user.insert("@odata.type".to_owned(), json!("#microsoft.graph.user"));
            if let Some(above) = above.take() {
                user.insert("manager".to_owned(), above);
            }
            above = Some(Value::Object(user));
        }
        if let Some(manager) = above {
            row.insert("manager".to_owned(), manager);
        }
    }
}
