//! Both sides with all they can be found by.

use rustc_hash::FxHashMap;

use super::index::Index;
use super::{Ours, Overlaps, Theirs};
use crate::text::{business_domain, is_deceptive, skeleton, split};

/// A record, folded.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) form: String,
    /// The name as it looks, if that differs from how it is written.
    look: Option<String>,
    /// Domains that are its own, in order.
    pub(super) domains: Vec<String>,
    pub(super) tenant: Option<String>,
    pub(super) is_deceptive: bool,
}

impl Entry {
    fn new(id: &str, name: &str, domains: &[String], tenant: Option<&str>) -> Self {
        let (folded, form) = split(name);
        let mut domains: Vec<String> = domains
            .iter()
            .filter_map(|domain| business_domain(domain))
            .collect();
        domains.sort_unstable();
        domains.dedup();
        let look = (!folded.is_ascii())
            .then(|| skeleton(&folded))
            .filter(|look| *look != folded);
        let tenant = tenant.map(|tenant| tenant.trim().to_lowercase());
        Self {
            id: id.to_owned(),
            is_deceptive: is_deceptive(name),
            name: folded,
            form,
            look,
            domains,
            tenant: tenant.filter(|tenant| !tenant.is_empty()),
        }
    }

    pub(super) fn of_ours(tenant: &Ours) -> Self {
        Self::new(&tenant.id, &tenant.name, &tenant.domains, None)
    }

    pub(super) fn of_theirs(organization: &Theirs) -> Self {
        let Theirs {
            id,
            name,
            domains,
            tenant,
        } = organization;
        Self::new(id, name, domains, tenant.as_deref())
    }

    /// The name as it looks.
    pub(super) fn look(&self) -> &str {
        self.look.as_deref().unwrap_or(&self.name)
    }
}

/// The records that have one name or domain, by place.
#[derive(Debug, Clone, Default)]
pub(super) struct Bearers {
    pub(super) ours: Vec<u32>,
    pub(super) theirs: Vec<u32>,
}

impl Bearers {
    /// The one of each side, if nobody else bears it.
    pub(super) fn pair(&self) -> Option<(u32, u32)> {
        match (self.ours.as_slice(), self.theirs.as_slice()) {
            ([ours], [theirs]) => Some((*ours, *theirs)),
            _ => None,
        }
    }
}

/// Both sides. The entries stand by id, so that the order of the input cannot matter.
#[derive(Debug, Clone)]
pub(super) struct Book {
    pub(super) ours: Vec<Entry>,
    pub(super) theirs: Vec<Entry>,
    pub(super) names: FxHashMap<String, Bearers>,
    pub(super) domains: FxHashMap<String, Bearers>,
    /// Theirs by the tenant that the tool has on record, ours by their ids.
    pub(super) tenants: FxHashMap<String, Bearers>,
    pub(super) their_ids: FxHashMap<String, u32>,
    pub(super) overlaps: Overlaps,
    pub(super) index: Index,
}

impl Book {
    pub(super) fn of(ours: &[Ours], theirs: &[Theirs], overlaps: &Overlaps) -> Self {
        let mut book = Self {
            ours: Vec::with_capacity(ours.len()),
            theirs: Vec::with_capacity(theirs.len()),
            names: FxHashMap::default(),
            domains: FxHashMap::default(),
            tenants: FxHashMap::default(),
            their_ids: FxHashMap::default(),
            overlaps: overlaps.clone(),
            index: Index::default(),
        };
        for tenant in in_order(ours) {
            book.add_ours(Entry::of_ours(tenant));
        }
        for organization in in_order(theirs) {
            book.enter_theirs(Entry::of_theirs(organization));
        }
        book.index = Index::of(book.theirs.iter().map(Entry::look));
        book
    }

    /// Adds a tenant. Answers its place.
    pub(super) fn add_ours(&mut self, entry: Entry) -> u32 {
        let place = number(self.ours.len());
        if !entry.name.is_empty() {
            bearers(&mut self.names, &entry.name).ours.push(place);
        }
        for domain in &entry.domains {
            bearers(&mut self.domains, domain).ours.push(place);
        }
        bearers(&mut self.tenants, &entry.id.to_lowercase())
            .ours
            .push(place);
        self.ours.push(entry);
        place
    }

    /// Adds an organization. Answers its place.
    pub(super) fn add_theirs(&mut self, entry: Entry) -> u32 {
        self.index.add(entry.look());
        self.enter_theirs(entry)
    }

    fn enter_theirs(&mut self, entry: Entry) -> u32 {
        let place = number(self.theirs.len());
        if !entry.name.is_empty() {
            bearers(&mut self.names, &entry.name).theirs.push(place);
        }
        for domain in &entry.domains {
            bearers(&mut self.domains, domain).theirs.push(place);
        }
        if let Some(tenant) = &entry.tenant {
            bearers(&mut self.tenants, tenant).theirs.push(place);
        }
        self.their_ids.insert(entry.id.clone(), place);
        self.theirs.push(entry);
        place
    }
}

fn bearers<'a>(map: &'a mut FxHashMap<String, Bearers>, key: &str) -> &'a mut Bearers {
    map.entry(key.to_owned()).or_default()
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// By id, then all else.
fn in_order<T: Ord>(records: &[T]) -> Vec<&T> {
    let mut records: Vec<&T> = records.iter().collect();
    records.sort_unstable();
    records
}
