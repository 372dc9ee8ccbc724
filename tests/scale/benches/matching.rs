//! What matching takes, as ratios to the least that could do.
//!
//! `cargo bench -p msp365-scale --bench matching`. A part of a name as an argument leaves out all other ways. Processor
//! time is what is compared, since it hardly depends on what else the machine does, and the ways take turns.
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
use rustix::time::{ClockId, clock_gettime};

/// Devices on each side.
const DEVICES: usize = 1_000_000;
const ROUNDS: usize = 5;
/// Organizations of both sides.
const TENANTS: usize = 10_000;
const ORGANIZATIONS: usize = 100_000;
/// Of ours, so many are compared with all of theirs; all would take a quarter of an hour.
const COMPARED: usize = 500;
/// So many are added one by one.
const ADDED: usize = 1_000;

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
        devices("");
    }
    if let Some(way @ ("host name" | "all evidence" | "links")) = wanted.as_deref() {
        devices(way);
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
    let mut ours = Vec::new();
    let mut drawn = Vec::new();
    for number in 0..DEVICES {
        let name = match number % 4 {
            0 => format!("DESKTOP-{}", dice.code(7)),
            1 => format!("LT-{}-{number:06}", dice.code(3)),
            2 => format!("accounting-{}{number:07}", dice.code(4)),
            _ => format!("PC{}-{}", dice.code(5), dice.code(4)),
        };
        let serial = dice.code(10);
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
        drawn.push((number, other, serial.to_lowercase()));
    }
    // The tool lists them in another order; each record lies where it was read.
    for place in (1..drawn.len()).rev() {
        drawn.swap(place, dice.below(place + 1));
    }
    let theirs = drawn.iter().map(|(number, name, serial)| {
        Theirs::new(id('r', *number), name)
            .serial(serial)
            .user(format!("CONTOSO\\user{number}"))
            .os("Windows 11")
            .last_seen(1_772_323_200)
    });
    (ours, theirs.collect())
}

fn id(kind: char, number: usize) -> String {
    format!("{kind}{number:07}-4af1-4c8b-9d59-0c2f8f2a7b11")
}

/// What some work took. Other programs on the machine lengthen the elapsed time, and hardly that of the processor.
#[derive(Clone, Copy)]
struct Taken {
    processor: Duration,
    elapsed: Duration,
}

fn measured<T>(work: impl FnOnce() -> T) -> (Taken, T) {
    let (before, start) = (processor(), Instant::now());
    let made = work();
    let taken = Taken {
        processor: processor().saturating_sub(before),
        elapsed: start.elapsed(),
    };
    (taken, made)
}

/// Processor time of all threads of this process so far.
fn processor() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// How many rows, and what was made; that it is given back is no part of the work.
type Made<'a> = (usize, Box<dyn Kept + 'a>);

trait Kept {}

impl<T> Kept for T {}

type Way<'a> = (&'a str, &'a dyn Fn() -> Made<'a>);

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

/// Those ways whose names hold this, beside the floor.
fn devices(wanted: &str) {
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
    let ways: [Way<'_>; 5] = [
        ("floor: hash join over normalised names", &|| {
            let made = join(&our_names, &their_names);
            (made.len(), Box::new(made))
        }),
        ("by host name, links", &|| {
            let devices = Devices::of(&plain_ours, &plain_theirs, &sites);
            let links: Vec<_> = devices.matched(Using::HostNames).places().collect();
            (links.len(), Box::new((devices, links)))
        }),
        ("by host name, rows with evidence", &|| {
            let made = match_hosts(&plain_ours, &plain_theirs, &sites);
            (made.len(), Box::new(made))
        }),
        ("by all evidence, links", &|| {
            let devices = Devices::of(&ours, &theirs, &sites);
            let links: Vec<_> = devices.matched(Using::AllEvidence).places().collect();
            (links.len(), Box::new((devices, links)))
        }),
        ("by all evidence, rows with evidence", &|| {
            let made = match_devices(&ours, &theirs, &sites);
            (made.len(), Box::new(made))
        }),
    ];
    let is_wanted = |way: &&Way<'_>| way.0.starts_with("floor") || way.0.contains(wanted);
    in_turns(&ways.iter().filter(is_wanted).collect::<Vec<_>>());
}

