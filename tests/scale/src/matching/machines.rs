//! Machines as two sides list them: the directory of each tenant, and a tool with its agents.
//!
//! The hard set has what providers meet: names cut short, with suffixes, in another case; names that many have;
//! old records of machines that were joined or installed again; names that a new machine took over; serial numbers
//! that are placeholders or shared; machines that one side alone knows.

use std::collections::{HashMap, HashSet};

use msp365_match::devices::{Ours, Sites, Theirs};

use super::words::{COUNTRIES, FIRST};
use crate::chance::Dice;

const DAY: i64 = 24 * 60 * 60;
/// The present day of the generator, 2026-03-01.
const NOW: i64 = 1_772_323_200;

/// Records of both sides, and which machine each of them truly is.
#[derive(Debug, Default)]
pub struct Machines {
    /// The tenants' side.
    pub ours: Vec<Ours>,
    /// The tool's side.
    pub theirs: Vec<Theirs>,
    /// Which site belongs to which tenant.
    pub sites: Sites,
    /// The machine of each record of ours, by its id.
    pub our_machines: HashMap<String, usize>,
    /// The machine of each record of theirs, by its id.
    pub their_machines: HashMap<String, usize>,
    /// Machines that both sides list, and whether the records say which is which.
    pub both: Vec<(usize, bool)>,
    /// Machines whose name says which they are: no other machine of the tenant has or had it, cut or whole, and both
    /// sides call it so.
    named: HashSet<usize>,
}

impl Machines {
    /// What is left without the machines that no name could tell apart: all others are decidable by name.
    #[must_use]
    pub fn named(mut self) -> Self {
        let named = std::mem::take(&mut self.named);
        let is_named = |machine: Option<&usize>| machine.is_some_and(|machine| named.contains(machine));
        let (ours, theirs) = (&self.our_machines, &self.their_machines);
        self.ours.retain(|device| is_named(ours.get(&device.id)));
        self.theirs.retain(|device| is_named(theirs.get(&device.id)));
        self.both.retain(|(machine, _)| is_named(Some(machine)));
        for (_, is_decidable) in &mut self.both {
            *is_decidable = true;
        }
        self
    }
}

/// A machine as it is.
struct Machine {
    number: usize,
    tenant: usize,
    name: String,
    serial: String,
    user: String,
    os: &'static str,
    /// A machine that took over the name of another one, or whose name was taken over.
    shares_name: bool,
    /// It was replaced, and has not been seen since.
    is_retired: bool,
}

/// What a side knows of a machine, as its records were drawn.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Known {
    ours: bool,
    theirs: bool,
    our_serial: bool,
    their_serial: bool,
    our_user: bool,
    their_user: bool,
    renamed: bool,
    days_apart: i64,
}

/// About so many machines, for a seed.
pub fn machines(seed: u64, count: usize) -> Machines {
    let mut dice = Dice::new(seed, "machines");
    let mut made = Machines::default();
    let mut sites = Vec::new();
    let (mut tenant, mut number) = (0, 0);
    let mut known = Vec::new();
    while number < count {
        let size = 5 + dice.below(200);
        sites.push((format!("tenant-{tenant}"), format!("site-{tenant}")));
        if dice.per_mille(100) {
            sites.push((format!("tenant-{tenant}"), format!("site-{tenant}-depot")));
        }
        let machines = of_tenant(&mut dice, tenant, number, size.min(count - number));
        number += machines.len();
        for machine in machines {
            let facts = list(&mut dice, &machine, &mut made);
            known.push((machine, facts));
        }
        tenant += 1;
    }
    made.sites = sites.into_iter().collect();
    label(&known, &mut made);
    shuffle(&mut dice, &mut made.ours);
    shuffle(&mut dice, &mut made.theirs);
    made
}

fn of_tenant(dice: &mut Dice, tenant: usize, first: usize, size: usize) -> Vec<Machine> {
    let country = &COUNTRIES[dice.below(COUNTRIES.len())];
    let company = dice.word(country.families).replace([' ', '\''], "");
    let scheme = dice.below(6);
    let mut machines: Vec<Machine> = Vec::with_capacity(size);
    for place in 0..size {
        let person = dice.word(FIRST);
        let family = dice.word(country.families);
        let user = format!("{person}.{family}{}", dice.below(40))
            .to_lowercase()
            .replace([' ', '\''], "");
        let is_mac = dice.per_mille(80);
        let name = match scheme {
            _ if is_mac => format!("{person}s-MacBook-Pro-{}", dice.below(9)),
            0 | 1 => format!("DESKTOP-{}", dice.code(7)),
            2 => format!(
                "LT-{}-{place:03}",
                company.chars().take(3).collect::<String>().to_uppercase()
            ),
            3 => format!("PC-{place:02}"),
            4 => format!("{company}-NB{place:03}"),
            _ => format!(
                "{company}-Laptop-{}{place:03}",
                person.chars().next().unwrap_or('x')
            ),
        };
        let serial = match dice.below(3) {
            0 => dice.code(7),
            1 => format!("5CG{}", dice.code(7)),
            _ => format!("PF{}", dice.code(6)),
        };
        let mut machine = Machine {
            number: first + place,
            tenant,
            name,
            serial,
            user,
            os: if is_mac { "macOS" } else { "Windows" },
            shares_name: false,
            is_retired: false,
        };
        // A new machine that was given the name of the one it replaces.
        if place > 0 && dice.per_mille(25) {
            let before = &mut machines[place - 1];
            before.shares_name = true;
            before.is_retired = true;
            machine.name.clone_from(&before.name);
            machine.os = before.os;
            machine.shares_name = true;
        }
        machines.push(machine);
    }
    machines
}

