//! The records of one side, folded, in columns.

use rustc_hash::FxHashMap;

use super::bits::Bits;
use super::generic::is_generic;
use super::join::{Key, Keyed};
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

/// The records of one side; a record is known by its place, of which there are two thousand million.
///
/// What is asked of nearly every pair stands in columns of its own, so small that the caches hold them.
#[derive(Debug, Clone, Default)]
pub(super) struct Side {
    texts: Texts<4>,
    seen: Vec<i64>,
    /// The ids in the directory, 0 where none is known; none behind the last that is known.
    device_ids: Vec<u128>,
    systems: Vec<System>,
    trust: Vec<Name>,
    /// Whether the serial number links two devices by itself.
    telling: Bits,
    /// The number of the tenant or site; [`NOWHERE`] if it is not known.
    homes: Vec<u32>,
    /// Devices of two scopes are never one machine.
    scopes: Vec<u32>,
    /// Of the folded host names.
    names: Vec<Key>,
    /// Of the serial numbers; none behind the last that is known.
    serials: Vec<Key>,
    numbers: FxHashMap<String, u32>,
    last: Option<(String, u32)>,
}

/// How far a host name may be trusted to name one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// Nothing but plain letters.
    Plain,
    /// Other letters, too.
    Odd,
    /// Many devices have it.
    Generic,
    /// It may be made to look like another.
    Deceptive,
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
        let place = self.texts.len() - 1;
        let host = self.texts.get(place, HOST);
        let name = if raw.hostname.is_ascii() {
            if is_generic(host) {
                Name::Generic
            } else {
                Name::Plain
            }
        } else if is_deceptive(raw.hostname) {
            Name::Deceptive
        } else if is_generic(host) {
            Name::Generic
        } else {
            Name::Odd
        };
        self.names.push(Key::of(host));
        let number = Key::of(self.texts.get(place, SERIAL));
        put(&mut self.serials, place, number);
        self.telling
            .push(serial::is_telling(self.texts.get(place, SERIAL)));
        self.systems.push(raw.os.map_or(System::Unknown, System::of));
        self.trust.push(name);
        self.homes.push(home);
        self.scopes.push(scope);
        put(&mut self.device_ids, place, raw.device_id.map_or(0, device_id));
        self.seen
            .push(raw.last_seen.map_or(NEVER, |seen| seen.max(NEVER + 1)));
    }

    /// Adds a record of another such side as it is.
    pub(super) fn copy(&mut self, from: &Self, place: usize) {
        self.texts
            .push(|part, text| text.push_str(from.texts.get(place, part)));
        let at = self.texts.len() - 1;
        put(&mut self.device_ids, at, from.device_id(place));
        put(&mut self.serials, at, from.serial_key(place));
        self.seen.push(from.seen[place]);
        self.telling.push(from.telling.has(place));
        self.systems.push(from.systems[place]);
        self.trust.push(from.trust[place]);
        self.homes.push(from.homes[place]);
        self.scopes.push(from.scopes[place]);
        self.names.push(from.names[place]);
    }

    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, count: usize) {
        self.texts.reserve(count);
        self.seen.reserve(count);
        self.telling.reserve(count);
        self.systems.reserve(count);
        self.trust.reserve(count);
        self.homes.reserve(count);
        self.scopes.reserve(count);
        self.names.reserve(count);
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

    pub(super) fn device_id(&self, place: usize) -> u128 {
        self.device_ids.get(place).copied().unwrap_or_default()
    }

    pub(super) fn system(&self, place: usize) -> System {
        self.systems[place]
    }

    pub(super) fn name(&self, place: usize) -> Name {
        self.trust[place]
    }

    /// Whether many devices have the name. What is made to look like another is so first of all.
    pub(super) fn is_generic(&self, place: usize) -> bool {
        match self.name(place) {
            Name::Generic => true,
            Name::Plain | Name::Odd => false,
            Name::Deceptive => is_generic(self.host(place)),
        }
    }

    /// Whether the folded name has other letters than plain ones.
    pub(super) fn is_odd(&self, place: usize) -> bool {
        self.name(place) != Name::Plain && !self.host(place).is_ascii()
    }

    pub(super) fn home(&self, place: usize) -> u32 {
        self.homes[place]
    }

    pub(super) fn scope(&self, place: usize) -> u32 {
        self.scopes[place]
    }

    /// Whether the serial number links two devices by itself.
    pub(super) fn is_telling(&self, place: usize) -> bool {
        self.telling.has(place)
    }

    /// The key of the serial number; two of one side or of both have the same only if the numbers are, or are long.
    pub(super) fn serial_key(&self, place: usize) -> Key {
        self.serials.get(place).copied().unwrap_or_default()
    }

    /// Whether anything could be matched with the record.
    pub(super) fn is_in_reach(&self, place: usize) -> bool {
        self.scopes[place] != NOWHERE
    }

    /// The records that have a name. Those out of reach stay in for their twins' sake.
    pub(super) fn by_name(&self) -> impl Iterator<Item = Keyed> {
        keyed(&self.names, &self.scopes)
    }

    /// The records in reach that have a serial number.
    pub(super) fn by_serial(&self) -> impl Iterator<Item = Keyed> {
        keyed(&self.serials, &self.scopes).filter(|keyed| keyed.scope != NOWHERE)
    }

    /// The records in reach whose name has as many characters as a cut one, by what a cut leaves of it.
    pub(super) fn by_cut_name(&self) -> impl Iterator<Item = Keyed> {
        let long = self
            .by_name()
            .filter(|keyed| keyed.scope != NOWHERE && keyed.key.may_be_cut());
        long.filter_map(|keyed| {
            Some(Keyed {
                key: self.cut_key(keyed)?,
                ..keyed
            })
        })
    }

    fn cut_key(&self, keyed: Keyed) -> Option<Key> {
        if keyed.key.is_exact() && self.trust[keyed.place] == Name::Plain {
            return Some(keyed.key);
        }
        self.cut(keyed.place).map(|(kept, _)| Key::of(kept))
    }

    /// The records that the directory has an id for.
    pub(super) fn by_device_id(&self) -> impl Iterator<Item = Keyed> {
        let ids = self.device_ids.iter().zip(&self.scopes).enumerate();
        let known = ids.filter(|(_, (id, _))| **id != 0);
        known.map(|(place, (id, scope))| Keyed {
            key: Key::of_number(*id),
            scope: *scope,
            place,
        })
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
                self.device_id(place),
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

/// Sets the value of the record that was added last. Of a column that nobody fills nothing is kept.
fn put<T: Default + Copy + PartialEq>(column: &mut Vec<T>, place: usize, value: T) {
    if value != T::default() {
        column.resize(place, T::default());
        column.push(value);
    }
}

/// The records that have a key.
fn keyed<'a>(keys: &'a [Key], scopes: &'a [u32]) -> impl Iterator<Item = Keyed> + 'a {
    let all = keys.iter().zip(scopes).enumerate();
    let known = all.filter(|(_, (key, _))| !key.is_none());
    known.map(|(place, (key, scope))| Keyed {
        key: *key,
        scope: *scope,
        place,
    })
}

fn first_bytes(id: &str) -> u64 {
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(id.bytes()) {
        *to = from;
    }
    u64::from_be_bytes(first)
}
