//! How much memory and time the export of many users takes, whatever store they come from.
//!
//! `cargo bench -p msp365-scale --bench export [USERS]`, a million unless told otherwise. It fails where the memory grows by
//! more than a few pages of users take.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a bench ends at the first failure, prints, and measures time"
)]

#[path = "../memory/endless.rs"]
mod endless;
mod reader;

use std::time::Instant;

const USERS: u64 = 1_000_000;
/// Kibibytes that an export may take, however many users there are: a page of a thousand with every column, twice over.
const BOUND: u64 = 32 * 1_024;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let users = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let users = users.unwrap_or(USERS);
    let start = Instant::now();
    let (done, out, grown) = reader::exported(users).await;
    println!(
        "{} users, {} lines, {} MiB in {:.1} s; the peak of the memory grew by {grown} KiB to {} MiB",
        done.rows,
        out.lines,
        out.bytes >> 20,
        start.elapsed().as_secs_f64(),
        endless::peak() >> 10,
    );
    assert_eq!((done.rows, out.lines), (users, users + 1));
    assert!(
        grown < BOUND,
        "an export holds more than a few pages: {grown} KiB"
    );
}
