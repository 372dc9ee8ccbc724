//! Rows of a list as a file for spreadsheets, one by one as they are read.

use std::io::{BufWriter, ErrorKind, Write};

use msp365_store::{DirectoryReader, Incomplete, ListColumn, ListPage, Listing, Query, Times, Users};
use serde_json::json;

use crate::{Activity, ActivityLog, Error, sheet};

mod tenants;

pub use tenants::TenantsExport;

/// Rows that are in memory at a time.
const PAGE: usize = 1_000;
/// Bytes written at a time.
const BUFFER: usize = 1 << 16;

/// How a list is written: which columns, how moments look, and how many rows at most. It is of users, or of the rows of a
/// resource, by the query that it is given.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Export<L: Listing = Users> {
    /// None for the usual ones of the list.
    columns: Vec<L::Column>,
    times: Times,
    head: Head,
    most: Option<u64>,
}

/// What stands before the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    has_headers: bool,
    has_bom: bool,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Exported {
    /// Rows in the file.
    pub rows: u64,
    /// Whether there are more, which a limit left out.
    pub is_cut: bool,
    /// Whether whoever read the file went away before its end, so that some of it was not taken.
    pub is_abandoned: bool,
    /// The tenants whose rows are not all in the file, or not kept fresh, as the first page knew of them.
    pub incomplete: Incomplete,
}

impl<L: Listing> Default for Export<L> {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            times: Times::default(),
            head: Head {
                has_headers: true,
                has_bom: false,
            },
            most: None,
        }
    }
}

impl<L: Listing> Export<L> {
    /// These columns, in this order; those that a view has by itself if none is given.
    pub fn columns(mut self, columns: impl IntoIterator<Item = L::Column>) -> Self {
        self.columns = columns.into_iter().collect();
        self
    }

    /// How moments are written; as RFC 3339 in UTC unless told otherwise.
    pub fn times(mut self, times: Times) -> Self {
        self.times = times;
        self
    }

    /// Leaves out the line of headers.
    pub const fn without_headers(mut self) -> Self {
        self.head.has_headers = false;
        self
    }

    /// Begins with the mark of UTF-8, without which Excel takes letters beyond ASCII for others.
    pub const fn with_bom(mut self) -> Self {
        self.head.has_bom = true;
        self
    }

    /// Ends after so many rows.
    pub const fn at_most(mut self, rows: u64) -> Self {
        self.most = Some(rows);
        self
    }

    /// Writes the rows that a query finds as CSV, in its order, whatever page it names. A page of a thousand is in memory
    /// at a time. Every cell stands between quotes, and none is one that a spreadsheet would run as a formula: see
    /// [`sheet`]. That the reader went away is no failure.
    ///
    /// # Errors
    /// `Invalid` for a query that cannot be, or a column of another list; `Storage` if the database failed, or what is written cannot be taken.
    pub async fn write(
        &self,
        store: &dyn DirectoryReader,
        query: &Query<L>,
        out: &mut (dyn Write + Send),
    ) -> Result<Exported, Error> {
        let mut done = Exported::default();
        self.write_counting(store, query, (out, &mut done)).await?;
        Ok(done)
    }

    /// The same, with what was written so far also where it fails.
    async fn write_counting(
        &self,
        store: &dyn DirectoryReader,
        query: &Query<L>,
        (out, done): (&mut (dyn Write + Send), &mut Exported),
    ) -> Result<(), Error> {
        let mut out = BufWriter::with_capacity(BUFFER, out);
        match self.write_rows(store, query, (&mut out, done)).await {
            Err(Error::Written(error)) if error.kind() == ErrorKind::BrokenPipe => {
                done.is_abandoned = true;
                Ok(())
            }
            written => written,
        }
    }

