//! How much clients may ask, and where they asked for more.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    time::Duration,
};

use http::Method;
use jiff::{SignedDuration, Timestamp};
use msp365_core::TenantId;

use super::book::{Heard, named, operation};
use crate::front::{Asked, Family};

/// How much clients may ask. What is not limited is free.
///
/// Only requests to Graph and Partner Center that were answered well count, items of batches each for itself: what has
/// to be asked again because of a fault is no excess.
///
/// ```
/// use std::time::Duration;
///
/// use msp365_sim::{Budget, Sim};
///
/// let cloud = Sim::seeded(7).customers(1).users_each(3).build();
/// let budget = Budget::new()
///     .at_most("GET users", 1)
///     .no_repeats(Duration::from_secs(60))
///     .full_pages()
///     .no_item_by_item(20);
/// assert_eq!(cloud.ledger().assert_within(&budget), Ok(()));
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Budget {
    total: Option<usize>,
    operations: Vec<(String, usize)>,
    repeats: Option<Duration>,
    full_pages: bool,
    items: Option<usize>,
}

/// Why requests are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExcessKind {
    /// There were more than the budget allows.
    TooMany,
    /// The same was read again, and no client had written to the tenant since.
    Repeated,
    /// A list was read in pages smaller than it gives.
    SmallPages,
    /// One object after another was read, where a list has them all.
    ItemByItem,
}

/// Requests beyond a budget.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excess {
    /// Why they are too many.
    pub kind: ExcessKind,
    /// The tenant they went to; none if it is about all.
    pub tenant: Option<TenantId>,
    /// The operation or the address.
    pub request: String,
    /// How many there were.
    pub count: usize,
    /// How many there may be.
    pub allowed: usize,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, request, count, allowed) = (self.kind, &self.request, self.count, self.allowed);
        write!(f, "{kind:?} {request}: {count} where {allowed} do")?;
        self.tenant
            .map_or(Ok(()), |tenant| write!(f, " (tenant {tenant})"))
    }
}

impl Budget {
    /// One that limits nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// So many requests in all.
    pub const fn total(mut self, requests: usize) -> Self {
        self.total = Some(requests);
        self
    }

    /// So many requests of one operation, over all tenants, written as in the ledger: `GET users/{id}`.
    pub fn at_most(mut self, operation: impl Into<String>, requests: usize) -> Self {
        self.operations.push((operation.into(), requests));
        self
    }

    /// Nothing is read twice within this time, unless a client wrote to the tenant in between.
    pub const fn no_repeats(mut self, within: Duration) -> Self {
        self.repeats = Some(within);
        self
    }

    /// Lists that go on over several pages are read in the largest.
    pub const fn full_pages(mut self) -> Self {
        self.full_pages = true;
        self
    }

    /// No more than so many objects of a tenant are read one by one, in one operation that ends in an id or asks
    /// something of each.
    pub const fn no_item_by_item(mut self, objects: usize) -> Self {
        self.items = Some(objects);
        self
    }
}

/// One address that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tally {
    operation: String,
    path: String,
    small_page: bool,
    count: usize,
    last: Timestamp,
    /// How many writes of clients the tenant had seen by then.
    writes: usize,
    /// How long after the time before it was read again, with no write in between.
    gaps: Vec<SignedDuration>,
}

/// What was read, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Reads {
    operations: BTreeMap<String, usize>,
    addresses: BTreeMap<(Option<TenantId>, String), Tally>,
    writes: BTreeMap<Option<TenantId>, usize>,
}

impl Reads {
    /// Notes that a client wrote something.
    pub(super) fn written(&mut self, asked: &Asked) {
        *self.writes.entry(asked.tenant).or_default() += 1;
    }

    /// Notes an answer.
    pub(super) fn answered(&mut self, one: &Heard<'_>, now: Timestamp) {
        let asked = one.asked;
        let is_api = matches!(asked.family, Family::Graph | Family::PartnerCenter);
        if !is_api || asked.is_batch() || !(200..400).contains(&one.status) {
            return;
        }
        let operation = operation(asked);
        *self.operations.entry(operation.clone()).or_default() += 1;
        if asked.method != Method::GET {
            return;
        }
        let writes = self.writes.get(&asked.tenant).copied().unwrap_or_default();
        let tally = self
            .addresses
            .entry((asked.tenant, address(asked)))
            .or_insert(Tally {
                operation,
                path: asked.path.join("/"),
                small_page: is_small_page(asked),
                count: 0,
                last: now,
                writes,
                gaps: Vec::new(),
            });
        if tally.count > 0 && tally.writes == writes {
            tally.gaps.push(now.duration_since(tally.last));
        }
        tally.count += 1;
        (tally.last, tally.writes) = (now, writes);
    }

