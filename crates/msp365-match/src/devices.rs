//! Which of a tool's devices is which device in Microsoft 365, within the sites permitted for its tenant.
//!
//! [`match_hosts`] uses host names only: a name that exactly one device on each side has, within reach of each other,
//! is certain. A name that several have is ambiguous: candidates are listed, and none is linked. If a tool or a
//! directory truncates names to [15 characters](crate::text::NETBIOS_LENGTH), the truncated name is looked up second;
//! it is certain only if no other device on either side truncates to the same. Names that products give themselves
//! (`iphone`, `localhost`) and names of mixed scripts are never certain.
//!
//! [`match_devices`] uses everything that is known, the best evidence first: the device id in the directory, then the
//! serial number (except placeholders, and those that several have), then the name. A name alone does not link devices
//! that have different serial numbers, systems or users, or that were last seen more than 90 days apart. Of several
//! with one name, those that share a user are suggested. Each device has at most one partner.
//!
//! **Stale twins.** Several devices in one tenant (or site) with one name are often one machine that was joined again,
//! with its old records left behind. If all have a time at which they were last seen, the newest is at least
//! [`STALE_AFTER_DAYS`] days newer than every other (or all have one serial number), and no two of them have different
//! serial numbers, then the newest stands for the machine, and the others get the verdict `none` with the evidence
//! `stale_twin`. Otherwise they count as different machines, and the name is ambiguous. Devices without a known tenant,
//! and generic names, never count as twins.
//!
//! ```
//! use msp365_match::devices::{Ours, Sites, Theirs, match_hosts};
//!
//! let ours = [
//!     Ours::new("d-1", "LT-ADA-01").tenant("contoso"),
//!     Ours::new("d-2", "LT-ADA-01").tenant("fabrikam"),
//! ];
//! let theirs = [Theirs::new("71", "lt-ada-01.contoso.example").site("Contoso HQ")];
//!
//! let everywhere = match_hosts(&ours, &theirs, &Sites::everywhere());
//! assert!(everywhere.iter().all(|pair| !pair.is_certain()));
//!
//! let sites = Sites::everywhere().allow("contoso", "Contoso HQ").allow("fabrikam", "Fabrikam");
//! let within = match_hosts(&ours, &theirs, &sites);
//! assert!(within[0].is_certain() && within[1].theirs.is_none());
//! ```

use std::sync::Arc;

use crate::pair::Pair;
use crate::parallel::{at_once, in_threads, threads};

mod answer;
mod bits;
mod column;
#[cfg(test)]
mod evidence;
mod generic;
mod group;
mod join;
mod key;
mod live;
mod merge;
#[cfg(test)]
mod properties;
mod reach;
mod record;
mod rows;
mod rules;
mod serial;
mod side;
mod source;
#[cfg(test)]
mod tests;
mod traits;
mod twins;

pub use live::Live;
pub use merge::{Field, Listed, Machine, Source, merge};
pub use reach::Sites;
pub use record::{Ours, Theirs};
pub use twins::STALE_AFTER_DAYS;

use answer::Answer;
use join::WORTH_A_THREAD;
use reach::Reach;
use rules::Table;
use side::Side;

/// Which evidence is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Using {
    /// Only host names; serial numbers and times serve only to recognize twins.
    HostNames,
    /// Everything that both sides know.
    #[default]
    AllEvidence,
}

/// Finds the tool's device for each of ours, by host name only.
///
/// Rows are sorted by our id, then score, then the other id; the order of the input does not matter. Time and memory
/// grow with the number of devices, even if thousands share a name: at most [`MOST_CANDIDATES`](crate::MOST_CANDIDATES)
/// are then listed for each.
pub fn match_hosts(ours: &[Ours], theirs: &[Theirs], sites: &Sites) -> Vec<Pair> {
    Devices::of(ours, theirs, sites)
        .matched(Using::HostNames)
        .to_pairs()
}

/// Finds the tool's device for each of ours, by everything that both sides know.
///
/// ```
/// use msp365_match::devices::{Ours, Sites, Theirs, match_devices};
///
/// let ours = [Ours::new("d-1", "LT-ADA-01").serial("5CG 1234 ABC")];
/// let theirs = [
///     Theirs::new("71", "LT-ADA-01").serial("PF0XYZ12"),
///     Theirs::new("72", "LT-ADA-NEW").serial("5cg1234abc"),
/// ];
///
/// let pairs = match_devices(&ours, &theirs, &Sites::everywhere());
///
/// assert!(pairs[0].is_certain());
/// assert_eq!(pairs[0].theirs.as_deref(), Some("72"));
/// assert_eq!(pairs[0].evidence[0].text, "both have the serial number `5cg1234abc`");
/// ```
///
/// Rows are sorted as those of [`match_hosts`].
pub fn match_devices(ours: &[Ours], theirs: &[Theirs], sites: &Sites) -> Vec<Pair> {
    Devices::of(ours, theirs, sites)
        .matched(Using::AllEvidence)
        .to_pairs()
}

