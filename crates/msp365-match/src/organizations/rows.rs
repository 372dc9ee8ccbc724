//! The rows of each tenant.

use std::ops::Range;

use super::Thresholds;
use super::book::{Book, By};
use super::index::Scratch;
use super::verdict::Doubt;
use crate::pair::{Evidence, MOST_CANDIDATES, Pair, Verdict, by_score};
use crate::parallel::{in_threads, threads};
use crate::score;

/// With fewer tenants than this, the work takes less time than starting a thread.
const WORTH_A_THREAD: usize = 64;

/// The rows of the tenants in these places, computed on all cores.
pub(super) fn chunk(book: &Book, thresholds: &Thresholds, places: Range<usize>) -> Vec<Pair> {
    let threads = threads(places.len(), WORTH_A_THREAD);
    let share = places.len().div_ceil(threads.max(1));
    let parts = in_threads(threads, |number| {
        let mut scratch = book.index.scratch();
        let mut pairs = Vec::with_capacity(share);
        let start = places.start + number * share;
        for place in start..(start + share).min(places.end) {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            pairs.append(&mut of(book, place, thresholds, &mut scratch));
        }
        pairs
    });
    parts.into_iter().flatten().collect()
}

/// The rows of one tenant, best first.
pub(super) fn of(book: &Book, ours: u32, thresholds: &Thresholds, scratch: &mut Scratch) -> Vec<Pair> {
    if let Some(theirs) = book.certain(ours) {
        return vec![linked(book, ours, theirs)];
    }
    let mut rows = rivals(book, ours);
    if rows.len() < thresholds.most {
        let is_new = |pair: &Pair| rows.iter().all(|known| known.theirs != pair.theirs);
        let mut more = suggestions(book, ours, thresholds, scratch);
        more.retain(is_new);
        more.truncate(thresholds.most - rows.len());
        rows.append(&mut more);
    }
    if rows.is_empty() {
        rows.push(unmatched(book, ours));
    }
    rows.sort_unstable_by(by_score);
    rows
}

fn linked(book: &Book, ours: u32, theirs: u32) -> Pair {
    evidence(book, ours, theirs, scored(book, ours, theirs, Verdict::Certain))
}

fn scored(book: &Book, ours: u32, theirs: u32, verdict: Verdict) -> Pair {
    let ids = (&*book.our(ours).id, &*book.their(theirs).id);
    Pair::new(ids.0, ids.1, verdict, book.score(ours, theirs))
}

/// What speaks for a pair, the strongest reason first.
fn evidence(book: &Book, ours: u32, theirs: u32, mut pair: Pair) -> Pair {
    let support = book.support(ours, theirs);
    let (one, other) = (book.our(ours), book.their(theirs));
    if support.by_tenant {
        pair = pair.because("tenant_id", "the tool has this tenant on record for it");
    }
    let shared = one
        .domains
        .iter()
        .filter(|domain| other.domains.binary_search(domain).is_ok());
    if let Some(first) = shared.clone().next() {
        let more = match shared.count() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        pair = pair.because("domain", format!("both have the domain `{first}`{more}"));
    }
    if support.same_name {
        pair = pair.because("name", format!("both are called `{}`", one.name));
    }
    let votes = book.overlaps.votes(&one.id, &other.id);
    if votes > 0 {
        pair = pair.because("overlap", format!("devices or people in common: {votes}"));
    }
    pair
}

