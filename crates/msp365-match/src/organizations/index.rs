//! Proposes the names that may be like a given one, by the runs of three letters they share, so that a better
//! and slower measure has to look at a few names and not at all.

use rustc_hash::FxHashMap;

/// So many names are proposed for each.
const PROPOSED: usize = 50;

/// Entries read for one name, the rarest runs first: what is found after that shares only common runs.
const MOST_READ: usize = 60_000;

/// Names by the runs of three letters in them.
#[derive(Debug)]
pub(super) struct Index {
    postings: FxHashMap<u64, Vec<u32>>,
    /// Of each name, the weight of all its runs.
    totals: Vec<f64>,
    /// Of each name, the weight that it shares with the one being looked up; all nought between two look-ups.
    common: Vec<f64>,
}

impl Index {
    /// An index of names; a name is known by its place among them.
    pub(super) fn of<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Self {
        let mut postings: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        let mut runs = Vec::new();
        for (place, name) in (0_u32..).zip(names.clone()) {
            runs_of_three(name, &mut runs);
            for run in &runs {
                postings.entry(*run).or_default().push(place);
            }
        }
        let count = names.clone().count();
        let mut index = Self {
            postings,
            totals: Vec::with_capacity(count),
            common: vec![0.0; count],
        };
        for name in names {
            runs_of_three(name, &mut runs);
            let total = runs.iter().map(|run| index.weight(*run)).sum();
            index.totals.push(total);
        }
        index
    }

    /// The places of the names that share most with this one.
    pub(super) fn likely(&mut self, name: &str) -> Vec<usize> {
        let mut runs = Vec::new();
        runs_of_three(name, &mut runs);
        runs.sort_unstable_by_key(|run| (self.postings.get(run).map_or(0, Vec::len), *run));
        let total: f64 = runs.iter().map(|run| self.weight(*run)).sum();

        let mut touched = Vec::new();
        let mut read = 0;
        for run in &runs {
            let Some(places) = self.postings.get(run) else {
                continue;
            };
            read += places.len();
            if read > MOST_READ && !touched.is_empty() {
                break;
            }
            let weight = self.weight(*run);
            for place in places.iter().map(|place| *place as usize) {
                if self.common[place] <= 0.0 {
                    touched.push(place);
                }
                self.common[place] += weight;
            }
        }

        let mut ranked: Vec<(f64, usize)> = touched
            .into_iter()
            .map(|place| {
                let common = std::mem::take(&mut self.common[place]);
                (2.0 * common / (total + self.totals[place]), place)
            })
            .collect();
        let best_first =
            |one: &(f64, usize), other: &(f64, usize)| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1));
        if ranked.len() > PROPOSED {
            ranked.select_nth_unstable_by(PROPOSED, best_first);
            ranked.truncate(PROPOSED);
        }
        ranked.sort_unstable_by(best_first);
        ranked.into_iter().map(|(_, place)| place).collect()
    }

    /// Rare runs weigh more: that two names share `xyl` says more than that they share `ing`.
    fn weight(&self, run: u64) -> f64 {
        let bearers = self.postings.get(&run).map_or(1, Vec::len);
        let share = real(self.common.len()) / real(bearers);
        1.0 + share.max(1.0).ln()
    }
}

fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The distinct runs of three letters, with a space before and after the name, each packed into a number.
fn runs_of_three(name: &str, runs: &mut Vec<u64>) {
    runs.clear();
    let (mut first, mut second) = (0_u64, u64::from(u32::from(' ')));
    for letter in name.chars().chain([' ']) {
        let third = u64::from(u32::from(letter));
        runs.push(first << 42 | second << 21 | third);
        (first, second) = (second, third);
    }
    runs.sort_unstable();
    runs.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["contoso", "northwind traders", "fabrikam", "adventure works"];

    #[test]
    fn a_name_with_a_typo_is_proposed_first() {
        let mut index = Index::of(NAMES.into_iter());

        assert_eq!(index.likely("nothwind trader").first(), Some(&1));
    }

    #[test]
    fn a_name_that_shares_nothing_is_not_proposed() {
        let mut index = Index::of(NAMES.into_iter());

        assert!(index.likely("zzz").is_empty());
    }

    #[test]
    fn one_look_up_leaves_no_trace_in_the_next() {
        let mut index = Index::of(NAMES.into_iter());
        let first = index.likely("fabrikan works");

        index.likely("contoso");

        assert_eq!(index.likely("fabrikan works"), first);
    }

    #[test]
    fn no_more_than_the_best_fifty_are_proposed() {
        let names: Vec<String> = (0..200)
            .map(|number| format!("contoso branch {number}"))
            .collect();
        let mut index = Index::of(names.iter().map(String::as_str));

        let likely = index.likely("contoso branch 117");

        assert_eq!(likely.len(), PROPOSED);
        assert!(likely.contains(&117));
    }
}
