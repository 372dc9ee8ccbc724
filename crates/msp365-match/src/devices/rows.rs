//! The answer in words.

use super::answer::{Answer, Basis, Doubt, Found, Guess};
use super::rules::Table;
use super::{Using, twins};
use crate::pair::{Evidence, Pair, Verdict, by_score, shared};
use crate::text::NETBIOS_LENGTH;

/// The rows of one device of ours, best first.
pub(super) fn push(table: &Table<'_>, answer: &Answer, ours: usize, pairs: &mut Vec<Pair>) {
    let start = pairs.len();
    match answer.found(ours) {
        Found::Nothing => pairs.push(alone(table, ours)),
        Found::Stale { newest } => pairs.push(stale(table, ours, *newest)),
        Found::Taken { theirs } => pairs.push(alone_beside(table, ours, *theirs)),
        Found::One { theirs, basis, doubt } => {
            let verdict = if doubt.is_some() {
                Verdict::Suggested
            } else {
                Verdict::Certain
            };
            let score = basis.score() * doubt.map_or(1.0, Doubt::share);
            let mut pair = row(table, (ours, *theirs), (verdict, score), *basis);
            if let Some(doubt) = doubt {
                pair.evidence.push(doubted(table, (ours, *theirs), *doubt));
            }
            pairs.push(pair);
        }
        Found::Several(candidates) => pairs.extend(candidates.guesses.iter().map(|guess| {
            let pair = guessed(table, ours, *guess, candidates.basis);
            if candidates.is_generic {
                pair.because("generic_name", generic(table, ours))
            } else {
                pair
            }
        })),
        Found::Crowd => {
            pairs.push(Pair::alone(table.ours.id(ours)).because("generic_name", generic(table, ours)));
        }
    }
    let Some(rows) = pairs.get_mut(start..) else {
        return;
    };
    let older = answer.twins(ours, usize::MAX).0;
    if older > 0 {
        for pair in rows.iter_mut() {
            pair.evidence.push(Evidence::new(
                "newest_twin",
                format!("older ones of that name set aside: {older}"),
            ));
        }
    }
    if let (Found::One { theirs, .. }, [pair]) = (answer.found(ours), &mut *rows) {
        let older = answer.twins(usize::MAX, *theirs).1;
        if older > 0 {
            pair.evidence.push(Evidence::new(
                "newest_twin",
                format!("older ones of theirs with that name set aside: {older}"),
            ));
        }
    }
    rows.sort_by(by_score);
}

fn row(
    table: &Table<'_>,
    (ours, theirs): (usize, usize),
    (verdict, score): (Verdict, f64),
    basis: Basis,
) -> Pair {
    let mut pair = Pair::new(table.ours.id(ours), table.theirs.id(theirs), verdict, score);
    if table.using == Using::AllEvidence {
        // Most of a million pairs have three reasons each: room is made once.
        pair.evidence.reserve_exact(3);
    }
    let names = || (table.ours.host(ours), table.theirs.host(theirs));
    let pair = match basis {
        Basis::Whole => pair.because(
            "host_name",
            ["both are called `", &table.ours.host(ours), "`"].concat(),
        ),
        Basis::Cut => {
            let (our_name, their_name) = names();
            let is_ours_whole = our_name.len() > their_name.len();
            let (whole, kept) = if is_ours_whole {
                (our_name, their_name)
            } else {
                (their_name, our_name)
            };
            pair.because(
                "host_name_cut",
                format!("`{whole}` cut to {NETBIOS_LENGTH} characters is `{kept}`"),
            )
        }
        Basis::LookAlike => {
            let (our_name, their_name) = names();
            pair.because(
                "look_alike",
                format!("`{our_name}` looks like `{their_name}` in other letters"),
            )
        }
        Basis::DeviceId => pair.because("device_id", "both have the same device id in the directory"),
        Basis::Serial => pair,
    };
    if table.using == Using::AllEvidence {
        supported(table, (ours, theirs), basis, pair)
    } else {
        pair
    }
}

