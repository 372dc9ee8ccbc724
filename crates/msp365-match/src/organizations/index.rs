//! Finds names that may be similar to a given one by the trigrams they share, so that a better and slower measure need
//! only be applied to a few.

use rustc_hash::FxHashMap;

/// The number of names proposed for each.
const PROPOSED: usize = 50;

/// Most entries read for one name, the rarest trigrams first: what would be found later shares only common ones.
const MOST_READ: usize = 25_000;

/// Names by their trigrams.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    postings: FxHashMap<u64, Vec<u32>>,
    /// For each name, the weight of all its trigrams.
    totals: Vec<f32>,
}

/// Working memory, reused between look-ups.
#[derive(Debug, Clone, Default)]
pub(super) struct Scratch {
    /// For each name, the weight that it shares with the one being looked up; all zero between look-ups.
    common: Vec<f32>,
    touched: Vec<u32>,
    runs: Vec<u64>,
}

impl Index {
    /// An index of names; a name is identified by its place among them.
    pub(super) fn of<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Self {
        let mut index = Self::default();
        let mut runs = Vec::new();
        for (place, name) in (0_u32..).zip(names.clone()) {
            runs_of_three(name, &mut runs);
            for run in &runs {
                index.postings.entry(*run).or_default().push(place);
            }
        }
        let count = names.clone().count();
        for name in names {
            runs_of_three(name, &mut runs);
            let total = runs.iter().map(|run| index.weight(*run, count)).sum();
            index.totals.push(total);
        }
        index
    }

    /// Adds a name after all others.
    pub(super) fn add(&mut self, name: &str) {
        let mut runs = Vec::new();
        runs_of_three(name, &mut runs);
        let place = u32::try_from(self.totals.len()).unwrap_or(u32::MAX);
        for run in &runs {
            self.postings.entry(*run).or_default().push(place);
        }
        let count = self.totals.len() + 1;
        let total = runs.iter().map(|run| self.weight(*run, count)).sum();
        self.totals.push(total);
    }

    /// Working memory for look-ups.
    pub(super) fn scratch(&self) -> Scratch {
        Scratch {
            common: vec![0.0; self.totals.len()],
            touched: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// The places of the names that share most with this one.
    pub(super) fn likely(&self, name: &str, scratch: &mut Scratch) -> Vec<u32> {
        let Scratch {
            common,
            touched,
            runs,
        } = scratch;
        common.resize(self.totals.len(), 0.0);
        runs_of_three(name, runs);
        let mut runs: Vec<(usize, u64, f32)> = runs
            .iter()
            .map(|run| (self.bearers(*run), *run, self.weight(*run, self.totals.len())))
            .collect();
        runs.sort_unstable_by_key(|(bearers, run, _)| (*bearers, *run));
        let total: f32 = runs.iter().map(|(_, _, weight)| weight).sum();

        let mut read = 0;
        for (bearers, run, weight) in runs {
            let Some(places) = self.postings.get(&run) else {
                continue;
            };
            read += bearers;
            if read > MOST_READ && !touched.is_empty() {
                break;
            }
            for place in places {
                let common = &mut common[*place as usize];
                if *common <= 0.0 {
                    touched.push(*place);
                }
                *common += weight;
            }
        }

        let mut ranked: Vec<(f32, u32)> = touched
            .drain(..)
            .map(|place| {
                let at = place as usize;
                let common = std::mem::take(&mut common[at]);
                (2.0 * common / (total + self.totals[at]), place)
            })
            .collect();
        let best_first =
            |one: &(f32, u32), other: &(f32, u32)| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1));
        if ranked.len() > PROPOSED {
            ranked.select_nth_unstable_by(PROPOSED, best_first);
            ranked.truncate(PROPOSED);
        }
        ranked.sort_unstable_by(best_first);
        ranked.into_iter().map(|(_, place)| place).collect()
    }

    fn bearers(&self, run: u64) -> usize {
        self.postings.get(&run).map_or(0, Vec::len)
    }

    /// Rare trigrams weigh more: that two names share `xyl` says more than that they share `ing`.
    fn weight(&self, run: u64, count: usize) -> f32 {
        let share = real(count) / real(self.bearers(run).max(1));
        1.0 + share.max(1.0).ln()
    }
}

/// A count as a weight; the precision lost above sixteen million does not matter.
#[expect(clippy::cast_precision_loss, reason = "weights are rough")]
fn real(count: usize) -> f32 {
    count as f32
}

/// The distinct trigrams of a name, with a space before and after it, each packed into a number.
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
        let index = Index::of(NAMES.into_iter());
        let mut scratch = index.scratch();

        assert_eq!(index.likely("nothwind trader", &mut scratch).first(), Some(&1));
    }

    #[test]
    fn a_name_that_shares_nothing_is_not_proposed() {
        let index = Index::of(NAMES.into_iter());
        let mut scratch = index.scratch();

        assert!(index.likely("zzz", &mut scratch).is_empty());
    }

    #[test]
    fn one_look_up_leaves_no_trace_in_the_next() {
        let index = Index::of(NAMES.into_iter());
        let mut scratch = index.scratch();
        let first = index.likely("fabrikan works", &mut scratch);

        index.likely("contoso", &mut scratch);

        assert_eq!(index.likely("fabrikan works", &mut scratch), first);
    }

    #[test]
    fn no_more_than_the_best_fifty_are_proposed() {
        let names: Vec<String> = (0..200)
            .map(|number| format!("contoso branch {number}"))
            .collect();
        let index = Index::of(names.iter().map(String::as_str));
        let mut scratch = index.scratch();

        let likely = index.likely("contoso branch 117", &mut scratch);

        assert_eq!(likely.len(), PROPOSED);
        assert!(likely.contains(&117));
    }
}
