//! The rules in their order: the best evidence first, and what is unique before what is left.

use super::answer::{Answer, Basis, Doubt, Found, Ruling, Twins};
use super::bits::Bits;
use super::join::{Key, Keyed, Party, Sorted, Wanted};
use super::reach::Reach;
use super::side::{Name, Side};
use super::{Using, group, twins};
use crate::text::skeleton;

/// Two records whose times lie further apart are doubted to be of one machine in use.
pub(super) const FAR_APART_DAYS: i64 = 90;

/// A serial number that more records bear is a placeholder that no list knows.
const MOST_BEARERS: usize = 8;

/// So many groups of cut names are told apart before they are brought together; as bits they fit into a cache.
const CUTS: usize = 1 << 22;

/// Both sides, and what may be looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) ours: &'a Side,
    pub(super) theirs: &'a Side,
    pub(super) reach: &'a Reach,
    pub(super) using: Using,
}

impl<'a> Table<'a> {
    /// Applies all rules.
    pub(super) fn answer(&self) -> Answer {
        let mut answer = Answer::nothing_yet(self.ours.len(), self.theirs.len());
        let names = self.names();
        answer.set_aside(names.groups(
            Wanted::Several,
            &|party| self.name(party),
            &|ours, theirs, found| {
                self.twins(ours, theirs, found);
            },
        ));
        if self.using == Using::AllEvidence {
            let found = self.by_device_id(&answer);
            answer.settle(found);
            let found = self.by_serial(&answer);
            answer.settle(found);
        }
        let found = names.groups(
            Wanted::BothSides,
            &|party| self.name(party),
            &|ours, theirs, found| {
                group::by_whole_name(self, &answer, (ours, theirs), found);
            },
        );
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

    fn side(&self, party: Party) -> (&'a Side, usize) {
        match party {
            Party::Ours(place) => (self.ours, place),
            Party::Theirs(place) => (self.theirs, place),
        }
    }

    fn names(&self) -> Sorted {
        Sorted::of(self.count(), &|| self.ours.by_name(), &|| self.theirs.by_name())
    }

    fn name(&self, party: Party) -> &'a str {
        let (side, place) = self.side(party);
        side.host(place)
    }

    /// Finds the old records of machines that were joined or installed again.
    fn twins(&self, ours: &[usize], theirs: &[usize], found: &mut Vec<Twins>) {
        for (side, places) in [(self.ours, ours), (self.theirs, theirs)] {
            if places.len() < 2 || places.first().is_none_or(|place| side.is_generic(*place)) {
                continue;
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
                found.push(if std::ptr::eq(side, self.ours) {
                    Twins::Ours { newest, stale }
                } else {
                    Twins::Theirs { newest, stale }
                });
            }
        }
    }

