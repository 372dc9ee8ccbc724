//! Brings together what bears the same name: a hash join over folded names, first whole, then cut.

use rustc_hash::FxHashMap;

use super::answer::{Answer, Basis};
use super::group::Group;
use super::{Ours, Sites, Theirs};
use crate::text::{cut, push_host};

/// Both sides with their folded names; a device is known by its place.
#[derive(Debug)]
pub(super) struct Sides<'a> {
    /// In the order of the answer.
    pub(super) ours: Vec<&'a Ours>,
    pub(super) theirs: &'a [Theirs],
    pub(super) our_names: Names,
    pub(super) their_names: Names,
    sites: &'a Sites,
}

impl<'a> Sides<'a> {
    pub(super) fn of(ours: &'a [Ours], theirs: &'a [Theirs], sites: &'a Sites) -> Self {
        let ours = in_order(ours);
        let our_names = Names::of(ours.iter().map(|device| device.hostname.as_str()));
        let their_names = Names::of(theirs.iter().map(|device| device.hostname.as_str()));
        Self {
            ours,
            theirs,
            our_names,
            their_names,
            sites,
        }
    }

    /// The sites in which a device of ours may be found; without a rule, one that stands for everywhere.
    pub(super) fn reach(&self, ours: usize) -> impl Iterator<Item = &'a str> {
        let everywhere = self.sites.is_everywhere().then_some("");
        let permitted = self.sites.of(self.ours[ours].tenant.as_deref());
        everywhere
            .into_iter()
            .chain(permitted.into_iter().flatten().map(String::as_str))
    }

    /// The site of a device of theirs in the sense of [`reach`](Self::reach).
    pub(super) fn site(&self, theirs: usize) -> Option<&'a str> {
        if self.sites.is_everywhere() {
            Some("")
        } else {
            self.theirs[theirs].site.as_deref()
        }
    }

    pub(super) fn is_permitted(&self, ours: usize, theirs: usize) -> bool {
        self.sites.is_everywhere()
            || self
                .site(theirs)
                .is_some_and(|site| self.reach(ours).any(|own| own == site))
    }
}

/// Folded host names, one behind the other in one allocation.
#[derive(Debug)]
pub(super) struct Names {
    text: String,
    ends: Vec<usize>,
}

impl Names {
    fn of<'a>(hosts: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let mut names = Self {
            text: String::with_capacity(hosts.len() * 16),
            ends: Vec::with_capacity(hosts.len()),
        };
        for host in hosts {
            push_host(host, &mut names.text);
            names.ends.push(names.text.len());
        }
        names
    }

    pub(super) fn get(&self, place: usize) -> &str {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[place]]
    }

    fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut start = 0;
        self.ends.iter().enumerate().map(move |(place, end)| {
            let name = &self.text[start..*end];
            start = *end;
            (place, name)
        })
    }
}

/// Decides for every device of ours whose whole name a device of theirs has.
pub(super) fn by_whole_name(sides: &Sides<'_>, answer: &mut Answer) {
    let mut slots: FxHashMap<&str, usize> = FxHashMap::default();
    slots.reserve(sides.theirs.len());
    let mut groups: Vec<Group> = Vec::with_capacity(sides.theirs.len());
    for (place, name) in sides.their_names.iter().filter(|(_, name)| !name.is_empty()) {
        let slot = *slots.entry(name).or_insert(groups.len());
        if slot == groups.len() {
            groups.push(Group::default());
        }
        groups[slot].theirs.add(place);
    }
    let slot_of: Vec<Option<usize>> = sides
        .our_names
        .iter()
        .map(|(_, name)| slots.get(name).copied())
        .collect();
    for (place, slot) in slot_of
        .iter()
        .enumerate()
        .filter_map(|(place, slot)| Some((place, (*slot)?)))
    {
        groups[slot].ours.add(place);
    }
    // In our order rather than theirs, so that names and answers are walked through and not jumped about in.
    for (place, slot) in slot_of
        .into_iter()
        .enumerate()
        .filter_map(|(place, slot)| Some((place, slot?)))
    {
        if groups[slot].ours.first() == Some(place) {
            groups[slot].decide(Basis::Whole, sides, answer);
        }
    }
}

/// Decides for the devices of ours that are still alone and whose name may be cut, or be the whole of a cut
/// one.
///
/// All devices that cut to the same name are counted, also those that found a partner by their whole name:
/// what is left over may be a second record of one of them.
pub(super) fn by_cut_name(sides: &Sides<'_>, answer: &mut Answer) {
    let mut groups: FxHashMap<&str, Group> = FxHashMap::default();
    for (place, name) in sides.our_names.iter().filter(|(place, _)| answer.is_open(*place)) {
        if let Some((kept, _)) = cut(name) {
            groups.entry(kept).or_default().ours.add(place);
        }
    }
    if groups.is_empty() {
        return;
    }
    for (place, name) in sides.their_names.iter() {
        if let Some(group) = cut(name).and_then(|(kept, _)| groups.get_mut(kept)) {
            group.theirs.add(place);
        }
    }
    for (place, name) in sides
        .our_names
        .iter()
        .filter(|(place, _)| answer.is_settled(*place))
    {
        if let Some(group) = cut(name).and_then(|(kept, _)| groups.get_mut(kept)) {
            group.ours.add(place);
        }
    }
    for group in groups.values().filter(|group| !group.theirs.is_empty()) {
        group.decide(Basis::Cut, sides, answer);
    }
}

/// By id and then all else, so that the order of the input cannot matter.
fn in_order(ours: &[Ours]) -> Vec<&Ours> {
    if ours.is_sorted() {
        return ours.iter().collect();
    }
    // Most ids differ in their first bytes: compared as numbers, they need not be fetched.
    let mut keyed: Vec<(u64, &Ours)> = ours
        .iter()
        .map(|device| (first_bytes(&device.id), device))
        .collect();
    keyed.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| one.1.cmp(other.1)));
    keyed.into_iter().map(|(_, device)| device).collect()
}

fn first_bytes(id: &str) -> u64 {
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(id.bytes()) {
        *to = from;
    }
    u64::from_be_bytes(first)
}
