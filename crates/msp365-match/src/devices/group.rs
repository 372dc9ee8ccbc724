//! Decides between the devices that have one name.

use rustc_hash::FxHashMap;

use super::Using;
use super::answer::{Answer, Basis, Candidates, Doubt, Found, Guess, Ruling};
use super::rules::Table;
use crate::pair::MOST_CANDIDATES;
use crate::text::Length;

/// If a name has more possible pairs than this, users are not used to tell its devices apart.
const MOST_COMPARED: usize = 400;

/// The records that have one name, by place.
type Bearers<'a> = (&'a [usize], &'a [usize]);

/// The devices of a group in one site; or in all sites, if every site is in reach.
#[derive(Debug, Default)]
struct Site {
    /// Devices of theirs in this site.
    theirs: usize,
    /// Devices of ours that may be found here.
    ours: usize,
    /// Devices of theirs that nobody claims: first those with a name of the length looked up, then those with a longer
    /// name.
    free: [Vec<usize>; 2],
    /// A device that is already claimed.
    taken: Option<usize>,
}

/// The number that stands for all sites together.
const ALL: u32 = 0;

/// Decides for the open ones of ours, among all that have their whole name.
pub(super) fn by_whole_name(
    table: &Table<'_>,
    answer: &Answer,
    bearers: Bearers<'_>,
    found: &mut Vec<Ruling>,
) {
    if bearers.0.iter().all(|place| !answer.is_open(*place)) {
        return;
    }
    if let ([ours], [theirs]) = bearers
        && answer.is_free(*theirs)
    {
        if table.permits(*ours, *theirs) {
            found.push(one(table, answer, (*ours, *theirs), Basis::Whole));
        }
        return;
    }
    decide(table, answer, bearers, Basis::Whole, found);
}

/// Decides for the open ones of ours, among all whose names truncate to the same.
pub(super) fn by_cut_name(table: &Table<'_>, answer: &Answer, bearers: Bearers<'_>, found: &mut Vec<Ruling>) {
    decide(table, answer, bearers, Basis::Cut, found);
}

fn one(table: &Table<'_>, answer: &Answer, (ours, theirs): (usize, usize), basis: Basis) -> Ruling {
    let doubt = table.doubt(answer, ours, theirs);
    (ours, Found::One { theirs, basis, doubt })
}

fn decide(
    table: &Table<'_>,
    answer: &Answer,
    (ours, theirs): Bearers<'_>,
    basis: Basis,
    found: &mut Vec<Ruling>,
) {
    if ours.is_empty() || theirs.is_empty() {
        return;
    }
    let mut ours: Vec<usize> = ours
        .iter()
        .copied()
        .filter(|place| !answer.is_stale(*place) && table.ours.is_in_reach(*place))
        .collect();
    ours.sort_unstable_by(|one, other| table.ours.compare(*one, *other));
    let in_sites = by_site(table, answer, (&ours, theirs), basis);
    let their_count: usize = in_sites.values().map(|site| site.theirs).sum();
    let is_small = table.using == Using::AllEvidence && ours.len() * their_count <= MOST_COMPARED;
    let mut open: Vec<(usize, Vec<Guess>)> = Vec::new();
    for place in ours.into_iter().filter(|place| answer.is_open(*place)) {
        let guesses = guesses(table, place, basis, &in_sites);
        match guesses.as_slice() {
            [] => found.extend(taken(table, place, basis, &in_sites)),
            [only] if only.rivals() == 1 => found.push(one(table, answer, (place, only.theirs), basis)),
            _ if is_small => open.push((place, guesses)),
            _ => found.push((place, several(table, place, basis, guesses))),
        }
    }
    tell_apart(table, open, basis, found);
}

fn by_site(
    table: &Table<'_>,
    answer: &Answer,
    (ours, theirs): Bearers<'_>,
    basis: Basis,
) -> FxHashMap<u32, Site> {
    let scope = ours.first().map_or(0, |place| table.ours.scope(*place));
    let is_complete = table.reach.is_complete(scope);
    let mut in_sites: FxHashMap<u32, Site> = FxHashMap::default();
    for place in theirs
        .iter()
        .copied()
        .filter(|place| !answer.is_stale_theirs(*place))
    {
        let site = if is_complete {
            ALL
        } else {
            table.theirs.home(place)
        };
        let site = in_sites.entry(site).or_default();
        site.theirs += 1;
        if answer.is_free(place) {
            let is_longer = basis == Basis::Cut && table.theirs.cut_length(place) == Some(Length::Longer);
            site.free[usize::from(is_longer)].push(place);
        } else if site
            .taken
            .is_none_or(|known| table.theirs.compare(place, known).is_lt())
        {
            site.taken = Some(place);
        }
    }
    for place in ours {
        for site in sites(table, *place) {
            if let Some(site) = in_sites.get_mut(site) {
                site.ours += 1;
            }
        }
    }
    for free in in_sites.values_mut().flat_map(|site| &mut site.free) {
        free.sort_unstable_by(|one, other| table.theirs.compare(*one, *other));
    }
    in_sites
}

