//! What matching takes, as ratios to the least that could do.
//!
//! `cargo bench -p msp365-scale --bench matching`. A part of a name as an argument leaves out all other ways. The least
//! of some rounds is shown; the ways take turns, so that other work on the machine strikes all alike.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench ends at the first failure, prints, and measures time"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use msp365_match::devices::{Devices, Live, Ours, Sites, Theirs, Using, match_devices, match_hosts};
use msp365_match::organizations::{
    Live as LiveOrganizations, Ours as Tenant, Theirs as Organization, Thresholds, suggest,
};
use msp365_match::text::{fold_host, fold_name};
use msp365_scale::chance::Dice;
use msp365_scale::matching::companies::companies;
use rustc_hash::FxHashMap;

/// Devices on each side.
const DEVICES: usize = 1_000_000;
const ROUNDS: usize = 5;
/// Organizations of both sides.
const TENANTS: usize = 10_000;
const ORGANIZATIONS: usize = 100_000;
/// Of ours, so many are compared with all of theirs; all would take a quarter of an hour.
const COMPARED: usize = 500;

fn main() {
    let wanted = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    let is_wanted = |name: &str| {
        wanted
            .as_ref()
            .is_none_or(|wanted| name.contains(wanted.as_str()))
    };
    // The peak counts from the start of the process, so memory is looked at alone.
    if wanted.as_deref() == Some("memory") {
        return memory();
    }
    if is_wanted("devices") {
        devices();
    }
    if is_wanted("organizations") {
        organizations();
    }
    if is_wanted("one more") {
        one_device();
        one_organization();
    }
}

/// Records of both sides: two in three have the same machine on the other side, some cut, suffixed or shouted.
fn records() -> (Vec<Ours>, Vec<Theirs>) {
    let mut dice = Dice::new(7, "bench");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for number in 0..DEVICES {
        let name = match number % 4 {
            0 => format!("DESKTOP-{}", dice.code(7)),
            1 => format!("LT-{}-{number:06}", dice.code(3)),
            2 => format!("accounting-{}{number:07}", dice.code(4)),
            _ => format!("PC{}-{}", dice.code(5), dice.code(4)),
        };
        let serial = dice.code(10);
        let id = |kind: char, number: usize| format!("{kind}{number:07}-4af1-4c8b-9d59-0c2f8f2a7b11");
        ours.push(
            Ours::new(id('d', number), &name)
                .serial(&serial)
                .user(format!("user{number}@contoso.example"))
                .os("Windows")
                .last_seen(1_772_323_200),
        );
        let other = match dice.below(9) {
            0..=2 => format!("OTHER-{}", dice.code(8)),
            3 => name.to_lowercase(),
            4 => format!("{name}.contoso.example"),
            5 => name.chars().take(15).collect(),
            _ => name,
        };
        theirs.push(
            Theirs::new(id('r', number), other)
                .serial(serial.to_lowercase())
                .user(format!("CONTOSO\\user{number}"))
                .os("Windows 11")
                .last_seen(1_772_323_200),
        );
    }
    for place in (1..theirs.len()).rev() {
        theirs.swap(place, dice.below(place + 1));
    }
    (ours, theirs)
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let made = work();
    (start.elapsed(), made)
}

/// The floor: a hash join over names that were normalised before.
fn join(ours: &[String], theirs: &[String]) -> Vec<(usize, usize)> {
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    places.reserve(theirs.len());
    for (place, name) in theirs.iter().enumerate() {
        places.insert(name, place);
    }
    ours.iter()
        .enumerate()
        .filter_map(|(place, name)| Some((place, *places.get(name.as_str())?)))
        .collect()
}

fn devices() {
    let (ours, theirs) = records();
    let sites = Sites::everywhere();
    let our_names: Vec<String> = ours.iter().map(|device| fold_host(&device.hostname)).collect();
    let their_names: Vec<String> = theirs.iter().map(|device| fold_host(&device.hostname)).collect();
    let names = |ours: &[Ours]| -> Vec<Ours> {
        ours.iter()
            .map(|device| Ours::new(&device.id, &device.hostname))
            .collect()
    };
    let plain_theirs: Vec<Theirs> = theirs
        .iter()
        .map(|device| Theirs::new(&device.id, &device.hostname))
        .collect();
    let plain_ours = names(&ours);
    let ways: [(&str, &dyn Fn() -> usize); 5] = [
        ("floor: hash join over normalised names", &|| {
            join(&our_names, &their_names).len()
        }),
        ("by host name, verdicts", &|| {
            let devices = Devices::of(&plain_ours, &plain_theirs, &sites);
            black_box(devices.matched(Using::HostNames));
            devices.count().0
        }),
        ("by host name, rows with evidence", &|| {
            match_hosts(&plain_ours, &plain_theirs, &sites).len()
        }),
        ("by all evidence, verdicts", &|| {
            let devices = Devices::of(&ours, &theirs, &sites);
            black_box(devices.matched(Using::AllEvidence));
            devices.count().0
        }),
        ("by all evidence, rows with evidence", &|| {
            match_devices(&ours, &theirs, &sites).len()
        }),
    ];
    let mut least = [Duration::MAX; 5];
    let mut rows = [0; 5];
    for _ in 0..ROUNDS {
        for (at, (_, way)) in ways.iter().enumerate() {
            let (time, count) = timed(way);
            least[at] = least[at].min(time);
            rows[at] = count;
        }
    }
    println!("{DEVICES} devices against {DEVICES}, least of {ROUNDS} rounds: time, ratio to the floor, rows");
    for ((name, _), (time, rows)) in ways.iter().zip(least.into_iter().zip(rows)) {
        let ratio = time.as_secs_f64() / least[0].as_secs_f64();
        println!("{name:<42} {:6.3} s {ratio:6.2} {rows:9}", time.as_secs_f64());
    }
    println!("peak memory of all of this, the records included: {} MiB", peak());
}

