//! `msp365 users`.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
};

use jiff::tz::TimeZone;
use msp365::{
    TenantId,
    actions::Export,
    store::{LastSignIn, SavedView, Store, Times, UserColumn, UserFilter, UserPage, UserQuery, UserView},
};
use serde_json::{Map, Value, json};

use crate::{
    Ended,
    args::{Finding, Global, UsersCommand, UsersExport, UsersList},
    cards, change,
    failure::Failure,
    output, preview, session,
};

/// Rows a page where all pages are asked for.
const WHOLE: usize = 1_000;
/// Rows a page unless told otherwise.
const PAGE: usize = 50;

pub(crate) async fn run(global: &Global, command: UsersCommand) -> Result<Ended, Failure> {
    match command {
        UsersCommand::List(command) => list(global, command).await,
        UsersCommand::Export(command) => export(global, &command).await,
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
fn view(finding: &Finding) -> Result<SavedView, Failure> {
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
    Ok(view)
}

fn times(finding: &Finding, usual: &str) -> Result<Times, Failure> {
    match finding.format.as_deref() {
        Some("age") => Ok(Times::ages(session::now())),
        format => Times::dates(&finding.zone, format.unwrap_or(usual)).map_err(refused),
    }
}

fn zone(finding: &Finding) -> Result<TimeZone, Failure> {
    let times = Times::dates(&finding.zone, "%Y").map_err(refused)?;
    Ok(times.zone().clone())
}

/// The pages that were asked for, the mark of the next one, and whether a limit left some users out.
type Found = (Vec<UserPage>, Option<String>, bool);

async fn found(
    store: &dyn Store,
    query: UserQuery,
    size: usize,
    command: &UsersList,
) -> Result<Found, Failure> {
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
        let mut page = store
            .user_page(&query.page(number, size))
            .await
            .map_err(refused)?;
        let next = page.next.take();
        return Ok((vec![page], next, false));
    }
    let most = command
        .max
        .map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    let (mut pages, mut rows, mut asked) = (Vec::new(), 0_usize, query.page(1, WHOLE));
    loop {
        let mut page = store.user_page(&asked).await.map_err(refused)?;
        let room = most.saturating_sub(rows);
        let is_cut = page.rows.len() > room || (page.next.is_some() && page.rows.len() == room);
        page.rows.truncate(room);
        rows += page.rows.len();
        let next = page.next.take();
        pages.push(page);
        match next {
            Some(mark) if !is_cut => asked = asked.after(mark),
            _ => return Ok((pages, None, is_cut)),
        }
    }
}

async fn list(global: &Global, command: UsersList) -> Result<Ended, Failure> {
    let mut view = view(&command.finding)?;
    if let Some(size) = command.size {
        view.page_size = usize::try_from(size).unwrap_or(WHOLE);
    }
    let times = times(&command.finding, "%Y-%m-%dT%H:%M:%SZ")?;
    let query = view
        .query(session::now(), &zone(&command.finding)?)
        .map_err(refused)?;
    if let Some(path) = &command.save_view {
        fs::write(path, view.to_json()).map_err(|error| cannot_write(path, &error))?;
    }
    let store = session::store(global).await?;
    let (pages, next, is_cut) = found(&*store, query.clone(), view.page_size, &command).await?;
    let (count, _) = store.user_count(&query, u64::MAX).await.map_err(refused)?;
    let ended = if is_cut { Ended::InPart } else { Ended::Done };
    if global.json {
        let rows = pages.iter().flat_map(|page| &page.rows);
        let documents: Vec<_> = rows.map(document).collect();
        output::json(&json!({ "count": count, "rows": documents, "next": next }))?;
        return Ok(ended);
    }
    let columns: Vec<&str> = view.columns.iter().map(|column| column.as_str()).collect();
    let mut table = output::table(&columns);
    for (page, row) in pages
        .iter()
        .flat_map(|page| page.rows.iter().map(move |row| (page, row)))
    {
        let cells = view
            .columns
            .iter()
            .map(|column| output::shown(&page.value(row, *column).show(&times)));
        table.add_row(cells.collect::<Vec<_>>());
    }
    output::line(&table.to_string())?;
    let rows: usize = pages.iter().map(|page| page.rows.len()).sum();
    let cut = if is_cut { " The list was cut by --max." } else { "" };
    output::line(&format!("{rows} of {count} users.{cut}"))?;
    if !view.is_unfiltered() {
        let tenants = view.tenants.iter().map(|tenant| format!("tenant {tenant}"));
        let active: Vec<_> = tenants.chain(view.filters.iter().cloned()).collect();
        output::line(&format!("Filtered by {}.", output::shown(&active.join(", "))))?;
    }
    Ok(ended)
}

async fn export(global: &Global, command: &UsersExport) -> Result<Ended, Failure> {
    let view = view(&command.finding)?;
    let query = view
        .query(session::now(), &zone(&command.finding)?)
        .map_err(refused)?;
    let mut export = Export::default()
        .columns(view.columns.iter().copied())
        .times(times(&command.finding, "%Y-%m-%dT%H:%M:%S%:z")?);
    if command.no_headers {
        export = export.without_headers();
    }
    if let Some(most) = command.max {
        export = export.at_most(most);
    }
    let store = session::store(global).await?;
    let mut out: Box<dyn Write + Send> = match &command.out {
        Some(path) => Box::new(BufWriter::new(
            File::create(path).map_err(|error| cannot_write(path, &error))?,
        )),
        None => Box::new(BufWriter::new(io::stdout())),
    };
    output::note(global, "The export has started.");
    let log = session::log_if_keyed(&store).await?;
    let written = match &log {
        Some(log) => {
            let writing = export.recorded((log, "msp365"), &*store, &query, &mut *out);
            writing.await
        }
        None => export.write(&*store, &query, &mut *out).await,
    };
    let done = written.map_err(msp365::Error::from)?;
    let cut = if done.is_cut { "; --max cut it off" } else { "" };
    output::note(
        global,
        &format!("The export has ended: {} users{cut}.", done.rows),
    );
    if log.is_none() {
        output::note(
            global,
            "The activity log does not tell of it: without MSP365_VAULT_KEY it cannot be written.",
        );
    }
    if let Some(path) = command.out.as_ref().filter(|_| global.json) {
        output::json(&json!({
            "file": path, "rows": done.rows, "is_cut": done.is_cut, "is_recorded": log.is_some(),
        }))?;
    }
    Ok(if done.is_cut { Ended::InPart } else { Ended::Done })
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("`{}` cannot be written: {error}", path.display()))
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
