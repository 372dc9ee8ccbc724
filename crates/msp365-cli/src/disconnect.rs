//! `msp365 disconnect`.

use msp365::{Connected, DataSource, store::LogFate, sync::Remnant};
use serde_json::json;

use crate::{
    Ended,
    args::{Disconnect, Global},
    failure::Failure,
    output, session,
};

pub(crate) async fn run(global: &Global, command: &Disconnect) -> Result<Ended, Failure> {
    let log = if command.purge_log {
        LogFate::Remove
    } else {
        LogFate::Keep
    };
    let exit = match session::connected_by(global, &command.by).await {
        Ok(msp) => msp.disconnect(log).await?,
        // What an earlier one left.
        Err(_) if log == LogFate::Remove && is_left(global).await? => return purge(global).await,
        Err(failure) => return Err(failure),
    };
    if global.json {
        output::json(&exit)?;
    } else {
        for tenant in &exit.tenants {
            let name = output::shown(&tenant.name);
            for removed in &tenant.removed {
                output::line(&format!("{name}: removed: {}", output::shown(removed)))?;
            }
            for remnant in &tenant.remains {
                output::line(&format!("{name}: {}", words(remnant)))?;
            }
        }
        output::line(&format!(
            "{} rows were removed, and the connection with its secrets.",
            exit.rows_removed
        ))?;
        for remnant in &exit.remains {
            output::line(&format!("On your side: {}", words(remnant)))?;
        }
    }
    Ok(if exit.is_clean() {
        Ended::Done
    } else {
        Ended::InPart
    })
}

/// Whether nothing is connected, and there is a log.
async fn is_left(global: &Global) -> Result<bool, Failure> {
    let store = session::store(global).await?;
    let connected = Connected::of(&*store).await?.is_some() || !DataSource::all(&*store).await?.is_empty();
    let last = store.journal_head().await.map_err(msp365::Error::from)?;
    Ok(!connected && last.is_some())
}

async fn purge(global: &Global) -> Result<Ended, Failure> {
    let store = session::store(global).await?;
    store.wipe(LogFate::Remove).await.map_err(msp365::Error::from)?;
    if global.json {
        output::json(&json!({ "purged": "activity_log" }))?;
    } else {
        output::line("The activity log was removed, with its key.")?;
    }
    Ok(Ended::Done)
}

fn words(remnant: &Remnant) -> String {
    output::shown(&format!(
        "remains: {}, as {}; remove it at {}",
        remnant.what, remnant.why, remnant.place
    ))
}
