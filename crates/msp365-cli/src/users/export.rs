//! `msp365 users export`.

use std::{
    io::{self, Write},
    path::Path,
};

use msp365::{
    actions::{Error, Export, Exported},
    store::UserQuery,
};
use serde_json::json;

use super::{beside::Beside, cannot_write, refused, times, view};
use crate::{
    Ended,
    args::{Global, UsersExport},
    cards::Eyes,
    failure::Failure,
    output, session,
};

/// Who exports where it is no technician.
const HOST: &str = "msp365";

/// What was written, whether the activity log tells of it, and why not where it does not.
struct Told {
    done: Exported,
    because: Option<String>,
    ended: Ended,
}

pub(super) async fn run(global: &Global, command: &UsersExport) -> Result<Ended, Failure> {
    if global.json && command.out.is_none() {
        return Err(
            Failure::usage("the list and a document about it cannot both go to standard output")
                .remedy("name a file for the list with --out, or leave out --json"),
        );
    }
    let view = view(&command.finding)?;
    let times = times(&view)?;
    let query = view.query(session::now(), times.zone()).map_err(refused)?;
    let mut export = Export::default()
        .columns(view.columns.iter().copied())
        .times(times);
    if command.no_headers {
        export = export.without_headers();
    }
    if command.bom {
        export = export.with_bom();
    }
    if let Some(most) = command.max {
        export = export.at_most(most);
    }
    let told = match &command.out {
        None => written(global, command, (&export, query), &mut io::stdout()).await?,
        Some(path) => {
            let mut file = Beside::create(path).map_err(|error| cannot_write(path, &error))?;
            let told = written(global, command, (&export, query), file.out()).await?;
            file.keep().map_err(|error| cannot_write(path, &error))?;
            told
        }
    };
    say(global, command.out.as_deref(), &told)
}

async fn written(
    global: &Global,
    command: &UsersExport,
    (export, query): (&Export, UserQuery),
    out: &mut (dyn Write + Send),
) -> Result<Told, Failure> {
    let eyes = Eyes::asking(&command.finding.asker)?;
    let store = session::store(global).await?;
    let query = eyes.confine(&*store, query).await?;
    output::note(global, "The export has started.");
    let Some(log) = session::log_if_keyed(&store).await? else {
        let done = export.write(&*store, &query, out).await;
        return Ok(Told {
            done: done.map_err(msp365::Error::from)?,
            because: Some(session::KEYLESS.to_owned()),
            ended: Ended::Done,
        });
    };
    let actor = eyes.technician().unwrap_or(HOST);
    match export.recorded((&log, actor), &*store, &query, out).await {
        Ok(done) => Ok(Told {
            done,
            because: None,
            ended: Ended::Done,
        }),
        Err(Error::Unrecorded { done, source }) => Ok(Told {
            done,
            because: Some(format!("its end could not be recorded: {source}")),
            ended: Ended::InPart,
        }),
        Err(error) => Err(msp365::Error::from(error).into()),
    }
}

fn say(global: &Global, file: Option<&Path>, told: &Told) -> Result<Ended, Failure> {
    let (done, is_recorded) = (told.done, told.because.is_none());
    if done.is_abandoned {
        return Ok(Ended::Done);
    }
    let cut = if done.is_cut { "; --max cut it off" } else { "" };
    output::note(
        global,
        &format!("The export has ended: {} users{cut}.", done.rows),
    );
    if let Some(because) = &told.because {
        output::note(global, &session::unrecorded(because));
    }
    if let Some(path) = file.filter(|_| global.json) {
        output::json(&json!({
            "file": path, "rows": done.rows, "is_cut": done.is_cut, "is_recorded": is_recorded,
            "because": told.because,
        }))?;
    }
    Ok(if done.is_cut { Ended::InPart } else { told.ended })
}
