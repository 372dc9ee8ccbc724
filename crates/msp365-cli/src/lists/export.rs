//! Lists as files.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use msp365::{
    actions::{Error, Export, Exported},
    store::{Listing, Query},
};
use serde_json::json;

use super::{Asked, beside::Beside, cannot_write, incomplete};
use crate::{
    Ended,
    args::{Filing, Global},
    failure::Failure,
    output, session,
};

/// Who exports where it is no technician.
pub(crate) const HOST: &str = "msp365";

/// The file that a list becomes.
pub(crate) struct File<'a> {
    pub(crate) filing: &'a Filing,
    /// Rows at most.
    pub(crate) most: Option<u64>,
    /// Where it is; standard output unless that is said.
    pub(crate) out: Option<&'a Path>,
}

/// What was written, whether the activity log tells of it, and why not where it does not.
struct Told {
    done: Exported,
    because: Option<String>,
    ended: Ended,
}

/// Writes all that was asked for as CSV.
pub(crate) async fn export<L: Listing>(
    global: &Global,
    asked: Asked<L>,
    file: &File<'_>,
) -> Result<Ended, Failure> {
    if global.json && file.out.is_none() {
        return Err(
            Failure::usage("the list and a document about it cannot both go to standard output")
                .remedy("name a file for the list with --out, or leave out --json"),
        );
    }
    let mut export = Export::<L>::default()
        .columns(asked.view.columns.iter().copied())
        .times(asked.times.clone());
    if file.filing.no_headers {
        export = export.without_headers();
    }
    if file.filing.bom {
        export = export.with_bom();
    }
    if let Some(most) = file.most {
        export = export.at_most(most);
    }
    let told = match file.out {
        None => written(global, (&asked, &export), &mut io::stdout()).await?,
        Some(path) => {
            let mut file = Beside::create(path).map_err(|error| cannot_write(path, &error))?;
            let told = written(global, (&asked, &export), file.out()).await?;
            file.keep().map_err(|error| cannot_write(path, &error))?;
            told
        }
    };
    say(global, (file.out, &asked.noun()), &told)
}

async fn written<L: Listing>(
    global: &Global,
    (asked, export): (&Asked<L>, &Export<L>),
    out: &mut (dyn Write + Send),
) -> Result<Told, Failure> {
    let store = session::store(global).await?;
    let query: Query<L> = asked
        .eyes
        .confine(&*store, asked.query.clone(), asked.area)
        .await?;
    output::note(global, "The export has started.");
    let log = session::log_if_keyed(&store).await?;
    let done = match &log {
        None => export.write(&*store, &query, out).await,
        Some(log) => {
            let actor = asked.eyes.technician().unwrap_or(HOST);
            export.recorded((log, actor), &*store, &query, out).await
        }
    };
    Told::of(done, log.is_some())
}

impl Told {
    /// What came of writing a file; `is_keyed` is whether the log could be written.
    fn of(done: Result<Exported, Error>, is_keyed: bool) -> Result<Self, Failure> {
        match done {
            Ok(done) => Ok(Self {
                done,
                because: (!is_keyed).then(|| session::KEYLESS.to_owned()),
                ended: Ended::Done,
            }),
            Err(Error::Unrecorded { done, source }) => Ok(Self {
                done: *done,
                because: Some(format!("its end could not be recorded: {source}")),
                ended: Ended::InPart,
            }),
            Err(error) => Err(msp365::Error::from(error).into()),
        }
    }
}

/// Writes a file of whatever, which takes its place once it is whole, and says what came of it.
pub(crate) async fn file(
    global: &Global,
    (path, noun): (&Path, &str),
    is_keyed: bool,
    write: impl AsyncFnOnce(&mut fs::File) -> Result<Exported, Error>,
) -> Result<Ended, Failure> {
    let mut file = Beside::create(path).map_err(|error| cannot_write(path, &error))?;
    output::note(global, "The export has started.");
    let told = Told::of(write(file.out()).await, is_keyed)?;
    file.keep().map_err(|error| cannot_write(path, &error))?;
    say(global, (Some(path), noun), &told)
}

fn say(global: &Global, (file, noun): (Option<&Path>, &str), told: &Told) -> Result<Ended, Failure> {
    let (done, is_recorded) = (&told.done, told.because.is_none());
    if done.is_abandoned {
        return Ok(Ended::Done);
    }
    let cut = if done.is_cut { "; --max cut it off" } else { "" };
    output::note(
        global,
        &format!("The export has ended: {} {noun}{cut}.", done.rows),
    );
    if let Some(line) = incomplete::said(&done.incomplete, noun) {
        output::note(global, &line);
    }
    if let Some(because) = &told.because {
        output::note(global, &session::unrecorded(because));
    }
    if let Some(path) = file.filter(|_| global.json) {
        let (missing, missing_count) = incomplete::members(&done.incomplete);
        output::json(&json!({
            "file": path, "rows": done.rows, "is_cut": done.is_cut, "is_recorded": is_recorded,
            "because": told.because, "incomplete": missing, "incomplete_count": missing_count,
        }))?;
    }
    Ok(if done.is_cut { Ended::InPart } else { told.ended })
}
