//! A customer in the making: who it is, how large, and its draws. Nothing here depends on how many customers there are.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use super::{
    chance::Dice,
    cultures::CULTURES,
    model::Trouble,
    names::{CompanyName, Culture},
};

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
    /// The customer with this number, where customers have `mean` users on average.
    pub(crate) fn new(seed: u64, index: usize, mean: u64, epoch: Timestamp) -> Self {
        let dice = Dice::new(seed, &format!("customer {index} plan"));
        let order = Dice::new(seed, "countries").index(CULTURES.len());
        let first = Dice::new(seed, "companies").index(usize::from(u8::MAX));
        let culture = &CULTURES[(index + order) % CULTURES.len()];
        let company = culture.company(index / CULTURES.len() + first % 10);
        let size = size(mean, index, &dice);
        Self {
            seed,
            index,
            epoch,
            culture,
            company,
            size,
            trouble: trouble(index, size, &dice),
        }
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
