//! Decides among the devices that bear one name.

use rustc_hash::FxHashMap;

use super::answer::{Answer, Basis, Found, Guess};
use super::generic::is_generic;
use super::join::Sides;
use super::{Ours, twins};
use crate::pair::MOST_CANDIDATES;
use crate::text::{Length, cut};

/// The devices of both sides that bear one name, by place.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) ours: Bearers,
    pub(super) theirs: Bearers,
}

/// Places of devices: nearly always one, which then needs no allocation.
#[derive(Debug, Default)]
pub(super) enum Bearers {
    #[default]
    Nobody,
    One(usize),
    Several(Vec<usize>),
}

impl Bearers {
    pub(super) fn add(&mut self, place: usize) {
        match self {
            Self::Nobody => *self = Self::One(place),
            Self::One(first) => *self = Self::Several(vec![*first, place]),
            Self::Several(places) => places.push(place),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Nobody)
    }

    pub(super) fn first(&self) -> Option<usize> {
        self.as_slice().first().copied()
    }

    fn as_slice(&self) -> &[usize] {
        match self {
            Self::Nobody => &[],
            Self::One(place) => std::slice::from_ref(place),
            Self::Several(places) => places,
        }
    }
}

/// The devices of a group in one site.
#[derive(Debug, Default)]
struct Site {
    /// Devices of theirs that stand here.
    theirs: usize,
    /// Devices of ours that may be found here.
    ours: usize,
    /// Devices of theirs that nobody claims by their whole name: first those of the looked-up length, then
    /// those with a longer name.
    free: [Vec<usize>; 2],
}

impl Group {
    pub(super) fn decide(&self, basis: Basis, sides: &Sides<'_>, answer: &mut Answer) {
        if let (Basis::Whole, Bearers::One(ours), Bearers::One(theirs)) = (basis, &self.ours, &self.theirs) {
            if sides.is_permitted(*ours, *theirs) {
                answer.settle_only(*ours, *theirs, is_generic(sides.our_names.get(*ours)));
            }
            return;
        }
        let ours = without_stale_twins(self.ours.as_slice(), sides, answer);
        let in_sites = self.by_site(&ours, basis, sides, answer);
        for place in ours {
            if answer.is_open(place) {
                let guesses = guesses(place, basis, sides, &in_sites);
                answer.settle(place, basis, is_generic(sides.our_names.get(place)), guesses);
            }
        }
    }

    fn by_site<'a>(
        &self,
        ours: &[usize],
        basis: Basis,
        sides: &Sides<'a>,
        answer: &Answer,
    ) -> FxHashMap<&'a str, Site> {
        let mut in_sites: FxHashMap<&str, Site> = FxHashMap::default();
        for place in self.theirs.as_slice() {
            let Some(site) = sides.site(*place) else { continue };
            let site = in_sites.entry(site).or_default();
            site.theirs += 1;
            if !answer.is_taken(*place) {
                let is_longer = basis == Basis::Cut && is_longer(sides.their_names.get(*place));
                site.free[usize::from(is_longer)].push(*place);
            }
        }
        for place in ours {
            for site in sides.reach(*place) {
                if let Some(site) = in_sites.get_mut(site) {
                    site.ours += 1;
                }
            }
        }
        for free in in_sites.values_mut().flat_map(|site| &mut site.free) {
            free.sort_unstable_by(|one, other| sides.theirs[*one].cmp(&sides.theirs[*other]));
        }
        in_sites
    }
}

/// The devices of theirs that one of ours may be, those with the fewest rivals first.
fn guesses(place: usize, basis: Basis, sides: &Sides<'_>, in_sites: &FxHashMap<&str, Site>) -> Vec<Guess> {
    // A cut name speaks only between a name of exactly that length and a longer one.
    let wanted = usize::from(basis == Basis::Cut && !is_longer(sides.our_names.get(place)));
    let their_count = sides
        .reach(place)
        .filter_map(|site| in_sites.get(site))
        .map(|site| site.theirs)
        .sum();
    let mut guesses: Vec<Guess> = sides
        .reach(place)
        .filter_map(|site| in_sites.get(site))
        .flat_map(|site| {
            let free = site.free[wanted].iter().take(MOST_CANDIDATES);
            free.map(|theirs| Guess {
                theirs: *theirs,
                our_count: site.ours,
                their_count,
            })
        })
        .collect();
    guesses.sort_unstable_by(|one, other| {
        let by_id = || sides.theirs[one.theirs].cmp(&sides.theirs[other.theirs]);
        one.rivals().cmp(&other.rivals()).then_with(by_id)
    });
    guesses.truncate(MOST_CANDIDATES);
    guesses
}

/// These devices of ours but for the old objects of machines that were joined again, which are settled.
fn without_stale_twins(places: &[usize], sides: &Sides<'_>, answer: &mut Answer) -> Vec<usize> {
    let mut places = places.to_vec();
    if places.len() < 2 {
        return places;
    }
    let bearer = |place: &usize| (sides.ours[*place].tenant.as_deref(), sides.our_names.get(*place));
    places.sort_unstable_by(|one, other| bearer(one).cmp(&bearer(other)).then(one.cmp(other)));
    for twins in places.chunk_by(|one, other| bearer(one) == bearer(other)) {
        let is_one_tenant = twins.first().is_some_and(|place| {
            let (tenant, name) = bearer(place);
            tenant.is_some() && !is_generic(name)
        });
        if twins.len() > 1 && is_one_tenant {
            let devices: Vec<&Ours> = twins.iter().map(|place| sides.ours[*place]).collect();
            if let Some(newest) = twins::newest(&devices).and_then(|newest| twins.get(newest)) {
                answer.set_aside(twins, *newest);
            }
        }
    }
    places.retain(|place| !matches!(answer.found(*place), Found::Stale { .. }));
    places
}

fn is_longer(name: &str) -> bool {
    cut(name).is_some_and(|(_, length)| length == Length::Longer)
}
