//! The records of one side: columns for what is needed of each, with the texts left where they are.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use super::bits::Bits;
use super::column::Column;
use super::generic::{self, is_generic};
use super::join::Keyed;
use super::key::Key;
use super::reach::{NOWHERE, Reach};
use super::source::{Part, Raw, Source};
use super::traits::{System, device_id, push_user};
use super::{Ours, Theirs, serial};
use crate::text::{Length, NETBIOS_LENGTH, cut, fold_host, is_deceptive, push_host, skeleton};

/// An unknown time; no record has this value, because times are kept at least a second away from it.
const NEVER: i64 = i64::MIN;

/// The records of one side; a record is identified by its place, of which there can be two thousand million.
///
/// Columns hold what is needed of nearly every record, and are small enough for the caches. Texts are fetched, and
/// folded again, only for the few records that keys do not decide.
#[derive(Debug, Clone)]
pub(super) struct Side<'a> {
    source: Source<'a>,
    /// Keys of the folded host names.
    names: Vec<Key>,
    /// Keys of the folded serial numbers.
    serials: Column<Key>,
    /// Whether the serial number is enough to link two devices.
    telling: Bits,
    trust: Vec<Name>,
    systems: Vec<System>,
    seen: Column<i64>,
    /// The ids in the directory; 0 if unknown.
    device_ids: Column<u128>,
    /// The number of the tenant or site; [`NOWHERE`] if it is not known.
    homes: Column<u32>,
    /// Devices of different scopes are never the same machine.
    scopes: Column<u32>,
    numbers: FxHashMap<String, u32>,
    last: Option<(String, u32)>,
    /// For folding: one allocation for all.
    folded: String,
}

/// How far the letters of a host name can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// Only plain letters.
    Plain,
    /// Other letters, too.
    Odd,
    /// It may have been made to look like another.
    Deceptive,
}

impl<'a> Side<'a> {
    fn new(source: Source<'a>, numbers: FxHashMap<String, u32>) -> Self {
        Self {
            source,
            names: Vec::new(),
            serials: Column::new(Key::default()),
            telling: Bits::default(),
            trust: Vec::new(),
            systems: Vec::new(),
            seen: Column::new(NEVER),
            device_ids: Column::new(0),
            homes: Column::new(NOWHERE),
            scopes: Column::new(0),
            numbers,
            last: None,
            folded: String::new(),
        }
    }

    /// The devices of tenants, with their texts left where they are.
    pub(super) fn of_ours(devices: &'a [Ours], reach: &Reach) -> Self {
        let mut side = Self::new(Source::Ours(devices), reach.tenants.clone());
        side.reserve(devices.len());
        for device in devices {
            side.fold_ours(&device.into(), reach);
        }
        side
    }

    /// The devices in sites, with their texts left where they are.
    pub(super) fn of_theirs(devices: &'a [Theirs], reach: &Reach) -> Self {
        let mut side = Self::new(Source::Theirs(devices), reach.sites.clone());
        side.reserve(devices.len());
        for device in devices {
            side.fold_theirs(&device.into(), reach);
        }
        side
    }

    pub(super) fn push_ours(&mut self, device: &Ours, reach: &Reach) {
        let raw = device.into();
        self.source.push(&raw);
        self.fold_ours(&raw, reach);
    }

    pub(super) fn push_theirs(&mut self, device: &Theirs, reach: &Reach) {
        let raw = device.into();
        self.source.push(&raw);
        self.fold_theirs(&raw, reach);
    }

    fn fold_ours(&mut self, raw: &Raw<'_>, reach: &Reach) {
        let home = self.number(raw.home);
        self.fold(raw, home, reach.of_tenant(home));
    }

    fn fold_theirs(&mut self, raw: &Raw<'_>, reach: &Reach) {
        let home = self.number(raw.home);
        self.fold(raw, home, reach.of_site(home));
    }

