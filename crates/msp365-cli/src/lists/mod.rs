//! Lists on the command line, whatever they list: as a table, as a document, as a file.

mod beside;
mod document;
mod export;
mod incomplete;
mod show;

use std::{fs, io, path::Path};

use msp365::{
    actions::explain::Area,
    store::{Listing, Query, Times, View},
};

use crate::{
    args::{Narrowing, Paging},
    cards::Eyes,
    failure::Failure,
    session,
};

pub(crate) use document::{Told, sources};
pub(crate) use export::{File, HOST, export, file};
pub(crate) use incomplete::{members as missing, said};
pub(crate) use show::{show, table};

/// Rows a page unless told otherwise.
const PAGE: usize = 50;

/// What was asked of a list, and by whom.
pub(crate) struct Asked<L: Listing> {
    view: View<L>,
    times: Times,
    query: Query<L>,
    /// Whether somebody said which columns to show.
    is_chosen: bool,
    eyes: Eyes,
    area: Area,
}

impl<L: Listing> Asked<L> {
    /// What a view asks now, of the tenants of which the asker may look at this area.
    pub(crate) fn new(view: View<L>, narrowing: &Narrowing, area: Area) -> Result<Self, Failure> {
        let times = times(&view)?;
        Ok(Self {
            query: view.query(session::now(), times.zone()).map_err(refused)?,
            is_chosen: narrowing.chooses_columns(),
            eyes: Eyes::asking(&narrowing.asker)?,
            times,
            view,
            area,
        })
    }

    /// Writes the view into the file where it is to be kept, if that was said.
    pub(crate) fn keep(&self, paging: &Paging) -> Result<(), Failure> {
        let Some(path) = &paging.save_view else {
            return Ok(());
        };
        fs::write(path, self.view.to_json()).map_err(|error| cannot_write(path, &error))
    }

    /// What the rows are, in a word.
    fn noun(&self) -> String {
        self.view.list.resource().as_str().replace('_', " ")
    }
}

/// The view that was asked for; `usual` is how the list is shown where nothing else is said.
pub(crate) fn view<L: Listing>(usual: View<L>, narrowing: &Narrowing) -> Result<View<L>, Failure> {
    let list = usual.list;
    let mut view = match &narrowing.view {
        Some(path) => kept(list, path)?,
        None => View {
            page_size: PAGE,
            ..usual
        },
    };
    view.tenants.extend(session::tenant_ids(&narrowing.tenant)?);
    view.filters.extend(narrowing.filter.iter().cloned());
    for text in &narrowing.like {
        let (column, pattern) = pattern(text)?;
        view.filters.push(format!("{column}~{pattern}"));
    }
    if let Some(sort) = &narrowing.sort {
        view.sort.clone_from(sort);
    }
    if !narrowing.columns.is_empty() {
        let columns = narrowing.columns.iter().map(|name| list.column(name));
        view.columns = columns.collect::<Result<_, _>>().map_err(refused)?;
    }
    if narrowing.zone.is_some() {
        view.zone.clone_from(&narrowing.zone);
    }
    if narrowing.format.is_some() {
        view.format.clone_from(&narrowing.format);
    }
    Ok(view)
}

/// The view of a list that a file keeps.
fn kept<L: Listing>(list: L, path: &Path) -> Result<View<L>, Failure> {
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("the view `{}` cannot be read: {error}", path.display())))?;
    let view = View::<L>::from_json(&text).map_err(refused)?;
    if view.list == list {
        return Ok(view);
    }
    Err(Failure::usage(format!(
        "the view `{}` is of {}, not of {}",
        path.display(),
        view.list.resource().as_str(),
        list.resource().as_str()
    )))
}

/// A column and a pattern, as they are typed.
pub(crate) fn pattern(text: &str) -> Result<(&str, &str), Failure> {
    text.split_once('=').ok_or_else(|| {
        Failure::usage(format!("`{text}` is no pattern")).remedy("write COLUMN=PATTERN, such as name=ada%")
    })
}

/// How a view shows moments: in UTC as `Z` says, elsewhere with the distance to it.
pub(crate) fn times<L: Listing>(view: &View<L>) -> Result<Times, Failure> {
    let usual = match view.zone {
        None => "%Y-%m-%dT%H:%M:%SZ",
        Some(_) => "%Y-%m-%dT%H:%M:%S%:z",
    };
    view.times(session::now(), usual).map_err(refused)
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("`{}` cannot be written: {error}", path.display()))
}

pub(crate) fn refused(error: msp365::store::Error) -> Failure {
    Failure::from(msp365::Error::from(error))
}
