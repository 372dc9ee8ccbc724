//! Replication: what was written is not read everywhere at once. A read is answered from the rows as they were until
//! the change has arrived; writes see the present.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use msp365_core::TenantId;

use super::{
    chance::Dice,
    model::{Row, Table, Tenant, World},
};

/// The version of all first rows.
const FIRST: u64 = 1;

/// What of a tenant's changes has not arrived yet.
#[derive(Debug, Default)]
pub(crate) struct Replicas {
    /// By table and id: the row as it was. While a read is answered it holds the present one.
    rows: BTreeMap<(usize, String), Late<Option<Row>>>,
    /// By group and member: whether it was none, and since when.
    edges: BTreeMap<(String, String), Late<(bool, u64)>>,
    /// The version before all of these.
    before: Option<u64>,
}

/// Something that arrives at its moment.
#[derive(Debug)]
struct Late<T> {
    until: Timestamp,
    version: u64,
    was: T,
}

impl World {
    /// Makes a change of a tenant, and keeps reads from seeing it for a while.
    pub(crate) fn spread<T>(
        &mut self,
        tenant: TenantId,
        now: Timestamp,
        change: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let longest = self.journal.agenda.replication_takes;
        let known = self.tenant_mut(tenant).filter(|_| longest > SignedDuration::ZERO);
        let Some(target) = known else {
            return change(self);
        };
        target.tables().into_iter().for_each(Table::watch);
        let before = self.version;
        let done = change(self);
        let dice = Dice::new(self.seed, &format!("replication {before}"));
        let longest = i64::try_from(longest.as_millis()).unwrap_or(i64::MAX);
        let span = SignedDuration::from_millis(dice.days(longest / 2, longest));
        let until = now.checked_add(span).unwrap_or(Timestamp::MAX);
        if let Some(target) = self.tenant_mut(tenant) {
            target.hide(before, until);
        }
        done
    }

    /// Answers a read of a tenant from what has arrived there.
    pub(crate) fn as_arrived<T>(
        &mut self,
        tenant: TenantId,
        now: Timestamp,
        read: impl FnOnce(&Self) -> T,
    ) -> T {
        let is_behind = self.tenant_mut(tenant).is_some_and(|target| {
            target.replicas.arrive(now);
            let is_behind = !target.replicas.is_empty();
            if is_behind {
                target.turn_back();
            }
            is_behind
        });
        let answer = read(self);
        if let Some(target) = self.tenant_mut(tenant).filter(|_| is_behind) {
            target.turn_back();
        }
        answer
    }

    /// The version up to which a tenant's changes have all arrived.
    pub(crate) fn arrived(&self, tenant: &Tenant) -> u64 {
        tenant.replicas.before.unwrap_or(self.version)
    }
}

impl Tenant {
    /// Keeps the changes since a version back.
    fn hide(&mut self, before: u64, until: Timestamp) {
        let mut changed = Vec::new();
        for (place, table) in self.tables().into_iter().enumerate() {
            for (id, was) in table.seen() {
                let version = table.rows.get(&id).map_or(0, |row| row.version);
                if version > before {
                    changed.push(((place, id), Late { until, version, was }));
                }
            }
        }
        for (key, late) in changed {
            keep(&mut self.replicas.rows, key, late);
        }
        for (group, members) in &self.members {
            for (member, edge) in members.iter().filter(|(_, edge)| edge.version > before) {
                let late = Late {
                    until,
                    version: edge.version,
                    was: (!edge.removed, FIRST),
                };
                keep(&mut self.replicas.edges, (group.clone(), member.clone()), late);
            }
        }
        self.replicas.note();
    }

    /// Changes what is and what was. Twice, it is as before.
    fn turn_back(&mut self) {
        let mut replicas = std::mem::take(&mut self.replicas);
        for ((place, id), late) in &mut replicas.rows {
            if let Some(table) = self.tables().into_iter().nth(*place) {
                let shown = late.was.take();
                late.was = table.rows.remove(id);
                if let Some(row) = shown {
                    table.rows.insert(id.clone(), row);
                }
                table.touched.set(true);
            }
        }
        for ((group, member), late) in &mut replicas.edges {
            let edges = self.members.get_mut(group);
            if let Some(edge) = edges.and_then(|edges| edges.get_mut(member)) {
                let shown = std::mem::replace(&mut late.was, (edge.removed, edge.version));
                (edge.removed, edge.version) = shown;
            }
        }
        self.replicas = replicas;
    }
}

impl Table {
    /// From here on, keeps what changes as it was.
    fn watch(&mut self) {
        self.met = Some(BTreeMap::new());
    }

    /// The rows that were to be changed since, as they were.
    fn seen(&mut self) -> BTreeMap<String, Option<Row>> {
        self.met.take().unwrap_or_default()
    }

    /// Notes that a row is about to change.
    pub(super) fn meet(&mut self, id: &str) {
        if let Some(met) = self.met.as_mut().filter(|met| !met.contains_key(id)) {
            met.insert(id.to_owned(), self.rows.get(id).map(Row::copy));
        }
    }
}

impl Row {
    fn copy(&self) -> Self {
        Self {
            json: self.json.copy(),
            version: self.version,
            removed: self.removed,
        }
    }
}

/// Something that changed again while it was on its way shows what it was at first, until all has arrived.
fn keep<K: Ord, T>(all: &mut BTreeMap<K, Late<T>>, key: K, late: Late<T>) {
    match all.get_mut(&key) {
        Some(known) => known.until = known.until.max(late.until),
        None => {
            all.insert(key, late);
        }
    }
}

impl Replicas {
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.edges.is_empty()
    }

    /// Forgets what has arrived.
    fn arrive(&mut self, now: Timestamp) {
        if !self.is_empty() {
            self.rows.retain(|_, late| now < late.until);
            self.edges.retain(|_, late| now < late.until);
            self.note();
        }
    }

    fn note(&mut self) {
        let rows = self.rows.values().map(|late| late.version);
        let first = rows.chain(self.edges.values().map(|late| late.version)).min();
        self.before = first.map(|first| first.saturating_sub(1));
    }
}
