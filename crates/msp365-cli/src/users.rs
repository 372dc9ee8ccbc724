//! `msp365 users`.

use msp365::{
    ErrorKind, TenantId,
    graph::sku_names,
    store::{Direction, LastSignIn, Store, UserColumn, UserFilter, UserQuery, UserView},
};
use serde_json::{Map, Value, json};

use crate::{
    Ended,
    args::{Global, UsersCommand, UsersList, UsersShow},
    change,
    failure::Failure,
    output, session,
};

/// Columns shown where none are named.
const COLUMNS: [UserColumn; 5] = [
    UserColumn::DisplayName,
    UserColumn::UserPrincipalName,
    UserColumn::Tenant,
    UserColumn::AccountEnabled,
    UserColumn::LastSignIn,
];
/// Columns that can be shown, though not sorted or filtered by.
const FURTHER: [&str; 7] = [
    "roles",
    "licenses",
    "tenant_id",
    "mail_nickname",
    "mobile_phone",
    "business_phones",
    "proxy_addresses",
];
/// Rows a page where all pages are asked for.
const WHOLE: usize = 1_000;

pub(crate) async fn run(global: &Global, command: UsersCommand) -> Result<Ended, Failure> {
    match command {
        UsersCommand::List(command) => list(global, command).await,
        UsersCommand::Show(command) => show(global, &command).await,
        UsersCommand::Change(command) => change::run(global, &command).await,
    }
}

fn query(command: &UsersList) -> Result<UserQuery, Failure> {
    let mut query = UserQuery::all().tenants(session::tenant_ids(&command.tenant)?);
    for text in &command.filter {
        query = query.filter(UserFilter::parse(text, session::now()).map_err(refused)?);
    }
    for text in &command.like {
        let (column, pattern) = text.split_once('=').ok_or_else(|| {
            Failure::usage(format!("`{text}` is no pattern"))
                .remedy("write COLUMN=PATTERN, such as name=ada%")
        })?;
        query = query.like(UserColumn::parse(column).map_err(refused)?, pattern);
    }
    if let Some(sort) = &command.sort {
        let (name, direction) = match sort.strip_prefix('-') {
            Some(name) => (name, Direction::Descending),
            None => (sort.as_str(), Direction::Ascending),
        };
        query = query.sort(UserColumn::parse(name).map_err(refused)?, direction);
    }
    Ok(query)
}

/// The rows of a page with the number of all, and the mark of the next page.
type Found = (u64, Vec<UserView>, Option<String>);

async fn found(store: &dyn Store, query: UserQuery, command: &UsersList) -> Result<Found, Failure> {
    if command.page != "all" {
        let number = command
            .page
            .parse::<usize>()
            .ok()
            .filter(|number| *number > 0)
            .ok_or_else(|| {
                Failure::usage(format!("`{}` is no page", command.page))
                    .remedy("give a number from 1, or `all`")
            })?;
        let size = usize::try_from(command.size).unwrap_or(WHOLE);
        let page = store.users(&query.page(number, size)).await.map_err(refused)?;
        return Ok((page.count, page.rows, page.next));
    }
    let mut page = store
        .users(&query.clone().page(1, WHOLE))
        .await
        .map_err(refused)?;
    let (count, mut rows) = (page.count, std::mem::take(&mut page.rows));
    while let Some(mark) = page.next.take() {
        page = store
            .users(&query.clone().page(1, WHOLE).after(mark))
            .await
            .map_err(refused)?;
        rows.append(&mut page.rows);
    }
    Ok((count, rows, None))
}

async fn list(global: &Global, command: UsersList) -> Result<Ended, Failure> {
    let columns = columns(&command.columns)?;
    let query = query(&command)?;
    let store = session::store(global).await?;
    let (count, rows, next) = found(&*store, query, &command).await?;
    if global.json {
        let documents: Vec<_> = rows.iter().map(document).collect();
        output::json(&json!({ "count": count, "rows": documents, "next": next }))?;
        return Ok(Ended::Done);
    }
    let mut table = output::table(&columns);
    for row in &rows {
        let document = document(row);
        let cells = columns.iter().map(|column| cell(document.get(*column)));
        table.add_row(cells.collect::<Vec<_>>());
    }
    output::line(&table.to_string())?;
    output::line(&format!("{} of {count} users.", rows.len()))?;
    Ok(Ended::Done)
}

