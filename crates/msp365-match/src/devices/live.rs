//! Matching of one device at a time against all known ones.

use std::hash::Hasher;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::key::Key;
use super::side::Side;
use super::{Devices, Ours, Sites, Theirs, Using};
use crate::pair::Pair;

/// A key that more records than this have is not followed to further ones.
const MOST_FOLLOWED: usize = 64;

/// At most this many records are looked at for one device.
const MOST_LOOKED_AT: usize = 2_000;

/// The devices of both sides, by everything that they can be found by, so that one more can be matched at once.
///
/// ```
/// use msp365_match::devices::{Live, Ours, Sites, Theirs};
///
/// let mut live = Live::of(&[], &[Theirs::new("71", "LT-ADA-01")], &Sites::everywhere());
///
/// let pairs = live.add_ours(&Ours::new("d-1", "lt-ada-01"));
/// assert!(pairs[0].is_certain());
///
/// // A second one of that name makes both of them ambiguous.
/// let pairs = live.add_ours(&Ours::new("d-2", "lt-ada-01"));
/// assert!(pairs.iter().all(|pair| !pair.is_certain()));
/// assert_eq!(pairs.len(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct Live {
    devices: Devices<'static>,
    bearers: FxHashMap<u64, Vec<Party>>,
}

impl Live {
    /// These devices.
    pub fn of(ours: &[Ours], theirs: &[Theirs], sites: &Sites) -> Self {
        let mut devices = Devices::within(sites);
        for device in ours {
            devices.add_ours(device);
        }
        for device in theirs {
            devices.add_theirs(device);
        }
        let mut live = Self {
            bearers: FxHashMap::default(),
            devices,
        };
        live.bearers.reserve(2 * (ours.len() + theirs.len()));
        (0..live.devices.ours.len()).for_each(|place| live.note(Party::Ours(place)));
        (0..live.devices.theirs.len()).for_each(|place| live.note(Party::Theirs(place)));
        live
    }

    /// Adds a device of ours, and returns the rows of all devices of ours that this may have changed.
    pub fn add_ours(&mut self, device: &Ours) -> Vec<Pair> {
        self.devices.add_ours(device);
        self.added(Party::Ours(self.devices.ours.len() - 1))
    }

    /// Adds a device of theirs, and returns the rows of all devices of ours that this may have changed.
    pub fn add_theirs(&mut self, device: &Theirs) -> Vec<Pair> {
        self.devices.add_theirs(device);
        self.added(Party::Theirs(self.devices.theirs.len() - 1))
    }

    fn added(&mut self, party: Party) -> Vec<Pair> {
        self.note(party);
        let mut near = self.near(party);
        near.sort_unstable_by_key(|party| match party {
            Party::Ours(place) => (0, *place),
            Party::Theirs(place) => (1, *place),
        });
        let mut part = Devices {
            reach: Arc::clone(&self.devices.reach),
            ours: Side::default(),
            theirs: Side::default(),
        };
        for party in near {
            match party {
                Party::Ours(place) => part.ours.copy(&self.devices.ours, place),
                Party::Theirs(place) => part.theirs.copy(&self.devices.theirs, place),
            }
        }
        part.matched(Using::AllEvidence).to_pairs()
    }

    /// All records that share something with this one, or with one that does.
    fn near(&self, party: Party) -> Vec<Party> {
        let mut known: FxHashSet<(bool, usize)> = FxHashSet::default();
        let is_new = |known: &mut FxHashSet<(bool, usize)>, party: Party| match party {
            Party::Ours(place) => known.insert((true, place)),
            Party::Theirs(place) => known.insert((false, place)),
        };
        is_new(&mut known, party);
        let (mut near, mut next) = (vec![party], 0);
        while let Some(at) = near.get(next).copied() {
            next += 1;
            for key in self.keys(at) {
                let bearers = self.bearers.get(&key).map_or(&[][..], Vec::as_slice);
                if next > 1 && bearers.len() > MOST_FOLLOWED {
                    continue;
                }
                for bearer in bearers {
                    if near.len() < MOST_LOOKED_AT && is_new(&mut known, *bearer) {
                        near.push(*bearer);
                    }
                }
            }
        }
        near
    }

    fn note(&mut self, party: Party) {
        for key in self.keys(party) {
            self.bearers.entry(key).or_default().push(party);
        }
    }

    /// Hashes of everything that a record can be found by. A collision only makes a record be looked at in vain.
    fn keys(&self, party: Party) -> impl Iterator<Item = u64> + use<> {
        let (side, place) = match party {
            Party::Ours(place) => (&self.devices.ours, place),
            Party::Theirs(place) => (&self.devices.theirs, place),
        };
        let scope = side.scope(place);
        let id = side.device_id(place);
        let look = || side.by_look(place).map(|look| look.key);
        let keys = [
            (0, Some(side.name_key(place))),
            (1, side.cut_key(place)),
            (2, Some(side.serial_key(place))),
            (3, Some(Key::of_number(id))),
            (0, side.is_odd(place).then(look).flatten()),
        ];
        let known = keys.map(|(kind, key)| Some((kind, key.filter(|key| !key.is_none())?)));
        known
            .into_iter()
            .flatten()
            .map(move |(kind, key)| hash(scope, kind, key))
    }
}

/// The hash of a key of this kind within a scope.
fn hash(scope: u32, kind: u8, key: Key) -> u64 {
    let mut hasher = FxHasher::default();
    let (first, rest) = key.halves();
    hasher.write_u32(scope);
    hasher.write_u8(kind);
    hasher.write_u64(first);
    hasher.write_u64(rest);
    hasher.finish()
}

/// A record of either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Party {
    Ours(usize),
    Theirs(usize),
}
