//! Which pairs may be linked, and what speaks against the others.

use super::book::{Book, By, Entry};
use crate::score;

/// Names less similar than this do not support a domain.
const BORNE_OUT: f64 = 0.6;

/// Why the same name, if only one record on each side has it, is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    OtherForm,
    OtherDomains,
    Deceptive,
}

/// What two records have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Support {
    pub(super) by_tenant: bool,
    /// Domains that only these two have.
    pub(super) own_domains: usize,
    /// Domains that both have, and perhaps others.
    pub(super) domains: usize,
    pub(super) same_name: bool,
    /// No other record has the name.
    pub(super) only_name: bool,
}

impl Book {
    pub(super) fn support(&self, ours: u32, theirs: u32) -> Support {
        let (one, other) = (self.our(ours), self.their(theirs));
        let shared = || {
            one.domains
                .iter()
                .filter(|domain| other.domains.binary_search(domain).is_ok())
        };
        let is_own = |domain: &str| {
            let bearers = self.bearers(By::Domain, domain);
            bearers.is_some_and(|bearers| bearers.pair().is_some())
        };
        let same_name = !one.name.is_empty() && one.name == other.name;
        Support {
            by_tenant: other
                .tenant
                .as_ref()
                .is_some_and(|tenant| tenant.eq_ignore_ascii_case(&one.id)),
            own_domains: shared().filter(|domain| is_own(domain)).count(),
            domains: shared().count(),
            same_name,
            only_name: same_name
                && self
                    .bearers(By::Name, &one.name)
                    .is_some_and(|bearers| bearers.pair().is_some()),
        }
    }

    /// What speaks against two records with the same name.
    pub(super) fn doubt(&self, ours: u32, theirs: u32) -> Option<Doubt> {
        let (one, other) = (self.our(ours), self.their(theirs));
        let shares = || {
            one.domains
                .iter()
                .any(|domain| other.domains.binary_search(domain).is_ok())
        };
        if one.is_deceptive || other.is_deceptive {
            Some(Doubt::Deceptive)
        } else if one.has_known_domain() && other.has_known_domain() && !shares() {
            Some(Doubt::OtherDomains)
        } else if !one.form.is_empty() && !other.form.is_empty() && one.form != other.form {
            Some(Doubt::OtherForm)
        } else {
            None
        }
    }

    /// Whether the two may be linked if they have no rivals.
    fn is_sound(&self, ours: u32, theirs: u32) -> bool {
        let support = self.support(ours, theirs);
        if support.by_tenant {
            return true;
        }
        if self.is_of_another_tenant(ours, theirs) {
            return false;
        }
        if support.own_domains > 0 {
            return support.same_name
                || support.domains == self.their(theirs).domains.len()
                || self.is_alike(ours, theirs);
        }
        support.only_name && self.doubt(ours, theirs).is_none()
    }

    /// Whether the names support a domain.
    pub(super) fn is_alike(&self, ours: u32, theirs: u32) -> bool {
        score::names(self.our(ours).look(), self.their(theirs).look()) >= BORNE_OUT
    }

    /// Whether the tool has another tenant on record for the organization.
    pub(super) fn is_of_another_tenant(&self, ours: u32, theirs: u32) -> bool {
        let tenant = self.their(theirs).tenant.as_ref();
        tenant.is_some_and(|tenant| !tenant.eq_ignore_ascii_case(&self.our(ours).id))
    }

    /// The organizations that a tenant may be linked with.
    pub(super) fn sound(&self, ours: u32) -> Vec<u32> {
        let by_tenant = self.bearers(By::Tenant, &self.our(ours).id.to_lowercase());
        let mut found: Vec<u32> =
            by_tenant.map_or_else(Vec::new, |bearers| bearers.theirs.as_slice().to_vec());
        if found.is_empty() {
            found = self.peers(self.our(ours), |pair| pair.1);
            found.retain(|theirs| self.is_sound(ours, *theirs));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The records that alone share a name or a domain with this one, by place.
    pub(super) fn peers(&self, entry: &Entry, end: impl Fn((u32, u32)) -> u32) -> Vec<u32> {
        let domains = entry
            .domains
            .iter()
            .filter_map(|domain| self.bearers(By::Domain, domain));
        let bearers = domains.chain(self.bearers(By::Name, &entry.name));
        bearers.filter_map(|bearers| Some(end(bearers.pair()?))).collect()
    }

    /// The tenants that an organization may be linked with.
    fn sound_of_theirs(&self, theirs: u32) -> Vec<u32> {
        let other = self.their(theirs);
        let mut found: Vec<u32> = Vec::new();
        if let Some(bearers) = other
            .tenant
            .as_ref()
            .and_then(|tenant| self.bearers(By::Tenant, tenant))
        {
            found.extend(bearers.ours.as_slice());
        } else {
            found = self.peers(other, |pair| pair.0);
            // A tenant that has an organization by its id needs no other.
            found.retain(|ours| self.sound(*ours).contains(&theirs));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The organization that a tenant is linked with, without asking anybody.
    pub(super) fn certain(&self, ours: u32) -> Option<u32> {
        let [only] = self.sound(ours)[..] else {
            return None;
        };
        (self.sound_of_theirs(only) == [ours]).then_some(only)
    }

    /// Whether the organization is another tenant's certain partner, or on record for one.
    pub(super) fn is_taken(&self, ours: u32, theirs: u32) -> bool {
        self.is_of_another_tenant(ours, theirs)
            || self
                .sound_of_theirs(theirs)
                .into_iter()
                .any(|other| other != ours && self.certain(other) == Some(theirs))
    }

    pub(super) fn our(&self, place: u32) -> &Entry {
        &self.ours[place as usize]
    }

    pub(super) fn their(&self, place: u32) -> &Entry {
        &self.theirs[place as usize]
    }
}
