//! What was found for each device of ours, and how it is said.

use rustc_hash::FxHashMap;

use super::join::Sides;
use crate::pair::{Evidence, MOST_CANDIDATES, Pair, Verdict, by_score, shared};
use crate::text::NETBIOS_LENGTH;

/// Which spelling two names share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    Whole,
    Cut,
}

impl Basis {
    /// The score of a pair that has no rival.
    fn score(self) -> f64 {
        match self {
            Self::Whole => 1.0,
            Self::Cut => 0.9,
        }
    }
}

/// A device of theirs that may be the one, and how many bear the name within reach.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guess {
    pub(super) theirs: usize,
    /// Of ours within reach of this device of theirs.
    pub(super) our_count: usize,
    /// Of theirs within reach of the device of ours.
    pub(super) their_count: usize,
}

impl Guess {
    pub(super) fn rivals(self) -> usize {
        self.our_count.max(self.their_count)
    }
}

/// What is known of one device of ours.
#[derive(Debug, Default)]
pub(super) enum Found {
    #[default]
    Nothing,
    /// A newer object of the same machine exists.
    Stale {
        newest: usize,
    },
    Sure {
        theirs: usize,
        basis: Basis,
    },
    /// Candidates, never empty.
    Guesses {
        basis: Basis,
        guesses: Vec<Guess>,
    },
    /// A generic name; one candidate is worth showing, a crowd is not.
    Generic {
        basis: Basis,
        guesses: Vec<Guess>,
    },
}

/// What was found so far, for all.
#[derive(Debug)]
pub(super) struct Answer {
    found: Vec<Found>,
    /// How many stale twins a device has.
    twins: FxHashMap<usize, usize>,
    /// Which of theirs are somebody's partner or candidate.
    taken: Vec<bool>,
}

impl Answer {
    pub(super) fn nothing_yet(sides: &Sides<'_>) -> Self {
        let found = std::iter::repeat_with(Found::default)
            .take(sides.ours.len())
            .collect();
        Self {
            found,
            twins: FxHashMap::default(),
            taken: vec![false; sides.theirs.len()],
        }
    }

    pub(super) fn found(&self, ours: usize) -> &Found {
        &self.found[ours]
    }

    /// Whether a partner is still looked for.
    pub(super) fn is_open(&self, ours: usize) -> bool {
        matches!(self.found[ours], Found::Nothing)
    }

    /// Whether it has a partner or candidates; not so if it is set aside as stale.
    pub(super) fn is_settled(&self, ours: usize) -> bool {
        !matches!(self.found[ours], Found::Nothing | Found::Stale { .. })
    }

    pub(super) fn is_taken(&self, theirs: usize) -> bool {
        self.taken[theirs]
    }

    /// Records the one device of theirs that has the whole name of this one, which nobody else has.
    pub(super) fn settle_only(&mut self, ours: usize, theirs: usize, is_generic: bool) {
        if is_generic {
            let only = Guess {
                theirs,
                our_count: 1,
                their_count: 1,
            };
            return self.settle(ours, Basis::Whole, is_generic, vec![only]);
        }
        self.taken[theirs] = true;
        self.found[ours] = Found::Sure {
            theirs,
            basis: Basis::Whole,
        };
    }

    /// Records the candidates of a device; a single one without rivals is its partner.
    pub(super) fn settle(&mut self, ours: usize, basis: Basis, is_generic: bool, guesses: Vec<Guess>) {
        for guess in &guesses {
            self.taken[guess.theirs] = true;
        }
        self.found[ours] = match guesses.as_slice() {
            [] => return,
            _ if is_generic => Found::Generic { basis, guesses },
            [only] if only.rivals() == 1 => Found::Sure {
                theirs: only.theirs,
                basis,
            },
            _ => Found::Guesses { basis, guesses },
        };
    }

    /// Leaves the newest of these twins in the game.
    pub(super) fn set_aside(&mut self, twins: &[usize], newest: usize) {
        for place in twins.iter().filter(|place| **place != newest) {
            self.found[*place] = Found::Stale { newest };
        }
        self.twins.insert(newest, twins.len().saturating_sub(1));
    }

