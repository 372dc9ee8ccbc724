//! Lists as tables and documents.

use msp365::store::{ListColumn, ListPage, Query, Store, Times, Value};
use serde_json::json;

use super::{Asked, Told, document, incomplete, refused};
use crate::{
    Ended,
    args::{Global, Paging},
    failure::Failure,
    output, session,
};

/// Rows a page where all pages are asked for.
const WHOLE: usize = 1_000;
/// Why a list ends before its end.
const CUT: &str = "--max left out the rest: --after with `next` goes on";

/// The pages that were asked for, the mark of the next one, and whether a limit left some rows out.
struct Found<L: Told> {
    pages: Vec<L::Page>,
    next: Option<String>,
    is_cut: bool,
}

impl<L: Told> Found<L> {
    fn len(&self) -> usize {
        self.pages.iter().map(ListPage::len).sum()
    }
}

/// Which part of a list is wanted.
enum Part {
    /// The page of this number.
    Page(usize),
    /// The page behind the mark, or the first.
    Next,
    /// All behind the mark, or all there is, as far as so many rows.
    Whole(usize),
}

fn part(paging: &Paging) -> Result<Part, Failure> {
    let most = paging
        .max
        .map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    let number = match (paging.page.as_deref(), paging.max) {
        (Some("all"), _) | (None, Some(_)) => return Ok(Part::Whole(most)),
        (None, None) => return Ok(Part::Next),
        (Some(_), Some(_)) => {
            return Err(Failure::usage("--max is about all pages")
                .remedy("leave out --page, or give --size for the rows of one page"));
        }
        (Some(number), None) => number,
    };
    if paging.after.is_some() {
        return Err(Failure::usage("a page is named by its number or by --after")
            .remedy("leave out one of them, or give --page all"));
    }
    let parsed = number.parse::<usize>().ok().filter(|number| *number > 0);
    parsed.map(Part::Page).ok_or_else(|| {
        Failure::usage(format!("`{number}` is no page")).remedy("give a number from 1, or `all`")
    })
}

/// The part of what a query with so many rows a page finds.
async fn found<L: Told>(
    store: &dyn Store,
    (query, size): (&Query<L>, usize),
    (part, after): (Part, Option<&str>),
) -> Result<Found<L>, Failure> {
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
        let page = L::page(store, &asked).await.map_err(refused)?;
        room = room.saturating_sub(page.len());
        mark = page.next().map(str::to_owned);
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

/// Shows the part of a list that was asked for.
pub(crate) async fn show<L: Told>(
    global: &Global,
    mut asked: Asked<L>,
    paging: &Paging,
) -> Result<Ended, Failure> {
    if let Some(size) = paging.size {
        asked.view.page_size = usize::try_from(size).unwrap_or(WHOLE);
    }
    let part = part(paging)?;
    asked.keep(paging)?;
    let store = session::store(global).await?;
    let query = asked
        .eyes
        .confine(&*store, asked.query.clone(), asked.area)
        .await?;
    let wanted = (part, paging.after.as_deref());
    let found = found(&*store, (&query, asked.view.page_size), wanted).await?;
    let (count, _) = L::count(&*store, &query, u64::MAX).await.map_err(refused)?;
    if global.json {
        tell(&asked, &found, count)?;
    } else {
        print(&asked, (&found, count), paging)?;
        let missing = found.pages.first().map(ListPage::incomplete);
        if let Some(line) = missing.and_then(|missing| incomplete::said(missing, &asked.noun())) {
            output::note(global, &line);
        }
    }
    Ok(if found.is_cut { Ended::InPart } else { Ended::Done })
}

fn tell<L: Told>(asked: &Asked<L>, found: &Found<L>, count: u64) -> Result<(), Failure> {
    let chosen = asked.is_chosen.then_some(asked.view.columns.as_slice());
    let rows = found.pages.iter().flat_map(|page| L::rows(page, chosen));
    let missing = found.pages.first().map(ListPage::incomplete);
    let (missing, missing_count) = missing.map_or_else(|| (json!([]), 0), incomplete::members);
    output::json(&json!({
        "count": count,
        "rows": rows.collect::<Vec<_>>(),
        "next": found.next,
        "is_cut": found.is_cut,
        "because": found.is_cut.then_some(CUT),
        "sources": document::sources(&found.pages),
        "incomplete": missing,
        "incomplete_count": missing_count,
    }))
}

fn print<L: Told>(
    asked: &Asked<L>,
    (found, count): (&Found<L>, u64),
    paging: &Paging,
) -> Result<(), Failure> {
    table::<L>(&found.pages, &asked.view.columns, &asked.times)?;
    if paging.sources {
        sources(&found.pages, &asked.times)?;
    }
    ending(found, count, &asked.noun())?;
    let view = &asked.view;
    if view.is_unfiltered() {
        return Ok(());
    }
    let tenants = view.tenants.iter().map(|tenant| format!("tenant {tenant}"));
    let active: Vec<_> = tenants.chain(view.filters.iter().cloned()).collect();
    output::line(&format!("Filtered by {}.", output::shown(&active.join(", "))))
}

/// Prints the rows of some pages.
pub(crate) fn table<L: Told>(pages: &[L::Page], columns: &[L::Column], times: &Times) -> Result<(), Failure> {
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    let mut table = output::table(&names);
    for page in pages {
        for row in 0..page.len() {
            let cells = columns.iter().map(|column| match page.value_at(row, *column) {
                // An empty cell could be taken for one that is not known.
                Value::None => "-".to_owned(),
                value => output::shown(&value.show(times)),
            });
            table.add_row(cells.collect::<Vec<_>>());
        }
    }
    output::line(&table.to_string())
}

/// Where the values come from, and how old they are.
fn sources<P: ListPage>(pages: &[P], times: &Times) -> Result<(), Failure> {
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

fn ending<L: Told>(found: &Found<L>, count: u64, noun: &str) -> Result<(), Failure> {
    let cut = if found.is_cut {
        " The list was cut by --max."
    } else {
        ""
    };
    output::line(&format!("{} of {count} {noun}.{cut}", found.len()))?;
    match &found.next {
        // A mark with a control character is for scripts alone.
        Some(mark) if !mark.contains(char::is_control) => {
            output::line(&format!("More: --after '{}'", mark.replace('\'', r"'\''")))
        }
        _ => Ok(()),
    }
}