/// Rows from which a person must choose: more than one might be linked, or several have the name.
fn rivals(book: &Book, ours: u32) -> Vec<Pair> {
    let sound = book.sound(ours);
    if !sound.is_empty() {
        let row = |theirs: &u32| {
            let pair = scored(book, ours, *theirs, Verdict::Ambiguous);
            let words = "more than one tenant or organization has as good a claim";
            evidence(book, ours, *theirs, pair).because("rival", words)
        };
        return sound
            .iter()
            .filter(|theirs| !book.is_taken(ours, **theirs))
            .take(MOST_CANDIDATES)
            .map(row)
            .collect();
    }
    let name = &book.our(ours).name;
    let Some(bearers) = book
        .bearers(By::Name, name)
        .filter(|bearers| bearers.pair().is_none())
    else {
        return Vec::new();
    };
    let (ours_count, theirs_count) = (bearers.ours.as_slice().len(), bearers.theirs.as_slice().len());
    let row = |theirs: &u32| {
        let pair = scored(book, ours, *theirs, Verdict::Ambiguous);
        evidence(book, ours, *theirs, pair).because(
            "same_name_elsewhere",
            format!("{ours_count} of ours and {theirs_count} of theirs have that name"),
        )
    };
    let free = bearers
        .theirs
        .as_slice()
        .iter()
        .filter(|theirs| !book.is_taken(ours, **theirs));
    free.take(MOST_CANDIDATES).map(row).collect()
}

/// Rows for the organizations that it may be, by weaker evidence.
fn suggestions(book: &Book, ours: u32, thresholds: &Thresholds, scratch: &mut Scratch) -> Vec<Pair> {
    let one = book.our(ours);
    let mut found: Vec<u32> = Vec::new();
    let domains = one.domains.iter();
    for bearers in domains.filter_map(|domain| book.bearers(By::Domain, domain)) {
        found.extend(bearers.theirs.as_slice().iter().take(MOST_CANDIDATES));
    }
    for id in book.overlaps.of(&one.id) {
        let has_majority = book.overlaps.majority(&one.id, id).is_some();
        found.extend(book.their_place(id).filter(|_| has_majority));
    }
    let strong = found.len();
    if !one.name.is_empty() {
        found.append(&mut book.index.likely(one.look(), scratch));
    }
    let mut ranked: Vec<(u32, f64)> = (0..)
        .zip(found)
        .map(|(at, theirs)| (at < strong, theirs, book.likeness(ours, theirs)))
        .filter(|(is_strong, _, score)| *is_strong || *score >= thresholds.suggest)
        .map(|(_, theirs, score)| (theirs, score))
        .collect();
    ranked.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    ranked.dedup_by_key(|(theirs, _)| *theirs);
    let free = ranked
        .into_iter()
        .filter(|(theirs, _)| !book.is_taken(ours, *theirs));
    free.take(thresholds.most)
        .map(|(theirs, _)| suggested(book, ours, theirs))
        .collect()
}

fn suggested(book: &Book, ours: u32, theirs: u32) -> Pair {
    let (one, other) = (book.our(ours), book.their(theirs));
    let mut pair = evidence(book, ours, theirs, scored(book, ours, theirs, Verdict::Suggested));
    let doubt = book.doubt(ours, theirs);
    if one.name != other.name {
        let likeness = score::names(one.look(), other.look()) * 100.0;
        let (kind, word) = match doubt {
            Some(Doubt::Deceptive) => ("look_alike", "looks like"),
            _ => ("similar_name", "is like"),
        };
        let words = format!("`{}` {word} `{}`: {likeness:.0} of 100", one.name, other.name);
        pair = pair.because(kind, words);
    }
    let against = match doubt {
        Some(Doubt::Deceptive) => Evidence::new(
            "deceptive_name",
            "a name mixes scripts or turns the direction of reading",
        ),
        Some(Doubt::OtherDomains) => Evidence::new("other_domains", "they have no domain in common"),
        Some(Doubt::OtherForm) => Evidence::new(
            "other_legal_form",
            format!(
                "legal forms differ: ours is `{}`, theirs `{}`",
                one.form, other.form
            ),
        ),
        None => return pair,
    };
    pair.evidence.push(against);
    pair
}

fn unmatched(book: &Book, ours: u32) -> Pair {
    let one = book.our(ours);
    let alone = Pair::alone(&*one.id);
    if one.name.is_empty() && one.domains.is_empty() {
        return alone.because("no_name", "the tenant has no name to go by");
    }
    alone.because(
        "no_candidate",
        format!("no free organization is called `{}`, or much like it", one.name),
    )
}