    /// The rows, in order.
    pub(super) fn into_pairs(self, sides: &Sides<'_>) -> Vec<Pair> {
        let mut pairs = Vec::with_capacity(self.found.len());
        for (place, found) in self.found.iter().enumerate() {
            let start = pairs.len();
            match found {
                Found::Nothing => pairs.push(alone(place, sides)),
                Found::Stale { newest } => pairs.push(stale(place, *newest, sides)),
                Found::Sure { theirs, basis } => {
                    pairs.push(row(
                        place,
                        *theirs,
                        (Verdict::Certain, basis.score()),
                        *basis,
                        sides,
                    ));
                }
                Found::Guesses { basis, guesses } => {
                    pairs.extend(guesses.iter().map(|guess| guessed(place, *guess, *basis, sides)));
                }
                Found::Generic { basis, guesses } => generic(place, guesses, *basis, sides, &mut pairs),
            }
            let Some(rows) = pairs.get_mut(start..) else {
                continue;
            };
            if let Some(count) = self.twins.get(&place) {
                let words = format!("older ones of that name set aside: {count}");
                for pair in rows.iter_mut() {
                    pair.evidence.push(Evidence::new("newest_twin", words.as_str()));
                }
            }
            rows.sort_by(by_score);
        }
        pairs
    }
}

fn row(
    ours: usize,
    theirs: usize,
    (verdict, score): (Verdict, f64),
    basis: Basis,
    sides: &Sides<'_>,
) -> Pair {
    let pair = Pair::new(&sides.ours[ours].id, &sides.theirs[theirs].id, verdict, score);
    let (our_name, their_name) = (sides.our_names.get(ours), sides.their_names.get(theirs));
    match basis {
        Basis::Whole => pair.because("host_name", ["both are called `", our_name, "`"].concat()),
        Basis::Cut => {
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
    }
}

fn guessed(ours: usize, guess: Guess, basis: Basis, sides: &Sides<'_>) -> Pair {
    let judged = (Verdict::Ambiguous, shared(basis.score(), guess.rivals()));
    let Guess {
        our_count,
        their_count,
        ..
    } = guess;
    let words = match basis {
        Basis::Whole => format!("{our_count} of ours and {their_count} of theirs have that name"),
        Basis::Cut => format!("{our_count} of ours and {their_count} of theirs cut to that name"),
    };
    row(ours, guess.theirs, judged, basis, sides).because("same_name_elsewhere", words)
}

fn generic(ours: usize, guesses: &[Guess], basis: Basis, sides: &Sides<'_>, pairs: &mut Vec<Pair>) {
    let words = format!("`{}` is no name of one device", sides.our_names.get(ours));
    if guesses.iter().any(|guess| guess.rivals() > MOST_CANDIDATES) {
        pairs.push(Pair::alone(&sides.ours[ours].id).because("generic_name", words));
        return;
    }
    pairs.extend(guesses.iter().map(|guess| {
        let pair = match guess.rivals() {
            1 => row(
                ours,
                guess.theirs,
                (Verdict::Suggested, basis.score() / 2.0),
                basis,
                sides,
            ),
            _ => guessed(ours, *guess, basis, sides),
        };
        pair.because("generic_name", words.clone())
    }));
}

fn stale(ours: usize, newest: usize, sides: &Sides<'_>) -> Pair {
    let (ours, newest) = (sides.ours[ours], sides.ours[newest]);
    let pair = Pair::alone(&ours.id);
    let days = match (newest.last_seen, ours.last_seen) {
        (Some(new), Some(old)) => new.saturating_sub(old) / super::twins::DAY,
        _ => super::STALE_AFTER_DAYS,
    };
    pair.because(
        "stale_twin",
        format!("`{}` has the same name and was seen {days} days later", newest.id),
    )
}

fn alone(ours: usize, sides: &Sides<'_>) -> Pair {
    let pair = Pair::alone(&sides.ours[ours].id);
    let name = sides.our_names.get(ours);
    if name.is_empty() {
        return pair.because("no_name", "the device has no name to go by");
    }
    if sides.reach(ours).next().is_none() {
        return pair.because("no_site", "no site is permitted for its tenant");
    }
    pair.because(
        "no_candidate",
        ["no device within reach is called `", name, "`"].concat(),
    )
}
