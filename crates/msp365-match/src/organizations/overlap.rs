//! Devices and people that a tenant and an organization have in common.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

/// Fewer in common than this prove nothing: a laptop may change hands.
const FEWEST: u32 = 3;

/// The share of all links of either side that has to be between the two.
const MAJORITY: f64 = 0.6;

/// How many devices or people each tenant has in common with each organization.
///
/// Count certain links between devices, or between people and contacts, made without regard to organizations.
///
/// ```
/// use msp365_match::organizations::Overlaps;
///
/// let links = [("contoso", "7"), ("contoso", "7"), ("contoso", "8"), ("contoso", "7"), ("contoso", "7")];
/// let overlaps: Overlaps = links.into_iter().collect();
///
/// assert_eq!(overlaps.votes("contoso", "7"), 4);
/// assert_eq!(overlaps.majority("contoso", "7"), Some(0.8));
/// assert_eq!(overlaps.majority("contoso", "8"), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overlaps {
    votes: BTreeMap<String, BTreeMap<String, u32>>,
    ours: FxHashMap<String, u32>,
    theirs: FxHashMap<String, u32>,
}

impl Overlaps {
    /// Counts one more link between a tenant and an organization.
    pub fn add(&mut self, ours: impl Into<String>, theirs: impl Into<String>) {
        let (ours, theirs) = (ours.into(), theirs.into());
        *self.ours.entry(ours.clone()).or_default() += 1;
        *self.theirs.entry(theirs.clone()).or_default() += 1;
        *self.votes.entry(ours).or_default().entry(theirs).or_default() += 1;
    }

    /// The number of links between the two.
    pub fn votes(&self, ours: &str, theirs: &str) -> u32 {
        let votes = self.votes.get(ours).and_then(|votes| votes.get(theirs));
        votes.copied().unwrap_or_default()
    }

    /// The smaller of the two shares that their links have in all links of each side, if it is a majority of at least
    /// three links.
    pub fn majority(&self, ours: &str, theirs: &str) -> Option<f64> {
        let votes = self.votes(ours, theirs);
        let all = self.ours.get(ours)?.max(self.theirs.get(theirs)?);
        let share = f64::from(votes) / f64::from(*all);
        (votes >= FEWEST && share >= MAJORITY).then_some(share)
    }

    /// The organizations that a tenant has links with.
    pub(super) fn of(&self, ours: &str) -> impl Iterator<Item = &str> {
        let votes = self.votes.get(ours);
        votes
            .into_iter()
            .flat_map(|votes| votes.keys().map(String::as_str))
    }
}

impl<O: Into<String>, T: Into<String>> FromIterator<(O, T)> for Overlaps {
    /// Counts links between things of a tenant and things of an organization.
    fn from_iter<I: IntoIterator<Item = (O, T)>>(links: I) -> Self {
        let mut overlaps = Self::default();
        for (ours, theirs) in links {
            overlaps.add(ours, theirs);
        }
        overlaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_links_are_no_majority() {
        let overlaps: Overlaps = [("t", "o"), ("t", "o")].into_iter().collect();

        assert_eq!(overlaps.majority("t", "o"), None);
    }

    #[test]
    fn votes_that_are_split_in_halves_elect_nobody() {
        let links = [("t", "o"); 3].into_iter().chain([("t", "p"); 3]);
        let overlaps: Overlaps = links.collect();

        assert_eq!(
            (overlaps.majority("t", "o"), overlaps.majority("t", "p")),
            (None, None)
        );
    }

    #[test]
    fn an_organization_that_has_more_in_common_with_another_tenant_is_not_elected() {
        let links = [("t", "o"); 3].into_iter().chain([("u", "o"); 9]);
        let overlaps: Overlaps = links.collect();

        assert_eq!(overlaps.majority("t", "o"), None);
        assert_eq!(overlaps.majority("u", "o"), Some(0.75));
    }
}
