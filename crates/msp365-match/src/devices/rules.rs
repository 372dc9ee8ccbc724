//! The rules in their order: the best evidence first, and what is unique before what is left.

use super::answer::{Answer, Basis, Doubt, Found, Ruling, Twins};
use super::bits::Bits;
use super::join::{Group, Keyed, Sorted, WORTH_A_THREAD};
use super::reach::Reach;
use super::side::{Name, Side};
use super::{Using, group, twins};
use crate::parallel::{at_once, threads};

/// If two records were last seen further apart than this, it is doubtful that they are one machine.
pub(super) const FAR_APART_DAYS: i64 = 90;

/// A serial number that more records have is a placeholder missing from the list.
const MOST_BEARERS: usize = 8;

/// The number of groups into which truncated names are first sorted; as bits they fit into a cache.
const CUTS: usize = 1 << 22;

/// Both sides, and which evidence may be used.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) ours: &'a Side<'a>,
    pub(super) theirs: &'a Side<'a>,
    pub(super) reach: &'a Reach,
    pub(super) using: Using,
}

impl Table<'_> {
    /// Applies all rules.
    pub(super) fn answer(&self) -> Answer {
        let mut answer = Answer::nothing_yet(self.ours.len(), self.theirs.len());
        let names = Sorted::of(
            (self.ours.len(), self.theirs.len()),
            &|place| self.ours.by_name(place),
            &|place| self.theirs.by_name(place),
        );
        answer.set_aside(names.repeated(&|group, found| self.twins(group, found)));
        if self.using == Using::AllEvidence {
            let found = self.by_device_id(&answer);
            answer.settle(found);
            let found = self.by_serial(&answer);
            answer.settle(found);
        }
        let found = names.shared(&|ours, theirs, found| {
            group::by_whole_name(self, &answer, (ours, theirs), found);
        });
        answer.settle(found);
        let found = self.by_cut_name(&answer);
        answer.settle(found);
        let found = self.by_look(&answer);
        answer.settle(found);
        answer
    }

    fn count(&self) -> usize {
        self.ours.len() + self.theirs.len()
    }

    /// Finds old records of machines that were joined or installed again.
    fn twins(&self, group: Group<'_>, found: &mut Vec<Twins>) {
        let (side, places) = match group {
            Group::Ours(places) => (self.ours, places),
            Group::Theirs(places) => (self.theirs, places),
        };
        if places.first().is_none_or(|place| side.is_generic(*place)) {
            return;
        }
        let mut places = places.to_vec();
        places.sort_unstable_by(|one, other| {
            let by_home = side.home(*one).cmp(&side.home(*other));
            by_home.then_with(|| side.compare(*one, *other))
        });
        for twins in places.chunk_by(|one, other| side.home(*one) == side.home(*other)) {
            let is_one_home = twins
                .first()
                .is_some_and(|place| side.home(*place) != super::reach::NOWHERE);
            if twins.len() < 2 || !is_one_home {
                continue;
            }
            let Some(newest) = twins::newest(side, twins) else {
                continue;
            };
            let stale = twins.iter().copied().filter(|place| *place != newest).collect();
            found.push(match group {
                Group::Ours(_) => Twins::Ours { newest, stale },
                Group::Theirs(_) => Twins::Theirs { newest, stale },
            });
        }
    }

    fn by_device_id(&self, answer: &Answer) -> Vec<Vec<Ruling>> {
        let counts = (self.ours.known().1, self.theirs.known().1);
        if counts.0 == 0 || counts.1 == 0 {
            return Vec::new();
        }
        let sorted = Sorted::of(counts, &|place| self.ours.by_device_id(place), &|place| {
            self.theirs.by_device_id(place)
        });
        sorted.shared(&|ours, theirs, found| {
            self.only_pair(answer, (ours, theirs), |ours, theirs| {
                let doubt = if self.has_other_serial(ours, theirs) {
                    Some(Doubt::OtherSerial)
                } else if self.has_other_system(ours, theirs) {
                    Some(Doubt::OtherSystem)
                } else {
                    None
                };
                found.push((
                    ours,
                    Found::One {
                        theirs,
                        basis: Basis::DeviceId,
                        doubt,
                    },
                ));
            });
        })
    }

    fn by_serial(&self, answer: &Answer) -> Vec<Vec<Ruling>> {
        let counts = (self.ours.known().0, self.theirs.known().0);
        if counts.0 == 0 || counts.1 == 0 {
            return Vec::new();
        }
        let sorted = Sorted::of(counts, &|place| self.ours.by_serial(place), &|place| {
            self.theirs.by_serial(place)
        });
        sorted.shared(&|ours, theirs, found| {
            self.only_pair(answer, (ours, theirs), |ours, theirs| {
                let is_enough = self.ours.is_telling(ours) || self.has_same_name(ours, theirs);
                if is_enough {
                    let doubt = self.has_other_system(ours, theirs).then_some(Doubt::OtherSystem);
                    let basis = Basis::Serial;
                    found.push((ours, Found::One { theirs, basis, doubt }));
                }
            });
        })
    }

    /// Calls `link` if there is one record on each side, both are free, and the rules permit the pair.
    fn only_pair(
        &self,
        answer: &Answer,
        (ours, theirs): (&[usize], &[usize]),
        link: impl FnOnce(usize, usize),
    ) {
        if ours.is_empty() || theirs.is_empty() || ours.len() + theirs.len() > MOST_BEARERS {
            return;
        }
        let mut ours = ours.iter().copied().filter(|place| !answer.is_stale(*place));
        let mut theirs = theirs
            .iter()
            .copied()
            .filter(|place| !answer.is_stale_theirs(*place));
        if let (Some(one), None, Some(other), None) = (ours.next(), ours.next(), theirs.next(), theirs.next())
            && answer.is_open(one)
            && answer.is_free(other)
            && self.permits(one, other)
        {
            link(one, other);
        }
    }

    /// Names truncated to 15 characters, for names at least that long. Devices that already have a partner count, too:
    /// what is left may be a second record of the same machine.
    fn by_cut_name(&self, answer: &Answer) -> Vec<Vec<Ruling>> {
        let Some(wanted) = self.open_cuts(answer) else {
            return Vec::new();
        };
        let keys = |side: &Side<'_>| -> Vec<Keyed> {
            let all = (0..side.len()).filter_map(|place| side.by_cut_name(place));
            all.filter(|keyed| wanted.has(keyed.key.within(CUTS))).collect()
        };
        let (ours, theirs) = at_once(
            threads(self.count(), WORTH_A_THREAD) > 1,
            || keys(self.ours),
            || keys(self.theirs),
        );
        let sorted = Sorted::of((ours.len(), theirs.len()), &|at| ours.get(at).copied(), &|at| {
            theirs.get(at).copied()
        });
        sorted.shared(&|ours, theirs, found| {
            if ours.iter().any(|place| answer.is_open(*place)) {
                group::by_cut_name(self, answer, (ours, theirs), found);
            }
        })
    }

    /// Roughly, the truncated names of the open ones: no others need to be joined. `None` if there are none.
    fn open_cuts(&self, answer: &Answer) -> Option<Bits> {
        let mut open = (0..self.ours.len())
            .filter(|place| answer.is_open(*place))
            .filter_map(|place| self.ours.by_cut_name(place))
            .peekable();
        open.peek()?;
        let mut wanted = Bits::none(CUTS);
        open.for_each(|keyed| wanted.set(keyed.key.within(CUTS)));
        Some(wanted)
    }

    /// Names that look the same but are not, at least one of them with other than plain letters.
    fn by_look(&self, answer: &Answer) -> Vec<Vec<Ruling>> {
        let is_odd = |side: &Side<'_>, place: usize| side.is_odd(place) && side.is_in_reach(place);
        let odd = (0..self.ours.len()).any(|place| is_odd(self.ours, place) && answer.is_open(place));
        if !odd && !(0..self.theirs.len()).any(|place| is_odd(self.theirs, place)) {
            return Vec::new();
        }
        let looks = |side: &Side<'_>, is_wanted: &dyn Fn(usize) -> bool| -> Vec<Keyed> {
            let wanted = (0..side.len()).filter(|place| is_wanted(*place) && side.is_in_reach(*place));
            wanted.filter_map(|place| side.by_look(place)).collect()
        };
        let ours = looks(self.ours, &|place| answer.is_open(place));
        let theirs = looks(self.theirs, &|place| answer.is_free(place));
        let sorted = Sorted::of((ours.len(), theirs.len()), &|at| ours.get(at).copied(), &|at| {
            theirs.get(at).copied()
        });
        sorted.shared(&|ours, theirs, found| {
            self.only_pair(answer, (ours, theirs), |ours, theirs| {
                // A record with exactly the same name that is not the partner was excluded before.
                if self.ours.name_key(ours) != self.theirs.name_key(theirs) {
                    let (basis, doubt) = (Basis::LookAlike, Some(Doubt::Deceptive));
                    found.push((ours, Found::One { theirs, basis, doubt }));
                }
            });
        })
    }
}