/// The columns of a table as members of the documents: those that can be sorted by, and a few more.
fn columns(names: &[String]) -> Result<Vec<&'static str>, Failure> {
    if names.is_empty() {
        return Ok(COLUMNS.iter().map(|column| column.as_str()).collect());
    }
    let known = |name: &String| {
        let further = FURTHER.into_iter().find(|known| *known == name.trim());
        further.map_or_else(
            || {
                UserColumn::parse(name.trim())
                    .map(UserColumn::as_str)
                    .map_err(refused)
            },
            Ok,
        )
    };
    names.iter().map(known).collect()
}

/// A value as a person reads it.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => output::shown(text),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| cell(Some(item)))
            .collect::<Vec<_>>()
            .join(", "),
        Some(Value::Object(members)) if members.contains_key("sku_id") => product(members),
        Some(Value::Object(members)) => {
            let first = ["at", "state"]
                .iter()
                .find_map(|name| members.get(*name).filter(|v| !v.is_null()));
            first.map(|value| cell(Some(value))).unwrap_or_default()
        }
        Some(other) => other.to_string(),
    }
}

/// A licence by the name of its product, and how it came.
fn product(license: &Map<String, Value>) -> String {
    let text = |name: &str| license.get(name).and_then(Value::as_str);
    let id = text("sku_id").unwrap_or_default();
    let name = sku_names::name(id).unwrap_or(id);
    if text("assigned_by_group").is_some() {
        format!("{name} (by group)")
    } else {
        name.to_owned()
    }
}

fn refused(error: msp365::store::Error) -> Failure {
    Failure::from(msp365::Error::from(error))
}

/// A user as scripts read it: every stored column, with its tenant, roles and last sign-in.
fn document(view: &UserView) -> Value {
    let mut members = match serde_json::to_value(&view.user) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    members.insert("tenant_id".to_owned(), json!(view.tenant_id));
    members.insert("tenant".to_owned(), json!(view.tenant_name));
    members.insert("roles".to_owned(), json!(view.roles));
    members.insert("last_sign_in".to_owned(), last_sign_in(&view.last_sign_in));
    Value::Object(members)
}

fn last_sign_in(last: &LastSignIn) -> Value {
    match last {
        LastSignIn::Date(at) => json!({ "state": "date", "at": at }),
        LastSignIn::Never => json!({ "state": "never", "at": null }),
        LastSignIn::NotLicensed => json!({ "state": "not_licensed", "at": null }),
        _ => json!({ "state": "unknown", "at": null }),
    }
}

async fn show(global: &Global, command: &UsersShow) -> Result<Ended, Failure> {
    let tenants = session::tenant_ids(command.tenant.as_slice())?;
    let store = session::store(global).await?;
    let found = named(&*store, &tenants, &command.user).await?;
    match found.as_slice() {
        [] => Err(Failure::new(
            ErrorKind::NotFound,
            format!("no stored user is called `{}`", command.user),
        )
        .remedy("`msp365 users list --like name=…` searches by name")),
        [view] if global.json => output::json(&document(view)).map(|()| Ended::Done),
        [view] => card(view).map(|()| Ended::Done),
        several => Err(Failure::usage(format!(
            "{} tenants have a user `{}`",
            several.len(),
            command.user
        ))
        .remedy("name one with --tenant")),
    }
}

/// Users of this sign-in name, or else of this id, or else of this address.
async fn named(store: &dyn Store, tenants: &[TenantId], name: &str) -> Result<Vec<UserView>, Failure> {
    for column in [UserColumn::UserPrincipalName, UserColumn::Id, UserColumn::Mail] {
        let filter =
            UserFilter::parse(&format!("{}={name}", column.as_str()), session::now()).map_err(refused)?;
        let query = UserQuery::all()
            .tenants(tenants.iter().copied())
            .filter(filter)
            .page(1, WHOLE);
        let page = store.users(&query).await.map_err(refused)?;
        if !page.rows.is_empty() {
            return Ok(page.rows);
        }
    }
    Ok(Vec::new())
}

fn card(view: &UserView) -> Result<(), Failure> {
    let Value::Object(members) = document(view) else {
        return Ok(());
    };
    let mut table = output::table(&["Field", "Value"]);
    for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        table.add_row([name.clone(), cell(Some(value))]);
    }
    output::line(&table.to_string())
}
