//! `msp365 users`.

mod beside;
mod document;
mod export;
mod list;

use std::{fs, io, path::Path};

use msp365::{
    TenantId,
    store::{SavedView, Store, Times, UserColumn, UserFilter, UserQuery, UserView},
};

use crate::{
    Ended,
    args::{Finding, Global, UsersCommand},
    cards, change,
    failure::Failure,
    preview, session,
};

/// Rows a page where all pages are asked for.
const WHOLE: usize = 1_000;
/// Rows a page unless told otherwise.
const PAGE: usize = 50;

pub(crate) async fn run(global: &Global, command: UsersCommand) -> Result<Ended, Failure> {
    match command {
        UsersCommand::List(command) => list::run(global, &command).await,
        UsersCommand::Export(command) => export::run(global, &command).await,
        UsersCommand::Recent(command) => list::recent(global, &command.asker).await,
        UsersCommand::Show(command) => cards::show(global, &command).await,
        UsersCommand::Preview(command) => preview::show(global, &command).await,
        UsersCommand::Change(command) => change::run(global, &command).await,
        UsersCommand::Plans(command) => change::plans(global, &command).await,
        UsersCommand::Protect(command) => change::protect(global, &command).await,
        UsersCommand::Approve(command) => change::approve(global, &command).await,
        UsersCommand::Cancel(command) => change::cancel(global, &command).await,
    }
}

/// The view that was asked for.
pub(crate) fn view(finding: &Finding) -> Result<SavedView, Failure> {
    let mut view = match &finding.view {
        Some(path) => {
            let text = fs::read_to_string(path).map_err(|error| {
                Failure::usage(format!("the view `{}` cannot be read: {error}", path.display()))
            })?;
            SavedView::from_json(&text).map_err(refused)?
        }
        None => SavedView {
            page_size: PAGE,
            ..SavedView::default()
        },
    };
    view.tenants.extend(session::tenant_ids(&finding.tenant)?);
    view.filters.extend(finding.filter.iter().cloned());
    for text in &finding.like {
        let (column, pattern) = text.split_once('=').ok_or_else(|| {
            Failure::usage(format!("`{text}` is no pattern"))
                .remedy("write COLUMN=PATTERN, such as name=ada%")
        })?;
        view.filters.push(format!("{column}~{pattern}"));
    }
    if let Some(text) = &finding.search {
        view.filters.push(UserFilter::any_name(text).to_string());
    }
    if let Some(sort) = &finding.sort {
        view.sort.clone_from(sort);
    }
    if !finding.columns.is_empty() {
        let columns = finding.columns.iter().map(|name| UserColumn::parse(name));
        view.columns = columns.collect::<Result<_, _>>().map_err(refused)?;
    }
    if finding.zone.is_some() {
        view.zone.clone_from(&finding.zone);
    }
    if finding.format.is_some() {
        view.format.clone_from(&finding.format);
    }
    Ok(view)
}

/// How a view shows moments: in UTC as `Z` says, elsewhere with the distance to it.
pub(crate) fn times(view: &SavedView) -> Result<Times, Failure> {
    let usual = match view.zone {
        None => "%Y-%m-%dT%H:%M:%SZ",
        Some(_) => "%Y-%m-%dT%H:%M:%S%:z",
    };
    view.times(session::now(), usual).map_err(refused)
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("`{}` cannot be written: {error}", path.display()))
}

fn refused(error: msp365::store::Error) -> Failure {
    Failure::from(msp365::Error::from(error))
}

/// Users of this sign-in name, or else of this id, or else of this address.
pub(crate) async fn named(
    store: &dyn Store,
    tenants: &[TenantId],
    name: &str,
) -> Result<Vec<UserView>, Failure> {
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
