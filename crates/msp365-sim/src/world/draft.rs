//! A customer in the making: who it is, how large, and its draws. Nothing here depends on how many customers there are.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use msp365_core::{SeededRandom, TenantId, random};

use super::{
    chance::Dice,
    cultures::CULTURES,
    model::{Trouble, troubled},
    names::{CompanyName, Culture},
    plan::{Shares, Sizes, WorldPlan},
};
use crate::scenario::Named;

/// One customer's plan.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) seed: u64,
    pub(crate) index: usize,
    pub(crate) epoch: Timestamp,
    pub(crate) culture: &'static Culture,
    pub(crate) company: CompanyName,
    /// How many users it has, guests among them.
    pub(crate) size: usize,
    pub(crate) trouble: Option<Trouble>,
    /// Troubles beside that one.
    pub(crate) also: BTreeSet<Trouble>,
    pub(crate) id: TenantId,
    pub(crate) domain: String,
    pub(crate) shares: Shares,
}

/// How large customers are, in thousandths of the mean, one after the other: few large ones, many small ones. They
/// add up to the mean times their number, and the first few nearly do as well.
const SIZES: [u64; 25] = [
    1_000, 500, 2_000, 100, 350, 3_200, 15, 700, 250, 1_300, 60, 450, 10_000, 900, 150, 550, 30, 1_100, 200,
    400, 80, 800, 120, 300, 445,
];

/// Who has which trouble among the first customers; the first of all has none.
const TROUBLES: [Option<Trouble>; 12] = [
    None,
    Some(Trouble::NoRelationship),
    None,
    Some(Trouble::Expired),
    Some(Trouble::NewestWithoutGroup),
    None,
    Some(Trouble::OnlyPrivilegedRoleAdministrator),
    Some(Trouble::NoP1),
    Some(Trouble::NotAdminAgent),
    Some(Trouble::ReportNamesConcealed),
    Some(Trouble::ConsentMissing),
    Some(Trouble::ConditionalAccess),
];

const ALL_TROUBLES: [Trouble; 9] = [
    Trouble::NoRelationship,
    Trouble::Expired,
    Trouble::NewestWithoutGroup,
    Trouble::OnlyPrivilegedRoleAdministrator,
    Trouble::NotAdminAgent,
    Trouble::ConsentMissing,
    Trouble::ConditionalAccess,
    Trouble::NoP1,
    Trouble::ReportNamesConcealed,
];

/// Of later customers, this many in a hundred have a trouble.
const LATER_TROUBLE: u64 = 12;

/// Small enough to have no smaller and larger customers around it.
const SMALLEST: u64 = 3;
const LARGEST: u64 = 2_000;

/// The most seats that small-business plans are sold for.
pub(crate) const BUSINESS_SEATS: usize = 300;

impl Draft {
    /// The customer with this number.
    pub(crate) fn new(seed: u64, index: usize, plan: &WorldPlan, epoch: Timestamp) -> Self {
        let dice = Dice::new(seed, &format!("customer {index} plan"));
        let order = Dice::new(seed, "countries").index(CULTURES.len());
        let first = Dice::new(seed, "companies").index(usize::from(u8::MAX));
        let culture = &CULTURES[(index + order) % CULTURES.len()];
        let company = culture.company(index / CULTURES.len() + first % 10);
        let size = match plan.sizes {
            Sizes::Natural => size(plan.users_each, index, &dice),
            Sizes::Equal => usize::try_from(plan.users_each).unwrap_or(usize::MAX),
        };
        let mut case = plan.cases.get(index).into_iter().flatten().copied();
        let trouble = if plan.cases.get(index).is_some() {
            case.next()
        } else if plan.troubles.is_empty() {
            trouble(index, size, &dice)
        } else {
            wanted(plan, &Dice::new(seed, &format!("customer {index} trouble")))
        };
        let also = case.collect();
        Self {
            id: tenant_id(seed, index),
            domain: format!("{}.example", company.slug),
            shares: plan.shares,
            seed,
            index,
            epoch,
            culture,
            company,
            size,
            trouble,
            also,
        }
    }

    /// Whether the customer has this trouble.
    pub(crate) fn has(&self, trouble: Trouble) -> bool {
        troubled(self.trouble, &self.also, trouble)
    }

    /// Takes on what is pinned of a customer.
    pub(crate) fn become_one(&mut self, named: &Named) {
        let country = named.country.as_deref();
        let culture = country.and_then(|country| CULTURES.iter().find(|one| one.country == country));
        if let Some(culture) = culture {
            self.culture = culture;
            self.company.city = culture.company(0).city;
        }
        let slug = named.domain.split('.').next().unwrap_or_default();
        self.company.full.clone_from(&named.name);
        slug.clone_into(&mut self.company.slug);
        self.domain.clone_from(&named.domain);
        self.id = named.id;
        self.size = named.people;
        self.trouble = named.trouble;
        self.also.clear();
    }

    /// The draws of one purpose.
    pub(crate) fn dice(&self, purpose: &str) -> Dice {
        Dice::new(self.seed, &format!("customer {} {purpose}", self.index))
    }

    /// A moment so many days before the world's present.
    pub(crate) fn ago(&self, dice: &Dice, fewest: i64, most: i64) -> Timestamp {
        let seconds = dice.days(fewest, most) * 86_400 + dice.days(1, 86_399);
        self.epoch - SignedDuration::from_secs(seconds)
    }
}

/// The id of the customer with this number; the partner has a number of its own.
pub(crate) fn tenant_id(seed: u64, index: usize) -> TenantId {
    let dice = SeededRandom::for_purpose(seed, &format!("customer {index} tenant id"));
    random::uuid(&dice).into()
}

/// The trouble that falls to a customer by the shares of a plan.
fn wanted(plan: &WorldPlan, dice: &Dice) -> Option<Trouble> {
    let mut drawn = dice.between(0, 99);
    plan.troubles.iter().find_map(|(trouble, share)| {
        let share = u64::from(*share);
        let found = drawn < share;
        drawn = drawn.saturating_sub(share);
        found.then_some(*trouble)
    })
}

/// The day of a moment, in UTC.
pub(crate) fn day(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

fn size(mean: u64, index: usize, dice: &Dice) -> usize {
    if mean <= SMALLEST || index == 0 {
        return usize::try_from(mean).unwrap_or(usize::MAX);
    }
    let factor = SIZES.get(index % SIZES.len()).copied().unwrap_or(1_000);
    let wanted = mean * factor * dice.between(950, 1_050) / 1_000_000;
    usize::try_from(wanted.clamp(SMALLEST, LARGEST.max(mean))).unwrap_or(usize::MAX)
}

fn trouble(index: usize, size: usize, dice: &Dice) -> Option<Trouble> {
    let drawn = dice.chance(LATER_TROUBLE).then(|| dice.index(ALL_TROUBLES.len()));
    let trouble = match TROUBLES.get(index) {
        Some(fixed) => *fixed,
        None => drawn.and_then(|which| ALL_TROUBLES.get(which).copied()),
    };
    let too_large = index >= TROUBLES.len() && size > BUSINESS_SEATS;
    trouble.filter(|one| *one != Trouble::NoP1 || !too_large)
}
