//! Rows of lists as scripts read them.

use std::collections::BTreeMap;

use msp365::store::{
    self, LastSignIn, ListPage, Listing, Resource, RowColumn, RowPage, Source, UserColumn, UserPage,
    UserView, Users,
};
use serde_json::{Map, Value, json};

/// A list whose rows can be told to scripts.
pub(crate) trait Told: Listing {
    /// The rows of a page with the chosen columns, or else with all.
    fn rows(page: &Self::Page, chosen: Option<&[Self::Column]>) -> Vec<Value>;
}

impl Told for Users {
    fn rows(page: &UserPage, chosen: Option<&[UserColumn]>) -> Vec<Value> {
        page.rows.iter().map(|row| of(page, row, chosen)).collect()
    }
}

impl Told for Resource {
    fn rows(page: &RowPage, chosen: Option<&[RowColumn]>) -> Vec<Value> {
        let all = RowColumn::all(page.rows.resource());
        let columns = chosen.unwrap_or(&all);
        let rows = page.refs().into_iter().enumerate();
        rows.map(|(row, named)| {
            let (mut members, mut states) = (Map::new(), Map::new());
            for column in columns {
                let value = page.value(row, *column);
                states.insert(column.as_str().to_owned(), value.state().into());
                members.insert(column.as_str().to_owned(), plain(&value));
            }
            let source = page.source(&named.tenant_id);
            members.insert("tenant_id".to_owned(), json!(named.tenant_id));
            members.insert("key".to_owned(), named.id.into());
            members.insert("states".to_owned(), states.into());
            members.insert(
                "as_of".to_owned(),
                json!(source.and_then(|source| source.fresh_as_of)),
            );
            Value::Object(members)
        })
        .collect()
    }
}

/// A value where there is one; why there is none stands among the states.
fn plain(value: &store::Value) -> Value {
    match value {
        store::Value::Text(text) => text.as_str().into(),
        store::Value::Names(names) => json!(names),
        store::Value::Truth(truth) => (*truth).into(),
        store::Value::Number(number) => (*number).into(),
        store::Value::Date(at) => json!(at),
        store::Value::Day(day) => json!(day),
        _ => Value::Null,
    }
}

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
fn of(page: &UserPage, view: &UserView, chosen: Option<&[UserColumn]>) -> Value {
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
pub(crate) fn sources<P: ListPage>(pages: &[P]) -> Vec<&Source> {
    let all = pages.iter().flat_map(ListPage::sources);
    let once: BTreeMap<_, _> = all
        .map(|source| ((source.tenant_id, source.resource.as_str()), source))
        .collect();
    once.into_values().collect()
}
