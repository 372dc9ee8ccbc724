//! The command `msp365`: an operator's tool over the SDK, and the simulated cloud as a server.
//!
//! It holds no logic of its own: each module reads arguments, calls the facade and prints what came back.

mod activity;
mod args;
mod bars;
mod cards;
mod change;
mod connect;
mod demo;
mod disconnect;
mod doctor;
mod explain;
mod failure;
mod given;
mod invite;
mod lists;
mod matching;
mod output;
mod preview;
mod report;
mod session;
mod sim;
mod summary;
mod sync;
mod tenants;
mod users;
mod which;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    args::{Cli, Command},
    failure::Failure,
};

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// Everything was done.
    Done,
    /// Some of it was not; the answer says what and why.
    InPart,
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misused(&error),
    };
    let json = cli.global.json;
    log();
    let ended = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(msp365::ErrorKind::Other, format!("cannot start: {error}")))
        .and_then(|runtime| runtime.block_on(run(cli)));
    match ended {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::InPart) => ExitCode::from(1),
        Err(failure) => {
            if json {
                let _ = output::json(&failure.document());
            } else {
                output::complain(&failure);
            }
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Help and version are answers; anything else is wrong usage, which scripts want as an object.
fn misused(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && std::env::args().any(|argument| argument == "--json") {
        let text = error.render().to_string();
        let first = text
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ");
        let failure = Failure::usage(first).remedy("`--help` shows what can be given");
        let _ = output::json(&failure.document());
        return ExitCode::from(failure.exit_code());
    }
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

async fn run(cli: Cli) -> Result<Ended, Failure> {
    let global = &cli.global;
    match cli.command {
        Command::Demo(command) => Box::pin(demo::run(global, &command)).await,
        Command::Sim(command) => sim::run(global, command).await,
        Command::Connect(command) => connect::run(global, command).await,
        Command::Doctor(which) => doctor::run(global, &which).await,
        Command::Tenants(command) => tenants::run(global, command).await,
        Command::Sync(command) => sync::run(global, &command).await,
        Command::Users(command) => Box::pin(users::run(global, command)).await,
        Command::Explain(command) => explain::run(global, &command).await,
        Command::Match(command) => matching::run(global, command).await,
        Command::Report(command) => report::run(global, command).await,
        Command::Activity(command) => activity::run(global, &command).await,
        Command::Disconnect(command) => disconnect::run(global, &command).await,
    }
}

/// Logs go to the file that `MSP365_LOG_FILE` names or to standard error, at the level that `MSP365_LOG` names; nothing
/// where that is not set.
fn log() {
    let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("MSP365_LOG") else {
        return;
    };
    let named = std::env::var_os("MSP365_LOG_FILE");
    let file = named.map(|path| std::fs::OpenOptions::new().append(true).create(true).open(path));
    let logs = tracing_subscriber::fmt().with_env_filter(filter);
    if let Some(Ok(file)) = file {
        logs.with_ansi(false)
            .with_writer(std::sync::Mutex::new(file))
            .init();
    } else {
        let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
        logs.with_ansi(colours).with_writer(std::io::stderr).init();
    }
}
