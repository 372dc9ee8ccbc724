//! How much memory and time a run over many users takes, with users, plans and a service that nobody stores.
//!
//! `cargo bench -p msp365-scale --bench many [USERS]`, a hundred thousand unless told otherwise, of twenty tenants. It fails
//! where the memory grows by more than a page of users of the tenants in hand, with their plans, takes.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a bench ends at the first failure, prints, and measures time"
)]

mod cloud;
#[path = "../memory/endless.rs"]
mod endless;
mod plans;
mod run;

use std::time::Instant;

use msp365::actions::bulk::{Mode, RowState};

const USERS: u64 = 100_000;
const TENANTS: u64 = 20;
/// Kibibytes that a run may take, however many users there are.
const BOUND: u64 = 32 * 1_024;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let users = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let each = users.unwrap_or(USERS) / TENANTS;
    for (mode, state) in [(Mode::Look, RowState::Planned), (Mode::Run, RowState::Done)] {
        let start = Instant::now();
        let (tally, grown) = run::over(TENANTS, each, mode, &mut drop).await;
        println!(
            "{mode:?}: {tally} in {:.1} s; the peak of the memory grew by {grown} KiB to {} MiB",
            start.elapsed().as_secs_f64(),
            endless::peak() >> 10,
        );
        assert_eq!(tally.of(state), each * TENANTS);
        assert!(
            grown < BOUND,
            "a run holds more than the users in hand: {grown} KiB"
        );
    }
}