/// A million devices of each side, read one by one as from a file, and their rows written one by one.
fn memory() {
    let mut devices = Devices::within(&Sites::everywhere());
    let mut dice = Dice::new(7, "memory");
    for number in 0..DEVICES {
        let (name, serial) = (format!("LT-{}-{number:06}", dice.code(3)), dice.code(10));
        let ours = Ours::new(format!("d{number:07}-4af1-4c8b-9d59-0c2f8f2a7b11"), &name);
        devices.add_ours(
            &ours
                .serial(&serial)
                .user(format!("user{number}@contoso.example"))
                .os("Windows"),
        );
        let theirs = Theirs::new(format!("r{number:07}-4af1-4c8b-9d59-0c2f8f2a7b11"), &name);
        devices.add_theirs(
            &theirs
                .serial(&serial)
                .user(format!("CONTOSO\\user{number}"))
                .os("Windows 11"),
        );
    }
    let rows = devices
        .matched(Using::AllEvidence)
        .pairs()
        .filter(msp365_match::Pair::is_certain)
        .count();
    println!(
        "{rows} of {DEVICES} devices linked by all evidence; peak memory {} MiB",
        peak()
    );
}

fn one_device() {
    let (ours, theirs) = records();
    let (made, mut live) = timed(|| Live::of(&ours, &theirs, &Sites::everywhere()));
    let mut slowest = Duration::ZERO;
    let (all, ()) = timed(|| {
        for number in 0..1_000 {
            let known = &theirs[number * 997 % theirs.len()];
            let device = Ours::new(format!("new-{number}"), &known.hostname);
            let (time, rows) = timed(|| live.add_ours(&device));
            slowest = slowest.max(time);
            black_box(rows);
        }
    });
    println!(
        "one device more against {DEVICES}: {:.3} ms in the mean, {:.3} ms at most; the index took {:.2} s",
        all.as_secs_f64(),
        slowest.as_secs_f64() * 1e3,
        made.as_secs_f64()
    );
}

/// Tenants against organizations, beside Jaro-Winkler on all pairs, which is measured on a part and scaled. Both use all
/// cores.
fn organizations() {
    let made = companies(7, TENANTS, ORGANIZATIONS);
    let ours: Vec<String> = made.ours.iter().map(|tenant| fold_name(&tenant.name)).collect();
    let theirs: Vec<String> = made
        .theirs
        .iter()
        .map(|organization| fold_name(&organization.name))
        .collect();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let some: Vec<&String> = ours.iter().take(COMPARED).collect();
    let (part, best) = timed(|| {
        std::thread::scope(|scope| {
            let shares = some.chunks(COMPARED.div_ceil(threads));
            let running: Vec<_> = shares
                .map(|share| scope.spawn(|| share.iter().map(|name| five_best(name, &theirs)).sum::<usize>()))
                .collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .sum::<usize>()
        })
    });
    black_box(best);
    let scale = f64::from(u32::try_from(TENANTS / COMPARED).unwrap());
    let all_pairs = part.as_secs_f64() * scale;
    let names =
        |rows: &[Tenant]| -> Vec<Tenant> { rows.iter().map(|row| Tenant::new(&row.id, &row.name)).collect() };
    let their_names: Vec<Organization> = made
        .theirs
        .iter()
        .map(|row| Organization::new(&row.id, &row.name))
        .collect();
    let our_names = names(&made.ours);
    let (mut least, mut least_all) = (Duration::MAX, Duration::MAX);
    for _ in 0..3 {
        let (time, rows) = timed(|| suggest(&our_names, &their_names, &Thresholds::default()));
        black_box(rows);
        least = least.min(time);
        let (time, rows) = timed(|| suggest(&made.ours, &made.theirs, &Thresholds::default()));
        black_box(rows);
        least_all = least_all.min(time);
    }
    println!("{TENANTS} organizations against {ORGANIZATIONS}, five suggestions each, {threads} threads");
    println!("all-pairs Jaro-Winkler, {COMPARED} measured and scaled {all_pairs:9.1} s");
    for (name, time) in [("by name alone", least), ("with domains and ids", least_all)] {
        let seconds = time.as_secs_f64();
        println!(
            "{name:<42} {seconds:9.2} s, 1/{:.0} of all pairs",
            all_pairs / seconds
        );
    }
}

/// How many of the five best are like at all; the number keeps the work from being left out.
fn five_best(name: &str, theirs: &[String]) -> usize {
    let mut best = [0.0_f64; 5];
    for other in theirs {
        let score = strsim::jaro_winkler(name, other);
        if let Some(place) = best.iter().position(|known| score > *known) {
            best[place..].rotate_right(1);
            best[place] = score;
        }
    }
    best.iter().filter(|score| **score > 0.75).count()
}

fn one_organization() {
    let made = companies(7, TENANTS, ORGANIZATIONS);
    let mut live = LiveOrganizations::of(&made.ours, &made.theirs, &Thresholds::default());
    let mut slowest = Duration::ZERO;
    let (all, ()) = timed(|| {
        for (number, known) in made.theirs.iter().step_by(97).take(1_000).enumerate() {
            let tenant = Tenant::new(format!("new-{number}"), format!("{} Service", known.name));
            let (time, rows) = timed(|| live.add_ours(&tenant));
            slowest = slowest.max(time);
            black_box(rows);
        }
    });
    println!(
        "one organization more against {ORGANIZATIONS}: {:.3} ms in the mean, {:.3} ms at most",
        all.as_secs_f64(),
        slowest.as_secs_f64() * 1e3
    );
}

/// The most memory this process ever had, in mebibytes; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}
