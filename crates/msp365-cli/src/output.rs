//! Standard output and standard error.

use std::io::{self, IsTerminal, Write};

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

use crate::{args::Global, failure::Failure};

/// Prints a line to standard output. A reader that went away ends the printing, not the program.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    self::text(&format!("{text}\n"))
}

/// Prints text as it is.
pub(crate) fn text(text: &str) -> Result<(), Failure> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(
            msp365::ErrorKind::Other,
            format!("cannot write the answer: {error}"),
        )),
    }
}

/// Prints a value as one line of JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(|error| {
        Failure::new(
            msp365::ErrorKind::Other,
            format!("cannot write the answer: {error}"),
        )
    })?;
    line(&text)
}

/// Writes a note for people to standard error, unless it was asked to be quiet.
pub(crate) fn note(global: &Global, text: &str) {
    if !global.quiet && !global.json {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

/// Whether progress bars are drawn: for a person at a terminal who did not ask otherwise.
pub(crate) fn draws_progress(global: &Global) -> bool {
    !global.json && !global.quiet && io::stderr().is_terminal() && io::stdout().is_terminal()
}

/// An empty table with this header. On a terminal it fits the width, else it is as wide as its contents.
pub(crate) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_header(header.to_vec());
    if io::stdout().is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    table
}

/// Text of a directory as it may be shown: without control characters, and on one line.
pub(crate) fn shown(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Says on standard error what a person has to do, however quiet it is meant to be.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A number with its noun: `1 customer`, `2 customers`.
pub(crate) fn many(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// Says on standard error why a command failed.
pub(crate) fn complain(failure: &Failure) {
    let _ = writeln!(io::stderr().lock(), "{failure}");
}