/// The sites in which a device of ours may be found.
fn sites<'a>(table: &Table<'a>, ours: usize) -> &'a [u32] {
    if table.reach.is_complete(table.ours.scope(ours)) {
        &[ALL]
    } else {
        table.reach.sites_of(table.ours.home(ours))
    }
}

/// The devices of theirs that one of ours may be, those with the fewest rivals first.
fn guesses(table: &Table<'_>, place: usize, basis: Basis, in_sites: &FxHashMap<u32, Site>) -> Vec<Guess> {
    // A truncated name counts only between a name of exactly that length and a longer one.
    let is_longer = table.ours.cut_length(place) == Some(Length::Longer);
    let wanted = usize::from(basis == Basis::Cut && !is_longer);
    let within = || sites(table, place).iter().filter_map(|site| in_sites.get(site));
    let their_count = within().map(|site| site.theirs).sum();
    let mut guesses: Vec<Guess> = within()
        .flat_map(|site| {
            let free = site.free[wanted].iter().take(MOST_CANDIDATES);
            free.map(|theirs| Guess {
                theirs: *theirs,
                our_count: site.ours,
                their_count,
            })
        })
        .collect();
    guesses.sort_unstable_by(|one, other| {
        let by_id = || table.theirs.compare(one.theirs, other.theirs);
        one.rivals().cmp(&other.rivals()).then_with(by_id)
    });
    guesses.truncate(MOST_CANDIDATES);
    guesses
}

/// Says whose partner the device with this name is.
fn taken(table: &Table<'_>, place: usize, basis: Basis, in_sites: &FxHashMap<u32, Site>) -> Option<Ruling> {
    if basis != Basis::Whole {
        return None;
    }
    let theirs = sites(table, place)
        .iter()
        .filter_map(|site| in_sites.get(site)?.taken)
        .min_by(|one, other| table.theirs.compare(*one, *other))?;
    Some((place, Found::Taken { theirs }))
}

fn several(table: &Table<'_>, ours: usize, basis: Basis, guesses: Vec<Guess>) -> Found {
    let is_generic = table.ours.is_generic(ours);
    if is_generic && guesses.iter().any(|guess| guess.rivals() > MOST_CANDIDATES) {
        return Found::Crowd;
    }
    Found::Several(Box::new(Candidates {
        basis,
        guesses,
        is_generic,
    }))
}

/// Looks closer at a few devices with one name. What other evidence excludes is no candidate; the only pair with the
/// same user, or the only one that remains, is suggested.
fn tell_apart(table: &Table<'_>, open: Vec<(usize, Vec<Guess>)>, basis: Basis, found: &mut Vec<Ruling>) {
    let fits = |ours: usize, theirs: usize| {
        !table.has_other_serial(ours, theirs) && !table.has_other_system(ours, theirs)
    };
    let only = |ours: usize, guesses: &[Guess], test: &dyn Fn(usize, usize) -> bool| -> Option<usize> {
        let mut passing = guesses
            .iter()
            .map(|guess| guess.theirs)
            .filter(|theirs| test(ours, *theirs));
        let (first, second) = (passing.next()?, passing.next());
        let is_mutual = open
            .iter()
            .filter(|(_, guesses)| guesses.iter().any(|guess| guess.theirs == first))
            .all(|(other, _)| *other == ours || !test(*other, first));
        (second.is_none() && is_mutual).then_some(first)
    };
    let same_user = |ours: usize, theirs: usize| fits(ours, theirs) && table.has_same_user(ours, theirs);
    let mut rulings = Vec::with_capacity(open.len());
    for (ours, guesses) in &open {
        let by_user = only(*ours, guesses, &same_user).map(|theirs| (theirs, Doubt::SameUser));
        let rest = || only(*ours, guesses, &fits).map(|theirs| (theirs, Doubt::Rest));
        rulings.push(by_user.or_else(rest));
    }
    let chosen: Vec<usize> = rulings.iter().flatten().map(|(theirs, _)| *theirs).collect();
    for ((ours, guesses), ruling) in open.into_iter().zip(rulings) {
        if let Some((theirs, doubt)) = ruling {
            let doubt = Some(doubt);
            found.push((ours, Found::One { theirs, basis, doubt }));
            continue;
        }
        // Each is only one machine: a device that was singled out is no candidate for the others.
        let rest: Vec<Guess> = guesses
            .into_iter()
            .filter(|guess| fits(ours, guess.theirs) && !chosen.contains(&guess.theirs))
            .collect();
        if !rest.is_empty() {
            found.push((ours, several(table, ours, basis, rest)));
        }
    }
}
