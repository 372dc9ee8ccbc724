//! A store that forgets everything with the process.

mod directory;
mod find;
mod plans;
mod records;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::{AUDIT_KEY, Sealed, TenantId, VAULT_SALT};
pub(crate) use plans::follows;
use uuid::Uuid;

use crate::{
    DecisionRow, Error, IntentRecord, JournalRecord, LogFate, MatchKind, MatchRow, OddRow, PlanRecord,
    Resource, Result, Rows, RunRecord, StreamState, TenantFilter, TenantRecord, TenantState, TenantStore,
};

/// Remembers in memory; for tests, previews and programs that start afresh each time.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tenants: BTreeMap<TenantId, TenantRecord>,
    /// In the order in which they were first listed, those of one listing by id.
    listed: Vec<TenantId>,
    /// By technician, the last one first.
    viewed: BTreeMap<String, Vec<(TenantId, String)>>,
    streams: BTreeMap<(TenantId, Resource), StreamState>,
    tables: BTreeMap<(TenantId, Resource), BTreeMap<String, Entry>>,
    odd: Vec<Odd>,
    matches: BTreeMap<MatchKind, Vec<MatchRow>>,
    decisions: BTreeMap<(MatchKind, String, Option<String>), DecisionRow>,
    runs: Vec<RunRecord>,
    meta: BTreeMap<String, String>,
    sealed: BTreeMap<String, Record>,
    plans: BTreeMap<Uuid, PlanRecord>,
    intents: BTreeMap<(Uuid, u32), IntentRecord>,
    /// Who holds what, and until when.
    leases: BTreeMap<String, (String, Timestamp)>,
    journal: Vec<JournalRecord>,
}

/// A sealed record of some name. Its version outlives its removal.
#[derive(Default)]
struct Record {
    sealed: Option<Sealed>,
    version: u64,
}

/// One row, and the generation that last saw it.
struct Entry {
    row: Rows,
    generation: i64,
}

struct Odd {
    tenant: TenantId,
    stream: Resource,
    generation: i64,
    row: OddRow,
}

impl MemoryStore {
    /// A store that knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// No method leaves the state half changed, so one that a panic left behind can be used.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryStore")
    }
}

impl State {
    fn known(&mut self, id: &TenantId) -> Result<&mut TenantRecord> {
        self.tenants
            .get_mut(id)
            .ok_or(Error::UnknownTenant { tenant: *id })
    }
}

#[async_trait]
impl TenantStore for MemoryStore {
    async fn upsert_tenants(&self, listed: &[TenantRecord]) -> Result<()> {
        let mut state = self.state();
        let mut listed: Vec<_> = listed.iter().collect();
        listed.sort_by_key(|tenant| tenant.id);
        for new in listed {
            if !state.tenants.contains_key(&new.id) {
                state.listed.push(new.id);
            }
            let known = state.tenants.entry(new.id).or_insert_with(|| TenantRecord {
                epoch: 0,
                ..new.clone()
            });
            known.name.clone_from(&new.name);
            known.default_domain.clone_from(&new.default_domain);
            known.initial_domain.clone_from(&new.initial_domain);
            known.kind = new.kind;
            known.in_partner_center = new.in_partner_center;
            known.in_gdap = new.in_gdap;
            known.listed_at = new.listed_at;
        }
        Ok(())
    }

    async fn tenants(&self, filter: &TenantFilter) -> Result<Vec<TenantRecord>> {
        let state = self.state();
        let mut found: Vec<_> = state
            .tenants
            .values()
            .filter(|tenant| filter.accepts(tenant))
            .cloned()
            .collect();
        found.sort_by_cached_key(TenantRecord::order);
        Ok(found)
    }

    async fn tenant(&self, id: &TenantId) -> Result<Option<TenantRecord>> {
        Ok(self.state().tenants.get(id).cloned())
    }

    async fn set_selected(&self, ids: &[TenantId], selected: bool) -> Result<()> {
        let mut state = self.state();
        for id in ids {
            state.known(id)?;
        }
        for id in ids {
            state.known(id)?.selected = selected;
        }
        Ok(())
    }

    async fn set_state(&self, id: &TenantId, new: &TenantState) -> Result<()> {
        let mut state = self.state();
        if let Some(epoch) = new.epoch {
            state.fence(id, epoch)?;
        }
        let known = state.known(id)?;
        known.status = new.status;
        known.reason.clone_from(&new.reason);
        known.remedy.clone_from(&new.remedy);
        known.findings.clone_from(&new.findings);
        known.synced_at = new.synced_at.or(known.synced_at);
        Ok(())
    }

    async fn new_epoch(&self, id: &TenantId) -> Result<i64> {
        let mut state = self.state();
        let known = state.known(id)?;
        known.epoch += 1;
        Ok(known.epoch)
    }

    async fn wipe(&self, log: LogFate) -> Result<()> {
        let mut state = self.state();
        let mut before = std::mem::take(&mut *state);
        if log == LogFate::Keep {
            before.meta.retain(|name, _| name == VAULT_SALT);
            before.sealed.retain(|name, _| name == AUDIT_KEY);
            (state.meta, state.sealed) = (before.meta, before.sealed);
            state.journal = before.journal;
        }
        Ok(())
    }
}
