//! Measures matching on the labelled sets and writes what `docs/matching.md` shows.
//!
//! `cargo run --release -p msp365-scale --bin curves [FOLDER]` writes `matching-devices.svg`,
//! `matching-hosts.svg` and `matching-organizations.svg` into the folder (`docs` if none is named), and prints a table.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command speaks to whoever runs it"
)]

use std::fs;
use std::path::PathBuf;

use msp365_match::Pair;
use msp365_match::devices::{match_devices, match_hosts};
use msp365_match::organizations::{Thresholds, suggest};
use msp365_scale::matching::companies::companies;
use msp365_scale::matching::curve::{Point, curve, svg};
use msp365_scale::matching::judged::Truth;
use msp365_scale::matching::machines::{Machines, machines};

/// So many wrong and missed rows are shown, to learn from.
const SHOWN: usize = 12;
const SEED: u64 = 7;
const MACHINES: usize = 200_000;
const TENANTS: usize = 5_000;
const ORGANIZATIONS: usize = 20_000;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "docs".to_owned()));
    println!("| set | certain | wrong | precision | recall of the decidable | right among five |");
    println!("|---|---|---|---|---|---|");
    let named = machines(SEED, MACHINES).named();
    let hosts = match_hosts(&named.ours, &named.theirs, &named.sites);
    told(
        "devices with a name of their own, by host name alone",
        &truth_of(&named),
        &hosts,
    );
    let made = machines(SEED, MACHINES);
    let truth = truth_of(&made);
    let hosts = match_hosts(&made.ours, &made.theirs, &made.sites);
    let points = told("devices by host name alone", &truth, &hosts);
    fs::write(
        folder.join("matching-hosts.svg"),
        svg("Devices by host name alone", &points),
    )?;
    let devices = match_devices(&made.ours, &made.theirs, &made.sites);
    let points = told("devices by all evidence", &truth, &devices);
    fs::write(
        folder.join("matching-devices.svg"),
        svg("Devices by all evidence", &points),
    )?;

    let made = companies(SEED, TENANTS, ORGANIZATIONS);
    let truth = Truth {
        ours: &made.our_companies,
        theirs: &made.their_companies,
        both: &made.both,
    };
    let pairs = suggest(&made.ours, &made.theirs, &Thresholds::default());
    let points = told("organizations", &truth, &pairs);
    for rows in truth.missed(&pairs).take(SHOWN) {
        eprintln!("missed: {rows:?}");
    }
    fs::write(
        folder.join("matching-organizations.svg"),
        svg("Organizations", &points),
    )?;
    Ok(())
}

fn truth_of(made: &Machines) -> Truth<'_> {
    Truth {
        ours: &made.our_machines,
        theirs: &made.their_machines,
        both: &made.both,
    }
}

fn told(name: &str, truth: &Truth<'_>, pairs: &[Pair]) -> Vec<Point> {
    let judged = truth.judge(pairs);
    println!(
        "| {name} | {} | {} | {:.5} | {:.4} | {:.4} |",
        judged.certain,
        judged.wrong,
        judged.precision(),
        judged.recall(),
        judged.recall_at_five()
    );
    for pair in truth.wrong(pairs).take(SHOWN) {
        eprintln!("wrong: {pair:?}");
    }
    curve(truth, pairs)
}
