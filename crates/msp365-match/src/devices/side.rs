//! The records of one side, folded, in columns.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

use super::reach::{NOWHERE, Reach};
use super::traits::{System, device_id, push_user};
use super::{Ours, Theirs, serial};
use crate::text::{cut, is_deceptive, push_host};
use crate::texts::Texts;

/// A time that is not known; no record has it, since times are kept a second away from it.
const NEVER: i64 = i64::MIN;

const ID: usize = 0;
const HOST: usize = 1;
const SERIAL: usize = 2;
const USER: usize = 3;

/// The records of one side; a record is known by its place.
#[derive(Debug, Clone, Default)]
pub(super) struct Side {
    texts: Texts<4>,
    pub(super) device_ids: Vec<u128>,
    /// The number of the tenant or site; [`NOWHERE`] if it is not known.
    pub(super) homes: Vec<u32>,
    pub(super) scopes: Vec<u32>,
    pub(super) systems: Vec<System>,
    /// Whether the name may be made to look like another.
    pub(super) deceptive: Vec<bool>,
    /// Of the scope and the folded host name.
    pub(super) name_keys: Vec<u64>,
    /// Of the scope and the serial number; 0 where there is none.
    pub(super) serial_keys: Vec<u64>,
    seen: Vec<i64>,
    numbers: FxHashMap<String, u32>,
    last: Option<(String, u32)>,
}

/// A record before it is folded.
struct Raw<'a> {
    id: &'a str,
    hostname: &'a str,
    serial: Option<&'a str>,
    user: Option<&'a str>,
    device_id: Option<&'a str>,
    os: Option<&'a str>,
    last_seen: Option<i64>,
}

impl Side {
    /// An empty side for devices of tenants.
    pub(super) fn ours(reach: &Reach) -> Self {
        Self {
            numbers: reach.tenants.clone(),
            ..Self::default()
        }
    }

    /// An empty side for devices in sites.
    pub(super) fn theirs(reach: &Reach) -> Self {
        Self {
            numbers: reach.sites.clone(),
            ..Self::default()
        }
    }

    pub(super) fn push_ours(&mut self, device: &Ours, reach: &Reach) {
        let home = self.number(device.tenant.as_deref());
        let raw = Raw {
            id: &device.id,
            hostname: &device.hostname,
            serial: device.serial.as_deref(),
            user: device.user.as_deref(),
            device_id: device.device_id.as_deref(),
            os: device.os.as_deref(),
            last_seen: device.last_seen,
        };
        self.push(&raw, home, reach.of_tenant(home));
    }

    pub(super) fn push_theirs(&mut self, device: &Theirs, reach: &Reach) {
        let home = self.number(device.site.as_deref());
        let raw = Raw {
            id: &device.id,
            hostname: &device.hostname,
            serial: device.serial.as_deref(),
            user: device.user.as_deref(),
            device_id: device.device_id.as_deref(),
            os: device.os.as_deref(),
            last_seen: device.last_seen,
        };
        self.push(&raw, home, reach.of_site(home));
    }

    fn push(&mut self, raw: &Raw<'_>, home: u32, scope: u32) {
        self.texts.push(|part, text| match part {
            ID => text.push_str(raw.id),
            HOST => push_host(raw.hostname, text),
            SERIAL => raw
                .serial
                .into_iter()
                .for_each(|number| serial::push(number, text)),
            _ => raw.user.into_iter().for_each(|user| push_user(user, text)),
        });
        self.scopes.push(scope);
        self.note_keys();
        self.deceptive.push(is_deceptive(raw.hostname));
        self.device_ids.push(raw.device_id.map_or(0, device_id));
        self.homes.push(home);
        self.systems.push(raw.os.map_or(System::Unknown, System::of));
        self.seen
            .push(raw.last_seen.map_or(NEVER, |seen| seen.max(NEVER + 1)));
    }

    /// Adds a record of another such side as it is.
    pub(super) fn copy(&mut self, from: &Self, place: usize) {
        self.texts
            .push(|part, text| text.push_str(from.texts.get(place, part)));
        self.scopes.push(from.scopes[place]);
        self.note_keys();
        self.device_ids.push(from.device_ids[place]);
        self.homes.push(from.homes[place]);
        self.systems.push(from.systems[place]);
        self.deceptive.push(from.deceptive[place]);
        self.seen.push(from.seen[place]);
    }

    /// Hashes what the record last added is found by, while it is at hand.
    fn note_keys(&mut self) {
        let place = self.texts.len() - 1;
        let scope = self.scopes[place];
        self.name_keys.push(key(scope, self.host(place)));
        let serial = self.serial(place);
        self.serial_keys
            .push(if serial.is_empty() { 0 } else { key(scope, serial) });
    }

    /// The number of a tenant or site. Records of one mostly stand together, so the last one is tried first.
    fn number(&mut self, name: Option<&str>) -> u32 {
        let Some(name) = name else { return NOWHERE };
        if let Some((last, number)) = &self.last
            && last == name
        {
            return *number;
        }
        let next = u32::try_from(self.numbers.len()).unwrap_or(NOWHERE);
        let number = match self.numbers.get(name) {
            Some(number) => *number,
            None => *self.numbers.entry(name.to_owned()).or_insert(next),
        };
        self.last = Some((name.to_owned(), number));
        number
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    pub(super) fn id(&self, place: usize) -> &str {
        self.texts.get(place, ID)
    }

    pub(super) fn host(&self, place: usize) -> &str {
        self.texts.get(place, HOST)
    }

    pub(super) fn serial(&self, place: usize) -> &str {
        self.texts.get(place, SERIAL)
    }

    pub(super) fn user(&self, place: usize) -> &str {
        self.texts.get(place, USER)
    }

    pub(super) fn seen(&self, place: usize) -> Option<i64> {
        Some(self.seen[place]).filter(|seen| *seen != NEVER)
    }

    /// Whether anything could be matched with the record.
    pub(super) fn is_in_reach(&self, place: usize) -> bool {
        self.scopes[place] != NOWHERE
    }

    /// The first 15 characters of the name where a cut would show, and whether there are more.
    pub(super) fn cut(&self, place: usize) -> Option<(&str, crate::text::Length)> {
        cut(self.host(place))
    }

    /// In the order of the answer: by id, then by all that the answer can depend on.
    pub(super) fn compare(&self, one: usize, other: usize) -> std::cmp::Ordering {
        let rest = |place: usize| {
            (
                self.host(place),
                self.serial(place),
                self.user(place),
                self.device_ids[place],
                self.seen[place],
            )
        };
        self.id(one)
            .cmp(self.id(other))
            .then_with(|| rest(one).cmp(&rest(other)))
    }

    /// All places in the order of the answer; `None` if they stand in it already.
    pub(super) fn order(&self) -> Option<Vec<usize>> {
        if (1..self.len()).all(|place| self.compare(place - 1, place).is_le()) {
            return None;
        }
        // Most ids differ in their first bytes: compared as numbers, they need not be fetched.
        let mut keyed: Vec<(u64, usize)> = (0..self.len())
            .map(|place| (first_bytes(self.id(place)), place))
            .collect();
        keyed.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| self.compare(one.1, other.1)));
        Some(keyed.into_iter().map(|(_, place)| place).collect())
    }
}

/// What records are brought together by: a text within a scope.
pub(super) fn key(scope: u32, text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u32(scope);
    hasher.write(text.as_bytes());
    hasher.finish()
}

fn first_bytes(id: &str) -> u64 {
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(id.bytes()) {
        *to = from;
    }
    u64::from_be_bytes(first)
}
