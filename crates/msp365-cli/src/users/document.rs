//! Users as scripts read them.

use std::collections::BTreeMap;

use msp365::store::{LastSignIn, Source, UserColumn, UserPage, UserView};
use serde_json::{Map, Value, json};

/// What every user has, whatever columns were chosen.
const FIXED: [&str; 9] = [
    "tenant_id",
    "id",
    "user_principal_name",
    "display_name",
    "user_type",
    "account_enabled",
    "licenses",
    "roles",
    "last_sign_in",
];

/// A user of a page: what every user has, and the chosen columns, or else every stored one. Beside them stand the state
/// of each of these columns, and the moment that each of their sources shows.
pub(super) fn of(page: &UserPage, view: &UserView, chosen: Option<&[UserColumn]>) -> Value {
    let columns = chosen.unwrap_or(UserColumn::ALL);
    let mut members = match serde_json::to_value(&view.user) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    members.insert("tenant_id".to_owned(), json!(view.tenant_id));
    members.insert("tenant".to_owned(), json!(view.tenant_name));
    members.insert("roles".to_owned(), json!(view.roles));
    members.insert("last_sign_in".to_owned(), last_sign_in(&view.last_sign_in));
    let successful = last_sign_in(&view.last_successful_sign_in);
    members.insert("last_successful_sign_in".to_owned(), successful);
    members.retain(|name, _| {
        FIXED.contains(&name.as_str()) || chosen.is_none() || columns.iter().any(|one| field(*one) == name)
    });
    let (mut states, mut as_of) = (Map::new(), Map::new());
    for column in fixed().chain(columns.iter().copied()) {
        let state = page.value(view, column).state();
        states.insert(column.as_str().to_owned(), state.into());
        let source = page.source(&view.tenant_id, column);
        let moment = source.and_then(|source| source.fresh_as_of);
        as_of.insert(column.source().as_str().to_owned(), json!(moment));
    }
    members.insert("states".to_owned(), states.into());
    members.insert("as_of".to_owned(), as_of.into());
    Value::Object(members)
}

/// The columns of what every user has.
fn fixed() -> impl Iterator<Item = UserColumn> {
    let all = UserColumn::ALL.iter().copied();
    all.filter(|column| FIXED.contains(&column.as_str()))
}

/// Where a user holds a column: licences stand under `licenses` by their ids, and here by the names of their products.
const fn field(column: UserColumn) -> &'static str {
    match column {
        UserColumn::Licenses => "products",
        other => other.as_str(),
    }
}

fn last_sign_in(last: &LastSignIn) -> Value {
    match last {
        LastSignIn::Date(at) => json!({ "state": "date", "at": at }),
        LastSignIn::Never => json!({ "state": "never", "at": null }),
        LastSignIn::NotLicensed => json!({ "state": "not_licensed", "at": null }),
        _ => json!({ "state": "unknown", "at": null }),
    }
}

/// The sources of some pages, each once.
pub(super) fn sources(pages: &[UserPage]) -> Vec<&Source> {
    let all = pages.iter().flat_map(|page| &page.sources);
    let once: BTreeMap<_, _> = all
        .map(|source| ((source.tenant_id, source.resource.as_str()), source))
        .collect();
    once.into_values().collect()
}