    fn by_device_id(&self, answer: &Answer) -> Vec<Vec<Ruling>> {
        let by_id = |side: &'a Side| side.by_device_id();
        let sorted = Sorted::of(self.count(), &|| by_id(self.ours), &|| by_id(self.theirs));
        // The whole id is in the key: there is no text to look at.
        let id = |_: Party| "";
        sorted.groups(Wanted::BothSides, &id, &|ours, theirs, found| {
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
        let serial = |party| {
            let (side, place) = self.side(party);
            side.serial(place)
        };
        let sorted = Sorted::of(self.count(), &|| self.ours.by_serial(), &|| {
            self.theirs.by_serial()
        });
        sorted.groups(Wanted::BothSides, &serial, &|ours, theirs, found| {
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

    /// Calls `link` if one record on each side is in question, both are free and the one may be the other.
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

    /// Names cut to 15 characters, of those that have as many. Who found a partner already is counted, too:
    /// what is left over may be a second record of it.
    fn by_cut_name(&self, answer: &Answer) -> Vec<Vec<Ruling>> {
        let Some(wanted) = self.open_cuts(answer) else {
            return Vec::new();
        };
        let keys = |side: &Side| -> Vec<Keyed> {
            side.by_cut_name()
                .filter(|keyed| wanted.has(keyed.key.within(CUTS)))
                .collect()
        };
        let (ours, theirs) = (keys(self.ours), keys(self.theirs));
        let cut = |party| {
            let (side, place) = self.side(party);
            side.cut(place).map_or("", |(kept, _)| kept)
        };
        let sorted = Sorted::of(ours.len() + theirs.len(), &|| ours.iter().copied(), &|| {
            theirs.iter().copied()
        });
        sorted.groups(Wanted::BothSides, &cut, &|ours, theirs, found| {
            if ours.iter().any(|place| answer.is_open(*place)) {
                group::by_cut_name(self, answer, (ours, theirs), found);
            }
        })
    }

    /// Roughly the cut names of those that are open: the others need not be brought together. `None` if there are none.
    fn open_cuts(&self, answer: &Answer) -> Option<Bits> {
        let mut open = self
            .ours
            .by_cut_name()
            .filter(|keyed| answer.is_open(keyed.place))
            .peekable();
        open.peek()?;
        let mut wanted = Bits::none(CUTS);
        open.for_each(|keyed| wanted.set(keyed.key.within(CUTS)));
        Some(wanted)
    }

    /// Names that look like each other and are not the same, of which one is not plain.
    fn by_look(&self, answer: &Answer) -> Vec<Vec<Ruling>> {
        let is_odd = |side: &Side, place: usize| side.is_odd(place) && side.is_in_reach(place);
        let odd = (0..self.ours.len()).any(|place| is_odd(self.ours, place) && answer.is_open(place));
        if !odd && !(0..self.theirs.len()).any(|place| is_odd(self.theirs, place)) {
            return Vec::new();
        }
        let spelled = |side: &Side| -> Vec<String> {
            (0..side.len()).map(|place| skeleton(side.host(place))).collect()
        };
        let (our_looks, their_looks) = (spelled(self.ours), spelled(self.theirs));
        let looks = |side: &'a Side, looks: &[String], place: usize| {
            let key = looks
                .get(place)
                .map(|look| Key::of(look))
                .filter(|key| !key.is_none())?;
            let scope = side.scope(place);
            side.is_in_reach(place).then_some(Keyed { key, scope, place })
        };
        let ours = || {
            let open = (0..self.ours.len()).filter(|place| answer.is_open(*place));
            open.filter_map(|place| looks(self.ours, &our_looks, place))
        };
        let theirs = || {
            let free = (0..self.theirs.len()).filter(|place| answer.is_free(*place));
            free.filter_map(|place| looks(self.theirs, &their_looks, place))
        };
        let text = |party| match party {
            Party::Ours(place) => our_looks[place].as_str(),
            Party::Theirs(place) => their_looks[place].as_str(),
        };
        Sorted::of(self.count(), &ours, &theirs).groups(Wanted::BothSides, &text, &|ours, theirs, found| {
            self.only_pair(answer, (ours, theirs), |ours, theirs| {
                // What has the very name and is no partner was excluded before.
                if self.ours.host(ours) != self.theirs.host(theirs) {
                    let (basis, doubt) = (Basis::LookAlike, Some(Doubt::Deceptive));
                    found.push((ours, Found::One { theirs, basis, doubt }));
                }
            });
        })
    }
}

/// What two records say of each other.
impl Table<'_> {
    pub(super) fn permits(&self, ours: usize, theirs: usize) -> bool {
        self.reach.is_everywhere() || {
            self.ours.scope(ours) == self.theirs.scope(theirs)
                && self.ours.is_in_reach(ours)
                && self.reach.permits(self.ours.home(ours), self.theirs.home(theirs))
        }
    }

    /// What speaks against a pair that nothing else competes with.
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
        !key.is_none()
            && key == self.theirs.serial_key(theirs)
            && (key.is_exact() || self.ours.serial(ours) == self.theirs.serial(theirs))
    }

    pub(super) fn has_other_serial(&self, ours: usize, theirs: usize) -> bool {
        let (one, other) = (self.ours.serial_key(ours), self.theirs.serial_key(theirs));
        !one.is_none() && !other.is_none() && !self.has_same_serial(ours, theirs)
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
        let (one, other) = (self.ours.host(ours), self.theirs.host(theirs));
        let cut = |side: &Side, place: usize| side.cut(place).map(|(kept, _)| kept.to_owned());
        !one.is_empty()
            && (one == other
                || cut(self.ours, ours).is_some_and(|kept| cut(self.theirs, theirs) == Some(kept)))
    }

    /// Where old twins were set aside the times have to be nearer, since the survivor may be the successor
    /// of what the other side knows.
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