/// Runs ways of the same work in turns, and prints what each takes beside the first.
fn in_turns(ways: &[&Way<'_>]) {
    let mut taken: Vec<Vec<Taken>> = Vec::new();
    let mut rows = vec![0; ways.len()];
    for _ in 0..ROUNDS {
        let mut round = Vec::new();
        for ((_, way), rows) in ways.iter().zip(&mut rows) {
            let (taken, (count, _made)) = measured(way);
            *rows = count;
            round.push(taken);
        }
        taken.push(round);
    }
    println!(
        "{DEVICES} devices against {DEVICES}, medians of {ROUNDS} rounds, in which the ways take turns:"
    );
    println!(
        "processor time of all threads and its ratio to the floor's of the same round, elapsed time, rows"
    );
    for (at, ((name, _), rows)) in ways.iter().zip(rows).enumerate() {
        let of = |what: &dyn Fn(&Vec<Taken>) -> f64| median(taken.iter().map(what));
        let seconds = of(&|round| round[at].processor.as_secs_f64());
        let ratio = of(&|round| round[at].processor.as_secs_f64() / round[0].processor.as_secs_f64());
        let elapsed = of(&|round| round[at].elapsed.as_secs_f64());
        println!("{name:<42} {seconds:6.3} s {ratio:6.2} {elapsed:6.3} s {rows:9}");
    }
    println!("peak memory of all of this, the records included: {} MiB", peak());
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
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
    let (made, mut live) = measured(|| Live::of(&ours, &theirs, &Sites::everywhere()));
    let each = (0..ADDED).map(|number| {
        let known = &theirs[number * 997 % theirs.len()];
        let device = Ours::new(format!("new-{number}"), &known.hostname);
        measured(|| black_box(live.add_ours(&device))).0
    });
    tell_each(&format!("one device more against {DEVICES}"), each.collect());
    println!(
        "the index of all devices took {:.2} s",
        made.elapsed.as_secs_f64()
    );
}

/// What adding one after the other took.
fn tell_each(name: &str, mut each: Vec<Taken>) {
    let count = f64::from(u32::try_from(each.len()).unwrap());
    let all: Duration = each.iter().map(|taken| taken.processor).sum();
    each.sort_by_key(|taken| taken.processor);
    let at = |place: usize| each[place].processor.as_secs_f64() * 1e3;
    println!(
        "{name}: processor time {:.3} ms in the mean, {:.3} ms for 99 of 100, {:.3} ms at most",
        all.as_secs_f64() * 1e3 / count,
        at(each.len() * 99 / 100),
        at(each.len() - 1)
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
    let (part, best) = measured(|| {
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
    let all_pairs = part.processor.as_secs_f64() * scale;
    let names =
        |rows: &[Tenant]| -> Vec<Tenant> { rows.iter().map(|row| Tenant::new(&row.id, &row.name)).collect() };
    let their_names: Vec<Organization> = made
        .theirs
        .iter()
        .map(|row| Organization::new(&row.id, &row.name))
        .collect();
    let our_names = names(&made.ours);
    println!(
        "{TENANTS} organizations against {ORGANIZATIONS}, five suggestions each, {threads} threads, processor time"
    );
    println!("all-pairs Jaro-Winkler, {COMPARED} measured and scaled {all_pairs:9.1} s");
    let tell = |name: &str, ours: &[Tenant], theirs: &[Organization]| {
        let rounds: Vec<Taken> = (0..3)
            .map(|_| {
                let (taken, rows) = measured(|| suggest(ours, theirs, &Thresholds::default()));
                black_box(rows);
                taken
            })
            .collect();
        let seconds = median(rounds.iter().map(|taken| taken.processor.as_secs_f64()));
        let elapsed = median(rounds.iter().map(|taken| taken.elapsed.as_secs_f64()));
        let ratio = all_pairs / seconds;
        println!("{name:<42} {seconds:9.2} s, 1/{ratio:.0} of all pairs; {elapsed:.2} s elapsed");
    };
    tell("by name alone", &our_names, &their_names);
    tell("with domains and ids", &made.ours, &made.theirs);
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
    let known = made.theirs.iter().step_by(97).take(ADDED);
    let each = known.enumerate().map(|(number, known)| {
        let tenant = Tenant::new(format!("new-{number}"), format!("{} Service", known.name));
        measured(|| black_box(live.add_ours(&tenant))).0
    });
    tell_each(
        &format!("one organization more against {ORGANIZATIONS}"),
        each.collect(),
    );
}

/// The most memory this process ever had, in mebibytes; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}
