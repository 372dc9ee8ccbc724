//! What `doctor` costs over a thousand customers: how soon the first is known, how many exchanges each takes, and what
//! is held in memory meanwhile.
//!
//! `cargo bench -p msp365-scale --bench doctor`. The simulated cloud answers in the same process, once at once and once
//! after 20 ms. Memory is read from `/proc`, so it is shown on Linux alone, and that of the simulated cloud is left out
//! as far as it was there before.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench ends at the first failure, prints, and measures time"
)]

use std::{
    fs,
    time::{Duration, Instant},
};

use msp365::sim::{self, Sim, Sizes, WorldPlan};

const CUSTOMERS: usize = 1_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    println!("latency  first      all        exchanges/customer  memory");
    for latency in [Duration::ZERO, Duration::from_millis(20)] {
        runtime.block_on(measure(latency));
    }
}

async fn measure(latency: Duration) {
    let mut plan = WorldPlan::default();
    plan.customers = CUSTOMERS;
    plan.users_each = 3;
    plan.sizes = Sizes::Equal;
    let cloud = Sim::seeded(7).world(plan).latency(latency).build();
    let msp = sim::builder(&cloud).in_memory().build().unwrap();
    sim::connect(&cloud, &msp).await.unwrap();
    let (asked, held) = (cloud.requests(), resident());
    let began = Instant::now();
    let (mut first, mut most, mut seen) = (None, held, 0_usize);

    msp.tenants()
        .inspect(&[], |_| {
            first.get_or_insert_with(|| began.elapsed());
            seen += 1;
            if seen.is_multiple_of(100) {
                most = most.max(resident());
            }
        })
        .await
        .unwrap();

    let all = began.elapsed();
    let exchanges = cloud.requests() - asked;
    println!(
        "{:>4} ms  {:>6} ms  {:>6} ms  {exchanges:>6} / {seen:<10}  +{} MiB",
        latency.as_millis(),
        first.unwrap_or_default().as_millis(),
        all.as_millis(),
        (most - held) / 1_048_576,
    );
}

/// The memory of the process, in bytes.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1_024
}
