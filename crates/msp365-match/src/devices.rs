//! Which device of a tool is which device of Microsoft 365, by host name, within the sites permitted for its
//! tenant.
//!
//! A name that exactly one device on each side bears, within reach of each other, is certain. A name that
//! several bear is ambiguous: candidates are listed, none is linked. Where a tool or a directory cut names to
//! [15 characters](crate::text::NETBIOS_LENGTH), the cut name is looked up second; it is certain only if no
//! other device on either side cuts to the same. Names that products give themselves (`iphone`, `localhost`)
//! are never certain.
//!
//! **Stale twins.** Several devices of ours in one tenant with one name are often one machine that was joined
//! again, its old objects left behind. If all have a time at which they were last seen, the newest is at
//! least [`STALE_AFTER_DAYS`] days newer than every other, and no two of them have different serial numbers,
//! then the newest stands for the machine and the others get the verdict `none` with the evidence
//! `stale_twin`. Otherwise they are taken for different machines, and the name is ambiguous. Devices without
//! a known tenant and generic names are never taken for twins.
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

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::pair::Pair;

mod answer;
mod generic;
mod group;
mod join;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod twins;

pub use twins::STALE_AFTER_DAYS;

/// A device of Microsoft 365, as Entra or Intune lists it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Ours {
    /// Its id, which the pairs repeat.
    pub id: String,
    /// Its name as listed.
    pub hostname: String,
    /// The tenant it belongs to; `None` is a tenant of its own for which [`Sites`] names no site.
    pub tenant: Option<String>,
    /// When it was last seen, in seconds since 1970; tells a stale twin from its successor.
    pub last_seen: Option<i64>,
    /// Its serial number; two different ones are two machines.
    pub serial: Option<String>,
}

impl Ours {
    /// The device with this id and name, nothing else known.
    pub fn new(id: impl Into<String>, hostname: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            hostname: hostname.into(),
            tenant: None,
            last_seen: None,
            serial: None,
        }
    }

    /// In this tenant.
    #[must_use]
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Last seen at this time, in seconds since 1970.
    #[must_use]
    pub fn last_seen(mut self, seconds: i64) -> Self {
        self.last_seen = Some(seconds);
        self
    }

    /// With this serial number.
    #[must_use]
    pub fn serial(mut self, serial: impl Into<String>) -> Self {
        self.serial = Some(serial.into());
        self
    }
}

/// A device of the tool.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Theirs {
    /// The tool's id of it, which the pairs repeat.
    pub id: String,
    /// The host name its agent reports.
    pub hostname: String,
    /// The site it stands in; without one it is out of reach as soon as [`Sites`] names any.
    pub site: Option<String>,
}

impl Theirs {
    /// The device with this id and host name, site unknown.
    pub fn new(id: impl Into<String>, hostname: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            hostname: hostname.into(),
            site: None,
        }
    }

    /// In this site.
    #[must_use]
    pub fn site(mut self, site: impl Into<String>) -> Self {
        self.site = Some(site.into());
        self
    }
}

/// The sites of the tool in which devices of a tenant may be found.
///
/// Without any entry everything is permitted. With the first entry the rule holds for all: a tenant that has
/// no entry is matched with nothing, so that a customer whose sites nobody has named is not linked to another
/// one's computers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sites {
    allowed: FxHashMap<String, BTreeSet<String>>,
}

impl Sites {
    /// No rule yet: every site for every tenant.
    pub fn everywhere() -> Self {
        Self::default()
    }

    /// Permits this site for this tenant; call again for more.
    #[must_use]
    pub fn allow(mut self, tenant: impl Into<String>, site: impl Into<String>) -> Self {
        self.allowed.entry(tenant.into()).or_default().insert(site.into());
        self
    }

    /// Whether there is no rule, so that everything is permitted.
    pub fn is_everywhere(&self) -> bool {
        self.allowed.is_empty()
    }

    /// The sites permitted for a tenant; `None` if it has no entry.
    fn of(&self, tenant: Option<&str>) -> Option<&BTreeSet<String>> {
        self.allowed.get(tenant?)
    }
}

impl<T: Into<String>, S: Into<String>> FromIterator<(T, S)> for Sites {
    /// From rows of tenant and site.
    fn from_iter<I: IntoIterator<Item = (T, S)>>(rows: I) -> Self {
        rows.into_iter()
            .fold(Self::everywhere(), |sites, (tenant, site)| {
                sites.allow(tenant, site)
            })
    }
}

/// Finds the tool's device for each of ours, by host name.
///
/// The rows stand by our id, then score, then the other id; the order of the input does not matter. Time and
/// memory grow with the number of devices, also where thousands share a name: then at most
/// [`MOST_CANDIDATES`](crate::MOST_CANDIDATES) are listed for each.
pub fn match_hosts(ours: &[Ours], theirs: &[Theirs], sites: &Sites) -> Vec<Pair> {
    let both = join::Sides::of(ours, theirs, sites);
    let mut answer = answer::Answer::nothing_yet(&both);
    join::by_whole_name(&both, &mut answer);
    join::by_cut_name(&both, &mut answer);
    answer.into_pairs(&both)
}