    pub(super) fn over(&self, budget: &Budget) -> Vec<Excess> {
        let mut over = self.too_many(budget);
        if let Some(within) = budget.repeats {
            over.extend(self.repeated(within));
        }
        if budget.full_pages {
            over.extend(self.in_small_pages());
        }
        if let Some(most) = budget.items {
            over.extend(self.item_by_item(most));
        }
        over
    }

    fn too_many(&self, budget: &Budget) -> Vec<Excess> {
        let all: usize = self.operations.values().sum();
        let total = budget
            .total
            .map(|allowed| ("all requests".to_owned(), all, allowed));
        let each = budget.operations.iter().map(|(operation, allowed)| {
            let count = self.operations.get(operation).copied().unwrap_or_default();
            (operation.clone(), count, *allowed)
        });
        total
            .into_iter()
            .chain(each)
            .filter(|(_, count, allowed)| count > allowed)
            .map(|(request, count, allowed)| Excess {
                kind: ExcessKind::TooMany,
                tenant: None,
                request,
                count,
                allowed,
            })
            .collect()
    }

    fn repeated(&self, within: Duration) -> Vec<Excess> {
        let within = SignedDuration::try_from(within).unwrap_or(SignedDuration::MAX);
        let repeats = |tally: &Tally| tally.gaps.iter().filter(|gap| **gap < within).count();
        self.addresses
            .iter()
            .map(|((tenant, address), tally)| (tenant, address, repeats(tally)))
            .filter(|(.., repeats)| *repeats > 0)
            .map(|(tenant, address, repeats)| Excess {
                kind: ExcessKind::Repeated,
                tenant: *tenant,
                request: address.clone(),
                count: repeats + 1,
                allowed: 1,
            })
            .collect()
    }

    fn in_small_pages(&self) -> Vec<Excess> {
        let mut lists: BTreeMap<(Option<TenantId>, &str), usize> = BTreeMap::new();
        for ((tenant, _), tally) in self.addresses.iter().filter(|(_, tally)| tally.small_page) {
            *lists.entry((*tenant, &tally.path)).or_default() += tally.count;
        }
        let excess = |((tenant, path), count): ((Option<TenantId>, &str), usize)| Excess {
            kind: ExcessKind::SmallPages,
            tenant,
            request: format!("GET {path}"),
            count,
            allowed: 0,
        };
        lists.into_iter().map(excess).collect()
    }

    fn item_by_item(&self, most: usize) -> Vec<Excess> {
        let mut items: BTreeMap<(Option<TenantId>, &str), BTreeSet<&str>> = BTreeMap::new();
        for ((tenant, _), tally) in &self.addresses {
            if has_list(&tally.operation) {
                let paths = items.entry((*tenant, &tally.operation)).or_default();
                paths.insert(&tally.path);
            }
        }
        items
            .into_iter()
            .filter(|(_, paths)| paths.len() > most)
            .map(|((tenant, operation), paths)| Excess {
                kind: ExcessKind::ItemByItem,
                tenant,
                request: operation.to_owned(),
                count: paths.len(),
                allowed: most,
            })
            .collect()
    }
}

fn address(asked: &Asked) -> String {
    let query: Vec<String> = asked
        .query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{mark}{}", named(asked), query.join("&"))
}

/// Objects that lists hold, by themselves or with what belongs to each.
fn has_list(operation: &str) -> bool {
    let collections = ["users", "groups", "devices", "servicePrincipals", "customers"];
    let mut path = operation.strip_prefix("GET ").unwrap_or_default().split('/');
    path.next().is_some_and(|first| collections.contains(&first)) && path.next() == Some("{id}")
}

/// Whether it is a later page of a list that gives larger ones.
fn is_small_page(asked: &Asked) -> bool {
    let path = asked.segments();
    let with_activity = asked
        .option("$select")
        .is_some_and(|names| names.contains("signInActivity"));
    let largest = match path.as_slice() {
        ["users"] if with_activity => 500,
        ["users" | "groups" | "devices"]
        | [
            _,
            _,
            "members" | "transitiveMembers" | "memberOf" | "transitiveMemberOf",
            ..,
        ] => 999,
        ["auditLogs", _] => 1_000,
        ["tenantRelationships", "delegatedAdminRelationships"] => 300,
        _ => return false,
    };
    let top = asked.option("$top").and_then(|top| top.parse::<u64>().ok());
    asked.family == Family::Graph
        && asked.option("$skiptoken").is_some()
        && top.is_none_or(|top| top < largest)
}