/// Adds what else the two have in common.
fn supported(table: &Table<'_>, (ours, theirs): (usize, usize), basis: Basis, mut pair: Pair) -> Pair {
    if basis == Basis::Serial || table.has_same_serial(ours, theirs) {
        let serial = table.ours.serial(ours);
        pair = pair.because("serial", ["both have the serial number `", &serial, "`"].concat());
    }
    if matches!(basis, Basis::Serial | Basis::DeviceId) {
        let (one, other) = (table.ours.host(ours), table.theirs.host(theirs));
        pair = if one == other && !one.is_empty() {
            pair.because("host_name", ["both are called `", &one, "`"].concat())
        } else if table.has_same_name(ours, theirs) {
            pair.because(
                "host_name_cut",
                format!("`{one}` and `{other}` begin with the same {NETBIOS_LENGTH} characters"),
            )
        } else {
            pair.because("other_name", format!("ours is called `{one}`, theirs `{other}`"))
        };
    }
    if table.has_same_user(ours, theirs) {
        let user = table.ours.user(ours);
        pair = pair.because("user", ["`", &user, "` is the last user of both"].concat());
    }
    pair
}

fn doubted(table: &Table<'_>, (ours, theirs): (usize, usize), doubt: Doubt) -> Evidence {
    let (our, their) = (table.ours, table.theirs);
    let differ = |one: String, other: String| format!("ours is `{one}`, theirs `{other}`");
    match doubt {
        Doubt::OtherDeviceId => Evidence::new("other_device_id", "their device ids in the directory differ"),
        Doubt::OtherSerial => Evidence::new(
            "other_serial",
            format!(
                "serial numbers differ: {}",
                differ(our.serial(ours), their.serial(theirs))
            ),
        ),
        Doubt::OtherSystem => Evidence::new(
            "other_system",
            format!(
                "ours runs {}, theirs {}",
                our.system(ours).as_str(),
                their.system(theirs).as_str()
            ),
        ),
        Doubt::OtherUser => Evidence::new(
            "other_user",
            format!(
                "last users differ: {}",
                differ(our.user(ours), their.user(theirs))
            ),
        ),
        Doubt::TimesApart => {
            let seconds = match (our.seen(ours), their.seen(theirs)) {
                (Some(one), Some(other)) => one.abs_diff(other),
                _ => 0,
            };
            let days = seconds / twins::DAY.unsigned_abs();
            Evidence::new("times_apart", format!("last seen {days} days apart"))
        }
        Doubt::Deceptive => Evidence::new(
            "deceptive_name",
            "a name mixes scripts or turns the direction of reading",
        ),
        Doubt::Generic => Evidence::new("generic_name", generic(table, ours)),
        Doubt::Rest => Evidence::new(
            "remaining",
            "the others of that name are excluded by their numbers or systems",
        ),
        Doubt::SameUser => Evidence::new(
            "same_name_elsewhere",
            "others have that name too; only these two share a user",
        ),
    }
}

fn guessed(table: &Table<'_>, ours: usize, guess: Guess, basis: Basis) -> Pair {
    let judged = (Verdict::Ambiguous, shared(basis.score(), guess.rivals()));
    let Guess {
        our_count,
        their_count,
        ..
    } = guess;
    let words = match basis {
        Basis::Cut => format!("{our_count} of ours and {their_count} of theirs cut to that name"),
        _ => format!("{our_count} of ours and {their_count} of theirs have that name"),
    };
    row(table, (ours, guess.theirs), judged, basis).because("same_name_elsewhere", words)
}

fn generic(table: &Table<'_>, ours: usize) -> String {
    format!("`{}` is no name of one device", table.ours.host(ours))
}

fn stale(table: &Table<'_>, ours: usize, newest: usize) -> Pair {
    let days = match (table.ours.seen(newest), table.ours.seen(ours)) {
        (Some(new), Some(old)) => new.saturating_sub(old) / twins::DAY,
        _ => super::STALE_AFTER_DAYS,
    };
    Pair::alone(table.ours.id(ours)).because(
        "stale_twin",
        format!(
            "`{}` has the same name and was seen {days} days later",
            table.ours.id(newest)
        ),
    )
}

fn alone_beside(table: &Table<'_>, ours: usize, theirs: usize) -> Pair {
    Pair::alone(table.ours.id(ours)).because(
        "taken",
        format!(
            "`{}`, which is called so, belongs to another of ours, or is an old record",
            table.theirs.id(theirs)
        ),
    )
}

fn alone(table: &Table<'_>, ours: usize) -> Pair {
    let pair = Pair::alone(table.ours.id(ours));
    let name = table.ours.host(ours);
    if name.is_empty() {
        return pair.because("no_name", "the device has no name to go by");
    }
    let has_site = table.reach.is_everywhere() || !table.reach.sites_of(table.ours.home(ours)).is_empty();
    if !has_site {
        return pair.because("no_site", "no site is permitted for its tenant");
    }
    pair.because(
        "no_candidate",
        ["no device within reach is called `", &name, "`"].concat(),
    )
}
