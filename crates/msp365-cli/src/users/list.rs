//! `msp365 users list` and `users recent`.

use std::fs;

use msp365::store::{Store, Times, UserColumn, UserPage, UserQuery, UserView, Value};
use serde_json::json;

use super::{WHOLE, cannot_write, document, refused, times, view};
use crate::{
    Ended,
    args::{Asker, Finding, Global, UsersList},
    cards::Eyes,
    failure::Failure,
    output, session,
};

/// Why a list ends before its end.
const CUT: &str = "--max left out the rest: --after with `next` goes on";

/// The pages that were asked for, the mark of the next one, and whether a limit left some users out.
struct Found {
    pages: Vec<UserPage>,
    next: Option<String>,
    is_cut: bool,
}

impl Found {
    fn rows(&self) -> impl Iterator<Item = (&UserPage, &UserView)> {
        self.pages
            .iter()
            .flat_map(|page| page.rows.iter().map(move |row| (page, row)))
    }
}

/// Which part of a list is wanted.
enum Part {
    /// The page of this number.
    Page(usize),
    /// The page behind the mark, or the first.
    Next,
    /// All behind the mark, or all there is, as far as so many users.
    Whole(usize),
}

fn part(command: &UsersList) -> Result<Part, Failure> {
    let most = command
        .max
        .map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    let number = match (command.page.as_deref(), command.max) {
        (Some("all"), _) | (None, Some(_)) => return Ok(Part::Whole(most)),
        (None, None) => return Ok(Part::Next),
        (Some(_), Some(_)) => {
            return Err(Failure::usage("--max is about all pages")
                .remedy("leave out --page, or give --size for the rows of one page"));
        }
        (Some(number), None) => number,
    };
    if command.after.is_some() {
        return Err(Failure::usage("a page is named by its number or by --after")
            .remedy("leave out one of them, or give --page all"));
    }
    let parsed = number.parse::<usize>().ok().filter(|number| *number > 0);
    parsed.map(Part::Page).ok_or_else(|| {
        Failure::usage(format!("`{number}` is no page")).remedy("give a number from 1, or `all`")
    })
}

/// The part of what a query with so many rows a page finds.
async fn found(
    store: &dyn Store,
    (query, size): (&UserQuery, usize),
    (part, after): (Part, Option<&str>),
) -> Result<Found, Failure> {
    let (mut pages, mut mark) = (Vec::new(), after.map(str::to_owned));
    let (most_at_once, mut room) = match part {
        Part::Whole(most) => (WHOLE, most),
        _ => (size, size),
    };
    loop {
        let asked = match (&part, mark) {
            (Part::Page(number), _) => query.clone().page(*number, size),
            // The last page is as long as there is room, so that its mark is where the list was cut.
            (_, Some(mark)) => query.clone().page(1, most_at_once.min(room)).after(mark),
            (_, None) => query.clone().page(1, most_at_once.min(room)),
        };
        let mut page = store.user_page(&asked).await.map_err(refused)?;
        room = room.saturating_sub(page.rows.len());
        mark = page.next.take();
        pages.push(page);
        let is_whole = matches!(part, Part::Whole(_));
        if mark.is_none() || room == 0 || !is_whole {
            return Ok(Found {
                pages,
                is_cut: is_whole && mark.is_some(),
                next: mark,
            });
        }
    }
}