    fn fold(&mut self, raw: &Raw<'_>, home: u32, scope: u32) {
        let place = self.names.len();
        self.folded.clear();
        push_host(raw.hostname, &mut self.folded);
        self.names.push(Key::of(&self.folded));
        self.folded.clear();
        if let Some(number) = raw.serial {
            serial::push(number, &mut self.folded);
        }
        self.serials.put(place, Key::of(&self.folded));
        self.telling.push(serial::is_telling(&self.folded));
        self.trust.push(Name::of(raw.hostname));
        self.systems.push(raw.os.map_or(System::Unknown, System::of));
        self.homes.put(place, home);
        self.scopes.put(place, scope);
        self.device_ids.put(place, raw.device_id.map_or(0, device_id));
        let seen = raw.last_seen.map_or(NEVER, |seen| seen.max(NEVER + 1));
        self.seen.put(place, seen);
    }

    /// Adds a record of another such side as it is.
    pub(super) fn copy(&mut self, from: &Self, place: usize) {
        let text = |part| from.source.text(place, part);
        self.source.push(&Raw {
            id: text(Part::Id),
            hostname: text(Part::Hostname),
            serial: Some(text(Part::Serial)),
            user: Some(text(Part::User)),
            home: None,
            device_id: None,
            os: None,
            last_seen: None,
        });
        let at = self.names.len();
        self.names.push(from.names[place]);
        self.serials.put(at, from.serials.get(place));
        self.telling.push(from.telling.has(place));
        self.trust.push(from.trust[place]);
        self.systems.push(from.systems[place]);
        self.homes.put(at, from.homes.get(place));
        self.scopes.put(at, from.scopes.get(place));
        self.device_ids.put(at, from.device_ids.get(place));
        self.seen.put(at, from.seen.get(place));
    }

    /// Makes room for this many more.
    fn reserve(&mut self, count: usize) {
        self.names.reserve(count);
        self.telling.reserve(count);
        self.trust.reserve(count);
        self.systems.reserve(count);
    }