    async fn write_rows(
        &self,
        store: &dyn DirectoryReader,
        query: &Query<L>,
        (out, done): (&mut (dyn Write + Send), &mut Exported),
    ) -> Result<(), Error> {
        let names = self.names(query);
        let columns = names.iter().map(|name| query.list().column(name));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        if self.head.has_bom {
            out.write_all(sheet::BOM.as_bytes())?;
        }
        if self.head.has_headers {
            out.write_all(format!("{}\r\n", names.join(",")).as_bytes())?;
        }
        let mut asked = query.clone().page(1, PAGE);
        loop {
            let page = L::page(store, &asked).await?;
            if done.rows == 0 {
                done.incomplete = page.incomplete().clone();
            }
            for row in 0..page.len() {
                if self.most.is_some_and(|most| done.rows >= most) {
                    done.is_cut = true;
                    break;
                }
                let cells = columns
                    .iter()
                    .map(|column| page.value_at(row, *column).show(&self.times));
                out.write_all(sheet::line(cells).as_bytes())?;
                done.rows += 1;
            }
            match page.next() {
                Some(mark) if !done.is_cut => asked = asked.after(mark),
                _ => return Ok(out.flush()?),
            }
        }
    }

    fn names(&self, query: &Query<L>) -> Vec<&'static str> {
        if self.columns.is_empty() {
            let usual = query.list().usual_columns().into_iter();
            return usual.map(ListColumn::name).collect();
        }
        self.columns.iter().map(|column| column.name()).collect()
    }
    /// The same in the name of this person, with a record in the activity log when it starts and when it has ended: what
    /// was asked for, how many rows were written, and why it failed where it did.
    ///
    /// # Errors
    /// As of [`write`](Self::write); `Storage` where the log cannot be written: before the start, and then nothing is
    /// exported, or after the end, as [`Error::Unrecorded`] with what was.
    pub async fn recorded(
        &self,
        (log, actor): (&ActivityLog, &str),
        store: &dyn DirectoryReader,
        query: &Query<L>,
        out: &mut (dyn Write + Send),
    ) -> Result<Exported, Error> {
        let rows = query.resource().as_str();
        let mut activity = Activity::new(actor, format!("export_{rows}"), "started");
        activity.target.push_str(rows);
        activity.asked =
            Some(json!({ "conditions": query.asked(), "columns": self.names(query), "most": self.most }));
        let write = async {
            let mut done = Exported::default();
            let written = self.write_counting(store, query, (out, &mut done)).await;
            (done, written)
        };
        recorded(log, activity, write).await
    }
}

/// Writes a file with a record of its start and one of its end; `write` answers what was written also where it failed.
pub(crate) async fn recorded(
    log: &ActivityLog,
    mut activity: Activity,
    write: impl Future<Output = (Exported, Result<(), Error>)> + Send,
) -> Result<Exported, Error> {
    log.add(&activity).await?;
    let (done, written) = write.await;
    let outcome = match &written {
        Err(_) => "failed",
        Ok(()) if done.is_abandoned => "finished, reader gone",
        Ok(()) if done.is_cut => "finished, cut",
        Ok(()) => "finished",
    };
    outcome.clone_into(&mut activity.outcome);
    activity.target = format!("{}, {} rows", activity.target, done.rows);
    activity.reason = written.as_ref().err().map(reason);
    let told = log.add(&activity).await;
    written?;
    match told {
        Ok(_) => Ok(done),
        Err(source) => {
            let done = Box::new(done);
            Err(Error::Unrecorded { done, source })
        }
    }
}

/// Writes lines behind a preface and a line of names, and answers what was written also where it failed. That the reader
/// went away is no failure.
pub(crate) fn write_lines(
    (preface, names): (&str, &[&str]),
    lines: impl Iterator<Item = String>,
    out: &mut (dyn Write + Send),
) -> (Exported, Result<(), Error>) {
    let mut done = Exported::default();
    let head = format!("{preface}{}\r\n", names.join(","));
    for (rows, line) in (0..).zip(std::iter::once(head).chain(lines)) {
        match out.write_all(line.as_bytes()) {
            Ok(()) => done.rows = rows,
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                done.is_abandoned = true;
                return (done, Ok(()));
            }
            Err(error) => return (done, Err(error.into())),
        }
    }
    let flushed = out.flush().map_err(Error::from);
    (done, flushed)
}

/// Why an export failed, as the log keeps it: of a database its own words alone, without what it was asked.
fn reason(error: &Error) -> String {
    match error {
        Error::Written(cause) => format!("{error}: {cause}"),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
