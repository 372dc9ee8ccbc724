//! What a pass found, combined with earlier decisions and links.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Decision, Ends, Reviewed, Said, Standing};
use crate::pair::{Evidence, Pair, Verdict};

/// What binds a record of ours to a partner, or to having none.
#[derive(Debug)]
enum Bond<'a> {
    Decided(&'a Decision, &'a str),
    Held(&'a str),
    Ignored(&'a Decision),
}

/// Applies decisions, and the links of earlier passes, to what a pass found.
///
/// A decision holds whatever the pass says. A link of an earlier pass (`held`: ids of ours and theirs) holds as long as
/// both ends exist, even if names and addresses have changed: a rename breaks no link, and whoever takes over an
/// address takes over no link. If this pass finds another partner, the row says so. A link of which one end is gone is
/// `broken`, and the record of ours is also matched anew. Linked records are no candidates for others, and refused
/// pairs do not come back.
///
/// Rows keep the order in which they were found; broken ones whose record of ours is gone come last, by id.
pub fn review(
    found: Vec<Pair>,
    held: &[(String, String)],
    decisions: &[Decision],
    ends: &Ends,
) -> Vec<Reviewed> {
    let review = Review::of(held, decisions, ends);
    let mut rows = Vec::with_capacity(found.len());
    let mut found = found.into_iter().peekable();
    while let Some(first) = found.next() {
        let mut of_one = vec![first];
        while let Some(next) =
            found.next_if(|next| of_one.first().is_some_and(|first| first.ours == next.ours))
        {
            of_one.push(next);
        }
        rows.append(&mut review.rows(of_one));
    }
    rows.append(&mut review.gone());
    rows
}

/// [`review`] for rows that come one after another, and are too many to be held.
#[derive(Debug)]
pub struct Review<'a> {
    bonds: FxHashMap<&'a str, Bond<'a>>,
    refused: FxHashSet<(&'a str, &'a str)>,
    owners: FxHashMap<&'a str, &'a str>,
    ends: &'a Ends,
}

impl<'a> Review<'a> {
    /// A review by these decisions and links of earlier passes. `ends` need only name the records that these mention.
    pub fn of(held: &'a [(String, String)], decisions: &'a [Decision], ends: &'a Ends) -> Self {
        let mut bonds: FxHashMap<&str, Bond<'_>> = FxHashMap::default();
        for (ours, theirs) in held {
            bonds.insert(ours, Bond::Held(theirs));
        }
        let mut refused: FxHashSet<(&str, &str)> = FxHashSet::default();
        for decision in decisions {
            match (decision.said, &decision.theirs) {
                (Said::Linked | Said::Created, Some(theirs)) => {
                    bonds.insert(&decision.ours, Bond::Decided(decision, theirs));
                }
                (Said::Ignored, _) => {
                    bonds.insert(&decision.ours, Bond::Ignored(decision));
                }
                (Said::Refused, Some(theirs)) => {
                    refused.insert((&decision.ours, theirs));
                    if matches!(bonds.get(decision.ours.as_str()), Some(Bond::Held(held)) if held == theirs) {
                        bonds.remove(decision.ours.as_str());
                    }
                }
                (Said::Linked | Said::Created | Said::Refused, None) => {}
            }
        }
        Self {
            owners: owners(&bonds, ends),
            bonds,
            refused,
            ends,
        }
    }

    /// The rows of one record of ours, from everything that was found for it.
    pub fn rows(&self, mut found: Vec<Pair>) -> Vec<Reviewed> {
        let mut rows = Vec::with_capacity(found.len());
        let Some(ours) = found.first().map(|first| first.ours.clone()) else {
            return rows;
        };
        found.retain(|pair| {
            let theirs = pair.theirs.as_deref();
            theirs.is_none_or(|theirs| {
                !self.refused.contains(&(ours.as_str(), theirs))
                    && self.owners.get(theirs).is_none_or(|owner| *owner == ours)
            })
        });
        answer(&ours, self.bonds.get(ours.as_str()), found, self.ends, &mut rows);
        rows
    }

    /// Links of records of ours that no longer exist, by id. They come after all other rows.
    pub fn gone(&self) -> Vec<Reviewed> {
        let mut lost: Vec<(&str, &str)> = self
            .bonds
            .iter()
            .filter(|(ours, _)| !self.ends.ours.contains(**ours))
            .filter_map(|(ours, bond)| match bond {
                Bond::Decided(_, theirs) | Bond::Held(theirs) => Some((*ours, *theirs)),
                Bond::Ignored(_) => None,
            })
            .collect();
        lost.sort_unstable();
        let rows = lost.into_iter();
        rows.map(|(ours, theirs)| broken(ours, theirs, "our record is gone"))
            .collect()
    }
}