/// The devices of both sides, by everything that they can be found by.
///
/// If both lists are given at once, the texts stay where they are, and about 50 bytes are kept for each device. Lists
/// too long to be held as records are added one device at a time; about 150 bytes are then kept for each, however the
/// records were allocated. In that case, iterate over [`Matches::pairs`].
#[derive(Debug, Clone)]
pub struct Devices<'a> {
    reach: Arc<Reach>,
    ours: Side<'a>,
    theirs: Side<'a>,
}

impl<'a> Devices<'a> {
    /// An empty set with these rules.
    pub fn within(sites: &Sites) -> Self {
        Self::of(&[], &[], sites)
    }

    /// These devices; both sides are read at the same time.
    pub fn of(ours: &'a [Ours], theirs: &'a [Theirs], sites: &Sites) -> Self {
        let reach = Reach::of(sites);
        let (ours, theirs) = at_once(
            threads(ours.len() + theirs.len(), WORTH_A_THREAD) > 1,
            || Side::of_ours(ours, &reach),
            || Side::of_theirs(theirs, &reach),
        );
        Self {
            reach: Arc::new(reach),
            ours,
            theirs,
        }
    }

    /// Adds a device of Microsoft 365.
    pub fn add_ours(&mut self, device: &Ours) {
        self.ours.push_ours(device, &self.reach);
    }

    /// Adds a device of the tool.
    pub fn add_theirs(&mut self, device: &Theirs) {
        self.theirs.push_theirs(device, &self.reach);
    }

    /// The numbers of ours and theirs.
    pub fn count(&self) -> (usize, usize) {
        (self.ours.len(), self.theirs.len())
    }

    /// Decides for all devices of ours.
    pub fn matched(&self, using: Using) -> Matches<'_> {
        let table = Table {
            ours: &self.ours,
            theirs: &self.theirs,
            reach: &self.reach,
            using,
        };
        Matches {
            answer: table.answer(),
            table,
        }
    }
}

/// What was decided, not yet in words: a million verdicts take a few megabytes, a million rows several hundred.
#[derive(Debug)]
pub struct Matches<'a> {
    table: Table<'a>,
    answer: Answer,
}

impl Matches<'_> {
    /// The rows one at a time, sorted by our id, then score, then the other id.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> {
        let order = self.table.ours.order();
        (0..self.table.ours.len()).flat_map(move |number| {
            let mut rows = Vec::with_capacity(1);
            rows::push(
                &self.table,
                &self.answer,
                place(order.as_deref(), number),
                &mut rows,
            );
            rows
        })
    }

    /// The ids of the certain pairs, ours and theirs, without words: all that a program needs if it only stores links.
    /// Ours are in the order in which they were added.
    ///
    /// ```
    /// use msp365_match::devices::{Devices, Ours, Sites, Theirs, Using};
    ///
    /// let mut devices = Devices::within(&Sites::everywhere());
    /// devices.add_ours(&Ours::new("d-1", "LT-ADA-01"));
    /// devices.add_theirs(&Theirs::new("71", "lt-ada-01.contoso.example"));
    ///
    /// let matches = devices.matched(Using::AllEvidence);
    /// assert_eq!(matches.links().collect::<Vec<_>>(), [("d-1", "71")]);
    /// ```
    pub fn links(&self) -> impl Iterator<Item = (&str, &str)> {
        self.places()
            .map(|(ours, theirs)| (self.table.ours.id(ours), self.table.theirs.id(theirs)))
    }

    /// The indices of the certain pairs, ours and theirs, in the lists that were given or in the order in which devices
    /// were added. The quickest answer for a caller that has the records at hand.
    ///
    /// ```
    /// use msp365_match::devices::{Devices, Ours, Sites, Theirs, Using};
    ///
    /// let ours = [Ours::new("d-1", "SRV-01"), Ours::new("d-2", "LT-ADA-01")];
    /// let theirs = [Theirs::new("71", "lt-ada-01.contoso.example")];
    ///
    /// let devices = Devices::of(&ours, &theirs, &Sites::everywhere());
    /// assert_eq!(devices.matched(Using::AllEvidence).places().collect::<Vec<_>>(), [(1, 0)]);
    /// ```
    pub fn places(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.table.ours.len()).filter_map(|place| Some((place, self.answer.linked(place)?)))
    }

    /// All rows at once, written on all cores.
    pub fn to_pairs(&self) -> Vec<Pair> {
        let count = self.table.ours.len();
        let order = self.table.ours.order();
        let threads = threads(count, WORTH_A_THREAD);
        let share = count.div_ceil(threads.max(1));
        let mut parts = in_threads(threads, |number| {
            let mut rows = Vec::with_capacity(share);
            for number in (number * share)..((number + 1) * share).min(count) {
                rows::push(
                    &self.table,
                    &self.answer,
                    place(order.as_deref(), number),
                    &mut rows,
                );
            }
            rows
        })
        .into_iter();
        let mut pairs = parts.next().unwrap_or_default();
        parts.for_each(|mut part| pairs.append(&mut part));
        pairs
    }
}

/// The index of the record with this number in the order of the answer.
fn place(order: Option<&[usize]>, number: usize) -> usize {
    order
        .and_then(|order| order.get(number).copied())
        .unwrap_or(number)
}