    /// The number of a tenant or site. Records of one are mostly adjacent, so the last one is tried first.
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
        self.names.len()
    }

    pub(super) fn id(&self, place: usize) -> &str {
        self.source.text(place, Part::Id)
    }

    /// The folded host name.
    pub(super) fn host(&self, place: usize) -> String {
        fold_host(self.source.text(place, Part::Hostname))
    }

    pub(super) fn name_key(&self, place: usize) -> Key {
        self.names[place]
    }

    /// The folded serial number.
    pub(super) fn serial(&self, place: usize) -> String {
        let mut folded = String::new();
        serial::push(self.source.text(place, Part::Serial), &mut folded);
        folded
    }

    pub(super) fn serial_key(&self, place: usize) -> Key {
        self.serials.get(place)
    }

    /// Whether the serial number is enough to link two devices.
    pub(super) fn is_telling(&self, place: usize) -> bool {
        self.telling.has(place)
    }

    /// The folded name of the last user.
    pub(super) fn user(&self, place: usize) -> String {
        let mut folded = String::new();
        push_user(self.source.text(place, Part::User), &mut folded);
        folded
    }

    pub(super) fn seen(&self, place: usize) -> Option<i64> {
        Some(self.seen.get(place)).filter(|seen| *seen != NEVER)
    }

    pub(super) fn device_id(&self, place: usize) -> u128 {
        self.device_ids.get(place)
    }

    pub(super) fn system(&self, place: usize) -> System {
        self.systems[place]
    }

    pub(super) fn name(&self, place: usize) -> Name {
        self.trust[place]
    }

    /// Whether the name is one that many devices have.
    pub(super) fn is_generic(&self, place: usize) -> bool {
        let key = self.names[place];
        match key.text(&mut [0; 16]) {
            Some(name) => is_generic(name),
            None => key.length() <= generic::LONGEST && is_generic(&self.host(place)),
        }
    }

    /// Whether the folded name has other than plain letters.
    pub(super) fn is_odd(&self, place: usize) -> bool {
        self.name(place) != Name::Plain && !self.host(place).is_ascii()
    }

    pub(super) fn home(&self, place: usize) -> u32 {
        self.homes.get(place)
    }

    pub(super) fn scope(&self, place: usize) -> u32 {
        self.scopes.get(place)
    }

    /// Whether anything could be matched with the record.
    pub(super) fn is_in_reach(&self, place: usize) -> bool {
        self.scope(place) != NOWHERE
    }

    /// The record by its host name; `None` if it has none. Records out of reach are included because of their twins.
    pub(super) fn by_name(&self, place: usize) -> Option<Keyed> {
        self.keyed(place, self.names[place])
    }

    /// The record by its serial number, if it is in reach and has one.
    pub(super) fn by_serial(&self, place: usize) -> Option<Keyed> {
        let keyed = self.keyed(place, self.serials.get(place))?;
        (keyed.scope != NOWHERE).then_some(keyed)
    }

    /// The record by its id in the directory, if it has one.
    pub(super) fn by_device_id(&self, place: usize) -> Option<Keyed> {
        let id = self.device_id(place);
        (id != 0).then(|| Keyed {
            key: Key::of_number(id),
            scope: self.scope(place),
            place,
        })
    }

    /// The record by its truncated name, if it is in reach and long enough for truncation to show.
    pub(super) fn by_cut_name(&self, place: usize) -> Option<Keyed> {
        let may_be_cut = self.names[place].length() >= NETBIOS_LENGTH && self.is_in_reach(place);
        self.keyed(place, may_be_cut.then(|| self.cut_key(place))??)
    }

    /// The record by what its name looks like, if it has one.
    pub(super) fn by_look(&self, place: usize) -> Option<Keyed> {
        self.keyed(place, Key::of(&skeleton(&self.host(place))))
    }

    fn keyed(&self, place: usize, key: Key) -> Option<Keyed> {
        (!key.is_none()).then(|| Keyed {
            key,
            scope: self.scope(place),
            place,
        })
    }

    /// How many places have to be looked at to find all serial numbers, and all device ids.
    pub(super) fn known(&self) -> (usize, usize) {
        (self.serials.len(), self.device_ids.len())
    }

    /// The key of the first 15 characters of the name, if it is long enough for truncation to show.
    pub(super) fn cut_key(&self, place: usize) -> Option<Key> {
        match self.cut_length(place)? {
            Length::Exact => Some(self.names[place]),
            Length::Longer => cut(&self.host(place)).map(|(kept, _)| Key::of(kept)),
        }
    }

    /// Whether the name has exactly as many characters as truncation leaves, or more; `None` if it has fewer.
    pub(super) fn cut_length(&self, place: usize) -> Option<Length> {
        if self.name(place) == Name::Plain {
            return match self.names[place].length().cmp(&NETBIOS_LENGTH) {
                Ordering::Less => None,
                Ordering::Equal => Some(Length::Exact),
                Ordering::Greater => Some(Length::Longer),
            };
        }
        cut(&self.host(place)).map(|(_, length)| length)
    }

    /// The order of the answer: by id, then by everything that the answer can depend on.
    pub(super) fn compare(&self, one: usize, other: usize) -> Ordering {
        let text = |place: usize, part| self.source.text(place, part);
        let rest = |place: usize| {
            (
                text(place, Part::Hostname),
                text(place, Part::Serial),
                text(place, Part::User),
                self.device_id(place),
                self.seen.get(place),
            )
        };
        self.id(one)
            .cmp(self.id(other))
            .then_with(|| rest(one).cmp(&rest(other)))
    }

    /// All places in the order of the answer; `None` if they are already in it.
    pub(super) fn order(&self) -> Option<Vec<usize>> {
        if (1..self.len()).all(|place| self.compare(place - 1, place).is_le()) {
            return None;
        }
        // Most ids differ in their first bytes: these are compared as numbers, so the ids need not be fetched.
        let mut keyed: Vec<(u64, usize)> = (0..self.len())
            .map(|place| (first_bytes(self.id(place)), place))
            .collect();
        keyed.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| self.compare(one.1, other.1)));
        Some(keyed.into_iter().map(|(_, place)| place).collect())
    }
}

/// No records, and no rules.
impl Default for Side<'_> {
    fn default() -> Self {
        Self::new(Source::default(), FxHashMap::default())
    }
}

impl Name {
    fn of(written: &str) -> Self {
        if written.is_ascii() {
            Self::Plain
        } else if is_deceptive(written) {
            Self::Deceptive
        } else {
            Self::Odd
        }
    }
}

fn first_bytes(id: &str) -> u64 {
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(id.bytes()) {
        *to = from;
    }
    u64::from_be_bytes(first)
}