/// Which record of ours each of theirs is bound to, if both ends exist; a decision takes precedence over a link.
fn owners<'a>(bonds: &FxHashMap<&'a str, Bond<'a>>, ends: &Ends) -> FxHashMap<&'a str, &'a str> {
    let mut owners: FxHashMap<&str, (&str, bool)> = FxHashMap::default();
    let mut bonds: Vec<_> = bonds.iter().collect();
    bonds.sort_unstable_by_key(|(ours, _)| **ours);
    for (ours, bond) in bonds {
        let (theirs, is_decided) = match bond {
            Bond::Decided(_, theirs) => (*theirs, true),
            Bond::Held(theirs) => (*theirs, false),
            Bond::Ignored(_) => continue,
        };
        let is_whole = ends.ours.contains(*ours) && ends.theirs.contains(theirs);
        let is_better = owners.get(theirs).is_none_or(|(_, known)| is_decided && !known);
        if is_whole && is_better {
            owners.insert(theirs, (ours, is_decided));
        }
    }
    owners
        .into_iter()
        .map(|(theirs, (ours, _))| (theirs, ours))
        .collect()
}

/// The rows of one record of ours.
fn answer(ours: &str, bond: Option<&Bond<'_>>, of_one: Vec<Pair>, ends: &Ends, rows: &mut Vec<Reviewed>) {
    match bond {
        Some(Bond::Decided(decision, theirs)) if ends.theirs.contains(*theirs) => {
            let pair = Pair::new(ours, *theirs, Verdict::Certain, 1.0).because("decision", said(decision));
            rows.push(rechecked(pair, &of_one, Standing::Decided));
            return;
        }
        Some(Bond::Held(theirs)) if ends.theirs.contains(*theirs) => {
            let same = of_one.iter().find(|pair| pair.theirs.as_deref() == Some(*theirs));
            if let Some(pair) = same.filter(|pair| pair.is_certain()) {
                let pair = pair.clone();
                rows.push(Reviewed {
                    pair,
                    standing: Standing::Automatic,
                });
                return;
            }
            let pair = Pair::new(ours, *theirs, Verdict::Certain, 1.0);
            let pair = pair.because("held", "linked by an earlier pass; both records are still there");
            rows.push(rechecked(pair, &of_one, Standing::Held));
            return;
        }
        Some(Bond::Ignored(decision)) => {
            let pair = Pair::alone(ours).because("decision", said(decision));
            rows.push(Reviewed {
                pair,
                standing: Standing::Ignored,
            });
            return;
        }
        Some(Bond::Decided(_, theirs) | Bond::Held(theirs)) => {
            rows.push(broken(ours, theirs, "the tool's record is gone"));
        }
        None => {}
    }
    if of_one.is_empty() && bond.is_none() {
        let pair =
            Pair::alone(ours).because("taken", "all that was found is refused, or linked with another");
        rows.push(Reviewed {
            pair,
            standing: Standing::Open,
        });
    }
    rows.extend(
        of_one
            .into_iter()
            .filter(|pair| bond.is_none() || pair.theirs.is_some())
            .map(|pair| {
                let standing = if pair.is_certain() {
                    Standing::Automatic
                } else {
                    Standing::Open
                };
                Reviewed { pair, standing }
            }),
    );
}

/// The row, marked if this pass would have linked another partner.
fn rechecked(mut pair: Pair, found: &[Pair], standing: Standing) -> Reviewed {
    let other = found
        .iter()
        .find(|other| other.is_certain() && other.theirs != pair.theirs);
    let standing = match other.and_then(|other| other.theirs.as_deref()) {
        Some(other) => {
            let words = format!("by today's records `{other}` would be the partner");
            pair.evidence.push(Evidence::new("recheck", words));
            Standing::Recheck
        }
        None => standing,
    };
    Reviewed { pair, standing }
}

fn broken(ours: &str, theirs: &str, why: &str) -> Reviewed {
    let pair = Pair::new(ours, theirs, Verdict::None, 0.0).because("broken", why);
    Reviewed {
        pair,
        standing: Standing::Broken,
    }
}

fn said(decision: &Decision) -> String {
    let mut words = decision.said.as_str().to_owned();
    for (before, part) in [
        (" by ", &decision.by),
        (" on ", &decision.at),
        (": ", &decision.note),
    ] {
        if !part.is_empty() {
            words.push_str(before);
            words.push_str(part);
        }
    }
    words
}