pub(super) async fn run(global: &Global, command: &UsersList) -> Result<Ended, Failure> {
    let mut view = view(&command.finding)?;
    if let Some(size) = command.size {
        view.page_size = usize::try_from(size).unwrap_or(WHOLE);
    }
    let (times, eyes) = (times(&view)?, Eyes::asking(&command.finding.asker)?);
    let query = view.query(session::now(), times.zone()).map_err(refused)?;
    let part = part(command)?;
    if let Some(path) = &command.save_view {
        fs::write(path, view.to_json()).map_err(|error| cannot_write(path, &error))?;
    }
    let store = session::store(global).await?;
    let query = eyes.confine(&*store, query).await?;
    let wanted = (part, command.after.as_deref());
    let found = found(&*store, (&query, view.page_size), wanted).await?;
    let (count, _) = store.user_count(&query, u64::MAX).await.map_err(refused)?;
    if global.json {
        let chosen = is_chosen(&command.finding).then_some(view.columns.as_slice());
        let rows = found.rows().map(|(page, row)| document::of(page, row, chosen));
        output::json(&json!({
            "count": count,
            "rows": rows.collect::<Vec<_>>(),
            "next": found.next,
            "is_cut": found.is_cut,
            "because": found.is_cut.then_some(CUT),
            "sources": document::sources(&found.pages),
        }))?;
    } else {
        table(&found, &view.columns, &times)?;
        if command.sources {
            sources(&found.pages, &times)?;
        }
        ending(&found, count)?;
        if !view.is_unfiltered() {
            let tenants = view.tenants.iter().map(|tenant| format!("tenant {tenant}"));
            let active: Vec<_> = tenants.chain(view.filters.iter().cloned()).collect();
            output::line(&format!("Filtered by {}.", output::shown(&active.join(", "))))?;
        }
    }
    Ok(if found.is_cut { Ended::InPart } else { Ended::Done })
}

/// Whether somebody said which columns to show.
const fn is_chosen(finding: &Finding) -> bool {
    !finding.columns.is_empty() || finding.view.is_some()
}

fn table(found: &Found, columns: &[UserColumn], times: &Times) -> Result<(), Failure> {
    let names: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
    let mut table = output::table(&names);
    for (page, row) in found.rows() {
        let cells = columns.iter().map(|column| match page.value(row, *column) {
            // An empty cell could be taken for one that is not known.
            Value::None => "-".to_owned(),
            value => output::shown(&value.show(times)),
        });
        table.add_row(cells.collect::<Vec<_>>());
    }
    output::line(&table.to_string())
}

/// Where the values come from, and how old they are.
fn sources(pages: &[UserPage], times: &Times) -> Result<(), Failure> {
    let mut table = output::table(&["Tenant", "Source", "As of", "Not fresh because"]);
    for source in document::sources(pages) {
        table.add_row([
            source.tenant_id.to_string(),
            source.resource.as_str().to_owned(),
            source
                .fresh_as_of
                .map_or_else(|| "never read to the end".to_owned(), |at| times.show(at)),
            output::shown(source.stale_because.as_deref().unwrap_or("-")),
        ]);
    }
    output::line(&table.to_string())
}

fn ending(found: &Found, count: u64) -> Result<(), Failure> {
    let cut = if found.is_cut {
        " The list was cut by --max."
    } else {
        ""
    };
    output::line(&format!("{} of {count} users.{cut}", found.rows().count()))?;
    match &found.next {
        // A mark with a control character is for scripts alone.
        Some(mark) if !mark.contains(char::is_control) => {
            output::line(&format!("More: --after '{}'", mark.replace('\'', r"'\''")))
        }
        _ => Ok(()),
    }
}

/// The users who were looked at last, as far as they may still be seen.
pub(super) async fn recent(global: &Global, asker: &Asker) -> Result<Ended, Failure> {
    let eyes = Eyes::asking(asker)?;
    let store = session::store(global).await?;
    let seen = store.recently_viewed(eyes.viewer().id()).await.map_err(refused)?;
    let place = |row: &UserView| {
        let is_it = |one: &UserView| (one.tenant_id, &one.user.id) == (row.tenant_id, &row.user.id);
        seen.iter().position(is_it)
    };
    let query = UserQuery::all().only(seen.iter().map(|one| (one.tenant_id, one.user.id.clone())));
    let query = eyes.confine(&*store, query).await?;
    let mut page = store.user_page(&query).await.map_err(refused)?;
    page.rows.sort_by_key(place);
    let found = Found {
        pages: vec![page],
        next: None,
        is_cut: false,
    };
    if global.json {
        let rows: Vec<_> = found
            .rows()
            .map(|(page, row)| document::of(page, row, None))
            .collect();
        output::json(&json!({
            "count": rows.len(), "rows": rows, "sources": document::sources(&found.pages),
        }))?;
    } else {
        let columns = msp365::store::SavedView::COLUMNS;
        table(&found, &columns, &Times::ages(session::now()))?;
    }
    Ok(Ended::Done)
}
