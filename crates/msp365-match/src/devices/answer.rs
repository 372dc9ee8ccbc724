//! What was found for each device of ours.

use rustc_hash::FxHashMap;

use super::bits::Bits;

/// What two records have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    /// The id that the device has in the directory.
    DeviceId,
    Serial,
    /// The whole host name.
    Whole,
    /// One host name is the other one truncated.
    Cut,
    /// The host names look the same, but are not.
    LookAlike,
}

impl Basis {
    /// The score of a pair without rivals and doubts.
    pub(super) fn score(self) -> f64 {
        match self {
            Self::DeviceId | Self::Whole => 1.0,
            Self::Serial => 0.97,
            Self::Cut => 0.9,
            Self::LookAlike => 0.5,
        }
    }
}

/// Why the only remaining pair still needs a person to confirm it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    OtherDeviceId,
    OtherSerial,
    OtherSystem,
    OtherUser,
    TimesApart,
    Deceptive,
    Generic,
    /// It is what remains of several.
    Rest,
    /// Of several it is the only one with the same user.
    SameUser,
}

impl Doubt {
    /// The factor by which the score is reduced.
    pub(super) fn share(self) -> f64 {
        match self {
            Self::OtherDeviceId | Self::OtherSerial | Self::OtherSystem => 0.4,
            Self::Deceptive | Self::Generic => 0.5,
            Self::OtherUser | Self::TimesApart => 0.7,
            Self::Rest => 0.8,
            Self::SameUser => 0.85,
        }
    }
}

/// A device of theirs that may be the one, and how many compete for it within reach.
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
    /// A newer record of the same machine exists.
    Stale { newest: usize },
    /// The device with its name is the partner of another one.
    Taken { theirs: usize },
    One {
        theirs: usize,
        basis: Basis,
        doubt: Option<Doubt>,
    },
    /// Boxed, so that the many with one partner take little room.
    Several(Box<Candidates>),
    /// This generic name is so common that candidates are not worth showing.
    Crowd,
}

/// The devices that one of ours may be; never empty.
#[derive(Debug)]
pub(super) struct Candidates {
    pub(super) basis: Basis,
    pub(super) guesses: Vec<Guess>,
    pub(super) is_generic: bool,
}

/// What a rule found for a device of ours.
pub(super) type Ruling = (usize, Found);

/// Records of one machine on one side.
#[derive(Debug)]
pub(super) enum Twins {
    Ours { newest: usize, stale: Vec<usize> },
    Theirs { newest: usize, stale: Vec<usize> },
}

/// What has been found so far, for all.
#[derive(Debug)]
pub(super) struct Answer {
    found: Vec<Found>,
    /// Which of ours have an answer. Almost all are asked for, and looking through the answers would take long.
    closed: Bits,
    /// Which of theirs are a partner or candidate, or were set aside.
    taken: Bits,
    stale_theirs: FxHashMap<usize, usize>,
    /// How many stale twins a device has, ours and theirs.
    twins: FxHashMap<usize, usize>,
    their_twins: FxHashMap<usize, usize>,
}

impl Answer {
    pub(super) fn nothing_yet(ours: usize, theirs: usize) -> Self {
        Self {
            found: std::iter::repeat_with(Found::default).take(ours).collect(),
            closed: Bits::none(ours),
            taken: Bits::none(theirs),
            stale_theirs: FxHashMap::default(),
            twins: FxHashMap::default(),
            their_twins: FxHashMap::default(),
        }
    }

    pub(super) fn found(&self, ours: usize) -> &Found {
        &self.found[ours]
    }

    /// The device of theirs that it certainly is.
    pub(super) fn linked(&self, ours: usize) -> Option<usize> {
        match &self.found[ours] {
            Found::One {
                theirs, doubt: None, ..
            } => Some(*theirs),
            _ => None,
        }
    }

    /// Whether it still needs a partner.
    pub(super) fn is_open(&self, ours: usize) -> bool {
        !self.closed.has(ours)
    }

    pub(super) fn is_stale(&self, ours: usize) -> bool {
        self.closed.has(ours) && matches!(self.found[ours], Found::Stale { .. })
    }

    /// Whether it is neither a partner nor a candidate.
    pub(super) fn is_free(&self, theirs: usize) -> bool {
        !self.taken.has(theirs)
    }

    pub(super) fn is_stale_theirs(&self, theirs: usize) -> bool {
        !self.stale_theirs.is_empty() && self.stale_theirs.contains_key(&theirs)
    }

    /// How many older records of the same machine were set aside, ours and theirs.
    pub(super) fn twins(&self, ours: usize, theirs: usize) -> (usize, usize) {
        let of = |twins: &FxHashMap<usize, usize>, place: usize| {
            if twins.is_empty() {
                0
            } else {
                twins.get(&place).copied().unwrap_or_default()
            }
        };
        (of(&self.twins, ours), of(&self.their_twins, theirs))
    }

    /// Keeps only the newest of twins in consideration.
    pub(super) fn set_aside(&mut self, twins: Vec<Vec<Twins>>) {
        for twins in twins.into_iter().flatten() {
            match twins {
                Twins::Ours { newest, stale } => {
                    self.twins.insert(newest, stale.len());
                    for place in stale {
                        self.closed.set(place);
                        self.found[place] = Found::Stale { newest };
                    }
                }
                Twins::Theirs { newest, stale } => {
                    self.their_twins.insert(newest, stale.len());
                    for place in stale {
                        self.taken.set(place);
                        self.stale_theirs.insert(place, newest);
                    }
                }
            }
        }
    }

    /// Records what a rule found. No rule names a device of ours twice.
    pub(super) fn settle(&mut self, rulings: Vec<Vec<Ruling>>) {
        for (ours, found) in rulings.into_iter().flatten() {
            match &found {
                Found::One { theirs, .. } => self.taken.set(*theirs),
                Found::Several(candidates) => {
                    for guess in &candidates.guesses {
                        self.taken.set(guess.theirs);
                    }
                }
                Found::Nothing | Found::Stale { .. } | Found::Taken { .. } | Found::Crowd => {}
            }
            if !matches!(found, Found::Nothing | Found::Taken { .. }) {
                self.closed.set(ours);
            }
            self.found[ours] = found;
        }
    }
}
