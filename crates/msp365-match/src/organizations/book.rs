//! Both sides, by everything that they can be found by.

use std::borrow::Borrow;
use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

use super::index::Index;
use super::{Ours, Overlaps, Theirs};
use crate::text::{business_domain, is_deceptive, skeleton, split};

/// A record, folded.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: Box<str>,
    pub(super) name: Box<str>,
    pub(super) form: Box<str>,
    /// The name as it looks, if that differs from its spelling.
    look: Option<Box<str>>,
    /// Its own domains, in order.
    pub(super) domains: Box<[Box<str>]>,
    pub(super) tenant: Option<Box<str>>,
    pub(super) is_deceptive: bool,
}

impl Entry {
    fn new(id: &str, name: &str, domains: &[String], tenant: Option<&str>) -> Self {
        let (folded, form) = split(name);
        let mut domains: Vec<Box<str>> = domains
            .iter()
            .filter_map(|domain| Some(business_domain(domain)?.into_boxed_str()))
            .collect();
        domains.sort_unstable();
        domains.dedup();
        let look = (!folded.is_ascii())
            .then(|| skeleton(&folded))
            .filter(|look| *look != folded);
        let tenant = tenant.map(|tenant| tenant.trim().to_lowercase().into_boxed_str());
        Self {
            id: id.into(),
            is_deceptive: is_deceptive(name),
            name: folded.into(),
            form: form.into(),
            look: look.map(Into::into),
            domains: domains.into(),
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

    /// The keys it is found by, with this tenant id.
    fn keys(&self, tenant: &str) -> impl Iterator<Item = u64> {
        let named = [(By::Name, &*self.name), (By::Tenant, tenant)];
        let own = named.into_iter().filter(|(_, text)| !text.is_empty());
        let domains = self.domains.iter().map(|domain| (By::Domain, &**domain));
        let keys: Vec<u64> = own.chain(domains).map(|(by, text)| by.key(text)).collect();
        keys.into_iter()
    }

    /// Whether it has a domain besides the one that every tenant is given.
    pub(super) fn has_known_domain(&self) -> bool {
        self.domains
            .iter()
            .any(|domain| !domain.contains(".onmicrosoft."))
    }

    /// The name as it looks.
    pub(super) fn look(&self) -> &str {
        self.look.as_deref().unwrap_or(&self.name)
    }
}

/// The records that share one name, domain or tenant id, by place.
#[derive(Debug, Clone, Default)]
pub(super) struct Bearers {
    pub(super) ours: Places,
    pub(super) theirs: Places,
}

impl Bearers {
    /// The one on each side, if no other record has it.
    pub(super) fn pair(&self) -> Option<(u32, u32)> {
        match (&self.ours, &self.theirs) {
            (Places::One(ours), Places::One(theirs)) => Some((*ours, *theirs)),
            _ => None,
        }
    }
}

/// Places of records: nearly always just one, which needs no allocation.
#[derive(Debug, Clone, Default)]
pub(super) enum Places {
    #[default]
    None,
    One(u32),
    Several(Vec<u32>),
}

impl Places {
    fn push(&mut self, place: u32) {
        match self {
            Self::None => *self = Self::One(place),
            Self::One(first) => *self = Self::Several(vec![*first, place]),
            Self::Several(places) => places.push(place),
        }
    }

    pub(super) fn as_slice(&self) -> &[u32] {
        match self {
            Self::None => &[],
            Self::One(place) => std::slice::from_ref(place),
            Self::Several(places) => places,
        }
    }
}

/// What records are found by.
#[derive(Debug, Clone, Copy)]
pub(super) enum By {
    Name,
    Domain,
    /// Theirs by the tenant that the tool has on record, ours by their ids.
    Tenant,
}

impl By {
    /// The key in the map. If two texts share one by chance, this costs a link but never makes one: the texts are
    /// compared before linking.
    fn key(self, text: &str) -> u64 {
        let mut hasher = FxHasher::default();
        hasher.write_u8(match self {
            Self::Name => 0,
            Self::Domain => 1,
            Self::Tenant => 2,
        });
        hasher.write(text.as_bytes());
        hasher.finish()
    }
}

/// Both sides. The entries are sorted by id, so that the order of the input cannot matter.
#[derive(Debug, Clone)]
pub(super) struct Book {
    pub(super) ours: Vec<Entry>,
    pub(super) theirs: Vec<Entry>,
    bearers: FxHashMap<u64, Bearers>,
    pub(super) overlaps: Overlaps,
    pub(super) index: Index,
}

impl Book {
    /// These records, which are in the order of the answer.
    pub(super) fn of<O: Borrow<Ours>, T: Borrow<Theirs>>(
        ours: impl IntoIterator<Item = O>,
        theirs: impl IntoIterator<Item = T>,
        overlaps: &Overlaps,
    ) -> Self {
        let mut book = Self {
            ours: Vec::new(),
            theirs: Vec::new(),
            bearers: FxHashMap::default(),
            overlaps: overlaps.clone(),
            index: Index::default(),
        };
        for tenant in ours {
            book.add_ours(Entry::of_ours(tenant.borrow()));
        }
        for organization in theirs {
            book.enter_theirs(Entry::of_theirs(organization.borrow()));
        }
        book.index = Index::of(book.theirs.iter().map(Entry::look));
        book
    }

    /// Who has this name, domain or tenant id.
    pub(super) fn bearers(&self, by: By, text: &str) -> Option<&Bearers> {
        if text.is_empty() {
            return None;
        }
        self.bearers.get(&by.key(text))
    }

    /// Adds a tenant. Returns its place.
    pub(super) fn add_ours(&mut self, entry: Entry) -> u32 {
        let place = number(self.ours.len());
        for key in entry.keys(&entry.id.to_lowercase()) {
            self.bearers.entry(key).or_default().ours.push(place);
        }
        self.ours.push(entry);
        place
    }

    /// Adds an organization. Returns its place.
    pub(super) fn add_theirs(&mut self, entry: Entry) -> u32 {
        self.index.add(entry.look());
        self.enter_theirs(entry)
    }

    fn enter_theirs(&mut self, entry: Entry) -> u32 {
        let place = number(self.theirs.len());
        for key in entry.keys(entry.tenant.as_deref().unwrap_or_default()) {
            self.bearers.entry(key).or_default().theirs.push(place);
        }
        self.theirs.push(entry);
        place
    }

    /// The place of the organization with this id. Only overlaps need it, and there are few.
    pub(super) fn their_place(&self, id: &str) -> Option<u32> {
        let place = self.theirs.binary_search_by(|entry| (*entry.id).cmp(id)).ok();
        let place = place.or_else(|| self.theirs.iter().position(|entry| *entry.id == *id))?;
        Some(number(place))
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