/// What two records say about each other.
impl Table<'_> {
    pub(super) fn permits(&self, ours: usize, theirs: usize) -> bool {
        self.reach.is_everywhere() || {
            self.ours.scope(ours) == self.theirs.scope(theirs)
                && self.ours.is_in_reach(ours)
                && self.reach.permits(self.ours.home(ours), self.theirs.home(theirs))
        }
    }

    /// What speaks against a pair that has no rivals.
    pub(super) fn doubt(&self, answer: &Answer, ours: usize, theirs: usize) -> Option<Doubt> {
        let all = self.using == Using::AllEvidence;
        if all && self.has_other_serial(ours, theirs) {
            Some(Doubt::OtherSerial)
        } else if all && self.has_other_system(ours, theirs) {
            Some(Doubt::OtherSystem)
        } else if all && self.has_same_serial(ours, theirs) {
            None
        } else if all && self.has_other_device_id(ours, theirs) {
            Some(Doubt::OtherDeviceId)
        } else if self.ours.name(ours) == Name::Deceptive || self.theirs.name(theirs) == Name::Deceptive {
            Some(Doubt::Deceptive)
        } else if self.ours.is_generic(ours) {
            Some(Doubt::Generic)
        } else if all && self.has_other_user(ours, theirs) {
            Some(Doubt::OtherUser)
        } else if all && !self.has_same_user(ours, theirs) && self.is_far_apart(answer, ours, theirs) {
            Some(Doubt::TimesApart)
        } else {
            None
        }
    }

    pub(super) fn has_same_serial(&self, ours: usize, theirs: usize) -> bool {
        let key = self.ours.serial_key(ours);
        !key.is_none() && key == self.theirs.serial_key(theirs)
    }

    pub(super) fn has_other_serial(&self, ours: usize, theirs: usize) -> bool {
        let (one, other) = (self.ours.serial_key(ours), self.theirs.serial_key(theirs));
        !one.is_none() && !other.is_none() && one != other
    }

    fn has_other_device_id(&self, ours: usize, theirs: usize) -> bool {
        let (one, other) = (self.ours.device_id(ours), self.theirs.device_id(theirs));
        one != 0 && other != 0 && one != other
    }

    pub(super) fn has_other_system(&self, ours: usize, theirs: usize) -> bool {
        self.ours.system(ours).contradicts(self.theirs.system(theirs))
    }

    pub(super) fn has_same_user(&self, ours: usize, theirs: usize) -> bool {
        let user = self.ours.user(ours);
        !user.is_empty() && user == self.theirs.user(theirs)
    }

    fn has_other_user(&self, ours: usize, theirs: usize) -> bool {
        let (one, other) = (self.ours.user(ours), self.theirs.user(theirs));
        !one.is_empty() && !other.is_empty() && one != other
    }

    pub(super) fn has_same_name(&self, ours: usize, theirs: usize) -> bool {
        let (one, other) = (self.ours.name_key(ours), self.theirs.name_key(theirs));
        let cut = || Some(self.ours.cut_key(ours)? == self.theirs.cut_key(theirs)?);
        !one.is_none() && (one == other || cut() == Some(true))
    }

    /// If old twins were set aside, the times have to be closer, because the survivor may be the successor of what the
    /// other side knows.
    fn is_far_apart(&self, answer: &Answer, ours: usize, theirs: usize) -> bool {
        let (Some(one), Some(other)) = (self.ours.seen(ours), self.theirs.seen(theirs)) else {
            return false;
        };
        let days = if answer.twins(ours, theirs) == (0, 0) {
            FAR_APART_DAYS
        } else {
            super::STALE_AFTER_DAYS
        };
        one.abs_diff(other) > (days * twins::DAY).unsigned_abs()
    }
}
