//! `msp365 disconnect`.

use msp365::sync::Remnant;

use crate::{Ended, args::Global, failure::Failure, output, session};

pub(crate) async fn run(global: &Global) -> Result<Ended, Failure> {
    let msp = session::connected(global).await?;
    let exit = msp.disconnect().await?;
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

fn words(remnant: &Remnant) -> String {
    output::shown(&format!(
        "remains: {}, as {}; remove it at {}",
        remnant.what, remnant.why, remnant.place
    ))
}