/// Draws the records of both sides.
fn list(dice: &mut Dice, machine: &Machine, made: &mut Machines) -> Known {
    let mut known = Known::default();
    let retired = if machine.is_retired {
        45 + dice.below(320)
    } else {
        0
    };
    let seen = NOW - i64::try_from(dice.below(40) + retired).unwrap_or_default() * DAY;
    if !dice.per_mille(120) {
        known.ours = true;
        list_ours(dice, machine, seen, &mut known, made);
    }
    if !dice.per_mille(150) {
        known.theirs = true;
        list_theirs(dice, machine, seen, &mut known, made);
    }
    known
}

fn list_ours(dice: &mut Dice, machine: &Machine, seen: i64, known: &mut Known, made: &mut Machines) {
    let id = format!("d-{:016x}-{}", dice.number(), machine.number);
    let mut device = Ours::new(&id, &machine.name)
        .tenant(format!("tenant-{}", machine.tenant))
        .os(machine.os)
        .last_seen(seen);
    if dice.per_mille(750) {
        known.our_serial = true;
        device = device.serial(&machine.serial);
    } else if dice.per_mille(100) {
        device = device.serial(placeholder(dice));
    }
    if dice.per_mille(850) {
        known.our_user = true;
        device = device.user(format!("{}@tenant-{}.example", machine.user, machine.tenant));
    }
    // The record that an earlier join left behind.
    if dice.per_mille(100) {
        let old = format!("d-{:016x}-{}-old", dice.number(), machine.number);
        let days = i64::try_from(45 + dice.below(400)).unwrap_or_default();
        let mut stale = Ours::new(&old, &machine.name)
            .tenant(format!("tenant-{}", machine.tenant))
            .os(machine.os)
            .last_seen(seen - days * DAY);
        if known.our_serial && dice.per_mille(300) {
            stale = stale.serial(&machine.serial);
        }
        made.our_machines.insert(old, machine.number);
        made.ours.push(stale);
    }
    made.our_machines.insert(id, machine.number);
    made.ours.push(device);
}

fn list_theirs(dice: &mut Dice, machine: &Machine, seen: i64, known: &mut Known, made: &mut Machines) {
    let id = format!("r-{:016x}-{}", dice.number(), machine.number);
    let mut name = match dice.below(12) {
        0 | 1 => machine.name.chars().take(15).collect(),
        2 | 3 => format!("{}.tenant-{}.example", machine.name, machine.tenant),
        4 | 5 => machine.name.to_lowercase(),
        6 => format!(" {}", machine.name.to_uppercase()),
        _ => machine.name.clone(),
    };
    if dice.per_mille(20) {
        known.renamed = true;
        name = format!("RENAMED-{}", dice.code(6));
    }
    known.days_apart = match dice.below(50) {
        0 => i64::try_from(100 + dice.below(200)).unwrap_or_default(),
        _ => i64::try_from(dice.below(12)).unwrap_or_default(),
    };
    let heard = seen - known.days_apart * DAY;
    let site = format!("site-{}", machine.tenant);
    let mut device = Theirs::new(&id, &name)
        .site(&site)
        .os(machine.os)
        .last_seen(heard);
    if dice.per_mille(850) {
        known.their_serial = true;
        device = device.serial(match dice.below(3) {
            0 => machine.serial.to_lowercase(),
            1 => format!(" {} ", machine.serial),
            _ => machine.serial.clone(),
        });
    } else if dice.per_mille(300) {
        device = device.serial(placeholder(dice));
    }
    if dice.per_mille(800) {
        known.their_user = true;
        device = device.user(format!("AzureAD\\{}", machine.user));
    }
    // The record that an earlier agent left behind.
    if dice.per_mille(20) {
        let old = format!("r-{:016x}-{}-old", dice.number(), machine.number);
        let mut stale = Theirs::new(&old, &name).site(&site).last_seen(heard - 60 * DAY);
        stale.serial.clone_from(&device.serial);
        made.their_machines.insert(old, machine.number);
        made.theirs.push(stale);
    }
    made.their_machines.insert(id, machine.number);
    made.theirs.push(device);
}

fn placeholder(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "To be filled by O.E.M.",
        "System Serial Number",
        "0123456789",
        "Default string",
        "0",
        "None",
    ])
}

/// A machine can be told by its serial number where both sides have it; else by its name, where no other machine
/// of its tenant has the same, cut or whole, and nothing casts doubt on it.
fn label(known: &[(Machine, Known)], made: &mut Machines) {
    let mut bearers: HashMap<(usize, String), usize> = HashMap::new();
    let cut = |machine: &Machine| machine.name.to_lowercase().chars().take(15).collect::<String>();
    for (machine, _) in known {
        *bearers.entry((machine.tenant, cut(machine))).or_default() += 1;
    }
    let is_named = |(machine, facts): &&(Machine, Known)| {
        let is_alone = bearers.get(&(machine.tenant, cut(machine))) == Some(&1);
        is_alone && !facts.renamed && !machine.shares_name
    };
    made.named = known
        .iter()
        .filter(is_named)
        .map(|(machine, _)| machine.number)
        .collect();
    for (machine, facts) in known.iter().filter(|(_, facts)| facts.ours && facts.theirs) {
        let by_serial = facts.our_serial && facts.their_serial;
        let is_near = facts.days_apart <= 30 || (facts.our_user && facts.their_user);
        let by_name = made.named.contains(&machine.number) && is_near;
        made.both.push((machine.number, by_serial || by_name));
    }
}

fn shuffle<T>(dice: &mut Dice, rows: &mut [T]) {
    for place in (1..rows.len()).rev() {
        rows.swap(place, dice.below(place + 1));
    }
}
