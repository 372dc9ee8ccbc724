//! What a world is made to be like, as a value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::model::Trouble;

/// What a world is made to be like. The default is what [`crate::Sim::seeded`] makes; the same plan and seed give the
/// same world.
///
/// ```
/// use msp365_sim::{Sim, Trouble, WorldPlan};
///
/// let mut plan = WorldPlan::default();
/// plan.customers = 20;
/// plan.users_each = 5;
/// plan.troubles = [(Trouble::Expired, 100)].into();
/// let cloud = Sim::seeded(7).world(plan).build();
///
/// let expired = |line: &&serde_json::Value| line["trouble"] == "Expired";
/// assert_eq!(cloud.truth().iter().filter(expired).count(), 20);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct WorldPlan {
    /// How many customers the partner has. A customer is the same however many others there are.
    pub customers: usize,
    /// How many users customers have on average; the first has exactly as many.
    pub users_each: u64,
    /// How users are spread over customers.
    pub sizes: Sizes,
    /// Which customers in a hundred have which trouble; together at most 100. Where none is named, the first twelve
    /// customers show every trouble once, and of the others twelve in a hundred have one.
    pub troubles: BTreeMap<Trouble, u8>,
    /// The troubles of the first customers, one after the other; a customer may have several, or none. Where a customer
    /// has its own here, the shares above do not concern it.
    pub cases: Vec<Vec<Trouble>>,
    /// What is common, what is rare.
    pub shares: Shares,
}

impl Default for WorldPlan {
    fn default() -> Self {
        Self {
            customers: 25,
            users_each: 200,
            sizes: Sizes::Natural,
            troubles: BTreeMap::new(),
            cases: Vec::new(),
            shares: Shares::default(),
        }
    }
}

impl WorldPlan {
    /// The default, in another size.
    #[cfg(test)]
    pub(crate) fn sized(customers: usize, users_each: u64) -> Self {
        Self {
            customers,
            users_each,
            ..Self::default()
        }
    }

    /// What is wrong with its numbers, if anything is: the name of one, and the most it may be.
    pub(crate) fn excess(&self) -> Option<(&'static str, u64)> {
        let troubles: u64 = self.troubles.values().map(|share| u64::from(*share)).sum();
        if troubles > 100 {
            return Some(("troubles together", 100));
        }
        if self.customers > MOST_CUSTOMERS {
            return Some(("customers", 10_000));
        }
        if self.users_each > MOST_USERS {
            return Some(("users_each", MOST_USERS));
        }
        let shares = &self.shares;
        [
            ("guests", shares.guests),
            ("disabled", shares.disabled),
            ("never_signed_in", shares.never_signed_in),
            ("computers", shares.computers),
            ("phones", shares.phones),
            ("left_behind", shares.left_behind),
            ("project_members", shares.project_members),
            ("licensed", shares.licensed),
        ]
        .into_iter()
        .find(|(_, share)| *share > 100)
        .map(|(name, _)| (name, 100))
    }
}

const MOST_CUSTOMERS: usize = 10_000;
const MOST_USERS: u64 = 1_000_000;

/// How users are spread over customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Sizes {
    /// A few large customers, many small ones.
    #[default]
    Natural,
    /// All of one size.
    Equal,
}

/// What is common, what is rare; in a hundred unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Shares {
    /// Guests among users.
    pub guests: u64,
    /// Blocked accounts among users.
    pub disabled: u64,
    /// Users who never signed in.
    pub never_signed_in: u64,
    /// Members who have a computer.
    pub computers: u64,
    /// Members who have a phone.
    pub phones: u64,
    /// Computers that left an older registration behind.
    pub left_behind: u64,
    /// Active members who hold a licence.
    pub licensed: u64,
    /// Users of a customer for each of its project groups, of which it has forty at most; 0: there are no such groups.
    pub users_per_project: usize,
    /// Users of a customer who are in a project.
    pub project_members: u64,
}

impl Default for Shares {
    fn default() -> Self {
        Self {
            guests: 8,
            disabled: 7,
            never_signed_in: 6,
            computers: 72,
            phones: 35,
            left_behind: 9,
            licensed: 96,
            users_per_project: 15,
            project_members: 7,
        }
    }
}
