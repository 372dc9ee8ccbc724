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
    pub(super) facts: Vec<Facts>,
    /// Of the scope and the folded host name.
    pub(super) name_keys: Vec<u64>,
    /// Of the scope and the serial number; 0 where there is none.
    pub(super) serial_keys: Vec<u64>,
    numbers: FxHashMap<String, u32>,
    last: Option<(String, u32)>,
}

/// What is known of a record beside its texts, in one place: looking at one fact brings the others into the cache.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// The id in the directory; 0 if it is not known.
    pub(super) device_id: u128,
    seen: i64,
    /// The number of the tenant or site; [`NOWHERE`] if it is not known.
    pub(super) home: u32,
    pub(super) scope: u32,
    pub(super) system: System,
    /// Whether the name may be made to look like another.
    pub(super) is_deceptive: bool,
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
        self.facts.push(Facts {
            device_id: raw.device_id.map_or(0, device_id),
            seen: raw.last_seen.map_or(NEVER, |seen| seen.max(NEVER + 1)),
            home,
            scope,
            system: raw.os.map_or(System::Unknown, System::of),
            is_deceptive: is_deceptive(raw.hostname),
        });
        self.note_keys();
    }

    /// Adds a record of another such side as it is.
    pub(super) fn copy(&mut self, from: &Self, place: usize) {
        self.texts
            .push(|part, text| text.push_str(from.texts.get(place, part)));
        self.facts.push(from.facts[place]);
        self.note_keys();
    }

    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, count: usize) {
        self.texts.reserve(count);
        self.facts.reserve(count);
        self.name_keys.reserve(count);
        self.serial_keys.reserve(count);
    }

    /// Hashes what the record last added is found by, while it is at hand.
    fn note_keys(&mut self) {
        let place = self.texts.len() - 1;
        let scope = self.facts[place].scope;
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
        Some(self.facts[place].seen).filter(|seen| *seen != NEVER)
    }

    /// Whether anything could be matched with the record.
    pub(super) fn is_in_reach(&self, place: usize) -> bool {
        self.facts[place].scope != NOWHERE
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
                self.facts[place].device_id,
                self.facts[place].seen,
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
